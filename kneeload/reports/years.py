"""The years of a log: the list that a phone can hold, and a page for each with its calendar."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kneeload import formatting
from kneeload.charts.year_days import MonthSum, worst_of, years
from kneeload.reports.all_weeks import digest

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from kneeload.charts.year_days import Year
    from kneeload.formatting import Units
    from kneeload.reports.all_weeks import WeekLine, WeekPage
    from kneeload.reports.model import Drawing


@dataclass(frozen=True, kw_only=True)
class YearLine:
    """One year of the list: its sums, and a bar for each month [km], the months to come None."""

    year: int
    file: str
    load: str
    knee: str
    months: tuple[float | None, ...]


@dataclass(frozen=True, kw_only=True)
class YearPlace:
    """A year's page among the others: the years beside it, None at an end, and its own digest."""

    year: int
    before: int | None
    after: int | None
    digest: str

    @property
    def file(self) -> str:
        """The page's name in the folder of all."""
        return f"years/{self.year}.html"


@dataclass(frozen=True, kw_only=True)
class YearPage:
    """One year: its calendar beside that of the year before, its months and its weeks.

    Parameters
    ----------
    before, after
        The years beside it, None at an end.
    scale_km
        The 95th percentile of the days with a run [km]: where the bars of days are cut.
    weeks
        The weeks that begin in it, the newest first.
    """

    place: YearPlace
    units: Units
    title: str
    scale_km: float
    calendars: tuple[Year, ...]
    months: tuple[MonthSum, ...]
    weeks: tuple[WeekLine, ...]

    def drawings(self) -> tuple[Drawing, ...]:
        """Return the calendars, drawn."""
        from kneeload.charts.year_calendar import picture
        from kneeload.reports.drawings import drawing

        return tuple(drawing(picture(year), half=True) for year in self.calendars)


@dataclass(frozen=True, kw_only=True)
class Index:
    """The list of all years, the newest first; `most_km` is the largest month [km]."""

    digest: str
    units: Units
    lines: tuple[YearLine, ...]
    most_km: float


def calendars(runs: pd.DataFrame, pain: pd.DataFrame, today: dt.date, units: Units) -> list[Year]:
    """Return the years of the runs that count, and of the scores, up to `today`."""
    return list(years(runs[~runs["suspect"]], pain, today, units))


def year_places(every_year: Sequence[Year], weeks: Sequence[WeekPage]) -> list[YearPlace]:
    """Return each year with what its page rests on: all that was in the log at its last week's end.

    The kilometres at which colours and bars are cut are those of the whole log, and count as
    changed by whole kilometres, so that a new run does not make every year anew.
    """
    numbers = [None, *(year.year for year in every_year), None]
    return [
        YearPlace(
            year=year.year,
            before=numbers[n],
            after=numbers[n + 2],
            digest=_digest(year, weeks, numbers[n], numbers[n + 2]),
        )
        for n, year in enumerate(every_year)
    ]


def _digest(year: Year, weeks: Sequence[WeekPage], before: int | None, after: int | None) -> str:
    end = dt.date(year.year, 12, 31)
    last = next((week for week in weeks if week.last >= end), weeks[-1])
    return digest(last.digest, before, after, round(year.top_km))


def index(every_year: Sequence[Year], digest: str) -> Index:
    """Return the list of the years, the newest first."""
    months = [month.km for year in every_year for month in year.months]
    return Index(
        digest=digest,
        units=every_year[0].units,
        lines=tuple(_line(year) for year in reversed(every_year)),
        most_km=max(months, default=0.0),
    )


def _line(year: Year) -> YearLine:
    km = [month.km for month in year.months]
    return YearLine(
        year=year.year,
        file=f"years/{year.year}.html",
        load=formatting.distance(year.km, year.units) if year.km else "no runs",
        knee=_felt(year),
        months=(*km, *[None] * (12 - len(km))),
    )


def _felt(year: Year) -> str:
    worst = worst_of(year.days)
    scored = sum(day.worst is not None for day in year.days)
    if worst is None:
        return "no scores"
    return f"worst score {worst}/10, {formatting.count(scored, 'day')} scored"


def year_page(place: YearPlace, every_year: Sequence[Year], weeks: Sequence[WeekLine]) -> YearPage:
    """Return a year's page.

    Parameters
    ----------
    every_year
        All years.
    weeks
        All weeks, the newest first.
    """
    year, *earlier = (y for y in reversed(every_year) if y.year <= place.year)
    return YearPage(
        place=place,
        units=year.units,
        title=f"{formatting.distance(year.km, year.units)}, {_felt(year)}",
        scale_km=year.top_km,
        calendars=(year, *earlier[:1]),
        months=year.months,
        weeks=tuple(week for week in weeks if week.year == place.year),
    )
