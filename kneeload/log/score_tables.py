"""Tables of pain scores into the diary: our own CSV, and the one that Track & Graph exports."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from kneeload.diary import track_and_graph
from kneeload.errors import EntryError
from kneeload.importers import csv_rows, sniff
from kneeload.importers.document import Refusal
from kneeload.log.inbox_files import take_lines

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from kneeload.importers.document import Document
    from kneeload.ingest.measure import ImportSummary
    from kneeload.log.training_log import TrainingLog
from kneeload.diary.pain_csv import identity, read_pain


class Taken(NamedTuple):
    """How many scores of a table were new, how many already in the log, and what was left out."""

    new: int
    known: int
    left: tuple[str, ...] = ()


def take_table(log: TrainingLog, kind: str | None, content: bytes, at: dt.datetime) -> Taken:
    """Log the scores of one table, as one batch.

    Parameters
    ----------
    kind
        As `kneeload.importers.sniff.kind` tells it.

    Raises
    ------
    EntryError
        If a row of our own CSV is not valid; then nothing is logged.
    """
    if kind == "track_and_graph":
        table = track_and_graph.read(content)
        reading = take_lines(log, table.lines, at)
        left = [f"left out {', '.join(table.others)} (not named after a knee)"] * bool(table.others)
        left += [
            f"row {row}: {value!r} is not a score from 0 to 10; skipped" for row, value in table.bad
        ]
        return Taken(reading.new, reading.known, tuple(left))
    warnings: list[str] = []
    counts = import_pain(log, csv_rows.decoded(content), at, warnings.append)
    return Taken(*counts, tuple(warnings))


def take_file(log: TrainingLog, path: Path, at: dt.datetime) -> Taken:
    """Log the scores of a CSV file; see `take_table`.

    Raises
    ------
    EntryError
        If it is no text, or a row is not valid; the message names the file.
    """
    content = path.read_bytes()
    if b"\0" in content[:1000] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise EntryError(f"{path} is not a text file")
    try:
        return take_table(log, sniff.kind(content), content, at)
    except EntryError as error:
        raise EntryError(f"{path}: {error}; nothing was logged") from None


def take_tables(
    log: TrainingLog,
    tables: Iterable[Document],
    summary: ImportSummary,
    at: dt.datetime,
    progress: Callable[[int], None] = lambda _: None,
) -> None:
    """Log the scores of the tables that an import met, and add them to its summary."""
    for document in tables:
        progress(1)
        try:
            scores = take_table(log, document.kind, document.content, at)
        except EntryError as error:
            summary.add(Refusal(document.path, "failed", f"{error}; none of it was logged"))
            continue
        summary.read += 1
        summary.pain["new"] += scores.new
        summary.pain["known"] += scores.known
        for reason in scores.left:
            summary.add(Refusal(document.path, "warning", reason))


def import_pain(
    log: TrainingLog,
    text: str,
    at: dt.datetime,
    warn: Callable[[str], None] = lambda _: None,
) -> tuple[int, int]:
    """Log the rows of a CSV as one batch, which one undo takes back.

    A row that the log has had before, removed or not, is not added again; equal rows beyond the
    number it has had are. A kilometre beyond the end of its run is dropped with a warning.

    Parameters
    ----------
    text
        The CSV; ``local_date`` and ``score`` are required, other columns as in `frames.PAIN`.
    warn
        Called with each warning.

    Returns
    -------
    tuple of int
        Rows added, and rows that were known.

    Raises
    ------
    EntryError
        If a row is not valid; the message names it, and nothing is logged.
    """
    entries = read_pain(text)
    had = Counter(log.pain_ever())
    new = []
    for entry in entries:
        problem = log.beyond(entry)
        corrected = replace(entry, onset_km=None, onset_min=None) if problem else entry
        key = next((key for key in map(identity, (entry, corrected)) if had[key]), None)
        if key:
            had[key] -= 1
            continue
        new.append(corrected)
        if problem:
            warn(f"{problem}; logged without it")
    if new:
        log.add_pain(new, at)
    return len(new), len(entries) - len(new)
