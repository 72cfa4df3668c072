"""Runs with scores beside runs without, against scipy and by hand."""

import numpy as np
import pytest
from scipy import stats

from kneeload.association.selection import Selective, selective

EVEN = np.arange(200.0)


def test_rank_test_and_auc_are_mann_whitneys() -> None:
    """Distances that mirror in time have no trend, so that the smooth takes nothing of them."""
    rng = np.random.default_rng(1)
    km, scored = rng.gamma(9, 1, 200), rng.random(200) < 0.5
    scored[[0, -1]] = True
    found = selective(km, EVEN, scored)
    test = stats.mannwhitneyu(km[scored], km[~scored], use_continuity=False)
    assert found.auc == pytest.approx(test.statistic / (scored.sum() * (~scored).sum()), abs=0.02)
    assert found.p == pytest.approx(test.pvalue, abs=0.1)
    assert found.median_with_km == pytest.approx(np.median(km[scored]))
    assert found.median_without_km == pytest.approx(np.median(km[~scored]))
    assert not found.withholds


def test_long_runs_scored_and_short_ones_not() -> None:
    km = np.random.default_rng(2).gamma(9, 1, 200)
    found = selective(km, EVEN, km > np.median(km))
    assert found.withholds
    assert found.auc is not None
    assert found.auc > 0.9


def test_a_choice_among_the_longest_runs_is_seen() -> None:
    """Every long run of ten is scored, and of the others one in two, by their score alone."""
    rng = np.random.default_rng(4)
    km = rng.gamma(9, 1, 200)
    scored = (km > np.quantile(km, 0.9)) | (rng.random(200) < 0.45)
    found = selective(km, EVEN, scored)
    assert found.long_p is not None
    assert found.p is not None
    assert found.long_p < found.p
    assert found.withholds


def test_runs_outside_the_scored_time_do_not_count() -> None:
    km = np.concatenate([np.full(50, 3.0), np.random.default_rng(3).gamma(9, 1, 100), [3.0] * 50])
    scored = np.zeros(200, dtype=bool)
    scored[50:150:2] = scored[149] = True
    found = selective(km, EVEN, scored)
    assert (found.runs_with, found.runs_without) == (51, 49)
    assert found.median_without_km is not None
    assert found.median_without_km > 5


def test_a_quiet_winter_without_scores_is_no_choice_of_runs() -> None:
    """Runs are short all winter and fewer of them scored, the long ones no more than others."""
    rng, day = np.random.default_rng(5), np.arange(0, 364, 1.5)
    winter = np.cos(2 * np.pi * day / 364)
    km = 9 - 3 * winter + rng.normal(size=len(day))
    scored = rng.random(len(day)) < 0.55 - 0.35 * winter
    found = selective(km, day, scored)
    raw = stats.mannwhitneyu(km[scored], km[~scored])
    assert raw.pvalue < 0.001
    assert not found.withholds


@pytest.mark.parametrize(
    ("p", "long_p", "auc", "runs_with", "withholds"),
    [
        (0.049, 0.5, 0.551, 50, True),
        (0.049, 0.5, 0.55, 50, False),
        (0.05, 0.5, 0.6, 50, False),
        (0.049, 0.5, 0.449, 50, True),
        (0.5, 0.029, 0.5, 50, True),
        (0.5, 0.03, 0.5, 50, False),
        (0.001, 0.001, 0.9, 90, False),
        (0.001, 0.001, 0.9, 89, True),
    ],
)
def test_the_limits_on_both_sides(
    p: float, long_p: float, auc: float, runs_with: int, withholds: bool
) -> None:
    found = Selective(
        p=p, long_p=long_p, auc=auc, runs_with=runs_with, runs_without=100 - runs_with
    )
    assert found.withholds == withholds


@pytest.mark.parametrize("scored", [np.zeros(5, dtype=bool), np.ones(5, dtype=bool)])
def test_nothing_to_compare(scored: np.typing.NDArray[np.bool_]) -> None:
    found = selective(np.arange(5.0), np.arange(5.0), scored)
    assert (found.p, found.auc, found.withholds) == (None, None, False)


def test_an_empty_log() -> None:
    empty = np.array([])
    assert selective(empty, empty, np.array([], dtype=bool)) == Selective()


def test_runs_all_of_one_length_are_even() -> None:
    scored = np.arange(60) % 2 == 0
    found = selective(np.full(60, 8.0), np.arange(60.0), scored)
    assert (found.p, found.long_p, found.auc) == (1.0, 1.0, 0.5)
    assert not found.withholds
