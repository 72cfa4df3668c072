"""Weeks, days and their labels: date arithmetic, and which rows are whose."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kneeload.errors import EntryError

if TYPE_CHECKING:
    import numpy.typing as npt

    from kneeload.arrays import Bools, Ints
    from kneeload.settings import WeekStart

    Columns = dict[str, npt.NDArray[Any]]

EPS = 1e-7
"""Distances are compared at 0.01 km; this absorbs what floating point adds to a product."""

_WEEK = 7
_APART = 1 << 32
_FOURTH_DAY = 3
_MONDAY_OF_DAY_ZERO, _SUNDAY_OF_DAY_ZERO = 3, 4  # 1 January 1970 was a Thursday


def week_label(first_day: dt.date) -> str:
    """Return ``YYYY-Www`` for the week that begins on `first_day`: its fourth day's ISO week."""
    year, week, _ = (first_day + dt.timedelta(days=_FOURTH_DAY)).isocalendar()
    return f"{year:04d}-W{week:02d}"


def first_day_of(date: dt.date, week_start: WeekStart = "monday") -> dt.date:
    """Return the first day of the week that holds `date`."""
    skip = date.weekday() if week_start == "monday" else date.isoweekday() % _WEEK
    return date - dt.timedelta(days=skip)


def week_of(date: dt.date, week_start: WeekStart = "monday") -> str:
    """Return the label of the week that holds `date`."""
    return week_label(first_day_of(date, week_start))


def parse_week(label: str, week_start: WeekStart = "monday") -> dt.date:
    """Return the first day of the week that `label` names.

    Raises
    ------
    EntryError
        If `label` is not a week like ``2026-W07``.
    """
    match = re.fullmatch(r"(\d{4})-?W(\d{2})", label.strip(), re.ASCII)
    try:
        year, week = (int(part) for part in match.groups()) if match else (0, 0)
        monday = dt.date.fromisocalendar(year, week, 1)
    except ValueError:
        raise EntryError(f"a week looks like 2026-W07, not {label!r}") from None
    return monday - dt.timedelta(days=week_start == "sunday")


def group_starts(values: npt.NDArray[Any]) -> Bools:
    """Whether a value is another than the one before it, as the first is."""
    changed = np.ones(len(values), dtype=np.bool_)
    changed[1:] = values[1:] != values[:-1]
    return changed


def runner_codes(frame: pd.DataFrame) -> Ints:
    """Return a number per row that tells the runners apart, in their order."""
    if "runner" not in frame:
        return np.zeros(len(frame), dtype=np.int64)
    return np.asarray(pd.factorize(frame["runner"], sort=True)[0], dtype=np.int64)


def key_of(who: Ints, number: Ints) -> Ints:
    """Return numbers that order runners (or knees), and the days or runs of each.

    Two runners lie further apart than days or runs reach.
    """
    return who * _APART + number


def day_number(date: dt.date) -> int:
    """Return days since 1970-01-01."""
    return (date - dt.date(1970, 1, 1)).days


def date_of(number: int) -> dt.date:
    """Return the date of a day number."""
    return dt.date(1970, 1, 1) + dt.timedelta(days=number)


def day_numbers(dates: pd.Series) -> Ints:
    """Return days since 1970-01-01."""
    return dates.to_numpy("datetime64[D]").astype(np.int64)


def run_keys(runs: pd.DataFrame) -> Ints:
    """Return numbers that order runs by runner and day, as they are ordered by their start.

    Somebody who flew west may have an earlier date after a later one, which then counts as that.
    """
    keys = key_of(runner_codes(runs), day_numbers(runs["local_date"]))
    return np.asarray(np.maximum.accumulate(keys), dtype=np.int64)


def dates(days: Ints) -> npt.NDArray[np.datetime64]:
    """Return the dates of days since 1970-01-01, as frames hold them."""
    return days.astype("datetime64[D]").astype("datetime64[us]")


def first_days(days: Ints, week_start: WeekStart) -> Ints:
    """Return the day number on which the week of each day begins."""
    shift = _MONDAY_OF_DAY_ZERO if week_start == "monday" else _SUNDAY_OF_DAY_ZERO
    return days - (days + shift) % _WEEK


def week_labels(starts: Ints) -> list[str]:
    """Return the labels of the weeks that begin on these day numbers."""
    distinct, place = np.unique(starts, return_inverse=True)
    names = [week_label(day) for day in distinct.astype("datetime64[D]").tolist()]
    return [names[i] for i in place.tolist()]
