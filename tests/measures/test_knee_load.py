"""The knee load index: published values, and what it is sensitive to."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneeload.measures.knee_load import (
    FORMS,
    SENSITIVITIES,
    impulse_per_km,
    peak_force_bw,
    slope_factor,
    step_length_m,
    usual_cadence_spm,
    walking_share,
)
from kneeload.measures.loads import with_loads
from kneeload.settings import DEFAULTS
from tests.measures.building import blob, log, samples


@pytest.mark.parametrize(
    ("speed", "force"), [(2.5, 4.5), (3.0, 4.9), (3.3, 5.2), (3.5, 5.4), (4.0, 5.8), (4.5, 6.2)]
)
def test_peak_force_by_speed(speed: float, force: float) -> None:
    assert peak_force_bw(speed) == pytest.approx(force, abs=0.05)


def test_the_force_is_flat_outside_measured_speeds() -> None:
    assert peak_force_bw(5.5) == peak_force_bw(4.5)
    assert peak_force_bw(1.0) == peak_force_bw(1.8)


def test_ten_per_cent_more_steps_lower_the_peak_by_a_seventh() -> None:
    """Lenhart 2014: -14 %."""
    assert peak_force_bw(3.0, 1.10) / peak_force_bw(3.0) == pytest.approx(0.86, abs=0.005)


def test_the_cadence_ratio_is_cut() -> None:
    assert peak_force_bw(3.0, 1.5) == peak_force_bw(3.0, 1.15)
    assert peak_force_bw(3.0, 0.5) == peak_force_bw(3.0, 0.85)


@pytest.mark.parametrize(
    ("grade", "factor"),
    [(-0.05, 1.10), (-0.10, 1.20), (-0.30, 1.40), (0.0, 1), (0.1, 1), (np.nan, 1)],
)
def test_slope_factor(grade: float, factor: float) -> None:
    assert slope_factor(grade) == pytest.approx(factor)
    assert slope_factor(grade, downhill=0) == 1


@pytest.mark.parametrize(("speed", "length"), [(2.68, 1.03), (3.35, 1.205), (4.46, 1.385)])
def test_step_length_of_the_laboratory(speed: float, length: float) -> None:
    """Half of the stride lengths 2.06, 2.41 and 2.77 m."""
    assert step_length_m(speed) == pytest.approx(length, rel=0.035)


@pytest.mark.parametrize(
    ("speed", "cadence"), [(2.5, 148), (3.0, 159), (3.3, 166), (4.0, 180), (5.0, 197)]
)
def test_usual_cadence(speed: float, cadence: float) -> None:
    assert usual_cadence_spm(speed) == pytest.approx(cadence, abs=1.1)


def per_km(speed: float, exponent: float) -> float:
    """Steps times force to the exponent over a kilometre, relative to 3 m/s."""
    loads = [1000 / step_length_m(v) * peak_force_bw(v) ** exponent for v in (speed, 3.0)]
    return float(loads[0] / loads[1])


@pytest.mark.parametrize(
    ("exponent", "expected"),
    [
        (1, [1.01, 1.00, 1.00, 0.99, 0.99]),
        (2, [0.91, 1.00, 1.08, 1.16, 1.23]),
        (4, [0.74, 1.00, 1.28, 1.59, 1.93]),
        (9, [0.45, 1.00, 1.96, 3.52, 5.88]),
    ],
)
def test_sensitivity_of_a_kilometre_to_speed(exponent: int, expected: list[float]) -> None:
    results = [per_km(v, exponent) for v in (2.5, 3.0, 3.5, 4.0, 4.5)]
    assert results == pytest.approx(expected, rel=0.012)


def test_the_impulse_form_falls_with_speed() -> None:
    results = impulse_per_km([2.5, 3.0, 3.5, 4.0, 4.5]) / impulse_per_km(3.0)
    assert results == pytest.approx([1.16, 1.00, 0.88, 0.79, 0.72], abs=0.006)


def test_more_steps_lower_the_impulse_less_than_the_peak() -> None:
    ratio = impulse_per_km(3.0, 1.1) / impulse_per_km(3.0)
    assert ratio == pytest.approx(1.1**-1.1)
    assert peak_force_bw(3.0, 1.1) / peak_force_bw(3.0) < ratio


HAGEN = {
    0.9: (624, 528, 466, 388, 326),
    1.0: (563, 470, 411, 361, 306),
    1.1: (462, 406, 367, 319, 282),
}
"""Impulse per kilometre [MPa s] by cadence over the habitual one, at 8, 10, 12, 14 and 16 km/h."""


def test_the_impulse_of_a_kilometre_is_the_laboratorys() -> None:
    """Hagen 2023, 12 runners: within 13 % at any speed and cadence, 4 % in the mean."""
    speeds = np.array([8, 10, 12, 14, 16]) / 3.6
    wrong = np.array(
        [
            impulse_per_km(speeds, ratio) / impulse_per_km(speeds[2]) / (np.array(row) / 411) - 1
            for ratio, row in HAGEN.items()
        ]
    )
    assert np.abs(wrong).max() < 0.13
    assert np.abs(wrong).mean() < 0.04


@pytest.mark.parametrize(
    ("cadence", "speed", "share"),
    [
        (120, 2.2, 1),
        (130, 2.2, 0.5),
        (140, 2.2, 0),
        (200, 1, 0),
        (np.nan, 1.79, 1),
        (np.nan, 1.8, 0),
    ],
)
def test_walking_blends_into_running(cadence: float, speed: float, share: float) -> None:
    assert walking_share(cadence, speed) == pytest.approx(share)


def test_four_steps_a_minute_do_not_change_a_kilometre_fivefold() -> None:
    """128 and 132 steps a minute at 2.2 m/s, in every form."""
    runs = loaded(*[usual()] * 4, usual(1800, 2.2, 128), usual(1800, 2.2, 132))
    for form in FORMS:
        slow, fast = (runs[form] / runs["distance_km"]).tolist()[-2:]
        assert 1 < fast / slow < 3.5


def test_a_slope_counts_in_walking_too() -> None:
    slope = 0.1 * 1.4 * np.arange(1801)
    flat, down = usual(1800, 1.4, 110), usual(1800, 1.4, 110).assign(altitude_m=1000 - slope)
    runs = loaded(usual(), flat, down)
    level, steep = (runs["knee_load"] / runs["distance_km"]).tolist()[1:]
    assert steep / level == pytest.approx(1.2, rel=0.02)


def test_uphill_and_downhill_weights_stand_beside_the_default() -> None:
    slope = 0.08 * 3.0 * np.arange(3601)
    runs = loaded(
        usual(), usual().assign(altitude_m=1000 - slope), usual().assign(altitude_m=slope)
    )
    per_km = runs[list(SENSITIVITIES)].div(runs["distance_km"], axis=0)
    assert per_km["knee_load_down"].tolist() == pytest.approx([1, 1.32, 1], rel=0.01)
    assert per_km["knee_impulse_up"].tolist() == pytest.approx([1, 1, 0.88], rel=0.01)
    assert per_km["knee_load_m4_slopes"].tolist() == pytest.approx([1, 1.32**4, 0.88**4], rel=0.03)
    assert per_km["knee_load_level"].tolist() == pytest.approx([1, 1, 1], rel=0.01)


def loaded(*frames: pd.DataFrame, **common: object) -> pd.DataFrame:
    """Return the runs of these samples, a day apart, with their loads."""
    rows = [{"distance_km": f["distance_m"].max() / 1000, "moving_s": len(f) - 1.0} for f in frames]
    return with_loads(log(*rows, **common), [blob(f) for f in frames], DEFAULTS)


def usual(seconds: int = 3600, speed: float = 3.0, cadence: float = 164) -> pd.DataFrame:
    return samples(seconds, speed=speed, cadence_spm=cadence)


def test_flat_running_as_usual_is_its_distance_in_every_form() -> None:
    runs = loaded(usual(), usual(1800), usual(7200))
    for form in FORMS:
        np.testing.assert_allclose(runs[form], runs["distance_km"], rtol=0.01)


def test_what_a_faster_kilometre_is_worth_depends_on_the_form() -> None:
    cadence = float(usual_cadence_spm(4.0))
    fast = loaded(usual(), usual(), usual(), usual(1800, 4.0, cadence)).iloc[-1]
    per_kilometre = {form: fast[form] / fast["distance_km"] for form in FORMS}
    assert per_kilometre["knee_load"] == pytest.approx(1, abs=0.04)
    assert per_kilometre["knee_load_m4"] > 1.4
    assert per_kilometre["knee_impulse"] < 0.85


def test_downhill_adds_to_every_form_and_uphill_to_none() -> None:
    slope = 0.08 * 3.0 * np.arange(3601)
    down = usual().assign(altitude_m=1000 - slope)
    up = usual().assign(altitude_m=slope)
    runs = loaded(usual(), down, up)
    ratio = runs["knee_load"] / runs["distance_km"]
    assert ratio.tolist() == pytest.approx([1, 1.16, 1], rel=0.01)


def test_ten_per_cent_more_steps_lower_a_kilometre() -> None:
    """1.1 times the steps, each 1.1 ** -1.6 as hard."""
    runs = loaded(*[usual()] * 4, usual(cadence=180)).iloc[-1]
    assert runs["knee_load"] / runs["distance_km"] == pytest.approx((180 / 164) ** -0.6, abs=0.01)


def test_walking_is_light() -> None:
    runs = loaded(usual(), usual(), usual(1800, 1.4, 110)).iloc[-1]
    assert runs["knee_load"] / runs["distance_km"] < 0.35
    assert runs["walking_min"] == pytest.approx(30, abs=0.3)


def test_missing_cadence_counts_as_the_runners_own_and_is_shown() -> None:
    runs = loaded(usual(), samples(3600)).iloc[-1]
    assert runs["knee_load"] == pytest.approx(10.8, rel=0.01)
    assert (runs["cadence_share"], runs["grade_share"], runs["knee_share"]) == (0, 0, 1)
    assert np.isnan(runs["steps"])


def test_a_run_without_samples_takes_the_usual_load_and_says_so() -> None:
    runs = with_loads(
        log({"distance_km": 10.8, "moving_s": 3600.0}, {"distance_km": 5.0}),
        [blob(usual()), b""],
        DEFAULTS,
    )
    assert runs["knee_load"].tolist() == pytest.approx([10.8, 5.0], rel=0.01)
    assert runs["knee_share"].tolist() == [1, 0]


def test_an_edited_distance_scales_the_load() -> None:
    frame = log({"distance_km": 21.6, "moving_s": 3600.0, "distance_source": "edited"})
    runs = with_loads(frame, [blob(usual())], DEFAULTS)
    assert runs["knee_load"].tolist() == pytest.approx([21.6], rel=0.01)
    assert runs["knee_share"].tolist() == pytest.approx([0.5], abs=0.01)


def test_other_sports_have_no_knee_load() -> None:
    runs = loaded(usual(), sport="cycling")
    assert runs["knee_load"].isna().all()


def test_steps_and_fast_kilometres() -> None:
    runs = loaded(usual(), usual(), usual(), usual(1800, 3.6, 170)).iloc[-1]
    assert runs["steps"] == pytest.approx(5100, rel=0.01)
    assert runs["fast_km"] == pytest.approx(6.48, rel=0.01)
    assert runs["usual_mps"] == pytest.approx(3.0)
    assert runs["usual_cadence_spm"] == pytest.approx(164, abs=1)


@given(st.floats(1, 6), st.floats(0.7, 1.3), st.floats(-0.4, 0.4))
def test_more_steps_and_gentler_descents_are_never_worse(v: float, ratio: float, i: float) -> None:
    assert peak_force_bw(v, ratio + 0.05, i) <= peak_force_bw(v, ratio, i)
    assert peak_force_bw(v, ratio, i + 0.05) <= peak_force_bw(v, ratio, i)
    assert impulse_per_km(v + 0.2, ratio, i) <= impulse_per_km(v, ratio, i)
