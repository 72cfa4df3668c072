"""The pooled model against statsmodels on the sessions themselves, and against Cox's."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.duration.hazard_regression import PHReg
from statsmodels.genmod.families import Binomial
from statsmodels.genmod.families.links import CLogLog
from statsmodels.genmod.generalized_linear_model import GLM

from kneeload.cohort.blocks import Block, block
from kneeload.cohort.estimates import t_limit
from kneeload.cohort.exposures import EXPOSURES, STATES
from kneeload.cohort.models import hazard_ratios
from tests.cohort.building import Found

RNG = np.random.default_rng(5)


def _design(sessions: pd.DataFrame, name: str) -> tuple[pd.DataFrame, list[str]]:
    injuries = sessions.groupby(name, observed=False)["event"].sum()
    expected = sessions[name].value_counts() * sessions["event"].mean()
    kept = [s for s in STATES[1:] if injuries[s] >= 5 and expected[s] >= 5]
    columns = {state: (sessions[name] == state).astype(float) for state in kept}
    bands = {f"band{b}": (sessions["band"] == b).astype(float) for b in (1, 2, 3, 4)}
    return pd.DataFrame({"one": 1.0, **columns, **bands}, index=sessions.index), kept


@pytest.mark.parametrize("name", EXPOSURES)
def test_cells_give_what_a_row_for_each_session_gives(
    name: str, sessions: pd.DataFrame, found: Found
) -> None:
    design, kept = _design(sessions, name)
    rows = sessions[name].isin([STATES[0], *kept])
    codes = pd.factorize(sessions["runner"])[0][rows]
    fit = GLM(sessions["event"][rows].astype(float), design[rows], Binomial(CLogLog())).fit(
        cov_type="cluster", cov_kwds={"groups": codes, "use_correction": False}, tol=1e-12
    )
    runners = sessions["runner"].nunique()
    correction = np.sqrt(runners / (runners - 1))
    for state in kept:
        ratio = found("hazards", name, state, "hazard_ratio")
        assert ratio.value == pytest.approx(np.exp(fit.params[state]), rel=1e-7)
        error = np.log(ratio.high / ratio.value) / t_limit(runners)
        assert error == pytest.approx(fit.bse[state] * correction, rel=0.01)
        z = np.log(ratio.value) / error
        assert ratio.p == pytest.approx(2 * stats.t.sf(abs(z), runners - 1))


def test_cox_on_the_same_time_scale_agrees(sessions: pd.DataFrame, found: Found) -> None:
    design, kept = _design(sessions, "session_spike")
    stop = sessions.groupby("runner").cumcount() + 1.0
    rows = sessions["session_spike"].isin([STATES[0], *kept])
    cox = PHReg(
        stop[rows],
        design.loc[rows, kept],
        sessions["event"][rows],
        entry=stop[rows] - 1,
        strata=design["band4"][rows],
    ).fit()
    for log, state in zip(cox.params, kept, strict=True):
        ratio = found("hazards", "session_spike", state, "hazard_ratio").value
        assert np.log(ratio) == pytest.approx(log, abs=0.06)


def test_planted_effects_are_found(found: Found) -> None:
    for state in ("small", "moderate"):
        ratio = found("hazards", "session_spike", state, "hazard_ratio")
        assert ratio.low < 3.0 < ratio.high
        assert ratio.low > 1.3


def _block(states: list[int], events: list[int], who: list[int]) -> Block:
    ones = np.ones(len(states))
    measures = [ones, np.array(events, dtype=float)]
    return block(np.array(who), np.array(states), 3, measures, max(who) + 1)


def _struck(injuries: tuple[int, ...], sessions: tuple[int, ...]) -> Block:
    states = np.repeat(np.arange(len(sessions)), sessions).tolist()
    events = [int(i < n) for n, size in zip(injuries, sessions, strict=True) for i in range(size)]
    return _block(states, events, (np.arange(len(states)) % 50).tolist())


def test_states_with_few_injuries_are_left_out() -> None:
    found = _struck((40, 5, 4), (1000, 500, 500))
    ratios = hazard_ratios(found, np.arange(3), np.zeros(3, dtype=int))
    assert list(ratios) == [1]
    assert ratios[1].value == pytest.approx(np.log1p(-5 / 500) / np.log1p(-40 / 1000))


def test_states_told_by_luck_alone_are_left_out() -> None:
    found = _struck((100, 10, 9), (1000, 100, 20))
    assert list(hazard_ratios(found, np.arange(3), np.zeros(3, dtype=int))) == [1]


def test_nothing_is_said_without_a_reference() -> None:
    found = _struck((4, 50, 0), (100, 100, 0))
    assert hazard_ratios(found, np.array([0, 1, -1]), np.zeros(3, dtype=int)) == {}


def test_a_band_without_injuries_changes_nothing() -> None:
    state, band = np.array([0, 1, 0, 1]), np.array([0, 0, 1, 1])
    cell = RNG.integers(0, 2, 500)
    event = (RNG.random(500) < 0.1).astype(float)
    who = RNG.integers(0, 40, 500)
    one = block(who, cell, 4, [np.ones(500), event], 40)
    quiet = np.concatenate([cell, RNG.integers(2, 4, 300)])
    many = [np.ones(800), np.append(event, np.zeros(300))]
    two = block(np.append(who, RNG.integers(0, 40, 300)), quiet, 4, many, 40)
    first, second = (hazard_ratios(b, state, band)[1] for b in (one, two))
    assert second.value == pytest.approx(first.value)
    assert second.p == pytest.approx(first.p)
