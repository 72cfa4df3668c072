"""The years of a log day by day: the numbers behind their calendars; nothing is drawn here."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kneeload.formatting import Units

PERCENTILE = 95


@dataclass(frozen=True, kw_only=True)
class Day:
    """What was run on a day [km], and its worst score, None where none was written."""

    date: dt.date
    km: float
    worst: int | None


@dataclass(frozen=True, kw_only=True)
class MonthSum:
    """A month's distance [km], days with a run, and worst score, None without any."""

    first: dt.date
    km: float
    run_days: int
    worst: int | None


@dataclass(frozen=True, kw_only=True)
class Year:
    """The days of a year up to today, and the kilometres at which its colours are cut.

    Parameters
    ----------
    top_km
        The 95th percentile of the log's days with a run [km].
    """

    year: int
    days: tuple[Day, ...]
    top_km: float
    units: Units = "km"

    @property
    def km(self) -> float:
        """The year's distance [km]."""
        return sum(day.km for day in self.days)

    @property
    def months(self) -> tuple[MonthSum, ...]:
        """The months that have begun."""
        numbers = sorted({day.date.month for day in self.days})
        return tuple(self._month([d for d in self.days if d.date.month == n]) for n in numbers)

    def _month(self, days: list[Day]) -> MonthSum:
        return MonthSum(
            first=days[0].date.replace(day=1),
            km=sum(day.km for day in days),
            run_days=sum(day.km > 0 for day in days),
            worst=worst_of(days),
        )


def worst_of(days: Sequence[Day]) -> int | None:
    """Return the highest score of the days; None where none is scored."""
    return max((day.worst for day in days if day.worst is not None), default=None)


def every_day(runs: pd.DataFrame, pain: pd.DataFrame, first: dt.date, last: dt.date) -> list[Day]:
    """Return the days from `first` to `last`, both included, of runs that count and of scores."""
    dates = pd.date_range(first, last, unit="us")
    km = runs.groupby("local_date")["distance_km"].sum().reindex(dates, fill_value=0.0)
    worst = pain.groupby("local_date")["score"].max().reindex(dates)
    return [
        Day(date=date.date(), km=day_km, worst=None if np.isnan(score) else int(score))
        for date, day_km, score in zip(dates, km.tolist(), worst.tolist(), strict=True)
    ]


def years(runs: pd.DataFrame, pain: pd.DataFrame, today: dt.date, units: Units) -> tuple[Year, ...]:
    """Return every year from the first run or score to `today`, the oldest first.

    Parameters
    ----------
    runs
        The runs that count.
    pain
        All scores.
    """
    dates = pd.concat([runs["local_date"], pain["local_date"]]).dropna()
    dates = dates[dates <= pd.Timestamp(today)]
    if dates.empty:
        return ()
    first_year = dates.min().year
    days = every_day(runs, pain, dt.date(first_year, 1, 1), today)
    km = [day.km for day in days if day.km > 0]
    top = float(np.percentile(km, PERCENTILE)) if km else 1.0
    numbers = range(first_year, today.year + 1)
    by_year = ((n, tuple(day for day in days if day.date.year == n)) for n in numbers)
    return tuple(Year(year=n, days=days, top_km=top, units=units) for n, days in by_year)
