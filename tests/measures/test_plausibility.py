"""What cannot have been run, and what only looks like it."""

import datetime as dt
from typing import Any

import numpy as np
import pytest

from kneeload.frames import SAMPLES, conform
from kneeload.measures.plausibility import record_speed_mps
from kneeload.measures.profile import speeds_mps, unpack
from kneeload.measures.summary import summarise
from kneeload.model import Sport
from tests.measures.building import START, run, samples


def reason(frame: Any = None, now: dt.datetime | None = None, **fields: Any) -> str:
    return summarise(run(frame, **fields), now).suspect_reason


@pytest.mark.parametrize(
    ("started", "expected"),
    [
        (
            dt.datetime(1970, 1, 1, tzinfo=dt.UTC),
            "the clock says 1970",
        ),
        (
            dt.datetime(1989, 12, 31, tzinfo=dt.UTC),
            "the clock says 1989",
        ),
        (dt.datetime(1995, 1, 1, tzinfo=dt.UTC), ""),
        (START + dt.timedelta(days=1), ""),
        (
            START + dt.timedelta(days=1, seconds=1),
            "the clock says 2026-03-02",
        ),
    ],
)
def test_clocks(started: dt.datetime, expected: str) -> None:
    assert reason(samples(600), now=START, started_at=started).split(",")[0] == expected


def test_without_now_nothing_lies_in_the_future() -> None:
    assert reason(samples(600), started_at=dt.datetime(2099, 1, 1, tzinfo=dt.UTC)) == ""


@pytest.mark.parametrize("fields", [{"timer_s": 0.0}, {"elapsed_s": 0.0}])
def test_a_distance_in_no_time(fields: dict[str, Any]) -> None:
    assert reason(distance_m=5000.0, **fields) == "5.00 km in no time"


def test_an_unknown_time_is_no_fault() -> None:
    assert reason(distance_m=5000.0) == ""


def test_absurd_length() -> None:
    assert reason(distance_m=300_000.0, timer_s=86_400.0) == ""
    assert reason(distance_m=300_001.0, timer_s=86_400.0) == "300 km in one run"


@pytest.mark.parametrize(
    ("distance_m", "seconds", "suspect"),
    [
        (5000.0, 12 * 60 + 36, False),
        (5000.0, 12 * 60 + 10, True),
        (42_195.0, 2 * 3600 + 35, False),
        (42_195.0, 1 * 3600 + 56 * 60, True),
        (10_000.0, 1200.0, True),
    ],
)
def test_faster_than_the_world_record(distance_m: float, seconds: float, *, suspect: bool) -> None:
    assert ("world record" in reason(distance_m=distance_m, timer_s=seconds)) == suspect


def test_a_ride_is_no_suspect_run() -> None:
    assert reason(sport=Sport.CYCLING, distance_m=10_000.0, timer_s=1200.0) == ""


def test_record_speeds_fall_with_distance() -> None:
    speeds = [record_speed_mps(metres) for metres in (1, 100, 1000, 42_195, 100_000, 400_000)]
    assert speeds == sorted(speeds, reverse=True)
    assert record_speed_mps(42_195) == pytest.approx(42_195 / 7235)


def jumping(metres: float) -> Any:
    frame = samples(1800)
    return frame.assign(distance_m=frame["distance_m"] + np.where(np.arange(1801) > 900, metres, 0))


def test_a_jump_of_more_than_a_twentieth_is_suspect() -> None:
    assert reason(jumping(600.0)) == "the distance jumps by 0.60 km in 1 s"


def test_a_smaller_jump_is_warned_of() -> None:
    summary = summarise(run(jumping(200.0)))
    assert summary.suspect_reason == ""
    assert summary.warnings == ("the distance jumps by 0.20 km in 1 s; the jump is counted",)


def test_the_file_itself_repairs_a_jump() -> None:
    summary = summarise(run(jumping(600.0), distance_m=5400.0))
    assert (summary.suspect_reason, summary.warnings) == ("", ())


def test_a_gap_that_was_run_is_no_jump() -> None:
    frame = jumping(0.0)
    assert reason(frame.drop(index=range(600, 900)).reset_index(drop=True)) == ""


def test_jumping_positions() -> None:
    frame = samples(1800, northward=True).drop(columns="distance_m")
    frame.loc[900:, "latitude"] += 0.01
    assert reason(conform(frame, SAMPLES)) == "the distance jumps by 1.11 km in 1 s"


def test_a_stretch_by_car() -> None:
    frame = samples(3600)
    steps = np.full(3601, 2.5)
    steps[1000:1200] = 11.0
    assert reason(frame.assign(distance_m=np.cumsum(steps))).startswith("faster than 10 m/s for 19")


def test_a_burst_is_cut_out_of_a_sound_run() -> None:
    frame = samples(3600, northward=True).drop(columns="distance_m")
    frame.loc[1000:1059, "latitude"] += np.linspace(0, 0.005, 60)  # 60 s at 9.3 m/s more
    frame.loc[1060:, "latitude"] += 0.005
    summary = summarise(run(conform(frame, SAMPLES)))
    assert summary.suspect_reason == ""
    (warning,) = summary.warnings
    assert warning.startswith("faster than 10 m/s for 5")
    assert warning.endswith("s; left out of the speeds")
    assert summary.distance_km == pytest.approx(11.36, rel=0.005)  # as the file has it
    profile = unpack([summary.profile])
    assert speeds_mps()[profile.cell_speed].max() < 10


def test_a_fast_descent_of_a_ride_is_no_burst() -> None:
    steps = np.full(3601, 5.0)
    steps[1000:1060] = 12.0
    ride = run(samples(3600).assign(distance_m=np.cumsum(steps)), sport=Sport.CYCLING)
    assert summarise(ride).warnings == ()


@pytest.mark.parametrize(
    ("distance_m", "seconds", "expected"),
    [
        (5000.0, 1500.0, ""),
        (400.0, 119.0, "only 119 s long"),
        (400.0, 120.0, ""),
        (299.0, 150.0, "only 299 m long"),
        (300.0, 150.0, ""),
        (None, 100.0, "only 100 s long"),
        (None, 1500.0, ""),
        (None, None, ""),
    ],
)
def test_a_recording_begun_by_mistake_is_no_run(
    distance_m: float | None, seconds: float | None, expected: str
) -> None:
    assert reason(distance_m=distance_m, timer_s=seconds) == expected
    assert reason(distance_m=distance_m, timer_s=seconds, sport=Sport.WALKING) == ""


def test_a_short_sprint_is_believed() -> None:
    frame = samples(3600)
    steps = np.full(3601, 2.5)
    steps[1000:1020] = 10.5
    assert reason(frame.assign(distance_m=np.cumsum(steps))) == ""
