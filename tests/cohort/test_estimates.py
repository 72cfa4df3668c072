"""Rates, shares and areas against textbook sums over runners, and against resampled runners."""

import numpy as np
import pytest
from scipy import stats

from kneeload.cohort.blocks import block
from kneeload.cohort.estimates import area, mean, rate, share, t_limit

RNG = np.random.default_rng(11)
RUNNERS, ROWS = 60, 3000
WHO = RNG.integers(0, RUNNERS, ROWS)
CELL = RNG.integers(0, 3, ROWS)
EVENT = (RNG.random(ROWS) < np.array([0.05, 0.08, 0.2])[CELL] * (1 + (WHO % 3))).astype(float)
COUNTED = block(WHO, CELL, 3, [np.ones(ROWS), EVENT], RUNNERS)
N, Y = np.zeros((2, 3)), np.zeros((2, 3))
N[0], Y[1] = 1, 1


def _of_runners(values: np.ndarray) -> np.ndarray:
    return np.bincount(WHO, values, minlength=RUNNERS)


def test_counts_are_what_was_counted() -> None:
    assert COUNTED.total[0].tolist() == np.bincount(CELL).tolist()
    assert COUNTED.total[1].sum() == EVENT.sum()
    assert COUNTED.runners == RUNNERS


def test_a_rate_has_the_ratio_estimators_variance() -> None:
    y, n = _of_runners(EVENT), _of_runners(np.ones(ROWS))
    value = y.sum() / n.sum()
    error = np.sqrt(RUNNERS / (RUNNERS - 1) * ((y - value * n) ** 2).sum()) / y.sum()
    found = rate(COUNTED, Y, N, 1000)
    assert found.value == pytest.approx(1000 * value)
    limit = stats.t.ppf(0.975, RUNNERS - 1) * error
    assert found.high == pytest.approx(1000 * value * np.exp(limit))
    assert found.low == pytest.approx(1000 * value * np.exp(-limit))


def test_a_share_stays_between_its_bounds() -> None:
    third = np.array([0, 0, 1])
    found = share(COUNTED, Y * third, Y)
    assert found.value == EVENT[CELL == 2].sum() / EVENT.sum()
    assert 0 < found.low < found.value < found.high < 1


def test_a_share_of_all_or_nothing_has_no_interval() -> None:
    nothing = share(COUNTED, Y * 0, Y)
    assert nothing.value == 0
    assert np.isnan(nothing.low)
    assert np.isnan(share(COUNTED, Y * 0, Y * 0).value)


def test_a_mean_is_a_ratio_on_its_own_scale() -> None:
    found = mean(COUNTED, Y, N)
    assert found.value == pytest.approx(EVENT.mean())
    assert found.value - found.low == pytest.approx(found.high - found.value)


def _pairs(score: np.ndarray, event: np.ndarray) -> float:
    hit, quiet = score[event == 1], score[event == 0]
    above = (hit[:, None] > quiet).mean() + 0.5 * (hit[:, None] == quiet).mean()
    return float(above)


def test_an_area_is_the_share_of_pairs_in_the_right_order() -> None:
    found = area(COUNTED, N - Y, Y, np.arange(3.0))
    assert found.value == pytest.approx(_pairs(CELL, EVENT))
    assert found.low < found.value < found.high


def test_cells_without_a_score_are_left_out_of_the_area() -> None:
    inside = CELL > 0
    found = area(COUNTED, N - Y, Y, np.array([np.nan, 1.0, 2.0]))
    assert found.value == pytest.approx(_pairs(CELL[inside], EVENT[inside]))


def test_its_error_is_that_of_resampled_runners() -> None:
    def again() -> float:
        chosen = RNG.integers(0, RUNNERS, RUNNERS)
        rows = np.concatenate([np.flatnonzero(who == WHO) for who in chosen])
        return _pairs(CELL[rows], EVENT[rows])

    found = area(COUNTED, N - Y, Y, np.arange(3.0))
    error = (found.high - found.low) / 2 / t_limit(RUNNERS)
    assert error == pytest.approx(np.std([again() for _ in range(400)]), rel=0.2)


def test_a_clustered_interval_is_wider_where_runners_differ() -> None:
    alone = block(np.arange(ROWS), CELL, 3, [np.ones(ROWS), EVENT], ROWS)
    widths = [found.high - found.low for found in (rate(COUNTED, Y, N), rate(alone, Y, N))]
    assert widths[0] > widths[1]


def test_blocks_add_up_to_the_last_digit() -> None:
    half = WHO < 25
    parts = [
        block(WHO[rows], CELL[rows], 3, [np.ones(rows.sum()), EVENT[rows]], RUNNERS)
        for rows in (half, ~half)
    ]
    both = parts[0] + parts[1]
    assert np.array_equal(both.total, COUNTED.total)
    assert np.array_equal(both.moment, COUNTED.moment)
    assert both.runners == RUNNERS
