"""A year as a calendar: a row a month, days coloured by kilometres, marked by worst score."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from kneeload import formatting
from kneeload.charts import canvas as ground
from kneeload.charts.canvas import Canvas, Picture
from kneeload.charts.legend import Entry, key, key_room
from kneeload.charts.year_days import PERCENTILE, worst_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kneeload.arrays import Floats
    from kneeload.charts.shapes import Panel, Sheet
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
    "The darker the blue, the further you ran that day. A long day is one that "
    f"{PERCENTILE} % of your running days stay below. The darkest blue begins at two thirds of "
    "its distance, so that one very long day does not make the others look pale. Days without a "
    "mark have no score."
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


def _draw(year: Year, canvas: Canvas) -> Sheet:
    narrow = replace(canvas, left=_LEFT, right=_RIGHT, key_left=0)
    entries = _key(year)
    rows = len(year.months)
    height = (rows * _ROW_PX, key_room(narrow, entries))
    sheet, (panel,) = ground.stacked(narrow, [height], bottom=22)
    panel.x, panel.y = (0, _COLUMNS), (rows, 0)
    _draw_days(panel, year)
    _draw_scores(panel, year)
    _draw_names(panel, year)
    key(panel, narrow, entries)
    return sheet


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


def _draw_days(panel: Panel, year: Year) -> None:
    corners, level = _corners(year.days), levels(year)
    left, low = (corners + (1 - _CELL) / 2).T
    for n, colour in enumerate(("band", *_LEVELS)):
        x, y = left[level == n], low[level == n]
        ground.boxes(panel, x, x + _CELL, y + _CELL, y, colour)
    words = [_day_words(day, year.units) for day in year.days]
    ground.boxes(
        panel, left, left + _CELL, low + _CELL, low, "paper", zorder=7, tips=words, opacity=0
    )


def _day_words(day: Day, units: Units) -> str:
    ran = formatting.distance(day.km, units) if day.km else "no run"
    felt = "" if day.worst is None else f", {day.worst}/10"
    return f"{formatting.day(day.date)}: {ran}{felt}"


def _draw_scores(panel: Panel, year: Year) -> None:
    scored = [day for day in year.days if day.worst is not None]
    for n, (_, _, marker, filled, size) in enumerate(_MARKS):
        corners = _corners([day for day in scored if _mark_of(day.worst or 0) == n])
        if corners.size:
            x, y = (corners + 0.5).T
            faces = ("pain", "paper") if filled else ("paper", "pain")
            ground.marks(panel, x, y, marker, *faces, size=size, line=0.9, zorder=4)


def _draw_names(panel: Panel, year: Year) -> None:
    middles = [month.first.month - 0.5 for month in year.months]
    ground.y_labels(panel, middles, [formatting.MONTHS[m.first.month - 1][:3] for m in year.months])
    sums = [
        formatting.distance(month.km, year.units) if month.km else formatting.MISSING
        for month in year.months
    ]
    ground.write(
        panel, 1, middles, sums, shares="x", shift=(_RIGHT, 0), align="right", stand="center"
    )
    ground.x_labels(panel, np.array([0.5, 9.5, 19.5, 29.5]), ["1", "10", "20", "30"])
