"""One run once: copies are found whatever the order, and two real runs stay two."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneeload.log.duplicates import find_duplicates, inherit

START = pd.Timestamp("2026-03-14T08:00:00Z")


def activity(run_id: str, at_s: float = 0.0, **overrides: Any) -> dict[str, Any]:
    start = START + pd.Timedelta(seconds=at_s)
    return {
        "run_id": run_id,
        "started_at": start,
        "local_date": start.tz_localize(None).normalize(),
        "clock_known": True,
        "suspect": False,
        "sport": "running",
        "sport_inferred": False,
        "distance_km": 10.0,
        "moving_s": 3000.0,
        "elapsed_s": 3060.0,
        "kind": "fit",
        "device": "garmin",
        "rpe": np.nan,
        "name": "",
        "note": "",
        "shoe": "",
    } | overrides


def frame(*rows: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(rows)


def copies(*rows: dict[str, Any], kept: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    found = find_duplicates(frame(*rows), kept)
    return list(zip(found["run_id"], found["of"], strict=True))


def test_the_device_counts_before_the_platform_and_the_platform_before_the_table() -> None:
    fit, gpx = activity("a"), activity("b", 4, kind="gpx", distance_km=9.9)
    row = activity("c", 0, kind="strava_row", moving_s=3010.0)
    assert copies(gpx, row, fit) == [("b", "a"), ("c", "a")]


@pytest.mark.parametrize(
    ("at_s", "distance_km", "same"),
    [
        (600, 10.0, False),  # shares 2460 of 3660 s: 67 %
        (300, 10.0, True),  # 2760 of 3360 s: 82 %
        (0, 10.5, True),  # 4.8 % apart
        (0, 10.6, False),  # 5.7 % apart
        (3060, 10.0, False),  # begins when the other ends
        (0, np.nan, True),  # a distance that is unknown does not contradict
    ],
)
def test_copies_share_their_time_and_distance(
    at_s: float, distance_km: float, *, same: bool
) -> None:
    found = copies(activity("a"), activity("b", at_s, kind="gpx", distance_km=distance_km))
    assert bool(found) is same


def test_intervals_saved_as_files_of_their_own_stay_apart() -> None:
    parts = [
        activity(f"r{i}", 400 * i, distance_km=1.0, moving_s=240.0, elapsed_s=240.0)
        for i in range(6)
    ]
    assert copies(*parts) == []


def test_a_commute_run_twice_a_day_stays_two() -> None:
    morning = activity("a", 0, distance_km=5.213, elapsed_s=1510.0)
    evening = activity("b", 9.5 * 3600, distance_km=5.224, elapsed_s=1511.0, kind="gpx")
    assert copies(morning, evening) == []


@pytest.mark.parametrize(
    ("shift_s", "kind", "elapsed_s", "same"),
    [
        (2 * 3600, "gpx", 3060.0, True),
        (2 * 3600, "fit", 3060.0, False),  # the same device writes one clock
        (5.75 * 3600, "gpx", 3061.0, True),  # Nepal
        (14 * 3600, "gpx", 3060.0, True),
        (14.25 * 3600, "gpx", 3060.0, False),
        (2 * 3600 + 60, "gpx", 3060.0, False),  # no whole quarter of an hour
        (2 * 3600, "gpx", 3065.0, False),
    ],
)
def test_a_twin_is_off_by_quarters_of_an_hour_and_by_nothing_else(
    shift_s: float, kind: str, elapsed_s: float, *, same: bool
) -> None:
    found = copies(activity("a"), activity("b", shift_s, kind=kind, elapsed_s=elapsed_s))
    assert bool(found) is same


def test_a_row_without_a_time_matches_one_run_of_its_day() -> None:
    noon = {"clock_known": False, "kind": "diary", "elapsed_s": np.nan}
    morning, evening = activity("a"), activity("b", 36000, distance_km=10.1)
    rows = [activity("c", 14400, **noon), activity("d", 14400, **noon)]
    assert copies(morning, evening, *rows) == [("c", "a"), ("d", "b")]
    assert copies(morning, *rows) == [("c", "a")]  # the second row is a run of its own
    assert copies(*rows) == []


def test_a_ride_at_the_same_time_is_no_copy_unless_its_sport_was_guessed() -> None:
    ride = activity("b", 0, sport="cycling", kind="gpx")
    assert copies(activity("a"), ride) == []
    assert copies(activity("a"), ride | {"sport_inferred": True}) == [("b", "a")]


def test_a_broken_clock_makes_no_copies() -> None:
    assert copies(activity("a", suspect=True), activity("b", suspect=True, kind="gpx")) == []


def test_the_runners_choice_counts() -> None:
    pair = activity("a"), activity("b", kind="gpx")
    assert copies(*pair, kept=("b",)) == [("a", "b")]
    assert copies(*pair, kept=("a", "b")) == []


def test_what_only_the_copy_says_is_kept() -> None:
    rows = frame(
        activity("a", name="Morning"),
        activity("b", 2, kind="gpx", name="Lunch", note="knee 3/10", shoe="Pegasus", rpe=6.0),
    )
    (counted,) = inherit(rows, find_duplicates(rows)).to_dict("records")
    assert counted["run_id"] == "a"
    assert (counted["name"], counted["note"]) == ("Morning", "knee 3/10")
    assert (counted["shoe"], counted["rpe"]) == ("Pegasus", 6.0)


def test_of_several_copies_the_first_by_name_is_heard_and_none_overrules_the_run() -> None:
    rows = frame(
        activity("a", note="mine"),
        activity("d", 4, kind="tcx", name="Lunch", note="theirs", rpe=3.0),
        activity("c", 2, kind="gpx", name="Brunch", rpe=np.nan),
        activity("z", 90000, name=""),
    )
    counted = inherit(rows, find_duplicates(rows))
    assert counted["run_id"].tolist() == ["a", "z"]
    assert counted["name"].tolist() == ["Brunch", ""]
    assert counted["note"].tolist() == ["mine", ""]
    assert counted["rpe"].isna().tolist() == [False, True]


def test_without_copies_every_activity_stays_as_it_is() -> None:
    rows = frame(activity("a"), activity("b", 90000))
    pd.testing.assert_frame_equal(inherit(rows, find_duplicates(rows)), rows)


@given(order=st.permutations(range(5)))
def test_the_order_of_arrival_does_not_matter(order: list[int]) -> None:
    rows = [
        activity("a"),
        activity("b", 3, kind="gpx"),
        activity("c", 7200, kind="tcx"),
        activity("d", 90000),
        activity("e", 90010, kind="strava_row"),
    ]
    expected = find_duplicates(frame(*rows))
    shuffled = find_duplicates(frame(*(rows[i] for i in order)))
    pd.testing.assert_frame_equal(shuffled, expected)
    assert set(expected["run_id"]) == {"b", "c", "e"}


def test_nothing_gives_nothing() -> None:
    assert find_duplicates(frame(activity("a")).iloc[:0]).empty
