"""What is drawn and not tested: lags, the calendar."""

import numpy as np
import pytest
from scipy import stats

from kneeload.association.daily import calendar, injuries
from kneeload.association.lags import lags
from kneeload.association.run_scores import counted_runs, counted_scores
from tests.association.building import day, diary, pain, runs

TODAY = day(20).date()


def test_load_three_days_before_pain_shows_at_lag_three() -> None:
    rng = np.random.default_rng(0)
    km = rng.gamma(4, 2, 200)
    score = np.asarray(np.round(np.clip(np.roll(km, 3) / 2, 0, 10)), dtype=np.float64)
    score[rng.random(200) < 0.4] = np.nan
    found = {(lag.direction, lag.lag): lag for lag in lags(km, score)}
    assert len(found) == 30
    strongest = max(found.values(), key=lambda lag: lag.rho or 0)
    assert (strongest.direction, strongest.lag) == ("load_then_pain", 3)
    same_day = found["pain_then_load", 0]
    known = ~np.isnan(score)
    assert same_day.rho == pytest.approx(stats.spearmanr(km[known], score[known]).statistic)
    assert same_day.days == known.sum()


def test_pain_before_load_is_the_other_direction() -> None:
    rng = np.random.default_rng(0)
    score = rng.integers(0, 8, 150).astype(float)
    km = 20 - np.roll(score, 2)
    weakest = min(lags(km, score), key=lambda lag: lag.rho or 0)
    assert (weakest.direction, weakest.lag) == ("pain_then_load", 2)


def test_too_few_days_and_days_that_never_differ_show_nothing() -> None:
    assert all(lag.rho is None for lag in lags(np.arange(19.0), np.arange(19.0)))
    assert all(lag.rho is None for lag in lags(np.arange(90.0), np.zeros(90)))
    assert all(lag.days == 0 for lag in lags(np.zeros(0), np.zeros(0)))


def test_rest_days_are_zero_and_days_beyond_the_runs_unknown() -> None:
    some = counted_runs(runs((2, 5.0), (4, 6.0), (4, 1.0), hard_min=3.0), TODAY)
    scores = counted_scores(pain((0, "rest", 1), (4, "before", 2), (4, "after", 5)), TODAY)
    days = calendar(some, scores, diary({}), TODAY)
    assert len(days.dates) == 21
    km = days.sums["distance_km"]
    assert km[2:5].tolist() == [5, 0, 7]
    assert np.isnan(km[:2]).all()
    assert np.isnan(km[5:]).all()
    assert days.sums["hard_min"][2:5].tolist() == [3, 0, 6]
    assert np.isnan(days.sums["descent_m"][[2, 4]]).all(), "not measured is not zero"
    assert days.score[[0, 4]].tolist() == [1, 5]
    assert np.isnan(np.delete(days.score, [0, 4])).all()


def test_only_injuries_of_a_week_are_days_of_rest() -> None:
    entries = diary(
        {"kind": "injury", "local_date": day(3), "until": day(9)},
        {"kind": "injury", "local_date": day(11), "until": day(16)},
        {"kind": "gap", "local_date": day(0), "until": day(19)},
    )
    days = calendar(counted_runs(runs((0, 5.0)), TODAY), pain(), entries, TODAY)
    assert np.flatnonzero(days.resting).tolist() == [3, 4, 5, 6, 7, 8, 9]


def test_an_injury_that_lasts_runs_to_today() -> None:
    open_ = diary({"kind": "injury", "local_date": day(14)})
    assert len(injuries(open_, TODAY)) == 1
    assert injuries(open_, day(19).date()).empty, "six days so far"
    assert injuries(open_, day(13).date()).empty, "not yet known"
