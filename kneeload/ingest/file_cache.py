"""Files on disk that an import has dealt with: unchanged ones are not opened again."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kneeload.importers.containers import UNKNOWN, State
from kneeload.importers.document import Refusal
from kneeload.importers.plugin_importers import available

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from kneeload.importers.containers import Member


@dataclass
class OnDisk:
    """What came of one file on disk, which may be an archive of many."""

    key: str
    state: State
    files: int = 0
    sessions: int = 0
    skipped: list[tuple[str, str]] = field(default_factory=list)
    failed: bool = False

    @property
    def refusals(self) -> list[Refusal]:
        """The files in it that hold no activity."""
        return [Refusal(path, "skipped", reason) for path, reason in self.skipped]


class Seen:
    """The files on disk of one import: those unchanged since the last, and what came of others."""

    def __init__(self, database: sqlite3.Connection) -> None:
        rows = database.execute("SELECT path, size, mtime_ns, files, sessions, skipped FROM seen")
        self._before = {
            key: OnDisk(key, (size, mtime), files, sessions, _parsed(skipped))
            for key, size, mtime, files, sessions, skipped in rows
        }
        self._met: dict[str, OnDisk] = {}

    def unchanged(self, member: Member) -> bool:
        """Return whether a file is as it was; `of` knows it from now on, as it was or anew."""
        if not member.disk:
            return False
        key = _key(member.disk)
        before = self._before.get(key)
        if before and before.state == member.state and not _asked_again(before):
            self._met[member.path] = before
            return True
        self._met[member.path] = OnDisk(key, member.state)
        return False

    def of(self, path: str) -> OnDisk:
        """Return the file on disk that `path`, perhaps of a member of it, lies in."""
        while path and path not in self._met:
            path = path.rpartition("!")[0]
        # What is always opened, as tables are, is never remembered.
        return self._met.get(path) or OnDisk("", UNKNOWN)

    def remember(self, database: sqlite3.Connection) -> None:
        """Write what need not be opened again; files that failed get another chance."""
        database.executemany("INSERT OR REPLACE INTO seen VALUES (?, ?, ?, ?, ?, ?)", self._rows())

    def _rows(self) -> Iterator[tuple[object, ...]]:
        for file in self._met.values():
            if not file.failed and file is not self._before.get(file.key):
                skipped = json.dumps(file.skipped, ensure_ascii=False)
                yield (file.key, *file.state, file.files, file.sessions, skipped)


def _asked_again(file: OnDisk) -> bool:
    """Whether another package may read by now what was skipped before."""
    return bool(file.skipped and available())


def _parsed(skipped: str) -> list[tuple[str, str]]:
    return json.loads(skipped) if skipped != "[]" else []


def _key(path: str) -> str:
    return os.path.abspath(path)  # noqa: PTH100 - `resolve` would ask the disk for every part
