"""What the counts of a cohort say: one long table of results."""

from __future__ import annotations

from functools import reduce
from operator import add
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kneeload.cohort.alarms import GRADES
from kneeload.cohort.counting import (
    FLAG_MEASURES,
    FROM_DAYS,
    SESSION_MEASURES,
    Tally,
    rules_tested,
    tally,
)
from kneeload.cohort.estimates import FEWEST, UNKNOWN, Estimate, area, mean, rate, share
from kneeload.cohort.exposures import EXPOSURES, STATES
from kneeload.cohort.models import hazard_ratios
from kneeload.cohort.risk import BANDS, STUDY
from kneeload.settings import DEFAULTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kneeload.arrays import Bools, Floats, Ints
    from kneeload.cohort.blocks import Block
    from kneeload.cohort.risk import Study
    from kneeload.settings import Settings

RUNNERS_AT_ONCE = 1000
"""Runners whose sessions are counted at a time; bounds the memory."""
MONTH_DAYS = 30.4375
_HOUR_S = 3600

Row = dict[str, object]


def evaluate(
    runs: pd.DataFrame,
    injuries: pd.DataFrame,
    *,
    study: Study = STUDY,
    settings: Settings = DEFAULTS,
) -> pd.DataFrame:
    """Return how every rule and exposure did in a cohort: `results` of all its runners.

    Parameters
    ----------
    runs, injuries
        As `kneeload.cohort.tables.read_runs` and `read_injuries` return them.
    """
    parts = by_runners(runs, injuries)
    return results(total(tally(*part, study=study, settings=settings) for part in parts))


def total(tallies: Iterable[Tally]) -> Tally:
    """Return the counts of all runners together."""
    return reduce(add, tallies)


def by_runners(
    runs: pd.DataFrame, injuries: pd.DataFrame, at_once: int = RUNNERS_AT_ONCE
) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    """Yield the two tables by whole runners, at most `at_once` at a time."""
    runners = pd.Index(runs["runner"].unique()).sort_values()
    # Places among the sorted runners: a part is a stretch of them, -1 an injury of nobody who ran.
    place, hurt = (runners.get_indexer(frame["runner"]) for frame in (runs, injuries))
    order, hurt_order = (np.argsort(codes, kind="stable") for codes in (place, hurt))
    for first in range(0, max(len(runners), 1), at_once):
        mine, theirs = (
            rows[slice(*np.searchsorted(codes[rows], [first, first + at_once]))]
            for rows, codes in ((order, place), (hurt_order, hurt))
        )
        others = hurt_order[: np.searchsorted(hurt[hurt_order], 0)] if first == 0 else theirs[:0]
        yield runs.iloc[mine], injuries.iloc[np.append(others, theirs)]


def results(tallies: Tally) -> pd.DataFrame:
    """Return everything that is said about a cohort, one number to a row.

    Returns
    -------
    DataFrame
        ``section`` (counts, rates, hazards, skill, shuffled), ``subject`` (exposure or rule),
        ``state``, ``measure``, ``value, low, high, p`` and ``suppressed``: true where the number
        rests on fewer than 5 injuries, and is therefore left out.

    Notes
    -----
    Intervals are 95 % and clustered by runner. For rules the state says from which day on a
    flag counts as a warning: ``before``, from an earlier day, or ``same_day``.
    """
    rows = [
        *count_rows(tallies.counts),
        *(row for name in EXPOSURES for row in exposure_rows(tallies.blocks[name], name)),
        *(row for rule in rules_tested() for row in _rule(tallies, rule)),
        *(row for name in EXPOSURES for row in _shuffled(tallies, name)),
    ]
    return pd.DataFrame(rows)


def _row(section: str, subject: str, state: str, measure: str, estimate: Estimate) -> Row:
    numbers = {name: getattr(estimate, name) for name in ("value", "low", "high", "p")}
    names = {"section": section, "subject": subject, "state": state, "measure": measure}
    return {**names, **numbers, "suppressed": False}


def _unless_few(injuries: float, row: Row) -> Row:
    """Leave the number out where it rests on too few injuries."""
    if injuries >= FEWEST:
        return row
    return row | dict.fromkeys(("value", "low", "high", "p"), np.nan) | {"suppressed": True}


def count_rows(counts: Mapping[str, int]) -> list[Row]:
    """Return what was counted, by its name."""
    return [_row("counts", "", "", name, Estimate(value=float(n))) for name, n in counts.items()]


def _cells(count: int) -> tuple[Ints, Ints]:
    """Return the state and the band of each cell."""
    cell = np.arange(count * BANDS)
    return cell // BANDS, cell % BANDS


def _weights(
    block: Block, measures: Sequence[str], name: str, cells: Bools | None = None
) -> Floats:
    """Return weights that pick one measure in some cells."""
    weights = np.zeros(block.total.shape)
    weights[measures.index(name)] = 1.0 if cells is None else cells
    return weights


def exposure_rows(block: Block, name: str) -> Iterator[Row]:
    """Yield rates, ratios and skill of an exposure, whose cells are states by bands."""
    state, band = _cells(len(STATES))
    for place, label in enumerate(STATES):
        yield from _rates(block, name, label, state == place)
    for place, ratio in hazard_ratios(block, state, band).items():
        yield _row("hazards", name, STATES[place], "hazard_ratio", ratio)
    order = np.where(state < len(STATES) - 1, state, np.nan).astype(np.float64)
    yield _unless_few(_injuries(block), _row("skill", name, "", "auc", _auc(block, order)))


def _rates(block: Block, subject: str, label: str, cells: Bools) -> Iterator[Row]:
    pick = {name: _weights(block, SESSION_MEASURES, name, cells) for name in SESSION_MEASURES[:4]}
    sums = {name: float((weights * block.total).sum()) for name, weights in pick.items()}
    per_session = rate(block, pick["injuries"], pick["sessions"], 1000)
    per_hour = rate(block, pick["timed_injuries"], pick["timed_s"], 1000 * _HOUR_S)
    totals = {
        "sessions": Estimate(value=sums["sessions"]),
        "hours": Estimate(value=sums["timed_s"] / _HOUR_S),
    }
    for name, estimate in totals.items():
        yield _row("rates", subject, label, name, estimate)
    suppressible = {
        "injuries": (sums["injuries"], Estimate(value=sums["injuries"])),
        "per_1000_sessions": (sums["injuries"], per_session),
        "per_1000_hours": (sums["timed_injuries"], per_hour),
    }
    for name, (injuries, estimate) in suppressible.items():
        yield _unless_few(injuries, _row("rates", subject, label, name, estimate))


def _injuries(block: Block) -> float:
    return float(block.total[SESSION_MEASURES.index("injuries")].sum())


def _auc(block: Block, order: Floats) -> Estimate:
    sessions, injuries = (
        _weights(block, SESSION_MEASURES, name) for name in ("sessions", "injuries")
    )
    return area(block, sessions - injuries, injuries, order)


def _rule(tallies: Tally, rule: str) -> Iterator[Row]:
    flags = tallies.blocks[f"{rule}!"]
    for first in FROM_DAYS:
        yield from _warnings(tallies.blocks[f"{rule}@{first}"], rule, _WHEN[first])
    yield from _flags(flags, rule)


_WHEN = {1: "before", 0: "same_day"}


def _warnings(block: Block, rule: str, when: str) -> Iterator[Row]:
    """Yield what the warnings of a rule were worth, session by session."""
    grade, band = _cells(GRADES)
    on = grade > 0
    for label, cells in (("warned", on), ("quiet", ~on)):
        yield from _rates(block, rule, f"{when}:{label}", cells)
    for ratio in hazard_ratios(block, on.astype(np.int64), band).values():
        yield _row("hazards", rule, when, "hazard_ratio", ratio)
    n, y = (_weights(block, SESSION_MEASURES, name) for name in ("sessions", "injuries"))
    hits = float((y * on * block.total).sum())
    skills = {
        "sensitivity": share(block, y * on, y),
        "specificity": share(block, (n - y) * ~on, n - y),
        "positive_predictive_value": share(block, y * on, n * on),
        "negative_predictive_value": share(block, (n - y) * ~on, n * ~on),
        "sessions_warned": share(block, n * on, n),
        "auc": _auc(block, grade.astype(np.float64)),
        "lead_days": _lead(block),
    }
    for name, estimate in skills.items():
        row = _row("skill", rule, when, name, estimate)
        yield row if name in {"sessions_warned", "specificity"} else _unless_few(hits, row)


def _lead(block: Block) -> Estimate:
    leads, days = (_weights(block, SESSION_MEASURES, name) for name in ("leads", "lead_days"))
    return mean(block, days, leads)


def _flags(block: Block, rule: str) -> Iterator[Row]:
    pick = {name: _weights(block, FLAG_MEASURES, name) for name in FLAG_MEASURES}
    often = rate(block, pick["flags"], pick["days"], MONTH_DAYS)
    followed = share(block, pick["followed"], pick["settled"])
    yield _row("skill", rule, "", "flags_per_month", often)
    hits = float((pick["followed"] * block.total).sum())
    yield _unless_few(hits, _row("skill", rule, "", "flags_followed", followed))


def _shuffled(tallies: Tally, name: str) -> Iterator[Row]:
    """Yield the ratio above 10 % to below, beside what it is with moved denominators."""
    real = _above(tallies.blocks[name])
    yield _row("shuffled", name, "", "real", real)
    moved = [_above(b).value for key, b in tallies.blocks.items() if key.startswith(f"{name}~")]
    logs = np.log([ratio for ratio in moved if np.isfinite(ratio)])
    if len(logs):
        middle, low, high = (float(np.exp(f(logs))) for f in (np.mean, np.min, np.max))
        yield _row("shuffled", name, "", "moved", Estimate(value=middle, low=low, high=high))


def _above(block: Block) -> Estimate:
    state, band = _cells(len(STATES))
    above = np.select([state == 0, state < len(STATES) - 1], [0, 1], -1)
    return hazard_ratios(block, above, band).get(1, UNKNOWN)
