"""Import and rebuild: the only places that write sources and activities."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import replace
from itertools import chain, islice
from typing import TYPE_CHECKING

from kneeload.errors import EntryError
from kneeload.importers.document import Document, Refusal
from kneeload.log.database import transaction
from kneeload.log.ingest import (
    ROW_COLUMNS,
    ImportSummary,
    Measured,
    Source,
    as_row,
    by_file,
    measured,
    unpacked,
)

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator

    from kneeload.log.ingest import Context

BATCH_FILES = 32  # files a transaction holds: never half a file, and few to do again after a kill
POOL_FROM_FILES = 24  # starting workers costs a second; fewer files are quicker without

_INSERT_SOURCE = (
    "INSERT INTO source (digest, kind, path, file, sport, content, companion, imported_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
_INSERT_ACTIVITY = (
    f"INSERT INTO activity ({', '.join(ROW_COLUMNS)})"  # noqa: S608 - fixed names
    f" VALUES ({', '.join('?' * len(ROW_COLUMNS))})"
)
_SOURCE_COLUMNS = "digest, kind, path, file, sport, content, companion"


def run_import(
    database: sqlite3.Connection,
    found: Iterable[Document | Refusal],
    context: Context,
    *,
    jobs: int | None,
    progress: Callable[[int], None],
) -> ImportSummary:
    """Write what discovery found and say what became of it; see `TrainingLog.ingest`."""
    summary = ImportSummary()
    tally = _Tally(database, summary, progress)
    outcomes = measured_in_parallel(tally.unknown(found), context, jobs)
    for batch in batched(by_file(outcomes)):
        with transaction(database):
            for outcome in chain.from_iterable(batch):
                tally.store(outcome, context)
        tally.committed(batch)
    tally.finish()
    return summary


def rebuild(database: sqlite3.Connection, context: Context, *, jobs: int | None) -> int:
    """Replace every activity by what its stored bytes give now, in one transaction."""
    hints = dict(database.execute("SELECT digest, sport FROM source").fetchall())
    with transaction(database):
        database.execute("DELETE FROM activity")
        for hint in sorted(set(hints.values())):
            chosen = (unpacked(source) for source in _sources(database, hint))
            for outcome in measured_in_parallel(chosen, _hinted(context, hint), jobs):
                database.executemany(_INSERT_ACTIVITY, map(as_row, outcome.rows))
    return int(database.execute("SELECT count(*) FROM activity").fetchone()[0])


def source_of(database: sqlite3.Connection, run_id: str) -> Source:
    """Return the bytes that a run was read from."""
    columns = ", ".join(f"source.{name}" for name in _SOURCE_COLUMNS.split(", "))
    row = database.execute(
        f"SELECT {columns} FROM activity JOIN source USING (digest)"  # noqa: S608 - fixed names
        " WHERE run_id = ?",
        (run_id,),
    ).fetchone()
    if row is None:
        raise EntryError(f"there is no run {run_id!r}; `kneeload runs` lists them")
    return Source(*row)


def measured_in_parallel(
    documents: Iterator[Document], context: Context, jobs: int | None
) -> Iterator[Measured]:
    """Measure with all cores where there is enough to do, in this process where there is not."""
    head = list(islice(documents, POOL_FROM_FILES))
    enough = len(head) == POOL_FROM_FILES
    workers = jobs or (_cores() if enough else 1)
    return measured(chain(head, documents), context, jobs=workers if enough else 1)


def batched(files: Iterator[list[Measured]]) -> Iterator[list[list[Measured]]]:
    """Yield the files in batches of one transaction each."""
    while batch := list(islice(files, BATCH_FILES)):
        yield batch


class _Tally:
    """Counts what is read, new and known while documents stream by."""

    def __init__(
        self,
        database: sqlite3.Connection,
        summary: ImportSummary,
        progress: Callable[[int], None],
    ) -> None:
        self.database = database
        self.summary = summary
        self.progress = progress
        self.new: list[str] = []
        self.files: set[str] = set()  # files that gave an activity
        self.pending: dict[str, int | Refusal] = {}  # what came of the digests of this import
        self.again: list[tuple[str, Document]] = []  # the same content once more in this import
        self.before = Counter(
            dict(database.execute("SELECT digest, count(*) FROM activity GROUP BY digest"))
        )

    def unknown(self, found: Iterable[Document | Refusal]) -> Iterator[Document]:
        """Yield the documents whose content the log does not have; count all others."""
        for item in found:
            if isinstance(item, Refusal):
                self.summary.add(item)
                self.progress(item.verdict != "warning")
            elif item.digest in self.pending:
                self.again.append((item.digest, replace(item, content=b"")))
            elif item.digest in self.before:
                self._known(item)
            else:
                self.pending[item.digest] = 0
                yield item

    def _known(self, document: Document) -> None:
        """Count a document the log has; what an export now says beside it is kept."""
        self.summary.known += self.before[document.digest]
        self._read(document.file or document.path)
        if document.companion:
            self.database.execute(
                "UPDATE source SET companion = ? WHERE digest = ? AND companion <> ?",
                (document.companion, document.digest, document.companion),
            )

    def store(self, outcome: Measured, context: Context) -> None:
        """Write one document's rows, inside the caller's transaction."""
        if not outcome.rows:
            return
        source = outcome.source
        self.database.execute(
            _INSERT_SOURCE,
            (
                source.digest,
                source.kind,
                source.path,
                source.file,
                source.sport,
                source.content,
                source.companion,
                context.now.isoformat(timespec="seconds"),
            ),
        )
        self.database.executemany(_INSERT_ACTIVITY, map(as_row, outcome.rows))

    def committed(self, batch: list[list[Measured]]) -> None:
        """Count a batch that is on the disk."""
        for outcome in chain.from_iterable(batch):
            self.pending[outcome.source.digest] = outcome.refusal or len(outcome.rows)
            self.new += [row.run_id for row in outcome.rows]
            if outcome.refusal:
                self.summary.add(outcome.refusal)
                self.progress(1)
            else:
                self._read(outcome.source.file)
            for warning in outcome.warnings:
                self.summary.add(warning)

    def finish(self) -> None:
        """Tell the new activities from those that are copies of others."""
        for digest, document in self.again:
            self._repeated(digest, document)
        copies = _copies(self.database, set(self.new))
        self.summary.duplicates = [entry for _, entry in copies]
        self.summary.new = len(set(self.new) - {run_id for run_id, _ in copies})
        self.summary.read = len(self.files)

    def _repeated(self, digest: str, document: Document) -> None:
        """Count content met before in this import as what its first copy turned out to be."""
        first = self.pending[digest]
        if isinstance(first, Refusal):
            self.summary.add(replace(first, path=document.path))
        else:
            self.summary.known += first
            self._read(document.file or document.path)

    def _read(self, file: str) -> None:
        if file not in self.files:
            self.files.add(file)
            self.progress(1)


def _copies(database: sqlite3.Connection, new: set[str]) -> list[tuple[str, dict[str, str]]]:
    """Return, for each new activity that is a copy or made an older one a copy, what to say."""
    from kneeload.log.activities import duplicates, stored
    from kneeload.log.journal import state

    if not new:
        return []
    standing = state(database)
    activities = stored(database, standing)
    paths = dict(zip(activities["run_id"], activities["source"], strict=True))
    said: list[tuple[str, dict[str, str]]] = []
    for copy, of, reason in duplicates(activities, standing).astype("object").to_numpy().tolist():
        if copy in new:
            said.append((copy, {"path": paths[copy], "of": paths[of], "reason": reason}))
        elif of in new:
            better = f"{reason}; this is the better source and counts"
            said.append((of, {"path": paths[of], "of": paths[copy], "reason": better}))
    return said


def _sources(database: sqlite3.Connection, sport: str) -> Iterator[Source]:
    """Read one source at a time, so that memory stays bounded."""
    digests = database.execute(
        "SELECT digest FROM source WHERE sport = ? ORDER BY rowid", (sport,)
    ).fetchall()
    for (digest,) in digests:
        row = database.execute(
            f"SELECT {_SOURCE_COLUMNS} FROM source WHERE digest = ?",  # noqa: S608 - fixed names
            (digest,),
        ).fetchone()
        yield Source(*row)


def _hinted(context: Context, sport: str) -> Context:
    from kneeload.model import Sport

    return replace(context, sport=Sport(sport) if sport else None)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
