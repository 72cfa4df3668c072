"""The limit of the next run."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING

from kneeload import formatting
from kneeload.calendar import EPS, first_day_of
from kneeload.planning.inputs import Limit
from kneeload.rules.findings import knee_in_words

if TYPE_CHECKING:
    from kneeload.planning.inputs import Amber, PlanInputs, State
    from kneeload.settings import Settings

_BELOW_ONSET_KM = 0.1
_FOUR_WEEKS = dt.timedelta(weeks=4)
SILENT = (
    "For more than a week you have given no pain score, although you ran. kneeload cannot tell "
    "how the knee is, so it allows no increase. A score after your next run changes that."
)
SEE_A_PHYSIO = "The knee has been rated amber for four weeks. See a physiotherapist."


def run_limit(inputs: PlanInputs, state: State) -> Limit:
    """Return the limit of the next run, whatever is left of its week."""
    if inputs.own_limits is not None and math.isfinite(inputs.own_limits.run_km):
        return Limit(
            inputs.down(inputs.own_limits.run_km),
            (f"{own_limits_source(inputs)}: {inputs.format_km(inputs.own_limits.run_km)} a run.",),
            "own",
        )
    limit = _by_return(inputs) or _by_longest(inputs)
    return _as_pain_allows(inputs, state, limit)


def own_limits_source(inputs: PlanInputs) -> str:
    """Return whose limits are in force, and until when."""
    own_limits = inputs.own_limits
    if own_limits is None:
        return ""
    until = f" until {formatting.day(own_limits.until, inputs.today)}" if own_limits.until else ""
    return f"Set by your physio on {formatting.day(own_limits.since, inputs.today)}{until}"


def _by_return(inputs: PlanInputs) -> Limit | None:
    row = inputs.run_limit
    if not math.isfinite(row["return_km"]):
        return None
    return Limit(float(row["return_km"]), (row["return_basis"],), "return")


def _by_longest(inputs: PlanInputs) -> Limit:
    row, settings = inputs.run_limit, inputs.settings
    days = settings.threshold("long_run_spike.window_days")
    if not math.isfinite(row["usual_km"]):
        return Limit(None, (_too_little(int(row["window_runs"]), days, settings),))
    km, longest, older = (float(row[name]) for name in ("usual_km", "longest_km", "older_km"))
    return Limit(km, (_why_longest(inputs, km, longest, older),), "usual")


def _too_little(runs: int, days: float, settings: Settings) -> str:
    """Say what is missing for the limit of a run."""
    fewest = int(settings.threshold("long_run_spike.min_runs"))
    if runs >= fewest:
        return (
            f"No number for your next run, because no run of the last {days:.0f} days has a "
            "distance."
        )
    count = formatting.count(runs, "run") if runs else "no run"
    return (
        f"No number for your next run yet. You have {count} in the last {days:.0f} days, and "
        f"kneeload needs {formatting.number_name(fewest)}."
    )


def _why_longest(inputs: PlanInputs, km: float, longest_km: float, older_km: float) -> str:
    """Say what the limit rests on: a run that it repeats has the number of every table."""
    longest, older = inputs.down(longest_km), inputs.down(older_km)
    days, recent, ratio = (
        inputs.settings.threshold(f"long_run_spike.{name}")
        for name in ("window_days", "recent_days", "warn_ratio")
    )
    if math.isfinite(older) and km <= inputs.down(ratio * older) + EPS and km > longest + EPS:
        return (
            f"That is {ratio:.2f} times your longest run between {recent:.0f} and {days:.0f} days "
            f"ago ({inputs.format_km(older)})."
        )
    run = f"longest run of the last {days:.0f} days"
    length = formatting.base_distance(longest_km, inputs.settings.units)
    if km > longest + EPS or (math.isfinite(older) and not longest > older + EPS):
        return f"Your {run} was {length}."
    return f"You ran your {run} ({length}) less than a week ago. Do not run further than that."


def _as_pain_allows(inputs: PlanInputs, state: State, limit: Limit) -> Limit:
    """Return the limit as amber pain and silence lower it."""
    after_pain = bool(inputs.run_limit["after_pain"])
    for spell in state.amber:
        limit = _while_amber(inputs, spell, limit, after_pain=after_pain)
    longest = float(inputs.run_limit["longest_km"])
    if state.no_recent_scores and not after_pain and longest > 0:
        limit = limit.capped(inputs.down(longest), SILENT, "silence")
    return limit


def _while_amber(inputs: PlanInputs, spell: Amber, limit: Limit, *, after_pain: bool) -> Limit:
    """Return the limit of an amber spell; in a return after pain the return's alone holds."""
    share, settled = inputs.number("amber_share"), "flat and easy, until the knee has settled"
    if after_pain:
        limit = Limit(limit.km, (*limit.reasons, *_where_it_began(inputs, spell)), limit.set_by)
    elif spell.mean_km > 0:
        reason = (
            f"{knee_in_words(spell.row.knee)} was rated amber on {spell.day}. "
            f"{spell.row.reasons}. Run at most {share:.1f} times your average run of the last "
            f"four weeks ({inputs.format_km(spell.mean_km)}), {settled}."
        )
        limit = limit.capped(inputs.down(share * spell.mean_km), reason, "pain")
    if spell.row.onset_km > 0 and not after_pain:
        began = f"Pain began at {inputs.format_km(spell.row.onset_km)}. Keep below that, {settled}."
        below = inputs.down(max(spell.row.onset_km - _BELOW_ONSET_KM, 0))
        limit = limit.capped(below, began, "pain")
    if inputs.today - spell.since >= _FOUR_WEEKS:
        limit = Limit(limit.km, (*limit.reasons, SEE_A_PHYSIO), limit.set_by)
    return limit


def _where_it_began(inputs: PlanInputs, spell: Amber) -> tuple[str, ...]:
    """Return, for a return after pain, where pain last began."""
    if not spell.row.onset_km > 0:
        return ()
    onset = inputs.format_km(spell.row.onset_km)
    return (
        f"Pain last began at {onset}. Run on the flat, and walk before you reach that distance.",
    )


def within_week(inputs: PlanInputs, run: Limit, week: Limit, next_week: Limit) -> Limit:
    """Return the run's limit, at most what is left of the week into which it falls."""
    ran_today = bool(inputs.recent(inputs.runs, 1).any())
    day = inputs.today + dt.timedelta(days=ran_today)
    if first_day_of(day, inputs.settings.week_start) > inputs.first_day:
        return _left_of(inputs, run, next_week, 0.0, "next week")
    return _left_of(inputs, run, week, inputs.so_far_km, "this week")


def _left_of(inputs: PlanInputs, run: Limit, week: Limit, done_km: float, which: str) -> Limit:
    if week.km is None or run.km is None:
        return run
    left_km = inputs.down(max(week.km - done_km, 0) + EPS)
    if left_km < inputs.number("worthwhile_km"):
        left_km = 0.0
    done = f", {inputs.format_km(done_km)} done so far" if done_km else ""
    reason = f"The limit for {which} is {inputs.format_km(week.km)}{done}."
    return run.capped(left_km, reason, "week")
