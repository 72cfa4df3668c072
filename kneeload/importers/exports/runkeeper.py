"""Runkeeper's export: ``cardioActivities.csv`` beside the GPX files it names."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from kneeload import formatting
from kneeload.importers import containers, csv_rows, json_rows
from kneeload.importers.document import Document, Refusal
from kneeload.importers.exports import Item, joined

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kneeload.importers.containers import Container, Member
    from kneeload.importers.csv_rows import Cells

decode = json_rows.decode

COLUMNS = frozenset({"activity id", "date", "type", "gpx file"})
"""Columns by which the table is known, in lower case."""

_METRES = {"distance (km)": 1000.0, "distance (mi)": 1000 * formatting.KM_PER_MILE}
_CLIMB = {"climb (m)": 1.0, "climb (ft)": 0.3048}


def read(member: Member, chunks: Iterator[bytes], container: Container) -> Iterator[Item]:
    """Yield what the table says about each file, and a document for each run without one."""
    records = csv_rows.records(containers.whole(chunks))
    named = ((at, cells | {"file": cells.get("gpx file", "")}) for at, cells in records)
    return joined(member, container, named, _companion, _document)


def _document(path: str, cells: Cells, at: int) -> Document | Refusal:
    """Keep the local time as if it were UTC: the table names no zone, and the date must stay."""
    try:
        local = dt.datetime.fromisoformat(cells.get("date", "")).replace(tzinfo=dt.UTC)
    except ValueError:
        return Refusal(path, "warning", f"row {at}: date {cells.get('date', '')!r} cannot be read")
    fields = {
        "id": cells.get("activity id"),
        "started_at": json_rows.instant(local),
        "utc_offset_s": 0,
        "ascent_m": _in_unit(cells, _CLIMB),
        "avg_hr_bpm": json_rows.positive(cells.get("average heart rate (bpm)")),
    }
    content = json_rows.packed(_measured(cells) | fields)
    return Document(path, "runkeeper_row", content, path, _companion(cells))


def _measured(cells: Cells) -> json_rows.Fields:
    return {
        "sport": cells.get("type"),
        "distance_m": _in_unit(cells, _METRES),
        "timer_s": json_rows.clock_seconds(cells.get("duration", "")),
    }


def _companion(cells: Cells) -> bytes:
    texts = {"name": cells.get("route name"), "private_note": cells.get("notes")}
    return json_rows.packed(_measured(cells) | texts)


def _in_unit(cells: Cells, units: Mapping[str, float]) -> float | None:
    """Return the value in metres; the header alone tells the account's unit."""
    values = (json_rows.positive(cells.get(name), factor) for name, factor in units.items())
    return next((round(value, 3) for value in values if value), None)
