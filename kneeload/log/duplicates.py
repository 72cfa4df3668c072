"""One run once: which of the stored activities are the same session from another source.

The answer is a function of what is stored, never of the order in which it came.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kneeload.measures.arrays import ratio
from kneeload.measures.references import is_running

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kneeload.measures.arrays import Bools, Floats, Ints

# Nobody is in two places: sessions that share most of their time are one. Platforms trim and
# re-time what a watch wrote by seconds to a few minutes, so 80 % is enough; intervals saved as
# separate files share none. [assumption]
MIN_OVERLAP = 0.8
# GPS distance recomputed from a track differs from the device's by 1 to 3 % in ordinary files.
DISTANCE_TOLERANCE = 0.05
# A clock off by a whole zone keeps seconds and metres; a commute run twice a day does not.
TWIN_MAX_SHIFT_S = 14 * 3600
TWIN_STEP_S = 15 * 60
TWIN_SECONDS = 2.0
TWIN_KM = 0.01
# A diary row without a time is the watch's run of that day where both numbers agree.
ROW_DISTANCE_TOLERANCE = 0.03
ROW_TIME_TOLERANCE = 0.05

# Best source first: what the device wrote, then platforms, then tables.
SOURCE_RANK = ("fit", "tcx", "gpx")
INHERITED = ("rpe", "name", "note", "shoe")


def find_duplicates(activities: pd.DataFrame, kept: Iterable[str] = ()) -> pd.DataFrame:
    """Return the activities that are another source's copy of a run that is counted.

    Parameters
    ----------
    activities
        One row per stored activity: ``run_id, started_at, local_date, clock_known, suspect,
        sport, sport_inferred, distance_km, moving_s, elapsed_s, kind, device``.
    kept
        Activities the runner chose to count, whatever is found.

    Returns
    -------
    pandas.DataFrame
        ``run_id`` (left out), ``of`` (counted), ``reason``; ordered by ``run_id``.
    """
    # A broken clock says nothing of when a run was, so suspect runs are compared with none.
    table = _table(activities[~activities["suspect"]], frozenset(kept))
    found = _resolved(table, [*_by_overlap(table), *_by_zone(table), *_by_day(table)])
    return pd.DataFrame(sorted(found), columns=["run_id", "of", "reason"])


def inherit(activities: pd.DataFrame, duplicates: pd.DataFrame) -> pd.DataFrame:
    """Return `activities` less the duplicates, keeping what only those say (notes, gear, RPE)."""
    if duplicates.empty:
        return activities
    pairs = list(zip(duplicates["run_id"], duplicates["of"], strict=True))
    ids = activities["run_id"].tolist()
    filled = {column: _filled(ids, activities[column], pairs) for column in INHERITED}
    copies = {copy for copy, _ in pairs}
    return activities.assign(**filled).loc[[name not in copies for name in ids]]


def _filled(ids: list[str], column: pd.Series, pairs: list[tuple[str, str]]) -> pd.Series:
    """Return the column, where it is blank with what the first copy that says it says."""
    values = column.tolist()
    said = {name: value for name, value in zip(ids, values, strict=True) if not _blank(value)}
    copied = {of: said[copy] for copy, of in reversed(pairs) if copy in said}
    filled = [
        copied.get(name, value) if _blank(value) else value
        for name, value in zip(ids, values, strict=True)
    ]
    return pd.Series(filled, index=column.index, dtype=column.dtype)


def _blank(value: str | float) -> bool:
    return value == "" or value != value  # only NaN is not itself


Pair = tuple[int, int, str]


@dataclass(frozen=True, kw_only=True, eq=False)
class _Table:
    """The activities by start, a column each; `rank` orders sources, the runner's choice first."""

    run_id: list[str]
    kept: list[bool]
    rank: list[int]
    start_s: Floats
    elapsed_s: Floats
    moving_s: Floats
    km: Floats
    day: Ints
    timed: Bools
    sport: Any
    running: Bools
    inferred: Bools
    origin: Any

    @property
    def end_s(self) -> Floats:
        return self.start_s + self.elapsed_s


def _table(activities: pd.DataFrame, kept: frozenset[str]) -> _Table:
    start = activities["started_at"].to_numpy("datetime64[us]").astype(np.int64) / 1e6
    order = np.lexsort((activities["run_id"].to_numpy("U"), start))
    rows = activities.iloc[order]
    kinds, moving = rows["kind"].tolist(), _numbers(rows, "moving_s")
    elapsed = _numbers(rows, "elapsed_s")
    ranks = {kind: i for i, kind in enumerate(SOURCE_RANK)}
    chosen = [name in kept for name in rows["run_id"]]
    return _Table(
        run_id=rows["run_id"].tolist(),
        kept=chosen,
        rank=[
            -1 if own else ranks.get(kind, len(ranks))
            for own, kind in zip(chosen, kinds, strict=True)
        ],
        start_s=start[order],
        elapsed_s=np.where(np.isnan(elapsed), moving, elapsed),
        moving_s=moving,
        km=_numbers(rows, "distance_km"),
        day=rows["local_date"].to_numpy("datetime64[D]").astype(np.int64),
        timed=rows["clock_known"].to_numpy(np.bool_),
        sport=rows["sport"].to_numpy(object),
        running=is_running(rows),
        inferred=rows["sport_inferred"].to_numpy(np.bool_),
        origin=rows["kind"].to_numpy(object) + "/" + rows["device"].to_numpy(object),
    )


def _numbers(rows: pd.DataFrame, name: str) -> Floats:
    return rows[name].to_numpy(np.float64)


def _neighbours(table: _Table, rows: Ints, within_s: float) -> Iterator[tuple[Ints, Ints]]:
    """Yield the pairs of `rows` whose starts lie within `within_s`, by distance in rank."""
    start = table.start_s[rows]
    for step in range(1, len(rows)):
        first = np.flatnonzero(start[step:] - start[:-step] <= within_s)
        if not len(first):
            return
        yield rows[first], rows[first + step]


def _alike(table: _Table, a: Ints, b: Ints) -> Bools:
    """Say which pairs can be one sport; a sport inferred from speeds does not contradict."""
    same: Bools = table.sport[a] == table.sport[b]
    runs = table.running[a] & table.running[b]
    return same | runs | table.inferred[a] | table.inferred[b]


def _apart(values: Floats, a: Ints, b: Ints) -> Floats:
    apart: Floats = np.abs(values[a] - values[b])
    return apart


def _by_overlap(table: _Table) -> Iterator[Pair]:
    start, end, km = table.start_s, table.end_s, table.km
    rows = np.flatnonzero(table.timed & (table.elapsed_s > 0))
    for a, b in _neighbours(table, rows, table.elapsed_s[rows].max(initial=0)):
        shared = np.minimum(end[a], end[b]) - np.maximum(start[a], start[b])
        union = np.maximum(end[a], end[b]) - np.minimum(start[a], start[b])
        apart = ratio(_apart(km, a, b), np.fmax(km[a], km[b]))
        close = ~(apart > DISTANCE_TOLERANCE)  # a distance that is unknown or 0 does not contradict
        same = (shared / union >= MIN_OVERLAP) & close & _alike(table, a, b)
        for first, then in zip(a[same].tolist(), b[same].tolist(), strict=True):
            seconds = start[then] - start[first]
            yield first, then, f"same time (starts {seconds:.0f} s apart) and distance"


def _by_zone(table: _Table) -> Iterator[Pair]:
    start = table.start_s
    rows = np.flatnonzero(table.timed & (table.elapsed_s > 0) & (table.km > 0))
    for a, b in _neighbours(table, rows, TWIN_MAX_SHIFT_S + TWIN_SECONDS):
        shift = start[b] - start[a]
        steps = np.round(shift / TWIN_STEP_S)
        twin = (
            (np.abs(shift - steps * TWIN_STEP_S) <= TWIN_SECONDS)
            & (steps > 0)
            & (table.origin[a] != table.origin[b])
            & (_apart(table.elapsed_s, a, b) <= TWIN_SECONDS)
            & (_apart(table.km, a, b) <= TWIN_KM)
            & _alike(table, a, b)
        )
        for first, then in zip(a[twin].tolist(), b[twin].tolist(), strict=True):
            hours = (start[then] - start[first]) / 3600
            yield first, then, f"same distance and duration, clocks {hours:g} h apart"


def _by_day(table: _Table) -> list[Pair]:
    """Match each row without a time to at most one timed run of its day."""
    pairs: list[Pair] = []
    free = table.timed.copy()
    for row in np.flatnonzero(~table.timed).tolist():
        day = np.flatnonzero(free & (table.day == table.day[row]))
        near = day[
            (_off(table.km, day, row) <= ROW_DISTANCE_TOLERANCE)
            & (_off(table.moving_s, day, row) <= ROW_TIME_TOLERANCE)
        ]
        if len(near):
            free[near[0]] = False
            pairs.append((int(near[0]), row, "same day, distance and duration"))
    return pairs


def _off(values: Floats, rows: Ints, row: int) -> Floats:
    """Return by which share `rows` differ from `row`."""
    off: Floats = np.abs(ratio(values[rows], values[[row]]) - 1)
    return off


def _resolved(table: _Table, pairs: list[Pair]) -> list[tuple[str, str, str]]:
    """Group the pairs; of each group the best source counts, and all that the runner kept."""
    reasons = {frozenset(pair[:2]): pair[2] for pair in reversed(pairs)}
    found = []
    for group in _groups(pairs):
        best = min(group, key=lambda i: (table.rank[i], table.run_id[i]))
        for other in group - {best}:
            if not table.kept[other]:
                reason = reasons.get(frozenset((best, other)), "same as another copy of the run")
                found.append((table.run_id[other], table.run_id[best], reason))
    return found


def _groups(pairs: list[Pair]) -> list[set[int]]:
    groups: dict[int, set[int]] = {}
    for a, b, _ in pairs:
        merged = groups.get(a, {a}) | groups.get(b, {b})
        groups |= dict.fromkeys(merged, merged)
    return list({id(group): group for group in groups.values()}.values())
