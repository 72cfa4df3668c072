"""One run along its way: pace, heart rate, cadence, slope and knee load, and where pain began."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kneeload import formatting
from kneeload.charts import canvas as ground
from kneeload.charts.canvas import Canvas, Picture

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kneeload.arrays import Floats
    from kneeload.charts.shapes import Panel, Sheet
    from kneeload.formatting import Units
    from kneeload.measures.along import Along

KEY = "along"
_PANEL_PX, _BETWEEN_PX, _FIRST_PX, _EDGE = 62.0, 30.0, 44.0, (2, 98)
_LEAST_STRETCHES = 3


@dataclass(frozen=True, eq=False)
class Quantity:
    """One quantity along the run: its values in display units and how a number of it is written.

    Parameters
    ----------
    falling
        Whether smaller values stand higher, as a faster pace does.
    least
        The smallest range of the scale, so that noise does not fill the panel.
    """

    name: str
    values: Floats
    written: Callable[[float], str]
    least: float
    falling: bool = False


def quantities(profile: Along, units: Units) -> list[Quantity]:
    """Return the quantities that were measured, in order."""
    pace = profile.pace_s / formatting.in_units(1.0, units)
    every = [
        Quantity("Pace", pace, lambda s: f"{formatting.duration(s)}/{units}", 60, falling=True),
        Quantity("Heart rate", profile.hr_bpm, lambda bpm: f"{bpm:.0f} a minute", 20),
        Quantity("Cadence", profile.cadence_spm, lambda spm: f"{spm:.0f} a minute", 10),
        Quantity("Slope", 100 * profile.grade, lambda percent: f"{round(percent)} %", 4),
        Quantity("Knee load", profile.knee, lambda share: f"{share:.1f} times", 0.5),
    ]
    return [q for q in every if np.isfinite(q.values).sum() >= _LEAST_STRETCHES]


def picture(profile: Along, onset_km: float | None, units: Units) -> Picture | None:
    """Return the run along its way; None where no quantity was measured."""
    drawn = quantities(profile, units)
    if not drawn:
        return None
    return Picture(
        key=KEY,
        title=_title(drawn, onset_km, units),
        text=" ".join(_quantity_words(quantity) for quantity in drawn),
        note="The lines are averages over stretches of equal length. Knee load is estimated with a "
        "model based on average laboratory measurements; 1 stands for a kilometre of your usual "
        "running on the flat. No limit for it is known.",
        draw=lambda canvas: _draw(profile, drawn, onset_km, units, canvas),
    )


def _title(drawn: list[Quantity], onset_km: float | None, units: Units) -> str:
    names = formatting.join(quantity.name.lower() for quantity in drawn)
    began = "" if onset_km is None else f"; pain began at {formatting.distance(onset_km, units)}"
    return formatting.sentence(f"{names} along the run{began}")


def _quantity_words(quantity: Quantity) -> str:
    low, high = np.nanpercentile(quantity.values, _EDGE)
    mean = quantity.written(float(np.nanmean(quantity.values)))
    ends = " to ".join(quantity.written(float(end)) for end in (low, high))
    return f"{quantity.name}: {mean} on average, mostly {ends}."


def _draw(
    profile: Along, drawn: list[Quantity], onset_km: float | None, units: Units, canvas: Canvas
) -> Sheet:
    rooms = [_FIRST_PX, *[_BETWEEN_PX] * (len(drawn) - 1)]
    sheet, panels = ground.stacked(canvas, [(_PANEL_PX, room) for room in rooms])
    x = np.array([formatting.in_units(km, units) for km in profile.km.tolist()])
    end = float(x[-1] + x[0])
    ticks = np.array([tick for tick in ground.round_ticks(end) if tick <= end])
    for panel, quantity in zip(panels, drawn, strict=True):
        panel.x = (0, end)
        _draw_quantity(panel, quantity, x, ticks)
    if onset_km is not None:
        _draw_onset(panels, formatting.in_units(onset_km, units))
    names = [f"{tick:g}" for tick in ticks]
    ground.x_labels(panels[-1], ticks, [*names[:-1], f"{names[-1]} {units}"])
    return sheet


def _draw_quantity(panel: Panel, quantity: Quantity, x: Floats, ticks: Floats) -> None:
    low, high = _range(quantity)
    panel.y = (high, low) if quantity.falling else (low, high)
    ground.vlines(panel, ticks)
    ground.hlines(panel, [low, (low + high) / 2, high], clip=False)
    ground.y_labels(panel, panel.y, [_short(quantity, end) for end in panel.y])
    ground.caption(panel, quantity.name)
    mean = f"{quantity.written(float(np.nanmean(quantity.values)))} on average"
    ground.caption(panel, mean, at=1, bold=False)
    values = np.clip(quantity.values, low, high)
    ground.line(panel, x, values, "hard", width=1.4, zorder=3, clip=False)


def _range(quantity: Quantity) -> tuple[float, float]:
    """Return the ends of the scale: where most values lie, never less apart than `least`."""
    low, high = (float(end) for end in np.nanpercentile(quantity.values, _EDGE))
    spare = max(quantity.least - (high - low), 0) / 2
    return low - spare, high + spare


def _short(quantity: Quantity, value: float) -> str:
    return quantity.written(value).partition(" ")[0].partition("/")[0]


def _draw_onset(panels: Sequence[Panel], at: float) -> None:
    """Mark the place in every panel, and name it above the first."""
    for panel in panels:
        ground.lines(panel, at, 0, at, 1, "pain", width=1.6, zorder=4, shares="y")
    right = at > sum(panels[0].x) / 2
    ground.write(
        panels[0], at, 1, ["pain began"], shares="y", shift=(-3 if right else 3, 24),
        align="right" if right else "left", colour="pain", bold=True,
    )  # fmt: skip
