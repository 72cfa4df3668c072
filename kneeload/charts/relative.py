"""Knee load and downhill metres of each week against what was usual before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kneeload import words
from kneeload.charts import canvas as ground
from kneeload.charts.canvas import COLOURS, Canvas, Picture

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

USUAL_WEEKS = 4
MEASURES = {"knee_load": "Knee load", "descent_m": "Downhill"}
_PANEL_PX, _HIGHEST = 78.0, 3.0

NOTE = (
    "Usual is the mean of the four weeks before. Knee load is a model made of laboratory averages: "
    "it has no threshold and no study has held it against injuries. Downhill metres are measured."
)


def to_usual(weeks: pd.DataFrame) -> pd.DataFrame:
    """Return each week's knee load and descent over the mean of the four weeks before [ratio].

    Weeks without running count as zero in that mean, weeks that were not measured do not count.
    """
    values = weeks[list(MEASURES)].mask(weeks["runs"] == 0, 0.0)
    usual = values.shift(1).rolling(USUAL_WEEKS, min_periods=2).mean()
    ratios = values.div(usual.where(usual > 0))
    return ratios.mask(weeks["runs"] == 0).assign(
        week_start=weeks["week_start"], complete=weeks["complete"]
    )


def picture(weeks: pd.DataFrame) -> Picture | None:
    """Return the two measures beside the usual; None where neither was ever measured."""
    ratios = to_usual(weeks)
    shown = [name for name in MEASURES if ratios[name].notna().any()]
    if not shown:
        return None
    return Picture(
        key="to-usual",
        title=_title(ratios.iloc[-1], shown),
        text=" ".join(_week_words(week, shown) for _, week in ratios.tail(8).iterrows()),
        note=NOTE,
        draw=lambda canvas: _draw(ratios.tail(canvas.weeks), shown, canvas),
    )


def _title(week: pd.Series, shown: list[str]) -> str:
    parts = [
        f"{MEASURES[name].lower()} {words.times(week[name])}" for name in shown if week[name] >= 0
    ]
    if not parts:
        return "Knee load and downhill beside the usual."
    so_far = "" if week["complete"] else " so far"
    return words.sentence(f"{words.listed(parts)} the usual{so_far}")


def _week_words(week: pd.Series, shown: list[str]) -> str:
    parts = [
        f"{MEASURES[name].lower()} "
        + (f"{words.times(week[name])} the usual" if week[name] >= 0 else "not known")
        for name in shown
    ]
    return words.sentence(f"week of {words.day(week['week_start'])}: {', '.join(parts)}")


def _draw(ratios: pd.DataFrame, shown: list[str], canvas: Canvas) -> Figure:
    with ground.style(canvas):
        figure, panels = ground.stacked(canvas, [(_PANEL_PX, ground.CAPTION_PX) for _ in shown])
        ground.time_axis(panels, *ground.ends(ratios))
        for axes, name in zip(panels, shown, strict=True):
            _draw_measure(axes, ratios, name)
    return figure


def _draw_measure(axes: Axes, ratios: pd.DataFrame, name: str) -> None:
    lefts, values = ground.days(ratios["week_start"]), ratios[name]
    ground.scale(axes, [0, 1, 2, 3], _HIGHEST, ["0", "usual", "2 times", "3 times"])
    complete = ratios["complete"].to_numpy()
    for chosen, colour in ((complete, "moderate"), (~complete, "easy")):
        heights = values.clip(upper=_HIGHEST).where(chosen).to_numpy()
        ground.bars(axes, lefts, np.zeros(len(lefts)), heights, colour)
    axes.axhline(1, color=COLOURS["ceiling"], linewidth=1.4, zorder=3)
    ground.caption(axes, MEASURES[name])
    _label_beyond(axes, lefts + 3.5, values)
    ground.columns(axes, lefts, [_week_words(week, [name]) for _, week in ratios.iterrows()])


def _label_beyond(axes: Axes, x: np.ndarray, values: pd.Series) -> None:
    """Write the ratio over bars that the panel cuts off."""
    for at, ratio in zip(x, values, strict=True):
        if ratio > _HIGHEST:
            axes.annotate(
                f"{ratio:.1f}", (at, _HIGHEST), xytext=(0, 3), textcoords="offset points",
                ha="center", fontweight="bold",
            )  # fmt: skip
