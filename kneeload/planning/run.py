"""The ceiling of the next run."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np

from kneeload import words
from kneeload.planning.known import (
    AMBER_SHARE,
    FRESH_DAYS,
    RECENT_DAYS,
    SILENT,
    Ceiling,
    floored,
    least,
    with_days,
)
from kneeload.rules.breaks import breaks, return_share
from kneeload.rules.distance import longest_before
from kneeload.rules.wording import knee_in_words
from kneeload.weeks import EPS, first_day_of

if TYPE_CHECKING:
    from kneeload.planning.known import Known, State

_FEWEST_RUNS = 3
_MINUTES_AFTER_DAYS = 30
_UNTIL_SETTLED = "flat and easy, until it is at most 2 and settled by the next morning"
_BELOW_ONSET_KM = 0.1
_HUNDREDTH_KM = 0.01


def run_ceiling(known: Known) -> Ceiling:
    """Return 1.10 times the longest run of the last 30 days, less in a return from a break."""
    usual, back = _by_longest(known), _by_return(known)
    return Ceiling(km=least(usual.km, back.km), reasons=back.reasons or usual.reasons)


def _by_longest(known: Known) -> Ceiling:
    days = known.settings.threshold("long_run_spike.window_days")
    longest, fresh = (
        float(longest_before(known.marked, window)[-1]) for window in (days, FRESH_DAYS)
    )
    count = len(known.recent_km(int(days) + 1))
    if count < _FEWEST_RUNS or not longest > 0:
        return Ceiling(
            None, (f"{_runs(count)} in the last {days:.0f} days: too little history for a number.",)
        )
    if fresh >= longest - EPS:
        reason = (
            f"The longest run of the last {days:.0f} days, {known.told(longest)}, is no older than "
        )
        return Ceiling(longest, (reason + "7 days: as long again, no longer.",))
    ratio = known.settings.threshold("long_run_spike.warn_ratio")
    reason = f"The longest run of the last {days:.0f} days was {known.told(longest)}; the limit is "
    return Ceiling(ratio * longest, (reason + f"{ratio:.2f} times that.",))


def _runs(count: int) -> str:
    return words.count(count, "run") if count else "No runs"


def _by_return(known: Known) -> Ceiling:
    """Return the ceiling of single runs while a return from a long break lasts."""
    found = breaks(known.marked, known.settings)
    found = found.assign(since=(known.today - dt.date(1970, 1, 1)).days - found["first_day"])
    long = found["gap_days"] >= known.settings.threshold("return_from_break.single_run_days")
    found = found.loc[long & (found["since"] < found["return_days"])]
    if found.empty:
        return Ceiling(None, ())
    share = float(return_share(found["since"].to_numpy(), found["gap_days"].to_numpy())[-1])
    last = found.iloc[-1]
    reason = (
        f"After {last['gap_days']:.0f} days without a run, single runs are held to "
        f"{100 * share:.0f} % of the longest before ({known.told(last['longest_km'])})."
    )
    short = f"After more than {_MINUTES_AFTER_DAYS} days without a run: at most 30 to 40 minutes."
    long_gone = last["gap_days"] > _MINUTES_AFTER_DAYS
    return Ceiling(share * last["longest_km"], (reason, short) if long_gone else (reason,))


def held_back_run(known: Known, state: State, run: Ceiling) -> Ceiling:
    """Return the run's ceiling as amber pain and silence lower it."""
    mean = known.recent_km(RECENT_DAYS).mean()
    for row, day in with_days(state.amber, state.today):
        reason = (
            f"{knee_in_words(row.knee)} was amber on {day} ({row.reasons}): at most "
            f"{AMBER_SHARE:.1f} times the mean run of four weeks ({known.told(mean)}), "
            f"{_UNTIL_SETTLED}."
        )
        run = run.capped(AMBER_SHARE * mean, reason) if mean > 0 else run
        if row.onset_km > 0:
            began = f"Pain began at {known.told(row.onset_km)}: stay below it, {_UNTIL_SETTLED}."
            run = run.capped(max(row.onset_km - _BELOW_ONSET_KM, 0), began)
    if state.silent:
        window = int(known.settings.threshold("long_run_spike.window_days")) + 1
        run = run.capped(known.recent_km(window).max(), SILENT)
    return run


def within_week(known: Known, week: Ceiling, run: Ceiling) -> Ceiling:
    """Return the run's ceiling, at most what is left of the week where it falls into this one."""
    ran_today = len(known.recent_km(1)) > 0
    day = known.today + dt.timedelta(days=ran_today)
    if week.km is None or first_day_of(day, known.settings.week_start) > known.first_day:
        return run
    allowed = _unflagged_week(known)
    most = allowed if week.plain else np.fmin(week.km, allowed)
    left = floored(max(most - known.so_far_km, 0))
    if run.km is None or run.km <= left:
        return run
    return run.capped(left, _what_is_left(known, week.km))


def _what_is_left(known: Known, week_km: float) -> str:
    if not known.so_far_km:
        return f"This week is held to {known.told(week_km)} in all."
    return f"Of this week's {known.told(week_km)}, {known.told(known.so_far_km)} are run."


def _unflagged_week(known: Known) -> float:
    """Return the largest week that `ten_percent` leaves unflagged, guard included [km]."""
    pct, guard = (
        known.settings.threshold(f"ten_percent.{name}") for name in ("note_pct", "min_rise_km")
    )
    reference = known.reference_km
    return max((1 + pct / 100) * reference, reference + guard - _HUNDREDTH_KM)
