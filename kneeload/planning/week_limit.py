"""The limit of a week, and what will be known when the next one begins."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from kneeload.planning.inputs import Limit, with_run
from kneeload.planning.run_limit import SILENT, whose
from kneeload.rules.distance import training_streak
from kneeload.weeks import weeks_of

if TYPE_CHECKING:
    from kneeload.planning.inputs import Known, State

_WEEK = dt.timedelta(days=7)


def week_limit(known: Known, state: State) -> Limit:
    """Return the limit of the week that holds today: the smallest of all that apply."""
    row = known.week_limits.iloc[-1]
    if known.own is not None and math.isfinite(row["own_km"]):
        km = known.down(float(row["own_km"]))
        return Limit(km, (f"{whose(known)}: {known.told(km)} {known.which}.",), "own")
    if row["replaces"]:
        return _returning(known)
    limit = _by_reference(known)
    if not known.reference_km > 0:
        return limit
    if math.isfinite(row["return_km"]):
        opened = _returning(known)
        limit = limit.capped(opened.km or 0.0, opened.reasons[0], "pain")
    if _cutback_due(known):
        limit = _with_cutback(known, limit)
    return _without_increase(known, state, limit)


def _returning(known: Known) -> Limit:
    row = known.week_limits.iloc[-1]
    reason = f"Keep {known.which} to {known.told(row['return_km'])}: {row['return_basis']}."
    return Limit(float(row["return_km"]), (reason,), "return")


def _by_reference(known: Known) -> Limit:
    base, km = known.reference_km, float(known.week_limits["usual_km"].iloc[-1])
    if not base > 0:
        least = known.told(known.settings.threshold("ten_percent.min_base_km"))
        reason = (
            f"No number for {known.which} yet: kneeload needs a reference week of at least {least} "
            "in the three weeks before it."
        )
        return Limit(None, (reason,))
    ratio = 1 + known.settings.threshold("ten_percent.note_pct") / 100
    if km > known.down(ratio * base):
        more = known.told(known.number("min_rise_km"))
        reason = f"Keep {known.which} to {more} more than the reference week ({known.told(base)})."
    else:
        reason = f"Keep {known.which} to {ratio:.2f} times the reference week ({known.told(base)})."
    return Limit(km, (reason,), "usual")


def _cutback_due(known: Known) -> bool:
    streak = training_streak(known.weeks.iloc[:-1], known.week_limits.iloc[:-1])
    return bool(len(streak)) and streak[-1] + 1 >= known.settings.threshold("cutback_missing.weeks")


def _with_cutback(known: Known, limit: Limit) -> Limit:
    """Return the limit of a week that, filled to it, is a cutback."""
    share, base, mean = (
        known.settings.threshold("cutback_missing.share"),
        known.reference_km,
        known.mean_km,
    )
    start = f"A cutback week is due: keep {known.which} "
    below = known.down(max(mean - known.number("cutback_margin_km"), 0))
    if below < known.down(share * base):
        reason = f"{start}below the mean of the previous four weeks ({known.told(mean)})."
        return limit.capped(below, reason, "cutback")
    reason = f"{start}to {share:.2f} times the reference week ({known.told(base)})."
    return limit.capped(known.down(share * base), reason, "cutback")


def _without_increase(known: Known, state: State, limit: Limit) -> Limit:
    """Return the limit as amber pain and silence lower it: no more than the reference week."""
    base = known.reference_km
    if state.amber:
        reason = (
            f"The knee is amber: keep {known.which} to the reference week ({known.told(base)})."
        )
        limit = limit.capped(base, reason, "pain")
    return limit.capped(base, SILENT, "silence") if state.silent else limit


def week_ahead(known: Known, week: Limit) -> Known:
    """Return what will be known when next week begins, if this week ends as the last ones did."""
    usual = float(np.fmin(week.km if week.km is not None else np.nan, known.reference_km))
    last = known.first_day + _WEEK - dt.timedelta(days=1)
    more = max(usual - known.so_far_km, 0.0) if math.isfinite(usual) else 0.0
    runs = with_run(known.runs, last, more)
    monday = known.first_day + _WEEK
    weeks = weeks_of(runs, settings=known.settings, today=monday)
    return replace(known, runs=runs, weeks=weeks, today=monday, which="next week")
