"""The runner's one file, opened: what it holds, and its settings."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any, Self

from kneeload import settings as settings_module
from kneeload.errors import EntryError
from kneeload.log import backup
from kneeload.log.snapshot import Reading
from kneeload.model import Sport
from kneeload.store import journal
from kneeload.store.database import (
    connect,
    explanation,
    in_memory,
    readable_errors,
    transaction,
)

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path
    from types import TracebackType

    import pandas as pd

    from kneeload.model import Activity
    from kneeload.settings import Settings


class OpenedLog:
    """The log in one SQLite file; closes itself as a context manager.

    Parameters
    ----------
    path
        The file; made, with its folder, where it is missing and `create` is true.
    machine_zone
        IANA name of the zone of last resort for runs that tell no other.
    create_lazily
        Whether a missing file is made only once there is something to write; until then the log
        is empty and in memory.

    Raises
    ------
    LogError
        If the file is no log, is newer than this program, or cannot be opened.
    """

    def __init__(
        self,
        path: Path,
        *,
        create: bool = True,
        machine_zone: str = "UTC",
        create_lazily: bool = False,
    ) -> None:
        self.path = path
        self.machine_zone = machine_zone
        with readable_errors(path):
            self._is_lazy = create_lazily and create and not path.exists()
        self._database = in_memory(path) if self._is_lazy else _opened(path, create=create)
        self._read: Reading | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
        if isinstance(error, sqlite3.Error):
            raise explanation(self.path, error) from error

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def __repr__(self) -> str:
        from kneeload.log.snapshot import stored_in_words

        try:
            return f"<TrainingLog {self.path.name}: {stored_in_words(self._database)}>"
        except sqlite3.Error:
            return f"<TrainingLog {self.path.name}, closed>"

    def _repr_html_(self) -> str:
        """Show what it holds, in a notebook; never the folder it lies in."""
        from kneeload import notebook
        from kneeload.log.snapshot import facts

        title = f"Training log {self.path.name}"
        try:
            rows = facts(self._database, self._reading())
        except sqlite3.Error:
            return notebook.card(f"{title}, closed", {})
        return notebook.card(title, rows)

    # What stands ------------------------------------------------------------------------------

    @property
    def settings(self) -> Settings:
        """The runner's settings."""
        return self._reading().settings

    def set(self, key: str, value: str) -> Settings:
        """Change one setting; an empty value restores the default."""
        return self._store(settings_module.changed(self.settings, key, value))

    def add_to(self, key: str, value: str) -> Settings:
        """Add a value to a setting that is a list."""
        return self._store(settings_module.with_item(self.settings, key, value))

    def drop_from(self, key: str, value: str) -> Settings:
        """Take a value out of a setting that is a list."""
        return self._store(settings_module.without_item(self.settings, key, value))

    def _store(self, settings: Settings) -> Settings:
        with readable_errors(self.path), transaction(self.writable()) as database:
            database.execute("DELETE FROM setting")
            database.executemany(
                "INSERT INTO setting VALUES (?, ?)", settings_module.as_text(settings).items()
            )
        return settings

    def since(self, day: dt.date) -> Reading:
        """Return what the log holds of the days from `day` on, at once however long it is."""
        return Reading(self._database, day)

    def reading(self) -> Reading:
        """Return what the log holds now, part by part as it is asked for; a write makes it old."""
        return self._reading()

    def activities(self) -> pd.DataFrame:
        """Return what counts, all sports, once each: columns of `kneeload.frames.RUNS`."""
        return self._reading().activities.copy(deep=False)

    def runs(self) -> pd.DataFrame:
        """Return the running activities: columns of `kneeload.frames.RUNS`."""
        from kneeload.measures.baselines import is_running

        activities = self._reading().activities
        return activities.loc[is_running(activities)].reset_index(drop=True)

    def pain(self) -> pd.DataFrame:
        """Return the pain entries: columns of `kneeload.frames.PAIN`."""
        return self._reading().pain.copy(deep=False)

    def markers(self) -> pd.DataFrame:
        """Return where in runs pain began, marked on the watch: as `pain`, scores empty."""
        from kneeload.diary.frames import marker_frame

        return marker_frame(self._reading().markers)

    def diary(self) -> pd.DataFrame:
        """Return the rest of the diary: columns of `kneeload.frames.DIARY`."""
        return self._reading().diary.copy(deep=False)

    def acknowledged(self) -> dict[str, str]:
        """Return the notes of the acknowledged flags, by flag id."""
        return {
            s: f.get("note", "") for s, f in journal.active(self._reading().state, "flag").items()
        }

    def duplicates(self) -> pd.DataFrame:
        """Return which activities are copies of which: ``run_id, of, reason``."""
        return self._reading().duplicates.copy(deep=False)

    def activity(self, run_id: str) -> Activity:
        """Return one activity with its samples, read again from the bytes the log keeps."""
        from kneeload.importers.decode import decode
        from kneeload.ingest.measure import run_id as id_of
        from kneeload.ingest.measure import unpacked
        from kneeload.ingest.pipeline import source_of

        name = self.run(run_id)
        source = source_of(self._database, name)
        sessions = decode(unpacked(source), Sport(source.sport) if source.sport else None)
        return next(a for a in sessions if id_of(source.digest, a.session_index) == name)

    def run(self, name: str) -> str:
        """Return the run id that `name`, an id or the beginning of one, means."""
        matches = [
            row[0]
            for row in self._database.execute("SELECT run_id FROM activity ORDER BY run_id")
            if row[0].startswith(name)
        ]
        if name in matches or len(matches) == 1:
            return name if name in matches else str(matches[0])
        problem = "more than one run" if matches else "no run"
        raise EntryError(f"{problem} has the id {name!r}; `kneeload runs` lists them")

    @property
    def database(self) -> sqlite3.Connection:
        """The connection, for the rooms of the log."""
        return self._database

    def state(self) -> journal.State:
        """Return what the runner said and did not take back."""
        return self._reading().state

    def writable(self) -> sqlite3.Connection:
        """Return the connection, creating the file on first write."""
        if self._is_lazy:
            self._database.close()
            self._database, self._is_lazy = _opened(self.path), False
        return self._database

    def _reading(self) -> Reading:
        """Return what the log holds now; the last reading serves as long as it holds."""
        if self._read is None or not self._read.is_current(self._database):
            self._read = Reading(self._database)
        return self._read

    def _find_score(self, name: str) -> tuple[str, dict[str, Any]]:
        """Return the id and fields of the pain entry that `name`, or its beginning, means."""
        read = self._reading()
        return journal.find_entry(read.scores | read.markers, "pain", name)

    def _find_note(self, name: str) -> tuple[str, dict[str, Any]]:
        """Return the id and fields of the diary's entry that `name`, or its beginning, means."""
        return journal.find_entry(journal.active(self._reading().state, "diary"), "diary", name)

    # What the runner says ---------------------------------------------------------------------


def _opened(path: Path, *, create: bool = True) -> sqlite3.Connection:
    return connect(path, create=create, before_migration=backup.keep)
