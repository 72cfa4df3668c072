"""Rules against onsets, counted by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import binomtest

from kneeload.association.backtest import (
    Backtest,
    Events,
    backtest,
    covered,
    episodes,
    shift_p,
    warned_at_shifts,
    wilson,
)

Marks = NDArray[np.bool_]


def marks(length: int, *days: int) -> Marks:
    found = np.zeros(length, dtype=bool)
    found[list(days)] = True
    return found


def outcome(flagged: Marks, onset: Marks, horizon: int = 7) -> Backtest:
    everyday = np.ones(len(onset), dtype=bool)
    return backtest("rule", flagged, Events(everyday, everyday, onset), horizon)


@pytest.mark.parametrize(
    ("flag", "warned"), [(19, 1), (13, 1), (12, 0), (20, 0), (21, 0)]
)  # the onset is on day 20: its own day is too late, the eighth before too early
def test_a_flag_warns_from_one_to_seven_days_ahead(flag: int, warned: int) -> None:
    found = outcome(marks(60, flag), marks(60, 20))
    assert (found.onsets, found.warned, found.flags, found.followed) == (1, warned, 1, warned)


def test_fourteen_days_reach_further_back() -> None:
    assert outcome(marks(60, 6), marks(60, 20), horizon=14).warned == 1
    assert outcome(marks(60, 5), marks(60, 20), horizon=14).warned == 0


def test_flags_within_a_week_are_one() -> None:
    assert episodes(marks(60, 10, 12, 17, 18, 25, 26)) == [10, 18, 26]
    found = outcome(marks(60, 10, 12, 17, 18), marks(60, 20))
    assert (found.flags, found.followed) == (2, 2)


def test_lead_time_runs_from_the_first_flag_in_the_horizon() -> None:
    assert outcome(marks(60, 14, 18), marks(60, 20)).lead_days == 6
    assert outcome(marks(60, 2), marks(60, 20)).lead_days is None
    assert outcome(marks(60, 18, 39), marks(60, 20, 40)).lead_days == 1.5


def test_expected_is_the_share_of_days_at_risk_that_were_warned() -> None:
    # a flag on day 10 covers days 11 to 17: 7 of 60 days, two onsets
    assert outcome(marks(60, 10), marks(60, 15, 40)).expected == pytest.approx(2 * 7 / 60)


def test_expected_counts_days_at_risk_alone() -> None:
    risk = marks(60, *range(10, 30))
    events = Events(np.ones(60, dtype=bool), risk, marks(60, 15))
    assert backtest("rule", marks(60, 10), events).expected == pytest.approx(7 / 20)


def test_flags_before_the_first_score_are_left_out() -> None:
    observed = marks(60, *range(30, 60))
    events = Events(observed, observed, marks(60, 34))
    found = backtest("rule", marks(60, 5, 29, 33), events)
    assert (found.flags, found.followed, found.warned) == (1, 1, 1)
    assert found.flags_per_4_weeks == pytest.approx(28 / 30)


def test_a_flag_whose_week_is_not_over_is_open() -> None:
    assert outcome(marks(60, 52), marks(60)).open == 0
    assert outcome(marks(60, 53), marks(60)).open == 1
    assert outcome(marks(60, 53), marks(60, 55)).open == 0, "already followed"


def test_below_ten_onsets_there_are_counts_alone() -> None:
    onset = marks(400, *range(20, 380, 40))
    found = outcome(marks(400, 19), onset)
    assert found.onsets == 9
    assert [found.hit_rate, found.low, found.high, found.p, found.false_alarm_rate] == [None] * 5


def test_from_ten_onsets_on_there_are_rates() -> None:
    onset = marks(400, *range(20, 400, 38))
    found = outcome(marks(400, 17, 55, 70, 396), onset)
    assert (found.onsets, found.warned, found.flags, found.followed) == (10, 2, 4, 2)
    assert found.hit_rate == 0.2
    assert (found.low, found.high) == pytest.approx(wilson(2, 10))
    assert found.open == 1
    assert found.false_alarm_rate == pytest.approx(1 / 3)
    assert found.p is not None


def test_a_rule_that_always_flags_warns_no_better_than_chance() -> None:
    onset = marks(400, *range(20, 400, 38))
    found = outcome(np.ones(400, dtype=bool), onset)
    assert found.warned == 10
    assert found.expected == pytest.approx(10, abs=0.03)
    assert found.p == 1.0


def test_a_rule_that_knows_is_told_from_chance() -> None:
    onset = marks(400, 20, 61, 95, 140, 172, 220, 251, 300, 333, 390)
    found = outcome(np.roll(onset, -3), onset)
    assert found.warned == 10
    # all ten are warned of at shifts by -2 to 4 days alone
    assert found.p == pytest.approx(2 * 7 / 400)
    assert found.lead_days == 3


def test_no_onset_sees_a_flag_of_its_own_day_or_later() -> None:
    onset = marks(400, *range(20, 400, 38))
    rng = np.random.default_rng(0)
    flagged = rng.random(400) < 0.1
    later = flagged.copy()
    later[onset] = True
    assert outcome(later, onset).warned == outcome(flagged & ~onset, onset).warned


@given(st.integers(0, 10_000))
def test_counts_at_shifts_are_counted_one_by_one(seed: int) -> None:
    rng = np.random.default_rng(seed)
    risk = rng.random(50) < 0.6
    onset, warned = risk & (rng.random(50) < 0.2), rng.random(50) < 0.3
    inside = np.flatnonzero(risk)
    expected = [
        sum(bool(warned[inside[(place + s) % len(inside)]])
            for place in np.flatnonzero(onset[risk]))
        for s in range(len(inside))
    ] or [0]  # fmt: skip
    found = warned_at_shifts(warned, risk, onset)
    assert sorted(found.tolist()) == sorted(expected)
    assert found[0] == expected[0]


@given(st.integers(0, 10_000), st.integers(1, 14))
def test_covered_days_are_found_day_by_day(seed: int, horizon: int) -> None:
    flagged = np.random.default_rng(seed).random(40) < 0.2
    expected = [bool(flagged[max(day - horizon, 0) : day].any()) for day in range(40)]
    assert covered(flagged, horizon).tolist() == expected


def test_the_p_doubles_the_smaller_tail() -> None:
    assert shift_p(np.array([3.0, 0, 1, 2])) == 0.5
    assert shift_p(np.array([1.0, 1, 1, 1])) == 1.0


@given(st.integers(0, 30), st.integers(1, 30))
def test_the_interval_is_wilsons(successes: int, more: int) -> None:
    trials = successes + more
    known = binomtest(successes, trials).proportion_ci(method="wilson")
    assert wilson(successes, trials) == pytest.approx((known.low, known.high), abs=1e-12)
