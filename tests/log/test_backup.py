"""Backups are read back, restoring loses nothing, and a few are made unasked."""

import datetime as dt
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from kneeload.diary.validation import validated_entry
from kneeload.errors import LogError
from kneeload.log import backup
from kneeload.log.backup import KEPT, back_up, keep, newest, restore
from kneeload.log.training_log import TrainingLog
from kneeload.log.verify import contents
from kneeload.store import database, schema
from kneeload.store.database import connect, connect_to_read
from tests.log.comparing import dump, faults
from tests.modes import is_private

AT = dt.datetime(2026, 4, 1, 12, 0, tzinfo=dt.UTC)


@pytest.fixture
def small_log(tmp_path: Path) -> Path:
    path = tmp_path / "log.db"
    add_score(path, 1)
    return path


def add_score(path: Path, score: int) -> None:
    with TrainingLog(path) as log:
        log.add_pain([validated_entry({"local_date": "2026-03-14", "score": score})], AT)


def scores(path: Path) -> list[int]:
    with TrainingLog(path, create=False) as log:
        return list(log.pain()["score"])


def test_a_backup_is_one_private_file_with_every_row(sample_log: Path, tmp_path: Path) -> None:
    copy = tmp_path / "usb" / "copy.db"
    with TrainingLog(sample_log) as log:
        log.set("units", "mi")  # in the write-ahead log, not yet in the file
        found = back_up(sample_log, copy)
    assert found.problems == ()
    assert found.files == len(dump(sample_log)["source"])
    assert dump(copy) == dump(sample_log)
    assert [path.name for path in copy.parent.iterdir()] == ["copy.db"]
    assert is_private(copy)
    assert is_private(copy.parent)


def test_a_backup_is_a_log_itself(small_log: Path, tmp_path: Path) -> None:
    back_up(small_log, tmp_path / "copy.db")
    assert scores(tmp_path / "copy.db") == [1]


def test_an_older_backup_is_replaced(small_log: Path, tmp_path: Path) -> None:
    back_up(small_log, tmp_path / "copy.db")
    add_score(small_log, 2)
    back_up(small_log, tmp_path / "copy.db")
    assert scores(tmp_path / "copy.db") == [1, 2]


def test_a_file_that_is_no_backup_is_not_replaced(small_log: Path, tmp_path: Path) -> None:
    (tmp_path / "holiday.jpg").write_bytes(b"\xff\xd8" * 500)
    with pytest.raises(LogError, match="already exists and is not a kneeload backup"):
        back_up(small_log, tmp_path / "holiday.jpg")
    with pytest.raises(LogError, match="the log itself"):
        back_up(small_log, small_log)
    assert (tmp_path / "holiday.jpg").read_bytes() == b"\xff\xd8" * 500
    assert scores(small_log) == [1]


def test_a_copy_that_is_not_what_was_written_does_not_count(
    small_log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    back_up(small_log, tmp_path / "copy.db")
    add_score(small_log, 2)
    calls = iter([{"journal": "as written"}, {"journal": "as read back"}])
    monkeypatch.setattr(backup, "contents", lambda _: next(calls))
    with pytest.raises(LogError, match="check the disk"):
        back_up(small_log, tmp_path / "copy.db")
    monkeypatch.undo()
    assert scores(tmp_path / "copy.db") == [1]
    assert not list(tmp_path.glob(".*.part"))


def test_restoring_keeps_the_log_as_it_was(small_log: Path, tmp_path: Path) -> None:
    back_up(small_log, tmp_path / "copy.db")
    add_score(small_log, 2)
    found, kept = restore(small_log, tmp_path / "copy.db")
    assert found.entries == 1
    assert scores(small_log) == [1]
    assert kept == newest(small_log)
    assert kept is not None
    restore(small_log, kept)
    assert scores(small_log) == [1, 2]


def test_restoring_reaches_those_who_have_the_log_open(small_log: Path, tmp_path: Path) -> None:
    back_up(small_log, tmp_path / "copy.db")
    with TrainingLog(small_log) as log:
        log.add_pain([validated_entry({"local_date": "2026-03-15", "score": 2})], AT)
        restore(small_log, tmp_path / "copy.db")
        assert list(log.pain()["score"]) == [1]
        log.add_pain([validated_entry({"local_date": "2026-03-16", "score": 3})], AT)
    assert scores(small_log) == [1, 3]
    assert faults(small_log) == []


def test_restoring_where_there_is_no_log(small_log: Path, tmp_path: Path) -> None:
    found, kept = restore(tmp_path / "new" / "log.db", small_log)
    assert (found.entries, kept) == (1, None)
    assert scores(tmp_path / "new" / "log.db") == [1]
    assert is_private(tmp_path / "new" / "log.db")


def test_a_damaged_log_is_put_aside_whole(small_log: Path, tmp_path: Path) -> None:
    back_up(small_log, tmp_path / "copy.db")
    damage(small_log)
    before = small_log.read_bytes()
    _, kept = restore(small_log, tmp_path / "copy.db")
    assert kept == tmp_path / "log.db.damaged-1"
    assert kept.read_bytes() == before
    assert scores(small_log) == [1]


def damage(path: Path) -> None:
    """Overwrite every page but the first, as a failing disk might."""
    connect(path).close()
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * (size - 4096))


def test_a_backup_that_is_not_sound_restores_nothing(small_log: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "copy.db"
    back_up(small_log, damaged)
    damage(damaged)
    for bad, reason in ((damaged, "damaged"), (other_program(tmp_path), "not a kneeload log")):
        with pytest.raises(LogError, match=reason):
            restore(small_log, bad)
    (tmp_path / "empty.db").touch()
    with pytest.raises(LogError, match="it is empty"):
        restore(small_log, tmp_path / "empty.db")
    with pytest.raises(LogError, match="the log itself"):
        restore(small_log, small_log)
    assert scores(small_log) == [1]
    assert newest(small_log) is None


def other_program(folder: Path) -> Path:
    path = folder / "recipes.db"
    with closing(sqlite3.connect(path)) as recipes:
        recipes.execute("CREATE TABLE recipe (name TEXT)")
    return path


def test_another_programs_file_in_the_logs_place_stays(small_log: Path, tmp_path: Path) -> None:
    recipes = other_program(tmp_path)
    before = recipes.read_bytes()
    with pytest.raises(LogError, match="not a kneeload log"):
        restore(recipes, small_log)
    assert recipes.read_bytes() == before


def test_the_last_few_automatic_backups_stay(small_log: Path) -> None:
    for _ in range(KEPT + 2):
        last = keep(small_log)
    numbers = sorted(path.name.rpartition("-")[2] for path in small_log.parent.glob("*.backup-*"))
    assert numbers == [str(n) for n in range(3, KEPT + 3)]
    assert newest(small_log) == last
    assert is_private(last)


def test_the_oldest_backup_can_be_restored(small_log: Path) -> None:
    oldest = keep(small_log)
    for _ in range(KEPT - 1):
        add_score(small_log, 5)
        keep(small_log)
    restore(small_log, oldest)
    assert scores(small_log) == [1]


def test_rebuilding_keeps_what_was_before(sample_log: Path) -> None:
    with closing(connect(sample_log)) as connection:
        connection.execute("UPDATE activity SET distance_km = 1")
    with TrainingLog(sample_log) as log:
        log.rebuild(AT, jobs=1)
    kept = newest(sample_log)
    assert kept is not None
    with closing(connect_to_read(kept)) as connection:
        assert connection.execute("SELECT DISTINCT distance_km FROM activity").fetchall() == [(1,)]


@pytest.fixture
def old_log(small_log: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a log of this release, in the one after it."""
    later = (*schema.MIGRATIONS, "ALTER TABLE setting ADD COLUMN changed_at TEXT;\n")
    monkeypatch.setattr(database, "MIGRATIONS", later)
    monkeypatch.setattr(database, "VERSION", len(later))
    return small_log


def test_a_migration_keeps_the_old_log(old_log: Path) -> None:
    before = dump(old_log)
    TrainingLog(old_log).close()
    kept = newest(old_log)
    assert kept is not None
    assert dump(kept) == before
    with closing(connect_to_read(kept)) as old, closing(connect_to_read(old_log)) as new:
        assert old.execute("PRAGMA user_version").fetchone() == (schema.VERSION,)
        assert new.execute("PRAGMA user_version").fetchone() == (schema.VERSION + 1,)
        tables = ("source", "activity", "journal", "seen")
        assert all(contents(old)[t] == contents(new)[t] for t in tables)


def test_no_backup_no_migration(old_log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup, "keep", full)
    with pytest.raises(LogError, match="disk is full"):
        TrainingLog(old_log)
    with closing(connect_to_read(old_log)) as old:
        assert old.execute("PRAGMA user_version").fetchone() == (schema.VERSION,)


def test_a_new_log_needs_no_backup(tmp_path: Path) -> None:
    TrainingLog(tmp_path / "log.db").close()
    assert newest(tmp_path / "log.db") is None


def test_a_copied_log_with_its_write_ahead_file_is_read_whole(
    small_log: Path, tmp_path: Path
) -> None:
    with TrainingLog(small_log) as log:
        log.add_pain([validated_entry({"local_date": "2026-03-15", "score": 2})], AT)
        for ending in ("", "-wal"):
            shutil.copy(f"{small_log}{ending}", tmp_path / f"moved.db{ending}")
    back_up(tmp_path / "moved.db", tmp_path / "copy.db")
    assert scores(tmp_path / "copy.db") == [1, 2]
