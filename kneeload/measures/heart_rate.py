"""Heart rate as recorded to heart rate as it was: artefacts out, the rest untouched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kneeload.arrays import Bools, Floats, covered, highest, spans

if TYPE_CHECKING:
    from kneeload.measures.tracks import Track

LOWEST_BPM = 30
UNREAL_BPM = 240
JUMP_BPM_PER_S = 25.0
SHORT_S = 30.0
LOCK_BPM = 1.0
LOCK_S = 60.0
HOLD_S = 30.0
NEAR_LOCK_BPM, NEAR_LOCK_S = 3.0, 20.0
RISE_BPM, RISE_S, DOUBT_S = 25.0, 10.0, 120.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Heart:
    """Heart rate without artefacts.

    Parameters
    ----------
    bpm
        Rate at each record [1/min], NaN where it is missing or an artefact.
    doubtful
        Records too uncertain to set a highest value.
    held_s
        How long each record's rate stands [s]: until the next that has one, 30 s at most.
    locked_s
        Time during which the sensor counted steps instead [s].
    """

    bpm: Floats
    doubtful: Bools
    held_s: Floats
    locked_s: float

    @property
    def mean_bpm(self) -> float | None:
        """Mean over time [1/min]."""
        finite = np.isfinite(self.bpm)
        weights = self.held_s[finite]
        total = weights.sum()
        return float((self.bpm[finite] * weights).sum() / total) if total > 0 else None

    @property
    def max_bpm(self) -> float | None:
        """Highest value [1/min]."""
        finite = self.bpm[np.isfinite(self.bpm)]
        return float(finite.max()) if finite.size else None


def clean_heart(track: Track) -> Heart:
    """Return the heart rate of a track without artefacts.

    Left out are values under 30 and from 240 up, stretches of less than 30 s between jumps of more
    than 25 bpm in a second, and stretches of more than 60 s that equal the cadence (within 1, since
    many devices count cadence in twos). All limits are assumptions.
    """
    real = (track.hr_bpm >= LOWEST_BPM) & (track.hr_bpm < UNREAL_BPM)
    equal = real & (np.abs(track.hr_bpm - track.cadence_spm) <= LOCK_BPM)
    locked = _lasting(equal, track.clock_s, LOCK_S)
    steady = _steady(np.where(real & ~locked, track.hr_bpm, np.nan), track.clock_s)
    until_next = np.diff(track.clock_s, append=track.clock_s[-1:])
    held_s = _holding_s(steady, track.clock_s)
    doubtful = _doubtful(steady, track)
    return Heart(
        bpm=steady, doubtful=doubtful, held_s=held_s, locked_s=float(until_next[locked].sum())
    )


def peak_bpm(heart: Heart) -> float:
    """Return the highest 30-s median [1/min], NaN where there is none; doubtful records are none.

    A median of at least x means that half of the window's time is at x or above, so the answer is
    found by bisection over whole beats, begun near the highest rate. The window with the most time
    at x or above begins with a record that is, or is the last whole one.
    """
    clock = np.concatenate(([0.0], np.cumsum(heart.held_s)))
    ends_s = clock + SHORT_S - 1e-6
    last = int(np.searchsorted(ends_s, clock[-1], side="right")) - 1
    bpm = np.where(heart.doubtful, np.nan, heart.bpm)
    low, high, step = 0, int(highest(bpm)) + 1, 1
    while last >= 0 and high - low > 1:
        middle = max((low + high) // 2, high - step)
        rows = np.flatnonzero(bpm >= middle)
        reached = np.concatenate(([0.0], np.cumsum(heart.held_s[rows])))
        begins = np.append(rows[rows < last], last)
        ends = np.searchsorted(clock[rows], ends_s[begins])
        most = (reached[ends] - reached[: begins.size]).max()
        if most >= SHORT_S / 2:
            low = middle
        else:
            high, step = middle, 2 * step
    return float(low) if low else float("nan")


def _holding_s(bpm: Floats, clock_s: Floats) -> Floats:
    """Return how long each known rate stands, 0 for the others."""
    rows = np.flatnonzero(np.isfinite(bpm))
    seconds = np.zeros(bpm.size)
    seconds[rows] = np.minimum(np.diff(clock_s[rows], append=clock_s[-1:]), HOLD_S)
    return seconds


def _steady(bpm: Floats, clock_s: Floats) -> Floats:
    """Blank short stretches between jumps; what stands for 30 s or alone is believed."""
    rows = np.flatnonzero(np.isfinite(bpm))
    if rows.size < 2:
        return bpm
    jumps = np.abs(np.diff(bpm[rows])) > JUMP_BPM_PER_S * np.maximum(np.diff(clock_s[rows]), 1.0)
    starts = np.flatnonzero(np.concatenate(([True], jumps)))
    lasts = np.append(starts[1:], rows.size) - 1
    lasting = clock_s[rows[lasts]] - clock_s[rows[starts]] >= SHORT_S
    if starts.size == 1:
        return bpm
    # Every value gets the verdict of the stretch between two jumps that it lies in.
    lasts_long = np.repeat(lasting, lasts - starts + 1)
    steady = bpm.copy()
    steady[rows[~lasts_long]] = np.nan
    return steady


def _doubtful(bpm: Floats, track: Track) -> Bools:
    """Mark what may be steps instead: within 3 of the cadence for over 20 s, or after a leap.

    A leap is a rise of more than 25 bpm within 10 s; the two minutes after it are left out
    (assumption).
    """
    near = np.abs(bpm - track.cadence_spm) <= NEAR_LOCK_BPM
    doubtful = _lasting(near, track.clock_s, NEAR_LOCK_S)
    rows = np.flatnonzero(np.isfinite(bpm))
    clock, rate = track.clock_s[rows], bpm[rows]
    leapt = np.zeros(rows.size, dtype=np.bool_)
    # Compare each value with each earlier one within the window: at one a second, so many steps.
    for back in range(1, min(int(RISE_S), rows.size - 1) + 1):
        quick = clock[back:] - clock[:-back] <= RISE_S
        leapt[back:] |= quick & (rate[back:] - rate[:-back] > RISE_BPM)
    begins = np.searchsorted(track.clock_s, clock[leapt] - RISE_S)
    ends = np.searchsorted(track.clock_s, clock[leapt] + DOUBT_S, side="right")
    return doubtful | covered(begins, ends, bpm.size)


def _lasting(mask: Bools, clock_s: Floats, least_s: float) -> Bools:
    """Keep the stretches of True that last longer than `least_s`."""
    starts, ends = spans(mask)
    lasting = clock_s[ends - 1] - clock_s[starts] > least_s
    return covered(starts[lasting], ends[lasting], mask.size)
