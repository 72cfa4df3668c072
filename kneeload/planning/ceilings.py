"""The plan itself: what stops any number, else the ceilings and why."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kneeload import frames, words
from kneeload.planning.known import Known, floored, state_of, with_days, with_run
from kneeload.planning.run import held_back_run, run_ceiling, within_week
from kneeload.planning.week import held_back_week, week_ahead, week_ceiling
from kneeload.rules import check, installed_rules, judged
from kneeload.rules.checking import seen
from kneeload.rules.redflags import ADVICE
from kneeload.rules.wording import days_in_words, knee_in_words
from kneeload.settings import DEFAULTS
from kneeload.weeks import counted, weeks_of

if TYPE_CHECKING:
    import pandas as pd

    from kneeload.planning.known import Ceiling, State
    from kneeload.settings import Settings, Units

_SHOWN_KM = 0.05
_PROMISE = "A ceiling is the most that would raise no flag; it promises nothing about the knee."


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
    units
        In which people read the ceilings.
    """

    next_run_km: float | None
    this_week_km: float | None
    next_week_km: float | None
    reasons: tuple[str, ...]
    would_flag: tuple[str, ...] = ()
    units: Units = "km"

    def __repr__(self) -> str:
        return (
            f"<Plan {', '.join(f'{name.lower()} {text}' for name, text in self.ceilings.items())}>"
        )

    def _repr_html_(self) -> str:
        """Show the ceilings and why, in a notebook."""
        from kneeload import display

        flagged = {"It would flag": words.listed(words.names(rule) for rule in self.would_flag)}
        because = display.bullets("Because", self.reasons)
        return display.card("What comes next", self.ceilings | flagged, body=because, note=_PROMISE)

    @property
    def ceilings(self) -> dict[str, str]:
        """The ceilings in words."""
        ceilings = {
            "Next run": self.next_run_km,
            "This week": self.this_week_km,
            "Next week": self.next_week_km,
        }
        return {
            name: "no number" if km is None else f"at most {words.distance(km, self.units)}"
            for name, km in ceilings.items()
        }


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
    settings
        Profile, thresholds, the first day of the week.
    today
        By default the last run's local date.
    run_km
        Length of a run today [km] to ask about.

    Returns
    -------
    Plan
        Ceilings [km], None where there is no number, and the reasons.

    Notes
    -----
    Run: 1.10 times the longest of the last 30 days (grade *cohort*,
    doi:10.1136/bjsports-2024-109380), the longest itself where it is not older than 7 days; less
    in a return from a break. Week: 1.10 times the reference, 0.85 times it where a cutback is
    due, or the share of a return (grade *convention*). Amber pain: 0.8 times the recent mean,
    below the kilometre at which pain began. Red pain, an open red flag or surgery: no number.

    Examples
    --------
    >>> import pandas as pd
    >>> import kneeload
    >>> days = pd.date_range("2026-03-02", periods=12, freq="3D")
    >>> runs = pd.DataFrame({"local_date": days, "distance_km": 10.0})
    >>> planned = kneeload.plan(kneeload.weekly(runs), runs, run_km=14)
    >>> planned
    <Plan next run at most 5.5 km, this week at most 25.5 km, next week at most 21.7 km>
    >>> planned.would_flag
    ('long_run_spike', 'ten_percent')
    """
    own, scores = counted(runs, today), seen(pain, frames.PAIN, today, weeks)
    known = Known(
        weeks=weeks.reset_index(drop=True),
        runs=own,
        **judged(own, scores, seen(diary, frames.DIARY, today, weeks), settings, today),
        settings=settings,
        today=today or _last_day(own),
    )
    if run_km is None:
        return planned(known)
    raised = would_flag(own, run_km, settings=settings, today=known.today)
    return replace(planned(known), would_flag=raised)


def _last_day(runs: pd.DataFrame) -> dt.date:
    """Return the day of the last run; without any run any day will do."""
    return dt.date.min if runs.empty else runs["local_date"].max().date()


def _no_number(*reasons: str) -> Plan:
    return Plan(next_run_km=None, this_week_km=None, next_week_km=None, reasons=reasons)


def planned(known: Known) -> Plan:
    """Return the ceilings for what comes after `known`."""
    if known.weeks.empty:
        return _no_number("No runs yet: too little history for a number.")
    state = state_of(known)
    stops = (*_stops(known), *_red_pain(state))
    if stops:
        return _no_number(*stops)
    this_week = held_back_week(known, state, week_ceiling(known))
    next_run = held_back_run(known, state, run_ceiling(known))
    next_run = within_week(known, this_week, next_run)
    ahead = week_ahead(known, this_week)
    next_week = held_back_week(ahead, state, week_ceiling(ahead))
    every = (_headline(known, next_run), *next_run.reasons, *this_week.reasons, *next_week.reasons)
    return Plan(
        next_run_km=_number(next_run),
        this_week_km=_number(this_week),
        next_week_km=_number(next_week),
        reasons=tuple(dict.fromkeys(filter(None, every))),
        units=known.settings.units,
    )


def _headline(known: Known, run: Ceiling) -> str:
    if run.km is None:
        return ""
    if run.km < _SHOWN_KM:
        return "This week's ceiling is reached: no further run this week stays below it."
    return f"The longest run that would raise no flag is {known.told(floored(run.km))}."


def _number(ceiling: Ceiling) -> float | None:
    return None if ceiling.km is None else floored(ceiling.km)


def _stops(known: Known) -> list[str]:
    found = known.signs.loc[known.signs["open"]]
    days = days_in_words(found["local_date"], known.today)
    stops = [
        f"A red flag is open: {sign} on {day}. {ADVICE[urgency]} No number until it is assessed."
        for sign, day, urgency in zip(found["words"], days, found["urgency"], strict=True)
    ]
    if known.settings.after_surgery:
        stops.append("After surgery the plan gives no ceilings: ask who treats the knee.")
    return stops


def _red_pain(state: State) -> list[str]:
    return [
        f"{knee_in_words(row.knee)} was red on {day} ({row.reasons}): no run until it has "
        "settled, and see a professional."
        for row, day in with_days(state.knees.loc[state.knees["zone"] == "red"], state.today)
    ]


def would_flag(
    runs: pd.DataFrame, run_km: float, *, settings: Settings, today: dt.date
) -> tuple[str, ...]:
    """Return the ids of the rules that a run of `run_km` [km] today would raise.

    Parameters
    ----------
    runs
        As `kneeload.weeks.counted` returns them; without any nothing is raised.
    """
    if runs.empty:
        return ()
    now, then = (
        check(weeks_of(each, settings=settings, today=today), each, settings=settings, today=today)
        for each in (runs, with_run(runs, today, run_km))
    )
    raised = then.merge(now, on=["flag_id", "value"], how="left", indicator=True)
    rules = set(raised.loc[raised["_merge"] == "left_only", "rule_x"])
    return tuple(rule for rule in installed_rules() if rule in rules)
