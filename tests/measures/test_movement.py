"""Distance, time and climb: who is believed, and that noise does not climb."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneeload.frames import SAMPLES, conform
from kneeload.measures.movement import hysteresis
from kneeload.measures.summary import summarise
from kneeload.model import DistanceSource
from tests.measures.building import run, samples


def test_the_files_total_wins_over_its_records() -> None:
    summary = summarise(run(samples(1000), distance_m=3100.0, distance_source="laps"))
    assert (summary.distance_km, summary.distance_source) == (3.1, "laps")


def test_without_a_total_the_devices_records_count() -> None:
    summary = summarise(run(samples(1000, northward=True)))
    assert (summary.distance_km, summary.distance_source) == (3.0, "device")


def test_without_device_distance_the_positions_count() -> None:
    frame = samples(1000, northward=True).drop(columns="distance_m")
    summary = summarise(run(conform(frame, SAMPLES)))
    assert summary.distance_km == pytest.approx(3.0)
    assert summary.distance_source == "track"


@pytest.mark.parametrize("total", [None, 0.0, float("nan")])
def test_a_distance_that_nobody_measured_is_missing(total: float | None) -> None:
    summary = summarise(run(distance_m=total, timer_s=1800.0))
    assert (summary.distance_km, summary.distance_source) == (None, "")


@pytest.mark.parametrize(
    ("total", "source", "warned"),
    [
        (3090.0, "device", False),
        (3093.1, "device", True),
        (2912.0, "device", True),
        (2913.0, "laps", False),
        (4000.0, "laps", True),
        (4000.0, "edited", False),
        (4000.0, "manual", False),
    ],
)
def test_device_and_track_that_disagree_are_both_named(
    total: float, source: DistanceSource, *, warned: bool
) -> None:
    frame = samples(1000, northward=True)
    summary = summarise(run(frame, distance_m=total, distance_source=source))
    said = (f"device says {total / 1000:.2f} km, track says 3.00 km",)
    assert summary.warnings == (said if warned else ())


def test_half_a_hundred_metres_are_not_worth_a_warning() -> None:
    assert summarise(run(samples(100, northward=True), distance_m=349.0)).warnings == ()


def standing(seconds: int, *, still: slice) -> pd.DataFrame:
    frame = samples(seconds)
    steps = np.full(seconds + 1, 3.0)
    steps[0], steps[still] = 0, 0
    return frame.assign(distance_m=np.cumsum(steps))


def test_standing_is_taken_off_the_timer() -> None:
    summary = summarise(run(standing(1800, still=slice(600, 900)), timer_s=1800.0))
    assert summary.moving_s == pytest.approx(1500, abs=8)
    assert summary.elapsed_s == 1800


def test_a_pause_that_the_records_hide_is_taken_off_once() -> None:
    """The timer stood for 300 s, and the records run through."""
    summary = summarise(run(standing(1800, still=slice(600, 900)), timer_s=1500.0))
    assert summary.moving_s == pytest.approx(1500, abs=8)


def test_time_the_records_do_not_cover_counts_as_moving() -> None:
    summary = summarise(run(standing(600, still=slice(100, 200)), timer_s=1800.0))
    assert summary.moving_s == pytest.approx(1700, abs=8)


def test_walking_slowly_is_moving() -> None:
    assert summarise(run(samples(600, speed=0.6))).moving_s == 600
    assert summarise(run(samples(600, speed=0.4))).moving_s == pytest.approx(0, abs=1)


def test_totals_alone_give_timer_and_else_elapsed_time() -> None:
    both = summarise(run(timer_s=1700.0, elapsed_s=1800.0))
    assert (both.moving_s, both.elapsed_s) == (1700, 1800)
    assert summarise(run(elapsed_s=1800.0)).moving_s == 1800
    assert summarise(run(timer_s=1700.0)).elapsed_s == 1700
    nothing = summarise(run(distance_m=5000.0))
    assert (nothing.moving_s, nothing.elapsed_s) == (None, None)


def test_a_treadmill_with_a_dead_counter_moves_all_the_time() -> None:
    assert summarise(run(samples(600, speed=0.0, hr_bpm=140), timer_s=600.0)).moving_s == 600


def test_elapsed_time_holds_the_pauses() -> None:
    frame = samples(100, segment=np.repeat([0, 1], [51, 50]))
    frame["time"] += pd.to_timedelta(np.repeat([0, 600], [51, 50]), unit="s")
    summary = summarise(run(frame))
    assert (summary.moving_s, summary.elapsed_s) == (99, 700)


def test_hills_are_counted() -> None:
    hills = 400 + 20 * (1 - np.cos(2 * np.pi * np.arange(3601) / 600))
    summary = summarise(run(samples(3600, altitude_m=hills)))
    assert summary.ascent_m == pytest.approx(240, rel=0.02)
    assert summary.descent_m == pytest.approx(240, rel=0.02)


@pytest.mark.parametrize("noise", [0.2, 1.0, 3.0, 9.0])
def test_noise_does_not_climb(noise: float) -> None:
    flat = 400 + np.random.default_rng(7).normal(0, noise, 3601)
    summary = summarise(run(samples(3600, altitude_m=flat)))
    assert summary.ascent_m == pytest.approx(0, abs=25 if noise == 9.0 else 5)


def test_a_long_climb_survives_the_noise() -> None:
    climb = np.linspace(400, 900, 3601) + np.random.default_rng(7).normal(0, 3, 3601)
    summary = summarise(run(samples(3600, altitude_m=climb)))
    assert summary.ascent_m == pytest.approx(500, rel=0.03)
    assert summary.descent_m == pytest.approx(0, abs=15)


def test_device_totals_of_climb_win_one_by_one() -> None:
    hills = 400 + 20 * (1 - np.cos(2 * np.pi * np.arange(3601) / 600))
    summary = summarise(run(samples(3600, altitude_m=hills), ascent_m=300.0))
    assert summary.ascent_m == 300
    assert summary.descent_m == pytest.approx(240, rel=0.02)


@pytest.mark.parametrize("altitude", [np.full(601, 250.0), np.full(601, np.nan)])
def test_an_altitude_that_never_changes_tells_no_climb(altitude: np.ndarray) -> None:
    summary = summarise(run(samples(600, altitude_m=altitude)))
    assert (summary.ascent_m, summary.descent_m) == (None, None)


@pytest.mark.parametrize(
    ("altitude", "expected"),
    [
        ([0, 5, 0], (5, 5)),
        ([0, 1.9, 0, 1.9], (0, 0)),
        ([0, 2, 0], (2, 2)),
        ([0, 10, 9, 20], (20, 0)),
        ([0, 10, 8, 20], (22, 2)),
        ([0, 3, 3, 6, 6, 0], (6, 6)),
        ([7], (0, 0)),
    ],
)
def test_turns_smaller_than_the_threshold_do_not_count(
    altitude: list[float], expected: tuple[float, float]
) -> None:
    assert hysteresis(np.array(altitude, dtype=float), 2.0) == expected


@given(st.lists(st.floats(-100, 3000), min_size=1, max_size=50), st.floats(0.5, 20))
def test_climb_is_never_negative_and_fits_the_ends(heights: list[float], least: float) -> None:
    up, down = hysteresis(np.array(heights), least)
    assert up >= 0
    assert down >= 0
    assert up - down == pytest.approx(heights[-1] - heights[0], abs=least + 1e-6)


def test_cadence_is_the_mean_while_moving() -> None:
    frame = standing(1000, still=slice(500, 1001))
    cadence = np.where(np.arange(1001) < 500, 170.0, 20.0)
    summary = summarise(run(frame.assign(cadence_spm=cadence)))
    assert summary.avg_cadence_spm == pytest.approx(170, abs=2)


def test_cadence_falls_back_to_the_files_mean() -> None:
    assert summarise(run(avg_cadence_spm=172.0)).avg_cadence_spm == 172
    assert summarise(run()).avg_cadence_spm is None
