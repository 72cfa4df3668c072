"""The ceiling of a week, and what will be known when the next one begins."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from kneeload import words
from kneeload.planning.known import AMBER_SHARE, SILENT, Ceiling, least, with_run
from kneeload.rules.breaks import week_ceilings
from kneeload.rules.distance import training_streak
from kneeload.weeks import weeks_of

if TYPE_CHECKING:
    from kneeload.planning.known import Known, State

_WEEK = dt.timedelta(days=7)
_WEEKS_OF_MEAN = 4


def week_ceiling(known: Known) -> Ceiling:
    """Return the ceiling by the return from a break, a cutback due, or the guideline."""
    back = week_ceilings(known.marked, known.settings)
    back = back.loc[back["week_start"] == pd.Timestamp(known.first_day)]
    if not back.empty:
        return _returning_week(known, back.iloc[0])
    reference = known.reference_km
    if not reference > 0:
        reason = f"No reference week: too little history for a ceiling of {known.which}."
        return Ceiling(None, (reason,))
    if _cutback_due(known):
        share = known.settings.threshold("cutback_missing.share")
        reason = f"An easier week is due: {known.which} at most {share:.2f} times the reference "
        return Ceiling(share * reference, (reason + f"week ({known.told(reference)}).",))
    ratio = 1 + known.settings.threshold("ten_percent.note_pct") / 100
    reason = f"The weekly guideline holds {known.which} to {ratio:.2f} times the reference week "
    return Ceiling(ratio * reference, (reason + f"({known.told(reference)}).",), plain=True)


def _returning_week(known: Known, back: pd.Series) -> Ceiling:
    reason = (
        f"In the {words.ordinal(int(back['nth_week']))} week after {back['gap_days']:.0f} days "
        f"without a run, {known.which} is held to "
        f"{100 * back['share']:.0f} % of the {known.told(back['weekly_km'])} a week before "
        "the break."
    )
    return Ceiling(float(back["ceiling_km"]), (reason,))


def _cutback_due(known: Known) -> bool:
    streak = training_streak(known.weeks.iloc[:-1])
    return bool(len(streak)) and streak[-1] + 1 >= known.settings.threshold("cutback_missing.weeks")


def held_back_week(known: Known, state: State, week: Ceiling) -> Ceiling:
    """Return the week's ceiling as amber pain and silence lower it."""
    before = known.weeks["distance_km"].iloc[:-1].tail(_WEEKS_OF_MEAN)
    if not state.amber.empty and before.mean() > 0:
        reason = (
            f"Amber pain holds {known.which} to {AMBER_SHARE:.1f} times the mean of four weeks "
        )
        week = week.capped(AMBER_SHARE * before.mean(), reason + f"({known.told(before.mean())}).")
    if state.silent:
        last = float(before.iloc[-1]) if len(before) else 0.0
        week = week.capped(last if last > 0 else known.reference_km, SILENT)
    return week


def week_ahead(known: Known, week: Ceiling) -> Known:
    """Return what will be known when next week begins, if this week ends as the last ones did."""
    usual = least(week.km, known.reference_km) or 0.0
    last = known.first_day + _WEEK - dt.timedelta(days=1)
    runs = with_run(known.marked, last, max(usual - known.so_far_km, 0.0))
    monday = known.first_day + _WEEK
    weeks = weeks_of(runs, settings=known.settings, today=monday)
    return replace(known, runs=runs, weeks=weeks, today=monday, which="next week")
