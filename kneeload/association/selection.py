"""Whether the runs that were scored are like those that were not, for only then can links be read.

Who writes a score when it hurts or after a long run fills the diary with painful short runs and
painless long ones, and finds a link that is not there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from kneeload.association.rank_correlation import normal_p, ranks, without_time
from kneeload.calendar import day_numbers

if TYPE_CHECKING:
    import pandas as pd

    from kneeload.arrays import Bools, Floats


ALPHA = 0.05
LONG_ALPHA = 0.03
EVEN_AUC = (0.45, 0.55)
MOSTLY_SCORED = 0.9
_TIES = 1e-9


@dataclass(frozen=True, kw_only=True)
class Selective:
    """Distances of the runs with and without the scores that a question needs.

    Parameters
    ----------
    p, auc
        Two-sided p of the rank test (Mann-Whitney), and how often a run with scores is longer than
        one without; at equal time, so that a quiet winter does not count. ``None`` where either
        kind is lacking.
    long_p
        The same of a rank test that looks at the longest runs (Savage scores).
    median_with_km, median_without_km
        Medians of the distances as run [km]; ``None`` without such a run.
    runs_with, runs_without
        How many runs they rest on, from the first run with scores to the last.
    """

    p: float | None = None
    long_p: float | None = None
    auc: float | None = None
    median_with_km: float | None = None
    median_without_km: float | None = None
    runs_with: int = 0
    runs_without: int = 0

    @property
    def withholds(self) -> bool:
        """Whether the two differ so that a verdict could be the choice of runs alone.

        Where nine runs of ten are scored the rest cannot decide anything. Grade of the limits:
        *assumption*, chosen by simulation.
        """
        if self.p is None or self.long_p is None or self.auc is None:
            return False
        low, high = EVEN_AUC
        uneven = self.p < ALPHA and not low <= self.auc <= high
        few = self.runs_with < MOSTLY_SCORED * (self.runs_with + self.runs_without)
        return few and (uneven or self.long_p < LONG_ALPHA)


def selective(km: Floats, day: Floats, scored: Bools) -> Selective:
    """Compare the distances of the runs that were scored with those of the others.

    Parameters
    ----------
    km, day
        Distance [km] and time [d] of each run, in order of time.
    scored
        Which runs have every score that the question needs.

    References
    ----------
    Mann HB, Whitney DR. Ann Math Stat 1947;18:50-60, doi:10.1214/aoms/1177730491.
    Savage IR. Ann Math Stat 1956;27:590-615, doi:10.1214/aoms/1177728170.
    """
    # Before the first score and after the last nobody chose: the diary had not begun, or had ended.
    inside = _from_first_to_last(scored)
    km, day, scored = km[inside], day[inside], scored[inside]
    count, unscored = int(scored.sum()), int((~scored).sum())
    medians = Selective(
        median_with_km=float(np.median(km[scored])) if count else None,
        median_without_km=float(np.median(km[~scored])) if unscored else None,
        runs_with=count,
        runs_without=unscored,
    )
    return _compared(medians, ranks(without_time(km, day)), scored) if count * unscored else medians


def entry(scored: pd.DataFrame, moments: tuple[str, ...], *, every: bool = True) -> Selective:
    """Compare the runs that have a score at every one of `moments`, or at any, with the others.

    Parameters
    ----------
    scored
        As `kneeload.association.run_scores.scored_runs` returns them.
    """
    has_score = [scored[moment].notna().to_numpy() for moment in moments]
    chosen = np.logical_and.reduce(has_score) if every else np.logical_or.reduce(has_score)
    km = scored["distance_km"].to_numpy(np.float64)
    return selective(km, day_numbers(scored["local_date"]).astype(np.float64), chosen)


def _from_first_to_last(scored: Bools) -> Bools:
    """Mark the runs from the first scored one to the last."""
    begun, lasting = np.maximum.accumulate(scored), np.maximum.accumulate(scored[::-1])[::-1]
    return np.asarray(begun & lasting)


def _compared(medians: Selective, place: Floats, scored: Bools) -> Selective:
    count = len(place)
    mean_place = float(place[scored].mean())
    return replace(
        medians,
        p=_score_p(place, scored),
        long_p=_score_p(-np.log1p(-(place - 0.5) / count), scored),
        # the rank sum less its least value, over the number of pairs of one run with another
        auc=(mean_place - (medians.runs_with + 1) / 2) / medians.runs_without,
    )


def _score_p(weights: Floats, scored: Bools) -> float:
    """Return the two-sided p that the scored runs' weights are any runs' (normal approximation)."""
    count, chosen = len(weights), int(scored.sum())
    centred = weights - weights.mean()
    # variance of the sum of `chosen` values drawn without putting back
    variance = chosen * (count - chosen) / (count * (count - 1)) * np.square(centred).sum()
    if np.ptp(weights) <= _TIES:
        return 1.0
    return float(normal_p(centred[scored].sum() / np.sqrt(variance)))
