"""Weeks, years and runs: the reports' own pages, in our frame and under their own names."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar, cast

from flask import Blueprint, Response, abort, g, redirect

from kneeload import reports
from kneeload.analysis import analyse_log
from kneeload.reports import all_weeks, years
from kneeload.reports.all_weeks import Archive
from kneeload.reports.api import explain_analysis
from kneeload.reports.folder import Folder, folder
from kneeload.reports.render import html
from kneeload.reports.run_pages import build_run_page
from kneeload.serve.pages.review import base_name
from kneeload.serve.rendering import environment
from kneeload.serve.visits import the_serving, visit

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator

    from kneeload.analysis import Analysis
    from kneeload.log.training_log import TrainingLog
    from kneeload.reports import Report
    from kneeload.reports.all_weeks import WeekLine, WeekPage
    from kneeload.reports.run_pages import RunPlace
    from kneeload.serve.serving import Serving

    P = TypeVar("P", WeekPage, RunPlace, years.YearPlace)

pages = Blueprint("weeks", __name__)


@pages.get("/")
def this_week() -> str:
    """Show the newest week that has a run or a score."""
    serving = the_serving()
    with serving.look() as log:
        report = newest_week(serving, log)
        site = _folder(serving, log, serving.today(log.settings))
    return html.render(report, site.weeks[-1] if site else None, environment)


@pages.get("/weeks/<label>.html")
def week(label: str) -> str:
    """Show a past week as it stood when it was over, between the weeks beside it."""
    with _site() as (serving, _, site):
        place = _page_of(f"weeks/{label}.html", site.weeks)
        report = _cached_past_week(serving, site, place)
    return html.render(report, place, environment)


@pages.get("/<label>.html")
def redirect_to_week(label: str) -> Response:
    """Follow the newest week's links to the weeks beside it, which are relative."""
    return cast("Response", redirect(f"/weeks/{label}.html", 303))


@pages.get("/index.html")
def index() -> str:
    """List the years."""
    with _site() as (_, _, site):
        return html.render_index(years.index(site.calendars, ""), environment)


@pages.get("/years/<int:number>.html")
def year(number: int) -> str:
    """Show the calendar of a year, with its months and weeks."""
    with _site() as (serving, log, site):
        place = _page_of(f"years/{number}.html", site.years)
        lines = _lines(serving, log, site)
        drawn = ("year", number, site.archive.today, visit().may_edit)
        page = years.year_page(place, site.calendars, lines)
        return serving.memo.get(drawn, lambda: html.render_year(page, environment))


@pages.get("/runs/<run_id>.html")
def run(run_id: str) -> str:
    """Show a run along its way, its splits and its sources; no map."""
    with _site() as (serving, log, site):
        place = _page_of(f"runs/{run_id}.html", site.runs)
        drawn = ("run", run_id, site.archive.today)
        page = serving.memo.get(drawn, lambda: build_run_page(log, place))
        g.more = {"run_id": run_id, **_sources(log, run_id)}
    return html.render_run(page, place, environment)


def newest_week(serving: Serving, log: TrainingLog) -> Report:
    """Return the newest week's report, made where the log has changed since."""
    name = ("week", "", serving.today(log.settings))
    return serving.memo.get(name, lambda: _newest_report(_analysis(serving, log)))


def _newest_report(analysis: Analysis) -> Report:
    return reports.build(analysis, explanation=explain_analysis(analysis))


def _analysis(serving: Serving, log: TrainingLog) -> Analysis:
    """Return what the log adds up to today, for the newest week and for the lists of weeks."""
    today = serving.today(log.settings)
    return serving.memo.get(("analysis", today), lambda: analyse_log(log, today=today))


def make_ready(serving: Serving, log: TrainingLog) -> None:
    """Make what is looked at next: the newest week, the one before, and the lists of years."""
    newest_week(serving, log)
    site = _folder(serving, log, serving.today(log.settings))
    if site:
        _lines(serving, log, site)
        for place in site.weeks[-2:-1]:
            _cached_past_week(serving, site, place)


def _cached_past_week(serving: Serving, site: Folder, place: WeekPage) -> Report:
    name = ("week", place.label, site.archive.today)
    return serving.memo.get(name, lambda: all_weeks.week_report(site.archive, place))


def _lines(serving: Serving, log: TrainingLog, site: Folder) -> list[WeekLine]:
    name = ("lines", site.archive.today)
    return serving.memo.get(name, lambda: all_weeks.week_lines(_analysis(serving, log), site.weeks))


def _folder(serving: Serving, log: TrainingLog, today: dt.date) -> Folder | None:
    """Return every page that the log makes, none of them made yet."""
    return serving.memo.get(("folder", today), lambda: folder(Archive.of(log, today), log.path))


@contextmanager
def _site() -> Iterator[tuple[Serving, TrainingLog, Folder]]:
    """Look at the log and the pages that follow from it; a log without a run or score has none."""
    serving = the_serving()
    with serving.look() as log:
        site = _folder(serving, log, serving.today(log.settings))
        if site is None:
            abort(404)
        yield serving, log, site


def _page_of(file: str, places: Iterable[P]) -> P:
    """Return the page of that name, where there is one."""
    for place in places:
        if place.file == file:
            return place
    abort(404)
    return None


def _sources(log: TrainingLog, run_id: str) -> dict[str, object]:
    """Return a run's source by its own name, and why its other recordings are thought so."""
    runs, duplicates = log.activities(), log.duplicates()
    source = runs.loc[runs["run_id"] == run_id, "source"].iloc[0]
    reasons = duplicates.loc[duplicates["of"] == run_id, "reason"].tolist()
    return {"source": base_name(source), "copies": reasons}
