"""The runner's goals on the page: whether the limits reach them, and the weeks up to there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kneeload import formatting
from kneeload.planning.goal import MOST_WEEKS
from kneeload.reports.model import GoalPart, GoalWeek

if TYPE_CHECKING:
    from kneeload.analysis import Analysis
    from kneeload.formatting import Units
    from kneeload.planning.goal import Goal, Outlook

_HOW = "if every run is rated green"


def goal_parts(analysis: Analysis) -> tuple[GoalPart, ...]:
    """Return each goal whose day has not passed, the next first."""
    units = analysis.settings.units
    return tuple(_part(outlook, analysis, units) for outlook in analysis.outlooks())


def _part(outlook: Outlook, analysis: Analysis, units: Units) -> GoalPart:
    goal = outlook.goal
    day = formatting.day(goal.date, analysis.today)
    return GoalPart(
        title=f"{formatting.sentence(goal.text)[:-1]}, "
        f"{formatting.distance(goal.km, units)} on {day}",
        text=_answer(outlook, analysis, units),
        reached=outlook.reached,
        weeks=tuple(
            GoalWeek(start=week.start, week_km=week.week_km, longest_km=week.longest_km)
            for week in outlook.weeks
        ),
    )


def _answer(outlook: Outlook, analysis: Analysis, units: Units) -> str:
    if outlook.stopped:
        return f"There is no number for a run today, so none for your goal. {outlook.stopped}"
    if outlook.reached_on is not None:
        week = formatting.day(outlook.reached_on, analysis.today)
        return f"Your limits grow to this distance by the week of {week}, {_HOW}."
    if outlook.reached:
        return "This distance is within your limits now."
    return _short(outlook.goal, outlook, units)


def _short(goal: Goal, outlook: Outlook, units: Units) -> str:
    most = formatting.distance(outlook.longest_km, units)
    missing = formatting.distance(goal.km - (outlook.longest_km or 0.0), units)
    if len(outlook.weeks) > MOST_WEEKS:
        return (
            f"Within {MOST_WEEKS} weeks your limits grow to {most}, {_HOW}. What comes after "
            "that is open."
        )
    return (
        f"Your limits do not grow to this distance by then. They allow at most {most} for a "
        f"single run, {_HOW}. That is {missing} short. A later day or a shorter distance would "
        "fit."
    )
