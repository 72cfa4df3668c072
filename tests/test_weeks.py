"""The weekly frame: what a week holds, its reference and its cutbacks."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from kneeload.calendar import first_day_of, first_days, parse_week, week_label, week_labels, week_of
from kneeload.errors import EntryError, FrameError
from kneeload.frames import WEEKS
from kneeload.settings import Settings
from kneeload.weeks import week_rows, weekly
from tests.diaries import diary
from tests.slow_rules import Week, slow_weeks
from tests.strategies import week_km

FIRST_MONDAY = dt.date(2026, 1, 5)


def weeks_of(distances: list[float], **settings: object) -> pd.DataFrame:
    """Return complete weeks of these kilometres, a run on each Tuesday; 0 is an empty week."""
    days = [FIRST_MONDAY + dt.timedelta(days=7 * i + 1) for i in range(len(distances))]
    ran = [(day, km) for day, km in zip(days, distances, strict=True) if km]
    runs = pd.DataFrame(ran, columns=["local_date", "distance_km"])
    end = FIRST_MONDAY + dt.timedelta(days=7 * len(distances))
    weeks = weekly(runs, today=end, settings=Settings(**settings))  # type: ignore[arg-type]
    return weeks.iloc[: len(distances)]


@pytest.mark.parametrize(
    ("day", "monday_label", "sunday_label"),
    [
        ("2026-01-01", "2026-W01", "2026-W01"),
        ("2024-12-29", "2024-W52", "2025-W01"),  # a Sunday: its fourth day is New Year's Day 2025
        ("2024-12-30", "2025-W01", "2025-W01"),
        ("2027-01-03", "2026-W53", "2027-W01"),
        ("2021-01-02", "2020-W53", "2020-W53"),
    ],
)
def test_the_label_of_a_day(day: str, monday_label: str, sunday_label: str) -> None:
    date = dt.date.fromisoformat(day)
    assert week_of(date) == monday_label
    assert week_of(date, "sunday") == sunday_label


@given(st.dates(dt.date(1971, 1, 1), dt.date(2100, 1, 1)), st.sampled_from(["monday", "sunday"]))
def test_label_and_first_day_are_inverse(date: dt.date, start: str) -> None:
    first = first_day_of(date, start)  # type: ignore[arg-type]
    assert first <= date < first + dt.timedelta(days=7)
    assert first.weekday() == (0 if start == "monday" else 6)
    assert parse_week(week_label(first), start) == first  # type: ignore[arg-type]
    day = np.array([(date - dt.date(1970, 1, 1)).days])
    assert week_labels(first_days(day, start)) == [week_label(first)]  # type: ignore[arg-type]


@pytest.mark.parametrize("label", ["2026-W60", "2025-W53", "2026-12", "W12", "", "2026-W00"])
def test_what_is_not_a_week_is_refused(label: str) -> None:
    with pytest.raises(EntryError, match="looks like 2026-W07"):
        parse_week(label)


def test_a_week_adds_up_its_runs_and_keeps_empty_ones() -> None:
    """A diary with a gap.

    2026-W02 2x8 km, 50 min, descent 100 m, load 40
    2026-01-10 12.5 km
    2026-W04 10 km, 60 min, hard 15 min, easy 45 min
    """
    text = test_a_week_adds_up_its_runs_and_keeps_empty_ones.__doc__ or ""
    weeks = weekly(diary(text).runs, today=dt.date(2026, 1, 22))
    assert list(weeks.columns) == list(WEEKS)
    assert weeks["week"].tolist() == ["2026-W02", "2026-W03", "2026-W04"]
    assert weeks["complete"].tolist() == [True, True, False]
    assert weeks["runs"].tolist() == [3, 0, 1]
    assert weeks["distance_km"].tolist() == [28.5, 0.0, 10.0]
    assert weeks["longest_run_km"].tolist()[::2] == [12.5, 10.0]
    assert weeks["rest_days"].tolist() == [5, 7, 3]  # two of W02's runs share Saturday
    assert weeks["moving_h"].tolist()[0] == pytest.approx(100 / 60)
    assert weeks["load"].tolist()[0] == 80
    assert weeks["hard_min"].tolist()[2] == 15


def test_what_was_not_measured_is_empty() -> None:
    weeks = weekly(diary("2026-W02 10 km\n2026-W03\n2026-W04 ? km").runs)
    assert weeks["distance_km"].iloc[1] == 0
    assert np.isnan(weeks["distance_km"].iloc[2])
    unmeasured = ["moving_h", "descent_m", "load", "easy_min", "hard_min", "knee_load", "pain_max"]
    assert weeks[unmeasured].isna().all(axis=None)
    assert np.isnan(weeks["longest_run_km"].iloc[1])
    assert weeks["pain_scores"].tolist() == [0, 0, 0]


def test_only_running_that_is_not_suspect_counts() -> None:
    text = "2026-W02 10 km, ride 40 km, suspect 90 km, trail 5 km"
    weeks = weekly(diary(text).runs)
    assert weeks["distance_km"].tolist() == [15]
    assert weeks["suspect_runs"].tolist() == [1]


def test_nothing_after_today_is_seen() -> None:
    book = diary("2026-W02 10 km, knee 2\n2026-W03 12 km, knee 5")
    weeks = weekly(book.runs, book.pain, today=dt.date(2026, 1, 13))
    assert weeks["distance_km"].tolist() == [10, 0]
    assert weeks["pain_scores"].tolist() == [1, 0]
    assert weekly(book.runs, today=dt.date(2025, 1, 1)).empty


def test_today_is_the_last_run_where_nobody_says() -> None:
    weeks = weekly(diary("2026-W02 10 km\n2026-01-18 5 km").runs)
    assert weeks["complete"].tolist() == [True, False]
    assert weeks["rest_days"].tolist() == [6, 6]


def test_pain_lies_in_the_week_of_its_day() -> None:
    book = diary("2026-W02 10 km, knee 2, knee 5 after\n2026-01-12 knee 0\n2025-12-01 knee 9")
    weeks = weekly(book.runs, book.pain, today=dt.date(2026, 1, 20))
    assert weeks["pain_max"].tolist()[:2] == [5, 0]
    assert weeks["pain_mean"].tolist()[:2] == [3.5, 0]
    assert weeks["pain_scores"].tolist() == [2, 1, 0]
    assert np.isnan(weeks["pain_max"].iloc[2])


def test_weeks_may_start_on_sunday() -> None:
    book = diary("2026-01-10 10 km\n2026-01-11 7 km")
    by_sunday = weekly(book.runs, settings=Settings(week_start="sunday"))
    assert by_sunday["distance_km"].tolist() == [10, 7]
    assert by_sunday["week"].tolist() == ["2026-W02", "2026-W03"]
    assert by_sunday["week_start"].dt.day_name().unique().tolist() == ["Sunday"]
    assert weekly(book.runs)["distance_km"].tolist() == [17]


def test_a_log_without_runs_has_no_weeks() -> None:
    weeks = weekly(diary("").runs, diary("").pain, today=dt.date(2026, 1, 1))
    assert weeks.empty
    assert list(weeks.columns) == list(WEEKS)


def test_a_frame_without_distance_is_refused() -> None:
    with pytest.raises(FrameError, match="distance_km"):
        weekly(pd.DataFrame({"local_date": []}))


NAN = float("nan")


@pytest.mark.parametrize(
    ("distances", "reference", "cutbacks"),
    [
        pytest.param([20], [NAN], [], id="the first week has none"),
        pytest.param([20, 22, 24, 19.2], [NAN, 20, 22, 24], [3], id="textbook build, then -20 %"),
        pytest.param(
            [40, 40, 30, 30, 30, 30],
            [NAN, 40, 40, 40, 40, 32.5],
            [2, 3, 4],
            id="the fourth easy week is the new normal",
        ),
        pytest.param([40, 40, 34], [NAN, 40, 40], [2], id="exactly 85 %"),
        pytest.param([40, 40, 34.01], [NAN, 40, 40], [], id="just above 85 %"),
        pytest.param([40, 34], [NAN, 40], [], id="one week before is too few for a cutback"),
        pytest.param([40, 40, 0, 40], [NAN, 40, 40, 40], [], id="an empty week is passed over"),
        pytest.param([40, 40, 0, 0, 0, 40], [NAN, 40, 40, 40, 40, 10], [], id="three empty weeks"),
        pytest.param(
            [40, 0, 0, 0, 0, 40], [NAN, 40, 40, 40, 10, NAN], [], id="four empty weeks: nothing"
        ),
        pytest.param([40, 40, 30, 44], [NAN, 40, 40, 40], [2], id="after a cutback"),
        pytest.param([40, 40, 30, 30, 44], [NAN, 40, 40, 40, 40], [2, 3], id="two easy weeks"),
        pytest.param(
            [40, 40, 30, 30, 30, 44], [NAN, 40, 40, 40, 40, 32.5], [2, 3, 4], id="three easy weeks"
        ),
        pytest.param(
            [40, 0, 0, 30], [NAN, 40, 40, 40], [], id="light, but not below the mean of four"
        ),
    ],
)
def test_reference_and_cutback(
    distances: list[float], reference: list[float], cutbacks: list[int]
) -> None:
    weeks = weeks_of(distances)
    np.testing.assert_allclose(weeks["reference_km"], reference)
    assert np.flatnonzero(weeks["cutback"]).tolist() == cutbacks


def test_the_share_of_a_cutback_is_a_setting() -> None:
    assert weeks_of([40, 40, 30])["cutback"].tolist() == [False, False, True]
    stricter = weeks_of([40, 40, 30], thresholds={"cutback_missing.share": 0.7})
    assert not stricter["cutback"].any()


def test_the_running_week_is_a_provisional_cutback_and_no_more() -> None:
    book = diary("2026-W02..2026-W04 40 km\n2026-W05 20 km")
    weeks = weekly(book.runs, today=dt.date(2026, 1, 30))
    assert weeks["provisional_cutback"].tolist() == [False, False, False, True]
    assert not weeks["cutback"].any()


@examples(max_examples=25, deadline=None)
@given(st.lists(week_km(1, 12000), min_size=1, max_size=40))
def test_the_frame_agrees_with_the_slow_reading_of_the_rules(distances: list[float]) -> None:
    distances = [max(distances[0], 1.0), *distances[1:]]
    slow = slow_weeks([Week(km) for km in distances])
    weeks = weeks_of(distances)
    np.testing.assert_allclose(weeks["reference_km"], [w.reference for w in slow])
    assert weeks["cutback"].tolist() == [w.cutback for w in slow]


@examples(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 40).map(float), min_size=1, max_size=20), st.integers(2, 5))
def test_scaling_distances_scales_references_only(distances: list[float], factor: int) -> None:
    distances = [distances[0] + 1, *distances[1:]]
    one, more = weeks_of(distances), weeks_of([factor * km for km in distances])
    np.testing.assert_allclose(more["reference_km"], factor * one["reference_km"], atol=0.03)
    assert more["cutback"].tolist() == one["cutback"].tolist()


@examples(max_examples=25, deadline=None)
@given(st.lists(st.integers(100, 3000), min_size=2, max_size=30))
def test_order_and_splitting_of_runs_change_nothing(cents: list[int]) -> None:
    runs = pd.DataFrame(
        {
            "local_date": [
                pd.Timestamp(2026, 1, 5) + pd.Timedelta(days=i) for i in range(len(cents))
            ],
            "distance_km": [c / 100 for c in cents],
        }
    )
    whole = weekly(runs)
    pd.testing.assert_frame_equal(weekly(runs.iloc[::-1]), whole)
    halves = pd.concat([runs, runs]).assign(distance_km=lambda r: r["distance_km"] / 2)
    np.testing.assert_allclose(weekly(halves)["distance_km"], whole["distance_km"])
    assert weekly(halves)["rest_days"].tolist() == whole["rest_days"].tolist()


def test_each_runner_has_the_weeks_of_a_log_of_their_own() -> None:
    """Three runners.

    anna: 2026-W02..2026-W09 3x9.3 km, knee 2
    anna: 2026-W12 20 km
    zoe:  2026-W05 40 km, knee 4
    zoe:  2026-W06..2026-W08 30 km
    mia:  2026-W01 5 km, suspect 90 km
    """
    book = diary(test_each_runner_has_the_weeks_of_a_log_of_their_own.__doc__ or "")
    together = weekly(book.runs, book.pain)
    assert together["runner"].unique().tolist() == ["anna", "mia", "zoe"]
    for name, block in together.groupby("runner"):
        runs, pain = (f[f["runner"] == name].drop(columns="runner") for f in (book.runs, book.pain))
        alone = weekly(runs, pain)
        pd.testing.assert_frame_equal(
            block.drop(columns="runner").reset_index(drop=True), alone, check_dtype=True
        )


def test_rows_of_days_outside_the_weeks_are_minus_one() -> None:
    weeks = weekly(diary("2026-W02 10 km\n2026-W04 10 km").runs)
    days = pd.DataFrame({"local_date": pd.to_datetime(["2026-01-04", "2026-01-05", "2026-01-25"])})
    assert week_rows(weeks, days).tolist() == [-1, 0, 2]
    assert week_rows(weeks, days + pd.Timedelta(days=7)).tolist() == [0, 1, -1]


@pytest.mark.parametrize(("first", "reference"), [("2026-01-06", 30.0), ("2026-01-07", NAN)])
def test_a_first_week_that_begins_late_is_no_reference(first: str, reference: float) -> None:
    days = pd.to_datetime([first, "2026-01-13"])
    runs = pd.DataFrame({"local_date": days, "distance_km": [30.0, 20.0]})
    np.testing.assert_equal(weekly(runs)["reference_km"].iloc[-1], reference)


def test_a_week_with_a_run_of_unknown_distance_is_no_reference() -> None:
    days = pd.to_datetime(["2026-01-05", "2026-01-12", "2026-01-14", "2026-01-19"])
    runs = pd.DataFrame({"local_date": days, "distance_km": [30.0, 20.0, NAN, 10.0]})
    weeks = weekly(runs)
    assert weeks["unmeasured_runs"].tolist() == [0, 1, 0]
    assert weeks["reference_km"].iloc[-1] == 30
    assert not weeks["cutback"].iloc[1]  # 20 km is a least
