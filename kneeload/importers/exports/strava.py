"""Strava's account export: ``activities.csv`` beside the files it names."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from kneeload.importers import archives, rows, tables
from kneeload.importers.document import Document, Refusal
from kneeload.importers.exports import Item, joined
from kneeload.importers.exports import strava_columns as columns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kneeload.importers.archives import Container, Member
    from kneeload.importers.tables import Cells

decode = rows.decode
is_header = columns.is_header

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CLOCK = r",?\s+(\d{1,2}):(\d\d):(\d\d)(?:\s*([AP])M)?"
_DATES = (
    re.compile(r"(?P<month>[A-Z][a-z]{2,8}) (?P<day>\d{1,2}), (?P<year>\d{4})" + _CLOCK),
    re.compile(r"(?P<day>\d{1,2}) (?P<month>[A-Z][a-z]{2,8}) (?P<year>\d{4})" + _CLOCK),
    re.compile(r"(?P<day>\d\d)\.(?P<month>\d\d)\.(?P<year>\d{4})" + _CLOCK),
    re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)" + _CLOCK),
)


def read(member: Member, chunks: Iterator[bytes], container: Container) -> Iterator[Item]:
    """Yield what the table says about each file, and a document for each run without one."""
    return joined(member, container, _records(archives.whole(chunks)), _companion, _document)


def instant(text: str) -> dt.datetime | None:
    """Return Strava's ``Activity Date``, which is UTC whatever it looks like; None if unreadable.

    A date like ``09/12/2022`` is not read: nothing tells whether the month or the day comes first.
    """
    for pattern in _DATES:
        if found := pattern.fullmatch(" ".join(text.split())):
            return _moment(found)
    return None


def _records(content: bytes) -> Iterator[tuple[int, Cells]]:
    table = tables.rows(content)
    places = columns.places(next(table, []))
    for at, row in enumerate(table, 2):
        if any(row):
            yield at, {key: row[place] for key, place in places.items() if place < len(row)}


def _document(path: str, cells: Cells, at: int) -> Document | Refusal:
    started_at = instant(cells.get("date", ""))
    if started_at is None:
        reason = f"row {at}: date {cells.get('date', '')!r} is in no form that is known; set Strava"
        return Refusal(path, "warning", f"{reason} to English and request the export again")
    fields = _totals(cells) | {"id": cells.get("id"), "started_at": rows.instant(started_at)}
    return Document(path, "strava_row", rows.packed(fields), path, _companion(cells))


def _totals(cells: Cells) -> rows.Fields:
    names = ("ascent_m", "descent_m", "avg_hr_bpm", "max_hr_bpm")
    return {name: rows.positive(cells.get(name)) for name in names} | _measured(cells)


def _measured(cells: Cells) -> rows.Fields:
    """Sport, distance and times; metres where there are any, since kilometres may be miles."""
    metres = rows.positive(cells.get("distance_m"))
    return {
        "sport": cells.get("type"),
        "distance_m": metres or rows.positive(cells.get("km"), 1000),
        "timer_s": rows.positive(cells.get("moving_s")),
        "elapsed_s": rows.positive(cells.get("elapsed_s")),
    }


def _companion(cells: Cells) -> bytes:
    texts = ("name", "description", "private_note", "gear")
    told: rows.Fields = {name: cells.get(name) for name in texts}
    return rows.packed(told | {"rpe": rows.positive(cells.get("rpe"))} | _measured(cells))


def _moment(found: re.Match[str]) -> dt.datetime | None:
    month, half = found["month"], found[found.re.groups]
    hour = int(found[found.re.groups - 3])
    if half:
        hour = hour % 12 + 12 * (half == "P")
    number = int(month) if month.isdigit() else _month(month)
    minute, second = (int(found[found.re.groups - back]) for back in (2, 1))
    try:
        return dt.datetime(
            int(found["year"]), number, int(found["day"]), hour, minute, second, tzinfo=dt.UTC
        )
    except ValueError:
        return None


def _month(name: str) -> int:
    """Return the number of an English month, 0 where it is none."""
    short = name[:3].lower()
    return _MONTHS.index(short) + 1 if short in _MONTHS else 0
