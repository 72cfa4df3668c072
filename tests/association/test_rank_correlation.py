"""The partial rank correlation against other ways to the same numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from kneeload.association.rank_correlation import Link, link, rank_correlation, ranks, smooth

Floats = NDArray[np.float64]


def series(seed: int, n: int = 45) -> tuple[Floats, Floats, Floats, Floats]:
    """Return a run's distance, scores after and before it, and its day."""
    rng = np.random.default_rng(seed)
    before = rng.integers(0, 5, n).astype(float)
    km = rng.gamma(4, 2, n)
    after = np.round(before + 0.2 * km + rng.normal(size=n))
    return km, after, before, np.cumsum(rng.integers(1, 4, n)).astype(float)


def half_wave(time: Floats) -> Floats:
    """Return the one wave of a log of three months: from 1 on its first day to -1 on its last."""
    return np.asarray(np.cos(np.pi * (time - time[0]) / (time[-1] - time[0])), dtype=np.float64)


def by_least_squares(x: Floats, y: Floats, before: Floats, time: Floats) -> tuple[Floats, Floats]:
    """Return residuals of ranks by `numpy.linalg.lstsq`."""
    design = np.column_stack([np.ones(len(x)), stats.rankdata(before), half_wave(time)])
    ranked = [stats.rankdata(v) for v in (x, y)]
    left = [v - design @ np.linalg.lstsq(design, v, rcond=None)[0] for v in ranked]
    return left[0], left[1]


def by_recursion(x: Floats, y: Floats, a: Floats, b: Floats) -> float:
    """Return the partial correlation by Yule's recursion over correlations of ranks."""
    x, y, a, b = (*(stats.rankdata(v) for v in (x, y, a)), half_wave(b))

    def rho(u: Floats, v: Floats) -> float:
        return float(stats.pearsonr(u, v).statistic)

    def once(u: Floats, v: Floats, w: Floats) -> float:
        top = rho(u, v) - rho(u, w) * rho(v, w)
        return float(top / np.sqrt((1 - rho(u, w) ** 2) * (1 - rho(v, w) ** 2)))

    xy, xb, yb = once(x, y, a), once(x, b, a), once(y, b, a)
    return float((xy - xb * yb) / np.sqrt((1 - xb**2) * (1 - yb**2)))


@given(st.lists(st.lists(st.integers(0, 5), min_size=7, max_size=7), min_size=1, max_size=3))
def test_equal_values_share_the_mean_of_theirranks(rows: list[list[int]]) -> None:
    values = np.array(rows, dtype=np.float64)
    assert ranks(values).tolist() == stats.rankdata(values, axis=-1).tolist()
    assert ranks(values[0]).tolist() == stats.rankdata(values[0]).tolist()


@pytest.mark.parametrize("seed", range(5))
def test_rho_is_the_textbook_partial_correlation(seed: int) -> None:
    x, y, before, time = series(seed)
    assert link(x, y, [before], time).rho == pytest.approx(by_recursion(x, y, before, time))


@pytest.mark.parametrize("seed", range(5))
def test_p_counts_the_shifts_one_by_one(seed: int) -> None:
    x, y, before, time = series(seed, n=20)
    rx, ry = by_least_squares(x, y, before, time)
    real = abs(float(rx @ ry))
    shifted = [abs(float(rx @ np.roll(ry, s))) for s in range(3, 18)]
    expected = (1 + sum(value >= real - 1e-9 for value in shifted)) / 16
    assert link(x, y, [before], time).p == pytest.approx(expected)


@pytest.mark.parametrize("seed", range(5))
def test_the_interval_is_fisher_z_with_the_effective_number(seed: int) -> None:
    x, y, before, time = series(seed)
    rx, ry = by_least_squares(x, y, before, time)
    a, b = (float(r[1:] @ r[:-1] / (r @ r)) for r in (rx, ry))
    effective = 45 * (1 - a * b) / (1 + a * b)
    found = link(x, y, [before], time)
    rho = float(found.rho)
    z, variance = np.arctanh(rho), max(1.06, 1 + rho**2 / 2)
    spread = 1.96 * np.sqrt(variance / (effective - 3 - 2))
    assert found.interval_p == pytest.approx(2 * stats.norm.sf(abs(z) / spread * 1.96), abs=1e-3)
    assert found.low == pytest.approx(np.tanh(z - spread), abs=1e-3)
    assert found.high == pytest.approx(np.tanh(z + spread), abs=1e-3)


def test_many_runners_at_once_are_the_same_as_one_by_one() -> None:
    columns = [np.stack(rows) for rows in zip(*(series(seed) for seed in range(6)), strict=True)]
    together = link(columns[0], columns[1], [columns[2]], columns[3])
    for row in range(6):
        x, y, before, time = (column[row] for column in columns)
        alone = link(x, y, [before], time)
        for name in ("rho", "low", "high", "p", "interval_p"):
            assert getattr(together, name)[row] == pytest.approx(float(getattr(alone, name)))


@pytest.mark.parametrize(("days", "waves"), [(10, 1), (136, 1), (137, 2), (364, 4), (3 * 365, 12)])
def test_time_is_half_a_wave_for_every_quarter_of_a_year(days: int, waves: int) -> None:
    assert len(smooth(np.arange(days + 1.0))) == waves


def test_a_season_of_both_leaves_no_link() -> None:
    """Load and pain of one yearly wave and nothing else in common."""
    rng, time = np.random.default_rng(3), np.arange(0, 364, 3.0)
    wave = np.sin(2 * np.pi * time / 365 + 1)
    x, y = (wave + rng.normal(size=len(time)) for _ in range(2))
    assert stats.spearmanr(x, y).statistic > 0.3
    assert abs(float(link(x, y, [], time).rho)) < 0.15


def test_a_control_that_explains_everything_leaves_nothing() -> None:
    x, y, _, time = series(1)
    assert np.isnan(link(x, y, [x], time).rho)


@pytest.mark.parametrize("constant", ["x", "y"])
def test_a_series_that_never_varies_has_no_link(constant: str) -> None:
    x, y, before, time = series(1)
    flat = np.zeros_like(x)
    found = link(flat if constant == "x" else x, flat if constant == "y" else y, [before], time)
    assert np.isnan([found.rho, found.p, found.low, found.high]).all()
    assert not found.positive
    assert not found.negative


def test_a_control_that_never_varies_changes_nothing() -> None:
    x, y, _, time = series(2)
    with_flat, without = link(x, y, [np.zeros_like(x)], time), link(x, y, [], time)
    assert with_flat.rho == pytest.approx(float(without.rho))


def test_too_few_pairs_leave_no_shift_to_compare_with() -> None:
    x, y, before, time = (v[:6] for v in series(3))
    assert np.isnan(link(x, y, [before], time).p)


def test_more_and_less_exclude_each_other() -> None:
    found = Link(
        *(np.array(v) for v in ([0.4, -0.4, 0.4], [0] * 3, [1] * 3, [0.05, 0.01, 0.06], [1] * 3))
    )
    assert found.positive.tolist() == [True, False, False]
    assert found.negative.tolist() == [False, True, False]


@given(st.integers(0, 10_000))
def test_turning_the_scale_round_turns_the_sign(seed: int) -> None:
    x, y, before, time = series(seed, n=30)
    there, back = link(x, y, [before], time), link(x, -y, [before], time)
    assert float(there.rho) == pytest.approx(-float(back.rho))
    assert float(there.p) == pytest.approx(float(back.p))
    assert float(there.low) == pytest.approx(-float(back.high), nan_ok=True)


@given(st.integers(0, 10_000))
def test_only_ranks_count(seed: int) -> None:
    x, y, before, time = series(seed, n=30)
    assert float(link(np.exp(x / 5), y, [before], time).rho) == pytest.approx(
        float(link(x, y, [before], time).rho)
    )


def test_plain_rank_correlation_is_spearmans() -> None:
    x, y, _, _ = series(4)
    assert rank_correlation(x, y) == pytest.approx(stats.spearmanr(x, y).statistic)
