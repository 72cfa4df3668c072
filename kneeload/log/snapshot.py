"""What the log holds at one moment: read when it is asked for, and once."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import TYPE_CHECKING

from kneeload import formatting
from kneeload import settings as settings_module
from kneeload.store import journal

if TYPE_CHECKING:
    import sqlite3

    import pandas as pd

    from kneeload.diary.scores_in_notes import Entries
    from kneeload.settings import Settings


class Reading:
    """The log's settings, journal and frames as they stand; good until somebody writes.

    The frames are its own: whoever hands one out hands out a copy.

    Parameters
    ----------
    database
        A connection to the log.
    since
        The first day of which activities and lines are read; all where there is none.
    """

    def __init__(self, database: sqlite3.Connection, since: dt.date | None = None) -> None:
        self._database = database
        self._since = since.isoformat() if since else ""
        # What a transaction wrote may yet be taken back, which SQLite does not count.
        self._lasts = not database.in_transaction
        self._version = _version(database)

    def is_current(self, database: sqlite3.Connection) -> bool:
        """Whether `database` is the connection it was read from, and nobody wrote since."""
        return self._lasts and database is self._database and _version(database) == self._version

    @cached_property
    def _journal(self) -> journal.State:
        """What the runner said and did not take back, of the recordings as they were named."""
        return journal.replay(self._database)

    @cached_property
    def state(self) -> journal.State:
        """What the runner said and did not take back; what was said of a copy is of its run."""
        from kneeload.ingest.merging import follow

        return follow(self._journal, self.duplicates)

    @cached_property
    def settings(self) -> Settings:
        """The runner's settings."""
        rows = self._database.execute("SELECT key, value FROM setting ORDER BY key")
        return settings_module.from_text(dict(rows.fetchall()))

    @cached_property
    def recordings(self) -> pd.DataFrame:
        """Every activity, copies included; those removed with their recordings as well."""
        from kneeload.log.activities import recordings

        return recordings(self._database, self._journal, self._since)

    @cached_property
    def duplicates(self) -> pd.DataFrame:
        """Which activities are copies of which: ``run_id, of, reason``."""
        from kneeload.ingest.duplicates import find_duplicates
        from kneeload.log.activities import removed_whole

        choices = journal.active(self._journal, "pair").items()
        chosen = [s for s, fields in choices if fields.get("keep")]
        return find_duplicates(self.recordings, chosen, removed_whole(self._journal))

    @cached_property
    def once(self) -> pd.DataFrame:
        """The activities that count or wait for a review, each once."""
        from kneeload.ingest.doubts import with_doubts
        from kneeload.ingest.merging import merge
        from kneeload.log.activities import removed_whole

        edits = journal.active(self._journal, "run")
        runs = merge(self.recordings, self.duplicates, edits)
        removed = runs["run_id"].isin(removed_whole(self._journal))
        return with_doubts(runs[~removed].reset_index(drop=True), edits)

    @cached_property
    def activities(self) -> pd.DataFrame:
        """The activities that count, with their loads: columns of `kneeload.frames.RUNS`."""
        from kneeload.measures.loads import with_loads

        runs = self.once.copy(deep=False)
        profiles = runs.pop("profile").tolist()
        return with_loads(runs, profiles, self.settings)

    @cached_property
    def parsed(self) -> Entries:
        """The scores that the activities' texts hold, answered ones included."""
        from kneeload.diary.scores_in_notes import parsed_entries

        return parsed_entries(self.once, self._database)

    @cached_property
    def lines(self) -> Entries:
        """The scores of the inbox's lines, with the runner's edits."""
        from kneeload.diary.inbox_scores import line_entries

        return line_entries(self.state, self.once, self._since)

    @cached_property
    def markers(self) -> Entries:
        """Where the runner marked in a run that pain began, without a score so far."""
        from kneeload.diary.watch_scores import marker_entries

        answers = self.state.get("pain", {})
        marked = marker_entries(self.once, self.settings)
        return {name: fields for name, fields in marked.items() if name not in answers}

    @cached_property
    def derived(self) -> Entries:
        """The scores in texts and in the watches' own fields, answered ones included."""
        from kneeload.diary.watch_scores import watch_entries

        return self.parsed | watch_entries(self.once, self.settings)

    @cached_property
    def scores(self) -> Entries:
        """The scores that count, by id, whatever they came from."""
        from kneeload.diary.frames import in_force

        return in_force(self.state, self.derived, self.lines)

    @cached_property
    def pain(self) -> pd.DataFrame:
        """The pain entries: columns of `kneeload.frames.PAIN`."""
        from kneeload.diary.frames import pain_frame

        return pain_frame(self.scores, self.once)

    @cached_property
    def diary(self) -> pd.DataFrame:
        """The rest of the diary: columns of `kneeload.frames.DIARY`."""
        from kneeload.diary.frames import diary_frame

        return diary_frame(self.state)

    @property
    def runs(self) -> pd.DataFrame:
        """The running activities, each once, before any load."""
        from kneeload.measures.baselines import is_running

        return self.once.loc[is_running(self.once)].reset_index(drop=True)

    @property
    def frames(self) -> dict[str, pd.DataFrame]:
        """The activities that count, the pain entries and the rest of the diary."""
        return {"runs": self.activities, "pain": self.pain, "diary": self.diary}


def _version(database: sqlite3.Connection) -> tuple[int, int]:
    """Return numbers that change with every commit of others and every change of one's own."""
    return database.execute("PRAGMA data_version").fetchone()[0], database.total_changes


def stored_in_words(database: sqlite3.Connection) -> str:
    """Return how many activities are stored, copies included, and from when to when."""
    count, first, last = database.execute(
        "SELECT count(*), min(local_date), max(local_date) FROM activity"
    ).fetchone()
    return (
        f"{formatting.count(count, 'activity', 'activities')}{f', {first} to {last}' * bool(count)}"
    )


def facts(database: sqlite3.Connection, reading: Reading) -> dict[str, str]:
    """Return what there is of everything, in words; what there is none of is left out."""
    from kneeload.measures.baselines import is_running

    running = is_running(reading.once)
    counts = {
        "Runs": formatting.number(int(running.sum())),
        "Other sports": formatting.number(int((~running).sum())),
        "Copies, counted once": formatting.number(len(reading.duplicates)),
        "From": _span(reading.once),
        "Pain scores": formatting.number(len(reading.pain)),
        "Last import": _last_import(database),
    }
    return {name: text for name, text in counts.items() if text != "0" or name == "Runs"}


def _span(activities: pd.DataFrame) -> str:
    days = activities["local_date"]
    return "" if days.empty else formatting.date_range(days.min().date(), days.max().date())


def _last_import(database: sqlite3.Connection) -> str:
    (newest,) = database.execute("SELECT max(imported_at) FROM source").fetchone()
    if newest is None:
        return ""
    at = dt.datetime.fromisoformat(newest).astimezone(dt.UTC)
    return f"{formatting.day_and_year(at)}, {at:%H:%M} UTC"
