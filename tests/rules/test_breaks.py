"""Breaks, and the limits of the return."""

import numpy as np
import pytest

from kneeload.rules.breaks import break_weeks, breaks, return_share
from kneeload.settings import DEFAULTS
from kneeload.weeks import countable_runs
from tests.diaries import diary
from tests.rules.test_distance import fired, flags_of

MONTH = "2026-W02..2026-W05 4x10 km\n"  # the last run on Sunday, 1 February


@pytest.mark.parametrize(
    ("gap", "shares"),
    [
        (10, [0.75] * 10 + [1.0]),
        (13, [0.75] * 13 + [1.0]),
        (14, [0.5] * 7 + [0.75] * 7 + [1.0]),
        (28, [0.5] * 14 + [0.75] * 14 + [1.0]),
        (30, [0.33] * 10 + [0.5] * 10 + [0.75] * 10 + [1.0]),
        (56, [0.33] * 19 + [0.5] * 19 + [0.75] * 18 + [1.0]),
        (57, [0.33] * 21 + [0.5] * 21 + [0.75] * 21 + [1.0]),
        (200, [0.33] * 21 + [0.5] * 21 + [0.75] * 21 + [1.0]),
    ],
)
def test_the_share_day_by_day(gap: int, shares: list[float]) -> None:
    since = np.arange(len(shares))
    assert return_share(since, np.full(len(shares), gap)).tolist() == shares


@pytest.mark.parametrize(("day", "gap"), [("2026-02-11", None), ("2026-02-12", 10)])
def test_a_break_has_ten_days_without_a_run(day: str, gap: int | None) -> None:
    found = breaks(countable_runs(diary(f"{MONTH}{day} 5 km").runs), DEFAULTS)
    assert found["gap_days"].tolist() == ([] if gap is None else [gap])
    assert found["weekly_km"].tolist() == ([] if gap is None else [40])


def test_who_runs_on_sundays_has_no_break_each_week() -> None:
    sundays = "\n".join(f"2026-01-{day:02d} 10 km" for day in (4, 11, 18, 25))
    runs = countable_runs(diary(f"{sundays}\n2026-02-01 10 km\n2026-02-15 10 km").runs)
    assert breaks(runs, DEFAULTS)["gap_days"].tolist() == [13]


def test_a_log_of_a_few_days_has_no_weeks_to_compare_with() -> None:
    runs = countable_runs(diary("2026-01-05 5 km\n2026-01-07 5 km\n2026-01-20 5 km").runs)
    assert breaks(runs, DEFAULTS).empty


@pytest.mark.parametrize(
    ("km", "severity"), [(20.04, ""), (20.06, "note"), (26, "note"), (26.01, "warn")]
)
def test_the_week_of_a_return(km: float, severity: str) -> None:
    """Two weeks away, back on Monday 16 February: that week is held to 50 % of 40 km."""
    runs = "\n".join(f"2026-02-{day} {km / 4} km" for day in (16, 18, 20, 22))
    found = fired("return_from_break", f"{MONTH}{runs}")
    assert found == ([("2026-W08", severity)] if severity else [])


def test_a_return_tells_its_runs_and_its_week_in_one_flag() -> None:
    flags = flags_of(f"{MONTH}2026-02-16 15 km\n2026-02-18 12 km\n2026-02-20 3 km")
    found = flags.loc[flags["rule"] == "return_from_break"]
    assert len(found) == 1
    assert found["severity"].tolist() == ["warn"]
    assert found["message"].iloc[0] == (
        "You ran 15.0 km on 16 February, more than the 5.0 km limit for your return to running. "
        "After 14 days without a run, start with at most 50 % of your longest run before that "
        "(10.0 km). You ran 30.0 km in the week of 16 February, more than the 20.0 km limit for "
        "your return to running: 50 % of the 40.0 km a week that you ran before your break of 14 "
        "days"
    )


@pytest.mark.parametrize(
    ("before", "enough"),
    [
        ("2026-01-05 6 km\n2026-01-28 3 km\n2026-01-30 3 km", True),
        ("2026-01-05 6 km\n2026-01-28 3 km\n2026-01-30 2.9 km", False),
        ("2026-01-05 12 km\n2026-01-30 12 km", False),
        ("2026-01-05 0 km\n2026-01-28 0 km\n2026-01-30 0 km", False),
    ],
)
def test_before_a_break_there_was_something_to_take_a_share_of(before: str, enough: bool) -> None:
    """Three days with a run and 3 km a week, in the four weeks."""
    text = f"{before}\n2026-03-02 11 km"
    assert len(breaks(countable_runs(diary(text).runs), DEFAULTS)) == enough
    assert bool(fired("return_from_break", text)) == enough


def test_a_week_has_the_mean_share_of_its_days() -> None:
    """Fifteen days away, back on Tuesday 17 February: eight days at 50 %, seven at 75 %."""
    runs = countable_runs(diary(f"{MONTH}2026-02-17 5 km").runs)
    limits = break_weeks(breaks(runs, DEFAULTS), DEFAULTS)
    assert limits["week_start"].dt.day.tolist() == [16, 23, 2]
    assert limits["share"].tolist() == [0.5, 0.67, 0.92]
    assert limits["limit_km"].tolist() == [20, 26.8, 36.8]


def test_of_two_returns_the_lower_limit_holds() -> None:
    first = "\n".join(f"2026-{day} 4 km" for day in ("03-30", "03-31", "04-01", "04-02", "04-03"))
    text = f"{MONTH}{first}\n2026-04-04 4 km\n2026-04-19 5 km"
    limits = break_weeks(breaks(countable_runs(diary(text).runs), DEFAULTS), DEFAULTS)
    by_week = limits.set_index(limits["week_start"].dt.strftime("%m-%d"))["limit_km"]
    assert by_week["03-30"] == 13.2  # 0.33 x 40
    assert by_week["04-13"] == 3  # 0.5 x 24 / 4
    assert limits["week_start"].is_unique


def test_minutes_and_kilometres_agree_at_the_usual_pace() -> None:
    """Back after 35 days: 33 % of 30 km would be 9.9 km, forty minutes at 8:00/km are 5 km."""
    text = "2026-W02..2026-W05 4x30 km, 240 min\n2026-03-09 6 km"
    found = flags_of(text).query("rule == 'return_from_break' and week == '2026-W11'")
    assert found["limit"].tolist() == [5]
    assert "at most 40 minutes at your usual pace" in found["message"].iloc[0]
