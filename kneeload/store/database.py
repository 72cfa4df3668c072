"""Open the log's SQLite file: private, durable, of this schema, with errors a runner can act on."""

from __future__ import annotations

import errno
import sqlite3
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from kneeload.errors import LogError
from kneeload.store import shared_drives
from kneeload.store.private_files import make_file, make_folder
from kneeload.store.schema import APPLICATION_ID, MIGRATIONS, VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BUSY_TIMEOUT_S = 30.0
_IN_MEMORY = ":memory:"


def connect(
    path: Path, *, create: bool = True, before_migration: Callable[[Path], object] | None = None
) -> sqlite3.Connection:
    """Return a connection to the log at `path`, made or migrated where needed.

    The file is created readable by its owner alone, in a folder of the same kind. An older
    schema is migrated once `before_migration` has been called with the path; what that raises
    stops the migration.

    Raises
    ------
    LogError
        If the file is no log, is newer than this program, or cannot be opened.
    """
    with readable_errors(path):
        if not path.exists():
            _make(path, create=create)
        database = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, isolation_level=None)
        try:
            _prepare(database, path, before_migration or _nothing)
        except BaseException:
            database.close()
            raise
    return database


def in_memory(path: Path) -> sqlite3.Connection:
    """Return a connection to an empty log that stands in for the one missing at `path`.

    It is in no file, and gone when it is closed.

    Raises
    ------
    LogError
        If `path` is on a drive that is not connected.
    """
    _check_drive(path)
    database = sqlite3.connect(_IN_MEMORY, isolation_level=None)
    _migrate(database, Path(_IN_MEMORY), _nothing)
    return database


def connect_to_read(path: Path, *, any_thread: bool = False) -> sqlite3.Connection:
    """Return a connection that changes nothing, to a log of this or an older schema.

    With `any_thread`, threads may share it that take turns.

    Raises
    ------
    LogError
        If there is no file, it is no log, or it is newer than this program.
    """
    with readable_errors(path):
        if not path.exists():
            raise LogError(f"there is no training log at {path}")
        uri = f"{path.absolute().as_uri()}?mode=ro"
        database = sqlite3.connect(
            uri,
            uri=True,
            timeout=BUSY_TIMEOUT_S,
            isolation_level=None,
            check_same_thread=not any_thread,
        )
        try:
            schema_version(database, path)
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
        database.execute("COMMIT")
    except BaseException:
        if database.in_transaction:
            database.execute("ROLLBACK")
        raise


@contextmanager
def snapshot(database: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """Run a block that reads as if no other process wrote meanwhile."""
    database.execute("BEGIN")
    try:
        yield database
    finally:
        if database.in_transaction:
            database.execute("ROLLBACK")


@contextmanager
def readable_errors(path: Path) -> Iterator[None]:
    """Turn what SQLite and the file system report into one line that says what to do."""
    try:
        yield
    except sqlite3.Error as error:
        raise explanation(path, error) from error
    except OSError as error:
        raise LogError(f"{path}: {_system_hint(error)}") from error


def explanation(path: Path, error: sqlite3.Error) -> LogError:
    """Return what SQLite reports about the log as one line that says what to do."""
    text = str(error).lower()
    hint = next((hint for sign, hint in _HINTS.items() if sign in text), str(error))
    return LogError(f"{path}: {hint}")


def shared_by(path: Path) -> str | None:
    """Return what shares the log's folder with other machines, or None."""
    try:
        mounts = Path("/proc/mounts").read_text(encoding="utf-8", errors="replace")
    except OSError:
        mounts = ""
    return shared_drives.shared_by(path.resolve(), mounts)


def schema_version(database: sqlite3.Connection, path: Path) -> int:
    """Return the schema's version; 0 of a log that is yet empty.

    Raises
    ------
    LogError
        If the file is no log or is newer than this program.
    """
    # The tables first: another process may write them, and with them the numbers, meanwhile.
    kinds = {kind for (kind,) in database.execute("SELECT DISTINCT type FROM sqlite_schema")}
    application = database.execute("PRAGMA application_id").fetchone()[0]
    version = int(database.execute("PRAGMA user_version").fetchone()[0])
    if kinds and application != APPLICATION_ID:
        raise LogError(f"{path}: {_NO_LOG}")
    if not kinds <= {"table", "index"}:  # a stranger's trigger would run as ours
        raise LogError(
            f"{path}: it contains triggers or views, which a kneeload log never has; not read"
        )
    if version > VERSION:
        raise LogError(f"{path}: written by a newer kneeload (schema {version}); update kneeload")
    return version


_NO_LOG = "not a kneeload log; choose another file"
_FULL = "the disk is full; free some space and run the command again"
_FAILING = "reading or writing failed; check the disk or drive it is on"
_HINTS = {
    "not a database": _NO_LOG,
    "malformed": "the file is damaged; restore a backup with `kneeload restore`",
    "full": _FULL,
    "readonly": "it cannot be written; check the permissions of the file and its folder",
    "locked": "another program is using it; close that program and try again",
    "unable to open": "it cannot be opened; check the path and the permissions of its folder",
    "disk i/o": _FAILING,
}
_SYSTEM_HINTS = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EIO: _FAILING,
    errno.EROFS: "its folder is read-only; name another file with --log",
    errno.EACCES: "Permission denied; check the permissions of its folder or name another file",
}


def _system_hint(error: OSError) -> str:
    return _SYSTEM_HINTS.get(error.errno or 0) or error.strerror or str(error)


def _make(path: Path, *, create: bool) -> None:
    if not create:
        raise LogError(
            f"there is no training log at {path}; create one with: kneeload import FOLDER"
        )
    _check_drive(path)
    make_folder(path.parent)
    make_file(path)


def _check_drive(path: Path) -> None:
    if shared_drives.removable(path.absolute()) and not path.parent.is_dir():
        raise LogError(f"{path}: its folder is not there; is the drive connected?")


def _nothing(_: Path) -> None:
    pass


def _prepare(
    database: sqlite3.Connection, path: Path, before_migration: Callable[[Path], object]
) -> None:
    database.execute("PRAGMA foreign_keys = ON")
    version = schema_version(database, path)
    _choose_journal(database, path)
    if version < VERSION:
        _migrate(database, path, before_migration)


def _choose_journal(database: sqlite3.Connection, path: Path) -> None:
    """Write ahead on this machine's own disk, roll back where other machines have a hand in it.

    Refusing such places would shut out everyone whose whole home is on one. What cannot be changed
    now, because another process holds the log or it is read-only, stays as it is.
    """
    mode = "delete" if shared_by(path) else "wal"
    if database.execute("PRAGMA journal_mode").fetchone()[0] != mode:
        with suppress(sqlite3.OperationalError):
            database.execute(f"PRAGMA journal_mode = {mode}")


def _migrate(
    database: sqlite3.Connection, path: Path, before_migration: Callable[[Path], object]
) -> None:
    """Apply the missing steps in one transaction; another process may have been first."""
    with transaction(database):
        version = database.execute("PRAGMA user_version").fetchone()[0]
        if 0 < version < VERSION:
            before_migration(path)
        for step in MIGRATIONS[version:]:
            for statement in _statements(step):
                database.execute(statement)
        database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        database.execute(f"PRAGMA user_version = {VERSION}")


def _statements(script: str) -> list[str]:
    """Split a script; `executescript` would commit the transaction it runs in."""
    return [part for part in script.split(";\n") if part.strip()]
