"""Five witnesses of one length: the one in a wrong unit is outvoted, dropped and named."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneeload.measures.summary import Summary, summarise
from kneeload.measures.witnesses import NAMES, outvoted
from kneeload.model import Activity
from tests.measures.building import METRES_PER_DEGREE, START, run, samples

HALF_HOUR = 1800
CLOCK = np.arange(HALF_HOUR + 1)
NORTH = 47 + 3.0 * CLOCK / METRES_PER_DEGREE


def recorded(distance: object = np.nan, speed: object = np.nan, **fields: object) -> Activity:
    """Return 5.4 km due north in half an hour, with these distances and speeds beside them."""
    frame = samples(HALF_HOUR, latitude=NORTH, longitude=8.3, speed_mps=speed)
    frame["distance_m"] = np.broadcast_to(np.asarray(distance, dtype=float), CLOCK.shape)
    return run(frame, **fields)


def assert_right(summary: Summary, named: str) -> None:
    assert summary.distance_km == pytest.approx(5.4, rel=0.01)
    assert summary.moving_s == pytest.approx(HALF_HOUR, rel=0.02)
    assert summary.suspect_reason == ""
    assert [w for w in summary.warnings if w.startswith(named) and w.endswith("left out")]


@pytest.mark.parametrize(
    ("distance", "named"),
    [
        (3.0 * CLOCK / 1000, NAMES["distance"]),
        (3.0 * CLOCK * 1000, NAMES["distance"]),
        (3.0 + 0 * CLOCK + 0.1 * (CLOCK % 2), NAMES["distance"]),
        (3.0 * CLOCK / 1609.34, NAMES["distance"]),
    ],
    ids=["kilometres", "millimetres", "steps", "miles"],
)
@pytest.mark.parametrize("total", [5400.0, None])
def test_a_distance_in_a_wrong_unit(distance: object, named: str, total: float | None) -> None:
    assert_right(summarise(recorded(distance, distance_m=total)), named)


@pytest.mark.parametrize("speed", [10.8, 0.3, 6.71, 9.84], ids=["km/h", "stuck", "mph", "feet"])
@pytest.mark.parametrize("total", [5400.0, None])
def test_a_speed_in_a_wrong_unit(speed: float, total: float | None) -> None:
    assert_right(summarise(recorded(speed=speed, distance_m=total)), NAMES["speed"])


@pytest.mark.parametrize("total", [5.4, 45_000.0])
def test_a_total_that_laps_and_positions_outvote(total: float) -> None:
    activity = recorded(3.0 * CLOCK, distance_m=total, laps_distance_m=5400.0)
    summary = summarise(activity)
    assert_right(summary, NAMES["total"])
    assert summary.distance_source == "laps"


def test_a_leg_that_goes_on_from_its_parents_distance() -> None:
    summary = summarise(recorded(40_000 + 3.0 * CLOCK))
    assert summary.distance_km == pytest.approx(5.4)
    assert "begins at 40.00 km" in summary.warnings[0]


def test_a_recording_that_began_late_keeps_what_was_run_before() -> None:
    late = START - dt.timedelta(seconds=300)
    summary = summarise(recorded(900 + 3.0 * CLOCK, started_at=late))
    assert summary.distance_km == pytest.approx(6.3)


def test_a_treadmill_that_was_corrected_keeps_its_total() -> None:
    frame = samples(HALF_HOUR, speed=2.0, speed_mps=2.0)
    summary = summarise(run(frame, distance_m=6500.0))
    assert (summary.distance_km, summary.warnings) == (6.5, ())


def test_few_per_cent_are_no_reason() -> None:
    assert outvoted({"total": 5400, "distance": 5600, "positions": 5200, "speed": 5000}, 1800) == []


def test_two_against_two_is_no_majority() -> None:
    assert outvoted({"total": 9000, "distance": 9000, "positions": 5000, "speed": 5000}, 1800) == []


@given(
    st.dictionaries(st.sampled_from([*NAMES]), st.floats(1, 1e6), min_size=1),
    st.floats(0, 1e5),
    st.booleans(),
)
def test_somebody_is_always_believed(told: dict[str, float], seconds: float, stuck: bool) -> None:
    assert set(outvoted(told, seconds, stuck=stuck)) < set(told)
