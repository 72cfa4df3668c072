"""Tables of pain scores into the diary: our own CSV, and the one that Track & Graph exports."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kneeload.diary import track_and_graph
from kneeload.diary.pain_csv import import_pain
from kneeload.errors import EntryError
from kneeload.importers import csv_rows
from kneeload.importers.document import Refusal
from kneeload.log.inbox_files import take_lines

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable

    from kneeload.importers.document import Document
    from kneeload.ingest.measure import ImportSummary
    from kneeload.log.training_log import TrainingLog


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
        left += [f"row {row}: {value!r} is no score from 0 to 10" for row, value in table.bad]
        return Taken(reading.new, reading.known, tuple(left))
    warnings: list[str] = []
    counts = import_pain(log, csv_rows.decoded(content), at, warnings.append)
    return Taken(*counts, tuple(warnings))


def take_tables(
    log: TrainingLog,
    found: Iterable[Document],
    summary: ImportSummary,
    at: dt.datetime,
    progress: Callable[[int], None] = lambda _: None,
) -> None:
    """Log the scores of the tables that an import met, and add them to its summary."""
    for document in found:
        progress(1)
        try:
            taken = take_table(log, document.kind, document.content, at)
        except EntryError as error:
            summary.add(Refusal(document.path, "failed", f"{error}; none of it was logged"))
            continue
        summary.read += 1
        summary.pain["new"] += taken.new
        summary.pain["known"] += taken.known
        for reason in taken.left:
            summary.add(Refusal(document.path, "warning", reason))
