"""The sport by name in every spelling, and by speeds at their exact edges."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kneeload import frames
from kneeload.importers.sport import from_name, infer, says_running
from kneeload.model import Sport
from kneeload.records import Records


def samples(speed_mps: float, *, seconds: int = 600, by: str = "position") -> pd.DataFrame:
    """Return an even run due north at one record a second."""
    clock = np.arange(seconds + 1)
    data: dict[str, object] = {
        "time": pd.to_datetime(clock, unit="s", utc=True).as_unit("us"),
        "segment": np.zeros(len(clock), dtype=np.int64),
    }
    if by == "position":
        data["latitude"] = 47 + np.degrees(clock * speed_mps / 6_371_000)
        data["longitude"] = np.full(len(clock), 8.0)
    elif by == "distance":
        data["distance_m"] = clock * speed_mps
    else:
        data["speed_mps"] = np.full(len(clock), speed_mps)
    return frames.conform(pd.DataFrame(data), frames.SAMPLES)


@pytest.mark.parametrize(
    ("text", "sport"),
    [
        ("Running", Sport.RUNNING),
        ("run", Sport.RUNNING),
        ("9", Sport.RUNNING),
        ("HKWorkoutActivityTypeRunning", Sport.RUNNING),
        ("Lauf", Sport.RUNNING),
        ("Straßenlauf", Sport.RUNNING),
        ("trail_running", Sport.TRAIL_RUNNING),
        ("Trail Run", Sport.TRAIL_RUNNING),
        ("TrailRun", Sport.TRAIL_RUNNING),
        ("Geländelauf", Sport.TRAIL_RUNNING),
        ("track_running", Sport.TRACK_RUNNING),
        ("treadmill_running", Sport.TREADMILL_RUNNING),
        ("Laufband", Sport.TREADMILL_RUNNING),
        ("VirtualRun", Sport.VIRTUAL_RUNNING),
        ("Virtueller Lauf", Sport.VIRTUAL_RUNNING),
        ("Biking", Sport.CYCLING),
        ("1", Sport.CYCLING),
        ("E-Bike-Fahrt", Sport.CYCLING),
        ("mountain biking", Sport.CYCLING),
        ("Spaziergang", Sport.WALKING),
        ("10", Sport.WALKING),
        ("Wanderung", Sport.HIKING),
        ("lap_swimming", Sport.SWIMMING),
        ("Krafttraining", Sport.STRENGTH),
        ("transition", Sport.TRANSITION),
        ("Other", Sport.OTHER),
    ],
)
def test_names_are_read_in_every_spelling(text: str, sport: Sport) -> None:
    assert from_name(text) is sport


def test_langlauf_is_skiing_and_no_run() -> None:
    assert from_name("Langlauf") is Sport.SKIING
    assert from_name("Skilanglauf") is Sport.SKIING


@pytest.mark.parametrize("text", ["", None, "generic", "unknown", "the category", "Morning Run 9"])
def test_free_text_and_generic_name_no_sport(text: str | None) -> None:
    assert from_name(text) is None


@settings(deadline=None)
@given(st.text())
def test_any_text_names_a_sport_or_none(text: str) -> None:
    assert from_name(text) in {None, *Sport}


@pytest.mark.parametrize("sport", list(Sport))
def test_every_sport_understands_its_own_value(sport: Sport) -> None:
    assert from_name(sport.value) is sport


def inferred(frame: pd.DataFrame) -> Sport:
    return infer(Records.of_frame(frame))


@pytest.mark.parametrize("by", ["position", "distance", "speed"])
@pytest.mark.parametrize(
    ("speed_mps", "sport"),
    [
        (1.2, Sport.WALKING),
        (1.79, Sport.WALKING),
        (1.81, Sport.RUNNING),
        (3.0, Sport.RUNNING),
        (4.99, Sport.RUNNING),
        (5.01, Sport.CYCLING),
        (14.99, Sport.CYCLING),
        (15.01, Sport.OTHER),
        (0.1, Sport.OTHER),
    ],
)
def test_speeds_decide_at_their_edges(by: str, speed_mps: float, sport: Sport) -> None:
    assert inferred(samples(speed_mps, by=by)) is sport


def test_standing_and_pauses_do_not_make_a_run_a_walk() -> None:
    run = samples(3.0, seconds=300)
    standing = samples(0.0, seconds=900)
    standing["latitude"] = run["latitude"].iloc[-1]
    standing["time"] += pd.Timedelta(seconds=301)
    assert inferred(pd.concat([run, standing], ignore_index=True)) is Sport.RUNNING


def test_a_jump_of_position_does_not_make_a_run_a_ride() -> None:
    run = samples(2.5)
    run.loc[300:, "latitude"] += 0.5
    assert inferred(run) is Sport.RUNNING


def test_steps_across_segments_and_backwards_in_time_do_not_count() -> None:
    run = samples(3.0, seconds=10)
    run["segment"] = np.arange(len(run))
    assert inferred(run) is Sport.OTHER
    back = samples(3.0, seconds=10)
    back["time"] = back["time"].iloc[::-1].to_numpy()
    back["time"] = back["time"].dt.as_unit("us")
    assert inferred(back) is Sport.OTHER


def test_no_samples_and_no_times_are_other() -> None:
    assert inferred(frames.empty(frames.SAMPLES)) is Sport.OTHER
    timeless = samples(3.0, seconds=10).drop(columns="time")
    assert inferred(frames.conform(timeless, frames.SAMPLES)) is Sport.OTHER


@pytest.mark.parametrize(
    "name",
    ["Morning Run", "run-walk 3/1", "Dauerlauf", "C25K (couch) 3", "Footing", "Corrida", "jog"],
)
def test_names_that_speak_of_running(name: str) -> None:
    assert says_running(name)


@pytest.mark.parametrize("name", ["", "Morning Walk", "Langlauf", "Brunch", "Trunk", "Marche"])
def test_names_that_do_not(name: str) -> None:
    assert not says_running(name)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Course à pied", Sport.RUNNING),
        ("Course a\u0300 pied", Sport.RUNNING),
        ("Carrera", Sport.RUNNING),
        ("Corsa", Sport.RUNNING),
        ("Corrida", Sport.RUNNING),
        ("Hardloopsessie", Sport.RUNNING),
        ("Course à pied virtuelle", Sport.VIRTUAL_RUNNING),
        ("Randonnée", Sport.HIKING),
        ("Sortie à vélo", Sport.CYCLING),
        ("Caminhada", Sport.WALKING),
        ("Virtuele fietsrit", Sport.CYCLING),
        ("Musculação", Sport.STRENGTH),
    ],
)
def test_sports_of_other_languages(name: str, expected: Sport) -> None:
    assert from_name(name) is expected
