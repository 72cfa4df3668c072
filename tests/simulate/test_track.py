"""Samples of a session: they add up to its plan, and look like running."""

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kneeload.model import Sport
from kneeload.simulate.runner import CENTRAL_PARK, FOREST, Kind, Place, Runner, Session
from kneeload.simulate.track import Track, climbed_m, drifting, lagged, recorded
from tests.strategies import sessions

RUNNER = Runner(name="Test")
START = dt.datetime(2026, 1, 5, 18, tzinfo=ZoneInfo("Europe/Berlin"))
TEN_KM = Session(started_at=START, kind=Kind.EASY, distance_m=10_000, moving_s=3637, seed=7)


def haversine_m(track: Track) -> float:
    """Length of the positions on a sphere of 6,371 km [m]."""
    lat, lon = np.radians(track.latitude), np.radians(track.longitude)
    half = (
        np.sin(np.diff(lat) / 2) ** 2
        + np.cos(lat[1:]) * np.cos(lat[:-1]) * np.sin(np.diff(lon) / 2) ** 2
    )
    return float((2 * 6_371_000 * np.arcsin(np.sqrt(half))).sum())


@settings(max_examples=30, deadline=None)
@given(session=sessions, every_s=st.sampled_from([1, 4, 5]))
def test_samples_add_up_to_the_plan(session: Session, every_s: int) -> None:
    track = recorded(session, RUNNER, every_s)
    assert track.distance_m[0] == 0
    assert track.distance_m[-1] == pytest.approx(session.distance_m)
    assert track.time_s[-1] == session.elapsed_s
    assert (np.diff(track.time_s) > 0).all()
    assert (np.diff(track.distance_m) > 0).all()
    assert haversine_m(track) == pytest.approx(session.distance_m, rel=0.001)


@settings(max_examples=30, deadline=None)
@given(session=sessions)
def test_samples_look_like_running(session: Session) -> None:
    track = recorded(session, RUNNER)
    assert 1.5 < track.speed_mps.min() < track.speed_mps.max() < 6
    assert 60 < track.hr_bpm.min() < track.hr_bpm.max() <= RUNNER.hr_max
    assert 150 < track.cadence_spm.mean() < 180


def test_the_seed_decides_the_samples() -> None:
    first, again, other = (recorded(s, RUNNER) for s in (TEN_KM, TEN_KM, replace(TEN_KM, seed=8)))
    np.testing.assert_array_equal(first.latitude, again.latitude)
    np.testing.assert_array_equal(first.hr_bpm, again.hr_bpm)
    assert not np.array_equal(first.latitude, other.latitude)


@pytest.mark.parametrize(("every_s", "records"), [(1, 3638), (4, 911), (5, 729)])
def test_thinning_keeps_the_last_record(every_s: int, records: int) -> None:
    track = recorded(TEN_KM, RUNNER, every_s)
    assert len(track) == records
    assert track.time_s[-1] == 3637


def test_a_pause_leaps_in_time_and_starts_a_segment() -> None:
    track = recorded(replace(TEN_KM, pause_s=300), RUNNER)
    steps = np.diff(track.time_s)
    assert sorted(set(steps)) == [1, 301]
    assert [len(part) for part in track.segments()] == [1819, 1819]
    assert track.distance_m[-1] == pytest.approx(10_000)


def test_indoors_nothing_is_known_of_the_place() -> None:
    track = recorded(replace(TEN_KM, kind=Kind.TREADMILL, place=None), RUNNER)
    for values in (track.latitude, track.longitude, track.altitude_m):
        assert np.isnan(values).all()
    assert track.distance_m[-1] == pytest.approx(10_000)


def test_a_ride_has_no_cadence_of_steps() -> None:
    ride = replace(TEN_KM, kind=Kind.RIDE, moving_s=1600)
    assert ride.sport is Sport.CYCLING
    assert np.isnan(recorded(ride, RUNNER).cadence_spm).all()


@pytest.mark.parametrize("place", [FOREST, CENTRAL_PARK])
def test_hills_are_as_high_as_the_place_says(place: Place) -> None:
    session = replace(TEN_KM, place=place)
    up, down = climbed_m(session)
    assert up == pytest.approx(10 * place.climb_per_km_m, rel=0.15)
    assert up == pytest.approx(down, abs=0.5)
    track = recorded(session, RUNNER)
    away = np.hypot(np.ptp(track.latitude), np.ptp(track.longitude) * 0.6) * 111_195
    assert away < place.lap_m
    assert abs(track.latitude[0] - place.latitude) < 0.03


def test_climbing_slows_and_descending_quickens() -> None:
    track = recorded(TEN_KM, RUNNER)
    grade = np.gradient(lagged(track.altitude_m, 20))
    assert np.corrcoef(grade, track.speed_mps)[0, 1] < -0.3


def test_intervals_raise_the_heart_rate_late() -> None:
    track = recorded(replace(TEN_KM, kind=Kind.INTERVALS), RUNNER)
    delays = range(0, 90, 5)
    links = [
        np.corrcoef(track.speed_mps[600 : 3000 - d], track.hr_bpm[600 + d : 3000])[0, 1]
        for d in delays
    ]
    assert 10 <= delays[int(np.argmax(links))] <= 60
    assert track.hr_bpm.max() > recorded(TEN_KM, RUNNER).hr_bpm.max() + 10


def test_a_lag_reaches_63_percent_after_its_time_constant() -> None:
    step = np.concatenate([np.zeros(200), np.ones(400)])
    assert lagged(step, 30)[199 + 30] == pytest.approx(1 - np.exp(-1), abs=0.01)
    assert lagged(step, 30)[-1] == pytest.approx(1, abs=0.01)


def test_drifting_noise_has_the_spread_asked_for() -> None:
    noise = drifting(np.random.default_rng(1), 100_000, 20, 3.0)
    assert noise.std() == pytest.approx(3, rel=0.1)
    assert noise.mean() == pytest.approx(0, abs=0.3)


def test_drifting_noise_is_no_wilder_at_its_start() -> None:
    starts = [drifting(np.random.default_rng(seed), 10, 45, 1.0)[0] for seed in range(400)]
    assert np.std(starts) == pytest.approx(1, rel=0.15)


def test_a_session_knows_its_instants() -> None:
    session = replace(TEN_KM, pause_s=63)
    assert session.utc == dt.datetime(2026, 1, 5, 17, tzinfo=dt.UTC)
    assert session.utc_offset_s == 3600
    assert session.elapsed_s == 3700
    assert session.ended_at == dt.datetime(2026, 1, 5, 18, 1, 40, tzinfo=dt.UTC)
