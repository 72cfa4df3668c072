"""Which run a score rates."""

import pandas as pd
import pytest
from hypothesis import given

from kneeload.diary.attribution import assign_runs
from kneeload.frames import PAIN, RUNS, conform
from tests.diaries import diary
from tests.strategies import run_starts, scores_of_runs

TWO_RUNS = "2026-03-14 18:00 5 km\n2026-03-14 08:00 10 km\n"  # run0 is the later one


def rated(text: str, **columns: str) -> list[str]:
    """Return, for each score, the run and the day of the month that it rates."""
    book = diary(text)
    found = assign_runs(book.pain.assign(**columns), book.runs)
    days = found["run_date"].dt.day.tolist()
    return [f"{run} {day}".strip() for run, day in zip(found["run_id"], days, strict=True)]


@pytest.mark.parametrize(
    ("moment", "run"),
    [
        ("before", "run0 14"),
        ("during", "run0 14"),
        ("after", "run0 14"),
        ("next_morning", "14"),
        ("rest", "14"),
        ("unsure", "14"),
    ],
)
def test_the_last_run_of_the_day_in_order_of_start(moment: str, run: str) -> None:
    assert rated(f"{TWO_RUNS}2026-03-14 knee 3 {moment}") == [run]


def test_the_next_morning_rates_the_last_run_of_the_day_before() -> None:
    text = f"{TWO_RUNS}2026-03-15 20:00 7 km\n"
    assert rated(f"{text}2026-03-15 knee 3 next_morning") == ["run0 14"]
    assert rated(f"{text}2026-03-17 knee 3 next_morning") == ["17"]


@pytest.mark.parametrize(("moment", "run"), [("during", "run1 14"), ("next_morning", "run1 14")])
def test_a_named_run_is_the_one_whatever_the_day(moment: str, run: str) -> None:
    assert rated(f"{TWO_RUNS}2026-03-16 knee 3 {moment}", run_id="run1") == [run]


@pytest.mark.parametrize("moment", ["rest", "unsure", ""])
def test_at_rest_no_run_is_rated_not_even_a_named_one(moment: str) -> None:
    assert rated(f"{TWO_RUNS}2026-03-14 knee 3", run_id="run1", moment=moment) == ["14"]


def test_a_named_run_that_is_gone_keeps_its_score() -> None:
    assert rated(f"{TWO_RUNS}2026-03-15 knee 3 next_morning", run_id="gone") == ["gone 14"]


def test_a_day_without_a_run_has_none_to_rate() -> None:
    assert rated("2026-03-14 ride 40 km, knee 3\n2026-03-15 knee 2 before") == ["14", "15"]


def test_a_doubtful_run_is_rated_only_when_alone() -> None:
    later = "2026-03-14 08:00 10 km\n2026-03-14 18:00 suspect 90 km\n2026-03-14 knee 3"
    assert rated(later) == ["run0 14"]
    assert rated("2026-03-14 18:00 suspect 90 km, knee 3") == ["run0 14"]


def test_runners_are_told_apart() -> None:
    text = "anna: 2026-03-14 5 km\nzoe: 2026-03-14 knee 3\nanna: 2026-03-14 knee 4"
    assert rated(text) == ["14", "run0 14"]


def test_frames_without_sport_or_start_hold_runs() -> None:
    runs = pd.DataFrame({"run_id": ["a"], "local_date": pd.to_datetime(["2026-03-14"])})
    scores = pd.DataFrame({"local_date": pd.to_datetime(["2026-03-14"]), "moment": ["after"]})
    assert assign_runs(scores, runs)["run_id"].tolist() == ["a"]


def test_nothing_comes_of_nothing() -> None:
    found = assign_runs(conform(pd.DataFrame(), PAIN), conform(pd.DataFrame(), RUNS))
    assert found["run_date"].dtype == "datetime64[us]"
    assert found.empty


MONDAY = pd.Timestamp("2026-03-09")


def _day(number: int) -> pd.Timestamp:
    return MONDAY + pd.Timedelta(days=number)


def _expected(score: tuple[int, str, int | None], runs: list[tuple[int, int, bool]]) -> str:
    """Return the run by a search through all of them."""
    on, moment, named = score
    if moment in {"rest", "unsure"} or named is not None:
        return "" if moment in {"rest", "unsure"} else f"r{named}"
    looked_back_on = on - 1 if moment == "next_morning" else on
    of_day = [(not bad, hour, n) for n, (d, hour, bad) in enumerate(runs) if d == looked_back_on]
    return f"r{max(of_day)[2]}" if of_day else ""


@given(run_starts, scores_of_runs)
def test_as_a_search_through_all_runs_has_it_and_twice_the_same(
    runs: list[tuple[int, int, bool]], scores: list[tuple[int, str, int | None]]
) -> None:
    run_frame = pd.DataFrame(
        {
            "run_id": [f"r{n}" for n in range(len(runs))],
            "local_date": [_day(day) for day, _, _ in runs],
            "started_at": [
                (_day(d) + pd.Timedelta(hours=h)).tz_localize("UTC") for d, h, _ in runs
            ],
            "suspect": [suspect for _, _, suspect in runs],
        }
    )
    score_frame = pd.DataFrame(
        {
            "local_date": [_day(day) for day, _, _ in scores],
            "moment": [moment for _, moment, _ in scores],
            "run_id": ["" if named is None else f"r{named}" for _, _, named in scores],
        }
    )
    once = assign_runs(conform(score_frame, PAIN), run_frame)
    assert once["run_id"].tolist() == [_expected(score, runs) for score in scores]
    pd.testing.assert_frame_equal(assign_runs(once, run_frame), once)
