"""Import and rebuild: the only places that write sources and activities."""

from __future__ import annotations

import os
import sys
from itertools import chain, islice
from operator import attrgetter
from typing import TYPE_CHECKING

from kneeload.errors import EntryError
from kneeload.ingest.bookkeeping import Tally
from kneeload.ingest.measure import ROW_COLUMNS, Measured, Source, by_file, measured, unpacked
from kneeload.store.database import transaction

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from kneeload.importers.document import Document
    from kneeload.ingest.bookkeeping import Duplicates
    from kneeload.ingest.measure import Context, ImportSummary

BATCH_FILES = 32  # files a transaction holds: never half a file, and few to do again after a kill
POOL_FROM_BYTES = 16 << 20  # workers start in the time in which so many bytes are measured

_UPSERT_SOURCE = (
    "INSERT INTO source (digest, kind, path, file, sport, content, companion, imported_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (digest) DO UPDATE SET companion = excluded.companion"
)
_PUT_ACTIVITY = (
    f"INSERT OR REPLACE INTO activity ({', '.join(ROW_COLUMNS)})"  # noqa: S608 - fixed names
    f" VALUES ({', '.join('?' * len(ROW_COLUMNS))})"
)
_PUT_ASIDE = _PUT_ACTIVITY.replace("INTO activity", "INTO temp.fresh")
_VALUES = attrgetter(*ROW_COLUMNS)  # `astuple` would copy every value
_SOURCE_COLUMNS = "digest, kind, path, file, sport, content, companion"
_SOURCE_VALUES = attrgetter(*_SOURCE_COLUMNS.split(", "))


def run_import(
    database: sqlite3.Connection,
    paths: Iterable[Path],
    context: Context,
    *,
    make: Callable[[], sqlite3.Connection],
    jobs: int | None,
    progress: Callable[[int], None],
    scores: list[Document],
    duplicates: Duplicates,
) -> ImportSummary:
    """Write what lies at `paths` and say what became of it; see `TrainingLog.ingest`.

    Tables of pain scores are put into `scores`, for the diary; `duplicates` describes what this
    import counts once.

    As soon as there is an activity to write, `make` gives the log that takes it.
    """
    tally = Tally(database, progress, scores)
    outcomes = measured_in_parallel(tally.unknown(paths), context, jobs)
    for batch in batched(by_file(outcomes)):
        if any(outcome.rows for outcome in chain(*batch)):
            database = make()
        with transaction(database):
            were_known = [_store(database, outcome, context) for outcome in chain(*batch)]
        for outcome, was_known in zip(chain(*batch), were_known, strict=True):
            tally.committed(outcome, was_known=was_known)
    return tally.finish(database, duplicates)


def _store(database: sqlite3.Connection, outcome: Measured, context: Context) -> bool:
    """Write one document's rows; return whether the log had it, as another process may have."""
    if not outcome.rows:
        return False
    source = outcome.source
    had = database.execute("SELECT 1 FROM source WHERE digest = ?", (source.digest,)).fetchone()
    imported_at = context.now.isoformat(timespec="seconds")
    database.execute(_UPSERT_SOURCE, (*_SOURCE_VALUES(source), imported_at))
    database.executemany(_PUT_ACTIVITY, map(_VALUES, outcome.rows))
    return had is not None


def rebuild(database: sqlite3.Connection, context: Context, *, jobs: int | None) -> int:
    """Replace every activity by what its stored bytes give now, in one transaction.

    They are gathered aside first, so that others wait for the replacing alone; of a file that can
    no longer be read, the activities stay as they are.
    """
    database.execute("CREATE TEMP TABLE fresh AS SELECT * FROM activity WHERE 0")
    for outcome in measured_in_parallel(map(unpacked, sources(database)), context, jobs):
        database.executemany(_PUT_ASIDE, map(_VALUES, outcome.rows))
    with transaction(database):
        database.execute("DELETE FROM activity WHERE digest IN (SELECT digest FROM fresh)")
        database.execute("INSERT INTO activity SELECT * FROM fresh")
    database.execute("DROP TABLE fresh")
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
    head: list[Document] = []
    left = POOL_FROM_BYTES
    while left > 0 and (document := next(documents, None)):
        head.append(document)
        left -= len(document.content)
    workers = jobs or (1 if _runs_a_script() else cores())
    return measured(chain(head, documents), context, jobs=1 if left > 0 else workers)


def batched(files: Iterator[list[Measured]]) -> Iterator[list[list[Measured]]]:
    """Yield the files in batches of one transaction each."""
    while batch := list(islice(files, BATCH_FILES)):
        yield batch


def sources(database: sqlite3.Connection) -> Iterator[Source]:
    """Read one source at a time, so that memory stays bounded."""
    digests = database.execute("SELECT digest FROM source ORDER BY rowid").fetchall()
    for (digest,) in digests:
        row = database.execute(
            f"SELECT {_SOURCE_COLUMNS} FROM source WHERE digest = ?",  # noqa: S608 - fixed names
            (digest,),
        ).fetchone()
        yield Source(*row)


def _runs_a_script() -> bool:
    """Return whether new processes would run the user's whole script again to find their work."""
    main = sys.modules["__main__"]
    return hasattr(main, "__file__") and main.__spec__ is None


def cores() -> int:
    """Return how many processes can work at the same time."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
