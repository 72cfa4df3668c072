"""Garmin's account export: ``summarizedActivities.json``, for activities that have no file."""

from __future__ import annotations

import codecs
import json
import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from kneeload.errors import FileRefused, FileSkipped
from kneeload.importers import containers, json_rows, size_limits
from kneeload.importers.document import Document

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kneeload.importers.containers import Container, Member
    from kneeload.model import Activity

_OPENING = re.compile(r'"summarizedActivitiesExport"\s{0,20}:\s{0,20}\[')
_OPENING_CHARACTERS = 80
_BETWEEN = frozenset(", \t\r\n")
_DECODER = json.JSONDecoder()

_KEPT = (
    "activityId", "activityType", "sportType", "beginTimestamp", "startTimeGmt", "startTimeLocal",
    "distance", "duration", "movingDuration", "elapsedDuration", "elevationGain", "elevationLoss",
    "avgHr", "maxHr", "avgRunCadence", "avgDoubleCadence",
)  # fmt: skip
"""What makes an activity this one; a changed name or shoe must not make another of it."""

_SCALED = MappingProxyType(
    {
        "distance_m": ("distance", 0.01),
        "timer_s": ("duration", 0.001),
        "elapsed_s": ("elapsedDuration", 0.001),
        "ascent_m": ("elevationGain", 0.01),
        "descent_m": ("elevationLoss", 0.01),
        "avg_hr_bpm": ("avgHr", 1.0),
        "max_hr_bpm": ("maxHr", 1.0),
    }
)
"""Lengths come in centimetres and times in milliseconds."""

_BOTH_FEET_FROM_SPM = 120
"""Cadences below count one foot: nobody runs at 60 steps per minute, and exports differ."""


def read(member: Member, chunks: Iterator[bytes], container: Container) -> Iterator[Document]:
    """Yield one document for each summary; the parent of a multisport activity is left out.

    Raises
    ------
    FileRefused
        If the file is cut short.
    FileSkipped
        If it lists no activity.
    """
    shoes = _gear(container)
    is_listed = False
    for summary in _summaries(chunks):
        if not summary.get("parent"):
            is_listed = True
            yield _document(member.path, summary, shoes)
    if not is_listed:
        raise FileSkipped("lists no activity")


def decode(content: bytes) -> list[Activity]:
    """Return the activity of one summary.

    Raises
    ------
    FileRefused
        If it has no readable start.
    """
    summary = json_rows.unpacked(content)
    start = json_rows.number(summary.get("startTimeGmt") or summary.get("beginTimestamp"))
    if start is None:
        raise FileRefused("has no readable start")
    totals = {name: json_rows.positive(summary.get(key), by) for name, (key, by) in _SCALED.items()}
    fields = {
        "started_at": json_rows.instant(json_rows.from_epoch_ms(start)),
        "utc_offset_s": _offset_s(start, json_rows.number(summary.get("startTimeLocal"))),
        "sport": _sport(summary),
        "avg_cadence_spm": _cadence_spm(summary),
    }
    return [json_rows.activity(fields | totals)]


def _document(path: str, summary: Mapping[str, Any], shoes: Mapping[str, str]) -> Document:
    content = json_rows.packed({key: summary.get(key) for key in _KEPT})
    texts = {
        "name": str(summary.get("name") or ""),
        "description": str(summary.get("description") or ""),
        "gear": shoes.get(str(summary.get("activityId"))),
    }
    return Document(path, "garmin_summary", content, path, json_rows.packed(texts))


def _summaries(chunks: Iterator[bytes]) -> Iterator[json_rows.Fields]:
    """Yield the objects of the lists one at a time, however long the file is."""
    window = _Window(chunks)
    while _enter(window):
        while (summary := _next(window)) is not None:
            yield summary


class _Window:
    """The part of a long text that is still needed, from `at` on."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._more = codecs.iterdecode(containers.streamed(chunks), "utf-8-sig", "replace")
        self.text = ""
        self.at = 0

    def grow(self) -> bool:
        """Add a chunk, forget what lies behind; False at the end."""
        more = next(self._more, "")
        self.text, self.at = self.text[self.at :] + more, 0
        return bool(more)


def _enter(window: _Window) -> bool:
    """Go behind the opening of the next list; False where there is none."""
    while not (match := _OPENING.search(window.text, window.at)):
        window.at = max(window.at, len(window.text) - _OPENING_CHARACTERS)
        if not window.grow():
            return False
    window.at = match.end()
    return True


def _next(window: _Window) -> json_rows.Fields | None:
    """Take the next object of the list; None at its end."""
    while True:
        while window.text[window.at : window.at + 1] in _BETWEEN:
            window.at += 1
        if window.text.startswith("]", window.at):
            return None
        try:
            summary, window.at = _DECODER.raw_decode(window.text, window.at)
        except (ValueError, RecursionError):
            if len(window.text) - window.at > size_limits.MAX_ROW_BYTES or not window.grow():
                raise _damaged() from None
            continue
        if not isinstance(summary, dict):
            raise _damaged()
        return summary


def _damaged() -> FileRefused:
    return FileRefused("is cut short or damaged")


def _gear(container: Container) -> dict[str, str]:
    """Shoe by activity, from the ``_gear.json`` files beside the summaries."""
    shoes: dict[str, str] = {}
    for member in container.members:
        if member.name.endswith("_gear.json"):
            shoes |= _worn(containers.whole(containers.read(member)))
    return shoes


def _worn(content: bytes) -> dict[str, str]:
    try:
        gear = json.loads(content)
        lists = [gear] if isinstance(gear, dict) else gear
        return {
            str(link["activityId"]): name
            for part in lists
            for key, name in _named(part.get("gearDTOS", []))
            for link in part.get("gearActivityDTOs", {}).get(key, [])
        }
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
        return {}


def _named(gear: list[json_rows.Fields]) -> Iterator[tuple[str, str]]:
    for thing in gear:
        yield str(thing["gearPk"]), thing.get("customMakeModel") or thing.get("displayName") or ""


def _offset_s(start_ms: float, local_ms: float | None) -> int | None:
    """Local wall time comes shifted, as if it were UTC."""
    return None if local_ms is None else round((local_ms - start_ms) / 1000)


def _sport(summary: Mapping[str, Any]) -> str:
    return str(summary.get("activityType") or summary.get("sportType") or "")


def _cadence_spm(summary: Mapping[str, Any]) -> float | None:
    steps = json_rows.positive(summary.get("avgDoubleCadence") or summary.get("avgRunCadence"))
    return steps * 2 if steps and steps < _BOTH_FEET_FROM_SPM else steps
