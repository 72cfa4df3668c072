"""What can go wrong around a log: one line says what, and what to do; nothing is half-written."""

import os
import shutil
import sqlite3
import stat
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from click.testing import Result

from kneeload.errors import KneeloadError, LogError
from kneeload.ingest.workers import pool
from kneeload.log.training_log import TrainingLog
from kneeload.log.verify import examine
from kneeload.samples import samples_folder
from kneeload.store import database, shared_drives
from kneeload.store.database import connect
from tests.cli.invoking import invoke as kneeload
from tests.conftest import NOW
from tests.log.comparing import dump, faults

SAMPLES = samples_folder()
NOBODY = 65534


def complaint(result: Result) -> str:
    """Return the one line of a failure."""
    assert result.exit_code == 1, result.output
    (line,) = result.stderr.splitlines()
    return line


def test_a_full_disk_leaves_what_was_there(tmp_path: Path, imported_samples: Path) -> None:
    path = tmp_path / "log.db"
    with TrainingLog(path) as log:
        pages = imported_samples.stat().st_size // 4096 * 5 // 6
        log._database.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(LogError, match="disk is full; free some space"):
            log.ingest([SAMPLES], now=NOW, jobs=1)
        assert not log._database.in_transaction
    assert faults(path) == []
    assert examine(path).problems == ()
    assert 0 < len(dump(path)["source"]) < len(dump(imported_samples)["source"])
    with TrainingLog(path) as log:
        log.ingest([SAMPLES], now=NOW, jobs=1)
    assert dump(path, "source", "activity") == dump(imported_samples, "source", "activity")


def test_a_killed_worker_is_told_in_a_line() -> None:
    with (
        pytest.raises(KneeloadError, match=r"^a worker process was stopped, .*--jobs 1$"),
        pool(1) as workers,
    ):
        list(workers.map(os._exit, [9]))


def test_a_full_disk_is_told_by_the_file_system_as_well(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="disk is full"), database.readable_errors(tmp_path):
        raise OSError(28, "No space left on device")


@contextmanager
def unprivileged(folder: Path, mode: int) -> Iterator[None]:
    """Look at `folder`, which has that mode, as one who may do no more than it says.

    Nobody may be kept from the installed packages too, so commands have imported theirs before.
    """
    with tempfile.TemporaryDirectory() as other:
        for words in (("import", other), ("pain", "add", "3"), ("runs",)):
            kneeload("--log", Path(other) / "log.db", *words)
    folder.chmod(mode)
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)
        folder.chmod(0o700)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Return a folder that every user may reach; pytest's own are closed to others."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if os.geteuid() == 0:
            os.chown(folder, NOBODY, NOBODY)
        yield folder


@pytest.mark.posix
def test_a_folder_that_may_not_be_written_says_so(open_folder: Path) -> None:
    with unprivileged(open_folder, 0o555):
        result = kneeload("--log", open_folder / "log.db", "import", SAMPLES)
        assert "check the permissions" in complaint(result)
        assert list(open_folder.iterdir()) == []


@pytest.mark.posix
def test_a_log_that_may_not_be_written_says_so_and_stays(
    open_folder: Path, sample_log: Path
) -> None:
    log = Path(shutil.copy(sample_log, open_folder / "log.db"))
    log.chmod(0o444)
    before = log.read_bytes()
    with unprivileged(open_folder, 0o555):
        result = kneeload("--log", log, "pain", "add", "3")
        assert "check the" in complaint(result)
    assert log.read_bytes() == before


@pytest.mark.posix
def test_a_folder_that_may_not_be_entered_says_so(open_folder: Path) -> None:
    connect(open_folder / "log.db").close()
    with unprivileged(open_folder, 0o000):
        if not os.access(open_folder, os.X_OK, effective_ids=True):
            assert "check the" in complaint(kneeload("--log", open_folder / "log.db", "runs"))


@pytest.mark.parametrize("words", [("import", SAMPLES), ("runs",), ("pain", "add", "3")])
def test_a_drive_that_is_not_there_is_no_reason_for_a_new_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[object, ...]
) -> None:
    monkeypatch.setattr(shared_drives, "removable", lambda _: True)
    path = tmp_path / "STICK" / "log.db"
    assert "is the drive connected?" in complaint(kneeload("--log", path, *words))
    assert list(tmp_path.iterdir()) == []


COMMANDS = [
    ("runs",),
    ("weeks", "--csv"),
    ("flags", "--json"),
    ("status",),
    ("plan",),
    ("pain", "list"),
    ("pain", "add", "3"),
    ("undo",),
    ("settings",),
    ("settings", "set", "units", "mi"),
    ("report",),
    ("duplicates",),
    ("rebuild",),
    ("import", SAMPLES),
    ("backup", "copy.db"),
    ("export", "e.zip"),
    ("verify",),
]


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: " ".join(map(str, words[:2])))
@pytest.mark.parametrize("state", ["photo", "newer"])
def test_every_command_refuses_what_it_cannot_read_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[object, ...], state: str
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "log.db"
    if state == "photo":
        path.write_bytes(b"\xff\xd8\xff\xe0" * 2000)
    else:
        with closing(connect(path)) as connection:
            connection.execute("PRAGMA user_version = 99")
    before = path.read_bytes()
    hints = {"photo": "not a kneeload log", "newer": "newer kneeload (schema 99); update"}
    assert hints[state] in complaint(kneeload("--log", path, *words))
    assert path.read_bytes() == before
    assert {p.name for p in tmp_path.iterdir()} <= {"log.db", "log.db-wal", "log.db-shm"}


@pytest.mark.parametrize(
    "words",
    [w for w in COMMANDS if w[0] not in {"undo"}],
    ids=lambda words: " ".join(map(str, words[:2])),
)
def test_a_damaged_log_is_never_a_traceback(
    sample_log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[object, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    with closing(connect(sample_log)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    size = sample_log.stat().st_size
    with sample_log.open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(4096) * (size // 4096 - 1))
    line = complaint(kneeload("--log", sample_log, *words))
    assert "damaged" in line
    assert "kneeload restore" in line
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize("column", ["local_date", "started_at"])
def test_a_damaged_activity_is_told_and_computed_again(sample_log: Path, column: str) -> None:
    before = dump(sample_log, "activity")
    with closing(sqlite3.connect(sample_log)) as log, log:
        log.execute(f"UPDATE activity SET {column} = {column} || '{{' WHERE sport = 'cycling'")
    line = complaint(kneeload("--log", sample_log, "status"))
    assert "an activity in the log is damaged" in line
    assert "kneeload rebuild" in line
    assert "an activity in the log is damaged" in "".join(examine(sample_log).problems)
    assert kneeload("--log", sample_log, "rebuild").exit_code == 0
    assert dump(sample_log, "activity") == before


@pytest.mark.parametrize("words", [("backup", "b.db"), ("export", "e.zip"), ("verify",)])
def test_keeping_a_log_that_is_not_there_makes_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "there is no training log" in complaint(kneeload("--log", "log.db", *words))
    assert list(tmp_path.iterdir()) == []


def test_a_shared_folder_has_no_write_ahead_log_and_a_hint(tmp_path: Path) -> None:
    path = tmp_path / "Dropbox" / "log.db"
    result = kneeload("--log", path, "pain", "add", "3", "--date", "2026-03-14")
    assert result.exit_code == 0
    assert "synchronised folder Dropbox: use it from one machine" in result.stderr
    with closing(connect(path)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    again = kneeload("--log", path, "pain", "list")
    assert again.stderr == ""
    assert "never use it from two machines" in kneeload("--log", path, "verify").stdout
    assert [p.name for p in path.parent.iterdir()] == ["log.db"]


def test_a_log_that_moves_into_a_shared_folder_and_back(sample_log: Path, tmp_path: Path) -> None:
    before = dump(sample_log)
    for folder, mode in (("OneDrive", "delete"), ("home", "wal")):
        (tmp_path / folder).mkdir()
        sample_log = sample_log.rename(tmp_path / folder / "log.db")
        with closing(connect(sample_log)) as connection:
            assert connection.execute("PRAGMA journal_mode").fetchone() == (mode,)
        assert dump(sample_log) == before


@pytest.mark.posix
@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077], ids=oct)
def test_every_file_that_a_command_makes_is_private(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, umask: int
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.chdir(home)
    log = home / "data" / "deep" / "log.db"
    run = next((SAMPLES / "2026").glob("*-run.fit"))
    before = os.umask(umask)
    try:
        for words in (
            ("import", run),
            ("pain", "add", "3", "--date", "2026-03-14"),
            ("report", "-o", "reports/week.html"),
            ("rebuild",),
            ("backup", "usb/copy.db"),
            ("restore", "usb/copy.db"),
            ("export", "out/e.zip"),
            ("demo", "-o", "demo.html"),
        ):
            result = kneeload("--log", log, "--as-of", "2026-03-29", *words)
            assert result.exit_code == 0, result.output
        with closing(connect(log)) as connection:
            connection.execute("INSERT INTO setting VALUES ('units', 'mi')")
            made = {p.relative_to(home).as_posix(): p for p in home.rglob("*")}
            modes = {n: stat.S_IMODE(p.stat().st_mode) for n, p in made.items()}
    finally:
        os.umask(before)
    expected = {name: 0o700 if path.is_dir() else 0o600 for name, path in made.items()}
    assert modes == expected
    assert {"data/deep/log.db-wal", "data/deep/log.db-shm", "data/deep/log.db.backup-1"} < set(made)
    assert {"reports/week.html", "usb/copy.db", "out/e.zip", "demo.html"} < set(made)
