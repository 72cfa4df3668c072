"""GPX: tracks to activities. Waypoints and routes are no recordings."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from kneeload.errors import FileRefused, FileSkipped
from kneeload.importers.column_builder import numbering
from kneeload.importers.sport import from_name, infer
from kneeload.importers.trackpoints import (
    finished,
    first_seen,
    require_few,
    warnings_of,
)
from kneeload.importers.xml import Layout, Node, Reading, read
from kneeload.model import Activity

if TYPE_CHECKING:
    from kneeload.arrays import Ints
    from kneeload.records import Records

SAME_SESSION_WITHIN_S = 600

# Garmin's TrackPointExtension 1 and 2, Cluetrust's gpxdata, GPX 1.0's own speed, Strava,
# OpenTracks; matched without prefix.
LAYOUT = Layout(
    point="trkpt",
    cells={
        "ele": "altitude_m",
        "time": "time",
        "speed": "speed_mps",
        "hr": "hr_bpm",
        "heartrate": "hr_bpm",
        "cad": "cadence_spm",
        "cadence": "cadence_spm",
    },
    break_="trkseg",
    nodes=frozenset({"gpx", "trk"}),
)
_NO_ROOT = Node("gpx", 0, 0, {})


def decode(content: bytes) -> list[Activity]:
    """Return the recordings of a GPX file.

    Tracks that follow each other by more than ten minutes, or are of another type, are activities
    of their own; tracks that overlap or follow sooner are one (evidence: *assumption*).

    Parameters
    ----------
    content
        The file's bytes, unpacked.

    Returns
    -------
    list of Activity
        In order of their start. Total distance is None unless the file states one.

    Raises
    ------
    FileRefused
        If it is not well-formed, declares a DOCTYPE, or holds no usable position.
    FileSkipped
        If it holds no recording: waypoints, routes, tracks without times or points.
    """
    reading = read(content, LAYOUT)
    records = reading.columns.records(reading.breaks)
    warnings = warnings_of(reading, records)
    _require_recording(reading, records)
    tracks = [node for node in reading.nodes if node.name == "trk"]
    track = numbering([node.row for node in tracks], len(records)) - 1
    is_first, repeats = first_seen(records)
    records, track = records[is_first], track[is_first]
    sessions, left_out = _sessions(records, track, [node.text("type") for node in tracks])
    warnings += repeats + left_out
    return [
        _activity(
            reading,
            [tracks[t] for t in _in_turn(track[rows]) if t >= 0],
            records[rows],
            n,
            warnings,
        )
        for n, rows in enumerate(sessions)
    ]


def _require_recording(reading: Reading, records: Records) -> None:
    """Raise unless some point has a position and some point a time."""
    if not len(records):
        raise FileSkipped(_instead_of_points(reading))
    if not records.placed.any():
        unread = reading.columns.unread_position
        such = f" that can be read: the first latitude is {unread!r}" if unread else ""
        raise FileRefused(f"none of its {len(records)} track points has a position{such}")
    if not records.timed.any() and (reason := reading.columns.why_no_time()):
        raise FileRefused(reason)
    if not records.timed.any():
        raise FileSkipped("no track point has a time: a planned route, not a recording")


def _instead_of_points(reading: Reading) -> str:
    """Return what a file without track points is."""
    kinds = {"wpt": "waypoints", "rte": "routes"}
    words = [word for name, word in kinds.items() if name in reading.seen]
    if "trk" in reading.seen:
        return "its tracks hold no points"
    return f"holds only {' and '.join(words)}, not a recording" if words else "holds no track"


def _sessions(
    records: Records, track: Ints, types: list[str]
) -> tuple[list[Ints], tuple[str, ...]]:
    """Return the rows of each session in order, and a warning where tracks were left out."""
    parts = [np.arange(len(records))] if len(types) < 2 else _parts(records, track, types)
    recorded = records.timed & records.placed
    recordings = [rows for rows in parts if recorded[rows].sum() >= 2]
    if not recordings:
        raise FileSkipped("has a single point with time and position, not a recording")
    lost = len(_in_turn(track)) - sum(len(_in_turn(track[rows])) for rows in recordings)
    warning = f"tracks left out because they have no times or only one point: {lost}"
    return recordings, (warning,) if lost else ()


def _parts(records: Records, track: Ints, types: list[str]) -> list[Ints]:
    """Split tracks into sessions, in order of time; tracks without times are left out."""
    timed = np.flatnonzero(records.timed)
    numbers, starts = np.unique(track[timed], return_index=True)
    first = np.minimum.reduceat(records.time[timed], starts)
    last = np.maximum.reduceat(records.time[timed], starts)
    order = np.argsort(first, kind="stable")
    numbers, first, last = numbers[order], first[order], last[order]
    waited = first[1:] - np.maximum.accumulate(last)[:-1]
    named = np.array([types[number] if number >= 0 else "" for number in numbers])
    parted = (named[1:] != named[:-1]) | (waited > np.timedelta64(SAME_SESSION_WITHIN_S, "s"))
    require_few(int(parted.sum()) + 1)
    rows = [np.arange(*np.searchsorted(track, [number, number + 1])) for number in numbers]
    edges = [0, *(np.flatnonzero(parted) + 1).tolist(), len(rows)]
    return [np.concatenate(rows[low:high]) for low, high in pairwise(edges)]


def _in_turn(track: Ints) -> list[int]:
    """Return the numbers of the tracks that some rows belong to, one behind the other."""
    numbers: list[int] = track[np.diff(track, prepend=track[:1] - 1) != 0].tolist()
    return numbers


def _activity(
    reading: Reading,
    tracks: list[Node],
    records: Records,
    index: int,
    warnings: tuple[str, ...],
) -> Activity:
    """Return one session, recorded as `tracks`, as an activity."""
    root = next((node for node in reading.nodes if node.name == "gpx"), _NO_ROOT)
    first = tracks[0] if tracks else root
    named = next(filter(None, (from_name(node.text("type")) for node in tracks)), None)
    sport = named or infer(records)
    distance_m = _stated(tracks, "Distance")
    return Activity(
        sport=sport,
        sport_inferred=named is None,
        started_at=records.first_time,
        samples=finished(records, sport),
        utc_offset_s=reading.columns.offset_s,
        distance_m=distance_m,
        distance_source="device" if distance_m else None,
        timer_s=_stated(tracks, "TimerTime"),
        ascent_m=_stated(tracks, "Ascent"),
        descent_m=_stated(tracks, "Descent"),
        name=first.text("name") or root.text("metadata/name", "name"),
        description=first.text("desc"),
        device=root.text("creator"),
        session_index=index,
        warnings=warnings,
    )


def _stated(tracks: list[Node], name: str) -> float | None:
    """Return a total that the recorder wrote (Garmin's TrackStatsExtension, OpenTracks)."""
    path = f"extensions/TrackStatsExtension/{name}"
    return tracks[0].number(path) if len(tracks) == 1 else None
