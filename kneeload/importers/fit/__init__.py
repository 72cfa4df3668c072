"""FIT: what watches themselves write. The fast reader first, fitparse for what it declines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kneeload.errors import FileRefused, FileSkipped
from kneeload.importers.fit import columnar, reference
from kneeload.importers.fit.container import Part, parts
from kneeload.importers.fit.pain_fields import with_pain
from kneeload.importers.fit.scan import Uncertain, walk
from kneeload.importers.fit.sessions import activities

if TYPE_CHECKING:
    from kneeload.importers.fit.tables import Tables
    from kneeload.model import Activity


# fitparse needs a second for every 300 kB.
_MOST_FOR_FITPARSE = 1 << 20


def decode(content: bytes) -> list[Activity]:
    """Return the activities of a FIT file, one for each session, in the file's order.

    Several sessions (multisport) and several files chained into one give several activities. A
    file cut short gives what was whole, with a warning.

    Parameters
    ----------
    content
        The file's bytes.

    Raises
    ------
    FileRefused
        If it is not FIT, or nothing of it can be read.
    FileSkipped
        If it is sound but no activity: a workout, a course, settings, monitoring.
    """
    decoded: list[Activity] = []
    others: list[FileRefused | FileSkipped] = []
    for part in parts(content):
        try:
            decoded += _activities(part, len(content))
        except (FileRefused, FileSkipped) as reason:
            others.append(reason)
    if not decoded:
        raise next((o for o in others if isinstance(o, FileSkipped)), others[0])
    lost = tuple(f"a chained part {o}" for o in others if isinstance(o, FileRefused))
    return [
        activity.replaced(session_index=index, warnings=activity.warnings + lost)
        for index, activity in enumerate(decoded)
    ]


def _activities(part: Part, file_bytes: int) -> list[Activity]:
    tables, names, warnings = _tables(part.body, file_bytes)
    warnings = tuple(dict.fromkeys(part.warnings + warnings))
    decoded = activities(tables)
    if not decoded and warnings:
        raise FileRefused(f"holds no activity that can be read; {warnings[0]}")
    if not decoded:
        raise FileSkipped("holds neither a session nor records")
    decoded = with_pain(decoded, tables, part.body, names)
    if not warnings:
        return decoded
    return [activity.replaced(warnings=warnings + activity.warnings) for activity in decoded]


def _tables(body: bytes, file_bytes: int) -> tuple[Tables, bytes, tuple[str, ...]]:
    """Return the tables, the bytes that name the developer fields, and what was odd."""
    try:
        scan = walk(body)
        return columnar.read(body, scan), scan.descriptions(body), scan.warnings
    except Uncertain:
        if file_bytes > _MOST_FOR_FITPARSE:
            raise FileRefused("uses an unsupported layout and is too large to convert") from None
        return reference.read(body), body, ()
