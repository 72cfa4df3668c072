"""One run once: which of the stored activities are the same session from another source.

The answer is a function of what is stored, never of the order in which it came.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kneeload.model import RUNNING_SPORTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

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
    table = _ranked(activities[~activities["suspect"]], frozenset(kept))
    pairs = [*_by_overlap(table), *_by_zone(table), *_by_day(table)]
    found = _resolved(table, pairs)
    return pd.DataFrame(found, columns=["run_id", "of", "reason"]).sort_values(
        "run_id", ignore_index=True
    )


def inherit(activities: pd.DataFrame, duplicates: pd.DataFrame) -> pd.DataFrame:
    """Return `activities` less the duplicates, keeping what only those say (notes, gear, RPE)."""
    counted = activities.loc[~activities["run_id"].isin(duplicates["run_id"])].copy()
    if duplicates.empty:
        return counted
    others = duplicates.merge(activities, on="run_id").set_index("of")
    for column in INHERITED:
        said = others[column].replace("", pd.NA).dropna()
        said = counted["run_id"].map(said[~said.index.duplicated()])
        blank = counted[column].isna() | (counted[column] == "")
        counted[column] = counted[column].mask(
            blank & said.notna(), said.astype(counted[column].dtype)
        )
    return counted


Pair = tuple[int, int, str]


def _ranked(activities: pd.DataFrame, kept: frozenset[str]) -> pd.DataFrame:
    """Sort by start; `rank` orders sources from best to least, the runner's choice first."""
    rank = activities["kind"].map({kind: i for i, kind in enumerate(SOURCE_RANK)})
    chosen = activities["run_id"].isin(kept)
    start = activities["started_at"].astype("datetime64[us, UTC]").astype("int64") / 1e6
    elapsed = activities["elapsed_s"].fillna(activities["moving_s"])
    return (
        activities.assign(
            kept=chosen,
            rank=rank.fillna(len(SOURCE_RANK)).where(~chosen, -1),
            start_s=start,
            end_s=start + elapsed,
            elapsed=elapsed,
            runs=activities["sport"].isin({str(s) for s in RUNNING_SPORTS}),
        )
        .sort_values(["start_s", "run_id"])
        .reset_index(drop=True)
    )


def _neighbours(
    table: pd.DataFrame, within_s: float
) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Yield index arrays of the pairs whose starts lie within `within_s`, by distance in rank."""
    start = table["start_s"].to_numpy()
    for step in range(1, len(start)):
        first = np.flatnonzero(start[step:] - start[:-step] <= within_s)
        if not len(first):
            return
        yield first, first + step


def _alike(table: pd.DataFrame, a: NDArray[np.intp], b: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Say which pairs can be one sport; a sport inferred from speeds does not contradict."""
    sport, runs = table["sport"].to_numpy(), table["runs"].to_numpy()
    inferred = table["sport_inferred"].to_numpy()
    same: NDArray[np.bool_] = (
        (sport[a] == sport[b]) | (runs[a] & runs[b]) | inferred[a] | inferred[b]
    )
    return same


def _differ(
    table: pd.DataFrame, column: str, a: NDArray[np.intp], b: NDArray[np.intp]
) -> NDArray[np.float64]:
    values = table[column].to_numpy(dtype="float64")
    apart: NDArray[np.float64] = np.abs(values[a] - values[b])
    return apart


def _by_overlap(table: pd.DataFrame) -> Iterator[Pair]:
    timed = table[table["clock_known"] & table["elapsed"].gt(0)].reset_index(names="row")
    start, end = timed["start_s"].to_numpy(), timed["end_s"].to_numpy()
    km = timed["distance_km"].to_numpy(dtype="float64")
    for a, b in _neighbours(timed, float(timed["elapsed"].max())):
        shared = np.minimum(end[a], end[b]) - np.maximum(start[a], start[b])
        union = np.maximum(end[a], end[b]) - np.minimum(start[a], start[b])
        apart = _differ(timed, "distance_km", a, b) / np.fmax(km[a], km[b])
        close = ~(apart > DISTANCE_TOLERANCE)  # a distance that is unknown or 0 does not contradict
        for i in np.flatnonzero((shared / union >= MIN_OVERLAP) & close & _alike(timed, a, b)):
            seconds = start[b[i]] - start[a[i]]
            yield (
                int(timed["row"][a[i]]),
                int(timed["row"][b[i]]),
                f"same time (starts {seconds:.0f} s apart) and distance",
            )


def _by_zone(table: pd.DataFrame) -> Iterator[Pair]:
    timed = table[table["clock_known"] & table["elapsed"].gt(0) & table["distance_km"].gt(0)]
    timed = timed.reset_index(names="row")
    start = timed["start_s"].to_numpy()
    origin = (timed["kind"] + "/" + timed["device"]).to_numpy()
    for a, b in _neighbours(timed, TWIN_MAX_SHIFT_S + TWIN_SECONDS):
        shift = start[b] - start[a]
        steps = np.round(shift / TWIN_STEP_S)
        twin = (
            (np.abs(shift - steps * TWIN_STEP_S) <= TWIN_SECONDS)
            & (steps > 0)
            & (origin[a] != origin[b])
            & (_differ(timed, "elapsed", a, b) <= TWIN_SECONDS)
            & (_differ(timed, "distance_km", a, b) <= TWIN_KM)
            & _alike(timed, a, b)
        )
        for i in np.flatnonzero(twin):
            hours = shift[i] / 3600
            yield (
                int(timed["row"][a[i]]),
                int(timed["row"][b[i]]),
                f"same distance and duration, clocks {hours:g} h apart",
            )


def _by_day(table: pd.DataFrame) -> list[Pair]:
    """Match each row without a time to at most one timed run of its day."""
    pairs: list[Pair] = []
    timed = table[table["clock_known"]]
    for row in table.index[~table["clock_known"]]:
        near = _agreeing(timed, table.loc[row])
        if len(near):
            timed = timed.drop(index=near[0])
            pairs.append((int(near[0]), int(row), "same day, distance and duration"))
    return pairs


def _agreeing(timed: pd.DataFrame, row: pd.Series) -> pd.Index:
    """Return the timed activities of the row's day whose distance and duration agree with it."""
    day = timed[timed["local_date"] == row["local_date"]]
    apart = (day[["distance_km", "moving_s"]] / row[["distance_km", "moving_s"]] - 1).abs()
    near = (apart["distance_km"] <= ROW_DISTANCE_TOLERANCE) & (
        apart["moving_s"] <= ROW_TIME_TOLERANCE
    )
    agreeing: pd.Index = day.index[near]
    return agreeing


def _resolved(table: pd.DataFrame, pairs: list[Pair]) -> list[tuple[str, str, str]]:
    """Group the pairs; of each group the best source counts, and all that the runner kept."""
    reasons = {frozenset(pair[:2]): pair[2] for pair in reversed(pairs)}
    found = []
    for group in _groups(pairs):
        best = min(group, key=lambda i: (table["rank"][i], table["run_id"][i]))
        for other in group - {best}:
            if not table["kept"][other]:
                reason = reasons.get(frozenset((best, other)), "same as another copy of the run")
                found.append((table["run_id"][other], table["run_id"][best], reason))
    return found


def _groups(pairs: list[Pair]) -> list[set[int]]:
    groups: dict[int, set[int]] = {}
    for a, b, _ in pairs:
        merged = groups.get(a, {a}) | groups.get(b, {b})
        groups |= dict.fromkeys(merged, merged)
    return list({id(group): group for group in groups.values()}.values())
