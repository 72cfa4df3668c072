"""Breaks, and the ceilings of the return."""

from __future__ import annotations

import numpy as np
import pytest

from kneeload.rules.breaks import breaks, return_share, week_ceilings
from kneeload.settings import DEFAULTS
from kneeload.weeks import counted
from tests.diaries import diary
from tests.rules.test_distance import fired, flags_of

MONTH = "2026-W02..2026-W05 4x10 km\n"  # the last run on Sunday, 1 February


@pytest.mark.parametrize(
    ("gap", "shares"),
    [
        (6, [0.5] * 3 + [0.75] * 3 + [1.0]),
        (7, [0.5] * 4 + [0.75] * 3 + [1.0]),
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


@pytest.mark.parametrize(("day", "gap"), [("2026-02-07", None), ("2026-02-08", 6)])
def test_a_break_has_six_days_without_a_run(day: str, gap: int | None) -> None:
    found = breaks(counted(diary(f"{MONTH}{day} 5 km").runs), DEFAULTS)
    assert found["gap_days"].tolist() == ([] if gap is None else [gap])
    assert found["weekly_km"].tolist() == ([] if gap is None else [40])


def test_who_runs_on_sundays_has_no_break_each_week() -> None:
    sundays = "\n".join(f"2026-01-{day:02d} 10 km" for day in (4, 11, 18, 25))
    runs = counted(diary(f"{sundays}\n2026-02-01 10 km\n2026-02-15 10 km").runs)
    assert breaks(runs, DEFAULTS)["gap_days"].tolist() == [13]


def test_a_log_of_a_few_days_has_no_weeks_to_compare_with() -> None:
    runs = counted(diary("2026-01-05 5 km\n2026-01-07 5 km\n2026-01-20 5 km").runs)
    assert breaks(runs, DEFAULTS).empty


@pytest.mark.parametrize(
    ("km", "severity"), [(20, ""), (20.01, "note"), (26, "note"), (26.01, "warn")]
)
def test_the_week_of_a_return(km: float, severity: str) -> None:
    """Two weeks away, back on Monday 16 February: that week is held to 50 % of 40 km."""
    found = fired("return_from_break", f"{MONTH}2026-02-16 {km} km")
    assert found == ([("2026-W08", severity)] if severity else [])


def test_a_return_tells_its_numbers() -> None:
    flags = flags_of(f"{MONTH}2026-02-16 15 km\n2026-02-18 12 km\n2026-02-20 3 km")
    flag = flags.loc[flags["rule"] == "return_from_break"].iloc[0]
    assert flag["date"].day == 18
    assert flag["message"] == (
        "30.0 km in 2026-W08, the first week after 14 days without a run, is more than 20.0 km "
        "(50 % of the 40.0 km a week before the break)"
    )


def test_a_later_week_of_a_return_says_which_it_is() -> None:
    text = f"{MONTH}2026-03-09 10 km\n2026-03-16 10 km\n2026-03-23 30 km"
    found = flags_of(text).query("rule == 'return_from_break' and week == '2026-W13'")
    message = found["message"].iloc[0]
    assert message.startswith("30.0 km in 2026-W13, the third week after 35 days without a run, ")


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
    assert len(breaks(counted(diary(text).runs), DEFAULTS)) == enough
    assert bool(fired("return_from_break", text)) == enough


def test_a_week_has_the_mean_share_of_its_days() -> None:
    """Ten days away, back on Thursday 12 February: five days at 50 %, five at 75 %."""
    ceilings = week_ceilings(counted(diary(f"{MONTH}2026-02-12 5 km").runs), DEFAULTS)
    assert ceilings["week_start"].dt.day.tolist() == [9, 16]
    second = (0.5 * 1 + 0.75 * 5 + 1.0) / 7
    assert ceilings["share"].tolist() == pytest.approx([0.5, second])
    assert ceilings["ceiling_km"].tolist() == pytest.approx([20, 40 * second], abs=0.005)


def test_of_two_returns_the_lower_ceiling_holds() -> None:
    first = "\n".join(f"2026-{day} 4 km" for day in ("03-30", "03-31", "04-01", "04-02", "04-03"))
    text = f"{MONTH}{first}\n2026-04-04 4 km\n2026-04-15 5 km"
    ceilings = week_ceilings(counted(diary(text).runs), DEFAULTS)
    by_week = ceilings.set_index(ceilings["week_start"].dt.strftime("%m-%d"))["ceiling_km"]
    assert by_week["03-30"] == pytest.approx(0.33 * 40, abs=0.005)
    assert by_week["04-13"] == pytest.approx(0.5 * 24 / 4)
    assert ceilings["week_start"].is_unique
