"""A year as a calendar: a row a month, days coloured by kilometres, marked by worst score."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.collections import PolyCollection

from kneeload import formatting
from kneeload.charts import canvas as ground
from kneeload.charts.canvas import COLOURS, Canvas, Picture
from kneeload.charts.legend import Entry, key, key_room
from kneeload.charts.year_days import PERCENTILE, worst_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from kneeload.arrays import Floats
    from kneeload.charts.year_days import Day, MonthSum, Year
    from kneeload.formatting import Units

_LEVELS = ("easy", "moderate", "hard")
_COLUMNS, _CELL = 31, 0.86
_LEFT, _RIGHT, _ROW_PX = 36.0, 62.0, 15.0
# The lowest score of each mark, its shape and its size; the worst score alone is drawn.
_MARKS = (
    (0, "score 0", "o", False, 3.4),
    (1, "1 to 2", "o", True, 4.6),
    (3, "3 to 5", "D", True, 5.4),
    (6, "6 to 10", "X", True, 7.4),
)
NOTE = (
    f"The strongest blue begins at two thirds of the {PERCENTILE}th percentile of all days with a "
    "run, so that one very long day does not make the others look pale. Days without a mark have "
    "no score."
)


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
    felt = "no knee scores" if worst is None else f"worst score {worst}/10"
    ran = sum(day.km > 0 for day in year.days)
    days = formatting.count(ran, "day")
    return f"{year.year}: {formatting.distance(year.km, year.units)} on {days}, {felt}"


def _month_words(month: MonthSum, units: Units) -> str:
    worst = "no scores" if month.worst is None else f"worst score {month.worst}/10"
    ran = f"{formatting.distance(month.km, units)} on {formatting.count(month.run_days, 'day')}"
    return f"{formatting.MONTHS[month.first.month - 1]}: {ran}, {worst}."


def levels(year: Year) -> np.ndarray:
    """Return each day's colour: 0 for no run, then thirds of `top_km`, 3 for all above two."""
    km = np.array([day.km for day in year.days])
    thirds = np.ceil(np.minimum(km / year.top_km, 1.0) * len(_LEVELS) - 1e-9)
    return np.where(km > 0, np.maximum(thirds, 1), 0).astype(np.int64)


def _draw(year: Year, canvas: Canvas) -> Figure:
    narrow = replace(canvas, left=_LEFT, right=_RIGHT, key_left=0)
    entries = _key(year)
    with ground.style(narrow):
        rows = len(year.months)
        panel = (rows * _ROW_PX, key_room(narrow, entries))
        figure, (axes,) = ground.stacked(narrow, [panel], bottom=22)
        axes.set_xlim(0, _COLUMNS)
        axes.set_ylim(rows, 0)
        _draw_days(axes, year)
        _draw_scores(axes, year)
        _draw_names(axes, year)
        key(axes, narrow, entries)
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
    ground.set_tooltips(
        unseen, f"days-{year.year}", [_day_words(day, year.units) for day in year.days]
    )


def _day_words(day: Day, units: Units) -> str:
    ran = formatting.distance(day.km, units) if day.km else "no run"
    felt = "" if day.worst is None else f", {day.worst}/10"
    return f"{formatting.day(day.date)}: {ran}{felt}"


def _draw_scores(axes: Axes, year: Year) -> None:
    scored = [day for day in year.days if day.worst is not None]
    for n, (_, _, marker, filled, size) in enumerate(_MARKS):
        corners = _corners([day for day in scored if _mark_of(day.worst or 0) == n])
        if corners.size:
            x, y = (corners + 0.5).T
            faces = ("pain", "paper") if filled else ("paper", "pain")
            ground.marks(axes, x, y, marker, *faces, size=size, line=0.9, zorder=4)


def _draw_names(axes: Axes, year: Year) -> None:
    middles = [month.first.month - 0.5 for month in year.months]
    ground.y_labels(axes, middles, [formatting.MONTHS[m.first.month - 1][:3] for m in year.months])
    for month, middle in zip(year.months, middles, strict=True):
        axes.annotate(
            formatting.distance(month.km, year.units) if month.km else formatting.MISSING,
            (1, middle), xycoords=axes.get_yaxis_transform(), xytext=(_RIGHT, 0),
            textcoords="offset points", ha="right", va="center", color=COLOURS["ink"],
        )  # fmt: skip
    ground.x_labels(axes, np.array([0.5, 9.5, 19.5, 29.5]), ["1", "10", "20", "30"])
