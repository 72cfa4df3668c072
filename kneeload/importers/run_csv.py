"""The diary: runs that no watch recorded, one row each, in a table that a runner writes."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from kneeload import formatting
from kneeload.errors import FileRefused, FileSkipped
from kneeload.importers import containers, csv_rows, json_rows
from kneeload.importers import sport as sports
from kneeload.importers.document import Document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kneeload.importers.containers import Container, Member
    from kneeload.importers.csv_rows import Cells

decode = json_rows.decode


class Run(NamedTuple):
    """A row: what makes it this run, and what the runner says about it."""

    fields: json_rows.Fields
    companion: bytes


def read(member: Member, chunks: Iterator[bytes], _: Container) -> Iterator[Document]:
    """Yield one document for each run of a diary; a bad row refuses the whole file.

    Raises
    ------
    FileRefused
        If a row has a date, number or sport that cannot be read; the message names the row.
    """
    runs = [_run(cells, f"row {at}") for at, cells in csv_rows.records(containers.whole(chunks))]
    if not runs:
        raise FileSkipped("is a diary without rows")
    occurrences: Counter[bytes] = Counter()
    for run in runs:
        same = json_rows.packed(run.fields)
        occurrences[same] += 1
        content = json_rows.packed(run.fields | {"occurrence": occurrences[same]})
        yield Document(member.path, "diary", content, member.path, run.companion)


def _run(cells: Cells, row: str) -> Run:
    distance_m = _distance_m(cells, row)
    minutes = _number(cells, "duration_min", "duration", row)
    if distance_m is None and minutes is None:
        raise FileRefused(f"{row}: neither a distance nor a duration")
    fields = {
        "started_at": json_rows.instant(_start(cells, row)),
        "utc_offset_s": 0,
        "clock_known": bool(cells.get("time")),
        "sport": _sport(cells.get("sport", ""), row),
        "distance_m": distance_m,
        "distance_source": "manual" if distance_m else None,
        "timer_s": minutes and round(minutes * 60, 3),
    }
    return Run(fields, _companion(cells, row))


def _companion(cells: Cells, row: str) -> bytes:
    """Return what may be written later without making another run of it."""
    rpe = _number(cells, "rpe", "rpe", row)
    if rpe is not None and rpe > 10:
        raise FileRefused(f"{row}: rpe {cells['rpe']!r} is not between 0 and 10")
    texts = {"name": "name", "private_note": "note", "gear": "shoe"}
    return json_rows.packed({"rpe": rpe} | {to: cells.get(of) for to, of in texts.items()})


def _distance_m(cells: Cells, row: str) -> float | None:
    kilometres = _number(cells, "distance_km", "distance", row)
    miles = _number(cells, "distance_mi", "distance", row)
    if kilometres is None and miles is not None:
        kilometres = miles * formatting.KM_PER_MILE
    return round(kilometres * 1000, 3) if kilometres else None


def _number(cells: Cells, column: str, what: str, row: str) -> float | None:
    text = cells.get(column, "")
    if not text:
        return None
    value = json_rows.number(text)
    if value is None:
        raise FileRefused(f"{row}: {what} {text!r} is not a number")
    if value < 0:
        raise FileRefused(f"{row}: {what} {text!r} is negative")
    return value


def _start(cells: Cells, row: str) -> dt.datetime:
    """Local time as if it were UTC, noon where there is none: the date stays the given one."""
    day, time = cells.get("date", ""), cells.get("time", "")
    try:
        date = dt.datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=dt.UTC)
    except ValueError:
        raise FileRefused(f"{row}: date {day!r} is not written like 2026-03-14") from None
    try:
        clock = dt.time.fromisoformat(time) if time else dt.time(12)
    except ValueError:
        raise FileRefused(f"{row}: time {time!r} is not written like 07:30") from None
    return dt.datetime.combine(date, clock, dt.UTC)


def _sport(text: str, row: str) -> str:
    if not text:
        return "running"
    named = sports.from_name(text)
    if named is None:
        raise FileRefused(f"{row}: unknown sport {text!r}; write running, cycling, walking")
    return named.value
