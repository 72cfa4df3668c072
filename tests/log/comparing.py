"""A log's rows in an order of their own, to tell whether two logs hold the same."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

COLUMNS = {
    "source": "digest, kind, path, file, sport, content, companion",
    "activity": "*",
    "journal": "*",
    "setting": "*",
}


def dump(path: Path, *tables: str) -> dict[str, list[Any]]:
    """Return every row that no clock wrote and no other folder would change."""
    with closing(sqlite3.connect(path)) as database:
        return {
            table: sorted(database.execute(f"SELECT {COLUMNS[table]} FROM {table}"))
            for table in tables or COLUMNS
        }


def faults(path: Path) -> list[Any]:
    """Return what SQLite itself finds wrong with a log."""
    with closing(sqlite3.connect(path)) as database:
        pages = database.execute("PRAGMA integrity_check").fetchall()
        return [row for row in pages if row != ("ok",)] + database.execute(
            "PRAGMA foreign_key_check"
        ).fetchall()
