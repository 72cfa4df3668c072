"""Copies of the log: written by SQLite while others work on it, and read back before they count."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from kneeload.errors import LogError
from kneeload.log.verify import Findings, contents, examine
from kneeload.store.database import connect_to_read, readable_errors, schema_version, snapshot
from kneeload.store.private_files import replacing

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Progress = Callable[[int, int], None]

_PAGES_A_STEP = 1000
KEPT = 3
"""Automatic backups that stay beside the log (convention): each is as large as the log."""


def back_up(log: Path, to: Path, progress: Progress = lambda _done, _total: None) -> Findings:
    """Write a copy of the log that is one file, readable by its owner alone, and verified.

    Parameters
    ----------
    log, to
        The log, and the copy; an older backup there is replaced once the new one is good.
    progress
        Called with how many pages of the file are copied, and how many there are.

    Raises
    ------
    LogError
        If there is no log, `to` is the log or no backup, or the copy cannot be written.
    """
    if to.exists():
        _refuse_to_lose(log, to)
    _copy(log, to, progress)
    with readable_errors(to):
        return examine(to)


def keep(log: Path) -> Path:
    """Write a numbered backup beside the log, remove those too many, and return its path."""
    path = _keep(log)
    _prune(log)
    return path


def newest(log: Path) -> Path | None:
    """Return the newest automatic backup, or None."""
    backups = _automatic_backups(log)
    return backups[max(backups)] if backups else None


def restore(log: Path, backup: Path) -> tuple[Findings, Path | None]:
    """Make the log what a backup holds; what it was is kept beside it.

    Returns
    -------
    tuple
        What the backup holds, and where the log as it was is kept, None if there was none.

    Raises
    ------
    LogError
        If the backup is not sound, or the file in the log's place is something else.
    """
    findings = examine(backup)
    if findings.problems:
        raise LogError(f"{backup}: {findings.problems[0]}; nothing was restored or changed")
    if _is_blank(backup):
        raise LogError(f"{backup}: it is empty; nothing was restored or changed")
    if log.exists() and log.samefile(backup):
        raise LogError(f"{backup} is the log itself, not a backup")
    if not log.exists():
        _copy(backup, log)
        return findings, None
    return findings, _put_aside(log, backup)


def _put_aside(log: Path, backup: Path) -> Path:
    """Keep the log as it is, sound or not, then replace what it holds."""
    if _is_sound(log):
        old_log = _keep(log)
        with (
            readable_errors(log),
            closing(connect_to_read(backup)) as source,
            closing(sqlite3.connect(log)) as target,
        ):
            source.backup(target)
        _prune(log)
        return old_log
    old_log = _first_free(log, "damaged")
    for ending in ("-wal", "-shm"):
        side_file = log.with_name(log.name + ending)
        if side_file.exists():
            side_file.replace(old_log.with_name(old_log.name + ending))
    log.replace(old_log)
    _copy(backup, log)
    return old_log


def _is_blank(backup: Path) -> bool:
    """Whether it is no more than a file's beginning, as a broken copy leaves."""
    with closing(connect_to_read(backup)) as database:
        return schema_version(database, backup) == 0


def _is_sound(log: Path) -> bool:
    """Whether every page can be read; raises where it is some other program's file."""
    try:
        with readable_errors(log), closing(connect_to_read(log)) as database:
            return bool(database.execute("PRAGMA quick_check").fetchone() == ("ok",))
    except LogError as error:
        if isinstance(error.__cause__, sqlite3.Error):
            return False
        raise


def _copy(source: Path, to: Path, progress: Progress = lambda _done, _total: None) -> None:
    """Copy one instant of a log and compare what was written, row by row."""
    with (
        readable_errors(to),
        replacing(to) as partial,
        closing(connect_to_read(source)) as original,
        snapshot(original),
    ):
        with closing(sqlite3.connect(partial)) as copy:
            original.backup(
                copy,
                pages=_PAGES_A_STEP,
                progress=lambda _, pages_left, total: progress(total - pages_left, total),
            )
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, readable anywhere
        with closing(connect_to_read(partial)) as copy:
            if contents(copy) != contents(original):
                raise LogError(f"{to}: the copy differs from the log; check the disk")


def _keep(log: Path) -> Path:
    path = log.with_name(f"{log.name}.backup-{max(_automatic_backups(log), default=0) + 1}")
    _copy(log, path)
    return path


def _prune(log: Path) -> None:
    backups = _automatic_backups(log)
    for number in sorted(backups)[:-KEPT]:
        backups[number].unlink(missing_ok=True)


def _refuse_to_lose(log: Path, to: Path) -> None:
    if log.exists() and to.samefile(log):
        raise LogError(f"{to} is the log itself; choose another name")
    try:
        connect_to_read(to).close()
    except LogError:
        raise LogError(
            f"{to} already exists and is not a kneeload backup; choose another name"
        ) from None


def _automatic_backups(log: Path) -> dict[int, Path]:
    name = re.compile(re.escape(log.name) + r"\.backup-(\d+)")
    matches = ((name.fullmatch(path.name), path) for path in log.parent.iterdir())
    return {int(match[1]): path for match, path in matches if match}


def _first_free(log: Path, what: str) -> Path:
    number = 1
    while (path := log.with_name(f"{log.name}.{what}-{number}")).exists():
        number += 1
    return path
