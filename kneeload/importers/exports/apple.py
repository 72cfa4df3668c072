"""Apple Health's export: workouts out of ``export.xml``, a file of gigabytes, and their routes."""

from __future__ import annotations

import datetime as dt
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from kneeload import formatting
from kneeload.errors import FileRefused, FileSkipped
from kneeload.importers import containers, json_rows, mending, size_limits
from kneeload.importers import sport as sports
from kneeload.importers.document import Document, Refusal
from kneeload.importers.exports import Companion, Item, plain_name, sibling_name
from kneeload.importers.exports.apple_effort import EffortScores

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from kneeload.importers.containers import Container, Member
    from kneeload.model import Activity

_OPEN, _CLOSE = b"<Workout ", b"</Workout>"

_METRES = MappingProxyType(
    {"m": 1.0, "km": 1000.0, "mi": 1000 * formatting.KM_PER_MILE, "yd": 0.9144}
)
_SECONDS = MappingProxyType({"s": 1.0, "min": 60.0, "hr": 3600.0})
_DISTANCE = "HKQuantityTypeIdentifierDistance"
_HEART_RATE = "HKQuantityTypeIdentifierHeartRate"
_SPORTS = MappingProxyType(
    {"WalkingRunning": "Running", "Cycling": "Cycling", "Swimming": "Swimming"}
)
"""Sport of a part of a multisport workout, by what its distance is of."""
_TYPE = "HKWorkoutActivityType"

_KEPT = (
    "workoutActivityType", "duration", "durationUnit", "totalDistance", "totalDistanceUnit",
    "sourceName",
)  # fmt: skip
_KEPT_METADATA = frozenset({"HKIndoorWorkout", "HKTimeZone"})


def read(member: Member, chunks: Iterator[bytes], container: Container) -> Iterator[Item]:
    """Yield one document for each workout, or what it says about its route where there is one.

    Raises
    ------
    FileRefused
        If a workout does not end.
    FileSkipped
        If there is no workout without a route.
    """
    files = {plain_name(other.name) for other in container.members}
    alone = False
    efforts = EffortScores()
    for fragment in _fragments(efforts.watching(chunks)):
        try:
            item = _item(member, _element(fragment), files, efforts)
        except (ET.ParseError, FileRefused, OverflowError) as error:
            item = Refusal(member.path, "warning", f"holds a workout that cannot be read: {error}")
        alone |= not isinstance(item, Companion)
        yield item
    if not alone:
        raise FileSkipped("lists only workouts that have a route file of their own")


def decode(content: bytes) -> list[Activity]:
    """Return the activity of one workout, or those of its parts (swim, bike, run).

    Raises
    ------
    FileRefused
        If it has no readable start.
    """
    workout = json_rows.unpacked(content)
    parts = workout.get("parts") or [workout]
    done = [json_rows.activity(_fields(workout | part)) for part in parts]
    return [activity.replaced(session_index=at) for at, activity in enumerate(done)]


def _element(fragment: bytes) -> Element:
    """Return a workout as an element; forbidden characters in it are mended."""
    try:
        return ET.fromstring(fragment)  # noqa: S314 - no DOCTYPE can be in it
    except ET.ParseError:
        return ET.fromstring(mending.mended(fragment))  # noqa: S314 - nor here


def _item(member: Member, element: Element, files: set[str], efforts: EffortScores) -> Item:
    """Return the route's companion where there is a route, else the workout as a document."""
    workout = _workout(element)
    start, end = (_instant(workout[name]) for name in ("start", "end"))
    effort = efforts.of(start, end) if start else None
    rpe = {} if effort is None else {"rpe": effort}
    fields = _fields(workout) | rpe
    paths = (
        sibling_name(member.name, ref.get("path", "")) for ref in element.iter("FileReference")
    )
    routes = [path for path in dict.fromkeys(paths) if path in files]
    if len(routes) == 1:  # of several, each tells a part: the workout itself has the whole
        return Companion(routes[0], json_rows.packed(fields))
    offset = {"utc_offset_s": _offset_s(element.get("startDate", ""))} | rpe
    return Document(
        member.path,
        "apple_workout",
        json_rows.packed(workout),
        member.path,
        json_rows.packed(offset),
    )


def _workout(element: Element) -> json_rows.Fields:
    """Return what makes a workout this one; in UTC, since each export writes its own zone.

    Raises
    ------
    FileRefused
        If it has no readable start.
    """
    times = _times(element, "no readable start")
    entries = {
        entry.get("key", ""): entry.get("value", "") for entry in element.iter("MetadataEntry")
    }
    return {
        **{name: element.get(name) for name in _KEPT},
        **times,
        "statistics": _statistics(element),
        "metadata": {key: value for key, value in entries.items() if key in _KEPT_METADATA},
        "parts": _parts(element),
    }


def _parts(element: Element) -> list[json_rows.Fields] | None:
    """Return the parts of a workout of several sports, None where it is of one."""
    parts = element.findall("WorkoutActivity")
    fields = [_part(part) for part in parts] if len(parts) > 1 else []
    return fields if len({part["workoutActivityType"] for part in fields}) > 1 else None


def _part(element: Element) -> json_rows.Fields:
    """Return what a part of a workout says of itself; its sport is that of its distance.

    Raises
    ------
    FileRefused
        If it has no readable start.
    """
    times = _times(element, "a part has no readable start time")
    statistics = _statistics(element)
    kinds = [statistic["type"].removeprefix(_DISTANCE) for statistic in statistics]
    sport = next((_SPORTS[kind] for kind in kinds if kind in _SPORTS), "Other")
    return times | {
        "workoutActivityType": element.get("workoutActivityType") or sport,
        "duration": element.get("duration"),
        "durationUnit": element.get("durationUnit"),
        "statistics": statistics,
        "totalDistance": None,
    }


def _times(element: Element, trouble: str) -> json_rows.Fields:
    """Return start and end; raise `FileRefused` with `trouble` where the start is unreadable."""
    start, end = (_moment(element.get(name, "")) for name in ("startDate", "endDate"))
    if start is None:
        raise FileRefused(trouble)
    return {"start": json_rows.instant(start), "end": end and json_rows.instant(end)}


def _statistics(element: Element) -> list[dict[str, str]]:
    kinds = (_DISTANCE, _HEART_RATE)
    entries = element.findall("WorkoutStatistics")
    return [dict(entry.attrib) for entry in entries if entry.get("type", "").startswith(kinds)]


def _fields(workout: json_rows.Fields) -> json_rows.Fields:
    """Fields of an activity, from either generation of the format."""
    heart = _statistic(workout, _HEART_RATE)
    start = _instant(workout.get("start"))
    end = _instant(workout.get("end"))
    seconds = _SECONDS.get(str(workout.get("durationUnit")), 60.0)
    fields = {
        "started_at": workout.get("start"),
        "sport": _sport(workout),
        "distance_m": _distance_m(workout),
        "timer_s": json_rows.positive(workout.get("duration"), seconds),
        "elapsed_s": (end - start).total_seconds() if start and end and end > start else None,
        "avg_hr_bpm": json_rows.positive(heart.get("average")),
        "max_hr_bpm": json_rows.positive(heart.get("maximum")),
        "utc_offset_s": _zone_offset_s(workout, start),
        "device": workout.get("sourceName"),
    }
    return {name: value for name, value in fields.items() if value is not None}


def _statistic(workout: json_rows.Fields, kind: str) -> dict[str, Any]:
    entries = (entry for entry in workout.get("statistics", []) if entry["type"].startswith(kind))
    return next(entries, {})


def _distance_m(workout: json_rows.Fields) -> float | None:
    """Metres: a statistic in newer exports, attributes in older ones; kilometres or miles."""
    statistic = _statistic(workout, _DISTANCE)
    new = json_rows.positive(statistic.get("sum"), _METRES.get(str(statistic.get("unit")), 0.0))
    unit = _METRES.get(str(workout.get("totalDistanceUnit")), 0.0)
    return new or json_rows.positive(workout.get("totalDistance"), unit)


def _sport(workout: json_rows.Fields) -> str:
    name = str(workout.get("workoutActivityType") or "").removeprefix(_TYPE)
    indoors = workout.get("metadata", {}).get("HKIndoorWorkout") == "1"
    return f"Indoor{name}" if indoors and sports.from_name(f"Indoor{name}") else name


def _zone_offset_s(workout: json_rows.Fields, start: dt.datetime | None) -> int | None:
    from zoneinfo import ZoneInfo

    try:
        local = start and start.astimezone(ZoneInfo(workout["metadata"]["HKTimeZone"]))
    except (KeyError, ValueError, OSError):
        return None
    return _seconds(local)


def _offset_s(text: str) -> int | None:
    return _seconds(_moment(text))


def _seconds(local: dt.datetime | None) -> int | None:
    offset = local.utcoffset() if local else None
    return None if offset is None else round(offset.total_seconds())


def _instant(text: object) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if isinstance(text, str) else None


def _moment(text: str) -> dt.datetime | None:
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d %H:%M:%S %z")
    except ValueError:
        return None


def _fragments(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Cut the workouts out of the stream; all else, by far the most, is never parsed.

    In XML a bare ``<`` begins a tag wherever it stands, so that no text can pass for a workout.
    """
    text = b""
    for number, chunk in enumerate(containers.streamed(chunks)):
        if not number and b"<!ENTITY" in chunk:
            raise FileRefused("contains XML entities, which no export needs; not read")
        text, at = text + chunk, 0
        while (end := _end(text, at := _start(text, at))) > 0:
            yield text[at:end]
            at = end
        text = text[at:]
        if len(text) > size_limits.MAX_ROW_BYTES:
            raise FileRefused("holds a workout that does not end")
    if text.startswith(_OPEN):
        raise FileRefused("is cut short within a workout")


def _start(text: bytes, at: int) -> int:
    """Where the next workout begins, or may begin once more is read."""
    at_open = text.find(_OPEN, at)
    return at_open if at_open >= 0 else max(at, len(text) - len(_OPEN) + 1)


def _end(text: bytes, start: int) -> int:
    """Where the workout at `start` ends, as a tag of its own or behind its children; -1 unknown."""
    if not text.startswith(_OPEN, start):
        return -1
    tag = text[start : text.find(b"<", start + 1)].rstrip()
    if tag.endswith(b"/>"):
        return start + len(tag)
    close = text.find(_CLOSE, start)
    return close + len(_CLOSE) if close >= 0 else -1
