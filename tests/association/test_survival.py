"""The survival curve against statsmodels, a brute-force likelihood, and edges worked by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from statsmodels.duration.survfunc import SurvfuncRight

from kneeload.arrays import Floats
from kneeload.association.rank_correlation import Z_95
from kneeload.association.survival import Curve, Observations, survival
from tests.strategies import whole_kms


def seen(events: object = (), censored: object = (), within: object = ()) -> Observations:
    """Return observations [km] from sequences."""
    each = (np.asarray(values, dtype=float) for values in (events, censored, within))
    return Observations(**dict(zip(("events", "censored", "within"), each, strict=True)))


@given(whole_kms.filter(bool), whole_kms)
def test_with_noted_kilometres_it_is_kaplan_meiers(
    events: list[float], censored: list[float]
) -> None:
    found = survival(seen(events, censored))
    status = [1] * len(events) + [0] * len(censored)
    oracle = SurvfuncRight(np.array(events + censored), np.array(status))
    stepped = oracle.n_events > 0
    assert found.km == tuple(oracle.surv_times[stepped])
    assert found.share == pytest.approx(oracle.surv_prob[stepped])
    alive = np.array(found.share) > 0
    greenwood = oracle.surv_prob_se[stepped] / np.where(alive, oracle.surv_prob[stepped], 1)
    assert np.array(found.spread)[alive] == pytest.approx(greenwood[alive])
    assert np.isnan(np.array(found.spread)[~alive]).all()


def test_the_median_and_its_interval_are_those_of_statsmodels() -> None:
    rng = np.random.default_rng(3)
    for _ in range(30):
        km, status = rng.uniform(1, 12, 25).round(1), rng.integers(0, 2, 25)
        found = survival(seen(km[status == 1], km[status == 0]))
        oracle = SurvfuncRight(km, status)
        with np.errstate(all="ignore"):
            low, high = oracle.quantile_ci(0.5, alpha=0.05, method="cloglog")
        ends = [np.inf if end is None else end for end in found.median_interval(Z_95)]
        assert ends[0] == pytest.approx(low)
        # statsmodels names the last distance where the band never falls below a half.
        assert ends[1] == pytest.approx(high) or ends[1] == np.inf


def _log_likelihood(curve: Curve, given_: Observations) -> float:
    """Return the log-likelihood of the observations under the curve's masses."""
    km, mass = np.array(curve.km), -np.diff(np.array([1.0, *curve.share]))
    tail = 1 - mass.sum()
    exact = [mass[km == at].sum() for at in given_.events]
    still = [mass[km > at].sum() + tail for at in given_.censored]
    inside = [mass[(km > 0) & (km <= at)].sum() for at in given_.within]
    return float(np.log(np.maximum([*exact, *still, *inside], 1e-12)).sum())


def _best(given_: Observations) -> float:
    """Return the highest log-likelihood over masses at every distance, and beyond them all."""
    km = np.unique(np.concatenate([given_.events, given_.within]))
    rows = [km == at for at in given_.events]
    rows += [km > at for at in given_.censored]
    rows += [km <= at for at in given_.within]
    beyond = [0.0] * len(given_.events) + [1.0] * len(given_.censored) + [0.0] * len(given_.within)
    which = np.column_stack([np.array(rows, dtype=float), beyond])

    def minus(free: Floats) -> float:
        mass = np.exp(free - free.max())
        return -float(np.log(np.maximum(which @ (mass / mass.sum()), 1e-12)).sum())

    starts = (np.zeros(len(km) + 1), np.linspace(1, -1, len(km) + 1))
    return -min(minimize(minus, start, method="BFGS").fun for start in starts)


@settings(max_examples=12)
@given(
    st.lists(st.integers(1, 6).map(float), max_size=6),
    st.lists(st.integers(1, 6).map(float), max_size=6),
    st.lists(st.integers(1, 6).map(float), min_size=1, max_size=6),
)
def test_no_other_curve_is_more_likely(
    events: list[float], censored: list[float], within: list[float]
) -> None:
    given_ = seen(events, censored, within)
    found = survival(given_)
    assert _log_likelihood(found, given_) >= _best(given_) - 1e-3
    assert np.all(np.diff([1.0, *found.share]) <= 1e-9)


def test_pain_somewhere_is_shared_out_over_noted_kilometres() -> None:
    # 2 and 4 km noted; the third began at one of them: half each, so the shares are 1/2 and 0.
    found = survival(seen([2, 4], within=[9]))
    assert list(found.km) == [2, 4]
    assert found.share == pytest.approx((0.5, 0))


def test_pain_somewhere_alone_stays_a_stretch() -> None:
    found = survival(seen(censored=[3, 3], within=[8, 10]))
    assert (found.since_km, found.km) == ((3,), (8,))
    assert found.median() == (3, 8)


def test_where_the_kilometre_is_unknown_the_band_is_wider() -> None:
    events, calm = [3, 4, 5, 6, 7, 8], [9.0] * 6
    noted = survival(seen([*events, 3, 4, 5], calm))
    unknown = survival(seen(events, calm, [9, 9, 9]))
    assert unknown.spread[0] > noted.spread[0] * 0.9
    fewer = survival(seen(events, calm))
    assert all(0 < spread < 1 for spread in (*fewer.spread, *unknown.spread))


def test_nobody_hurt_has_no_step_and_no_median() -> None:
    found = survival(seen(censored=[5, 6]))
    assert found.km == ()
    assert found.median() is None
    assert found.median_interval(Z_95) == (None, None)


def test_a_share_of_exactly_half_is_the_median() -> None:
    assert survival(seen([2, 4], [9, 9])).median() == (4, 4)
    assert survival(seen([2], [9, 9])).median() is None


def test_the_band_is_none_where_nothing_is_left() -> None:
    low, high = survival(seen([2, 4])).band(Z_95)
    assert np.isnan([low[1], high[1]]).all()
    assert 0 < low[0] < 0.5 < high[0] < 1
