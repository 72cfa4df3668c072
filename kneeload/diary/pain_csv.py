"""A CSV of pain scores into the log: whole or not at all, and each row once."""

from __future__ import annotations

import csv
import io
from dataclasses import astuple, replace
from typing import TYPE_CHECKING, Any

from kneeload.diary.validation import PAIN_FIELDS, validated_entry
from kneeload.errors import EntryError
from kneeload.frames import PAIN
from kneeload.importers.csv_rows import unshielded

if TYPE_CHECKING:
    from kneeload.model import PainEntry


def read_pain(text: str) -> list[PainEntry]:
    """Return the entries of a CSV; see `import_pain`."""
    header, rows = _table(text)
    lacking = {"local_date", "score"} - set(header)
    if lacking:
        raise EntryError(f"missing columns: {', '.join(sorted(lacking))}")
    unknown = set(header) - set(PAIN)
    if unknown:
        raise EntryError(f"unknown columns: {', '.join(sorted(unknown))}")
    # A place that a watch marked stands in our own list without a score: it is none yet.
    scored = [(number, row) for number, row in enumerate(rows, 2) if not _is_marker(row)]
    return [_entry(number, row) for number, row in scored]


def identity(entry: PainEntry) -> tuple[Any, ...]:
    """Return what makes two rows the same; how it came in and which run was found do not count."""
    return astuple(replace(entry, origin="imported", run_id=""))


def _is_marker(row: dict[str | None, Any]) -> bool:
    return row.get("origin") == "marker" and not row.get("score")


def _table(text: str) -> tuple[list[str], list[dict[str | None, Any]]]:
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    try:
        reader.fieldnames = [name.strip() for name in reader.fieldnames or []]
        return reader.fieldnames, list(reader)
    except csv.Error as error:
        raise EntryError(f"not a readable table: {error}") from None


def _entry(number: int, row: dict[str | None, Any]) -> PainEntry:
    if None in row:
        raise EntryError(f"row {number} has more cells than the header")
    fields = {name: unshielded(row[name] or "") for name in PAIN_FIELDS if name in row}
    try:
        entry = validated_entry(fields)
    except EntryError as error:
        raise EntryError(f"row {number}: {error}") from None
    return entry if fields.get("origin") else replace(entry, origin="imported")
