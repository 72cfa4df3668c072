"""From a runner's frames to the explanation: gather, ask every question, put it in words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kneeload import formatting, frames
from kneeload.association.backtest import (
    HORIZON_DAYS,
    Backtest,
    Events,
    backtests,
    flag_marks,
    withheld,
)
from kneeload.association.daily import SUMMED, Days, calendar
from kneeload.association.lags import lags
from kneeload.association.onsets import beside_quiet_days, crossover_p, week_before
from kneeload.association.pain_free import pain_free
from kneeload.association.questions import backing_off, primary, secondary
from kneeload.association.result import BeforeOnsets, Checks, Explanation, Onset
from kneeload.association.run_scores import (
    RUN_MOMENTS,
    counted_runs,
    counted_scores,
    scored_runs,
    with_history,
)
from kneeload.association.selection import Selective, entry
from kneeload.association.sentences import sentences
from kneeload.diary.attribution import assign_runs
from kneeload.rules.spells import at_risk, onsets

if TYPE_CHECKING:
    import datetime as dt

    from kneeload.arrays import Bools, Floats
    from kneeload.settings import Settings


WHY = ("planned", "knee", "other")


def explain(
    runs: pd.DataFrame,
    pain: pd.DataFrame,
    flags: pd.DataFrame,
    weeks: pd.DataFrame,
    diary: pd.DataFrame,
    *,
    settings: Settings,
    today: dt.date,
) -> Explanation:
    """Explain what one runner's diary says about load and knee pain.

    Nothing after `today` is looked at, and nothing is drawn at random. Grade of every
    method: *assumption*, chosen and checked by the simulation in `benchmarks/association.py`.

    Parameters
    ----------
    runs, pain, flags, weeks, diary
        Frames of the same names in `kneeload.frames`.
    settings
        For the units of the sentences.
    today
        The day on which it is asked.

    Returns
    -------
    Explanation
        Frozen; `Explanation.as_json` is what the command prints.

    References
    ----------
    Maclure M. Am J Epidemiol 1991;133:144-153, doi:10.1093/oxfordjournals.aje.a115853.
    Holm S. Scand J Stat 1979;6:65-70.

    Examples
    --------
    >>> import datetime as dt
    >>> import kneeload
    >>> with kneeload.open_log("running.db") as log:  # log.explain() does all of this
    ...     runs, pain, diary = log.runs(), log.pain(), log.diary()
    >>> weeks = kneeload.weekly(runs, pain)
    >>> flags = kneeload.check(weeks, runs, pain, diary)
    >>> kneeload.explain(
    ...     runs, pain, flags, weeks, diary, settings=kneeload.Settings(), today=dt.date(2026, 4, 1)
    ... )
    <Explanation on 2026-04-01: not_enough, 0 pairs>
    """
    data = _prepare(runs, pain, diary, today)
    raised = frames.conform(flags, frames.FLAGS)
    raised = raised[raised["date"] <= pd.Timestamp(today)]
    marks = flag_marks(data.days.dates, raised)
    backing, answer = backing_off(data.scored), primary(data.scored)
    silent = answer.verdict == "withheld"
    explanation = Explanation(
        today=today,
        checks=_checks(data),
        primary=answer,
        secondary=secondary(data.scored),
        backed_off={"negative": True, "positive": False, "none": False}.get(backing.verdict),
        backing_off=backing,
        why=_why(diary, weeks, today),
        lags=() if silent else lags(data.days.sums["distance_km"], data.days.score),
        before_onsets=_before_onsets(data),
        pain_free=pain_free(data.scored, today),
        rules=_onset_tests(data, marks, HORIZON_DAYS),
        rules_14d=_onset_tests(data, marks, 14),
        time_loss=backtests(marks, data.losses),
    )
    return replace(explanation, sentences=sentences(explanation, settings.units))


@dataclass(frozen=True, eq=False)
class _Prepared:
    """The diary up to today, ready for every question."""

    scored: pd.DataFrame
    scores: pd.DataFrame
    look: Selective
    days: Days
    onsets: Events
    losses: Events


def _prepare(
    runs: pd.DataFrame, pain: pd.DataFrame, diary: pd.DataFrame, today: dt.date
) -> _Prepared:
    countable = counted_runs(runs, today)
    scores = assign_runs(counted_scores(pain, today), countable)
    days = calendar(countable, scores, diary, today)
    written = np.maximum.accumulate(~np.isnan(days.score))
    ran = np.maximum.accumulate(~np.isnan(days.sums["distance_km"]))
    knee = (days.score, days.resting)
    scored = scored_runs(with_history(countable), scores)
    return _Prepared(
        scored=scored,
        scores=scores,
        look=entry(scored, RUN_MOMENTS, every=False),
        days=days,
        onsets=Events(written, at_risk(*knee), onsets(*knee)),
        losses=Events(ran, ran & (~days.resting | days.injured), ran & days.injured),
    )


def _why(diary: pd.DataFrame, weeks: pd.DataFrame, today: dt.date) -> dict[str, int]:
    """How often each reason was given; of several answers for one week the last counts."""
    entries = frames.conform(diary, frames.DIARY)
    answers = entries[(entries["kind"] == "why") & (entries["local_date"] <= pd.Timestamp(today))]
    of_weeks = answers[answers["subject"].isin(weeks["week"])]
    answers = of_weeks.drop_duplicates("subject", keep="last")
    return {reason: int((answers["text"] == reason).sum()) for reason in WHY}


def _checks(data: _Prepared) -> Checks:
    written = np.flatnonzero(~np.isnan(data.days.score))
    scored, scores = data.scored, data.scores
    return Checks(
        runs=len(scored),
        run_days=int(scored["local_date"].nunique()),
        scored_days=len(written),
        morning_share=float(scored["next_morning"].notna().mean()) if len(scored) else None,
        zero_share=float((scores["score"] == 0).mean()) if len(scores) else None,
        longest_gap_days=int(np.diff(written).max(initial=1)) - 1,
    )


def _onset_tests(data: _Prepared, marks: dict[str, Bools], horizon: int) -> tuple[Backtest, ...]:
    tests = backtests(marks, data.onsets, horizon)
    return tuple(withheld(test) for test in tests) if data.look.withholds else tests


def _before_onsets(data: _Prepared) -> BeforeOnsets:
    days, is_onset = data.days, data.onsets.onset
    weeks = {name: week_before(days.sums[name]) for name in SUMMED}
    difference = {n: beside_quiet_days(week, days.score, days.resting) for n, week in weeks.items()}
    if data.look.withholds:
        difference = {name: np.full(len(days.dates), np.nan) for name in weeks}
    differences_km = difference["distance_km"][is_onset & ~np.isnan(difference["distance_km"])]
    onset_days = np.flatnonzero(is_onset).tolist()
    return BeforeOnsets(
        onsets=tuple(_onset(days, day, weeks, difference) for day in onset_days),
        difference_km=float(differences_km.mean()) if len(differences_km) else None,
        p=crossover_p(difference["distance_km"], is_onset),
        selective=data.look,
    )


def _onset(days: Days, day: int, weeks: dict[str, Floats], difference: dict[str, Floats]) -> Onset:
    sums = {name: float(week[day]) for name, week in weeks.items()}
    return Onset(
        date=days.dates[day].date(),
        score=int(days.score[day]),
        week={name: formatting.none_if_nan(value) for name, value in sums.items()},
        usual={
            name: formatting.none_if_nan(value - float(difference[name][day]))
            for name, value in sums.items()
        },
    )
