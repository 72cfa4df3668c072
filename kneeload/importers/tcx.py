"""TCX: activities and their laps. Courses and workouts are no recordings."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from kneeload.errors import FileRefused, FileSkipped
from kneeload.importers import spelling
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
    from collections.abc import Iterator

    from kneeload.records import Records

TORN_AFTER_S = 30.0

LAYOUT = Layout(
    point="Trackpoint",
    cells={
        "Time": "time",
        "LatitudeDegrees": "lat",
        "LongitudeDegrees": "lon",
        "AltitudeMeters": "altitude_m",
        "DistanceMeters": "distance_m",
        "Value": "hr_bpm",
        "Speed": "speed_mps",
        "Cadence": "cadence_spm",
        "RunCadence": "cadence_spm",
    },
    break_="Track",
    nodes=frozenset({"Activity", "Lap", "Course", "Workout"}),
)


@dataclass(frozen=True)
class _Session:
    """One ``Activity`` element: its laps, and the rows of its points."""

    node: Node
    laps: tuple[Node, ...]
    rows: slice

    def total(self, path: str) -> float | None:
        """Return the sum over the laps, None where no lap has it."""
        values = [value for lap in self.laps if (value := lap.number(path))]
        return sum(values) if values else None

    def average(self, path: str) -> float | None:
        """Return the mean over the laps, weighted by their time; None where no lap has it."""
        pairs = [(lap.number(path), lap.number("TotalTimeSeconds")) for lap in self.laps]
        weighted = [(value, seconds) for value, seconds in pairs if value and seconds]
        seconds = sum(seconds for _, seconds in weighted)
        return sum(value * weight for value, weight in weighted) / seconds if weighted else None

    def highest(self, path: str) -> float | None:
        """Return the highest over the laps, None where no lap has it."""
        return max((value for lap in self.laps if (value := lap.number(path))), default=None)


def decode(content: bytes) -> list[Activity]:
    """Return the activities of a TCX file; those of a multisport session each by itself.

    Distance and timer are the sums over the laps as the device wrote them; a lap that is there
    twice counts once. Laps without track points (treadmill) keep their totals.

    Parameters
    ----------
    content
        The file's bytes, unpacked.

    Returns
    -------
    list of Activity
        In the file's order.

    Raises
    ------
    FileRefused
        If it is not well-formed, or declares a DOCTYPE.
    FileSkipped
        If it holds no recording: courses, workouts, activities without laps.
    """
    reading = read(content, LAYOUT)
    records = reading.columns.records(reading.breaks)
    warnings = warnings_of(reading, records)
    records = replace(records, segment=numbering(_tears(reading, records), len(records)))
    sessions = list(_sessions(reading, len(records)))
    require_few(len(sessions))
    recorded = [session for session in sessions if _is_recording(session, records)]
    if not recorded and (reason := reading.columns.why_no_time()):
        raise FileRefused(reason)
    if not recorded:
        raise FileSkipped(_instead_of_activities(reading))
    return [
        _activity(session, records[session.rows], index, warnings)
        for index, session in enumerate(recorded)
    ]


def _tears(reading: Reading, records: Records) -> list[int]:
    """Return the rows at which the recording was paused.

    A second track within a lap is a pause. A new lap is none, unless time jumps there.
    """
    laps = {node.row for node in reading.nodes if node.name == "Lap"}
    steps = np.diff(records.time, prepend=np.datetime64("NaT")) / np.timedelta64(1, "s")
    inside = [row for row in reading.breaks if row < len(records)]
    return [row for row in inside if row not in laps or not 0 <= steps[row] <= TORN_AFTER_S]


def _sessions(reading: Reading, count: int) -> Iterator[_Session]:
    nodes = reading.nodes
    edges = [index for index, node in enumerate(nodes) if node.name != "Lap"]
    for start, stop in pairwise([*edges, len(nodes)]):
        if nodes[start].name == "Activity":
            last = nodes[stop].row if stop < len(nodes) else count
            yield _Session(
                nodes[start], tuple(nodes[start + 1 : stop]), slice(nodes[start].row, last)
            )


def _is_recording(session: _Session, records: Records) -> bool:
    stated = session.total("DistanceMeters") or session.total("TotalTimeSeconds")
    return bool(stated) or records.timed[session.rows].sum() >= 2


def _instead_of_activities(reading: Reading) -> str:
    """Return what a file without activities is."""
    if "Course" in reading.seen:
        return "is a course, not a recording"
    if "Workout" in reading.seen:
        return "is a planned workout, not a recording"
    return "its activities are empty" if "Activity" in reading.seen else "holds no activity"


def _activity(
    session: _Session, records: Records, index: int, warnings: tuple[str, ...]
) -> Activity:
    """Return one session as an activity."""
    is_first, repeats = first_seen(records)
    records = records[is_first]
    session, twice = _without_repeated_laps(session)
    named = from_name(session.node.text("Sport"))
    start = _start(session, records)
    distance_m, timer_s = session.total("DistanceMeters"), session.total("TotalTimeSeconds")
    sport = named or infer(records, (distance_m or 0.0) / (timer_s or float("inf")))
    return Activity(
        sport=sport,
        sport_inferred=named is None,
        started_at=start.astimezone(dt.UTC),
        samples=finished(records, sport),
        utc_offset_s=_offset_s(start),
        distance_m=distance_m,
        distance_source="device" if distance_m else None,
        timer_s=timer_s,
        avg_hr_bpm=session.average("AverageHeartRateBpm/Value"),
        max_hr_bpm=session.highest("MaximumHeartRateBpm/Value"),
        description=session.node.text("Notes"),
        device=session.node.text("Creator/Name"),
        session_index=index,
        warnings=warnings + repeats + twice,
    )


def _without_repeated_laps(session: _Session) -> tuple[_Session, tuple[str, ...]]:
    """Drop laps that are there twice: of the same start, time and distance."""
    unique = {_identity(lap, number): lap for number, lap in enumerate(session.laps)}
    if len(unique) == len(session.laps):
        return session, ()
    return replace(session, laps=tuple(unique.values())), ("laps that repeat were counted once",)


def _identity(lap: Node, number: int) -> tuple[str | int, ...]:
    start = lap.text("StartTime")
    return (start or number, lap.text("TotalTimeSeconds"), lap.text("DistanceMeters"))


def _start(session: _Session, records: Records) -> dt.datetime:
    """Return when the session began: its first lap's start, its id, else its first point's time."""
    texts = [*(lap.text("StartTime") for lap in session.laps[:1]), session.node.text("Id")]
    for time in map(spelling.time, texts):
        if time is not None:
            return time if time.tzinfo else time.replace(tzinfo=dt.UTC)
    if not records.timed.any():
        unread = next(filter(None, texts), "")
        reason = f"cannot be read: {unread[:40]!r}" if unread else "is missing"
        raise FileRefused(f"the start time of an activity {reason}")
    return records.first_time


def _offset_s(start: dt.datetime) -> int | None:
    """Return an explicit offset from UTC [s]; Z and +00:00 tell none."""
    offset = start.utcoffset()
    return int(offset.total_seconds()) if offset else None
