"""A runner's own cadence: medians, lines, and that later runs never change it."""

import numpy as np
import pytest

from kneeload.measures.own_cadence import Stride, own_strides
from kneeload.measures.profile import unpack
from tests.measures.building import blob, samples

STEADY = blob(samples(3600, speed=3.0, cadence_spm=164))
QUICK = blob(samples(3600, speed=3.0, cadence_spm=180))


def strides(*runs: tuple[int, bytes]) -> Stride:
    days, blobs = [day for day, _ in runs], [content for _, content in runs]
    return own_strides(np.array(days), np.ones(len(days), dtype=bool), unpack(blobs))


def test_the_line_goes_through_the_medians_of_each_speed() -> None:
    """Cadence 2 x (56 + 9 v): 18 spm more for each m/s."""
    frame = samples(40 * 300 - 1)
    speed = np.repeat(np.linspace(2.2, 4.15, 40), 300)
    noisy = speed + np.random.default_rng(2).normal(0, 0.02, speed.size)
    cadence = 2 * np.rint(56 + 9 * speed)
    stride = strides((0, blob(frame.assign(distance_m=np.cumsum(noisy), cadence_spm=cadence))))
    assert stride.slope[0] == pytest.approx(18, abs=1)
    run, speeds = np.zeros(2, dtype=int), np.array([2.5, 4.0])
    assert stride.cadence_at(run, speeds) == pytest.approx(2 * (56 + 9 * speeds), abs=1.5)


def test_a_runner_of_one_speed_gets_the_published_slope() -> None:
    stride = strides((0, STEADY))
    assert stride.slope[0] == pytest.approx(22.3, abs=0.5)
    assert stride.usual_spm[0] == pytest.approx(164, abs=1)
    assert stride.usual_mps[0] == pytest.approx(3.0)


def test_a_run_is_compared_with_the_blocks_before_its_own() -> None:
    stride = strides((0, STEADY), (40, QUICK), (70, QUICK), (170, STEADY))
    assert stride.usual_spm == pytest.approx([164, 164, 164, 180], abs=1)


def test_what_lies_more_than_three_blocks_back_is_forgotten() -> None:
    old = [(0, STEADY)] * 5
    recent = [(40, QUICK), (70, QUICK), (100, QUICK)]
    assert strides(*old, *recent, (130, STEADY)).usual_spm[-1] == pytest.approx(180, abs=1)
    assert strides(*old, *recent[:2], (100, STEADY)).usual_spm[-1] == pytest.approx(164, abs=1)


def test_later_runs_change_nothing() -> None:
    early = [(0, STEADY), (35, STEADY), (65, QUICK)]
    before, after = strides(*early), strides(*early, (66, QUICK), (120, QUICK))
    assert before.usual_spm.tolist() == after.usual_spm[:3].tolist()


def test_after_a_long_break_the_last_weeks_before_it_stand_in() -> None:
    assert strides((0, QUICK), (700, STEADY)).usual_spm[1] == pytest.approx(180, abs=1)


def test_too_little_running_takes_the_published_cadence() -> None:
    stride = strides((0, blob(samples(1700, cadence_spm=180))))
    assert (stride.usual_spm[0], stride.usual_mps[0]) == (159.4, 3.0)


def test_the_usual_speed_follows_runs_without_cadence() -> None:
    plain = blob(samples(3600, speed=2.5))
    stride = strides((0, STEADY), (100, plain), (190, plain))
    assert stride.usual_mps.tolist() == pytest.approx([3.0, 3.0, 2.5])
    assert stride.level_spm == pytest.approx([164] * 3, abs=1)


def test_other_sports_and_hills_do_not_count() -> None:
    hill = blob(samples(3600, cadence_spm=140, altitude_m=0.08 * 3.0 * np.arange(3601)))
    both = unpack([STEADY, hill, QUICK, QUICK])
    running = np.array([True, True, False, False])
    stride = own_strides(np.zeros(4, dtype=int), running, both)
    assert stride.usual_spm == pytest.approx([164] * 4, abs=1)


def test_an_empty_log() -> None:
    assert strides().usual_spm.size == 0
