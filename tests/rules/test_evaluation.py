"""All rules at once: the frame of flags, episodes, acknowledgement, many runners, history."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from kneeload.frames import FLAGS
from kneeload.model import SEVERITIES
from kneeload.rules import RULES, check
from kneeload.rules.past_episodes import fired_before
from kneeload.settings import Settings
from kneeload.thresholds import THRESHOLDS
from kneeload.weeks import weekly
from tests.diaries import diary
from tests.rules.test_distance import flags_of

STORY = """
2026-W02..2026-W06 3x10 km, easy 55 min, hard 5 min, load 60, descent 80 m
2026-W07 4x13 km, easy 40 min, hard 20 min, load 90, descent 400 m
2026-02-21 26 km, knee 0 before, left knee 4
2026-02-22 left knee 3 next_morning
2026-W12 5x12 km
2026-03-23 symptom night_pain
"""


def test_the_catalogue_holds_the_ten_rules() -> None:
    assert set(RULES) == {
        *("ten_percent", "cutback_missing", "long_run_spike", "intensity_jump", "descent_jump"),
        *("monotony", "run_streak", "return_from_break", "pain_zone", "red_flag"),
    }
    assert {name.partition(".")[0] for name in THRESHOLDS} >= set(RULES) - {"red_flag"}
    assert all(rule.evidence.summary.count(". ") <= 2 for rule in RULES.values())


def test_flags_have_their_columns_by_date() -> None:
    flags = flags_of(STORY)
    assert list(flags.columns) == list(FLAGS)
    assert flags["flag_id"].is_unique
    assert flags["date"].is_monotonic_increasing
    assert set(flags["severity"]) <= set(SEVERITIES)
    assert set(flags["rule"]) >= {"long_run_spike", "descent_jump", "pain_zone"}
    assert flags[["flag_id", "unit", "run_id", "message", "missing"]].notna().all(axis=None)
    assert flags["evidence"].tolist() == [RULES[rule].evidence.grade for rule in flags["rule"]]


def test_the_value_passes_the_limit() -> None:
    flags = flags_of(STORY).dropna(subset=["limit"])
    assert (flags["value"] >= flags["limit"]).all()


@pytest.mark.parametrize("word", ["safe", "you can run", "risk", "no pain", "nan"])
def test_messages_avoid(word: str) -> None:
    assert not flags_of(STORY)["message"].str.lower().str.contains(word).any()


def test_the_same_frames_give_the_same_flags() -> None:
    book = diary(STORY)
    weeks = weekly(book.runs, book.pain)
    flags = check(weeks, book.runs, book.pain, book.diary)
    turned = check(weeks, book.runs.iloc[::-1], book.pain.iloc[::-1], book.diary)
    pd.testing.assert_frame_equal(flags, turned)


def test_nothing_after_today_is_seen() -> None:
    flags = flags_of(STORY, today="2026-02-21")
    assert flags["date"].max() <= pd.Timestamp("2026-02-22")
    assert "red_flag" not in set(flags["rule"])


def test_no_runs_no_flags() -> None:
    assert flags_of("").empty
    assert list(flags_of("").columns) == list(FLAGS)


def test_flags_in_adjacent_weeks_are_one_episode() -> None:
    text = "2026-W02..2026-W07 40 km\n2026-W08 20 km\n2026-W09..2026-W13 40 km"
    flags = flags_of(text, today="2026-03-30")
    found = flags.loc[flags["rule"] == "cutback_missing"]
    assert found["week"].tolist() == ["2026-W06", "2026-W07", "2026-W13"]
    assert found["episode"].tolist() == [1, 1, 2]


def test_an_acknowledged_flag_stays_and_is_marked() -> None:
    book = diary("2026-W02 4x10 km\n2026-W03 6x10 km")
    weeks = weekly(book.runs)
    flags = check(weeks, book.runs, acknowledged={"2026-W03-ten_percent"})
    marked = dict(zip(flags["rule"], flags["acknowledged"], strict=True))
    assert marked["ten_percent"]


def test_weeks_alone_are_flagged_on_their_last_day() -> None:
    book = diary("2026-W02 4x10 km\n2026-W03 6x10 km")
    flags = check(weekly(book.runs), book.runs.iloc[:0])
    assert flags["date"].tolist() == [pd.Timestamp("2026-01-18")]


def test_sunday_weeks_carry_into_the_flags() -> None:
    book = diary("2026-01-05 20 km\n2026-01-11 30 km")
    settings = Settings(week_start="sunday")
    flags = check(weekly(book.runs, settings=settings), book.runs, settings=settings)
    assert set(flags["week"]) == {"2026-W03"}


def many_runners(count: int, seed: int = 3) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    rows = 160 * count
    day = pd.Timestamp("2026-01-01") + pd.to_timedelta(random.integers(0, 200, rows), unit="D")
    return pd.DataFrame(
        {
            "run_id": [f"r{i}" for i in range(rows)],
            "runner": random.choice([f"runner{i}" for i in range(count)], rows),
            "local_date": day,
            "started_at": day.tz_localize("UTC") + pd.Timedelta(hours=9),
            "distance_km": random.lognormal(2.2, 0.5, rows).round(2),
            "descent_m": random.uniform(0, 300, rows),
            "hard_min": np.where(day.day < 15, 30.0, 0.0),
            "easy_min": 40.0,
        }
    )


def test_many_runners_have_the_flags_of_each() -> None:
    runs = many_runners(4)
    pain = runs[["runner", "local_date"]].iloc[::5].assign(score=lambda p: p.index % 8, knee="left")
    together = check(weekly(runs, pain), runs, pain)
    assert set(together["rule"]) >= set(RULES) - {"red_flag", "monotony"}
    for name, block in together.groupby("runner"):
        own, scores = (f[f["runner"] == name].drop(columns="runner") for f in (runs, pain))
        alone = check(weekly(own, scores), own, scores)
        pd.testing.assert_frame_equal(
            block.drop(columns="runner").reset_index(drop=True), alone, check_dtype=False
        )


def test_history_counts_episodes_and_what_followed() -> None:
    """Three spikes: pain follows the first, no score the second.

    2026-01-01 10 km
    2026-01-05 25 km
    2026-01-08 knee 3
    2026-02-20 10 km
    2026-02-25 25 km
    2026-04-10 10 km
    2026-04-20 25 km
    """
    book = diary(test_history_counts_episodes_and_what_followed.__doc__ or "")
    flags = check(weekly(book.runs), book.runs, book.pain)
    spikes = flags.loc[flags["rule"] == "long_run_spike"].reset_index(drop=True)
    counts = fired_before(spikes, book.pain)
    assert counts["flag_id"].tolist() == spikes["flag_id"].tolist()
    assert counts[["episodes", "scored", "followed"]].to_numpy().tolist() == [
        [0, 0, 0],
        [1, 1, 1],
        [2, 1, 1],
    ]
    assert fired_before(spikes)["scored"].tolist() == [0, 0, 0]


@pytest.mark.parametrize(("day", "followed"), [("05", 0), ("06", 1), ("12", 1), ("13", 0)])
def test_only_the_seven_days_after_count(day: str, followed: int) -> None:
    book = diary(f"2026-01-01 10 km\n2026-01-05 25 km\n2026-01-{day} knee 3\n2026-03-01 9 km")
    later = diary("2026-03-10 25 km").runs.assign(run_id="later")
    runs = pd.concat([book.runs, later])
    flags = check(weekly(runs, today=dt.date(2026, 3, 10)), runs)
    spikes = flags.loc[flags["rule"] == "long_run_spike"]
    assert fired_before(spikes, book.pain)["followed"].iloc[-1] == followed
