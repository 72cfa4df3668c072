"""One run once: copies are found whatever the order, and two real runs stay two."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneeload.ingest.duplicates import find_duplicates
from kneeload.ingest.merging import follow, merge
from kneeload.store.journal import State

START = pd.Timestamp("2026-03-14T08:00:00Z")


def activity(run_id: str, at_s: float = 0.0, **overrides: Any) -> dict[str, Any]:
    start = START + pd.Timedelta(seconds=at_s)
    return {
        "run_id": run_id,
        "started_at": start,
        "local_date": start.tz_localize(None).normalize(),
        "clock_known": True,
        "suspect": False,
        "suspect_reason": "",
        "sport": "running",
        "sport_inferred": False,
        "distance_km": 10.0,
        "distance_source": "device",
        "device_distance_km": np.nan,
        "moving_s": 3000.0,
        "elapsed_s": 3060.0,
        "moved_from_s": 0.0,
        "moved_until_s": np.nan,
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


def test_device_counts_before_platform_before_table() -> None:
    fit, gpx = activity("a"), activity("b", 4, kind="gpx", distance_km=9.9)
    row = activity("c", 0, kind="strava_row", moving_s=3010.0)
    assert copies(gpx, row, fit) == [("b", "a"), ("c", "a")]


@pytest.mark.parametrize(
    ("at_s", "seconds", "same"),
    [
        (0, 3060, True),
        (1530, 3060, True),  # shares half of both
        (1531, 3060, False),
        (1800, 600, True),  # lies within
        (2760, 600, True),  # its first half is shared
        (2761, 600, False),
        (3060, 3060, False),  # begins when the other ends
        (3120, 3060, False),  # a minute later
    ],
)
def test_recordings_that_share_half_of_the_shorter_are_one_run(
    at_s: float, seconds: float, *, same: bool
) -> None:
    other = activity("b", at_s, kind="gpx", elapsed_s=seconds, moving_s=seconds - 10.0)
    assert bool(copies(activity("a"), other)) is same


@pytest.mark.parametrize(
    ("distance_km", "reason"),
    [
        (10.0, "same start time and distance"),
        (10.5, "same start time and distance"),
        (10.6, "same start time, distances differ: 10.6 km and 10.0 km"),
        (np.nan, "same start time"),
    ],
)
def test_distances_that_differ_are_both_named(distance_km: float, reason: str) -> None:
    rows = frame(activity("a"), activity("b", 60, kind="gpx", distance_km=distance_km))
    assert find_duplicates(rows)["reason"].tolist() == [reason]


def test_a_watch_that_ran_on_covers_no_later_run() -> None:
    forgotten = {"elapsed_s": 10_800.0, "moving_s": 3600.0, "moved_until_s": 3600.0}
    later = activity("b", 7200, kind="gpx", distance_km=4.0)
    assert copies(activity("a", **forgotten), later) == []
    assert copies(activity("a", **forgotten), activity("b", 5, kind="gpx")) == [("b", "a")]
    only_totals = {"elapsed_s": 12_600.0, "moving_s": 3600.0}
    assert copies(activity("a", **only_totals, kind="strava_row"), later) == []


def test_whole_runs_count_before_parts() -> None:
    halves = [activity(f"a-{i}", 1530 * i, elapsed_s=1530.0, moving_s=1500.0) for i in (0, 1)]
    whole = activity("z", 0, kind="gpx")
    assert copies(*halves, whole) == [("a-0", "z"), ("a-1", "z")]
    assert copies(*halves, whole, kept=("a-0",)) == [("z", "a-0")]
    assert copies(*halves, whole | {"distance_km": np.nan, "kind": "fit"}) == [("z", "a-0")]


def test_a_removed_run_takes_its_recordings_with_it() -> None:
    rows = frame(activity("a", kind="gpx"), activity("b", 5))
    (link,) = find_duplicates(rows, removed=["a"]).to_dict("records")
    assert (link["run_id"], link["of"]) == ("b", "a")


def test_a_clock_that_rolled_over_matches_the_same_run() -> None:
    early = activity("a", -1024 * 7 * 86400 + 30)
    assert copies(early, activity("b", kind="gpx", distance_km=9.9)) == [("a", "b")]
    assert copies(early, activity("b", kind="gpx", distance_km=8.0)) == []
    assert copies(early, activity("b", 300, kind="gpx")) == []


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
def test_a_twin_is_off_by_quarters_of_an_hour(
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


def test_a_ride_is_no_copy_unless_its_sport_was_guessed() -> None:
    ride = activity("b", 0, sport="cycling", kind="gpx")
    assert copies(activity("a"), ride | {"kind": "garmin_summary"}) == [("b", "a")]
    assert copies(activity("a"), ride) == []
    assert copies(activity("a"), ride | {"sport_inferred": True}) == [("b", "a")]


def test_a_broken_clock_makes_no_copies() -> None:
    broken: dict[str, Any] = {
        "suspect": True,
        "suspect_reason": "the clock says 1970, before such devices existed",
    }
    assert copies(activity("a", **broken), activity("b", kind="gpx", **broken)) == []


def test_a_doubtful_recording_gives_way_to_a_sound_one() -> None:
    short: dict[str, Any] = {"suspect": True, "suspect_reason": "only 60 s long", "elapsed_s": 60.0}
    assert copies(activity("a", 100, **short), activity("b", kind="gpx")) == [("a", "b")]


def test_the_runners_choice_counts() -> None:
    pair = activity("a"), activity("b", kind="gpx")
    assert copies(*pair, kept=("b",)) == [("a", "b")]
    assert copies(*pair, kept=("a", "b")) == []


def test_what_only_the_copy_says_is_kept() -> None:
    rows = frame(
        activity("a", name="Morning"),
        activity("b", 2, kind="gpx", name="Lunch", note="knee 3/10", shoe="Pegasus", rpe=6.0),
    )
    (counted,) = merge(rows, find_duplicates(rows), {}).to_dict("records")
    assert counted["run_id"] == "a"
    assert (counted["name"], counted["note"]) == ("Morning", "knee 3/10")
    assert (counted["shoe"], counted["rpe"]) == ("Pegasus", 6.0)


def merged(*rows: dict[str, Any], **edits: dict[str, Any]) -> dict[str, Any]:
    table = frame(*rows)
    (counted,) = merge(table, find_duplicates(table), edits).to_dict("records")
    return {str(name): value for name, value in counted.items()}


def test_a_run_without_distance_takes_it_from_its_copy() -> None:
    run = merged(activity("a", distance_km=np.nan), activity("b", kind="gpx", distance_km=6.0))
    assert (run["run_id"], run["distance_km"]) == ("a", 6.0)


def test_what_was_corrected_in_the_account_counts() -> None:
    treadmill = activity("a", distance_km=5.2, sport="walking")
    summary = activity("b", kind="garmin_summary", distance_km=6.0)
    shorter = activity("c", kind="tcx", elapsed_s=1800.0, moving_s=1700.0, distance_km=5.0)
    of_the_shorter = summary | {"elapsed_s": 1800.0, "moving_s": 1700.0}
    run = merged(treadmill | {"sport": "running"}, shorter, of_the_shorter)
    assert run["distance_km"] == 5.2
    run = merged(treadmill, summary)
    assert (run["run_id"], run["distance_km"], run["device_distance_km"]) == ("a", 6.0, 5.2)
    assert (run["sport"], run["distance_source"]) == ("running", "export")
    assert merged(treadmill, summary | {"kind": "gpx", "sport": "walking"})["distance_km"] == 5.2
    edited = merged(treadmill | {"distance_km": 7.0}, summary, a={"distance_km": 7.0})
    assert edited["distance_km"] == 7.0


def test_the_accounts_rounding_is_no_correction() -> None:
    run = merged(activity("a"), activity("b", kind="garmin_summary", distance_km=10.04))
    assert run["distance_km"] == 10.0
    assert np.isnan(run["device_distance_km"])


def test_a_crop_in_the_account_counts() -> None:
    run = merged(
        activity("a", elapsed_s=4000.0, moving_s=3900.0),
        activity("b", kind="garmin_summary", distance_km=9.0, elapsed_s=3600.0, moving_s=3500.0),
    )
    assert (run["distance_km"], run["moving_s"], run["elapsed_s"]) == (9.0, 3500.0, 3600.0)


def test_edits_of_a_copy_follow_the_run() -> None:
    copy = activity("b", kind="gpx", rpe=7.0, shoe="blue", distance_km=10.2)
    said = {"rpe": 7.0, "shoe": "blue", "distance_km": 10.2}
    run = merged(activity("a", rpe=5.0, shoe="old"), copy, b=said)
    assert (run["rpe"], run["shoe"], run["distance_km"]) == (7.0, "blue", 10.2)
    assert (run["distance_source"], run["device_distance_km"]) == ("edited", 10.0)
    kept = merged(activity("a", rpe=5.0), copy, a={"rpe": 5.0}, b=said)
    assert kept["rpe"] == 5.0
    part = merged(activity("a"), copy | {"moving_s": 1500.0, "elapsed_s": 1600.0}, b=said)
    assert part["distance_km"] == 10.0


def test_what_was_said_of_a_copy_is_of_its_run() -> None:
    kept, copy = "0" * 12, "f" * 12
    links = pd.DataFrame([(copy, kept, "")], columns=["run_id", "of", "reason"])
    said: State = {
        "pain": {"p1": {"run_id": copy}, f"{copy}.12ab": {"removed": True}, "p2": {"run_id": ""}},
        "flag": {f"long_run_spike-{copy}": {"note": "fine"}, f"x-{kept}": {"note": "mine"}},
        "run": {copy: {"rpe": 3.0}},
    }
    followed = follow(said, links)
    assert followed["pain"]["p1"]["run_id"] == kept
    assert followed["pain"][f"{kept}.12ab"] == {"removed": True}
    assert set(followed["flag"]) == {f"long_run_spike-{kept}", f"x-{kept}"}
    assert followed["run"] == said["run"]


def test_of_several_copies_the_first_by_name_is_heard() -> None:
    rows = frame(
        activity("a", note="mine"),
        activity("d", 4, kind="tcx", name="Lunch", note="theirs", rpe=3.0),
        activity("c", 2, kind="gpx", name="Brunch", rpe=np.nan),
        activity("z", 90000, name=""),
    )
    counted = merge(rows, find_duplicates(rows), {})
    assert counted["run_id"].tolist() == ["a", "z"]
    assert counted["name"].tolist() == ["Brunch", ""]
    assert counted["note"].tolist() == ["mine", ""]
    assert counted["rpe"].isna().tolist() == [False, True]


def test_without_copies_every_activity_stays_as_it_is() -> None:
    rows = frame(activity("a"), activity("b", 90000))
    pd.testing.assert_frame_equal(merge(rows, find_duplicates(rows), {}), rows)


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
