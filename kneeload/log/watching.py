"""Whether anybody has written to a log since: a number to compare, without reading the log."""

from __future__ import annotations

from contextlib import suppress
from threading import Lock
from typing import TYPE_CHECKING

from kneeload.store.database import connect_to_read, readable_errors

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

Version = tuple[int, int, int]
_MISSING: Version = (0, 0, 0)


class Watch:
    """A connection that reads nothing but SQLite's own count of what others committed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._database: sqlite3.Connection | None = None
        self._file = (0, 0)
        self._lock = Lock()

    def version(self) -> Version:
        """Return what is another after every commit, and when another file took the log's place."""
        with self._lock, readable_errors(self._path):
            if not self._path.exists():
                self._close()
                return _MISSING
            status = self._path.stat()
            if self._database is None or self._file != (status.st_dev, status.st_ino):
                self._close()
                self._database = connect_to_read(self._path, any_thread=True)
                self._file = (status.st_dev, status.st_ino)
            count = int(self._database.execute("PRAGMA data_version").fetchone()[0])
            return (*self._file, count)

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            self._close()

    def _close(self) -> None:
        if self._database is not None:
            with suppress(OSError):
                self._database.close()
        self._database = None
