"""Six further questions, asked together and corrected for their number; and backing off."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from kneeload.association.questions import ALPHA, Answer, Verdict, answer
from kneeload.association.selection import entry

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

QUESTIONS = {
    "week_sum_km": "distance in 7 days",
    "long_run_ratio": "length over the longest run of 30 days",
    "descent_m": "metres downhill",
    "hard_min": "hard minutes",
    "knee_load": "knee load",
    "days_in_row": "running days in a row",
}


@dataclass(frozen=True, kw_only=True)
class Question:
    """One secondary question: the column, what it means and its answer; `p_holm` is corrected."""

    exposure: str
    meaning: str
    answer: Answer
    p_holm: float | None


def secondary(scored: pd.DataFrame) -> tuple[Question, ...]:
    """Ask the six secondary questions as `primary` asks its own.

    A verdict stands where the corrected p is at most .05. What is corrected is the p of the
    interval: shifts of a year's diary cannot reach a sixth of .05.

    Parameters
    ----------
    scored
        Runs in time order with their scores and `kneeload.association.run_scores.with_history`.

    References
    ----------
    Holm S. Scand J Stat 1979;6:65-70.
    """
    look = entry(scored, ("before", "next_morning"))
    raw = [
        answer(scored, x=name, y="next_morning", controls=("before",), look=look)
        for name in QUESTIONS
    ]
    corrected = holm([a.interval_p for a in raw])
    asked = zip(QUESTIONS.items(), raw, corrected, strict=True)
    return tuple(
        Question(exposure=name, meaning=meaning, answer=_held(a, p), p_holm=p)
        for (name, meaning), a, p in asked
    )


def holm(ps: Sequence[float | None]) -> list[float | None]:
    """Return Holm's adjusted p values; ``None`` is a test that was not made."""
    made = sorted((p, i) for i, p in enumerate(ps) if p is not None)
    steps = [p * (len(made) - rank) for rank, (p, _) in enumerate(made)]
    adjusted = np.minimum(np.maximum.accumulate(np.array(steps)), 1.0).tolist()
    place = {i: p for (_, i), p in zip(made, adjusted, strict=True)}
    return [place.get(i) for i in range(len(ps))]


def backing_off(scored: pd.DataFrame) -> Answer:
    """Answer whether pain before a run went with a shorter run.

    The "before" score against that run's distance, partial on the previous run's distance and on
    a smooth of time; withheld where runs with and without that score differ. "You backed off when
    it hurt" is said where the verdict is ``negative``. Grade: *assumption*; it misses most runners
    who do back off where load also raises their pain.

    Parameters
    ----------
    scored
        Runs in time order with before, distance_km and previous_km.
    """
    look = entry(scored, ("before",))
    return answer(scored, x="before", y="distance_km", controls=("previous_km",), look=look)


def _held(found: Answer, p: float | None) -> Answer:
    if p is None or found.rho is None:
        return found
    called: Verdict = "positive" if found.rho > 0 else "negative"
    return replace(found, verdict=called if p <= ALPHA else "none")
