"""Opening the log: made private, refused with a reason, migrated whole."""

import os
import sqlite3
from pathlib import Path

import pytest

from kneeload.errors import LogError
from kneeload.store import database, schema
from kneeload.store.database import connect, readable_errors, transaction
from tests.modes import is_private


def test_a_new_log_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        connection = connect(tmp_path / "data" / "log.db")
        connection.execute("INSERT INTO setting VALUES ('units', 'mi')")
        made = [tmp_path / "data", *(tmp_path / "data").iterdir()]
        private = [is_private(path) for path in made]
        connection.close()
    finally:
        os.umask(before)
    assert private == [True] * 4  # the folder, the log and what SQLite lays beside it


def test_the_schema_is_the_newest_and_the_pragmas_hold(tmp_path: Path) -> None:
    connection = connect(tmp_path / "log.db")
    assert connection.execute("PRAGMA user_version").fetchone() == (schema.VERSION,)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)
    strict = connection.execute("SELECT name FROM pragma_table_list WHERE strict = 1").fetchall()
    names = {"source", "activity", "journal", "setting", "seen", "inbox_file"}
    assert {name for (name,) in strict} == names
    connection.close()


def test_a_missing_log_is_not_made_where_none_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(LogError, match=r"no training log at .*import"):
        connect(tmp_path / "log.db", create=False)
    assert not (tmp_path / "log.db").exists()


@pytest.mark.parametrize("content", [b"#!/bin/sh\necho no log\n" * 100, b"\x00" * 4096])
def test_a_file_that_is_no_database_is_refused_and_untouched(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "holiday.jpg"
    path.write_bytes(content)
    with pytest.raises(LogError, match="not a kneeload log"):
        connect(path)
    assert path.read_bytes() == content


def test_another_programs_database_is_refused_and_untouched(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE recipe (name TEXT)")
    other.commit()
    other.close()
    before = path.read_bytes()
    with pytest.raises(LogError, match="not a kneeload log"):
        connect(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "program",
    [
        "CREATE TRIGGER x AFTER INSERT ON journal BEGIN DELETE FROM source; END",
        "CREATE VIEW x AS SELECT content FROM source",
    ],
)
def test_a_log_that_a_stranger_put_programs_into_is_not_read(tmp_path: Path, program: str) -> None:
    connection = connect(tmp_path / "log.db")
    connection.execute(program)
    connection.close()
    with pytest.raises(LogError, match="contains triggers"):
        connect(tmp_path / "log.db")


def test_a_newer_schema_asks_for_a_newer_program(tmp_path: Path) -> None:
    connection = connect(tmp_path / "log.db")
    connection.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    connection.close()
    with pytest.raises(LogError, match=f"newer kneeload \\(schema {schema.VERSION + 1}\\)"):
        connect(tmp_path / "log.db")


def test_a_failing_migration_leaves_the_old_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect(tmp_path / "log.db").close()
    broken = (*schema.MIGRATIONS, "CREATE TABLE half (x TEXT) STRICT;\nCREATE NONSENSE;\n")
    monkeypatch.setattr(database, "MIGRATIONS", broken)
    monkeypatch.setattr(database, "VERSION", len(broken))
    with pytest.raises(LogError):
        connect(tmp_path / "log.db")
    monkeypatch.undo()
    connection = connect(tmp_path / "log.db")
    names = {n for (n,) in connection.execute("SELECT name FROM sqlite_schema WHERE type='table'")}
    connection.close()
    assert "half" not in names
    assert "activity" in names


def test_a_transaction_is_kept_whole_or_not_at_all(tmp_path: Path) -> None:
    connection = connect(tmp_path / "log.db")
    twice = [("units", "mi"), ("units", "km")]
    with pytest.raises(sqlite3.IntegrityError), transaction(connection):
        connection.executemany("INSERT INTO setting VALUES (?, ?)", twice)
    with transaction(connection):
        connection.execute("INSERT INTO setting VALUES ('sex', 'female')")
    assert connection.execute("SELECT key FROM setting").fetchall() == [("sex",)]
    connection.close()


@pytest.mark.parametrize(
    ("error", "hint"),
    [
        (sqlite3.OperationalError("database or disk is full"), "free some space"),
        (sqlite3.OperationalError("attempt to write a readonly database"), "permissions"),
        (sqlite3.DatabaseError("database disk image is malformed"), "kneeload restore"),
        (sqlite3.OperationalError("database is locked"), "another program"),
        (PermissionError(13, "Permission denied"), "Permission denied"),
    ],
)
def test_each_failure_says_in_one_line_what_to_do(
    tmp_path: Path, error: Exception, hint: str
) -> None:
    with pytest.raises(LogError, match=hint) as caught, readable_errors(tmp_path / "log.db"):
        raise error
    assert "\n" not in str(caught.value)
    assert str(tmp_path / "log.db") in str(caught.value)
