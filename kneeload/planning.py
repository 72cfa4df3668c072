"""What comes next: ceilings for the next run, this week and the next, and the reasons in words.

A ceiling is the longest run, or the largest week, that would raise no flag; it promises nothing
about the knee.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kneeload import frames
from kneeload.rules import RULES, check
from kneeload.rules.breaks import breaks, return_share, week_ceilings
from kneeload.rules.distance import longest_before, training_streak
from kneeload.rules.pain import zones
from kneeload.rules.redflags import ADVICE, open_red_flags
from kneeload.rules.wording import days_in_words
from kneeload.settings import DEFAULTS
from kneeload.weeks import EPS, counted, first_day_of, weekly

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kneeload.settings import Settings

_WEEK = dt.timedelta(days=7)
_PLANNED = "planned"
_FEWEST_RUNS = 3
_FRESH_DAYS = 7
_RECENT_DAYS = 28
_MINUTES_AFTER_DAYS = 30
_AMBER_SHARE = 0.8
_BELOW_ONSET_KM = 0.1
_HUNDREDTH_KM = 0.01
_WEEKS_OF_MEAN = 4
_RUN = {name: frames.RUNS[name] for name in ("run_id", "started_at", "local_date", "distance_km")}
_SILENT = (
    "No pain score for a week of running: nothing is known about the knee, so no increase. A score "
    "after the next run changes that."
)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Ceilings and why.

    Parameters
    ----------
    next_run_km
        The longest run that would raise no flag [km]; None where no number is given.
    this_week_km, next_week_km
        Ceilings of the whole week [km], what is run already included.
    reasons
        Sentences.
    would_flag
        Ids of the rules that the run asked about would raise.
    """

    next_run_km: float | None
    this_week_km: float | None
    next_week_km: float | None
    reasons: tuple[str, ...]
    would_flag: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class _Known:
    """What the plan looks at, all of it up to `today`."""

    weeks: pd.DataFrame
    runs: pd.DataFrame
    pain: pd.DataFrame
    diary: pd.DataFrame
    settings: Settings
    today: dt.date
    which: str = "this week"

    @property
    def first_day(self) -> dt.date:
        return first_day_of(self.today, self.settings.week_start)

    @property
    def so_far_km(self) -> float:
        return float(self.weeks["distance_km"].iloc[-1])

    @property
    def reference_km(self) -> float:
        return float(self.weeks["reference_km"].iloc[-1])

    def since(self, frame: pd.DataFrame, days: int) -> pd.DataFrame:
        """Return the rows of the last `days` days, today's included."""
        return frame.loc[frame["local_date"] > pd.Timestamp(self.today - dt.timedelta(days=days))]


@dataclass(frozen=True)
class _Ceiling:
    """A number [km], or none, and why; `plain` where it is the weekly guideline's alone."""

    km: float | None
    reasons: tuple[str, ...]
    plain: bool = False

    def capped(self, km: float, reason: str) -> _Ceiling:
        """Return the ceiling lowered to `km` where that is less; what sets it is said first."""
        if self.km is None:
            return self
        if km < self.km:
            return _Ceiling(km, (reason, *self.reasons))
        return _Ceiling(self.km, (*self.reasons, reason), self.plain)


@dataclass(frozen=True)
class _State:
    """What is known of the knees: the last judged zone of each, and whether nothing was said."""

    knees: pd.DataFrame
    silent: bool

    @property
    def amber(self) -> pd.DataFrame:
        return self.knees.loc[self.knees["zone"] == "amber"]


def plan(
    weeks: pd.DataFrame,
    runs: pd.DataFrame,
    pain: pd.DataFrame | None = None,
    diary: pd.DataFrame | None = None,
    *,
    settings: Settings = DEFAULTS,
    today: dt.date | None = None,
    run_km: float | None = None,
) -> Plan:
    """Return the ceilings for what comes next.

    Parameters
    ----------
    weeks
        As `kneeload.weeks.weekly` returns them for `today`.
    runs, pain, diary
        Frames of one runner; what lies after `today` is not looked at.
    today
        By default the last run's local date.
    run_km
        Length of a run today [km] to ask about.

    Notes
    -----
    Run: 1.10 times the longest of the last 30 days (grade *cohort*,
    doi:10.1136/bjsports-2024-109380), the longest itself where it is not older than 7 days; less
    in a return from a break. Week: 1.10 times the reference, 0.85 times it where a cutback is
    due, or the share of a return (grade *convention*). Amber pain: 0.8 times the recent mean,
    below the kilometre at which pain began. Red pain, an open red flag or surgery: no number.
    """
    today = today or _last_day(runs)
    if weeks.empty or today is None:
        return _no_number("No runs yet: too little history for a number.")
    known = _known(weeks, runs, pain, diary, settings, today)
    would_flag = () if run_km is None else _would_flag(known, run_km)
    return replace(_ceilings(known), would_flag=would_flag)


def _last_day(runs: pd.DataFrame) -> dt.date | None:
    valid = counted(runs)
    return None if valid.empty else valid["local_date"].max().date()


def _known(
    weeks: pd.DataFrame,
    runs: pd.DataFrame,
    pain: pd.DataFrame | None,
    diary: pd.DataFrame | None,
    settings: Settings,
    today: dt.date,
) -> _Known:
    return _Known(
        weeks=weeks.reset_index(drop=True),
        runs=counted(runs, today),
        pain=_seen(pain, frames.PAIN, today),
        diary=_seen(diary, frames.DIARY, today),
        settings=settings,
        today=today,
    )


def _seen(frame: pd.DataFrame | None, spec: frames.Spec, today: dt.date) -> pd.DataFrame:
    known = frames.empty(spec) if frame is None else frames.conform(frame, spec)
    return known.loc[known["local_date"] <= pd.Timestamp(today)].reset_index(drop=True)


def _no_number(*reasons: str) -> Plan:
    return Plan(next_run_km=None, this_week_km=None, next_week_km=None, reasons=reasons)


def _ceilings(known: _Known) -> Plan:
    state = _state(known)
    stops = (*_stops(known), *_red_pain(state))
    if stops:
        return _no_number(*stops)
    this_week = _held_back(known, state, _week_ceiling(known))
    next_run = _held_back_run(known, state, _run_ceiling(known))
    next_run = _within_week(known, this_week, next_run)
    ahead = _ahead(known, this_week)
    next_week = _held_back(ahead, state, _week_ceiling(ahead))
    every = (_headline(next_run), *next_run.reasons, *this_week.reasons, *next_week.reasons)
    return Plan(
        next_run_km=_number(next_run),
        this_week_km=_number(this_week),
        next_week_km=_number(next_week),
        reasons=tuple(dict.fromkeys(filter(None, every))),
    )


def _headline(run: _Ceiling) -> str:
    if run.km is None:
        return ""
    if run.km == 0:
        return "This week's ceiling is reached: no further run this week stays below it."
    return f"The longest run that would raise no flag is {_number(run):.1f} km."


def _number(ceiling: _Ceiling) -> float | None:
    return None if ceiling.km is None else _floored(ceiling.km)


# What stops any number


def _stops(known: _Known) -> list[str]:
    found = open_red_flags(known.diary, known.pain, known.settings, known.today)
    stops = [
        f"A red flag is open: {words} on {day}. {ADVICE[urgency]} No number until it is assessed."
        for words, day, urgency in zip(
            found["words"], days_in_words(found["local_date"]), found["urgency"], strict=True
        )
    ]
    if re.search(r"surg|operat", known.settings.condition or "", re.IGNORECASE):
        stops.append("After surgery the plan gives no ceilings: ask who treats the knee.")
    return stops


def _red_pain(state: _State) -> list[str]:
    return [
        f"{_knee(row.knee)} was red on {day} ({row.reasons}): no run until it has settled, and "
        "see a professional."
        for row, day in _with_days(state.knees.loc[state.knees["zone"] == "red"])
    ]


def _state(known: _Known) -> _State:
    judged = zones(known.runs, known.pain, known.settings)
    judged = known.since(judged.loc[judged["zone"] != "unknown"], _RECENT_DAYS)
    ran = not known.since(known.runs, _FRESH_DAYS).empty
    return _State(
        knees=judged.groupby("knee").tail(1),
        silent=ran and known.since(known.pain, _FRESH_DAYS).empty,
    )


def _with_days(rows: pd.DataFrame) -> Iterator[tuple[Any, str]]:
    return zip(rows.itertuples(), days_in_words(rows["local_date"]), strict=True)


def _knee(knee: str) -> str:
    return "The knee" if knee == "unsure" else f"The {knee} knee"


# The next run


def _run_ceiling(known: _Known) -> _Ceiling:
    extended = with_run(known.runs, known.today, 0)
    usual = _by_longest(known, extended)
    back = _by_return(known, extended)
    return _Ceiling(km=_least(usual.km, back.km), reasons=back.reasons or usual.reasons)


def _by_longest(known: _Known, extended: pd.DataFrame) -> _Ceiling:
    days = known.settings.threshold("long_run_spike.window_days")
    place = extended["run_id"] == _PLANNED
    longest, fresh = (
        float(longest_before(extended, window)[place][0]) for window in (days, _FRESH_DAYS)
    )
    count = len(known.since(known.runs, int(days) + 1))
    if count < _FEWEST_RUNS or not longest > 0:
        return _Ceiling(
            None, (f"{_runs(count)} in the last {days:.0f} days: too little history for a number.",)
        )
    if fresh >= longest - EPS:
        reason = f"The longest run of the last {days:.0f} days, {longest:.1f} km, is no older than "
        return _Ceiling(longest, (reason + "7 days: as long again, no longer.",))
    ratio = known.settings.threshold("long_run_spike.warn_ratio")
    reason = f"The longest run of the last {days:.0f} days was {longest:.1f} km; the limit is "
    return _Ceiling(ratio * longest, (reason + f"{ratio:.2f} times that.",))


def _runs(count: int) -> str:
    return f"{count or 'No'} run{'' if count == 1 else 's'}"


def _by_return(known: _Known, extended: pd.DataFrame) -> _Ceiling:
    """Return the ceiling of single runs while a return from a long break lasts."""
    found = breaks(extended, known.settings)
    found = found.assign(since=(known.today - dt.date(1970, 1, 1)).days - found["first_day"])
    long = found["gap_days"] >= known.settings.threshold("return_from_break.single_run_days")
    found = found.loc[long & (found["since"] < found["return_days"])]
    if found.empty:
        return _Ceiling(None, ())
    share = float(return_share(found["since"].to_numpy(), found["gap_days"].to_numpy())[-1])
    last = found.iloc[-1]
    reason = (
        f"After {last['gap_days']:.0f} days without a run, single runs are held to "
        f"{100 * share:.0f} % of the longest before ({last['longest_km']:.1f} km)."
    )
    short = f"After more than {_MINUTES_AFTER_DAYS} days without a run: at most 30 to 40 minutes."
    long_gone = last["gap_days"] > _MINUTES_AFTER_DAYS
    return _Ceiling(share * last["longest_km"], (reason, short) if long_gone else (reason,))


def _held_back_run(known: _Known, state: _State, run: _Ceiling) -> _Ceiling:
    mean = known.since(known.runs, _RECENT_DAYS)["distance_km"].mean()
    for row, day in _with_days(state.amber):
        reason = (
            f"{_knee(row.knee)} was amber on {day} ({row.reasons}): at most {_AMBER_SHARE:.1f} "
            f"times the mean run of four weeks ({mean:.1f} km), flat and easy."
        )
        run = run.capped(_AMBER_SHARE * mean, reason) if mean > 0 else run
        if row.onset_km > 0:
            began = f"Pain began at {row.onset_km:.1f} km: stay below it."
            run = run.capped(max(row.onset_km - _BELOW_ONSET_KM, 0), began)
    if state.silent:
        window = int(known.settings.threshold("long_run_spike.window_days")) + 1
        run = run.capped(known.since(known.runs, window)["distance_km"].max(), _SILENT)
    return run


def _within_week(known: _Known, week: _Ceiling, run: _Ceiling) -> _Ceiling:
    """Return the run's ceiling, at most what is left of the week where it falls into this one."""
    ran_today = not known.since(known.runs, 1).empty
    day = known.today + dt.timedelta(days=ran_today)
    if week.km is None or first_day_of(day, known.settings.week_start) > known.first_day:
        return run
    allowed = _unflagged_week(known)
    most = allowed if week.plain else np.fmin(week.km, allowed)
    left = _floored(max(most - known.so_far_km, 0))
    if run.km is None or run.km <= left:
        return run
    return run.capped(left, f"Of this week's {week.km:.1f} km, {known.so_far_km:.1f} km are run.")


def _unflagged_week(known: _Known) -> float:
    """Return the largest week that `ten_percent` leaves unflagged, guard included [km]."""
    pct, guard = (
        known.settings.threshold(f"ten_percent.{name}") for name in ("note_pct", "min_rise_km")
    )
    reference = known.reference_km
    return max((1 + pct / 100) * reference, reference + guard - _HUNDREDTH_KM)


# The week


def _week_ceiling(known: _Known) -> _Ceiling:
    back = week_ceilings(with_run(known.runs, known.today, 0), known.settings)
    back = back.loc[back["week_start"] == pd.Timestamp(known.first_day)]
    if not back.empty:
        return _returning_week(known, back.iloc[0])
    reference = known.reference_km
    if not reference > 0:
        reason = f"No reference week: too little history for a ceiling of {known.which}."
        return _Ceiling(None, (reason,))
    if _cutback_due(known):
        share = known.settings.threshold("cutback_missing.share")
        reason = f"An easier week is due: {known.which} at most {share:.2f} times the reference "
        return _Ceiling(share * reference, (reason + f"week ({reference:.1f} km).",))
    ratio = 1 + known.settings.threshold("ten_percent.note_pct") / 100
    reason = f"The weekly guideline holds {known.which} to {ratio:.2f} times the reference week "
    return _Ceiling(ratio * reference, (reason + f"({reference:.1f} km).",), plain=True)


def _returning_week(known: _Known, back: pd.Series) -> _Ceiling:
    reason = (
        f"After {back['gap_days']:.0f} days without a run, {known.which} is held to "
        f"{100 * back['share']:.0f} % of the {back['weekly_km']:.1f} km a week before the break."
    )
    return _Ceiling(float(back["ceiling_km"]), (reason,))


def _cutback_due(known: _Known) -> bool:
    streak = training_streak(known.weeks.iloc[:-1])
    return bool(len(streak)) and streak[-1] + 1 >= known.settings.threshold("cutback_missing.weeks")


def _held_back(known: _Known, state: _State, week: _Ceiling) -> _Ceiling:
    before = known.weeks["distance_km"].iloc[:-1].tail(_WEEKS_OF_MEAN)
    if not state.amber.empty and before.mean() > 0:
        reason = (
            f"Amber pain holds {known.which} to {_AMBER_SHARE:.1f} times the mean of four weeks "
        )
        week = week.capped(_AMBER_SHARE * before.mean(), reason + f"({before.mean():.1f} km).")
    if state.silent:
        last = float(before.iloc[-1]) if len(before) else 0.0
        week = week.capped(last if last > 0 else known.reference_km, _SILENT)
    return week


def _ahead(known: _Known, week: _Ceiling) -> _Known:
    """Return what will be known when next week begins, if this week ends as the last ones did."""
    usual = _least(week.km, known.reference_km) or 0.0
    last = known.first_day + _WEEK - dt.timedelta(days=1)
    marked = with_run(known.runs, known.today, 0)
    runs = with_run(marked, last, max(usual - known.so_far_km, 0.0))
    monday = known.first_day + _WEEK
    weeks = weekly(runs, settings=known.settings, today=monday)
    return replace(known, runs=runs, weeks=weeks, today=monday, which="next week")


# The run that is asked about


def with_run(runs: pd.DataFrame, date: dt.date, distance_km: float) -> pd.DataFrame:
    """Return counted `runs` and one of `distance_km` [km] on `date`, after that day's others."""
    noon = pd.Timestamp(date, tz="UTC") + pd.Timedelta(hours=12)
    start = max(noon, runs["started_at"].max() + pd.Timedelta(minutes=1))
    run = {"run_id": _PLANNED, "started_at": start, "local_date": date, "distance_km": distance_km}
    return counted(pd.concat([runs, frames.conform(pd.DataFrame([run]), _RUN)]))


def _would_flag(known: _Known, run_km: float) -> tuple[str, ...]:
    now = _flags(known, known.runs)
    then = _flags(known, with_run(known.runs, known.today, run_km))
    raised = then.merge(now, on=["flag_id", "value"], how="left", indicator=True)
    rules = set(raised.loc[raised["_merge"] == "left_only", "rule_x"])
    return tuple(rule for rule in RULES if rule in rules)


def _flags(known: _Known, runs: pd.DataFrame) -> pd.DataFrame:
    weeks = weekly(runs, settings=known.settings, today=known.today)
    return check(weeks, runs, settings=known.settings, today=known.today)


def _least(*values: float | None) -> float | None:
    known = [value for value in values if value is not None and math.isfinite(value)]
    return min(known) if known else None


def _floored(km: float) -> float:
    """Round down to 0.01 km, so that the number itself raises nothing."""
    return math.floor(km * 100 + EPS * 10) / 100
