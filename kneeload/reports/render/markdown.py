"""The Report as Markdown: the same words, tables instead of charts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kneeload import formatting
from kneeload.reports.notices import ASSOCIATION
from kneeload.reports.render.html import environment
from kneeload.rules.red_flags import NOT_A_DIAGNOSIS

if TYPE_CHECKING:
    from kneeload.reports.model import Report

_SPECIAL = re.compile(r"([\\`*_\[\]<>|#])")


def render(report: Report) -> str:
    """Return `report` as Markdown that ends in a newline; names and notes stay plain text."""
    pages = environment(report.units, report.today.year)
    markdown = pages.overlay(autoescape=False, finalize=None)
    plain_text = {"plain": _plain, "day_and_year": formatting.day_and_year}
    markdown.filters = pages.filters | plain_text
    page = markdown.get_template("report.md")
    return page.render(report=report, not_a_diagnosis=NOT_A_DIAGNOSIS, association=ASSOCIATION)


def _plain(text: str) -> str:
    """Return `text` so that nothing in it is markup."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
