"""The plan itself: what stops any number, else the limits and why."""

from __future__ import annotations

import datetime as dt
import warnings
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from kneeload import formatting
from kneeload.calendar import EPS, day_number
from kneeload.planning.inputs import PlanInputs, state_of, with_days, with_run
from kneeload.planning.run_limit import own_limits_source, run_limit, within_week
from kneeload.planning.week_limit import week_ahead, week_limit
from kneeload.rules import derived_frames, flags_of, installed_rules, knee_frames
from kneeload.rules.evaluation import frames_until
from kneeload.rules.findings import days_in_words, knee_in_words
from kneeload.rules.limits import limits
from kneeload.rules.red_flags import ADVICE
from kneeload.settings import DEFAULTS
from kneeload.weeks import weeks_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kneeload.formatting import Units
    from kneeload.planning.inputs import Limit
    from kneeload.settings import Settings

_SHOWN_KM = 0.05
_OF_RUN = {"long_run_spike", "return_from_break", "pain_zone", "own_limits"}
_OF_WEEK = {"ten_percent", "return_from_break", "own_limits"}
_PROMISE = "A limit is what the rules and your knee allow; it promises nothing about the knee."


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Limits of what comes next, and why.

    Parameters
    ----------
    next_run_km
        What to keep the next run to [km]: 0 where nothing is left of the week, None where no
        number is given.
    this_week_km, next_week_km
        Limits of the whole week [km], what is run already included.
    reasons
        Sentences; with a number for the next run the first is the answer.
    would_flag
        All that the run asked about would break, pain first: ids of rules, and ``own_limits``,
        ``run`` and ``week`` for limits that are no rule's.
    next_run_set_by, this_week_set_by, next_week_set_by
        What set each limit: ``usual``, ``return``, ``cutback``, ``pain``, ``silence``, ``week``,
        or ``own`` for a professional's; empty without a number.
    units
        In which people read the limits.
    """

    next_run_km: float | None
    this_week_km: float | None
    next_week_km: float | None
    reasons: tuple[str, ...]
    would_flag: tuple[str, ...] = ()
    next_run_set_by: str = ""
    this_week_set_by: str = ""
    next_week_set_by: str = ""
    units: Units = "km"

    def __repr__(self) -> str:
        return f"<Plan {', '.join(f'{name.lower()} {text}' for name, text in self.limits.items())}>"

    def _repr_html_(self) -> str:
        """Show the limits and why, in a notebook."""
        from kneeload import notebook

        flagged = {
            "It goes against": formatting.join(
                formatting.humanise(rule) for rule in self.would_flag
            )
        }
        because = notebook.bullets("Because", self.reasons)
        return notebook.card("What comes next", self.limits | flagged, body=because, note=_PROMISE)

    @property
    def limits(self) -> dict[str, str]:
        """The limits in words."""
        return {
            "Next run": self._in_words(self.next_run_km, nothing="none this week"),
            "This week": self._in_words(self.this_week_km),
            "Next week": self._in_words(self.next_week_km),
        }

    def _in_words(self, km: float | None, nothing: str = "") -> str:
        if km is None:
            return "no number"
        return f"up to {formatting.distance(km, self.units)}" if km or not nothing else nothing

    @property
    def ceilings(self) -> dict[str, str]:
        """The former name of `limits`, for one version more."""
        warnings.warn("Plan.ceilings is Plan.limits now", DeprecationWarning, stacklevel=2)
        return self.limits


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
    """Return the limits of what comes next.

    Parameters
    ----------
    weeks
        As `kneeload.weeks.weekly` returns them for `today`.
    runs, pain, diary
        Frames of one runner; what lies after `today` is not looked at.
    settings
        Profile, thresholds, the first day of the week.
    today
        By default the last run's local date.
    run_km
        Length of a run today [km] to ask about.

    Returns
    -------
    Plan
        Limits [km], None where there is no number, and the reasons.

    Notes
    -----
    Run: the larger of the longest of the last 30 days and 1.10 times that of days 30 to 7 before
    (grade *cohort*, doi:10.1136/bjsports-2024-109380). Week: 1.10 times the reference, or 1 km
    more; less where a cutback is due (grade *convention*). In a return after a break or after pain
    the return's limits stand in their place. Amber pain: 0.8 times the mean run, below the
    kilometre at which pain began, and no larger week. Red pain that has not settled, an open red
    flag or surgery: no number. A professional's limits in the diary go before all but these flags.
    Bases and limits are rounded down as they are read.

    Examples
    --------
    >>> import pandas as pd
    >>> import kneeload
    >>> days = pd.date_range("2026-03-02", periods=12, freq="3D")
    >>> runs = pd.DataFrame({"local_date": days, "distance_km": 10.0})
    >>> planned = kneeload.plan(kneeload.weekly(runs), runs, run_km=14)
    >>> planned
    <Plan next run up to 4.9 km, this week up to 24.9 km, next week up to 33.0 km>
    >>> planned.would_flag
    ('long_run_spike', 'week')
    """
    log = frames_until(weeks, runs, pain, diary, today)
    knee = knee_frames(log["runs"], log["pain"], log["diary"], settings=settings, today=today)
    inputs = PlanInputs(**log | knee, settings=settings, today=today or _last_day(log["runs"]))
    if run_km is None:
        return planned(inputs)
    entries = knee["zones"], knee["pain"], log["diary"]
    both = limits(log["weeks"], log["runs"], *entries, settings)
    flags = _flags(log | knee | both, inputs)
    return replace(planned(inputs), would_flag=would_flag(inputs, run_km, flags))


def _last_day(runs: pd.DataFrame) -> dt.date:
    """Return the day of the last run; without any run any day will do."""
    return dt.date.min if runs.empty else runs["local_date"].max().date()


def _no_number(*reasons: str) -> Plan:
    return Plan(next_run_km=None, this_week_km=None, next_week_km=None, reasons=reasons)


def planned(inputs: PlanInputs) -> Plan:
    """Return the limits of what comes after `inputs`."""
    if inputs.weeks.empty:
        return _no_number("No number yet, because there are no runs.")
    stops = (*_stops(inputs), *_red_pain(inputs))
    if stops:
        return _no_number(*stops)
    state = state_of(inputs)
    this_week = week_limit(inputs, state)
    ahead = week_ahead(inputs, this_week)
    next_week = week_limit(ahead, state)
    next_run = within_week(inputs, run_limit(inputs, state), this_week, next_week)
    reasons = (
        _headline(inputs, next_run, this_week),
        *next_run.reasons,
        *this_week.reasons,
        *next_week.reasons,
        _no_downhill(inputs),
    )
    return Plan(
        next_run_km=next_run.km,
        this_week_km=this_week.km,
        next_week_km=next_week.km,
        reasons=tuple(dict.fromkeys(filter(None, reasons))),
        next_run_set_by=next_run.set_by,
        this_week_set_by=this_week.set_by,
        next_week_set_by=next_week.set_by,
        units=inputs.settings.units,
    )


def _headline(inputs: PlanInputs, run: Limit, week: Limit) -> str:
    """Return the answer in one sentence, empty where there is no number."""
    if run.km is None:
        return ""
    if run.km > 0:
        return f"Keep your next run to {inputs.format_km(run.km)}."
    until = f"no more running until {inputs.settings.week_start.capitalize()}"
    if week.km is None:
        return f"Nothing is left of this week's limit: {until}."
    excess_km = inputs.so_far_km - week.km
    if excess_km > _SHOWN_KM:
        excess = inputs.format_km(excess_km)
        return f"This week is {excess} over its limit of {inputs.format_km(week.km)}: {until}."
    return f"This week's limit of {inputs.format_km(week.km)} is reached: {until}."


def _no_downhill(inputs: PlanInputs) -> str:
    own_limits = inputs.own_limits
    if own_limits is None or not own_limits.no_downhill:
        return ""
    return f"{own_limits_source(inputs)}: no downhill."


def _stops(inputs: PlanInputs) -> list[str]:
    open_signs = inputs.signs.loc[inputs.signs["open"]]
    days = days_in_words(open_signs["local_date"], inputs.today)
    stops = [
        f"A red flag is open ({sign} on {day}). {ADVICE[urgency]} kneeload sets no limit until a "
        "professional has assessed it."
        for sign, day, urgency in zip(open_signs["words"], days, open_signs["urgency"], strict=True)
    ]
    if inputs.own_limits is None and inputs.settings.after_surgery:
        stops.append(
            "After surgery the plan gives no numbers. Ask the professional who treats the knee."
        )
    return stops


def _red_pain(inputs: PlanInputs) -> list[str]:
    """Return why no number is given while red pain has not settled.

    A professional who set limits after it knew of it; then theirs stand.
    """
    spell = inputs.story.resting(inputs.day_number, inputs.settings)
    own_limits = inputs.own_limits
    since = None if own_limits is None else day_number(own_limits.since)
    if spell is None or (since is not None and since >= spell.known_on):
        return []
    zones = inputs.zones
    row = zones.loc[(zones["knee"] == spell.knee) & (zones["zone"] == "red")].iloc[[-1]]
    score, days = (
        inputs.settings.threshold(f"return_from_break.settled_{name}") for name in ("score", "days")
    )
    return [
        f"No run for now. {knee_in_words(newest.knee)} was rated red on {day}. {newest.reasons}. "
        f"Wait until you score {score:g} or less, or until {days:g} days have passed since your "
        "last score above that. See a professional."
        for newest, day in with_days(row, inputs.today)
    ]


def would_flag(inputs: PlanInputs, run_km: float, flags: pd.DataFrame) -> tuple[str, ...]:
    """Return all that a run of `run_km` [km] on `known.today` would break, pain first.

    Ids of rules, then ``own_limits``, ``run`` and ``week`` for limits that are no rule's; `flags`
    are those of `inputs` without the run.
    """
    if inputs.weeks.empty:
        return ()
    state = state_of(inputs)
    run, week = run_limit(inputs, state), week_limit(inputs, state)
    total = inputs.so_far_km + run_km
    pain = _broken_pain(inputs, run, run_km)
    rules = [rule for rule in _raised(inputs, run_km, flags) if rule not in pain]
    over_own_limits = _is_over(total, week, "own") or _is_over(run_km, run, "own")
    broken = [*pain, *rules, *(["own_limits"] if over_own_limits else [])]
    if _is_over(run_km, run) and not {*broken} & _OF_RUN:
        broken.append("run")
    if _is_over(total, week) and not {*broken} & _OF_WEEK:
        broken.append("week")
    return tuple(broken)


def _is_over(km: float, limit: Limit, set_by: str = "") -> bool:
    if limit.km is None or (set_by and limit.set_by != set_by):
        return False
    return km > limit.km + EPS


def _broken_pain(inputs: PlanInputs, run: Limit, run_km: float) -> list[str]:
    """Return the rules of pain that forbid the run: an open red flag, red or amber pain."""
    red_flags = ["red_flag"] if inputs.signs["open"].any() else []
    pain = bool(_red_pain(inputs)) or _is_over(run_km, run, "pain")
    return [*(["pain_zone"] if pain else []), *red_flags]


def _raised(inputs: PlanInputs, run_km: float, flags: pd.DataFrame) -> list[str]:
    """Return the ids of the rules whose flags the run would raise or change."""
    runs, weeks = with_run(inputs.runs, inputs.today, run_km), inputs.weeks
    suspect = pd.DataFrame(
        {"local_date": weeks["week_start"].repeat(weeks["suspect_runs"].tolist())}
    )
    settings, today = inputs.settings, inputs.today
    log = {
        "weeks": weeks_of(runs, inputs.pain, suspect, settings=settings, today=today),
        "runs": runs,
        "pain": inputs.pain,
        "diary": inputs.diary,
    }
    flags_with_run = _flags(log | derived_frames(**log, settings=settings, today=today), inputs)
    compared = flags_with_run.merge(flags, on=["flag_id", "value"], how="left", indicator=True)
    rules = set(compared.loc[compared["_merge"] == "left_only", "rule_x"])
    return [rule for rule in installed_rules() if rule in rules]


def _flags(frames: Mapping[str, pd.DataFrame], inputs: PlanInputs) -> pd.DataFrame:
    """Return the flags of all rules from the frames that they need."""
    rules = installed_rules().values()
    return flags_of(frames, rules, settings=inputs.settings, today=inputs.today)
