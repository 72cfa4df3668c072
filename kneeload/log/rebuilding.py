"""What a rebuild changed, in a line for each run: numbers, and recordings that became one run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kneeload import formatting
from kneeload.errors import LogError
from kneeload.ingest.duplicates import newly_matched

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from kneeload.log.snapshot import Reading


_CHANGED_KM = 0.005  # what rounds to another hundredth


@dataclass(frozen=True)
class Rebuilt:
    """How many activities there are, and what changed: a sentence each.

    None where the log was too damaged to tell what the runs were before.
    """

    activities: int
    changes: tuple[str, ...] | None


@dataclass(frozen=True)
class Snapshot:
    """The runs that count or wait, by id, and the recordings that an older kneeload linked."""

    runs: dict[str, dict[str, Any]]
    linked: frozenset[str]


def snapshot(reading: Reading) -> Snapshot:
    """Return what a log says of its runs before or after it is computed anew.

    Recordings measured by an older kneeload count as linked only where that one linked them too.
    """
    names = ["run_id", "local_date", "sport", "distance_km", "suspect", "suspect_reason"]
    rows = reading.recordings[names].to_dict("records")
    linked = reading.duplicates
    old = reading.recordings.loc[reading.recordings["moved_from_s"].isna(), "run_id"]
    fresh = linked["run_id"].isin(old) & newly_matched(linked["reason"])
    return Snapshot(
        {row["run_id"]: {str(name): cell for name, cell in row.items()} for row in rows},
        frozenset(linked.loc[~fresh, "run_id"]),
    )


def readable_snapshot(reading: Reading) -> Snapshot | None:
    """Return the snapshot, None where an activity is damaged: a rebuild is what mends it."""
    try:
        return snapshot(reading)
    except LogError:
        return None


def changes(before: Snapshot, after: Snapshot, reading: Reading) -> Iterator[str]:
    """Yield a sentence for each run that is another one than before."""
    for copy, of, reason in reading.duplicates.astype("object").to_numpy().tolist():
        if copy not in before.linked:
            yield f"{_named(after.runs[copy])} is now a duplicate of {of}: {reason}"
    for name, run in after.runs.items():
        if name in before.runs and name not in after.linked:
            differences = ", ".join(_differences(before.runs[name], run))
            if differences:
                yield f"{_named(run)}: {differences}"


def _differences(before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    km, was = after["distance_km"], before["distance_km"]
    if not (abs(km - was) < _CHANGED_KM or (km != km and was != was)):  # only NaN is not itself
        yield f"{formatting.number(was, 2)} km before, {formatting.number(km, 2)} km now"
    if after["local_date"] != before["local_date"]:
        yield f"was dated {before['local_date']:%Y-%m-%d}"
    if after["sport"] != before["sport"]:
        sport, earlier = (formatting.humanise(run["sport"]) for run in (after, before))
        yield f"{sport} instead of {earlier}"
    if after["suspect"] != before["suspect"]:
        yield f"to be reviewed: {after['suspect_reason']}" if after["suspect"] else "counts now"


def _named(run: dict[str, Any]) -> str:
    km = (
        f", {formatting.distance(run['distance_km'])}"
        if run["distance_km"] == run["distance_km"]
        else ""
    )
    return f"{run['run_id']} ({run['local_date']:%Y-%m-%d}{km})"


def duplicates_created(
    database: sqlite3.Connection, new: set[str]
) -> list[tuple[str, dict[str, str]]]:
    """Describe every duplicate that this import created."""
    from kneeload.log.snapshot import Reading

    if not new:
        return []
    reading = Reading(database)
    paths = dict(zip(reading.recordings["run_id"], reading.recordings["source"], strict=True))
    explanations: list[tuple[str, dict[str, str]]] = []
    for copy, of, reason in reading.duplicates.astype("object").to_numpy().tolist():
        if copy in new:
            explanations.append((copy, {"path": paths[copy], "of": paths[of], "reason": reason}))
        elif of in new:
            better = f"{reason}; this is the better source, so it counts"
            explanations.append((of, {"path": paths[of], "of": paths[copy], "reason": better}))
    return explanations
