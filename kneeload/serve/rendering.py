"""Pages from the reports' own templates, in our frame: with the menu, without their own policy."""

from __future__ import annotations

from functools import cache
from http import HTTPStatus
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from flask import g
from jinja2 import ChoiceLoader, PackageLoader
from markupsafe import escape

from kneeload.reports.render import html
from kneeload.serve.visits import the_serving, visit

if TYPE_CHECKING:
    from jinja2 import Environment

    from kneeload.formatting import Units
    from kneeload.log.training_log import TrainingLog

_ERRORS = {
    400: "kneeload cannot read this request.",
    403: "This page is only for the browser that opened the address kneeload printed. Open that"
    " address again, or pair the phone again.",
    404: "There is no such page.",
    405: "This address does not take this kind of request.",
    409: "An import is running. Try again when it is done.",
    413: "That is too large.",
    500: "kneeload hit a bug. Nothing was changed. The command line may say more.",
}


@cache
def environment(units: Units, year: int | None = None) -> Environment:
    """Return what renders the reports' templates and ours; of two of one name, ours."""
    reports = html.environment(units, year)
    assert reports.loader  # noqa: S101 - for the type alone
    ours = reports.overlay(loader=ChoiceLoader([PackageLoader("kneeload.serve"), reports.loader]))
    ours.globals = {**reports.globals, "visit": visit, "more": lambda: g.more}
    return ours


def show(template: str, log: TrainingLog, **values: Any) -> str:
    """Return one of our pages, as it is today in the units of the log."""
    units, today = log.settings.units, the_serving().today(log.settings)
    page = environment(units, today.year).get_template(template)
    return page.render(units=units, today=today, **values)


def error_page(code: int, text: str = "") -> str:
    """Return a page that says what went wrong: no path, no value, no link that tells more."""
    message = escape(text[:1].upper() + text[1:] if text else _ERRORS.get(code, _ERRORS[400]))
    title = {422: "Not saved", 403: "Not open"}.get(code) or HTTPStatus(code).phrase
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="icon" href="data:,"></head>'
        f"<body><main><h1>{title}</h1><p>{message}</p></main></body></html>\n"
    )


@cache
def stylesheet() -> str:
    """Return the reports' style, and ours after it."""
    report = files("kneeload.reports").joinpath("templates/report.css")
    return report.read_text(encoding="utf-8") + static("serve.css")


@cache
def static(name: str) -> str:
    """Return one of our own files."""
    return files("kneeload.serve").joinpath(f"static/{name}").read_text(encoding="utf-8")
