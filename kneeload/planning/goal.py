"""A goal: whether the limits reach its distance by its date, if every run stays green."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kneeload import frames
from kneeload.calendar import EPS, first_day_of
from kneeload.planning.limits import planned
from kneeload.weeks import weeks_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kneeload.planning.inputs import PlanInputs
    from kneeload.planning.limits import Plan

KIND = "goal"
MOST_WEEKS = 26
_WEEK = dt.timedelta(days=7)
_HISTORY_DAYS, _USUAL_WEEKS = 182, 8
_SHORT_SHARE, _LEAST_KM = 0.55, 1.0
# Days of a week's runs, from its first day on; the long one comes last.
_DAYS = {2: (2, 6), 3: (1, 3, 6), 4: (1, 2, 4, 6), 5: (0, 1, 3, 4, 6)}


@dataclass(frozen=True, kw_only=True)
class Goal:
    """A distance [km] to run on a date; visible from the day on which it was entered."""

    entry_id: str
    text: str
    entered: dt.date
    date: dt.date
    km: float


@dataclass(frozen=True, kw_only=True)
class WeekAhead:
    """One week ahead: its limit, and the longest run that the limits leave room for [km]."""

    start: dt.date
    week_km: float | None
    longest_km: float | None


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """Whether the limits reach a goal.

    Parameters
    ----------
    weeks
        From today's week to the first that allows the distance, else to the goal's own; at most
        `MOST_WEEKS`. Empty where the distance is within today's limit.
    longest_km
        The limit of a single run in the last of them [km]; None where the plan gives no number.
    reached_on
        First day of the week in which a run of the goal's distance is within the limits.
    stopped
        Why the plan gives no number today; empty where it does.
    """

    goal: Goal
    weeks: tuple[WeekAhead, ...]
    longest_km: float | None
    reached_on: dt.date | None
    stopped: str = ""

    @property
    def reached(self) -> bool:
        """Whether the goal's distance is within the limits on its day."""
        return self.longest_km is not None and self.longest_km >= self.goal.km - EPS


def goals(diary: pd.DataFrame, today: dt.date) -> tuple[Goal, ...]:
    """Return the goals whose day has not passed, the next first."""
    day = pd.Timestamp(today)
    rows = diary.loc[(diary["kind"] == KIND) & (diary["local_date"] <= day)]
    rows = rows.loc[(rows["until"] >= day) & (rows["value"] > 0)].sort_values(
        "until", kind="stable"
    )
    columns = ("entry_id", "text", "local_date", "until", "value")
    return tuple(
        Goal(entry_id=entry_id, text=text, entered=first.date(), date=last.date(), km=km)
        for entry_id, text, first, last, km in zip(*(rows[n] for n in columns), strict=True)
    )


def outlook(inputs: PlanInputs, goal: Goal) -> Outlook:
    """Return whether the limits reach the goal if every week is filled and every run stays green.

    The plan is made again for each week ahead: as many runs a week as usual, the short ones share
    55 % of its limit, the long one takes what the plan allows on its day. Runs ahead count as
    scored and green, so this is the quickest that the limits allow, not a forecast. Evidence
    grade: *assumption*.

    Parameters
    ----------
    inputs
        What the plan looks at, up to its today.
    """
    start = planned(inputs)
    if start.next_run_km is None:
        reason = start.reasons[0] if start.reasons else ""
        return Outlook(goal=goal, weeks=(), longest_km=None, reached_on=None, stopped=reason)
    weeks = tuple(_weeks_ahead(inputs, start, goal))
    reached = next((w for w in weeks if (w.longest_km or 0) >= goal.km - EPS), None)
    return Outlook(
        goal=goal,
        weeks=weeks,
        longest_km=weeks[-1].longest_km if weeks else start.next_run_km,
        reached_on=reached.start if reached else None,
    )


def _weeks_ahead(inputs: PlanInputs, plan: Plan, goal: Goal) -> Iterator[WeekAhead]:
    """Yield the weeks up to the goal's, or to the first that allows its distance."""
    offsets, longest = _DAYS[_usual_runs(inputs)], plan.next_run_km
    first = first_day_of(inputs.today, inputs.settings.week_start)
    last, begins = min(goal.date, inputs.today + MOST_WEEKS * _WEEK), inputs.today
    week_km, ahead = plan.this_week_km, _recent(inputs)
    while first <= last and (longest or 0) < goal.km - EPS:
        days = [first + dt.timedelta(days=n) for n in offsets]
        # The goal itself is the long run of its week.
        long_day = min(days[-1], last)
        short = [day for day in days[:-1] if begins < day < long_day]
        ahead = _with_short_runs(ahead, short, len(offsets), week_km, longest)
        day = max(long_day, begins)
        weeks = weeks_of(ahead.runs, ahead.pain, settings=inputs.settings, today=day)
        ahead = replace(ahead, weeks=weeks, today=day)
        plan = planned(ahead)
        longest = plan.next_run_km
        yield WeekAhead(start=first, week_km=plan.this_week_km, longest_km=longest)
        if (longest or 0) >= _LEAST_KM and long_day > begins:
            ahead = _with_green_runs(ahead, [long_day], min(longest or 0, goal.km))
        week_km, first = plan.next_week_km, first + _WEEK


def _recent(inputs: PlanInputs) -> PlanInputs:
    """Return the inputs with as much history as any limit looks back on."""
    since = pd.Timestamp(inputs.today - dt.timedelta(days=_HISTORY_DAYS))
    frames_by_name = {name: getattr(inputs, name) for name in ("runs", "pain", "zones")}
    recent = {
        name: frame[frame["local_date"] > since].reset_index(drop=True)
        for name, frame in frames_by_name.items()
    }
    return replace(inputs, **recent)


def _usual_runs(inputs: PlanInputs) -> int:
    """Return the usual number of runs in a week with running, from two to five."""
    counts = inputs.weeks["runs"].tail(_USUAL_WEEKS)
    usual = float(np.nan_to_num(counts[counts > 0].median(), nan=3.0))
    return int(np.clip(round(usual), min(_DAYS), max(_DAYS)))


def _with_short_runs(
    inputs: PlanInputs,
    days: list[dt.date],
    usual: int,
    week_km: float | None,
    longest: float | None,
) -> PlanInputs:
    """Return the inputs with a week's short runs, which share 55 % of its limit."""
    share = np.inf if week_km is None else _SHORT_SHARE * week_km / max(usual - 1, 1)
    km = min(share, longest or 0.0)
    return _with_green_runs(inputs, days, km) if days and km >= _LEAST_KM else inputs


def _with_green_runs(inputs: PlanInputs, days: list[dt.date], km: float) -> PlanInputs:
    """Return the inputs with a run on each day, scored without pain where the diary has scores.

    A run that hurts no knee is green, and changes no zone before it: zones need no second look.
    """
    dates = pd.DatetimeIndex(days).as_unit("us")
    runs = pd.DataFrame({"run_id": [f"ahead-{day}" for day in days], "local_date": dates})
    run_rows = runs.assign(
        started_at=(dates + pd.Timedelta(hours=12)).tz_localize("UTC"),
        distance_km=km,
        moving_s=np.nan,
        sport="running",
    )
    of_knees = runs.merge(inputs.zones[["knee"]].drop_duplicates(), how="cross")
    of_knees = of_knees.assign(run_date=of_knees["local_date"], origin="entered", score=0)
    morning = of_knees["local_date"] + pd.Timedelta(days=1)
    scores = [
        of_knees.assign(moment="during"),
        of_knees.assign(moment="next_morning", local_date=morning),
    ]
    rated = of_knees.assign(
        zone="green", day_zone="green", worst=0.0, morning=0.0, judged_on=of_knees["local_date"],
        painkillers=False, limp=False, reasons="",
    )  # fmt: skip
    return replace(
        inputs,
        runs=_appended(inputs.runs, run_rows),
        pain=_appended(inputs.pain, frames.conform(pd.concat(scores), frames.PAIN)),
        zones=_appended(inputs.zones, rated),
    )


def _appended(frame: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Return `frame` with what `rows` have of its columns."""
    return pd.concat([frame, rows[rows.columns.intersection(frame.columns)]], ignore_index=True)
