"""Runs that are odd only among the runner's others: too fast for them, or in another decade."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from kneeload import formatting
from kneeload.arrays import ratio
from kneeload.calendar import day_numbers
from kneeload.measures.baselines import is_running
from kneeload.measures.plausibility import CLOCK, record_speed_mps

if TYPE_CHECKING:
    import pandas as pd

    from kneeload.arrays import Bools, Ints

# Over a given length, the runner's best is their best run so far, converted by Riegel's exponent.
RIEGEL = 0.06
BEST_MARGIN = 1.5
FEWEST_BEFORE = 10
LEAST_KM = 3.0
# Who has only jogged may race a third faster; the speed must also be near the world's best.
RECORD_SHARE = 0.6
ROLLOVER_DAYS = 1024 * 7
ALONE_DAYS = 730
AMONG_DAYS = 14

_ROLLED = "1,024 weeks before your other runs: a GPS clock whose week number rolled over"
_LOOKED_AT = ("accepted", "distance_km", "local_date", "shift_s")


def with_doubts(runs: pd.DataFrame, edits: dict[str, dict[str, Any]]) -> pd.DataFrame:
    """Return `runs` with those marked suspect that the others make doubtful.

    A run is doubtful where it is 50 % faster than the runner's best run before it over the same
    length (by Riegel's formula) and faster than 60 % of the world record's speed, as a ride is that
    was recorded as a run; and where it lies two years and more from any other while 1,024 weeks
    later the runner ran (a GPS clock whose week number rolled over). Assumptions, all of them.

    Parameters
    ----------
    runs
        The activities by start, each once.
    edits
        The runner's edits; what was accepted, or edited in distance or date, is not doubtful.

    References
    ----------
    Riegel PS. Athletic records and human endurance. American Scientist 1981; 69: 285-290.
    """
    looked_at = {s for s, fields in edits.items() if any(fields.get(name) for name in _LOOKED_AT)}
    unreviewed = is_running(runs) & ~runs["suspect"].to_numpy(bool)
    unreviewed &= ~runs["run_id"].isin(looked_at).to_numpy(bool)
    reasons = {**_too_fast(runs, unreviewed), **_rolled_over(runs, unreviewed)}
    if not reasons:
        return runs
    texts = runs["suspect_reason"].tolist()
    for at, reason in reasons.items():
        texts[at] = reason
    doubtful = runs["suspect"].to_numpy(bool).copy()
    doubtful[list(reasons)] = True
    return runs.assign(suspect=doubtful, suspect_reason=texts).astype({"suspect_reason": "str"})


def _too_fast(runs: pd.DataFrame, unreviewed: Bools) -> dict[int, str]:
    km, seconds = runs["distance_km"].to_numpy(float), runs["moving_s"].to_numpy(float)
    speed = ratio(1000 * km, seconds)
    is_comparable = (
        is_running(runs) & ~runs["suspect"].to_numpy(bool) & np.isfinite(speed) & (km > 0)
    )
    order = np.argsort(runs["started_at"].to_numpy("datetime64[us]"), kind="stable")
    credible = RECORD_SHARE * record_speed_mps(1000 * np.nan_to_num(km))
    best, before, reasons = 0.0, 0, {}
    for at in order[is_comparable[order]].tolist():
        own_best = best * km[at] ** -RIEGEL
        limit = max(BEST_MARGIN * own_best, credible[at])
        comparable = unreviewed[at] and before >= FEWEST_BEFORE and km[at] >= LEAST_KM
        if comparable and speed[at] > limit:
            reasons[at] = _beyond(km[at], seconds[at], own_best)
            continue
        best, before = max(best, speed[at] * km[at] ** RIEGEL), before + 1
    return reasons


def _beyond(km: float, seconds: float, own_best: float) -> str:
    pace, best = formatting.pace(seconds, km), formatting.pace(1000 / own_best, 1)
    return f"{formatting.distance(km)} at {pace}; your best over that length so far is about {best}"


def _rolled_over(runs: pd.DataFrame, unreviewed: Bools) -> dict[int, str]:
    days = day_numbers(runs["local_date"])
    others = np.sort(days[~runs["suspect"].to_numpy(bool)])
    alone = _near(others, days, ALONE_DAYS) <= 1
    missed = _near(others, days + ROLLOVER_DAYS, AMONG_DAYS) > 0
    return {
        at: f"{CLOCK} {runs['local_date'].iloc[at]:%Y-%m-%d}, {_ROLLED}"
        for at in np.flatnonzero(unreviewed & alone & missed).tolist()
    }


def _near(days: Ints, at: Ints, within: int) -> Ints:
    """Return how many of the ordered `days` lie within so many of each day of `at`."""
    return np.searchsorted(days, at + within + 1) - np.searchsorted(days, at - within)
