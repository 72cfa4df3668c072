"""What a log survives: kills, crowds, full disks and strangers' files, in one table.

    python -m benchmarks.stress                     300 kills, 100,000 mutants: most of an hour
    python -m benchmarks.stress --kills 6 --files 40 --rounds 1 --mutants 100
    python -m benchmarks.stress --only crowd disk

Every trial ends in the same question: does the log open, pass SQLite's own checks, and come, after
what was interrupted is done again, to exactly the rows that an undisturbed import gives?
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import fuzz
from kneeload.diary.validation import validated_entry
from kneeload.errors import LogError
from kneeload.log.backup import restore
from kneeload.log.training_log import TrainingLog
from kneeload.log.verify import contents, examine
from kneeload.simulate import archive
from kneeload.store.database import connect_to_read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NOW = dt.datetime(2026, 4, 1, 12, tzinfo=dt.UTC)
COMMAND = (sys.executable, "-c", "from kneeload.cli import main; main()")
RECORD_EVERY_S = 20  # small files: a kill falls between them as often as within one
CROWD = 8
PARTS = ("kills", "crowd", "disk", "mutants")


@dataclass(frozen=True)
class Outcome:
    """One line of the table."""

    what: str
    tried: int
    lost: int
    seconds: float


def import_into(log: Path, files: Path, *, jobs: int = 1, pages: int = 0) -> None:
    """Import all files; with `pages`, on a disk that has no room for more of them."""
    with TrainingLog(log) as opened:
        if pages:
            opened._database.execute(f"PRAGMA max_page_count = {pages}")  # noqa: SLF001
        opened.ingest([files], now=NOW, jobs=jobs)


def sound(log: Path, expected: dict[str, str]) -> bool:
    """Whether a log passes every check and holds the expected rows."""
    return rows(log) == expected and not examine(log).problems


def whole_files(log: Path) -> bool:
    """Whether what an interrupted import left opens, and every file in it is complete."""
    TrainingLog(log).close()
    return not examine(log).problems


def killed(work: Callable[[], None], after_s: float) -> bool:
    """Run `work` in a process of its own group, kill the group; return whether it was in time."""
    pid = os.fork()
    if not pid:
        os.setsid()
        with contextlib.suppress(BaseException):
            work()
        os._exit(0)
    time.sleep(after_s)
    is_running = os.waitpid(pid, os.WNOHANG)[0] == 0
    if is_running:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    return is_running


def kills(folder: Path, base: Path | None, files: Path, count: int) -> Outcome:
    """Kill imports at random instants, into no log (cold) or a used one (warm)."""
    rng = random.Random(count)
    started = time.monotonic()
    expected, takes_s = undisturbed(folder, base, files)
    lost = tried = 0
    while tried < count:
        log = fresh(folder / "killed", base)
        if not killed(partial(import_into, log, files), rng.uniform(0, takes_s)):
            continue
        tried += 1
        lost += not whole_files(log)
        import_into(log, files)
        lost += not sound(log, expected)
    name = "kills of an import, " + ("warm log" if base else "cold log")
    return Outcome(name, tried, lost, time.monotonic() - started)


def other_kills(folder: Path, base: Path, count: int) -> Iterator[Outcome]:
    """Kill a rebuild and a restoration: the log is what it was before or is to be."""
    other = fresh(folder / "other-log", None)
    with TrainingLog(other) as opened:
        opened.set("units", "mi")
    for name, work in (("rebuild", rebuilt), ("restoration", partial(restored, backup=other))):
        started = time.monotonic()
        log = fresh(folder / "killed", base)
        ends = [rows(log)]
        work(log)
        ends.append(rows(log))
        took_s = time.monotonic() - started
        lost = 0
        for at in range(count):
            log = fresh(folder / "killed", base)
            killed(partial(work, log), took_s * at / count)
            lost += not (whole_files(log) and rows(log) in ends)
        yield Outcome(f"kills of a {name}", count, lost, time.monotonic() - started)


def rebuilt(log: Path) -> None:
    """Compute every activity again."""
    with TrainingLog(log) as opened:
        opened.rebuild(NOW, jobs=1)


def restored(log: Path, backup: Path) -> None:
    """Make the log what the backup holds."""
    restore(log, backup)


def rows(log: Path) -> dict[str, str]:
    """Return what tells the contents of two logs apart."""
    with closing(connect_to_read(log)) as database:
        return contents(database)


def undisturbed(folder: Path, base: Path | None, files: Path) -> tuple[dict[str, str], float]:
    """Return what an undisturbed import gives, and how long it takes [s]."""
    log = fresh(folder / "undisturbed", base)
    started = time.monotonic()
    import_into(log, files)
    took_s = time.monotonic() - started
    return rows(log), took_s


def fresh(folder: Path, base: Path | None) -> Path:
    """Return where a log may be made, or a copy of `base`, in an empty folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return Path(shutil.copy(base, folder / "log.db")) if base else folder / "log.db"


def warm_log(folder: Path) -> Path:
    """Return a log with other files and a diary in it."""
    other = folder / "other"
    archive.write(other, fit_files=50, seed=9, every_s=RECORD_EVERY_S)
    log = folder / "warm.db"
    import_into(log, other)
    with TrainingLog(log) as opened:
        opened.set("units", "mi")
        day = "2026-03-14"
        opened.add_pain([validated_entry({"local_date": day, "score": s}) for s in range(5)], NOW)
    return log


def crowd(folder: Path, base: Path, files: Path, rounds: int) -> Outcome:
    """Run imports, reports, entries, backups and verifications of one log at once."""
    started = time.monotonic()
    lost = 0
    expected, _ = undisturbed(folder, base, files)
    for _ in range(rounds):
        log = fresh(folder / "crowd", base)
        work = [
            *[("import", str(files), "--jobs", "1")] * 2,
            ("report", "-o", str(log.parent / "a.html")),
            ("report", "-o", str(log.parent / "b.html")),
            *[("pain", "add", "3", "--date", "2026-03-15")] * 2,
            ("backup", str(log.parent / "copy.db")),
            ("verify",),
        ]
        lost += sum(map(failed, [started_on(log, words) for words in work]))
        lost += abs(entries(log) - entries(base) - 2)
        found = rows(log)
        lost += any(found[table] != expected[table] for table in ("activity", "seen"))
        lost += bool(examine(log).problems) + bool(examine(log.parent / "copy.db").problems)
    return Outcome(
        f"{CROWD} processes on one log", CROWD * rounds, lost, time.monotonic() - started
    )


def started_on(log: Path, words: tuple[str, ...]) -> subprocess.Popen[str]:
    """Start a command of the command line."""
    return subprocess.Popen(
        [*COMMAND, "--log", str(log), *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def failed(process: subprocess.Popen[str]) -> bool:
    """Wait for a command and show what it complains of."""
    said = process.communicate()[1]
    if process.returncode:
        print(f"{process.args!r}: {said}", file=sys.stderr)
    return process.returncode != 0


def entries(log: Path) -> int:
    """Return how many entries the journal has."""
    with closing(sqlite3.connect(log)) as database:
        return int(database.execute("SELECT count(*) FROM journal").fetchone()[0])


def full_disk(folder: Path, base: Path, files: Path, rounds: int) -> Outcome:
    """Import into logs that may not grow beyond a random size, then into ones that may."""
    rng = random.Random(rounds)
    started = time.monotonic()
    expected, _ = undisturbed(folder, base, files)
    most = (folder / "undisturbed" / "log.db").stat().st_size // 4096
    lost = 0
    for _ in range(rounds):
        log = fresh(folder / "full", base)
        pages = rng.randrange(base.stat().st_size // 4096 + 2, most)
        lost += not refused_as_full(partial(import_into, log, files, pages=pages))
        lost += not whole_files(log)
        import_into(log, files)
        lost += not sound(log, expected)
    return Outcome("disk full, by a limit on pages", rounds, lost, time.monotonic() - started)


def full_tmpfs(folder: Path, base: Path, files: Path, rounds: int) -> Outcome | None:
    """Import onto small file systems; None where none may be mounted."""
    rng = random.Random(rounds)
    started = time.monotonic()
    expected, _ = undisturbed(folder, base, files)
    size = (folder / "undisturbed" / "log.db").stat().st_size
    lost = 0
    for _ in range(rounds):
        with mounted(folder / "small", rng.randrange(base.stat().st_size * 2, size * 2)) as grown:
            if grown is None:
                return None
            log = Path(shutil.copy(base, folder / "small" / "log.db"))
            refused = refused_as_full(partial(import_into, log, files))
            grown()
            lost += not (refused or sound(log, expected))
            lost += not whole_files(log)
            import_into(log, files)
            lost += not sound(log, expected)
    return Outcome("disk full, small tmpfs", rounds, lost, time.monotonic() - started)


@contextmanager
def mounted(folder: Path, size: int) -> Iterator[Callable[[], None] | None]:
    """Mount a file system of `size` bytes and give a function that makes it large."""
    folder.mkdir(exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if os.name != "posix" or subprocess.run(mount, capture_output=True, check=False).returncode:
        yield None
        return
    try:
        yield partial(grow, folder)
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def grow(folder: Path) -> None:
    """Make room on a mounted file system."""
    subprocess.run(["mount", "-o", "remount,size=64m", str(folder)], check=True)


def refused_as_full(work: Callable[[], None]) -> bool:
    """Whether the work ends in the one line that a full disk is worth."""
    try:
        work()
    except LogError as error:
        return "disk is full" in str(error)
    return False


def mutants(count: int, jobs: int) -> Outcome:
    """Try mutated files; see `benchmarks.fuzz`."""
    started = time.monotonic()
    done, findings = fuzz.run_in_parallel(count, count, jobs) if jobs > 1 else fuzz.run(count)
    for finding in findings:
        print(f"{fuzz.kept(finding)}: {finding.error[:200]}", file=sys.stderr)
    return Outcome("mutated files", done, len(findings), time.monotonic() - started)


def trials(folder: Path, options: argparse.Namespace) -> Iterator[Outcome]:
    """Run what was asked for, one line of the table after the other."""
    files = folder / "files"
    archive.write(files, fit_files=options.files, every_s=RECORD_EVERY_S)
    warm = warm_log(folder)
    if "kills" in options.only and options.kills:
        yield kills(folder, None, files, options.kills)
        yield kills(folder, warm, files, options.kills)
        yield from other_kills(folder, warm, options.kills)
    if "crowd" in options.only and options.rounds:
        yield crowd(folder, warm, files, options.rounds)
    if "disk" in options.only and options.rounds:
        yield full_disk(folder, warm, files, options.rounds * 5)
        if small := full_tmpfs(folder, warm, files, options.rounds * 5):
            yield small
    if "mutants" in options.only and options.mutants:
        yield mutants(options.mutants, options.jobs)


def main() -> int:
    """Print the table; exit 1 where anything was lost."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    for name, default in (("kills", 300), ("files", 200), ("rounds", 10), ("mutants", 100_000)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    lost = 0
    print(f"{'trial':34}{'tried':>8}{'lost':>6}{'seconds':>9}")
    with tempfile.TemporaryDirectory() as folder:
        for outcome in trials(Path(folder), parser.parse_args()):
            lost += outcome.lost
            print(
                f"{outcome.what:34}{outcome.tried:8}{outcome.lost:6}{outcome.seconds:9.0f}",
                flush=True,
            )
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
