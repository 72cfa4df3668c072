"""One run along its way: pace, heart rate, cadence, slope and knee load, and where pain began."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.lines import Line2D

from kneeload import formatting
from kneeload.charts import canvas as ground
from kneeload.charts.canvas import COLOURS, Canvas, Picture

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from kneeload.arrays import Floats
    from kneeload.formatting import Units
    from kneeload.measures.along import Along

KEY = "along"
_PANEL_PX, _BETWEEN_PX, _FIRST_PX, _EDGE = 62.0, 30.0, 44.0, (2, 98)
_LEAST_STRETCHES = 3


@dataclass(frozen=True, eq=False)
class Panel:
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


def panels(profile: Along, units: Units) -> list[Panel]:
    """Return the quantities that were measured, in order."""
    pace = profile.pace_s / formatting.in_units(1.0, units)
    every = [
        Panel("Pace", pace, lambda s: f"{formatting.duration(s)}/{units}", 60, falling=True),
        Panel("Heart rate", profile.hr_bpm, lambda bpm: f"{bpm:.0f} a minute", 20),
        Panel("Cadence", profile.cadence_spm, lambda spm: f"{spm:.0f} a minute", 10),
        Panel("Slope", 100 * profile.grade, lambda percent: f"{round(percent)} %", 4),
        Panel("Knee load", profile.knee, lambda share: f"{share:.1f} times", 0.5),
    ]
    return [p for p in every if np.isfinite(p.values).sum() >= _LEAST_STRETCHES]


def picture(profile: Along, onset_km: float | None, units: Units) -> Picture | None:
    """Return the run along its way; None where no quantity was measured."""
    drawn = panels(profile, units)
    if not drawn:
        return None
    return Picture(
        key=KEY,
        title=_title(drawn, onset_km, units),
        text=" ".join(_panel_words(panel) for panel in drawn),
        note="Averages over stretches of equal length. Knee load is a model built from laboratory "
        "averages: 1 is a kilometre of your usual running on the flat. It has no threshold.",
        draw=lambda canvas: _draw(profile, drawn, onset_km, units, canvas),
    )


def _title(drawn: list[Panel], onset_km: float | None, units: Units) -> str:
    names = formatting.join(panel.name.lower() for panel in drawn)
    began = "" if onset_km is None else f"; pain began at {formatting.distance(onset_km, units)}"
    return formatting.sentence(f"{names} along the run{began}")


def _panel_words(panel: Panel) -> str:
    low, high = np.nanpercentile(panel.values, _EDGE)
    mean = panel.written(float(np.nanmean(panel.values)))
    ends = " to ".join(panel.written(float(end)) for end in (low, high))
    return f"{panel.name}: {mean} on average, mostly {ends}."


def _draw(
    profile: Along, drawn: list[Panel], onset_km: float | None, units: Units, canvas: Canvas
) -> Figure:
    """Draw all panels on one pair of axes, whose height counts pixels: axes are dear."""
    pitch = _PANEL_PX + _BETWEEN_PX
    height = len(drawn) * pitch - _BETWEEN_PX
    with ground.style(canvas):
        figure, (axes,) = ground.stacked(canvas, [(height, _FIRST_PX)])
        x = np.array([formatting.in_units(km, units) for km in profile.km.tolist()])
        end = float(x[-1] + x[0])
        ticks = [tick for tick in ground.round_ticks(end) if tick <= end]
        axes.set_xlim(0, end)
        axes.set_ylim(0, height)
        bases = height - _PANEL_PX - pitch * np.arange(len(drawn), dtype=np.float64)
        for panel, base in zip(drawn, bases.tolist(), strict=True):
            _draw_panel(axes, panel, x, base, np.array(ticks))
        if onset_km is not None:
            _draw_onset(axes, formatting.in_units(onset_km, units), bases)
        names = [f"{tick:g}" for tick in ticks]
        ground.x_labels(axes, np.array(ticks), [*names[:-1], f"{names[-1]} {units}"])
    return figure


def _draw_panel(axes: Axes, panel: Panel, x: Floats, base: float, ticks: Floats) -> None:
    """Draw one quantity between `base` and the top of its panel [px]."""
    low, high = _range(panel)
    ends = [high, low] if panel.falling else [low, high]
    ground.lines(axes, ticks, base, ticks, base + _PANEL_PX, "line")
    ground.hlines(axes, [base, base + _PANEL_PX / 2, base + _PANEL_PX])
    ground.y_labels(axes, [base, base + _PANEL_PX], [_short(panel, end) for end in ends])
    mean = f"{panel.written(float(np.nanmean(panel.values)))} on average"
    for text, at, align, weight in ((panel.name, 0, "left", "bold"), (mean, 1, "right", "normal")):
        axes.text(
            at, base + _PANEL_PX + 7, text, transform=axes.get_yaxis_transform(), ha=align,
            fontweight=weight, color=COLOURS["ink"],
        )  # fmt: skip
    share = (np.clip(panel.values, low, high) - ends[0]) / (ends[1] - ends[0])
    line = Line2D(x, base + share * _PANEL_PX, color=COLOURS["hard"], linewidth=1.4, zorder=3)
    axes.add_artist(line)


def _range(panel: Panel) -> tuple[float, float]:
    """Return the ends of the scale: where most values lie, never less apart than `least`."""
    low, high = (float(end) for end in np.nanpercentile(panel.values, _EDGE))
    spare = max(panel.least - (high - low), 0) / 2
    return low - spare, high + spare


def _short(panel: Panel, value: float) -> str:
    return panel.written(value).partition(" ")[0].partition("/")[0]


def _draw_onset(axes: Axes, at: float, bases: Floats) -> None:
    """Mark the place in every panel, and name it above the first."""
    ground.lines(axes, at, bases, at, bases + _PANEL_PX, "pain", width=1.6, zorder=4)
    right = at > sum(axes.get_xlim()) / 2
    axes.annotate(
        "pain began", (at, 1), xycoords=axes.get_xaxis_transform(),
        xytext=(-3 if right else 3, 24), textcoords="offset points",
        ha="right" if right else "left", color=COLOURS["pain"], fontweight="bold",
    )  # fmt: skip
