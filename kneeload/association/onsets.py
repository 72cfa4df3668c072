"""Onsets of pain, and what the week before each held beside the runner's own quiet days.

Everything works on the last axis, the days; a simulated cohort is a matrix.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Places = NDArray[np.int64]

ONSET_SCORE = 3
QUIET_SCORE = 1
QUIET_DAYS = 7
WINDOW_DAYS = 7
MIN_ONSETS = 10
OFFSETS = np.array([d for d in range(-28, 29) if abs(d) >= WINDOW_DAYS])
_MOST_SILENT = 3
_DRAWS = 1999


def at_risk(score: Floats, resting: Flags | None = None) -> Flags:
    """Return the recorded days on which an onset could be seen.

    The seven recorded days before are at most 1 each, and the day is not part of an injury.

    Parameters
    ----------
    score
        Worst score of each day [0-10], NaN where none was written.
    resting
        Days of injury.
    """
    recorded = ~np.isnan(score)
    so_far = np.cumsum(recorded, axis=-1)
    loud = np.where(recorded & (score > QUIET_SCORE), so_far, 0)
    quiet = so_far - np.maximum.accumulate(loud, axis=-1)
    before = np.concatenate([np.zeros_like(quiet[..., :1]), quiet[..., :-1]], axis=-1)
    able = recorded & (before >= QUIET_DAYS)
    return able if resting is None else able & ~resting


def onsets(score: Floats, resting: Flags | None = None) -> Flags:
    """Return the days on which pain set in: at least 3 on a day at risk."""
    return at_risk(score, resting) & (score >= ONSET_SCORE)


def week_before(daily: Floats) -> Floats:
    """Return the sum of the seven days before each day, NaN where one of them is unknown."""
    padded = np.concatenate([np.full((*daily.shape[:-1], WINDOW_DAYS), np.nan), daily], axis=-1)
    windows = np.lib.stride_tricks.sliding_window_view(padded[..., :-1], WINDOW_DAYS, axis=-1)
    return np.asarray(windows.sum(axis=-1), dtype=np.float64)


@dataclass(frozen=True, eq=False)
class Sets:
    """Each onset with its referents, the onset first.

    Parameters
    ----------
    place
        Where the onsets are; one index array per axis of the input.
    values
        Exposure; NaN where a day is no referent. Shape (onsets, 1 + referents).
    """

    place: tuple[Places, ...]
    values: Floats

    @property
    def usual(self) -> dict[int, float]:
        """Mean exposure of the referents, by the day of the onset."""
        means = np.nanmean(self.values[:, 1:], axis=1).tolist() if len(self.values) else []
        return dict(zip(self.place[-1].tolist(), means, strict=True))

    @property
    def difference(self) -> Floats:
        """Each onset's exposure less the mean of its referents'."""
        return np.asarray(self.values[:, 0] - np.nanmean(self.values[:, 1:], axis=1))


def referent_sets(exposure: Floats, score: Floats, resting: Flags | None = None) -> Sets:
    """Set each onset beside the same runner's quiet days 7 to 28 days before and after it.

    A referent is a day at risk that stayed quiet: it and the seven recorded days before it are at
    most 1. Referents without that condition would come from the easy weeks after the onset. Its
    last score lies as many days back as the onset's (three and more count as one), for scores come
    with runs: pain that set in during a pause is found after it, and would blame the pause.
    Onsets of unknown exposure, or without a referent, are left out.

    References
    ----------
    Maclure M. Am J Epidemiol 1991;133:144-153, doi:10.1093/oxfordjournals.aje.a115853.
    """
    able = at_risk(score, resting)
    case = np.nonzero(able & (score >= ONSET_SCORE))
    quiet = np.where(able & (score <= QUIET_SCORE), exposure, np.nan)
    days = case[-1][:, None] + OFFSETS
    inside = (days >= 0) & (days < score.shape[-1])
    rows = tuple(axis[:, None] for axis in case[:-1])
    there = (*rows, np.clip(days, 0, score.shape[-1] - 1))
    silent = _days_silent(score)
    alike = inside & (silent[there] == silent[case][:, None])
    values = np.column_stack([exposure[case], np.where(alike, quiet[there], np.nan)])
    usable = ~np.isnan(values[:, 0]) & ~np.isnan(values[:, 1:]).all(axis=1)
    return Sets(tuple(axis[usable] for axis in case), values[usable])


def _days_silent(score: Floats) -> Places:
    """Return for each day how many days back the last score lies, at most three."""
    silent = np.full(score.shape, _MOST_SILENT, dtype=np.int64)
    for back in range(_MOST_SILENT - 1, 0, -1):
        silent[..., back:][~np.isnan(score[..., :-back])] = back
    return silent


def crossover_p(sets: Sets, seed: int) -> float | None:
    """Return the two-sided p that onsets have the exposure of any day of their sets.

    The onset trades places with a day of its own set, at random and seeded, which is the exact form
    of the conditional logistic score test. ``None`` below ten onsets.

    Raises
    ------
    ValueError
        If `seed` is negative.
    """
    values = sets.values
    if len(values) < MIN_ONSETS:
        return None
    centred = values - np.nanmean(values, axis=1, keepdims=True)
    size = (~np.isnan(values)).sum(axis=1)
    packed = np.take_along_axis(centred, np.argsort(np.isnan(values), axis=1, kind="stable"), 1)
    picks = np.random.default_rng(seed).random((_DRAWS, len(values))) * size
    drawn = packed[np.arange(len(values)), picks.astype(int)].sum(axis=1)
    as_far = np.abs(drawn) >= abs(centred[:, 0].sum()) - 1e-9
    return float((1 + as_far.sum()) / (1 + _DRAWS))
