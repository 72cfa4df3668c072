"""The running clock cut into equal steps: what speed, grade and climb are computed on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from kneeload.arrays import centred_mean, growth, median

if TYPE_CHECKING:
    from kneeload.arrays import Bools, Floats
    from kneeload.measures.tracks import Track

MAX_POINTS = 100_000
STANDING_MPS = 0.5
SPEED_HALF_S = 5
ALTITUDE_HALF_S = 12
LEAST_ALTITUDE_SHARE = 0.25
GRADE_HALF_S = 7
MIN_GRADE_WAY_M = 10.0
MAX_GRADE = 0.30


@dataclass(frozen=True, kw_only=True, eq=False)
class Grid:
    """Equal steps of the running clock; NaN where a quantity was not measured.

    Parameters
    ----------
    step_s
        Length of a step [s]: 1, more only beyond 100,000 steps.
    distance_m
        Way since the start [m].
    altitude_m
        Altitude, moving mean over 25 s [m].
    altitude_noise_m
        Standard deviation of what noise is left in it [m], from neighbouring raw values.
    cadence_spm
        Steps of both feet [1/min].
    speed_mps
        Speed over 10 s [m/s].
    """

    step_s: float
    distance_m: Floats
    altitude_m: Floats
    altitude_noise_m: float
    cadence_spm: Floats
    speed_mps: Floats

    @cached_property
    def moving(self) -> Bools:
        """Which steps are movement: all but those known to be slower than 0.5 m/s."""
        return ~(self.speed_mps < STANDING_MPS)


def as_grid(track: Track) -> Grid:
    """Return the track on equal steps of its running clock."""
    step_s = max(1.0, track.duration_s / MAX_POINTS)
    size = int(track.duration_s / step_s) + 1 if track.timed else 0
    clock = np.arange(size, dtype=np.float64) * step_s
    distance = _sampled(clock, track, track.way_m)
    altitude = _sampled(clock, track, _blank_if_constant(track.altitude_m))
    half = _steps(ALTITUDE_HALF_S, step_s)
    return Grid(
        step_s=step_s,
        distance_m=distance,
        altitude_m=_smoothed(altitude, half),
        altitude_noise_m=_noise(altitude) / np.sqrt(2 * half + 1),
        cadence_spm=_newest_value(size, step_s, track, track.cadence_spm),
        speed_mps=_speed(distance, step_s),
    )


def grades(grid: Grid) -> Floats:
    """Return the slope at each step as a fraction, NaN where it cannot be told.

    Rise over way of 14 s of smoothed altitude, clipped to 0.30; ways under 10 m tell no slope.
    Assumptions, all three.
    """
    half = _steps(GRADE_HALF_S, grid.step_s)
    way, rise = growth(grid.distance_m, half), growth(grid.altitude_m, half)
    return np.clip(rise / np.where(way >= MIN_GRADE_WAY_M, way, np.nan), -MAX_GRADE, MAX_GRADE)


def _blank_if_constant(altitude: Floats) -> Floats:
    """Blank an altitude that tells nothing: one that never changes, or that hardly ever occurs."""
    finite = altitude[np.isfinite(altitude)]
    tells = finite.size >= max(2, LEAST_ALTITUDE_SHARE * altitude.size) and np.ptp(finite) > 0
    return altitude if tells else np.full(altitude.size, np.nan)


def _speed(distance: Floats, step_s: float) -> Floats:
    if distance.size < 2:
        return np.full(distance.size, np.nan)
    half = _steps(SPEED_HALF_S, step_s)
    return growth(distance, half) / (growth(np.arange(distance.size), half) * step_s)


def _sampled(clock: Floats, track: Track, values: Floats) -> Floats:
    """Interpolate linearly, NaN before the first and after the last known value."""
    finite = np.isfinite(values)
    if not finite.any():
        return np.full(clock.size, np.nan)
    return np.interp(clock, track.clock_s[finite], values[finite], left=np.nan, right=np.nan)


def _newest_value(size: int, step_s: float, track: Track, values: Floats) -> Floats:
    """Take the newest record's value: each stands from its own step until the next one's."""
    steps = np.ceil(track.clock_s / step_s).astype(np.int64)
    return np.repeat(values, np.diff(steps, append=size))


def _smoothed(altitude: Floats, half: int) -> Floats:
    rows = np.flatnonzero(np.isfinite(altitude))
    if not rows.size:
        return altitude
    inner = slice(rows[0], rows[-1] + 1)
    smooth = altitude.copy()
    smooth[inner] = centred_mean(altitude[inner], half)
    return smooth


def _noise(altitude: Floats) -> float:
    """Return the standard deviation of white noise that would give the differences seen."""
    differences = np.abs(np.diff(altitude[np.isfinite(altitude)]))
    # 1.4826 makes the median a standard deviation; a difference has the noise of two values.
    return median(differences) * 1.4826 / np.sqrt(2) if differences.size else 0.0


def _steps(seconds: float, step_s: float) -> int:
    return max(1, round(seconds / step_s))
