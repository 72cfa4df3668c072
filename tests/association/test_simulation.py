"""The benchmark in short: fixed seeds, and tolerances that a wrong method breaks.

With 1,500 runners a rate of 5 % is known to 0.6 points, one of 93 % to 0.7 points.
"""

import runpy
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from kneeload.association.rank_correlation import link
from kneeload.simulate.diaries import World, diaries

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "association.py"
RUNNERS = 1500


@cache
def benchmark() -> dict[str, Any]:
    """Return the names of the benchmark, as a module that is not run."""
    return runpy.run_path(str(BENCHMARK))


NULLS = [
    World(
        weeks=weeks,
        pairs=pairs,
        backs_off=backs_off,
        trending=drift == "trend",
        season=drift == "season",
    )
    for weeks, pairs in ((18, 40), (26, 58), (52, 116))
    for backs_off in (0.0, 0.12)
    for drift in ("", "trend", "season")
]


@pytest.mark.parametrize("world", NULLS, ids=str)
def test_where_nothing_is_planted_little_is_called(world: World) -> None:
    found = benchmark()["calls"](world, RUNNERS, 1)
    assert abs(found.rho) < 0.04
    assert found.positive < 0.05
    assert 0.92 < found.covered < 0.97
    if not world.backs_off:
        assert 0.02 < found.positive + found.negative < 0.075
        assert found.backed_off < 0.05


@pytest.mark.parametrize(
    ("weeks", "pairs", "effect", "rho"),
    [(18, 40, 0.5, 0.50), (26, 58, 0.36, 0.38), (52, 116, 0.25, 0.27)],
)
def test_a_link_of_the_size_promised_is_mostly_found(
    weeks: int, pairs: int, effect: float, rho: float
) -> None:
    found = benchmark()["calls"](World(weeks=weeks, pairs=pairs, effect=effect), RUNNERS, 2)
    assert found.rho == pytest.approx(rho, abs=0.03)
    assert found.positive > 0.68
    assert found.negative < 0.003
    assert 0.91 < found.covered < 0.97


@pytest.mark.parametrize("world", benchmark()["entry_worlds"]()[4:-1:2], ids=str)
def test_choosing_what_to_score_is_not_taken_for_a_link(world: World) -> None:
    """With 200 runners a rate of 5 % is known to 1.5 points."""
    found = benchmark()["entry_calls"](world, 200, 5)
    assert found.positive < 0.07
    assert found.positive + found.negative < 0.09
    assert found.backed_off < 0.08
    if "long" in world.entry:
        assert found.withheld > 0.3


def test_diaries_with_every_run_lose_no_verdict() -> None:
    worlds = benchmark()["entry_worlds"]()
    null, planted = (benchmark()["entry_calls"](worlds[i], 60, 6) for i in (0, -1))
    assert (null.withheld, null.backing_withheld, planted.withheld) == (0, 0, 0)
    assert planted.positive > 0.8


def test_backing_off_is_found_in_runners_who_do() -> None:
    found = benchmark()["calls"](World(weeks=52, pairs=116, backs_off=0.12), RUNNERS, 3)
    assert found.backed_off > 0.3
    assert found.positive < 0.04


def test_the_change_score_would_call_far_too_much() -> None:
    """The tempting method fails here, so the simulation can tell methods apart."""
    world = World(weeks=52, pairs=116, backs_off=0.3)
    pairs = diaries(world, runners=RUNNERS, seed=4).pairs(116)
    change = link(pairs.distance_km, pairs.morning - pairs.before, [], pairs.day)
    right = link(pairs.distance_km, pairs.morning, [pairs.before], pairs.day)
    assert change.positive.mean() > 0.10
    assert right.positive.mean() < 0.05


def test_onsets_and_blind_rules_are_called_at_their_rates() -> None:
    world = World(weeks=260, pairs=600, flares_per_year=12.0)
    found = benchmark()["onset_calls"](world, 500, 1)
    assert found.tests > 30
    assert found.crossover < 0.15
    assert abs(found.difference_km) < 1.5
    assert found.spike < 0.06
    assert found.week < 0.06
    assert 0.85 < found.spike_lift < 1.15
    assert 0.93 < found.week_lift < 1.07
