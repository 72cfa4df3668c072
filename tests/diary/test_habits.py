"""Strength, sleep and other sports by week: nothing counted twice, nothing made up."""

import datetime as dt

import pandas as pd
import pytest

from kneeload.diary.habits import habits
from kneeload.frames import DIARY, RUNS, conform, empty
from kneeload.settings import WeekStart

SUNDAY = dt.date(2026, 3, 15)


def activities(*rows: tuple[str, str, float]) -> pd.DataFrame:
    return conform(pd.DataFrame(list(rows), columns=["local_date", "sport", "moving_s"]), RUNS)


def notes(*rows: tuple[str, str, float | None]) -> pd.DataFrame:
    return conform(pd.DataFrame(list(rows), columns=["local_date", "kind", "value"]), DIARY)


def test_a_session_recorded_and_noted_on_one_day_is_one() -> None:
    done = activities(
        ("2026-03-10", "strength", 1800),
        ("2026-03-09", "cycling", 5400),
        ("2026-03-15", "swimming", 1800),
        ("2026-03-12", "running", 3600),
        ("2026-03-08", "rowing", 3600),
    )
    said = notes(
        ("2026-03-10", "strength", 30),
        ("2026-03-13", "strength", None),
        ("2026-03-10", "sleep", 7),
        ("2026-03-11", "sleep", 8),
        ("2026-03-11", "tried", None),
    )
    *_, before, week = habits(done, said, today=SUNDAY).to_dict("records")
    assert str(week["week_start"])[:10] == "2026-03-09"
    assert (week["strength"], week["sleep_h"], week["other_sports_h"]) == (2, 7.5, 2.0)
    assert (before["strength"], before["other_sports_h"]) == (0, 1.0)
    assert pd.isna(before["sleep_h"])


@pytest.mark.parametrize(
    ("week_start", "first"), [("monday", "2026-03-09"), ("sunday", "2026-03-15")]
)
def test_weeks_begin_where_the_settings_say(week_start: WeekStart, first: str) -> None:
    found = habits(empty(RUNS), empty(DIARY), today=SUNDAY, week_start=week_start, weeks=3)
    assert len(found) == 3
    assert str(found["week_start"].iloc[-1])[:10] == first
    assert found["strength"].tolist() == [0, 0, 0]
