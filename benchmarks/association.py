"""How often "what brings it on?" is right, on invented runners whose truth is known.

    python benchmarks/association.py [--runners 5000] [--jobs 2] [--tables entries links onsets]

Every cell is a cohort from `kneeload.simulate.diaries`: autocorrelated load, scores missing in
stretches or by choice, pain that is slow, trends or has seasons, runners who back off when sore or
do not. The functions are those of the product. `!` marks a rate outside its limit.
"""

from __future__ import annotations

import argparse
import typing
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from kneeload.association.backtest import covered, shift_p, warned_at_shifts
from kneeload.association.onsets import MIN_ONSETS, beside_quiet_days, crossover_p, week_before
from kneeload.association.questions import backing_off, primary
from kneeload.association.rank_correlation import link
from kneeload.rules.spells import at_risk, onsets
from kneeload.simulate.diaries import KINDS, Entry, World, diaries

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kneeload.association.rank_correlation import Link
    from kneeload.simulate.diaries import Diaries

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

BACKS_OFF = 0.12
SIZES = {18: (40, 0.50), 26: (58, 0.38), 52: (116, 0.27)}
LENGTHS = tuple(SIZES)
PAINS = ("slow", "trending", "seasons")
EVERY_RUN = 10_000
FLARES_PER_YEAR = 12.0
LONG_WEEKS = 260
CHUNK = 500


@dataclass(frozen=True)
class Calls:
    """Rates of one cohort: the primary question, its interval, and backing off."""

    world: World
    rho: float
    positive: float
    negative: float
    covered: float
    one_of_six: float
    backed_off: float


@dataclass(frozen=True)
class EntryCalls:
    """Rates of one cohort by what was scored, of the diaries that are long enough."""

    world: World
    runners: int
    scored: float
    withheld: float
    positive: float
    negative: float
    backing_withheld: float
    backed_off: float


@dataclass(frozen=True)
class OnsetCalls:
    """Rates of one cohort of long diaries: onsets beside quiet days, and two null rules."""

    world: World
    tests: int
    crossover: float
    difference_km: float
    spike: float
    spike_lift: float
    week: float
    week_lift: float


def calls(world: World, runners: int, seed: int) -> Calls:
    """Ask the primary question, and whether they backed off, of every runner of a cohort."""
    pairs = diaries(world, runners=runners, seed=seed).pairs(world.pairs)
    found = link(pairs.distance_km, pairs.morning, [pairs.before], pairs.day)
    backing = link(pairs.before, pairs.distance_km, [pairs.previous_km], pairs.day)
    return Calls(
        world=world,
        rho=float(np.tanh(np.nanmean(np.arctanh(found.rho)))),
        positive=float(found.positive.mean()),
        negative=float(found.negative.mean()),
        covered=coverage(found, pairs.kind),
        one_of_six=float(((found.interval_p <= 0.05 / 6) & (found.rho > 0)).mean()),
        backed_off=float(backing.negative.mean()),
    )


def coverage(found: Link, kind: NDArray[np.int64]) -> float:
    """Return the share of intervals that hold the mean correlation of runners of the same kind."""
    truths = [np.tanh(np.nanmean(np.arctanh(found.rho[kind == k]))) for k in range(KINDS)]
    truth = np.array(truths)[kind]
    known = ~np.isnan(found.low)
    return float(((found.low <= truth) & (truth <= found.high))[known].mean())


def effect_of_size(world: World, rho: float, runners: int, seed: int) -> float:
    """Find the planted effect whose mean correlation is `rho`."""
    low, high = 0.0, 1.5
    for _ in range(9):
        middle = (low + high) / 2
        reached = calls(replace(world, effect=middle), runners, seed).rho
        low, high = (middle, high) if reached < rho else (low, middle)
    return (low + high) / 2


def size_of_power(world: World, power: float, runners: int, seed: int) -> float:
    """Find the mean correlation that is called in a share of `power` of runners."""
    low, high = 0.0, 1.5
    for _ in range(9):
        middle = (low + high) / 2
        reached = calls(replace(world, effect=middle), runners, seed).positive
        low, high = (middle, high) if reached < power else (low, middle)
    return calls(replace(world, effect=high), runners, seed).rho


def onset_calls(world: World, runners: int, seed: int) -> OnsetCalls:
    """Compare onsets with quiet days, and with two rules that know nothing, runner by runner."""
    chunks = [
        onset_rows(diaries(world, runners=min(CHUNK, runners - start), seed=seed + start))
        for start in range(0, runners, CHUNK)
    ]
    rows = np.concatenate(chunks)
    crossover, km, spike, week = rows[:, 0], rows[:, 1], rows[:, 2:5], rows[:, 5:8]
    return OnsetCalls(
        world=world,
        tests=int((~np.isnan(crossover)).sum()),
        crossover=share_called(crossover),
        difference_km=float(np.nanmean(km)),
        spike=share_called(spike[:, 0]),
        spike_lift=float(spike[:, 1].sum() / spike[:, 2].sum()),
        week=share_called(week[:, 0]),
        week_lift=float(week[:, 1].sum() / week[:, 2].sum()),
    )


def onset_rows(cohort: Diaries) -> Floats:
    """Return per runner the crossover p and difference, and p, warned, expected of two rules."""
    before = week_before(cohort.distance_km)
    warned = [covered(flags) for flags in (spikes(cohort.distance_km), jumps(before))]
    risk, struck = at_risk(cohort.score), onsets(cohort.score)
    rows = [
        [
            *crossover_row(before[i], cohort.score[i], struck[i]),
            *(value for rule in warned for value in rule_row(rule[i], risk[i], struck[i])),
        ]
        for i in range(len(before))
    ]
    return np.array(rows, dtype=np.float64)


def crossover_row(before: Floats, score: Floats, struck: Flags) -> tuple[float, float]:
    """Return p (NaN below ten onsets) and the mean difference of one runner."""
    beside = beside_quiet_days(before, score)
    p, known = crossover_p(beside, struck), beside[struck & ~np.isnan(beside)]
    return np.nan if p is None else p, float(known.mean()) if len(known) else np.nan


def rule_row(warned: Flags, risk: Flags, struck: Flags) -> tuple[float, float, float]:
    """Return p (NaN below ten onsets), warned and expected of one rule and runner."""
    shifts = warned_at_shifts(warned, risk, struck)
    p = shift_p(shifts) if struck.sum() >= MIN_ONSETS else np.nan
    return p, float(shifts[0]), float(shifts.mean())


def spikes(km: Floats) -> Flags:
    """Mark runs of more than 110 % of the longest of the 30 days before."""
    padded = np.pad(km, ((0, 0), (30, 0)))[:, :-1]
    longest = np.lib.stride_tricks.sliding_window_view(padded, 30, axis=1).max(axis=-1)
    return np.asarray((longest > 0) & (km > 1.1 * longest))


def jumps(before: Floats) -> Flags:
    """Mark weeks of more than 110 % of the week before, looked at once a week."""
    last = np.roll(before, 7, axis=1)
    weekly = np.arange(before.shape[1]) % 7 == 0
    return np.asarray(weekly & (before > 1.1 * last) & (last > 0))


def share_called(p: Floats) -> float:
    """Return the share of the tests made that have p at most .05."""
    made = p[~np.isnan(p)]
    return float((made <= 0.05).mean()) if len(made) else np.nan


def worlds(weeks: int) -> list[World]:
    """Return every null world of one length."""
    return [
        World(
            weeks=weeks,
            pairs=SIZES[weeks][0],
            backs_off=backs_off,
            trending=pain == "trending",
            season=pain == "seasons",
        )
        for pain, backs_off in product(PAINS, (0.0, BACKS_OFF))
    ]


def entry_worlds() -> list[World]:
    """Return worlds of one year, of which all but the last hold no link, by what is scored."""
    entries = [(entry, 0) for entry in typing.get_args(Entry)[1:]]
    nulls = [
        World(weeks=52, pairs=pairs, entry=entry, backs_off=backs_off)
        for (entry, pairs), backs_off in product(
            [("any", EVERY_RUN), ("any", 116), *entries], (0.0, BACKS_OFF)
        )
    ]
    return [*nulls, World(weeks=52, pairs=EVERY_RUN, effect=0.25)]


def entry_calls(world: World, runners: int, seed: int) -> EntryCalls:
    """Ask the primary question and backing off of every runner, with all that withholds them."""
    cohort = diaries(world, runners=runners, seed=seed)
    frames = [cohort.scored(runner) for runner in range(runners)]
    asked = [primary(scored) for scored in frames]
    open_ = np.array([answer.verdict != "not_enough" for answer in asked])
    verdict = np.array([answer.verdict for answer in asked])[open_]
    backing = np.array([backing_off(scored).verdict for scored in frames])[open_]
    return EntryCalls(
        world=world,
        runners=int(open_.sum()),
        scored=float(np.mean([a.pairs / len(f) for a, f in zip(asked, frames, strict=True)])),
        withheld=float((verdict == "withheld").mean()),
        positive=float((verdict == "positive").mean()),
        negative=float((verdict == "negative").mean()),
        backing_withheld=float((backing == "withheld").mean()),
        backed_off=float((backing == "negative").mean()),
    )


def null_and_planted(world: World, runners: int, seed: int) -> tuple[Calls, Calls, float]:
    """Return a world's rates without and with a link of the size of its length."""
    effect = effect_of_size(world, SIZES[world.weeks][1], runners, seed + 1)
    planted = calls(replace(world, effect=effect), runners, seed + 2)
    needed = size_of_power(world, 0.8, runners, seed + 3)
    return calls(world, runners, seed), planted, needed


def long_worlds() -> list[World]:
    """Return null worlds of five years in which pain sets in by itself."""
    common = World(weeks=LONG_WEEKS, pairs=600, flares_per_year=FLARES_PER_YEAR)
    return [
        replace(common, trending=trending, backs_off=backs_off)
        for trending, backs_off in product((False, True), (0.0, BACKS_OFF))
    ]


def described(world: World) -> list[str]:
    """Return a world as the first cells of a row."""
    pain = "seasons" if world.season else "trending" if world.trending else "slow"
    return [str(world.weeks), pain, "yes" if world.backs_off else "no"]


def rate(value: float, low: float, high: float) -> str:
    """Return a rate in %, marked where it leaves its limits."""
    return f"{100 * value:.1f}{'' if low <= value <= high else ' !'}"


def calls_row(found: Calls) -> list[str]:
    """Return the row of one cohort; what is no error has no limit."""
    planted, backs_off = found.world.effect > 0, found.world.backs_off > 0
    return [
        *described(found.world),
        f"{found.rho:.2f}",
        rate(found.positive, 0.7 if planted else 0, 1 if planted else 0.06),
        rate(found.positive + found.negative, 0, 1 if planted or backs_off else 0.07),
        rate(found.covered, 0.93, 0.97),
        rate(found.one_of_six, 0, 1 if planted else 0.01),
        rate(found.backed_off, 0, 1 if backs_off else 0.06),
    ]


def entry_row(found: EntryCalls) -> list[str]:
    """Return the row of one cohort by what was scored."""
    planted, backs_off = found.world.effect > 0, found.world.backs_off > 0
    full = found.world.pairs == EVERY_RUN
    return [
        "every run" if full else found.world.entry.replace("_", " "),
        "yes" if planted else "no",
        "yes" if backs_off else "no",
        str(found.runners),
        f"{100 * found.scored:.0f}",
        rate(found.withheld, 0, 0 if full else 1),
        rate(found.positive, 0.7 if planted else 0, 1 if planted else 0.06),
        rate(found.positive + found.negative, 0, 1 if planted else 0.07),
        rate(found.backing_withheld, 0, 0 if full else 1),
        rate(found.backed_off, 0, 1 if backs_off else 0.06),
    ]


def onset_row(found: OnsetCalls) -> list[str]:
    """Return the row of one cohort of long diaries."""
    return [
        *described(found.world),
        str(found.tests),
        rate(found.crossover, 0, 0.07),
        f"{found.difference_km:+.2f}",
        rate(found.spike, 0, 0.06),
        f"{found.spike_lift:.2f}",
        rate(found.week, 0, 0.06),
        f"{found.week_lift:.2f}",
    ]


def table(title: str, head: list[str], rows: list[list[str]]) -> str:
    """Return a Markdown table under its title."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join([f"\n{title}\n", *("| " + " | ".join(cells) + " |" for cells in lines)])


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runners", type=int, default=5000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--tables", nargs="+", choices=TABLES, default=list(TABLES))
    chosen = parser.parse_args()
    with ProcessPoolExecutor(chosen.jobs) as pool:
        for name, printed in TABLES.items():
            if name in chosen.tables:
                printed(pool, chosen.runners)


WORLD_HEAD = ["weeks", "pain", "backs off"]
CALLS_HEAD = [
    *WORLD_HEAD, "rho", "more %", "two-sided %", "covers %", "one of six %", "backed off %",
]  # fmt: skip
ENTRY_HEAD = [
    "scored", "link", "backs off", "runners", "scored %", "withheld %", "more %", "two-sided %",
    "back withheld %", "backed off %",
]  # fmt: skip
ONSETS_HEAD = [
    *WORLD_HEAD, "tests", "onset %", "km", "spike %", "lift", "week %", "lift",
]  # fmt: skip


def print_calls(pool: ProcessPoolExecutor, runners: int) -> None:
    """Run the cells of the primary question; `!` marks a rate outside its limits."""
    cells = [world for weeks in LENGTHS for world in worlds(weeks)]
    seeds = [100 * number for number in range(len(cells))]
    found = list(pool.map(null_and_planted, cells, [runners] * len(cells), seeds))
    nulls = [calls_row(null) for null, _, _ in found]
    planted = [[*calls_row(row), f"{needed:.2f}"] for _, row, needed in found]
    print(table(f"No link planted, {runners} runners per row", CALLS_HEAD, nulls))
    print(table("A link planted", [*CALLS_HEAD, "80 % power at"], planted))


def print_entries(pool: ProcessPoolExecutor, runners: int) -> None:
    """Run the cells that differ in what is scored."""
    cells = entry_worlds()
    found = pool.map(entry_calls, cells, [runners] * len(cells), range(len(cells)))
    title = f"What is scored, one year, {runners} runners per row, those with 40 pairs"
    print(table(title, ENTRY_HEAD, [entry_row(row) for row in found]))


def print_onsets(pool: ProcessPoolExecutor, runners: int) -> None:
    """Run the cells of long diaries."""
    cells = long_worlds()
    found = pool.map(onset_calls, cells, [runners] * len(cells), [7] * len(cells))
    title = "No link planted, five years, runners with ten onsets or more"
    print(table(title, ONSETS_HEAD, [onset_row(row) for row in found]))


TABLES = {"entries": print_entries, "links": print_calls, "onsets": print_onsets}

if __name__ == "__main__":
    main()
