"""Streaks, intensity, descent and monotony."""

import datetime as dt
import statistics

import numpy as np
import pytest

from kneeload.frames import RUNS
from kneeload.rules.effort import intensity_jump, week_monotony
from kneeload.settings import Settings
from kneeload.weeks import countable_runs, weekly
from tests.diaries import diary
from tests.rules.test_distance import fired, flags_of


def days(first: str, count: int, km: float = 5) -> str:
    start = dt.date.fromisoformat(first)
    return "\n".join(f"{start + dt.timedelta(days=i)} {km} km" for i in range(count))


@pytest.mark.parametrize(("count", "expected"), [(6, []), (7, [("2026-W02", "note")])])
def test_more_than_six_days_in_a_row(count: int, expected: list[tuple[str, str]]) -> None:
    assert fired("run_streak", days("2026-01-05", count)) == expected


def test_a_streak_is_noted_once_a_week_and_is_one_episode() -> None:
    flags = flags_of(days("2026-01-05", 16))
    found = flags.loc[flags["rule"] == "run_streak"]
    assert found["value"].tolist() == [7, 14, 16]
    assert found["date"].dt.day.tolist() == [11, 12, 19]
    assert found["episode"].tolist() == [1, 1, 1]


def test_two_runs_on_a_day_are_one_day() -> None:
    assert fired("run_streak", days("2026-01-05", 6) + "\n2026-01-10 17:00 3 km") == []


def test_the_runners_own_streaks_raise_the_limit() -> None:
    """Five streaks of nine days, the day between them free: a tenth like them is usual."""
    text = "\n".join(days(f"2026-01-{1 + 10 * i:02d}", 9) for i in range(3))
    text += "\n" + days("2026-02-01", 9) + "\n" + days("2026-02-11", 9)
    usual = days("2026-02-21", 9)
    noted = [week for week, _ in fired("run_streak", text + "\n" + usual)]
    assert noted == [week for week, _ in fired("run_streak", text)]
    assert len(fired("run_streak", text + "\n" + days("2026-02-21", 10))) == len(noted) + 1


def month(week: str, *, hard: int = 10, weeks: str = "2026-W02..2026-W05") -> str:
    return f"{weeks} 40 km, easy {100 - hard} min, hard {hard} min\n2026-W06 {week}"


@pytest.mark.parametrize(
    ("week", "fires"),
    [
        ("44.01 km, easy 79 min, hard 21 min", True),
        ("44.01 km, easy 80 min, hard 20 min", False),  # 10 points exactly
        ("44 km, easy 70 min, hard 30 min", False),  # 10 % exactly
        ("60 km", False),  # nothing measured
    ],
)
def test_harder_and_longer_at_once(week: str, fires: bool) -> None:
    found = fired("intensity_jump", month(week), today="2026-02-09")
    assert found == ([("2026-W06", "note")] if fires else [])
    assert fired("intensity_jump", month(week), today="2026-02-06") == []  # the week still runs


def test_an_intensity_jump_says_what_was_missing() -> None:
    text = "2026-W02..2026-W03 40 km\n" + month(
        "50 km, easy 70 min, hard 30 min", weeks="2026-W04..2026-W05"
    )
    flags = flags_of(text, today="2026-02-09")
    flag = flags.loc[flags["rule"] == "intensity_jump"].iloc[0]
    assert flag["missing"] == "minutes by intensity of 2 of the previous four weeks"
    assert flag["value"] == pytest.approx(20)
    assert flag["limit"] == 10


@pytest.mark.parametrize(
    ("before", "now", "fires"),
    [
        (1000, 1300, False),
        (1000, 1301, True),
        (200, 350, False),  # 1.75 times, but 150 m
        (200, 351, True),
    ],
)
def test_more_downhill(before: int, now: int, fires: bool) -> None:
    text = f"2026-W02..2026-W05 40 km, descent {before} m\n2026-W06 40 km, descent {now} m"
    assert fired("descent_jump", text) == ([("2026-W06", "note")] if fires else [])


def test_one_measured_week_is_too_few_for_descent() -> None:
    text = "2026-W02 40 km\n2026-W03 40 km, descent 100 m\n2026-W04 40 km, descent 900 m"
    assert fired("descent_jump", text) == []


LOADS = [50, 60, 0, 55, 45, 0, 50]


def loaded(loads: list[int]) -> str:
    return "\n".join(
        f"2026-01-{5 + i:02d} {load / 10} km, load {load}" for i, load in enumerate(loads) if load
    )


def test_monotony_is_mean_over_standard_deviation_of_seven_days() -> None:
    runs = countable_runs(diary(loaded(LOADS)).runs)
    value, by_load = week_monotony(weekly(runs), runs)
    assert value == pytest.approx([statistics.mean(LOADS) / statistics.stdev(LOADS)])
    assert by_load.all()


def test_monotony_of_equal_days_is_undefined() -> None:
    runs = countable_runs(diary(loaded([50] * 7)).runs)
    assert np.isnan(week_monotony(weekly(runs), runs)[0]).all()


@pytest.mark.parametrize(
    ("loads", "fires"),
    [([50, 55, 45, 50, 0, 55, 45], True), (LOADS, False), ([50, 0, 0, 0, 0, 55, 45], False)],
)
def test_days_much_alike(loads: list[int], fires: bool) -> None:
    found = fired("monotony", loaded(loads), today="2026-01-12")
    assert found == ([("2026-W02", "note")] if fires else [])
    assert fired("monotony", loaded(loads), today="2026-01-11") == []


def test_kilometres_stand_in_for_load_and_the_flag_says_so() -> None:
    text = "\n".join(f"2026-01-{5 + i:02d} {8 + i % 2} km" for i in range(6))
    flags = flags_of(text, today="2026-01-12", settings=Settings())
    flag = flags.loc[flags["rule"] == "monotony"].iloc[0]
    assert flag["missing"] == "load; kilometres stand in"


def test_minutes_by_pace_and_by_heart_rate_are_not_compared() -> None:
    """Four weeks by pace with a tenth of hard minutes, one by heart rate with a third."""
    runs = countable_runs(diary(month("50 km, easy 67 min, hard 33 min")).runs, also=RUNS)
    today = dt.date(2026, 2, 9)
    weeks = weekly(runs, today=today)
    sources = ["pace"] * (len(runs) - 1)
    alike = intensity_jump(weeks, runs.assign(band_source=[*sources, "pace"]), Settings())
    mixed = intensity_jump(weeks, runs.assign(band_source=[*sources, "heart"]), Settings())
    assert (len(alike), len(mixed)) == (1, 0)


def test_a_week_with_a_run_of_unknown_descent_is_no_base() -> None:
    """Of two weeks before, one holds a run without altitude."""
    text = "2026-W02 40 km, descent 100 m\n2026-W03 20 km, descent 100 m\n2026-W03 20 km"
    assert fired("descent_jump", text + "\n2026-W04 40 km, descent 900 m") == []
    whole = "2026-W02..2026-W03 40 km, descent 100 m\n2026-W04 40 km, descent 900 m"
    assert fired("descent_jump", whole) == [("2026-W04", "note")]


@pytest.mark.parametrize(("rough", "by_load"), [(1, True), (2, False)])
def test_kilometres_stand_in_where_much_load_is_estimated(rough: int, by_load: bool) -> None:
    """Five runs of one load: one in five may be estimated."""
    runs = countable_runs(diary(loaded([50, 50, 0, 50, 50, 0, 50])).runs)
    runs = runs.assign(load_method=["~banister"] * rough + ["banister"] * (5 - rough))
    weeks = weekly(runs)
    assert weeks["load_estimated_share"].tolist() == [pytest.approx(rough / 5)]
    assert week_monotony(weeks, runs)[1].tolist() == [by_load]
