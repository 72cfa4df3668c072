"""A runner's own cadence at each speed and own usual speed, as they were when a run took place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kneeload.measures.profile import CADENCE_STEP_SPM, GRADE_ZERO, SPEED_STEP_MPS, UNKNOWN

if TYPE_CHECKING:
    import numpy.typing as npt

    from kneeload.arrays import Bools, Floats, Ints
    from kneeload.measures.profile import Profiles

    Seconds = npt.NDArray[np.int32]

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
    level_spm
        Own cadence at 3 m/s [steps of both feet/min].
    slope
        Change of the own cadence with speed [1/min per m/s].
    usual_mps
        Median speed of flat running [m/s].
    """

    level_spm: Floats
    slope: Floats
    usual_mps: Floats

    @property
    def usual_spm(self) -> Floats:
        """Own cadence at the usual speed [steps of both feet/min]."""
        return self.level_spm + self.slope * (self.usual_mps - PUBLISHED_MPS)

    def of(self, runs: slice) -> Stride:
        """Return the strides of some runs."""
        return Stride(
            level_spm=self.level_spm[runs], slope=self.slope[runs], usual_mps=self.usual_mps[runs]
        )

    def cadence_at(self, run: Ints, speed: Floats) -> Floats:
        """Return the own cadence of each run at a speed [steps of both feet/min]."""
        return self.level_spm[run] + self.slope[run] * (speed - PUBLISHED_MPS)


def own_strides(days: Ints, running: Bools, profiles: Profiles) -> Stride:
    """Return each run's own stride, from the flat running of the 90 days before its block.

    Days are cut into blocks of 30; a run is compared with the three blocks before its own, so that
    later runs never change it (the first block is compared with itself). Where these hold less than
    half an hour of running, the newest earlier blocks that do stand in, else the first that do,
    else what is published.

    Parameters
    ----------
    days
        Day number of each run.
    running
        Whether a run counts here.

    Notes
    -----
    The line of the cadence goes through the medians at each speed, weighted by time. Its slope is
    drawn towards the published one as if that had been seen for an hour over a spread of 0.22 m/s,
    since many runners hardly vary their speed. Assumption.
    """
    blocks, block = np.unique(days // BLOCK_DAYS, return_inverse=True)
    windows = _windows(_times(block, blocks.size, running, profiles), blocks)
    with_steps, moved = windows[..., :-1], windows.sum(axis=2)
    level, slope = _lines(with_steps)
    usual = SPEED_STEP_MPS * (_median_code(moved) + SPEED_CODES[0])
    with_cadence = _sources(with_steps.sum(axis=(1, 2)))[block]
    with_speed = _sources(moved.sum(axis=1))[block]
    return Stride(
        level_spm=np.where(with_cadence >= 0, level[with_cadence], PUBLISHED_SPM),
        slope=np.where(with_cadence >= 0, slope[with_cadence], PUBLISHED_SLOPE),
        usual_mps=np.where(with_speed >= 0, usual[with_speed], PUBLISHED_MPS),
    )


def _times(block: Ints, blocks: int, running: Bools, profiles: Profiles) -> Seconds:
    """Return seconds of flat running by block, speed and cadence code, unknown cadence last."""
    speeds, cadences = SPEED_CODES[1] - SPEED_CODES[0], CADENCE_CODES[1] - CADENCE_CODES[0]
    codes = np.arange(UNKNOWN + 1)
    flat = (codes == UNKNOWN) | (np.abs(codes - GRADE_ZERO) <= FLAT_CODES)
    speed = codes - SPEED_CODES[0]
    cadence = np.where(codes == UNKNOWN, cadences, codes - CADENCE_CODES[0])
    used = flat[profiles.cell_grade] & running[profiles.cell_run]
    used &= ((speed >= 0) & (speed < speeds))[profiles.cell_speed]
    used &= ((cadence >= 0) & (cadence <= cadences))[profiles.cell_cadence]
    shape = (blocks, speeds, cadences + 1)
    row = block[profiles.cell_run] * speeds + speed[profiles.cell_speed]
    place = row * (cadences + 1) + cadence[profiles.cell_cadence]
    seconds = np.bincount(place[used], profiles.cell_s[used], int(np.prod(shape)))
    return np.rint(seconds).astype(np.int32).reshape(shape)


def _windows(times: Seconds, blocks: Ints) -> Seconds:
    """Return the sums over each block and those before it that lie in its window."""
    summed = np.zeros((len(times) + 1, *times.shape[1:]), dtype=np.int32)
    np.cumsum(times, axis=0, out=summed[1:])
    windows: Seconds = summed[1:] - summed[np.searchsorted(blocks, blocks - WINDOW_BLOCKS + 1)]
    return windows


def _lines(windows: Seconds) -> tuple[Floats, Floats]:
    """Return the cadence at 3 m/s and the slope of each window's line."""
    speed: Floats = np.arange(*SPEED_CODES, dtype=np.float64) * SPEED_STEP_MPS
    weight = windows.sum(axis=2).astype(np.float64)
    total = np.maximum(weight.sum(axis=1), 1.0)
    median = CADENCE_STEP_SPM * (_median_code(windows) + CADENCE_CODES[0])
    mean_speed, mean_cadence = weight @ speed / total, (weight * median).sum(axis=1) / total
    off = speed - mean_speed[:, None]
    spread = (weight * off**2).sum(axis=1)
    together = (weight * off * (median - mean_cadence[:, None])).sum(axis=1)
    slope: Floats = (together + SLOPE_WEIGHT * PUBLISHED_SLOPE) / (spread + SLOPE_WEIGHT)
    level: Floats = mean_cadence + slope * (PUBLISHED_MPS - mean_speed)
    return level, slope


def _median_code(counts: Seconds) -> Ints:
    """Return the index at which half of each last axis is reached."""
    reached = np.cumsum(counts, axis=-1, dtype=np.int32)
    below: Ints = (2 * reached < reached[..., -1:]).sum(axis=-1)
    return below


def _sources(seconds: Seconds) -> Ints:
    """Return for each block the newest window before it that holds enough, -1 where none does."""
    enough = seconds >= LEAST_S
    index = np.where(enough, np.arange(enough.size), -1)
    before = np.maximum.accumulate(np.concatenate(([-1], index[:-1])))
    first = np.flatnonzero(enough)
    return np.where(before >= 0, before, first[0] if first.size else -1)
