"""Examine a log: whether every page in use, row, file and entry is what it was when written."""

from __future__ import annotations

import datetime as dt
import hashlib
import sqlite3
import zlib
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from kneeload import formatting
from kneeload.errors import KneeloadError
from kneeload.model import Sport
from kneeload.store.database import connect_to_read, explanation, schema_version, snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import pandas as pd

    from kneeload.store.journal import State

    Progress = Callable[[int, int], None]

MOST = 5  # problems of one kind that are told one by one


@dataclass(frozen=True)
class Findings:
    """What a log holds, and what is wrong with it in one line each."""

    files: int
    activities: int
    entries: int
    problems: tuple[str, ...] = ()

    @property
    def summary(self) -> str:
        """What the log holds, in words."""
        counts = (
            formatting.count(self.files, "file"),
            formatting.count(self.activities, "activity", "activities"),
            formatting.count(self.entries, "entry", "entries"),
        )
        return ", ".join(counts)


def examine(path: Path, progress: Progress = lambda _done, _total: None) -> Findings:
    """Read a whole log, changing nothing, and say what was found.

    `progress` is called with how many of the kept files were read, and how many there are.

    Raises
    ------
    LogError
        If there is no file, it is no log, or it is newer than this program.
    """
    with closing(connect_to_read(path)) as database, snapshot(database):
        if not schema_version(database, path):
            return Findings(0, 0, 0)
        files, activities, entries = (_count(database, table) for table in _COUNTED)
        checks = (_pages, _references, partial(_sources, progress=progress, files=files), *_CHECKS)
        problems = tuple(text for check in checks for text in _problems(check, database, path))
    return Findings(files, activities, entries, tuple(dict.fromkeys(problems)))


def contents(database: sqlite3.Connection) -> dict[str, str]:
    """Return the SHA-256 of every table's rows in the order of their keys, by table."""
    tables = database.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    ).fetchall()
    return {name: _digest(database, name) for (name,) in tables}


def _digest(database: sqlite3.Connection, table: str) -> str:
    digest = hashlib.sha256()
    for row in database.execute(f"SELECT * FROM {table} ORDER BY 1"):  # noqa: S608 - from the schema
        for value in row:
            plain = value if isinstance(value, bytes) else repr(value).encode()
            digest.update(b"%d:" % len(plain))
            digest.update(plain)
    return digest.hexdigest()


def _problems(
    check: Callable[[sqlite3.Connection], Iterator[str]],
    database: sqlite3.Connection,
    path: Path,
) -> list[str]:
    """Return the first few problems; what cannot even be read is one as well."""
    problems: list[str] = []
    try:
        for text in check(database):
            problems.append(text)
            if len(problems) == MOST:
                break
    except sqlite3.Error as error:
        problems.append(str(explanation(path, error)))
    return problems


def _pages(database: sqlite3.Connection) -> Iterator[str]:
    for (text,) in database.execute(f"PRAGMA integrity_check({MOST})"):
        if text != "ok":
            yield f"the file is damaged: {' '.join(text.split())}"


def _references(database: sqlite3.Connection) -> Iterator[str]:
    for table, row, parent, _ in database.execute("PRAGMA foreign_key_check"):
        yield f"row {row} of {table} belongs to no {parent}"


def _sources(database: sqlite3.Connection, progress: Progress, files: int) -> Iterator[str]:
    rows = database.execute("SELECT digest, path, content FROM source")
    for number, (digest, path, content) in enumerate(rows, 1):
        progress(number, files)
        try:
            intact = hashlib.sha256(zlib.decompress(content)).hexdigest() == digest
        except zlib.error:
            intact = False
        if not intact:
            yield f"the stored copy of {path} is not what was imported"


def _unread(database: sqlite3.Connection) -> Iterator[str]:
    rows = database.execute(
        "SELECT path FROM source WHERE digest NOT IN (SELECT digest FROM activity)"
    )
    for (path,) in rows:
        yield f"{path} has no activity; `kneeload rebuild` reads it again"


def _words(database: sqlite3.Connection) -> Iterator[str]:
    try:
        read_all(database)
    except (KneeloadError, ValueError, TypeError, KeyError) as error:
        yield f"diary, decisions or settings cannot be read: {error}"


def read_all(database: sqlite3.Connection) -> dict[str, pd.DataFrame]:
    """Return what stands, read as every command does; raises what they would."""
    from kneeload.log.snapshot import Reading

    read = Reading(database)
    _check_edits(read.state)
    return read.frames


def _check_edits(state: State) -> None:
    """Raise where an entry or edit has a value that its command would not have let in."""
    from kneeload.diary.validation import PAIN_FIELDS, validated_entry
    from kneeload.store.journal import active

    for fields in active(state, "pain").values():
        validated_entry({name: fields.get(name) for name in PAIN_FIELDS})
    for fields in active(state, "run").values():
        for name, value in fields.items():
            _EDITS.get(name, str)(value)


_EDITS: dict[str, Callable[[Any], object]] = {
    "sport": Sport,
    "distance_km": float,
    "rpe": float,
    "shift_s": float,
    "local_date": dt.date.fromisoformat,
}
_COUNTED = ("source", "activity", "journal")
_CHECKS = (_unread, _words)


def _count(database: sqlite3.Connection, table: str) -> int:
    try:
        return int(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608
    except sqlite3.Error:
        return 0
