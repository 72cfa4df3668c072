"""What becomes of every file and activity of one import."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from kneeload.importers.discover import SCORES, discover
from kneeload.importers.document import Document, Refusal
from kneeload.ingest.file_cache import Seen
from kneeload.ingest.measure import ImportSummary
from kneeload.store.database import transaction

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from kneeload.ingest.file_cache import OnDisk
    from kneeload.ingest.measure import Measured

    Duplicates = Callable[[sqlite3.Connection, set[str]], list[tuple[str, dict[str, str]]]]
    """New runs that became duplicates, or made an older one a duplicate, each with its words."""


class Tally:
    """Counts what is read, new, known and refused while documents stream by."""

    def __init__(
        self,
        database: sqlite3.Connection,
        progress: Callable[[int], None],
        scores: list[Document],
    ) -> None:
        self._database = database
        self._progress = progress
        self._scores = scores
        self._summary = ImportSummary()
        self._seen = Seen(database)
        self._new: dict[str, str] = {}  # the sport that each was taken for, where none was named
        self._files: set[str] = set()  # files that gave an activity
        self._pending: dict[str, int | Refusal] = {}  # what came of the digests of this import
        self._again: list[tuple[str, Document]] = []  # the same content once more in this import

    @cached_property
    def _before(self) -> dict[str, int]:
        """How many sessions of each content the log had when it was first asked."""
        counts = self._database.execute("SELECT digest, count(*) FROM activity GROUP BY digest")
        return dict(counts.fetchall())

    def unknown(self, paths: Iterable[Path]) -> Iterator[Document]:
        """Yield the documents of which the log has not heard all; count the others."""
        for item in discover(paths, self._seen.unchanged):
            if isinstance(item, Refusal):
                self._refused(item)
                continue
            if item.kind in SCORES:
                self._scores.append(item)
                continue
            digest = item.digest
            if digest in self._pending:
                self._again.append((digest, replace(item, content=b"")))
            elif digest in self._before and not self._says_more(digest, item):
                self._count_known(item, self._before[digest])
            else:
                self._pending[digest] = 0
                yield item

    def committed(self, outcome: Measured, *, was_known: bool) -> None:
        """Count a document that is on the disk."""
        source, count = outcome.source, len(outcome.rows)
        self._pending[source.digest] = outcome.refusal or count
        if outcome.refusal:
            self._refused(outcome.refusal)
            return
        self._read(outcome.path, outcome.file, count)
        if was_known:
            self._summary.known += count
        else:
            self._new |= {r.run_id: r.sport if r.sport_inferred else "" for r in outcome.rows}
        for warning in outcome.warnings:
            self._summary.add(warning)

    def finish(self, database: sqlite3.Connection, duplicates: Duplicates) -> ImportSummary:
        """Tell the new activities from duplicates of others; remember the files."""
        for digest, document in self._again:
            self._repeated(digest, document)
        copies = duplicates(database, set(self._new))
        self._summary.duplicates = [entry for _, entry in copies]
        alone = self._new.keys() - {run_id for run_id, _ in copies}
        self._summary.new = len(alone)
        self._summary.guessed = dict(Counter(filter(None, map(self._new.get, alone))))
        self._summary.read += len(self._files)
        with transaction(database):
            self._seen.remember(database)
        return self._summary

    def _says_more(self, digest: str, document: Document) -> bool:
        """Return whether an export says other things about a file than the log has heard."""
        if not document.companion:
            return False
        heard = self._database.execute(
            "SELECT companion FROM source WHERE digest = ?", (digest,)
        ).fetchone()
        return bool(heard != (document.companion,))

    def _repeated(self, digest: str, document: Document) -> None:
        """Count content met before in this import as what its first copy turned out to be."""
        first = self._pending[digest]
        if isinstance(first, Refusal):
            self._refused(replace(first, path=document.path))
        else:
            self._count_known(document, first)

    def _count_known(self, document: Document, sessions: int) -> None:
        self._summary.known += sessions
        self._read(document.path, document.file or document.path, sessions)

    def _refused(self, refusal: Refusal) -> None:
        on_disk = self._seen.of(refusal.path)
        if refusal.verdict == "unchanged":
            self._unchanged(on_disk)
            return
        self._summary.add(refusal)
        if refusal.verdict != "warning":
            on_disk.failed |= refusal.verdict == "failed"
            on_disk.skipped.append((refusal.path, refusal.reason))
            self._progress(1)

    def _unchanged(self, file: OnDisk) -> None:
        self._summary.read += file.files
        self._summary.known += file.sessions
        for refusal in file.refusals:
            self._summary.add(refusal)
        self._progress(file.files + len(file.skipped))

    def _read(self, path: str, file: str, sessions: int) -> None:
        on_disk = self._seen.of(path)
        on_disk.sessions += sessions
        if file not in self._files:
            self._files.add(file)
            on_disk.files += 1
            self._progress(1)
