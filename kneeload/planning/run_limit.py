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
    from kneeload.planning.inputs import Amber, Known, State
    from kneeload.settings import Settings

_BELOW_ONSET_KM = 0.1
_FOUR_WEEKS = dt.timedelta(weeks=4)
SILENT = (
    "No pain score for more than a week, although you ran. kneeload cannot tell how the knee is, "
    "so it allows no increase. A score after your next run changes that."
)
SEE_A_PHYSIO = "The knee has been amber for four weeks: see a physiotherapist."


def run_limit(known: Known, state: State) -> Limit:
    """Return the limit of the next run, whatever is left of its week."""
    if known.own is not None and math.isfinite(known.own.run_km):
        return Limit(
            known.down(known.own.run_km),
            (f"{whose(known)}: {known.told(known.own.run_km)} a run.",),
            "own",
        )
    limit = _by_return(known) or _by_longest(known)
    return _as_pain_allows(known, state, limit)


def whose(known: Known) -> str:
    """Return whose limits are in force, and until when."""
    own = known.own
    if own is None:
        return ""
    until = f" until {formatting.day(own.until, known.today)}" if own.until else ""
    return f"Set by your physio on {formatting.day(own.since, known.today)}{until}"


def _by_return(known: Known) -> Limit | None:
    row = known.run_limit
    if not math.isfinite(row["return_km"]):
        return None
    return Limit(float(row["return_km"]), (row["return_basis"],), "return")


def _by_longest(known: Known) -> Limit:
    row, settings = known.run_limit, known.settings
    days = settings.threshold("long_run_spike.window_days")
    if not math.isfinite(row["usual_km"]):
        return Limit(None, (_too_little(int(row["window_runs"]), days, settings),))
    km, longest, older = (float(row[name]) for name in ("usual_km", "longest_km", "older_km"))
    return Limit(km, (_why_longest(known, km, known.down(longest), known.down(older)),), "usual")


def _too_little(runs: int, days: float, settings: Settings) -> str:
    """Say what is missing for the limit of a run."""
    fewest = int(settings.threshold("long_run_spike.min_runs"))
    if runs >= fewest:
        return f"No number for your next run: no run of the last {days:.0f} days has a distance."
    count = formatting.count(runs, "run") if runs else "no run"
    return (
        f"No number for your next run yet: you have {count} in the last {days:.0f} days, and "
        f"kneeload needs {formatting.number_name(fewest)}."
    )


def _why_longest(known: Known, km: float, longest: float, older: float) -> str:
    days, recent, ratio = (
        known.settings.threshold(f"long_run_spike.{name}")
        for name in ("window_days", "recent_days", "warn_ratio")
    )
    if math.isfinite(older) and km <= known.down(ratio * older) + EPS and km > longest + EPS:
        return (
            f"{ratio:.2f} times your longest run between {recent:.0f} and {days:.0f} days ago "
            f"({known.told(older)})."
        )
    if km > longest + EPS:
        return f"Your longest run of the last {days:.0f} days was {known.told(longest)}."
    return (
        f"Your longest run of the last {days:.0f} days ({known.told(longest)}) was less than a "
        "week ago, so repeat that distance at most."
        if not math.isfinite(older) or longest > older + EPS
        else f"Your longest run of the last {days:.0f} days is {known.told(longest)}."
    )


def _as_pain_allows(known: Known, state: State, limit: Limit) -> Limit:
    """Return the limit as amber pain and silence lower it."""
    after_pain = bool(known.run_limit["after_pain"])
    for spell in state.amber:
        limit = _while_amber(known, spell, limit, after_pain=after_pain)
    longest = float(known.run_limit["longest_km"])
    if state.silent and not after_pain and longest > 0:
        limit = limit.capped(known.down(longest), SILENT, "silence")
    return limit


def _while_amber(known: Known, spell: Amber, limit: Limit, *, after_pain: bool) -> Limit:
    """Return the limit of an amber spell; in a return after pain the return's alone holds."""
    share, settled = known.number("amber_share"), "flat and easy, until it has settled"
    if after_pain:
        limit = Limit(limit.km, (*limit.reasons, *_where_it_began(known, spell)), limit.set_by)
    elif spell.mean_km > 0:
        reason = (
            f"{knee_in_words(spell.row.knee)} was amber on {spell.day}: {spell.row.reasons}. Run "
            f"at most {share:.1f} times your average run of the last four weeks "
            f"({known.told(spell.mean_km)}), {settled}."
        )
        limit = limit.capped(known.down(share * spell.mean_km), reason, "pain")
    if spell.row.onset_km > 0 and not after_pain:
        began = f"Pain began at {known.told(spell.row.onset_km)}: stay below it, {settled}."
        below = known.down(max(spell.row.onset_km - _BELOW_ONSET_KM, 0))
        limit = limit.capped(below, began, "pain")
    if known.today - spell.since >= _FOUR_WEEKS:
        limit = Limit(limit.km, (*limit.reasons, SEE_A_PHYSIO), limit.set_by)
    return limit


def _where_it_began(known: Known, spell: Amber) -> tuple[str, ...]:
    """Return, for a return after pain, where pain last began."""
    if not spell.row.onset_km > 0:
        return ()
    return (f"Pain last began at {known.told(spell.row.onset_km)}: walk before that, on the flat.",)


def within_week(known: Known, run: Limit, week: Limit, next_week: Limit) -> Limit:
    """Return the run's limit, at most what is left of the week into which it falls."""
    ran_today = bool(known.recent(known.runs, 1).any())
    day = known.today + dt.timedelta(days=ran_today)
    if first_day_of(day, known.settings.week_start) > known.first_day:
        return _left_of(known, run, next_week, 0.0, "next week")
    return _left_of(known, run, week, known.so_far_km, "this week")


def _left_of(known: Known, run: Limit, week: Limit, done_km: float, which: str) -> Limit:
    if week.km is None or run.km is None:
        return run
    left = known.down(max(week.km - done_km, 0) + EPS)
    if left < known.number("worthwhile_km"):
        left = 0.0
    done = f", {known.told(done_km)} done so far" if done_km else ""
    return run.capped(left, f"The limit of {which} is {known.told(week.km)}{done}.", "week")
