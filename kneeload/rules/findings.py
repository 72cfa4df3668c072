"""The frame of flags that every rule hands back, and the questions they ask of weeks and runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kneeload import formatting
from kneeload.calendar import day_numbers, first_days, week_labels
from kneeload.weeks import week_rows

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    import numpy.typing as npt

    from kneeload.arrays import Bools, Floats, Ints
    from kneeload.settings import Settings

    Dates = npt.NDArray[np.datetime64]
    Cells = npt.NDArray[Any] | pd.Series | list[str] | str | float | bool


def week_flags(rule: str, weeks: pd.DataFrame, **columns: Cells) -> pd.DataFrame:
    """Return one flag of `rule` for each row of `weeks`; dated its last day unless told."""
    columns = {"date": last_days(weeks), **columns}
    return _flags(rule, weeks, flag_id=weeks["week"] + f"-{rule}", week=weeks["week"], **columns)


def run_flags(rule: str, runs: pd.DataFrame, settings: Settings, **columns: Cells) -> pd.DataFrame:
    """Return one flag of `rule` for each row of `runs`, dated the run's local date."""
    return day_flags(
        rule, runs, settings, flag_id=f"{rule}-" + runs["run_id"], run_id=runs["run_id"], **columns
    )


def day_flags(rule: str, days: pd.DataFrame, settings: Settings, **columns: Cells) -> pd.DataFrame:
    """Return one flag of `rule` for each row of `days`, dated its ``local_date``."""
    week = week_labels(first_days(day_numbers(days["local_date"]), settings.week_start))
    return _flags(rule, days, week=week, date=days["local_date"], **columns)


def _flags(rule: str, source: pd.DataFrame, **columns: Cells) -> pd.DataFrame:
    """Return the cells as columns; of a Series the values count, whatever its index."""
    runner = {name: source[name] for name in runner_column(source)}
    blank: dict[str, Cells] = {"unit": "", "run_id": "", "missing": "", "acknowledged": False}
    cells = {**runner, **blank, "rule": rule, **columns}
    arrays = {name: v.array if isinstance(v, pd.Series) else v for name, v in cells.items()}
    return pd.DataFrame(arrays, index=range(len(source)))


def runner_column(frame: pd.DataFrame) -> list[str]:
    """Return the name of the column that tells runners apart, where `frame` has it."""
    return ["runner"] if "runner" in frame else []


def last_days(weeks: pd.DataFrame) -> Dates:
    """Return the last day of each week."""
    starts: Dates = weeks["week_start"].to_numpy()
    return starts + np.timedelta64(6, "D")


def crossing_days(weeks: pd.DataFrame, runs: pd.DataFrame, column: str, least: Floats) -> Dates:
    """Return the local date of the run with which a week's sum of `column` reached `least`.

    Where no run did (weeks without their runs), the week's last day.
    """
    row = week_rows(weeks, runs)
    total = runs[column].fillna(0).groupby(row).cumsum().round(2)
    crossed = np.flatnonzero((row >= 0) & (total.to_numpy() >= least[row]))
    # Runs are by start, so the first index of a week is the run with which it crossed.
    week, first = np.unique(row[crossed], return_index=True)
    days = last_days(weeks)
    days[week] = runs["local_date"].to_numpy()[crossed[first]]
    return days


def graded(value: Floats, *, warn: Floats | float, alert: Floats | float) -> npt.NDArray[Any]:
    """Return note, warn or alert by which limit `value` exceeds."""
    return np.select([value > alert, value > warn], ["alert", "warn"], "note")


def in_a_row(member: Bools, head: Bools) -> Ints:
    """Return how many rows up to each one are members without a break; `head` starts anew."""
    place = np.arange(len(member))
    # The newest barrier so far is just before the row's unbroken run, so the distance counts it.
    barrier = np.where(member, np.where(head, place - 1, -1), place)
    return np.where(member, place - np.maximum.accumulate(barrier), 0)


def range_max(values: Floats, low: Ints, high: Ints) -> Floats:
    """Return the maximum of ``values[low:high]`` for each pair, -inf where it is empty."""
    width = high - low
    best = np.full(len(low), -np.inf)
    # `block[i]` is the largest of the `power` values from i; two such blocks, overlapping, cover
    # every range less than twice as wide.
    power, block = 1, values
    while power <= width.max(initial=0):
        fits = (width >= power) & (width < 2 * power)
        best[fits] = np.maximum(block[low[fits]], block[high[fits] - power])
        block = np.maximum(block[:-power], block[power:])
        power *= 2
    return best


def days_in_words(dates: pd.Series, today: dt.date | None = None) -> list[str]:
    """Return dates as ``14 March``, or with the year where it is another than that of `today`.

    A rule knows no `today`: its dates bear their year, and `kneeload.rules.check` takes the
    current one out of the messages.
    """
    days: list[dt.date] = dates.to_numpy("datetime64[D]").tolist()
    return [formatting.day(day, today) if today else formatting.day_and_year(day) for day in days]


def weeks_in_words(first_days: pd.Series) -> list[str]:
    """Return weeks by their first day as ``the week of 9 March``."""
    return [f"the week of {day}" for day in days_in_words(first_days)]


def distances(km: Iterable[float], settings: Settings) -> list[str]:
    """Return distances [km] in the runner's units."""
    return [formatting.distance(distance, settings.units) for distance in km]


def knee_in_words(knee: str) -> str:
    """Return how a sentence begins that speaks of `knee`."""
    return "The knee" if knee == "unsure" else f"The {knee} knee"


def messages(template: str, **columns: Iterable[object]) -> list[str]:
    """Return `template` filled in once for each row of `columns`."""
    rows = zip(*columns.values(), strict=True)
    return [template.format(**dict(zip(columns, row, strict=True))) for row in rows]
