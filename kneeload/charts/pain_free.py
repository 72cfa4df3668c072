"""How far runs went without pain, or until it began, and how far half of them get, by month."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kneeload import formatting
from kneeload.association.pain_free import MIN_RUNS, MONTH_DAYS, pain_free_sentence
from kneeload.charts import canvas as ground
from kneeload.charts.canvas import Canvas, Picture
from kneeload.charts.legend import Entry, key, key_room

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kneeload.association.pain_free import Month, PainFree, RunToPain
    from kneeload.charts.shapes import Panel, Sheet
    from kneeload.formatting import Units

KEY = "without-pain"
_PANEL_PX, _ROOM = 170.0, 1.15
_LOOKS = {
    "painless": Entry("without pain at all", "moderate", "o", size=5.5),
    "began": Entry("pain began", "pain", "X", filled=False, size=7),
    "somewhere": Entry("hurt somewhere", "pain", "_", size=8, line=1.5),
}
NOTE = (
    "The line shows after what distance pain typically begins: half of your runs hurt earlier, "
    f"half later or not at all. It is estimated only if there are at least {MIN_RUNS} scored runs "
    f"in {MONTH_DAYS} days (Kaplan-Meier method). The shaded band is its 95 % interval. If you did "
    "not note the kilometre at which pain began, it may have begun anywhere in the run. Runs "
    "without a score for pain during the run are left out."
)


def picture(estimate: PainFree, units: Units) -> Picture:
    """Return the pain-free distance over time; `estimate` must hold a run that hurt."""
    return Picture(
        key=KEY,
        title=pain_free_sentence(estimate, units) or "",
        text=" ".join(_month_words(month, units) for month in estimate.months if month.runs),
        note=NOTE,
        draw=lambda canvas: _draw(estimate, units, canvas),
    )


def _month_words(month: Month, units: Units) -> str:
    first = month.last - pd.Timedelta(days=MONTH_DAYS - 1)
    scored = f"{formatting.count(month.runs, 'scored run')}, {month.with_pain} with pain"
    return f"{formatting.date_range(first, month.last)}: {scored}{_half(month, units)}."


def _half(month: Month, units: Units) -> str:
    if month.curve is None:
        return ", too few for a distance"
    if month.between is not None:
        low, high = (formatting.distance(km, units) for km in month.between)
        return f"; half would hurt by some point between {low} and {high}"
    if month.median_km is None:
        return ", more than half of them without pain at all"
    return f"; about half would hurt within {_with_interval(month, units)}"


def _with_interval(month: Month, units: Units) -> str:
    low = formatting.distance(month.low or 0.0, units)
    ends = (
        f"from {low} up"
        if month.high is None
        else f"{low} to {formatting.distance(month.high, units)}"
    )
    return f"{formatting.distance(month.median_km, units)} (95 % interval {ends})"


def _draw(estimate: PainFree, units: Units, canvas: Canvas) -> Sheet:
    months = _months_that_fit(estimate, canvas)
    since = months[-1].last - dt.timedelta(days=MONTH_DAYS)
    runs = [run for run in estimate.runs if run.date > since]
    entries = [look for kind, look in _LOOKS.items() if _of_kind(runs, kind)]
    sheet, (panel,) = ground.stacked(canvas, [(_PANEL_PX, key_room(canvas, entries))])
    first, last = (pd.Timestamp(day) + pd.Timedelta(days=1) for day in (since, months[0].last))
    ground.time_axis(canvas, [panel], first, last)
    top = formatting.in_units(max([run.km for run in runs], default=1.0), units)
    ground.scale(panel, ground.round_ticks(top), top * _ROOM)
    ground.caption(panel, f"{formatting.UNIT_CAPTIONS[units]} without pain")
    _draw_months(panel, months, units)
    for kind, look in _LOOKS.items():
        _draw_runs(panel, _of_kind(runs, kind), look, units)
    key(panel, canvas, entries)
    return sheet


def _months_that_fit(estimate: PainFree, canvas: Canvas) -> list[Month]:
    """Return the months that the canvas has room for, back to the first with a run."""
    months = list(estimate.months[: round(canvas.weeks * 7 / MONTH_DAYS)])
    while len(months) > 1 and not months[-1].runs:
        months.pop()
    return months


def _of_kind(runs: Sequence[RunToPain], kind: str) -> list[RunToPain]:
    return [run for run in runs if run.ending == kind]


def _draw_months(panel: Panel, months: Sequence[Month], units: Units) -> None:
    """Draw each month's median as a line with its number, over its interval."""
    for month in months:
        if month.median_km is None:
            continue
        right = float(ground.days(pd.Series([pd.Timestamp(month.last)]))[0]) + 1
        km = formatting.in_units(month.median_km, units)
        low = formatting.in_units(month.low or 0.0, units)
        high = panel.y[1] if month.high is None else formatting.in_units(month.high, units)
        left = right - MONTH_DAYS
        ground.boxes(panel, left, right, low, high, "plain", opacity=0.5, zorder=0.7)
        ground.lines(panel, left, km, right, km, "limit_line", width=2.2, zorder=3)
        ground.write(
            panel, right - MONTH_DAYS / 2, km, [f"{km:.1f}"], shift=(0, 4), align="center",
            bold=True, pad=0.5, zorder=6,
        )  # fmt: skip


def _draw_runs(panel: Panel, runs: list[RunToPain], look: Entry, units: Units) -> None:
    if not runs:
        return
    dates = pd.Series(pd.to_datetime([run.date for run in runs]))
    x = ground.days(dates) + 0.5
    km = np.array([formatting.in_units(run.km, units) for run in runs])
    if look.marker == "_":
        ground.lines(panel, x, 0, x, km, look.colour, width=1.0, zorder=2)
    colours = (look.colour, look.colour) if look.filled else ("paper", look.colour)
    ground.marks(
        panel, x, km, look.marker, *colours, size=look.size, line=look.line, zorder=5,
        tips=[_run_words(run, look, units) for run in runs],
    )  # fmt: skip


def _run_words(run: RunToPain, look: Entry, units: Units) -> str:
    return f"{formatting.day(run.date)}: {formatting.distance(run.km, units)}, {look.label}"
