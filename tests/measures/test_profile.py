"""What a profile keeps of a run, and that packing loses nothing that loads need."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kneeload.errors import LogError
from kneeload.measures.intensity import banister_per_min, heart_rate_reserve
from kneeload.measures.profile import Profiles, cadences_spm, slopes, speeds_mps, unpack
from tests.measures.building import blob, samples


def profile(*blobs: bytes) -> Profiles:
    return unpack(blobs)


def hilly(seed: int, seconds: int = 3600) -> bytes:
    """A realistic hour: wandering pace, cadence, heart rate and hills, all with noise."""
    generator = np.random.default_rng(seed)
    walk = np.cumsum(generator.normal(0, 0.02, seconds + 1))
    speed = np.clip(3 + walk - walk.mean(), 2, 4.5)
    clock = np.arange(seconds + 1)
    return blob(
        samples(
            seconds,
            hr_bpm=np.rint(145 + 15 * np.sin(clock / 300) + generator.normal(0, 2, clock.size)),
            cadence_spm=2 * np.rint(80 + 2 * speed + generator.normal(0, 1, clock.size)),
            altitude_m=300 + 25 * np.sin(clock / 200) + generator.normal(0, 0.3, clock.size),
        ).assign(distance_m=np.cumsum(speed))
    )


def test_an_hour_takes_less_than_two_kilobytes() -> None:
    assert max(len(hilly(seed)) for seed in range(5)) < 2048


def test_seconds_by_heart_rate_give_the_load_of_the_samples() -> None:
    rates = np.rint(150 + 20 * np.sin(np.arange(3601) / 60))
    known = profile(blob(samples(3600, hr_bpm=rates)))
    weights = banister_per_min(heart_rate_reserve(known.heart_bpm, 55, 190))
    direct = banister_per_min(heart_rate_reserve(rates[:-1], 55, 190)).sum() / 60
    assert (weights * known.heart_s).sum() / 60 == pytest.approx(direct, rel=1e-6)


def test_seconds_of_moving_add_up() -> None:
    known = profile(hilly(1))
    assert known.adjusted_s.sum() == pytest.approx(3601)
    assert known.cell_s.sum() == pytest.approx(3600)
    assert known.heart_s.sum() == pytest.approx(3600)


def test_cells_hold_speed_cadence_and_slope() -> None:
    climb = samples(600, speed=2.5, cadence_spm=164, altitude_m=0.08 * 2.5 * np.arange(601))
    known = profile(blob(climb))
    most = int(np.argmax(known.cell_s))
    assert speeds_mps()[known.cell_speed[most]] == pytest.approx(2.5)
    assert cadences_spm()[known.cell_cadence[most]] == pytest.approx(164)
    assert slopes()[known.cell_grade[most]] == pytest.approx(0.08)
    assert known.cell_s[most] > 500


def test_what_was_not_measured_is_unknown() -> None:
    known = profile(blob(samples(600)))
    assert np.isnan(cadences_spm()[known.cell_cadence]).all()
    assert np.isnan(slopes()[known.cell_grade]).all()
    assert known.heart_s.size == 0
    assert np.isnan(known.scalars["peak_bpm"]).all()


def test_normalised_speed_of_a_steady_flat_run_is_its_speed() -> None:
    assert profile(blob(samples(1800))).scalars["ngp_mps"][0] == pytest.approx(3.0)


def test_normalised_speed_weighs_fast_parts_more() -> None:
    speed = np.where(np.arange(3601) // 300 % 2, 4.0, 2.0)
    frame = samples(3600).assign(distance_m=np.cumsum(speed))
    fourth_powers = ((4.0**4 + 2.0**4) / 2) ** 0.25
    assert profile(blob(frame)).scalars["ngp_mps"][0] == pytest.approx(fourth_powers, rel=0.02)


def test_a_jump_of_the_position_does_not_outweigh_the_run() -> None:
    steps = np.where(np.arange(3601) == 1800, 3000.0, 3.0)
    frame = samples(3600).assign(distance_m=np.cumsum(steps))
    assert profile(blob(frame)).scalars["ngp_mps"][0] < 3.7


def test_the_adjusted_speed_rises_uphill_and_falls_downhill() -> None:
    slope = 0.10 * 3.0 * np.arange(1801)
    up = profile(blob(samples(1800, altitude_m=slope))).scalars["ngp_mps"][0]
    down = profile(blob(samples(1800, altitude_m=600 - slope))).scalars["ngp_mps"][0]
    assert up == pytest.approx(3 * 1.66, rel=0.01)
    assert down == pytest.approx(3 * 0.85, rel=0.01)


def test_steps_are_counted_while_moving() -> None:
    frame = samples(1200, cadence_spm=160)
    steps = np.where(np.arange(1201) < 600, 3.0, 0.0)
    known = profile(blob(frame.assign(distance_m=np.cumsum(steps))))
    assert known.scalars["steps"][0] == pytest.approx(1600, rel=0.01)


def test_many_profiles_keep_their_runs_apart() -> None:
    first, second = blob(samples(600, hr_bpm=140)), blob(samples(1200, hr_bpm=150))
    known = profile(first, b"", second)
    assert known.runs == 3
    assert known.total(known.heart_run, known.heart_s).tolist() == [600, 0, 1200]
    assert known.total(known.cell_run, known.cell_s).tolist() == [600, 0, 1200]
    assert known.heart_bpm.tolist() == [140, 150]


def test_nothing_at_all() -> None:
    known = profile()
    assert known.runs == 0
    assert known.total(known.heart_run, known.heart_s).size == 0


def test_a_profile_of_another_version_is_refused() -> None:
    with pytest.raises(LogError, match="kneeload rebuild"):
        profile(b"\x02" + blob(samples(60))[1:])


@settings(deadline=None, max_examples=25)
@given(st.lists(st.floats(0.5, 6), min_size=30, max_size=200))
def test_the_way_of_the_cells_is_the_way_of_the_run(speeds: list[float]) -> None:
    """Within half a step of speed for each whole segment."""
    frame = samples(len(speeds) - 1).assign(distance_m=np.cumsum(speeds) - speeds[0])
    known = profile(blob(frame))
    whole = len(speeds) // 10 * 10
    way = (speeds_mps()[known.cell_speed] * known.cell_s).sum()
    assert way == pytest.approx(sum(speeds[:whole]), abs=0.05 * whole + 60)
