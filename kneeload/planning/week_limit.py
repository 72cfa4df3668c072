"""The limit of a week, and what will be known when the next one begins."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from kneeload.planning.inputs import Limit, with_run
from kneeload.planning.run_limit import SILENT, own_limits_source
from kneeload.rules.distance import training_streak
from kneeload.weeks import weeks_of

if TYPE_CHECKING:
    from kneeload.planning.inputs import PlanInputs, State

_WEEK = dt.timedelta(days=7)


def week_limit(inputs: PlanInputs, state: State) -> Limit:
    """Return the limit of the week that holds today: the smallest of all that apply."""
    row = inputs.week_limits.iloc[-1]
    if inputs.own_limits is not None and math.isfinite(row["own_km"]):
        km = inputs.down(float(row["own_km"]))
        reason = f"{own_limits_source(inputs)}: {inputs.format_km(km)} {inputs.which}."
        return Limit(km, (reason,), "own")
    if row["replaces"]:
        return _returning(inputs)
    limit = _by_reference(inputs)
    if not inputs.reference_km > 0:
        return limit
    if math.isfinite(row["return_km"]):
        opened = _returning(inputs)
        limit = limit.capped(opened.km or 0.0, opened.reasons[0], "pain")
    if _cutback_due(inputs):
        limit = _with_cutback(inputs, limit)
    return _without_increase(inputs, state, limit)


def _returning(inputs: PlanInputs) -> Limit:
    row = inputs.week_limits.iloc[-1]
    reason = f"Keep {inputs.which} to {inputs.format_km(row['return_km'])}: {row['return_basis']}."
    return Limit(float(row["return_km"]), (reason,), "return")


def _by_reference(inputs: PlanInputs) -> Limit:
    base, km = inputs.reference_km, float(inputs.week_limits["usual_km"].iloc[-1])
    if not base > 0:
        least = inputs.format_km(inputs.settings.threshold("ten_percent.min_base_km"))
        reason = (
            f"No number for {inputs.which} yet. kneeload needs a reference week of at least "
            f"{least} in the three weeks before it."
        )
        return Limit(None, (reason,))
    ratio = 1 + inputs.settings.threshold("ten_percent.note_pct") / 100
    reference = inputs.format_km(base)
    keep = f"Keep {inputs.which} to {inputs.format_km(inputs.down(km))}:"
    if km > inputs.down(ratio * base):
        more = inputs.format_km(inputs.number("min_rise_km"))
        reason = f"{keep} {more} more than the reference week ({reference})."
    else:
        reason = f"{keep} {ratio:.2f} times the reference week ({reference})."
    return Limit(km, (reason,), "usual")


def _cutback_due(inputs: PlanInputs) -> bool:
    streak = training_streak(inputs.weeks.iloc[:-1], inputs.week_limits.iloc[:-1])
    most = inputs.settings.threshold("cutback_missing.weeks")
    return bool(len(streak)) and streak[-1] + 1 >= most


def _with_cutback(inputs: PlanInputs, limit: Limit) -> Limit:
    """Return the limit of a week that, filled to it, is a cutback.

    Its reason takes the place of the others: two limits for one week would contradict each other.
    """
    share, base, mean = (
        inputs.settings.threshold("cutback_missing.share"),
        inputs.reference_km,
        inputs.mean_km,
    )
    km = inputs.down(share * base)
    what = f"{share:.2f} times the reference week ({inputs.format_km(base)})"
    below = inputs.down(max(mean - inputs.number("cutback_margin_km"), 0))
    if below < km:
        km = below
        what = f"just below the average of the previous four weeks ({inputs.format_km(mean)})"
    if limit.km is None or not km < limit.km:
        return limit
    start = f"A cutback week is due. Keep {inputs.which}"
    return Limit(km, (f"{start} to {inputs.format_km(km)}, {what}.",), "cutback")


def _without_increase(inputs: PlanInputs, state: State, limit: Limit) -> Limit:
    """Return the limit as amber pain and silence lower it: no more than the reference week."""
    base = inputs.reference_km
    if state.amber:
        reference = inputs.format_km(base)
        reason = (
            f"The knee is rated amber. Keep {inputs.which} to the distance of the reference week "
            f"({reference})."
        )
        limit = limit.capped(base, reason, "pain")
    return limit.capped(base, SILENT, "silence") if state.no_recent_scores else limit


def week_ahead(inputs: PlanInputs, week: Limit) -> PlanInputs:
    """Return what will be known when next week begins, if this week ends as the last ones did."""
    usual = float(np.fmin(week.km if week.km is not None else np.nan, inputs.reference_km))
    last = inputs.first_day + _WEEK - dt.timedelta(days=1)
    more = max(usual - inputs.so_far_km, 0.0) if math.isfinite(usual) else 0.0
    runs = with_run(inputs.bare_runs, last, more)
    monday = inputs.first_day + _WEEK
    weeks = weeks_of(runs, settings=inputs.settings, today=monday)
    return replace(inputs, runs=runs, weeks=weeks, today=monday, which="next week")
