"""A knee that load irritates, and the diary of it."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneeload.simulate.knee import Knee, scored, stresses

DAY = dt.date(2026, 1, 5)
QUIET = replace(Knee(), noise=0.0, reported=1.0, asked_after=1.0, asked_next_morning=1.0)


def days(*offsets: int) -> list[dt.date]:
    return [DAY + dt.timedelta(days=k) for k in offsets]


def test_soreness_fades_in_days() -> None:
    first, second = stresses(QUIET, days(0, 3), [10, 10])
    assert (first.soreness, first.injury) == (0, 0)
    assert second.soreness == pytest.approx(2 * QUIET.per_km * QUIET.soreness_left**3)


@pytest.mark.parametrize(("km", "injury"), [(11.0, 0.0), (15.0, 3.8), (20.0, 8.55)])
def test_only_a_run_over_110_percent_of_the_longest_injures(km: float, injury: float) -> None:
    met = stresses(QUIET, days(0, 7), [10, km])
    assert met[-1].added_injury == pytest.approx(injury)


def test_the_longest_is_of_the_last_30_days_before_the_run() -> None:
    within, beyond = (stresses(QUIET, days(0, gap), [10, 20])[-1] for gap in (30, 31))
    assert within.added_injury > 0
    assert beyond.added_injury == 0


def test_a_distance_it_is_used_to_leaves_no_trace() -> None:
    entries = scored(QUIET, stresses(QUIET, days(*range(9)), [8.0] * 9), seed=1)
    assert {e.score for e in entries} == {0}


def test_running_on_aggravates_an_injury_and_rest_heals_it() -> None:
    *_, again = stresses(QUIET, days(0, 7, 9), [10, 15, 5])
    assert again.added_injury == pytest.approx(0.5 * (3.8 * 0.92**2 - 2))
    *_, rested = stresses(QUIET, days(0, 7, 30), [10, 15, 5])
    assert rested.injury < 0.6
    assert rested.added_injury == 0


def test_a_too_long_run_hurts_most_the_next_morning() -> None:
    entries = scored(QUIET, stresses(QUIET, days(0, 7), [16, 24]), seed=1)
    last = {e.moment: e for e in entries if e.local_date >= DAY + dt.timedelta(7)}
    assert last["before"].score == 0
    assert last["next_morning"].score >= 4
    assert last["next_morning"].local_date == DAY + dt.timedelta(8)
    assert (last["during"].score, last["after"].score) == (1, 1)


def test_where_the_pain_began_is_within_the_run() -> None:
    entries = scored(QUIET, stresses(QUIET, days(0, 7, 9), [16, 24, 8]), seed=1)
    (during,) = (
        e for e in entries if e.local_date == DAY + dt.timedelta(9) and e.moment == "during"
    )
    assert during.score >= 3
    assert during.onset_km is not None
    assert 0 < during.onset_km < 8


@given(
    kms=st.lists(st.floats(1, 60), min_size=1, max_size=30),
    seed=st.integers(0, 1000),
)
def test_scores_stay_on_the_scale_and_in_order(kms: list[float], seed: int) -> None:
    entries = scored(Knee(), stresses(Knee(), days(*range(0, 2 * len(kms), 2)), kms), seed)
    assert all(0 <= e.score <= 10 for e in entries)
    assert all(e.onset_km is None or e.moment == "during" for e in entries)
    assert [e.local_date for e in entries] == sorted(e.local_date for e in entries)


def test_about_as_many_runs_are_scored_as_asked() -> None:
    met = stresses(Knee(), days(*range(0, 2000, 2)), [5.0] * 1000)
    entries = scored(Knee(), met, seed=2)
    shares = {m: sum(e.moment == m for e in entries) / 1000 for m in ("before", "after")}
    assert shares["before"] == pytest.approx(0.8, abs=0.05)
    assert shares["after"] == pytest.approx(0.8 * 0.3, abs=0.05)


def test_the_same_seed_gives_the_same_diary() -> None:
    met = stresses(Knee(), days(0, 2, 4, 6), [8, 9, 10, 16])
    assert scored(Knee(), met, seed=4) == scored(Knee(), met, seed=4)
