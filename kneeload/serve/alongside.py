"""A run's own line, on which a tap says where pain began."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from kneeload.log.training_log import TrainingLog

WIDTH, HEIGHT = 300.0, 48.0
_POINTS = 100


def points(log: TrainingLog, run_id: str) -> str:
    """Return the run's height along its way as the points of a polyline; flat where unknown."""
    samples = log.activity(run_id).samples
    if "distance_m" not in samples:
        return ""
    way = samples["distance_m"].to_numpy(np.float64)
    height = np.zeros(len(way))
    if "altitude_m" in samples:
        height = samples["altitude_m"].to_numpy(np.float64)
    good = np.isfinite(way) & np.isfinite(height)
    if good.sum() < 2:
        return ""
    way, height = np.maximum.accumulate(way[good]), height[good]
    at = np.linspace(0.0, way[-1], _POINTS)
    line = np.interp(at, way, height)
    # At least 20 m from top to bottom, so that a flat run looks flat.
    span = max(20.0, float(line.max() - line.min()))
    x = np.linspace(0.0, WIDTH, _POINTS)
    y = HEIGHT - 6 - (HEIGHT - 12) * (line - line.min()) / span
    return " ".join(f"{a:.0f},{b:.1f}" for a, b in zip(x, y, strict=True))
