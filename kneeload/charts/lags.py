"""Load before pain and pain before load, so many days apart: a picture, not a test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kneeload import formatting
from kneeload.charts import canvas as ground
from kneeload.charts.canvas import Canvas, Picture

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kneeload.association import Lag
    from kneeload.charts.shapes import Panel, Sheet

_PANEL_PX, _LEAST_SCALE = 110.0, 0.5
_SIDES = {"load_then_pain": 1, "pain_then_load": -1}

NOTE = (
    "The chart shows how closely distance is linked to pain a few days later. It also compares "
    "distance with the pain of the days before. 1 means that more distance always came with higher "
    "scores, -1 that more distance always came with lower scores, and 0 that there is no link. "
    "Points next to each other are worked out from largely the same days, so a row of high points "
    "proves no more than a single high point. This chart looks at all days, rest days too. The top "
    "of this section compares the length of each run with the pain of the next morning."
)


def picture(lags: Sequence[Lag]) -> Picture | None:
    """Return both directions on one axis; None where the diary is too short for any."""
    estimated = [lag for lag in lags if lag.rho is not None]
    if not estimated:
        return None
    return Picture(
        key="lags",
        title="Load and pain, by the number of days between them.",
        text=" ".join(_lag_words(lag) for lag in estimated),
        note=NOTE,
        draw=lambda canvas: _draw(estimated, canvas),
    )


def _lag_words(lag: Lag) -> str:
    value = f"{lag.rho:.2f} over {formatting.count(lag.days, 'day')}"
    if not lag.lag:
        return f"Load and pain on the same day: {value}."
    first, then = ("Load", "pain") if lag.direction == "load_then_pain" else ("Pain", "load")
    return f"{first}, {then} {formatting.count(lag.lag, 'day')} later: {value}."


def _draw(lags: list[Lag], canvas: Canvas) -> Sheet:
    sheet, (panel,) = ground.stacked(canvas, [(_PANEL_PX, ground.CAPTION_PX)], bottom=30)
    _draw_axes(panel, max(lag.lag for lag in lags), [lag.rho or 0.0 for lag in lags])
    # Both directions hold the same day; it is drawn once.
    drawn = [lag for lag in lags if lag.lag or lag.direction == "load_then_pain"]
    x = np.array([_SIDES[lag.direction] * lag.lag for lag in drawn], dtype=np.float64)
    y = np.array([lag.rho for lag in drawn], dtype=np.float64)
    ground.lines(panel, x, 0, x, y, "easy", width=1.6, zorder=2)
    ground.marks(
        panel, x, y, "o", "moderate", "moderate", size=5.1, line=0, zorder=3,
        tips=[*map(_lag_words, drawn)],
    )  # fmt: skip
    return sheet


def _draw_axes(panel: Panel, longest: int, values: list[float]) -> None:
    top = max(_LEAST_SCALE, 1.1 * float(np.abs(values).max()))
    panel.y = (-top, top)
    ground.gridlines(panel, [-_LEAST_SCALE, 0, _LEAST_SCALE], ["-0.5", "0", "0.5"])
    ground.hlines(panel, [0], "limit_line", width=1.2, zorder=1)
    panel.x = (-longest - 0.7, longest + 0.7)
    weeks = 7.0 * np.arange(-(longest // 7), longest // 7 + 1, dtype=np.float64)
    ground.vlines(panel, weeks)
    ground.x_labels(panel, weeks, [_apart(int(days), longest) for days in weeks])
    ground.caption(panel, "Pain first")
    ground.caption(panel, "Load first", at=1)


def _apart(days: int, longest: int) -> str:
    return f"{abs(days)}{' days' if abs(days) < longest else ''}" if days else "same day"
