"""One run once: which of the stored recordings are of the same run.

The answer is a function of what is stored, never of the order in which it came.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kneeload import formatting
from kneeload.arrays import ratio
from kneeload.measures.baselines import is_running
from kneeload.measures.plausibility import CLOCK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kneeload.arrays import Bools, Floats, Ints

# Nobody runs two runs at once. Clocks differ by seconds to a few minutes and a device may begin
# late or end early, so two recordings are of one run where they share half of the time in which
# the runner moved, in the shorter of them; runs a minute apart share nothing. [assumption]
MIN_SHARE = 0.5
# Sports of different kinds share a time only where one of them has the wrong name: a leg of a
# race within the recording of all its legs shares all of the shorter, but not of the longer.
MIN_UNION_OTHER_SPORT = 0.95
# Recordings that share this much of both times are as good as equal, and the better source
# counts; of others the one that covers the whole run.
MIN_UNION = 0.9
# GPS distance recomputed from a track differs from the device's by 1 to 3 % in ordinary files;
# beyond this both are named.
DISTANCE_TOLERANCE = 0.05
SAME_START_S = 60.0
# Where less of a recording than this was movement, its end tells nothing of when the run ended.
MIN_MOVING_SHARE = 0.3
# A clock off by a whole zone keeps seconds and metres; a commute run twice a day does not. A
# clock whose week number rolled over is off by 1,024 weeks.
TWIN_MAX_SHIFT_S = 14 * 3600
TWIN_STEP_S = 15 * 60
TWIN_SECONDS = 2.0
TWIN_KM = 0.01
ROLLOVER_S = 1024 * 7 * 86400
ROLLOVER_APART_S = 120.0
# A diary row without a time is the watch's run of that day where both numbers agree.
ROW_DISTANCE_TOLERANCE = 0.03
ROW_TIME_TOLERANCE = 0.05

# Best source first: what the device wrote, then platforms, then tables.
SOURCE_RANK = ("fit", "tcx", "gpx")
ACCOUNTS = frozenset({"garmin_summary", "strava_row"})
"""Kinds in which a runner's account speaks: corrections are made there."""


def find_duplicates(
    activities: pd.DataFrame, kept: Iterable[str] = (), removed: Iterable[str] = ()
) -> pd.DataFrame:
    """Return the recordings of a run that another recording stands for.

    Parameters
    ----------
    activities
        One row per stored activity: ``run_id, started_at, local_date, clock_known, suspect,
        suspect_reason, sport, sport_inferred, distance_km, moving_s, elapsed_s, moved_from_s,
        moved_until_s, kind, device``.
    kept
        Activities the runner chose to count, whatever else is found.
    removed
        Activities that the runner removed with all their recordings: these go with them.

    Returns
    -------
    pandas.DataFrame
        ``run_id`` (left out), ``of`` (counted), ``reason``; ordered by ``run_id``.
    """
    # A broken clock says nothing of when a run was: such runs are compared with none.
    table = _table(activities, frozenset(kept), frozenset(removed))
    equal = [*_by_zone(table), *_by_rollover(table), *_by_day(table)]
    overlaps = list(_by_overlap(table))
    equal += [(a, b, reason) for a, b, reason, union in overlaps if union >= MIN_UNION]
    every = equal + [(a, b, reason) for a, b, reason, _ in overlaps]
    rows = sorted(_resolved(table, equal, every))
    return pd.DataFrame(rows, columns=["run_id", "of", "reason"])


def newly_matched(reasons: pd.Series) -> pd.Series:
    """Return which reasons are others than the equal time and distance that once were needed."""
    return reasons.str.contains(f"distances differ|{_DURING}|week rollover", regex=True)


Pair = tuple[int, int, str]
_DURING = "recorded during the same run"
_ROLLED = "same distance and duration, clocks 1,024 weeks apart (GPS week rollover)"
Overlap = tuple[int, int, str, float]


@dataclass(frozen=True, kw_only=True, eq=False)
class _Table:
    """The activities by start, a column each; `rank` orders sources, the runner's choice first."""

    run_id: list[str]
    kept: list[bool]
    rank: list[int]
    suspect: Bools
    start_s: Floats
    from_s: Floats
    until_s: Floats
    elapsed_s: Floats
    moving_s: Floats
    km: Floats
    day: Ints
    timed: Bools
    broken: Bools
    sport: Any
    running: Bools
    inferred: Bools
    account: Bools
    origin: Any

    @cached_property
    def begin_s(self) -> Floats:
        """When the runner began to move [s]."""
        return self.start_s + self.from_s

    @cached_property
    def end_s(self) -> Floats:
        """When the runner last moved [s]."""
        return self.start_s + self.until_s


def _table(activities: pd.DataFrame, kept: frozenset[str], removed: frozenset[str]) -> _Table:
    start = activities["started_at"].to_numpy("datetime64[us]").astype(np.int64) / 1e6
    order = np.lexsort((activities["run_id"].to_numpy("U"), start))
    rows = activities.iloc[order]
    kinds, moving = rows["kind"].tolist(), _numbers(rows, "moving_s")
    elapsed = _numbers(rows, "elapsed_s")
    elapsed = np.where(np.isnan(elapsed), moving, elapsed)
    ranks = {kind: i for i, kind in enumerate(SOURCE_RANK)}
    broken = rows["suspect_reason"].str.startswith(CLOCK).to_numpy(np.bool_)
    from_s, until_s = _moved(rows, elapsed, moving)
    return _Table(
        run_id=rows["run_id"].tolist(),
        kept=[name in kept for name in rows["run_id"]],
        rank=[
            -2 if name in kept else -1 if name in removed else ranks.get(kind, len(ranks))
            for name, kind in zip(rows["run_id"], kinds, strict=True)
        ],
        suspect=rows["suspect"].to_numpy(np.bool_),
        start_s=start[order],
        from_s=from_s,
        until_s=until_s,
        elapsed_s=elapsed,
        moving_s=moving,
        km=_numbers(rows, "distance_km"),
        day=rows["local_date"].to_numpy("datetime64[D]").astype(np.int64),
        timed=rows["clock_known"].to_numpy(np.bool_) & ~broken,
        broken=broken,
        sport=rows["sport"].to_numpy(object),
        running=is_running(rows),
        inferred=rows["sport_inferred"].to_numpy(np.bool_),
        account=np.isin(kinds, list(ACCOUNTS)),
        origin=rows["kind"].to_numpy(object) + "/" + rows["device"].to_numpy(object),
    )


def _moved(rows: pd.DataFrame, elapsed: Floats, moving: Floats) -> tuple[Floats, Floats]:
    """Return when movement began and ended [s after the start].

    Where only totals tell it, or the records lie so far apart that a clock must have jumped, the
    runner moved from the start on.
    """
    begin, end = np.nan_to_num(_numbers(rows, "moved_from_s")), _numbers(rows, "moved_until_s")
    end = np.where(np.isnan(end), elapsed, end)
    sparse = moving < MIN_MOVING_SHARE * (end - begin)
    return np.where(sparse, 0.0, begin), np.where(sparse, moving, end)


def _numbers(rows: pd.DataFrame, name: str) -> Floats:
    return rows[name].to_numpy(np.float64)


def _neighbours(starts: Floats, rows: Ints, within_s: float) -> Iterator[tuple[Ints, Ints]]:
    """Yield the pairs of `rows` whose starts lie within `within_s`, by distance in rank."""
    start = starts[rows]
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


def _by_overlap(table: _Table) -> Iterator[Overlap]:
    begin, end = table.begin_s, table.end_s
    rows = np.flatnonzero(table.timed & (end > begin))
    rows = rows[np.argsort(begin[rows], kind="stable")]
    length = end - begin
    for a, b in _neighbours(begin, rows, length[rows].max(initial=0)):
        shared = np.minimum(end[a], end[b]) - np.maximum(begin[a], begin[b])
        share = shared / np.minimum(length[a], length[b])
        union = shared / (np.maximum(end[a], end[b]) - np.minimum(begin[a], begin[b]))
        # An account may call a run by another name than the file: then all else must agree.
        renamed = (table.account[a] != table.account[b]) & (union >= MIN_UNION_OTHER_SPORT)
        same = (share >= MIN_SHARE) & (_alike(table, a, b) | renamed)
        for first, then, part in zip(a[same].tolist(), b[same].tolist(), union[same], strict=True):
            yield first, then, _overlap_reason(table, first, then, part), float(part)


def _overlap_reason(table: _Table, a: int, b: int, union: float) -> str:
    seconds = abs(table.start_s[b] - table.start_s[a])
    when = "same time" if union >= MIN_UNION else _DURING
    when = "same start time" if seconds <= SAME_START_S else when
    apart = abs(table.km[a] - table.km[b])
    if apart > DISTANCE_TOLERANCE * np.fmax(table.km[a], table.km[b]):
        longer, shorter = sorted((table.km[a], table.km[b]), reverse=True)
        distances = f"{formatting.distance(longer)} and {formatting.distance(shorter)}"
        return f"{when}, distances differ: {distances}"
    return f"{when} and distance" if np.isfinite(apart) and union >= MIN_UNION else when


def _by_zone(table: _Table) -> Iterator[Pair]:
    start = table.start_s
    rows = np.flatnonzero(table.timed & (table.elapsed_s > 0) & (table.km > 0))
    for a, b in _neighbours(start, rows, TWIN_MAX_SHIFT_S + TWIN_SECONDS):
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


def _by_rollover(table: _Table) -> Iterator[Pair]:
    """Match what lies 1,024 weeks before another recording of the same length; the later counts."""
    rows = np.flatnonzero(table.timed & (table.elapsed_s > 0) & (table.km > 0))
    start = table.start_s[rows]
    first, end = (
        np.searchsorted(start, start + ROLLOVER_S + apart)
        for apart in (-ROLLOVER_APART_S, ROLLOVER_APART_S)
    )
    for at in np.flatnonzero(first < end):
        near, row = rows[first[at] : end[at]], int(rows[at])
        same = near[
            (_off(table.km, near, row) <= DISTANCE_TOLERANCE)
            & (_off(table.moving_s, near, row) <= ROW_TIME_TOLERANCE)
        ]
        if len(same):
            yield int(same[0]), row, _ROLLED


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


def _resolved(table: _Table, equal: list[Pair], pairs: list[Pair]) -> list[tuple[str, str, str]]:
    """Choose what counts, the best recording first, and link to it what shares its time.

    Recordings that are as good as equal form a group, which its best source stands for. A group
    that covers the whole run goes before those that cover a part of it.
    """
    reasons = {frozenset(pair[:2]): pair[2] for pair in reversed(pairs)}
    partners: dict[int, set[int]] = {}
    for a, b, _ in pairs:
        partners.setdefault(a, set()).add(b)
        partners.setdefault(b, set()).add(a)
    homes: dict[int, int] = {}  # of the rows of groups that count, the best group first
    links = []
    for best, group in _by_quality(table, equal, pairs):
        near = {partner for row in group for partner in partners[row]}
        home = next((homes[row] for row in homes if row in near), best)
        home = best if table.kept[best] else home
        if home == best:
            homes |= dict.fromkeys(group, best)
        for other in group - {home}:
            if not table.kept[other]:
                reason = reasons.get(frozenset((home, other)), "same as another recording of it")
                links.append((table.run_id[other], table.run_id[home], reason))
    return links


def _by_quality(
    table: _Table, equal: list[Pair], pairs: list[Pair]
) -> list[tuple[int, frozenset[int]]]:
    """Return the groups of equal recordings with the best of each, the best group first."""
    early = {b for _, b, reason in equal if reason == _ROLLED}
    length = np.where(np.isnan(table.moving_s), table.until_s - table.from_s, table.moving_s)
    length[table.suspect] = 0.0
    longest: dict[int, float] = {}
    for whole in _groups(pairs, ()):
        longest |= dict.fromkeys(whole, max(float(length[i]) for i in whole))

    def source(i: int) -> tuple[Any, ...]:
        chosen = min(table.rank[i], 0)
        return chosen, i in early, table.suspect[i], table.rank[i], -length[i], table.run_id[i]

    def quality(group: frozenset[int]) -> tuple[Any, ...]:
        best, rows = source(min(group, key=source)), list(group)
        unmeasured = not np.isfinite(table.km[rows]).any()
        part = length[rows].max() < MIN_UNION * longest[rows[0]]
        return (*best[:3], unmeasured, part, *best[3:])

    groups = _groups(equal, longest)
    return [(min(group, key=source), group) for group in sorted(groups, key=quality)]


def _groups(pairs: Iterable[Pair], alone: Iterable[int]) -> set[frozenset[int]]:
    """Return the rows that pairs connect, and those of `alone` that none does."""
    groups: dict[int, frozenset[int]] = {row: frozenset({row}) for row in alone}
    for a, b, _ in pairs:
        merged = groups.get(a, frozenset({a})) | groups.get(b, frozenset({b}))
        groups |= dict.fromkeys(merged, merged)
    return set(groups.values())
