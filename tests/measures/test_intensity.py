"""The published formulas against the published numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneeload.measures import intensity
from kneeload.measures.intensity import MEN, WOMEN


@pytest.mark.parametrize(
    ("reserve", "men", "women"),
    [
        (0.0, 0.0, 0.0),
        (0.5, 0.84, 0.99),
        (0.6, 1.22, 1.41),
        (0.7, 1.72, 1.94),
        (0.8, 2.38, 2.62),
        (0.9, 3.24, 3.48),
        (1.0, 4.37, 4.57),
    ],
)
def test_banister_per_minute(reserve: float, men: float, women: float) -> None:
    assert intensity.banister_per_min(reserve, MEN) == pytest.approx(men, abs=0.005)
    assert intensity.banister_per_min(reserve, WOMEN) == pytest.approx(women, abs=0.005)


def test_an_hour_at_three_quarters_of_the_reserve() -> None:
    assert 60 * intensity.banister_per_min(0.7407) == pytest.approx(118, abs=0.5)


def test_an_unknown_sex_takes_the_lower_pair() -> None:
    assert intensity.banister_weights("female") == WOMEN
    assert intensity.banister_weights("male") == intensity.banister_weights(None) == MEN


def test_the_reserve_is_cut_to_its_ends() -> None:
    bpm = np.array([40.0, 60.0, 125.0, 190.0, 200.0, np.nan])
    reserve = intensity.heart_rate_reserve(bpm, 60, 190)
    np.testing.assert_allclose(reserve, [0, 0, 0.5, 1, 1, np.nan])


@pytest.mark.parametrize(
    ("percent", "edwards", "zone"),
    [
        (49.9, 0, 1),
        (50, 1, 1),
        (59.9, 1, 1),
        (60, 2, 2),
        (70, 3, 3),
        (79.9, 3, 3),
        (80, 4, 4),
        (90, 5, 5),
        (104, 5, 5),
    ],
)
def test_edges_belong_to_the_step_above(percent: float, edwards: int, zone: int) -> None:
    assert intensity.edwards_per_min(percent) == edwards
    assert intensity.zone(percent) == zone


def test_missing_stays_missing() -> None:
    for function in (intensity.edwards_per_min, intensity.zone):
        assert np.isnan(function(np.nan))


@pytest.mark.parametrize(
    ("grade", "cost"), [(0.0, 3.6), (0.45, 18.93), (-0.45, 3.92), (-0.20, 1.8)]
)
def test_minetti_near_the_measured_costs(grade: float, cost: float) -> None:
    assert intensity.minetti_cost(grade) == pytest.approx(cost, rel=0.05)


@pytest.mark.parametrize(
    ("grade", "factor"),
    [
        *[(-0.30, 0.68), (-0.20, 0.50), (-0.15, 0.51), (-0.10, 0.60), (-0.08, 0.65)],
        *[(-0.06, 0.72), (-0.05, 0.76), (-0.03, 0.85), (0, 1), (0.03, 1.17), (0.05, 1.30)],
        *[(0.06, 1.37), (0.08, 1.51), (0.10, 1.66), (0.15, 2.06), (0.20, 2.50)],
    ],
)
def test_grade_factor(grade: float, factor: float) -> None:
    assert intensity.grade_factor(grade, floor=0) == pytest.approx(factor, abs=0.006)
    assert intensity.grade_factor(grade) == pytest.approx(max(factor, 0.85), abs=0.006)


@given(st.floats(-1, 1))
def test_the_cost_is_that_of_the_range_that_was_measured(grade: float) -> None:
    cut = min(max(grade, -0.45), 0.45)
    assert intensity.minetti_cost(grade) == intensity.minetti_cost(cut) > 0


def test_an_hour_at_threshold_is_a_hundred() -> None:
    assert intensity.rtss(1.0, 4.0, 4.0) == pytest.approx(100)
    assert intensity.rtss(2.0, 2.0, 4.0) == pytest.approx(50)


def test_session_rpe() -> None:
    np.testing.assert_array_equal(intensity.session_rpe([5, np.nan], [60, 60]), [300, np.nan])


def test_tanaka() -> None:
    assert intensity.tanaka_hr_max(40) == 180
    assert intensity.tanaka_hr_max(65) == 162.5


def test_riegel_is_more_than_proportional() -> None:
    """By the formula itself: 10 km in 40 min is 14.66 km in an hour."""
    speed = intensity.riegel_speed(10_000 / 2400, 2400.0)
    assert (speed * 3600 / 10_000) ** 1.06 == pytest.approx(3600 / 2400)
