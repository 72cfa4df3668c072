"""When, between the start and the end of a recording, its runner moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from kneeload.arrays import Floats
    from kneeload.measures.resampling import Grid
    from kneeload.measures.tracks import Track
    from kneeload.model import Activity

# A stretch belongs to the run where at least this share of it is movement: a stop at a cafe does,
# two hours on the sofa with a drifting position do not. [assumption]
MOVING_SHARE = 0.3


def moved_span_s(activity: Activity, track: Track, grid: Grid) -> tuple[float, float | None]:
    """Return when movement began and ended [s] after the start; no end where no record tells it.

    A watch that ran on at home stops counting there, and drift of its position does not bring it
    back: the span is the one with the most movement after taking off 30 % of its length
    (assumption).
    """
    wall_s = _wall_s(activity)
    if wall_s.size != track.clock_s.size or not wall_s.size or not grid.moving.any():
        return 0.0, None
    first, last = _densest(grid.moving.astype(np.float64) - MOVING_SHARE)
    clock_s = np.array([first, last]) * grid.step_s
    rows = np.clip(np.searchsorted(track.clock_s, clock_s), 0, wall_s.size - 1)
    begin, end = wall_s[rows].tolist()
    return (begin, end) if end > begin else (0.0, None)


def _densest(weights: Floats) -> tuple[int, int]:
    """Return where the stretch with the largest sum begins, and where it ends."""
    sums = np.concatenate(([0.0], np.cumsum(weights)))
    last = int(np.argmax(sums - np.minimum.accumulate(sums)))
    return int(np.argmin(sums[: last + 1])), last


def _wall_s(activity: Activity) -> Floats:
    """Return the records' times [s] after the start, in order; none where one has no time."""
    records = activity.records
    if not records.timed.all():
        return np.empty(0)
    start = np.datetime64(activity.started_at.replace(tzinfo=None), "us")
    # Timsort, for which records that are in order, as nearly all are, cost next to nothing.
    return np.sort((records.time - start).astype(np.int64), kind="stable") / 1e6
