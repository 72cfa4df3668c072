"""A year as a calendar: a row a month, days coloured by kilometres, marked by worst score."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.collections import PolyCollection

from kneeload import formatting
from kneeload.charts import canvas as ground
from kneeload.charts.canvas import COLOURS, Canvas, Picture
from kneeload.charts.legend import Entry, key, key_room

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from kneeload.arrays import Floats
    from kneeload.formatting import Units

PERCENTILE = 95
_LEVELS = ("easy", "moderate", "hard")
_COLUMNS, _CELL = 31, 0.86
_LEFT, _RIGHT, _ROW_WIDE, _ROW_NARROW, _WIDE_PX = 36.0, 62.0, 20.0, 15.0, 500.0
# The lowest score of each mark, its shape and its size; the worst score alone is drawn.
_MARKS = (
    (0, "score 0", "o", False, 3.4),
    (1, "1 to 2", "o", True, 4.6),
    (3, "3 to 5", "D", True, 5.4),
    (6, "6 to 10", "X", True, 7.4),
)
NOTE = (
    f"The strongest blue begins at two thirds of the {PERCENTILE}th percentile of all days with a "
    "run, so that one very long day does not pale the others. A day without a mark was not scored."
)


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
    every = pd.date_range(f"{dates.min().year}-01-01", pd.Timestamp(today), unit="us")
    km = runs.groupby("local_date")["distance_km"].sum().reindex(every, fill_value=0.0).to_numpy()
    worst = pain.groupby("local_date")["score"].max().reindex(every).to_numpy(np.float64)
    top = float(np.percentile(km[km > 0], PERCENTILE)) if (km > 0).any() else 1.0
    days = [
        Day(date=date.date(), km=each, worst=None if np.isnan(score) else int(score))
        for date, each, score in zip(every, km.tolist(), worst.tolist(), strict=True)
    ]
    numbers = range(every[0].year, every[-1].year + 1)
    by_year = ((n, tuple(day for day in days if day.date.year == n)) for n in numbers)
    return tuple(Year(year=n, days=own, top_km=top, units=units) for n, own in by_year)


def picture(year: Year) -> Picture:
    """Return the calendar of one year."""
    return Picture(
        key=f"year-{year.year}",
        title=_title(year),
        text=" ".join(_month_words(month, year.units) for month in year.months),
        note=NOTE,
        draw=lambda canvas: _draw(year, canvas),
    )


def _title(year: Year) -> str:
    worst = worst_of(year.days)
    felt = "the knee not scored" if worst is None else f"worst score {worst}/10"
    ran = sum(day.km > 0 for day in year.days)
    days = formatting.count(ran, "day")
    return f"{year.year}: {formatting.distance(year.km, year.units)} on {days}, {felt}"


def _month_words(month: MonthSum, units: Units) -> str:
    worst = "not scored" if month.worst is None else f"worst score {month.worst}/10"
    ran = f"{formatting.distance(month.km, units)} on {formatting.count(month.run_days, 'day')}"
    return f"{formatting.MONTHS[month.first.month - 1]}: {ran}, {worst}."


def levels(year: Year) -> np.ndarray:
    """Return each day's colour: 0 for no run, then thirds of `top_km`, 3 for all above two."""
    km = np.array([day.km for day in year.days])
    thirds = np.ceil(np.minimum(km / year.top_km, 1.0) * len(_LEVELS) - 1e-9)
    return np.where(km > 0, np.maximum(thirds, 1), 0).astype(np.int64)


def _draw(year: Year, canvas: Canvas) -> Figure:
    wide = canvas.width >= _WIDE_PX
    own = replace(canvas, left=_LEFT, right=_RIGHT, key_left=0)
    entries = _key(year)
    with ground.style(own):
        rows = len(year.months)
        height = rows * (_ROW_WIDE if wide else _ROW_NARROW)
        figure, (axes,) = ground.stacked(own, [(height, key_room(own, entries))], bottom=22)
        axes.set_xlim(0, _COLUMNS)
        axes.set_ylim(rows, 0)
        _draw_days(axes, year)
        _draw_scores(axes, year)
        _draw_names(axes, year)
        key(axes, own, entries)
    return figure


def _key(year: Year) -> list[Entry]:
    third = formatting.in_units(year.top_km, year.units) / len(_LEVELS)
    names = (f"to {third:.0f} {year.units}", f"to {2 * third:.0f}", "more")
    runs = [Entry(name, colour) for name, colour in zip(names, _LEVELS, strict=True)]
    scored = {_mark_of(day.worst) for day in year.days if day.worst is not None}
    marks = [
        Entry(name, "pain", marker, filled=filled, size=size, line=1.1)
        for n, (_, name, marker, filled, size) in enumerate(_MARKS)
        if n in scored
    ]
    return [*runs, *marks]


def _mark_of(score: int) -> int:
    return max(n for n, (lowest, *_) in enumerate(_MARKS) if score >= lowest)


def _corners(days: Sequence[Day]) -> Floats:
    """Return the corner of each day's cell; months count downwards."""
    return np.array([(d.date.day - 1, d.date.month - 1) for d in days], dtype=np.float64)


def _draw_days(axes: Axes, year: Year) -> None:
    corners, level = _corners(year.days), levels(year)
    box = np.array([(0, 0), (0, 1), (1, 1), (1, 0)]) * _CELL + (1 - _CELL) / 2
    boxes = corners[:, None] + box
    for n, colour in enumerate(("band", *_LEVELS)):
        chosen = list(boxes[level == n])
        axes.add_collection(
            PolyCollection(chosen, facecolor=COLOURS[colour], linewidth=0, zorder=2), autolim=False
        )
    unseen = PolyCollection(list(boxes), facecolor=COLOURS["paper"], alpha=0, linewidth=0, zorder=7)
    axes.add_collection(unseen, autolim=False)
    ground.tips(unseen, f"days-{year.year}", [_day_words(day, year.units) for day in year.days])


def _day_words(day: Day, units: Units) -> str:
    ran = formatting.distance(day.km, units) if day.km else "no run"
    felt = "" if day.worst is None else f", {day.worst}/10"
    return f"{formatting.day(day.date)}: {ran}{felt}"


def _draw_scores(axes: Axes, year: Year) -> None:
    scored = [day for day in year.days if day.worst is not None]
    for n, (_, _, marker, filled, size) in enumerate(_MARKS):
        own = _corners([day for day in scored if _mark_of(day.worst or 0) == n])
        if own.size:
            x, y = (own + 0.5).T
            faces = ("pain", "paper") if filled else ("paper", "pain")
            ground.marks(axes, x, y, marker, *faces, size=size, line=0.9, zorder=4)


def _draw_names(axes: Axes, year: Year) -> None:
    middles = [month.first.month - 0.5 for month in year.months]
    ground.beside(axes, middles, [formatting.MONTHS[m.first.month - 1][:3] for m in year.months])
    for month, middle in zip(year.months, middles, strict=True):
        axes.annotate(
            formatting.distance(month.km, year.units) if month.km else formatting.MISSING,
            (1, middle), xycoords=axes.get_yaxis_transform(), xytext=(_RIGHT, 0),
            textcoords="offset points", ha="right", va="center", color=COLOURS["ink"],
        )  # fmt: skip
    ground.below(axes, np.array([0.5, 9.5, 19.5, 29.5]), ["1", "10", "20", "30"])
