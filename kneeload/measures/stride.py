"""A runner's own cadence at each speed and own usual speed, as they were when a run took place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kneeload.measures.profile import CADENCE_STEP_SPM, GRADE_ZERO, SPEED_STEP_MPS, UNKNOWN

if TYPE_CHECKING:
    from kneeload.measures.arrays import Bools, Floats, Ints
    from kneeload.measures.profile import Profiles

BLOCK_DAYS = 30
WINDOW_BLOCKS = 3
FLAT_CODES = 3
LEAST_S = 1800
SPEED_CODES = (18, 71)
CADENCE_CODES = (65, 121)
PUBLISHED_MPS = 3.0
PUBLISHED_SPM = 159.4
PUBLISHED_SLOPE = 22.3
SLOPE_WEIGHT = 180.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Stride:
    """One value per run.

    Parameters
    ----------
    cadence_spm
        Own cadence at the usual speed [steps of both feet/min].
    slope
        Change of the own cadence with speed [1/min per m/s].
    usual_mps
        Median speed of flat running [m/s].
    """

    cadence_spm: Floats
    slope: Floats
    usual_mps: Floats

    def cadence_at(self, run: Ints, speed: Floats) -> Floats:
        """Return the own cadence of each run at a speed [steps of both feet/min]."""
        return self.cadence_spm[run] + self.slope[run] * (speed - self.usual_mps[run])


def own_strides(days: Ints, running: Bools, profiles: Profiles) -> Stride:
    """Return each run's own stride, from the flat running of the 90 days before its block.

    Days are cut into blocks of 30; a run is compared with the three blocks before its own, so that
    later runs never change it (the first block is compared with itself). Where these hold less than
    half an hour of running with cadence, the newest earlier blocks that do stand in, else the
    published cadence.

    Parameters
    ----------
    days
        Day number of each run.
    running
        Whether a run counts here.

    Notes
    -----
    The line goes through the medians at each speed, weighted by time. Its slope is drawn towards
    the published one as if that had been seen for an hour over a spread of 0.22 m/s, since many
    runners hardly vary their speed. Assumption.
    """
    blocks, block = np.unique(days // BLOCK_DAYS, return_inverse=True)
    time = _times(block, blocks.size, running, profiles)
    first = np.searchsorted(blocks, blocks - WINDOW_BLOCKS + 1)
    summed = np.concatenate(
        (np.zeros((1, *time.shape[1:]), dtype=np.int64), np.cumsum(time, axis=0))
    )
    windows = summed[1:] - summed[first]
    cadence, slope, usual = _lines(windows)
    source = _sources(windows.sum(axis=(1, 2)) >= LEAST_S)[block]
    known = source >= 0
    return Stride(
        cadence_spm=np.where(known, cadence[source], PUBLISHED_SPM),
        slope=np.where(known, slope[source], PUBLISHED_SLOPE),
        usual_mps=np.where(known, usual[source], PUBLISHED_MPS),
    )


def _times(block: Ints, blocks: int, running: Bools, profiles: Profiles) -> Ints:
    """Return seconds of flat running by block, speed code and cadence code."""
    speeds, cadences = np.diff(SPEED_CODES)[0], np.diff(CADENCE_CODES)[0]
    speed = profiles.cell_speed - SPEED_CODES[0]
    cadence = profiles.cell_cadence - CADENCE_CODES[0]
    slope = profiles.cell_grade
    flat = (slope == UNKNOWN) | (np.abs(slope - GRADE_ZERO) <= FLAT_CODES)
    used = flat & running[profiles.cell_run] & (speed >= 0) & (speed < speeds)
    used &= (cadence >= 0) & (cadence < cadences)
    place = (block[profiles.cell_run[used]] * speeds + speed[used]) * cadences + cadence[used]
    size = blocks * speeds * cadences
    seconds = np.bincount(place, weights=profiles.cell_s[used], minlength=size)
    return np.rint(seconds).astype(np.int64).reshape(blocks, speeds, cadences)


def _lines(windows: Ints) -> tuple[Floats, Floats, Floats]:
    """Return cadence at the usual speed, slope and usual speed of each window."""
    speed: Floats = np.arange(*SPEED_CODES, dtype=np.float64) * SPEED_STEP_MPS
    weight = windows.sum(axis=2).astype(np.float64)
    total = np.maximum(weight.sum(axis=1), 1.0)
    median = CADENCE_STEP_SPM * (_median_code(windows) + CADENCE_CODES[0])
    mean_speed, mean_cadence = weight @ speed / total, (weight * median).sum(axis=1) / total
    off = speed - mean_speed[:, None]
    spread = (weight * off**2).sum(axis=1)
    together = (weight * off * (median - mean_cadence[:, None])).sum(axis=1)
    slope = (together + SLOPE_WEIGHT * PUBLISHED_SLOPE) / (spread + SLOPE_WEIGHT)
    usual: Floats = speed[_median_code(windows.sum(axis=2))]
    cadence: Floats = mean_cadence + slope * (usual - mean_speed)
    return cadence, slope, usual


def _median_code(counts: Ints) -> Ints:
    """Return the index at which half of each last axis is reached."""
    reached = np.cumsum(counts, axis=-1)
    below: Ints = (2 * reached < reached[..., -1:]).sum(axis=-1)
    return below


def _sources(enough: Bools) -> Ints:
    """Return for each block the newest window before it that holds enough, -1 where none does."""
    index = np.where(enough, np.arange(enough.size), -1)
    before = np.maximum.accumulate(np.concatenate(([-1], index[:-1])))
    first = np.flatnonzero(enough)
    return np.where(before >= 0, before, first[0] if first.size else -1)
