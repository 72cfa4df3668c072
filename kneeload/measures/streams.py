"""The inside of one activity, second by second: what its summary is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kneeload.frames import STREAMS, conform
from kneeload.measures.heart_rate import HOLD_S, clean_heart
from kneeload.measures.resampling import as_grid, grades
from kneeload.measures.witnesses import heard

if TYPE_CHECKING:
    from kneeload.arrays import Floats
    from kneeload.measures.heart_rate import Heart
    from kneeload.measures.tracks import Track
    from kneeload.model import Activity


def streams(activity: Activity) -> pd.DataFrame:
    """Return one activity second by second: sorted, pauses taken out, artefacts blanked.

    `Activity.samples` is what the device wrote, at whatever moments it wrote it; this is the same
    on a clock that ticks evenly, as kneeload's own numbers are made of it. It holds no positions.

    Parameters
    ----------
    activity
        As `read_activities` or `TrainingLog.activity` returns it.

    Returns
    -------
    DataFrame
        Columns of `kneeload.frames.STREAMS`, a row per second (per longer step beyond 100,000 of
        them); no row where nothing was recorded. What was not measured is NaN.

    Examples
    --------
    Splits of a kilometre each:

    >>> import kneeload
    >>> file = kneeload.samples_folder() / "2026" / "2026-01-04-0912-run.fit"
    >>> (run,) = kneeload.read_activities(file)
    >>> inside = kneeload.streams(run)
    >>> kilometre = (inside["distance_m"] // 1000 + 1).rename("kilometre")
    >>> inside.groupby(kilometre)[["hr_bpm", "cadence_spm"]].mean().round().head(3)
               hr_bpm  cadence_spm
    kilometre
    1.0         129.0        165.0
    2.0         138.0        165.0
    3.0         135.0        166.0
    """
    track = heard(activity).track
    grid = as_grid(track)
    clock = np.arange(grid.speed_mps.size, dtype=np.float64) * grid.step_s
    columns = {
        "clock_s": clock,
        "distance_m": grid.distance_m,
        "speed_mps": grid.speed_mps,
        "altitude_m": grid.altitude_m,
        "grade": grades(grid),
        "hr_bpm": _heart_rate(clock, track, clean_heart(track)),
        "cadence_spm": grid.cadence_spm,
        "moving": grid.moving,
    }
    return conform(pd.DataFrame(columns), STREAMS)


def _heart_rate(clock: Floats, track: Track, heart: Heart) -> Floats:
    """Return the newest known rate at each second, NaN where it is older than it may stand."""
    rows = np.flatnonzero(np.isfinite(heart.bpm))
    if not rows.size:
        return np.full(clock.size, np.nan)
    newest = np.searchsorted(track.clock_s[rows], clock, side="right") - 1
    at = rows[np.maximum(newest, 0)]
    age = clock - track.clock_s[at]
    return np.where((age >= 0) & (age < HOLD_S), heart.bpm[at], np.nan)
