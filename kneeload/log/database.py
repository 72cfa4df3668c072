"""Open the log's SQLite file: private, durable, of this schema, with errors a runner can act on."""

from __future__ import annotations

import os
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from kneeload.errors import LogError
from kneeload.log.schema import APPLICATION_ID, MIGRATIONS, VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BUSY_TIMEOUT_S = 30.0


def connect(path: Path, *, create: bool = True) -> sqlite3.Connection:
    """Return a connection to the log at `path`, made or migrated where needed.

    The file is created readable by its owner alone, in a folder of the same kind.

    Raises
    ------
    LogError
        If the file is no log, is newer than this program, or cannot be opened.
    """
    if not path.exists() and not create:
        raise LogError(f"there is no training log at {path}; `kneeload import` makes one")
    with explained(path):
        _make_private(path)
        database = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, isolation_level=None)
        try:
            _prepare(database, path)
        except BaseException:
            database.close()
            raise
    return database


@contextmanager
def transaction(database: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """Run a block as one transaction: all of it is kept, or nothing."""
    database.execute("BEGIN IMMEDIATE")
    try:
        yield database
    except BaseException:
        if database.in_transaction:
            database.execute("ROLLBACK")
        raise
    database.execute("COMMIT")


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what SQLite and the file system report into one line that says what to do."""
    try:
        yield
    except sqlite3.Error as error:
        raise LogError(_explanation(path, error)) from error
    except OSError as error:
        raise LogError(f"{path}: {error.strerror or error}") from error


_HINTS = {
    "not a database": "it is no kneeload log; name another file with --log",
    "malformed": "the file is damaged; restore a backup with `kneeload restore`",
    "full": "the disk is full; free some space and run the command again",
    "readonly": "it cannot be written; check the permissions of the file and its folder",
    "locked": "another program holds it; close it and try again",
    "unable to open": "it cannot be opened; check the path and the permissions of its folder",
    "disk i/o": "reading or writing failed; check the disk or drive it is on",
}


def _explanation(path: Path, error: sqlite3.Error) -> str:
    text = str(error).lower()
    hint = next((hint for sign, hint in _HINTS.items() if sign in text), str(error))
    return f"{path}: {hint}"


def _make_private(path: Path) -> None:
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))


def _prepare(database: sqlite3.Connection, path: Path) -> None:
    database.execute("PRAGMA foreign_keys = ON")
    version = _version(database, path)
    if database.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        database.execute("PRAGMA journal_mode = WAL")
    if version < VERSION:
        _migrate(database)


def _version(database: sqlite3.Connection, path: Path) -> int:
    version = int(database.execute("PRAGMA user_version").fetchone()[0])
    application = database.execute("PRAGMA application_id").fetchone()[0]
    tables = database.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if tables and application != APPLICATION_ID:
        raise LogError(f"{path}: it is no kneeload log; name another file with --log")
    if version > VERSION:
        raise LogError(f"{path}: written by a newer kneeload (schema {version}); update kneeload")
    return version


def _migrate(database: sqlite3.Connection) -> None:
    """Apply the missing steps in one transaction; another process may have been first."""
    with transaction(database):
        version = database.execute("PRAGMA user_version").fetchone()[0]
        for step in MIGRATIONS[version:]:
            for statement in _statements(step):
                database.execute(statement)
        database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        database.execute(f"PRAGMA user_version = {VERSION}")


def _statements(script: str) -> list[str]:
    """Split a script; `executescript` would commit the transaction it runs in."""
    return [part for part in script.split(";\n") if part.strip()]
