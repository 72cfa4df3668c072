"""A goal: visible from the day it was entered, and told plainly where the limits fall short."""

import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest

from kneeload import frames
from kneeload.analysis import Analysis, analyse
from kneeload.planning.goal import MOST_WEEKS, _with_green_runs, goals
from kneeload.reports.goals import goal_parts
from kneeload.rules import derived_frames
from kneeload.settings import DEFAULTS, Settings
from tests import story

TODAY = dt.date(2026, 3, 29)


def _diary(km: float, date: str, entered: str = "2026-03-20") -> pd.DataFrame:
    row = {"entry_id": "d1", "kind": "goal", "local_date": entered, "until": date, "value": km}
    return frames.conform(pd.DataFrame([row | {"text": "half marathon"}]), frames.DIARY)


def _analysis(
    diary: pd.DataFrame, today: dt.date = TODAY, settings: Settings = DEFAULTS
) -> Analysis:
    """Return eight weeks of 6, 6 and 10 km on `today`."""
    first = pd.Timestamp("2026-02-02")
    days = [first + pd.Timedelta(days=7 * week + n) for week in range(8) for n in (1, 3, 6)]
    runs = pd.DataFrame({"local_date": days, "distance_km": [6.0, 6.0, 10.0] * 8})
    runs = runs.assign(
        run_id=[f"r{n}" for n in range(len(runs))],
        sport="running",
        started_at=runs["local_date"].dt.tz_localize("UTC"),
    )
    frame = frames.conform(runs, frames.RUNS)
    return analyse(frame, frames.empty(frames.PAIN), diary, settings=settings, today=today)


@pytest.mark.parametrize(("day", "visible"), [(19, 0), (20, 1)])
def test_a_goal_is_visible_from_the_day_it_was_entered(day: int, visible: int) -> None:
    assert len(goals(_diary(21.1, "2026-07-05"), dt.date(2026, 3, day))) == visible


@pytest.mark.parametrize(("day", "visible"), [(5, 1), (6, 0)])
def test_a_goal_is_gone_the_day_after_its_own(day: int, visible: int) -> None:
    assert len(goals(_diary(21.1, "2026-07-05"), dt.date(2026, 7, day))) == visible


def test_enough_time_names_the_week() -> None:
    (found,) = _analysis(_diary(16, "2026-08-30")).outlooks()
    assert found.reached
    assert found.reached_on is not None
    assert found.weeks[-1].start == found.reached_on
    assert all((week.longest_km or 0) < 16 for week in found.weeks[:-1])
    longest = [week.longest_km or 0 for week in found.weeks]
    assert longest[0] >= 10


def test_too_little_time_is_said_plainly() -> None:
    (part,) = goal_parts(_analysis(_diary(42.2, "2026-05-03")))
    assert not part.reached
    assert part.title == "Half marathon, 42.2 km on 3 May"
    assert part.text.startswith("Your limits do not grow to this distance by then. ")
    assert "short" in part.text
    assert part.weeks[-1].start <= dt.date(2026, 5, 3)


def test_a_goal_within_todays_limit_needs_no_weeks() -> None:
    (part,) = goal_parts(_analysis(_diary(5, "2026-05-03")))
    assert (part.reached, part.weeks) == (True, ())
    assert part.text == "This distance is within your limits now."


def test_beyond_half_a_year_is_open() -> None:
    (found,) = _analysis(_diary(300, "2027-12-01")).outlooks()
    assert len(found.weeks) <= MOST_WEEKS + 1
    assert not found.reached


def test_without_a_number_today_there_is_none_for_the_goal() -> None:
    surgery = replace(DEFAULTS, condition="after_surgery")
    (part,) = goal_parts(_analysis(_diary(21.1, "2026-07-05"), settings=surgery))
    assert part.text.startswith("There is no number for a run today")


def test_a_run_without_pain_changes_no_zone_and_is_green() -> None:
    """The zones that the weeks ahead go by are those that the rules would give."""
    told = story.analysis()
    known = told.plan_inputs
    days = [dt.date(2026, 3, 24), dt.date(2026, 3, 26)]
    ahead = _with_green_runs(known, days, 5.0)
    again = derived_frames(
        known.weeks, ahead.runs, ahead.pain, known.diary, settings=DEFAULTS, today=days[-1]
    )["zones"]
    columns = ["local_date", "run_id", "knee", "zone", "day_zone", "judged_on"]
    order = ["local_date", "run_id", "knee"]
    assert {*ahead.zones["run_id"]} >= {"ahead-2026-03-24", "ahead-2026-03-26"}
    pd.testing.assert_frame_equal(
        ahead.zones[columns].sort_values(order, ignore_index=True),
        again[columns].sort_values(order, ignore_index=True),
        check_dtype=False,
    )
