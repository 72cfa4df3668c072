"""Days at risk, onsets, and the week before an onset beside quiet days."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from kneeload.association.onsets import beside_quiet_days, crossover_p, week_before
from kneeload.rules.spells import at_risk, onsets

Floats = NDArray[np.float64]


def scores(text: str) -> Floats:
    """Return one score per character, a dot where none was written."""
    return np.array([np.nan if mark == "." else float(mark) for mark in text])


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("00000003", [7]),
        ("0000003", []),  # six quiet days are too few
        ("0.0.0.0.0.0.0..3", [15]),  # days without a score neither help nor harm
        ("11111113", [7]),
        ("00000023", []),  # 2 is not quiet
        ("00000002", []),  # and no onset either
        ("0000000399", [7]),  # once in pain, no further onset
        ("00000003000000030", [7, 15]),
        ("000000030000003", [7]),
        ("", []),
        ("9", []),
    ],
)
def test_an_onset_follows_seven_quiet_recorded_days(text: str, days: list[int]) -> None:
    assert np.flatnonzero(onsets(scores(text))).tolist() == days


def test_injured_days_are_not_at_risk() -> None:
    score, resting = scores("000000033"), np.zeros(9, dtype=bool)
    resting[7] = True
    assert not onsets(score, resting).any()


@given(st.lists(st.one_of(st.none(), st.integers(0, 10)), max_size=60))
def test_days_at_risk_are_found_day_by_day(marks: list[int | None]) -> None:
    score = np.array([np.nan if mark is None else mark for mark in marks], dtype=float)
    for day, able in enumerate(at_risk(score)):
        earlier = [mark for mark in marks[:day] if mark is not None]
        quiet = len(earlier) >= 7 and max(earlier[-7:]) <= 1
        assert able == (quiet and marks[day] is not None)


@given(st.integers(1, 5), st.integers(8, 40), st.integers(0, 1000))
def test_many_runners_at_once_are_the_same_as_one_by_one(rows: int, days: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    score = np.where(rng.random((rows, days)) < 0.3, np.nan, rng.integers(0, 4, (rows, days)))
    together = onsets(score)
    assert all((together[row] == onsets(score[row])).all() for row in range(rows))


def test_the_week_before_ends_yesterday_and_is_unknown_at_first() -> None:
    found = week_before(np.arange(10, dtype=float))
    assert np.isnan(found[:7]).all()
    assert found[7:].tolist() == [21, 28, 35]


def test_one_unknown_day_makes_the_week_unknown() -> None:
    daily = np.ones(20)
    daily[10] = np.nan
    assert np.flatnonzero(np.isnan(week_before(daily))).tolist() == [*range(7), *range(11, 18)]


def test_an_onset_is_compared_with_quiet_days_around() -> None:
    score = np.zeros(100)
    score[60] = 5
    exposure = np.arange(100, dtype=float)
    # quiet days 28 to 7 days before; after it the days from the eighth on, of 7 to 28
    referents = [*range(32, 54), *range(68, 89)]
    expected = 60 - np.mean(referents)
    assert beside_quiet_days(exposure, score)[60] == pytest.approx(expected)


def test_referents_are_as_long_after_a_score_as_the_onset() -> None:
    score = scores("0000000" + "0.00" * 12 + ".5")
    day = len(score) - 1
    exposure = np.where(np.isnan(np.roll(score, 1)), 100.0, 0.0)
    exposure[day] = 130.0
    assert beside_quiet_days(exposure, score)[day] == pytest.approx(30.0)


def test_without_a_referent_there_is_nothing_to_stand_beside() -> None:
    score = np.zeros(14)
    score[13] = 5
    assert np.isnan(beside_quiet_days(np.ones(14), score)[13])


def test_the_p_of_onsets_is_counted_shift_by_shift() -> None:
    rng = np.random.default_rng(1)
    difference = rng.normal(size=80)
    difference[::9] = np.nan
    onset = np.zeros(80, dtype=bool)
    onset[rng.choice(np.flatnonzero(~np.isnan(difference)), 12, replace=False)] = True
    known = ~np.isnan(difference)
    values, struck = difference[known] - difference[known].mean(), onset[known].astype(float)
    sums = [abs(float(values @ np.roll(struck, s))) for s in range(len(values))]
    expected = np.mean([value >= sums[0] - 1e-9 for value in sums])
    assert crossover_p(difference, onset) == pytest.approx(expected)


def test_below_ten_onsets_there_is_no_p() -> None:
    onset = np.zeros(80, dtype=bool)
    onset[:9] = True
    assert crossover_p(np.ones(80), onset) is None
