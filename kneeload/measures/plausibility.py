"""What makes an activity too odd to be counted before somebody has looked at it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from kneeload.arrays import Floats
    from kneeload.measures.resampling import Grid
    from kneeload.measures.tracks import Track
    from kneeload.model import Activity

CLOCK = "the clock says"
"""How the reasons begin that speak of the clock: nothing is known then of when a run was."""

EARLIEST = dt.datetime(1995, 1, 1, tzinfo=dt.UTC)
LATEST_AHEAD = dt.timedelta(days=1)
SHORTEST_S = 120.0
SHORTEST_M = 300.0
FARTHEST_M = 300_000.0
SPRINT_MPS = 10.0
SPRINT_S = 30.0
BURST_S = 120.0
BURST_SHARE = 0.05
JUMP_MPS = 12.0
JUMP_STEP_M = 50.0
JUMP_SUM_M = 100.0
JUMP_SHARE = 0.05
RECORD_MARGIN = 1.03

# distance [m] and time [s] of men's outdoor world records, as of 2025
_RECORDS = np.array(
    [
        (100, 9.58),
        (200, 19.19),
        (400, 43.03),
        (800, 100.91),
        (1_500, 206.0),
        (5_000, 755.36),
        (10_000, 1_571.0),
        (21_097.5, 3_402.0),
        (42_195, 7_235.0),
        (100_000, 21_935.0),
        (319_614, 86_400.0),
    ]
)


def suspect_reason(
    activity: Activity,
    track: Track,
    grid: Grid,
    *,
    distance_m: float | None,
    moving_s: float | None,
    now: dt.datetime | None = None,
) -> str:
    """Return why an activity cannot be counted as it is, empty where nothing is wrong.

    Looked at are the clock (before 1995, or more than a day after `now`), and for running sports
    the distance: more than 300 km, none of it in any time, faster than the world record for it,
    faster than 10 m/s for longer than a burst, or with jumps that make up more than 5 % of it; and
    a recording of less than two minutes or 300 m, which is kept but is no run. All limits are
    assumptions; they aim at files that nobody can have run, and at those begun by mistake.
    """
    clock = activity.doubt or _clock(activity.started_at, now)
    if clock or not activity.sport.is_running:
        return clock
    if not distance_m:
        return _short(None, moving_s)
    return (
        _length(distance_m)
        or _pace(activity, distance_m, moving_s)
        or _jump(track, distance_m)
        or _sprint(grid)
        or _short(distance_m, moving_s)
    )


def jump_warning(activity: Activity, track: Track, distance_m: float | None) -> tuple[str, ...]:
    """Return a warning where a run's distance jumps, but too little to make it suspect."""
    if not distance_m or not activity.sport.is_running:
        return ()
    sentence, jumped_m = _jumps(track, distance_m)
    return (f"{sentence}; the jump is counted",) if 0 < jumped_m < JUMP_SHARE * distance_m else ()


def record_speed_mps(distance_m: npt.ArrayLike) -> Floats:
    """Return the speed of the world record over each distance [m/s], interpolated."""
    metres, seconds = _RECORDS.T
    logarithm = np.log(np.maximum(distance_m, 1.0))
    speed: Floats = np.interp(logarithm, np.log(metres), metres / seconds)
    return speed


def _clock(started_at: dt.datetime, now: dt.datetime | None) -> str:
    if started_at < EARLIEST:
        return f"{CLOCK} {started_at.year}, before such devices existed"
    if now is not None and started_at > now + LATEST_AHEAD:
        return f"{CLOCK} {started_at:%Y-%m-%d}, which is in the future"
    return ""


def _length(distance_m: float) -> str:
    return f"{distance_m / 1000:.0f} km in one run" if distance_m > FARTHEST_M else ""


def _pace(activity: Activity, distance_m: float, moving_s: float | None) -> str:
    stopped = activity.timer_s == 0 or activity.elapsed_s == 0
    if not moving_s:
        return f"{distance_m / 1000:.2f} km in no time" if moving_s == 0 or stopped else ""
    speed = distance_m / moving_s
    if speed <= RECORD_MARGIN * record_speed_mps(distance_m):
        return ""
    return f"{distance_m / 1000:.2f} km at {speed:.1f} m/s, faster than the world record"


def _jump(track: Track, distance_m: float) -> str:
    sentence, jumped_m = _jumps(track, distance_m)
    return sentence if jumped_m >= JUMP_SHARE * distance_m else ""


def _jumps(track: Track, distance_m: float) -> tuple[str, float]:
    """Return what the jumps add up to, in words and in metres; nothing if they were not counted."""
    rows = np.flatnonzero(np.isfinite(track.way_m))
    steps, seconds = np.diff(track.way_m[rows]), np.diff(track.clock_s[rows])
    jumps = (steps > JUMP_STEP_M) & (steps > JUMP_MPS * seconds) & track.timed
    jumped_m = float(steps[jumps].sum())
    is_counted = distance_m > float(steps.sum()) - jumped_m / 2
    if jumped_m < JUMP_SUM_M or not is_counted:
        return "", 0.0
    return (
        f"the distance jumps by {jumped_m / 1000:.2f} km in {seconds[jumps].sum():.0f} s",
        jumped_m,
    )


def without_burst(activity: Activity, grid: Grid) -> tuple[Grid, tuple[str, ...]]:
    """Return a run's grid without a burst of more than 10 m/s, and the warning that says so.

    Half a minute to two minutes of it, and at most 5 % of the time, are a fault of the position
    (assumptions). The distance stays as the file has it: where the burst makes it unsound, the pace
    or the jump is a reason for doubt.
    """
    fast = grid.speed_mps > SPRINT_MPS
    seconds = float(fast.sum()) * grid.step_s
    most = min(BURST_S, BURST_SHARE * fast.size * grid.step_s)
    if not activity.sport.is_running or not SPRINT_S <= seconds <= most:
        return grid, ()
    text = f"faster than {SPRINT_MPS:g} m/s for {seconds:.0f} s; left out of the speeds"
    return replace(grid, speed_mps=np.where(fast, np.nan, grid.speed_mps)), (text,)


def _sprint(grid: Grid) -> str:
    seconds = float((grid.speed_mps > SPRINT_MPS).sum()) * grid.step_s
    return f"faster than {SPRINT_MPS:g} m/s for {seconds:.0f} s" if seconds >= SPRINT_S else ""


def _short(distance_m: float | None, moving_s: float | None) -> str:
    if moving_s is not None and 0 < moving_s < SHORTEST_S:
        return f"only {moving_s:.0f} s long"
    return f"only {distance_m:.0f} m long" if distance_m and distance_m < SHORTEST_M else ""
