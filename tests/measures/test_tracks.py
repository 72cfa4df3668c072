"""Samples to arrays: order, pauses, holes, impossible values, the way."""

import itertools

import numpy as np
import pandas as pd
import pytest
from gpxpy.geo import haversine_distance

from kneeload.frames import SAMPLES, conform, empty
from tests.measures.building import samples, track_of


def test_the_clock_starts_at_zero_and_follows_the_records() -> None:
    track = track_of(samples(60))
    assert track.clock_s.tolist() == list(range(61))
    assert (track.duration_s, track.span_s, track.warnings) == (60, 60, ())


def test_a_pause_between_segments_is_taken_out_of_the_clock() -> None:
    frame = samples(100, segment=np.repeat([0, 1], [51, 50]))
    frame["time"] += pd.to_timedelta(np.repeat([0, 600], [51, 50]), unit="s")
    track = track_of(frame)
    assert track.duration_s == 99
    assert track.span_s == 700


def test_a_hole_of_more_than_two_hours_is_a_pause() -> None:
    frame = samples(100)
    late = frame.assign(time=frame["time"] + pd.to_timedelta(np.arange(101) * 0, unit="s"))
    late.loc[51:, "time"] += pd.Timedelta(seconds=7200)
    assert track_of(late).duration_s == 99
    late.loc[51:, "time"] -= pd.Timedelta(seconds=1)
    assert track_of(late).duration_s == 7299


def test_records_out_of_order_are_sorted_with_a_warning() -> None:
    frame = samples(60)
    shuffled = frame.iloc[[*range(30), 45, *range(30, 45), *range(46, 61)]]
    track = track_of(shuffled.reset_index(drop=True))
    assert track.clock_s.tolist() == list(range(61))
    assert track.distance_m.tolist() == (3.0 * np.arange(61)).tolist()
    assert track.warnings == ("records out of order were sorted by time",)


def test_records_without_a_time_lie_between_their_neighbours() -> None:
    frame = samples(4)
    frame.loc[1:2, "time"] = pd.NaT
    assert track_of(frame).clock_s.tolist() == [0, 1, 2, 3, 4]


def test_without_any_time_the_clock_stands_still_but_the_way_is_known() -> None:
    frame = samples(100, northward=True).drop(columns=["time", "distance_m"])
    track = track_of(conform(frame, SAMPLES))
    assert not track.timed
    assert track.duration_s == 0
    assert track.steps_m.sum() == pytest.approx(300)


@pytest.mark.parametrize("fall", [0.0, 10.0])
def test_a_small_fall_of_the_distance_is_held_without_a_word(fall: float) -> None:
    frame = samples(60)
    frame.loc[31:, "distance_m"] -= 3 + fall
    track = track_of(frame)
    assert (np.diff(track.distance_m) >= 0).all()
    assert track.warnings == ()


@pytest.mark.parametrize("fall", [11, 50])
def test_a_fall_of_the_distance_is_held_with_a_warning(fall: int) -> None:
    frame = samples(60)
    frame.loc[31:, "distance_m"] -= 3.0 + fall
    track = track_of(frame)
    assert track.distance_m[31] == 90
    assert track.warnings == (f"distance drops by {fall} m; the highest value so far was kept",)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("latitude", 91.0),
        ("longitude", -181.0),
        ("distance_m", -1.0),
        ("speed_mps", 101.0),
        ("altitude_m", -501.0),
        ("altitude_m", float("inf")),
        ("cadence_spm", 0.0),
        ("cadence_spm", 301.0),
    ],
)
def test_impossible_values_are_missing(column: str, value: float) -> None:
    frame = samples(3, northward=True, **{column: 5.0} if column[:2] not in {"la", "lo"} else {})
    frame.loc[1, column] = value
    assert np.isnan(getattr(track_of(frame), column)[1])


def test_the_place_where_both_degrees_are_zero_is_no_position() -> None:
    frame = samples(3, northward=True)
    frame.loc[1, ["latitude", "longitude"]] = 0.0
    assert track_of(frame).steps_m.sum() == pytest.approx(9)


def test_the_way_between_positions_is_that_of_gpxpy() -> None:
    generator = np.random.default_rng(4)
    frame = samples(50).assign(
        latitude=47 + generator.normal(0, 0.001, 51),
        longitude=8 + generator.normal(0, 0.001, 51),
    )
    degrees = frame[["latitude", "longitude"]].to_numpy()
    pairs = itertools.pairwise(degrees)
    expected = sum(haversine_distance(*a.tolist(), *b.tolist()) for a, b in pairs)
    assert track_of(frame).steps_m.sum() == pytest.approx(expected, rel=0.002)


def test_the_way_does_not_cross_a_pause() -> None:
    frame = samples(100, northward=True, segment=np.repeat([0, 1], [51, 50]))
    assert track_of(frame).steps_m.sum() == pytest.approx(99 * 3)


@pytest.mark.parametrize("unplaced", [slice(51, 54), slice(48, 51), slice(48, 54), slice(51, 101)])
def test_the_way_does_not_cross_a_pause_that_begins_without_a_position(unplaced: slice) -> None:
    frame = samples(100, northward=True, segment=np.repeat([0, 1], [51, 50]))
    frame.loc[frame.index[unplaced], "latitude"] = np.nan
    placed = np.flatnonzero(frame["latitude"].notna())
    within = [3 * (b - a) for a, b in itertools.pairwise(placed) if (a < 51) == (b < 51)]
    assert track_of(frame).steps_m.sum() == pytest.approx(sum(within))


def test_the_way_follows_the_speed_where_there_is_no_distance() -> None:
    frame = samples(100, speed_mps=2.5).drop(columns="distance_m")
    assert track_of(conform(frame, SAMPLES)).way_m[-1] == pytest.approx(250)


def test_a_counter_that_stays_at_zero_measured_nothing() -> None:
    assert np.isnan(track_of(samples(100, speed=0.0)).way_m).all()


def test_an_activity_without_samples_is_an_empty_track() -> None:
    track = track_of(empty(SAMPLES))
    assert (track.duration_s, track.span_s, track.timed) == (0, 0, False)
