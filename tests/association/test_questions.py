"""The gate, the verdict and what could have been seen."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneeload.association.questions import backing_off, detectable, holm, primary, secondary
from tests.association.building import day


def scored(n: int, *, every: int = 4, slope: float = 0.0, seed: int = 1) -> pd.DataFrame:
    """Return `n` runs with both scores, one every `every` days."""
    rng = np.random.default_rng(seed)
    km = rng.gamma(9, 1, n)
    before = rng.integers(0, 4, n).astype(float)
    return pd.DataFrame(
        {
            "local_date": [day(every * number) for number in range(n)],
            "distance_km": km,
            "before": before,
            "next_morning": np.round(before + slope * km + rng.normal(size=n)),
            "previous_km": np.roll(km, 1),
        }
    )


def test_a_link_is_found_with_its_sign() -> None:
    assert primary(scored(60, slope=0.6)).verdict == "positive"
    assert primary(scored(60, slope=-0.6)).verdict == "negative"


def test_where_nothing_shows_it_says_what_could_have() -> None:
    found = primary(scored(58))
    assert found.verdict == "none"
    assert found.detectable == 0.38
    assert found.rho is not None
    assert found.low is not None
    assert found.high is not None
    assert found.low < found.rho < found.high
    assert found.p is not None
    assert found.p > 0.05


@pytest.mark.parametrize(
    ("n", "every", "weeks", "enough"),
    [(40, 4, 23, True), (39, 4, 22, False), (61, 2, 18, True), (60, 2, 17, False)],
)
def test_the_gate_opens_at_forty_pairs_and_eighteen_weeks(
    n: int, every: int, weeks: int, enough: bool
) -> None:
    found = primary(scored(n, every=every))
    assert (found.pairs, found.weeks) == (n, weeks)
    assert (found.verdict != "not_enough") == enough


def test_below_the_gate_it_says_what_is_missing() -> None:
    found = primary(scored(26, every=3))
    assert found.verdict == "not_enough"
    assert found.missing == ("14 more next-morning scores", "7 more weeks")
    assert (found.rho, found.low, found.high, found.p, found.detectable) == (None,) * 5


def test_one_is_said_in_the_singular() -> None:
    assert primary(scored(39, every=3)).missing == ("1 more next-morning score", "1 more week")


def test_it_asks_for_the_scores_that_are_scarce() -> None:
    table = scored(60)
    table.loc[10:, "before"] = np.nan
    assert "30 more before-the-run scores" in primary(table).missing


def test_an_empty_diary_asks_for_everything() -> None:
    assert primary(scored(0)).missing == ("40 more next-morning scores", "18 more weeks")


def test_scores_that_are_all_the_same_give_no_verdict() -> None:
    found = primary(scored(60).assign(next_morning=0.0))
    assert found.verdict == "not_enough"
    assert found.missing == ("scores that differ",)


@pytest.mark.parametrize(("pairs", "size"), [(40, 0.50), (58, 0.38), (116, 0.27)])
def test_detectable_sizes_are_the_simulated_ones(pairs: int, size: float) -> None:
    assert detectable(pairs) == size


def test_four_times_the_pairs_halve_the_detectable_size() -> None:
    assert detectable(464) == pytest.approx(0.135, abs=0.006)


@given(st.integers(40, 2000))
def test_more_pairs_never_see_less(pairs: int) -> None:
    assert detectable(pairs + 1) <= detectable(pairs)


def test_holm_by_hand() -> None:
    # sorted .01, .02, .03, .04 times 4, 3, 2, 1 = .04, .06, .06, .04, then never falling
    assert holm([0.04, 0.01, None, 0.03, 0.02]) == pytest.approx([0.06, 0.04, None, 0.06, 0.06])


@given(st.lists(st.floats(0.001, 1), max_size=6))
def test_holm_never_lowers_a_p_and_never_exceeds_bonferroni(ps: list[float]) -> None:
    for raw, held in zip(ps, holm(list(ps)), strict=True):
        assert held is not None
        assert raw <= held <= min(1, raw * len(ps)) + 1e-12


def test_the_correction_can_take_a_secondary_verdict() -> None:
    table = scored(60, slope=0.6)
    lone = dict.fromkeys(("week_sum_km", "long_run_ratio", "hard_min", "knee_load"), 1.0)
    found = secondary(table.assign(descent_m=table["distance_km"], days_in_row=1.0, **lone))
    by_name = {question.exposure: question for question in found}
    assert len(by_name) == 6
    assert by_name["descent_m"].answer.verdict == "positive"
    assert by_name["descent_m"].p_holm == by_name["descent_m"].answer.interval_p, "the only test"
    assert by_name["hard_min"].answer.verdict == "not_enough"
    assert by_name["hard_min"].p_holm is None


def test_a_link_just_below_the_limit_does_not_survive_six_tests() -> None:
    table = scored(45, slope=0.12, seed=3)
    rng = np.random.default_rng(5)
    noise = {
        name: rng.normal(size=45)
        for name in ("week_sum_km", "long_run_ratio", "hard_min", "knee_load", "days_in_row")
    }
    found = secondary(table.assign(descent_m=table["distance_km"], **noise))
    descent = next(q for q in found if q.exposure == "descent_m")
    assert descent.answer.interval_p is not None
    assert descent.p_holm is not None
    assert descent.p_holm == pytest.approx(min(1, descent.answer.interval_p * 6))
    assert descent.answer.interval_p < 0.05 < descent.p_holm
    assert descent.answer.verdict == "none"


def test_backing_off_is_seen_in_shorter_runs_after_more_pain() -> None:
    table = scored(60)
    shorter = table.assign(distance_km=12 - 2 * table["before"] + 0.3 * table["distance_km"])
    assert backing_off(shorter).verdict == "negative"
    assert backing_off(table).verdict == "none"
