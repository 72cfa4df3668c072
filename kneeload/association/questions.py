"""The one question fixed in advance: whether longer runs go with more pain the next morning."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from kneeload.association.rank_correlation import link, ranks
from kneeload.association.selection import Selective, entry
from kneeload.calendar import day_numbers
from kneeload.formatting import none_if_nan

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from kneeload.arrays import Floats


MIN_PAIRS = 40
MIN_WEEKS = 18
ALPHA = 0.05
NO_VARIATION = "scores that differ"
Verdict = Literal["positive", "negative", "none", "not_enough", "withheld"]

_DETECTABLE = ((40, 0.50), (58, 0.38), (116, 0.27))
_VARIED = 0.9


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One link between what was run and what was felt.

    Parameters
    ----------
    verdict
        ``none`` says that this much data showed nothing, not that nothing is there; ``withheld``
        that runs with and without scores differ, so that no number of theirs can be read.
    rho, low, high
        Partial Spearman correlation and its 95 % interval; ``None`` where there is no verdict.
    p, interval_p
        Two-sided, by circular shifts and of the interval.
    pairs, weeks
        How much data it rests on; weeks from the first pair to the last.
    detectable
        The smallest correlation that this much data finds in four cases of five, 1 at most.
    missing
        What the gate still asks for.
    painful, highest
        Mornings with a score above 0 among the pairs, and the highest of all; of the primary
        question only.
    selective
        The runs with scores beside those without.
    """

    verdict: Verdict
    pairs: int
    weeks: int
    rho: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    interval_p: float | None = None
    detectable: float | None = None
    missing: tuple[str, ...] = ()
    painful: int | None = None
    highest: int | None = None
    selective: Selective = field(default_factory=Selective)


def primary(scored: pd.DataFrame) -> Answer:
    """Answer the primary question from the runs that have both scores, in time order.

    Spearman correlation of the run's distance with the next morning's score, partial on the run's
    own "before" score and on a smooth of time. Fixed in advance, so that nothing is picked after
    the fact. Nothing is said where the runs with scores are longer or shorter than the others.
    Grade: *assumption*, chosen by simulation.

    Parameters
    ----------
    scored
        As `kneeload.association.run_scores.scored_runs` returns them.

    Returns
    -------
    Answer
        ``not_enough`` below 40 pairs or 18 weeks, or where a series never varies; with what is
        missing.
    """
    look = entry(scored, ("before", "next_morning"))
    result = answer(scored, x="distance_km", y="next_morning", controls=("before",), look=look)
    _, mornings, *_ = _complete(scored, "distance_km", "next_morning", "before")
    return replace(
        result,
        missing=(*_missing(result, scored), *result.missing),
        painful=int((mornings > 0).sum()),
        highest=int(mornings.max()) if len(mornings) else None,
    )


def answer(
    runs: pd.DataFrame, *, x: str, y: str, controls: tuple[str, ...], look: Selective
) -> Answer:
    """Return the link of two columns, partial on `controls` and time, behind the gate.

    Withheld where `look` shows that the runs were not scored alike.
    """
    *series, days = _complete(runs, x, y, *controls)
    count, weeks = len(days), span_weeks(days)
    unknown = Answer(verdict="not_enough", pairs=count, weeks=weeks, selective=look)
    if count < MIN_PAIRS or weeks < MIN_WEEKS:
        return unknown
    correlation = link(series[0], series[1], series[2:], days)
    # Without variation there is nothing to withhold, so that comes before the look at the choice.
    if np.isnan(correlation.rho):
        return replace(unknown, missing=(NO_VARIATION,))
    if look.withholds:
        return replace(unknown, verdict="withheld")
    positive, negative = bool(correlation.positive), bool(correlation.negative)
    verdict: Verdict = "positive" if positive else "negative" if negative else "none"
    return replace(
        unknown,
        verdict=verdict,
        rho=float(correlation.rho),
        low=none_if_nan(float(correlation.low)),
        high=none_if_nan(float(correlation.high)),
        p=float(correlation.p),
        interval_p=none_if_nan(float(correlation.interval_p)),
        detectable=detectable(count, varied(series[0]) * varied(series[1])),
    )


def span_weeks(days: Floats) -> int:
    """Return the weeks from the first day to the last, a begun week counted as one."""
    return int(np.ptp(days)) // 7 + 1 if len(days) else 0


def _complete(runs: pd.DataFrame, *names: str) -> list[Floats]:
    """Return the columns and day numbers of complete rows."""
    columns = [runs[name].to_numpy(np.float64) for name in names]
    complete = ~np.isnan(columns).any(axis=0)
    days = day_numbers(runs["local_date"]).astype(np.float64)
    return [column[complete] for column in (*columns, days)]


def varied(values: Floats) -> float:
    """Return what equal values leave of the spread of ranks: 1 without ties, 0 where all are equal.

    Of 131 mornings of which 8 hurt it is 0.41, and a correlation is at most that.
    """
    # Without ties the squares of centred ranks sum to n (n^2 - 1) / 12, the most they can.
    place = ranks(values)
    spread = float(np.square(place - place.mean()).sum())
    return float(np.sqrt(12 * spread / (len(place) * (len(place) ** 2 - 1))))


def detectable(pairs: int, spread: float = _VARIED) -> float:
    """Return the smallest partial correlation found with 80 % power by this many pairs.

    Scores that hardly vary, few painful mornings above all, hide a link: it is raised by as much
    as `spread` (`varied`) lies below the 0.9 of the simulated diaries, to 1 at most. Simulated at
    40, 58 and 116 pairs (18, 26 and 52 weeks) and interpolated in between by the square root of
    the number. Grade: *assumption*, to be read with an "about".
    """
    most, weakest = _DETECTABLE[-1]
    # The smallest rho falls with the square root of the pairs; the sign makes the roots rise, as
    # `np.interp` wants them.
    roots = [-1 / np.sqrt(n) for n, _ in _DETECTABLE]
    by_pairs = (
        weakest * float(np.sqrt(most / pairs))
        if pairs >= most
        else float(np.interp(-1 / np.sqrt(pairs), roots, [r for _, r in _DETECTABLE]))
    )
    return min(round(by_pairs * max(_VARIED / spread, 1.0), 2), 1.0)


def _missing(result: Answer, scored: pd.DataFrame) -> tuple[str, ...]:
    """Return what the gate still asks for, for example "14 more next-morning scores"."""
    mornings, befores = scored["next_morning"].count(), scored["before"].count()
    scarce = "before-the-run" if mornings >= MIN_PAIRS > befores else "next-morning"
    lacking = (
        (MIN_PAIRS - result.pairs, f"more {scarce} score"),
        (MIN_WEEKS - result.weeks, "more week"),
    )
    return tuple(f"{n} {what}{'s' if n > 1 else ''}" for n, what in lacking if n > 0)


QUESTIONS = {
    "week_sum_km": "distance in the 7 days up to and including a run",
    "long_run_ratio": "length compared with your longest run of the previous 30 days",
    "descent_m": "metres downhill",
    "hard_min": "hard minutes",
    "knee_load": "knee load",
    "days_in_row": "consecutive running days",
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
    corrected_answers = zip(QUESTIONS.items(), raw, corrected, strict=True)
    return tuple(
        Question(exposure=name, meaning=meaning, answer=_with_corrected_verdict(a, p), p_holm=p)
        for (name, meaning), a, p in corrected_answers
    )


def holm(ps: Sequence[float | None]) -> list[float | None]:
    """Return Holm's adjusted p values; ``None`` is a test that was not made."""
    tested = sorted((p, i) for i, p in enumerate(ps) if p is not None)
    # The smallest p is multiplied by the number of tests, the next by one less, and so on; none may
    # end up below one that was smaller before.
    steps = [p * (len(tested) - rank) for rank, (p, _) in enumerate(tested)]
    adjusted = np.minimum(np.maximum.accumulate(np.array(steps)), 1.0).tolist()
    place = {i: p for (_, i), p in zip(tested, adjusted, strict=True)}
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


def _with_corrected_verdict(result: Answer, p: float | None) -> Answer:
    if p is None or result.rho is None:
        return result
    called: Verdict = "positive" if result.rho > 0 else "negative"
    return replace(result, verdict=called if p <= ALPHA else "none")
