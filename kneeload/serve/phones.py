"""The phones that were paired: a small private file beside the log, with hashes and dates alone."""

from __future__ import annotations

import datetime as dt
import json
from contextlib import suppress
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from kneeload.store.private_files import replacing

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LASTS = dt.timedelta(days=30)


class Phone(NamedTuple):
    """A paired phone: the hash of what its cookie holds, and when it was paired."""

    name: str
    paired_at: dt.datetime

    @property
    def ends_at(self) -> dt.datetime:
        """When it must be paired again."""
        return self.paired_at + LASTS


class Phones:
    """The paired phones, read from the file at each question: another process may revoke one."""

    def __init__(self, log_path: Path, clock: Callable[[], dt.datetime]) -> None:
        self._path = log_path.with_name(f"{log_path.name}.phones")
        self._clock = clock
        self._lock = Lock()

    def listed(self) -> list[Phone]:
        """Return those whose pairing has not ended, the newest last."""
        now = self._clock()
        return [phone for phone in self._stored() if now < phone.ends_at]

    def knows(self, name: str) -> bool:
        """Whether a phone is paired."""
        return any(phone.name == name for phone in self.listed())

    def add(self, name: str) -> None:
        """Pair a phone."""
        with self._lock:
            self._write([*self.listed(), Phone(name, self._clock())])

    def revoke(self, name: str) -> None:
        """Shut a phone out from its next request on."""
        with self._lock:
            self._write([phone for phone in self.listed() if phone.name != name])

    def _stored(self) -> list[Phone]:
        with suppress(FileNotFoundError, ValueError, TypeError, KeyError):
            rows = json.loads(self._path.read_text(encoding="utf-8"))
            return [Phone(r["name"], dt.datetime.fromisoformat(r["paired_at"])) for r in rows]
        return []

    def _write(self, phones: list[Phone]) -> None:
        rows = [{"name": p.name, "paired_at": p.paired_at.isoformat()} for p in phones]
        with replacing(self._path) as partial:
            partial.write_text(json.dumps(rows), encoding="utf-8")
