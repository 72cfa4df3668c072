"""One run along its way: means over short stretches, and splits, from its second-by-second streams.

No position enters and none comes out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kneeload.measures.knee_load import PEAK_BW, WALKING_BW, WALKING_SPM, peak_force_bw
from kneeload.measures.own_cadence import PUBLISHED_SLOPE

if TYPE_CHECKING:
    import pandas as pd

    from kneeload.arrays import Floats, Ints

STRETCHES = 150
_LEAST_M = 25.0
_REST = 0.05


@dataclass(frozen=True, kw_only=True, eq=False)
class Along:
    """Means over stretches of equal length; NaN where a quantity was not measured.

    Parameters
    ----------
    km
        Middle of each stretch [km].
    pace_s
        Moving time per kilometre [s/km].
    hr_bpm, cadence_spm, grade
        Means over the stretch [1/min, 1/min, m/m].
    knee
        Knee load per kilometre [equivalent flat kilometres]; 1 is the runner's usual flat running.
    """

    km: Floats
    pace_s: Floats
    hr_bpm: Floats
    cadence_spm: Floats
    grade: Floats
    knee: Floats


@dataclass(frozen=True, kw_only=True)
class Split:
    """One kilometre or mile of a run, or what is left at its end.

    Parameters
    ----------
    km
        Its length [km].
    moving_s, hr_bpm, cadence_spm, ascent_m, descent_m, knee_km
        Time [s], means [1/min], metres up and down [m] and knee load [equivalent flat km]; None
        where it was not measured.
    """

    km: float
    moving_s: float
    hr_bpm: float | None
    cadence_spm: float | None
    ascent_m: float | None
    descent_m: float | None
    knee_km: float | None


@dataclass(frozen=True, kw_only=True)
class Usual:
    """The runner's own flat running at the time: speed [m/s] and cadence [1/min]."""

    mps: float
    spm: float


def along(streams: pd.DataFrame, usual: Usual | None, knee_km: float | None) -> Along | None:
    """Return the run over stretches of equal length; None where no way was recorded.

    Parameters
    ----------
    streams
        As `kneeload.measures.streams.streams` returns them.
    usual
        Without it there is no knee load.
    knee_km
        The run's knee load [equivalent flat km], to which the stretches add up.
    """
    way = _way(streams)
    if way is None or way[-1] < _LEAST_M:
        return None
    # Never shorter than the noise of a watch's distance.
    count = int(max(1, min(STRETCHES, way[-1] // _LEAST_M)))
    length = way[-1] / count
    stretch = np.minimum((way / length).astype(np.int64), count - 1)
    columns = _columns(streams, stretch, count)
    seconds = _between(_seconds(streams), way, np.arange(count + 1) * length)
    return Along(
        km=(np.arange(count) + 0.5) * length / 1000,
        pace_s=seconds / length * 1000,
        hr_bpm=columns["hr_bpm"],
        cadence_spm=columns["cadence_spm"],
        grade=columns["grade"],
        knee=_sums(_knee(streams, usual, knee_km), stretch, count) / length * 1000,
    )


def _way(streams: pd.DataFrame) -> Floats | None:
    """Return the way at each second [m], never shrinking; None where there is none."""
    way = streams["distance_m"].to_numpy(np.float64)
    if not np.isfinite(way).any():
        return None
    grown: Floats = np.maximum.accumulate(np.nan_to_num(way, nan=0.0))
    return grown


def _columns(streams: pd.DataFrame, part: Ints, count: int) -> dict[str, Floats]:
    seconds = _seconds(streams)
    return {
        name: _mean(streams[name].to_numpy(np.float64), seconds, part, count)
        for name in ("hr_bpm", "cadence_spm", "grade")
    }


def _between(seconds: Floats, way: Floats, edges: Floats) -> Floats:
    """Return the moving time between places along the way [m], between whole seconds too."""
    times: Floats = np.diff(np.interp(edges, way, np.cumsum(seconds)))
    return times


def _seconds(streams: pd.DataFrame) -> Floats:
    """Return the moving time of each step [s]."""
    clock = streams["clock_s"].to_numpy(np.float64)
    step_s = clock[1] - clock[0] if clock.size > 1 else 1.0
    seconds: Floats = np.where(streams["moving"].to_numpy(bool), step_s, 0.0)
    return seconds


def _mean(values: Floats, weight: Floats, part: Ints, count: int) -> Floats:
    """Return the weighted mean of the measured values of each part, NaN where there is none."""
    measured = np.isfinite(values) & (weight > 0)
    total = np.bincount(part, np.where(measured, values * weight, 0.0), count)
    whole = np.bincount(part, np.where(measured, weight, 0.0), count)
    mean: Floats = np.divide(total, whole, out=np.full(count, np.nan), where=whole > 0)
    return mean


def _sums(values: Floats, part: Ints, count: int) -> Floats:
    """Return the sums of `values` in each part."""
    return np.bincount(part, values, count).astype(np.float64)


def _knee(streams: pd.DataFrame, usual: Usual | None, knee_km: float | None) -> Floats:
    """Return each second's share of the run's knee load [equivalent flat km].

    The model of `kneeload.measures.knee_load`, with the own cadence at a speed on the published
    slope; the shares are scaled to the run's own number. Grade *laboratory*, see there.
    """
    unknown = np.full(len(streams), np.nan)
    if usual is None or knee_km is None:
        return unknown
    speed = np.nan_to_num(streams["speed_mps"].to_numpy(np.float64))
    usual_spm = np.maximum(usual.spm + PUBLISHED_SLOPE * (speed - usual.mps), 1.0)
    cadence = streams["cadence_spm"].to_numpy(np.float64)
    cadence = np.where(np.isfinite(cadence), cadence, usual_spm)
    force = peak_force_bw(speed, cadence / usual_spm, streams["grade"].to_numpy(np.float64))
    walking = cadence < WALKING_SPM
    load = np.where(walking, WALKING_BW, force) / PEAK_BW * cadence * _seconds(streams)
    total = float(load.sum())
    shares: Floats = np.multiply(load, knee_km / total) if total > 0 else unknown
    return shares


def splits(
    streams: pd.DataFrame, usual: Usual | None, knee_km: float | None, unit_km: float
) -> tuple[Split, ...]:
    """Return the run cut at every kilometre or mile, the rest as the last; parameters as `along`.

    Parameters
    ----------
    unit_km
        Length of a split [km].
    """
    way = _way(streams)
    if way is None or way[-1] < _LEAST_M:
        return ()
    # A rest too short to run a pace over belongs to the last whole split.
    count = max(int(np.ceil(way[-1] / 1000 / unit_km - _REST)), 1)
    part = np.minimum((way / 1000 / unit_km).astype(np.int64), count - 1)
    columns = _columns(streams, part, count)
    lengths = np.full(count, unit_km)
    lengths[-1] = way[-1] / 1000 - unit_km * (count - 1)
    seconds = _between(_seconds(streams), way, np.append(0, np.cumsum(lengths)) * 1000)
    knee = _sums(_knee(streams, usual, knee_km), part, count)
    up, down = _climbs(streams, way, part, count)
    return tuple(
        Split(
            km=float(lengths[n]),
            moving_s=float(seconds[n]),
            hr_bpm=_measured(columns["hr_bpm"][n]),
            cadence_spm=_measured(columns["cadence_spm"][n]),
            ascent_m=_measured(up[n]),
            descent_m=_measured(down[n]),
            knee_km=_measured(knee[n]),
        )
        for n in range(count)
    )


def _climbs(streams: pd.DataFrame, way: Floats, part: Ints, count: int) -> tuple[Floats, Floats]:
    """Return metres up and down in each part: its slope times its way, as the slope is smoothed."""
    grade, nothing = streams["grade"].to_numpy(np.float64), np.full(count, np.nan)
    if not np.isfinite(grade).any():
        return nothing, nothing
    rise = np.nan_to_num(grade) * np.diff(way, prepend=0.0)
    return _sums(np.maximum(rise, 0), part, count), _sums(np.maximum(-rise, 0), part, count)


def _measured(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
