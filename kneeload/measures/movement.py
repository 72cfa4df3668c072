"""How far, how long and how much up and down one activity went."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from kneeload.arrays import Floats
    from kneeload.measures.resampling import Grid
    from kneeload.measures.tracks import Track
    from kneeload.model import Activity, DistanceSource

DISAGREEMENT = 0.03
DISAGREEMENT_M = 50.0
LEAST_CLIMB_M = 2.0
MOST_CLIMB_M = 15.0
CLIMB_SIGMAS = 6.0


@dataclass(frozen=True, kw_only=True)
class Distance:
    """How far, and who measured it; ``None`` where nobody did."""

    metres: float | None
    source: DistanceSource | Literal[""]
    warnings: tuple[str, ...] = ()


def distance(activity: Activity, track: Track) -> Distance:
    """Return the distance: the file's total, else the device's records, else the positions.

    Where the device's total and the positions differ by more than 3 % and 50 m, a warning names
    both.
    """
    track_m = float(track.steps_m.sum())
    total = activity.distance_m
    if total is not None and np.isfinite(total) and total > 0:
        source = activity.distance_source or "device"
        return Distance(metres=total, source=source, warnings=_compared(total, source, track_m))
    counter_m = _last(track.distance_m)
    if counter_m > 0:
        warnings = _compared(counter_m, "device", track_m)
        return Distance(metres=counter_m, source="device", warnings=warnings)
    if track_m > 0:
        return Distance(metres=track_m, source="track")
    return Distance(metres=None, source="")


def moving_s(activity: Activity, track: Track, grid: Grid) -> float | None:
    """Return the timer's time less standing still [s], ``None`` where no time is known.

    Standing is less than 0.5 m/s over 10 s (assumption). Pauses that the records hide inside a
    segment are standing already, so they are taken off once only.
    """
    covered = track.duration_s
    total = _positive(activity.timer_s) or covered or _positive(activity.elapsed_s)
    if not total:
        return None
    standing = float(np.count_nonzero(~grid.moving)) * grid.step_s
    return min(total, max(covered, total) - min(standing, covered))


def elapsed_s(activity: Activity, track: Track) -> float | None:
    """Return the time from start to end [s]: the file's, else the longer of records and timer."""
    recorded_s = max(track.span_s, _positive(activity.timer_s))
    return _positive(activity.elapsed_s) or recorded_s or None


def climb_m(grid: Grid) -> tuple[float | None, float | None]:
    """Return ascent and descent from the altitude [m], ``None`` where there is no altitude.

    Smoothed altitude must turn by more than a threshold before it counts: six standard deviations
    of what noise is left in it, at least 2 m and at most 15 m. Assumption; platforms use 2 m for
    barometers and 10 m for GPS altitude.
    """
    finite = np.isfinite(grid.altitude_m)
    if finite.sum() < 2:
        return None, None
    threshold = np.clip(CLIMB_SIGMAS * grid.altitude_noise_m, LEAST_CLIMB_M, MOST_CLIMB_M)
    return hysteresis(grid.altitude_m[finite], float(threshold))


def hysteresis(altitude: Floats, threshold: float) -> tuple[float, float]:
    """Return the sums of rises and of falls [m], turns of less than `threshold` [m] left out."""
    turns, last, upward = [float(altitude[0])], float(altitude[0]), None
    for height in _corners(altitude).tolist():
        if (height > last) is upward:
            turns[-1] = last = height
        elif abs(height - last) >= threshold:
            upward = height > last
            last = height
            turns.append(height)
    steps = np.diff(turns)
    return float(steps[steps > 0].sum()), float(np.abs(steps[steps < 0]).sum())


def _corners(values: Floats) -> Floats:
    """Keep the ends and every point from which the values do not go on as before."""
    steps = np.diff(values)
    corners = np.flatnonzero(steps[1:] * steps[:-1] <= 0) + 1
    return values[np.concatenate(([0], corners, [-1]))]


def mean_cadence(grid: Grid) -> float | None:
    """Return the mean cadence while moving [steps of both feet/min]."""
    moving = np.isfinite(grid.cadence_spm) & grid.moving
    return float(grid.cadence_spm[moving].mean()) if moving.any() else None


def _compared(total: float, source: str, track_m: float) -> tuple[str, ...]:
    if source not in {"device", "laps"} or not track_m:
        return ()
    if abs(track_m - total) <= max(DISAGREEMENT * total, DISAGREEMENT_M):
        return ()
    return (f"device says {total / 1000:.2f} km, track says {track_m / 1000:.2f} km",)


def _last(values: Floats) -> float:
    finite = values[np.isfinite(values)]
    return float(finite[-1]) if finite.size else 0.0


def _positive(value: float | None) -> float:
    return value if value is not None and np.isfinite(value) and value > 0 else 0.0
