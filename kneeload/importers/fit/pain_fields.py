"""What a watch tells of pain: fields of its apps whose name speaks of it, and two quick laps.

Developer fields name themselves in the file, so no list of apps is needed. They are looked for only
where such a name is in the bytes at all, as few files have one.

References
----------
FIT protocol, developer data: field_description (206) names a field, and definition messages place
it behind the profile's own. That two manual laps within ten seconds mark a place is a convention of
kneeload's.
"""

from __future__ import annotations

import math
import re
import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from kneeload.importers.fit.samples import EPOCH_S
from kneeload.model import WatchPain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kneeload.importers.fit.tables import Table, Tables
    from kneeload.model import Activity
    from kneeload.records import Records

DOUBLE_LAP_S = 10.0

_WORDS = (b"knee", b"niggle", b"schmerz", b"knie", b"douleur", b"genou", b"dolor", b"rodilla")
_NAMES = re.compile(rb"(?:^|[^a-z])(?:pain(?!t)|%s)" % b"|".join(_WORDS), re.IGNORECASE)
_MEASURES = re.compile(
    rb"angle|load|lift|height|flex|exten|force|impact|speed|veloc|shock|power|winkel", re.IGNORECASE
)
_UNITS = frozenset({b"", b"0-10", b"/10", b"score", b"points", b"nprs", b"level", b"pain"})
_DESCRIPTION, _SESSION, _LAP, _RECORD = 206, 18, 19, 20
_TIMESTAMP, _TIMESTAMP_BYTES = 253, 4
_MANUAL = 0
_MOST = 10
_FORMATS = {
    0x00: ("B", 0xFF),
    0x01: ("b", 0x7F),
    0x02: ("B", 0xFF),
    0x0A: ("B", 0),
    0x83: ("h", 0x7FFF),
    0x84: ("H", 0xFFFF),
    0x85: ("i", 0x7FFFFFFF),
    0x86: ("I", 0xFFFFFFFF),
    0x88: ("f", None),
    0x89: ("d", None),
}


class Value(NamedTuple):
    """A number of a field that speaks of pain: its message, and FIT's time where that has one."""

    message: int
    time: float | None
    score: float


@dataclass
class _Definition:
    """Messages of one local number: where their fields lie."""

    message: int
    big: bool
    fields: list[tuple[int, int, int]]
    developer: list[tuple[int, int, int]]
    size: int


@dataclass
class _Walk:
    """The state of one walk over the messages of a file."""

    body: bytes
    definitions: dict[int, _Definition] = field(default_factory=dict)
    formats: dict[tuple[int, int], tuple[str, int | None]] = field(default_factory=dict)


def with_pain(
    activities: list[Activity], tables: Tables, body: bytes, names: bytes
) -> list[Activity]:
    """Return the activities with what their file tells of pain.

    Parameters
    ----------
    tables
        The messages that every activity is read from.
    body
        The file's messages, without its envelope.
    names
        The part of it that names its developer fields.
    """
    values = list(values_in(body)) if _speaks(names) else []
    presses = double_laps(tables.get("lap", {}))
    if not values and not presses:
        return activities
    ends = [_fit_time(activity.started_at.timestamp()) for activity in activities[1:]] + [math.inf]
    return [
        activity.replaced(watch_pain=tuple(_marks(activity, end, values, presses, len(activities))))
        for activity, end in zip(activities, ends, strict=True)
    ]


def _speaks(names: bytes) -> bool:
    """Tell at a glance whether a name can be in there; the pattern would take 100 times as long."""
    lowered = names.lower()
    return any(word in lowered for word in (b"pain", *_WORDS))


def double_laps(lap: Table) -> list[float]:
    """Return when two manual laps began, less than ten seconds apart [s of FIT]."""
    if not {"timestamp", "lap_trigger"} <= lap.keys():
        return []
    times = np.sort(lap["timestamp"][lap["lap_trigger"] == _MANUAL])
    times = times[np.isfinite(times)]
    close = np.diff(times) < DOUBLE_LAP_S
    return [float(time) for time in times[:-1][close]]


def values_in(body: bytes) -> Iterator[Value]:
    """Yield the numbers of the developer fields whose names speak of pain."""
    walk = _Walk(body)
    at = 0
    while at < len(body):
        head = body[at]
        local = (head >> 5) & 0x03 if head & 0x80 else head & 0x0F
        try:
            if head & 0xC0 == 0x40:
                at = _define(walk, local, at, developer=bool(head & 0x20))
                continue
            definition = walk.definitions[local]
            data = body[at + 1 : at + 1 + definition.size]
            if len(data) < definition.size:
                return
            if definition.message == _DESCRIPTION:
                _describe(walk, definition, data)
            elif definition.developer:
                yield from _values(walk, definition, data)
        except (KeyError, IndexError, struct.error):
            return
        at += 1 + definition.size


def _define(walk: _Walk, local: int, at: int, *, developer: bool) -> int:
    """Take a definition message and return where the next message begins."""
    body = walk.body
    big = body[at + 2] != 0
    message = int.from_bytes(body[at + 3 : at + 5], "big" if big else "little")
    at, native = _triples(body, at + 5)
    at, others = _triples(body, at) if developer else (at, [])
    size = sum(size for _, size, _ in [*native, *others])
    walk.definitions[local] = _Definition(message, big, native, others, size)
    return at


def _triples(body: bytes, at: int) -> tuple[int, list[tuple[int, int, int]]]:
    count = body[at]
    end = at + 1 + 3 * count
    triples = [(body[i], body[i + 1], body[i + 2]) for i in range(at + 1, end, 3)]
    return end, triples


def _describe(walk: _Walk, definition: _Definition, data: bytes) -> None:
    """Remember a developer field that speaks of pain."""
    values: dict[int, bytes] = {}
    at = 0
    for number, size, _ in definition.fields:
        values[number] = data[at : at + size]
        at += size
    name, units = (values.get(n, b"").split(b"\0")[0].strip() for n in (3, 8))
    base = _FORMATS.get(values[2][0])
    if base and _NAMES.search(name) and not _MEASURES.search(name) and units.lower() in _UNITS:
        walk.formats[values[0][0], values[1][0]] = base


def _values(walk: _Walk, definition: _Definition, data: bytes) -> Iterator[Value]:
    order = ">" if definition.big else "<"
    at = sum(size for _, size, _ in definition.fields)
    for number, size, index in definition.developer:
        code, invalid = walk.formats.get((index, number), ("", None))
        if code and size == struct.calcsize(code):
            (score,) = struct.unpack_from(order + code, data, at)
            if score != invalid and math.isfinite(score):
                yield Value(definition.message, _time(definition, data, order), float(score))
        at += size


def _time(definition: _Definition, data: bytes, order: str) -> float | None:
    at = 0
    for number, size, _ in definition.fields:
        if number == _TIMESTAMP and size == _TIMESTAMP_BYTES:
            return float(struct.unpack_from(order + "I", data, at)[0])
        at += size
    return None


def _marks(
    activity: Activity, end: float, values: list[Value], presses: Sequence[float], sessions: int
) -> Iterator[WatchPain]:
    """Yield the worst score of one session, and the first place that two quick laps mark."""
    start = _fit_time(activity.started_at.timestamp())
    within = [v for v in values if sessions == 1 or (v.time is not None and start <= v.time < end)]
    score = _score(within)
    if score is not None:
        began = next((v.time for v in within if v.message == _RECORD and v.score > 0), None)
        yield WatchPain(score, *_place(activity.records, began, start))
    marked = next((time for time in presses if start <= time < end), None)
    if marked is not None:
        yield WatchPain(None, *_place(activity.records, marked, start))


def _score(values: list[Value]) -> int | None:
    """Return the worst score; none where a number is beyond the scale, so that it was no score.

    Records that hold nothing but 0 were never touched: an app's field begins at 0.
    """
    stated = [v for v in values if v.message in {_SESSION, _LAP, _RECORD}]
    if any(not 0 <= v.score <= _MOST for v in stated):
        return None
    scores = [v.score for v in stated if v.message != _RECORD or v.score > 0]
    return math.ceil(max(scores)) if scores else None


def _place(records: Records, time: float | None, start: float) -> tuple[float | None, float | None]:
    """Return a time as distance [km] and as minutes on the running clock, pauses left out."""
    if time is None:
        return None, None
    if not len(records):
        return None, round((time - start) / 60, 1)
    clock = records.seconds - EPOCH_S
    before = clock <= time
    steps = np.diff(clock, prepend=clock[:1]) * (np.diff(records.segment, prepend=0) == 0)
    minutes = float(np.clip(steps, 0, None)[before].sum()) / 60
    metres = records.distance_m
    along = metres[before & np.isfinite(metres)]
    first = metres[np.isfinite(metres)][:1].sum()
    return (round((along[-1] - first) / 1000, 2) if along.size else None), round(minutes, 1)


def _fit_time(seconds: float) -> float:
    """Return an instant of Unix as FIT counts time [s]."""
    return seconds - EPOCH_S
