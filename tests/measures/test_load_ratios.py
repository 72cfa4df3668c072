"""Acute and chronic load: published numbers, and an independent package as oracle."""

import acwr
import numpy as np
import pandas as pd
import pytest

from kneeload.measures import load_ratios
from tests.measures.building import log


def series(values: object) -> pd.Series:
    numbers = np.asarray(values, dtype=np.float64)
    return pd.Series(numbers, index=pd.date_range("2026-01-05", periods=numbers.size, freq="D"))


def training(days: int = 200, seed: int = 3) -> pd.Series:
    generator = np.random.default_rng(seed)
    return series(generator.gamma(2, 40, days) * (generator.random(days) < 0.6))


def test_coupled_ratio_equals_the_oracle() -> None:
    expected = acwr.acwr(training(), method="rac")
    np.testing.assert_allclose(load_ratios.acwr_coupled(training()), expected)


def test_uncoupled_ratio_equals_the_oracle() -> None:
    expected = acwr.acwr(training(), method="rau")
    np.testing.assert_allclose(load_ratios.acwr_uncoupled(training()), expected)


def test_weighted_ratio_equals_the_oracle() -> None:
    load = training()
    start = load.iloc[:28].mean()
    before = pd.Series([start], index=[load.index[0] - pd.Timedelta(days=1)])
    expected = acwr.acwr(pd.concat([before, load]), method="ewma").iloc[1:]
    result = load_ratios.acwr_ewma(load)
    assert result.iloc[:28].isna().all()
    np.testing.assert_allclose(result.iloc[28:], expected.iloc[28:])


def test_monotony_and_strain_equal_the_oracle() -> None:
    load = training()
    monotony, strain = acwr.monotony(load), acwr.strain(load)
    np.testing.assert_allclose(load_ratios.monotony(load), monotony)
    np.testing.assert_allclose(load_ratios.strain(load), strain)


@pytest.mark.parametrize(("uncoupled", "coupled"), [(0.75, 0.8), (1.444, 1.3), (1.8, 1.5)])
def test_the_two_ratios_of_the_same_days(uncoupled: float, coupled: float) -> None:
    load = series([100.0] * 21 + [100.0 * uncoupled] * 7)
    assert load_ratios.acwr_uncoupled(load).iloc[-1] == pytest.approx(uncoupled)
    assert load_ratios.acwr_coupled(load).iloc[-1] == pytest.approx(coupled, abs=0.0005)


def test_a_steady_rise_of_ten_per_cent() -> None:
    load = series(np.repeat(100 * 1.1 ** np.arange(8), 7))
    assert load_ratios.acwr_coupled(load).iloc[-1] == pytest.approx(1.147, abs=0.0005)
    assert load_ratios.acwr_uncoupled(load).iloc[-1] == pytest.approx(1.206, abs=0.0005)


def test_the_coupled_ratio_is_four_at_most() -> None:
    load = series([0.0] * 21 + [80.0] * 7)
    assert load_ratios.acwr_coupled(load).iloc[-1] == pytest.approx(4)
    assert np.isnan(load_ratios.acwr_uncoupled(load).iloc[-1])


@pytest.mark.parametrize(("days", "weight"), [(7, 0.25), (28, 0.0690)])
def test_weights_of_williams(days: int, weight: float) -> None:
    load = series([0.0] * 28 + [1.0])
    assert load_ratios.ewma(load, days).iloc[-1] == pytest.approx(weight, abs=0.00005)


@pytest.mark.parametrize(("days", "half_life"), [(7, 2.41), (28, 9.70)])
def test_half_lives_of_williams(days: int, half_life: float) -> None:
    decay = 1 - 2 / (days + 1)
    load = series([1.0] * 28 + [0.0] * 10)
    assert load_ratios.ewma(load, days).iloc[-1] == pytest.approx(decay**10)
    assert np.log(0.5) / np.log(decay) == pytest.approx(half_life, abs=0.01)


def test_monotony_of_seven_like_days_is_undefined() -> None:
    assert np.isnan(load_ratios.monotony(series([50.0] * 7)).iloc[-1])
    assert np.isnan(load_ratios.monotony(series([0.0] * 7)).iloc[-1])
    assert load_ratios.monotony(series([0, 80, 40, 0, 90, 60, 80])).iloc[-1] == pytest.approx(
        1.321, abs=5e-4
    )


@pytest.mark.parametrize(("days", "gain"), [(42, 0.02353), (7, 0.13312)])
def test_fitness_and_fatigue_start_from_nothing(days: int, gain: float) -> None:
    state = load_ratios.banister_state(series([100.0, 0.0]), days)
    assert state.iloc[0] == pytest.approx(100 * gain, abs=0.001)
    assert state.iloc[1] == pytest.approx(100 * gain * (1 - gain), abs=0.001)


def test_form_is_that_of_the_day_before() -> None:
    frame = load_ratios.context(training())
    expected = frame["fitness"].iloc[-2] - frame["fatigue"].iloc[-2]
    assert frame["form"].iloc[-1] == pytest.approx(expected)
    assert frame["fitness"].equals(load_ratios.banister_state(training(), 42))
    assert frame["fatigue"].equals(load_ratios.banister_state(training(), 7))
    assert list(frame.columns) == [
        *("acute", "chronic", "acwr_coupled", "acwr_uncoupled", "acwr_ewma"),
        *("monotony", "strain", "fitness", "fatigue", "form"),
    ]


def test_rest_days_are_zero_and_unmeasured_days_missing() -> None:
    runs = log({"load": 50.0}, {"load": 30.0}, {"load": np.nan})
    runs["local_date"] = pd.to_datetime(["2026-01-05", "2026-01-05", "2026-01-07"])
    load = load_ratios.daily(runs, until=pd.Timestamp("2026-01-08").date())
    np.testing.assert_array_equal(load.to_numpy(), [80, 0, np.nan, 0])
    assert load.index[0] == pd.Timestamp("2026-01-05")


def test_no_runs_no_days() -> None:
    assert load_ratios.daily(log({"load": 1.0}).iloc[:0]).empty


def test_a_week_has_the_context_of_its_last_day() -> None:
    load = training()
    runs = pd.DataFrame({"local_date": load.index, "load": load.to_numpy()})
    weeks = pd.Series(pd.date_range(load.index[0], load.index[-1], freq="7D", unit="us"))
    today = load.index[-1].date()
    found = load_ratios.at_week_ends(runs, weeks, today)
    days = load_ratios.context(load)
    assert found.index.equals(weeks.index)
    sunday = weeks.iloc[5] + pd.Timedelta(days=6)
    ends = days.loc[[sunday, load.index[-1]]].to_numpy()
    np.testing.assert_allclose(found.iloc[[5, -1]].to_numpy(), ends)


@pytest.mark.parametrize(("rough", "known"), [(5, True), (6, False)])
def test_loads_of_two_methods_have_no_ratio(rough: int, known: bool) -> None:
    """28 days of one load each: up to a fifth of it may be estimated."""
    days = pd.date_range("2026-01-05", periods=28, freq="D", unit="us")
    methods = ["banister"] * (28 - rough) + ["~banister"] * rough
    loads = 50.0 + np.arange(28) % 2
    runs = pd.DataFrame({"local_date": days, "load": loads, "load_method": methods})
    last = load_ratios.at_week_ends(runs, pd.Series([days[21]]), days[27].date()).iloc[0]
    assert np.isfinite(last[["acwr_coupled", "acwr_uncoupled", "monotony"]]).all() == known
    assert np.isfinite(last[["acute", "fitness"]]).all()
