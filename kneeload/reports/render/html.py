"""The Report as one self-contained page: no script, no request, everything escaped."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from functools import cache, partial
from typing import TYPE_CHECKING

from jinja2 import BytecodeCache, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from kneeload import formatting
from kneeload.reports.notices import ASSOCIATION
from kneeload.rules.red_flags import NOT_A_DIAGNOSIS

if TYPE_CHECKING:
    from types import CodeType

    from jinja2.bccache import Bucket

    from kneeload.formatting import Units
    from kneeload.reports.all_weeks import WeekPage
    from kneeload.reports.model import Report
    from kneeload.reports.physio_sheet import PhysioReport
    from kneeload.reports.run_pages import RunPage, RunPlace
    from kneeload.reports.years import Index, YearPage

Pages = Callable[["Units", int | None], Environment]
"""Who serves pages puts a frame of its own around them: its templates go before ours."""

# A number and its unit stay on one line.
_UNIT = re.compile(r"(?<=\d) (?=(?:km|mi|m|ft|h|min|%|runs?|weeks?|days?|scores?|times)\b|%)")


def render(report: Report, place: WeekPage | None = None, pages: Pages | None = None) -> str:
    """Return `report` as one HTML page that needs nothing beside it.

    With `place`, it links to the pages of the weeks beside it and to the list of all; with `pages`,
    what serves it puts its own frame around it.
    """
    page = (pages or environment)(report.units, report.today.year).get_template("report.html")
    return page.render(report=report, place=place, nothing_fired=report.nothing_fired)


def render_index(index: Index, pages: Pages | None = None) -> str:
    """Return the list of all years as one HTML page, which links to theirs."""
    page = (pages or environment)(index.units, None).get_template("index.html")
    return page.render(index=index, place=index)


def render_year(year: YearPage, pages: Pages | None = None) -> str:
    """Return a year as one HTML page, which links to its weeks and to the years beside it."""
    page = (pages or environment)(year.units, None).get_template("year.html")
    return page.render(year=year, place=year.place, drawings=year.drawings())


def render_run(run: RunPage, place: RunPlace, pages: Pages | None = None) -> str:
    """Return a run as one HTML page, which links to its week and to the runs beside it."""
    page = (pages or environment)(run.units, None).get_template("run.html")
    return page.render(run=run, place=place)


def render_physio(sheet: PhysioReport) -> str:
    """Return the sheet for a physiotherapist as one HTML page, made to be printed."""
    page = environment(sheet.units, sheet.today.year).get_template("physio.html")
    return page.render(sheet=sheet, nothing_fired=sheet.nothing_fired)


class _Compiled(BytecodeCache):
    """Templates as they were compiled for another year: that takes longer than to fill them."""

    def __init__(self) -> None:
        self._codes: dict[str, CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get(bucket.key)

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code:
            self._codes[bucket.key] = bucket.code


_compiled = cache(lambda _: _Compiled())  # of each unit, which may be in constants of a template


@cache
def environment(units: Units, year: int | None = None) -> Environment:
    """Return what renders a page, with dates that name their year where it is not `year`."""
    today = dt.date(year, 1, 1) if year else None
    environment = Environment(
        loader=PackageLoader("kneeload.reports"),
        bytecode_cache=_compiled(units),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_tied,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals |= {"not_a_diagnosis": NOT_A_DIAGNOSIS, "association": ASSOCIATION}
    environment.filters |= {
        "km": partial(formatting.distance, units=units),
        "height": partial(formatting.height, units=units),
        "pace": partial(formatting.pace, units=units),
        "duration": formatting.duration,
        "number": formatting.number,
        "cell": _cell,
        "grade": formatting.grade,
        "severity": formatting.severity,
        "day": partial(formatting.day, today=today),
        "weekday": partial(formatting.weekday, today=today),
        "month": lambda date: formatting.MONTHS[date.month - 1],
        "long_day": lambda date: f"{formatting.weekday(date)} {date.year}",
        "names": formatting.humanise,
        "sentence": formatting.sentence,
    }
    return environment


def _cell(text: str) -> str:
    """Return what a table's cell holds: nothing where nothing was measured."""
    return "" if text == formatting.MISSING else text


def _tied(value: object) -> object:
    """Put a no-break space between numbers and units; markup stays as it is."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return _UNIT.sub("\u00a0", value)
    return value
