"""New spells of pain: the one definition, for the return after pain and for the association."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from kneeload.arrays import Bools, Floats

ONSET_SCORE = 3
QUIET_SCORE = 1
QUIET_DAYS = 7


def at_risk(score: Floats, resting: Bools | None = None) -> Bools:
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


def onsets(score: Floats, resting: Bools | None = None) -> Bools:
    """Return the days on which pain set in: at least 3 on a day at risk."""
    return at_risk(score, resting) & (score >= ONSET_SCORE)
