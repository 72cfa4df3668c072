"""A log that is only shown: read once for all pages, until somebody writes to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kneeload.log.training_log import TrainingLog

if TYPE_CHECKING:
    from pathlib import Path

    from kneeload.log.snapshot import Reading
    from kneeload.serve.memo import Memo

_PARTS = ("settings", "state", "duplicates", "once", "pain", "diary")


class Look(TrainingLog):
    """The log on a connection of its own, on which SQLite refuses whatever would write.

    What the log holds is read as a whole and shared by all pages; frames are handed out as copies.
    """

    def __init__(self, path: Path, *, machine_zone: str, memo: Memo) -> None:
        super().__init__(path, machine_zone=machine_zone, create_lazily=True)
        self.database.execute("PRAGMA query_only = ON")
        self._whole = memo.get("reading", self._read_whole)

    def _reading(self) -> Reading:
        return self._whole

    def _read_whole(self) -> Reading:
        """Read every part now: another thread cannot use this connection later.

        Loads are computed from these, by the first page that shows one.
        """
        read = super()._reading()
        for name in _PARTS:
            getattr(read, name)
        return read
