"""`TrainingLog`: the runner's one file, opened, and all that changes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal

from kneeload.errors import EntryError
from kneeload.log import backup
from kneeload.log.opened_log import OpenedLog
from kneeload.store import journal
from kneeload.store.database import (
    readable_errors,
    snapshot,
)
from kneeload.store.journal import Change

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import pandas as pd

    from kneeload.importers.document import Document
    from kneeload.ingest.measure import ImportSummary
    from kneeload.log.inbox_files import InboxReading
    from kneeload.log.rebuilding import Rebuilt
    from kneeload.model import PainEntry, Sport

Progress = Callable[[int, int], None]
_ONSETS = ("onset_km", "onset_min")


class TrainingLog(OpenedLog):
    """The log in one SQLite file; closes itself as a context manager.

    What it is opened with and what it holds: see `OpenedLog`.
    """

    def add_pain(self, entries: Iterable[PainEntry], at: dt.datetime) -> list[str]:
        """Log scores as one batch and return their ids."""
        from kneeload.diary.validation import payload

        added = [Change(verb="add", object="pain", payload=payload(entry)) for entry in entries]
        return self.record(added, at)

    def record(
        self, changes: Iterable[Change], at: dt.datetime, *, batch: int | None = None
    ) -> list[str]:
        """Append changes to the journal as one batch, or to `batch`; return their subjects."""
        with readable_errors(self.path):
            return journal.record(self.writable(), changes, at, batch=batch)

    def last_batch(self, subject: str | None = None) -> int:
        """Return the number of the newest batch of changes, or of the newest of one entry."""
        return journal.last_batch(self._database, subject)

    def pain_ever(self) -> list[tuple[Any, ...]]:
        """Return the identities of all scores ever logged or read, removed ones included."""
        from kneeload.diary.pain_csv import identity
        from kneeload.diary.scores_in_notes import entry_of

        reading = self._reading()
        derived = reading.derived | reading.lines
        entries = derived | reading.state.get("pain", {})
        complete = (derived.get(name, {}) | fields for name, fields in entries.items())
        return [
            identity(entry_of(fields))
            for fields in complete
            if {"score", "local_date"} <= set(fields)
        ]

    def completed(self, entry: PainEntry, *, refuse: bool = True) -> PainEntry:
        """Return the entry with its onset as distance and as time, where its run tells both.

        Raises
        ------
        EntryError
            If pain would begin beyond the end of the run, where `refuse` is true.
        """
        from dataclasses import replace

        from kneeload.diary.onset_position import converted

        name = self.run_of(entry) if (entry.onset_km, entry.onset_min) != (None, None) else ""
        if not name:
            return entry
        if refuse and (problem := self.beyond(entry, name)):
            raise EntryError(problem)
        samples = self.activity(name).samples
        km, minutes = converted(samples, entry.onset_km, entry.onset_min)
        return replace(entry, onset_km=km, onset_min=minutes)

    def beyond(self, entry: PainEntry, run_id: str = "") -> str:
        """Return what is wrong with an onset beyond the end of the entry's run, else ""."""
        from kneeload.diary.onset_position import beyond

        if entry.onset_km is None:
            return ""
        runs, name = self._reading().once, run_id or self.run_of(entry)
        run = runs.loc[runs["run_id"] == name]
        lengths = zip(run["local_date"].tolist(), run["distance_km"].tolist(), strict=True)
        texts = (beyond(entry.onset_km, *length, self.settings.units) for length in lengths)
        return next(texts, "")

    def run_of(self, entry: PainEntry) -> str:
        """Return the run that the entry names, else the one that its day and moment tell."""
        import pandas as pd

        from kneeload.diary.attribution import assign_runs

        score = pd.DataFrame([entry]).astype({"local_date": "datetime64[us]"})
        return str(assign_runs(score, self._reading().once)["run_id"].iloc[0])

    def edit_pain(self, pain_id: str, changes: dict[str, Any], at: dt.datetime) -> None:
        """Change fields of a pain entry."""
        from kneeload.diary.inbox_scores import DERIVED
        from kneeload.diary.validation import PAIN_FIELDS, payload, validated_entry

        name, before = self._find_score(pain_id)
        reading = self._reading()
        current = {key: before.get(key) for key in PAIN_FIELDS}
        if before["origin"] == "parsed":  # what was edited was looked at, and counts
            current["origin"] = "entered"
        if changes.keys() & _ONSETS:  # the other one of before no longer belongs to it
            current |= dict.fromkeys(_ONSETS)
        moved = bool(changes.keys() & {*_ONSETS, "run_id", "local_date", "moment"})
        entry = payload(self.completed(validated_entry(current | changes), refuse=moved))
        if name in reading.lines:  # these are derived anew with every import, until they are set
            chosen = changes.keys() | reading.state.get("pain", {}).get(name, {}).keys()
            entry = {key: entry[key] for key in entry if key in chosen or key not in DERIVED}
        self.record([Change(verb="edit", object="pain", subject=name, payload=entry)], at)

    def remove_pain(self, pain_id: str, at: dt.datetime) -> None:
        """Remove a pain entry, or a line of the inbox; one that was read does not come back."""
        lines = journal.active(self._reading().state, "line")
        if pain_id in lines:
            self.record([Change(verb="remove", object="line", subject=pain_id, payload={})], at)
            return
        name, _ = self._find_score(pain_id)
        self.record([Change(verb="remove", object="pain", subject=name, payload={})], at)

    def read_inbox(self, now: dt.datetime) -> InboxReading:
        """Read what is new in the files of ``pain_inbox``; see `kneeload.log.inbox_files`.

        Parameters
        ----------
        now
            The present instant.
        """
        from kneeload.log.inbox_files import read_inbox

        return read_inbox(self, now)

    def note(self, entry_id: str) -> dict[str, Any]:
        """Return the fields of an entry of the diary."""
        return self._find_note(entry_id)[1]

    def edit_note(self, entry_id: str, changes: dict[str, Any], at: dt.datetime) -> None:
        """Change fields of an entry of the diary; what is None is taken out of it."""
        from kneeload.diary.notes import validated_note

        name, before = self._find_note(entry_id)
        note = validated_note(before | changes)
        payload = {key: note.get(key) for key in changes}
        self.record([Change(verb="edit", object="diary", subject=name, payload=payload)], at)

    def remove_note(self, entry_id: str, at: dt.datetime) -> None:
        """Remove an entry of the diary."""
        name, _ = self._find_note(entry_id)
        self.record([Change(verb="remove", object="diary", subject=name, payload={})], at)

    def edit_run(self, run_id: str, changes: dict[str, Any], at: dt.datetime) -> str:
        """Overrule fields of a run; the file's own numbers stay in the log."""
        return self._edit("run", run_id, changes, at)

    def remove_run(self, run_id: str, at: dt.datetime) -> str:
        """Leave a run out with all its recordings, also when one of them is imported later.

        A duplicate is left out alone.
        """
        name = self.run(run_id)
        copy = name in set(self._reading().duplicates["run_id"])
        payload = {} if copy else {"recordings": True}
        self.record([Change(verb="remove", object="run", subject=name, payload=payload)], at)
        return name

    def accept_run(self, run_id: str, at: dt.datetime) -> str:
        """Count a doubtful run from now on."""
        return self.edit_run(run_id, {"accepted": True}, at)

    def keep_recording(self, run_id: str, at: dt.datetime) -> str:
        """Count this recording of a run, and leave out its other ones."""
        return self._edit("pair", run_id, {"keep": True}, at)

    def _edit(
        self, what: Literal["run", "pair"], run_id: str, payload: dict[str, Any], at: dt.datetime
    ) -> str:
        name = self.run(run_id)
        self.record([Change(verb="edit", object=what, subject=name, payload=payload)], at)
        return name

    def shift_runs(self, source: str, hours: float, at: dt.datetime) -> int:
        """Move all runs whose source begins with `source` by hours; return how many.

        Later imports of it are not moved. A run without a time of day stays where it is.
        """
        from kneeload.log.activities import from_source

        read = self._reading()
        edits = read.state.get("run", {})
        moved = {
            name: edits.get(name, {}).get("shift_s", 0) + round(hours * 3600)
            for name in from_source(read.recordings, source)
        }
        changes = (
            Change(verb="edit", object="run", subject=name, payload={"shift_s": seconds})
            for name, seconds in moved.items()
        )
        return len(self.record(changes, at))

    def undo(self, batch: int | None = None) -> list[Change]:
        """Undo the last batch of changes, or the one of that number, and return it.

        Raises
        ------
        EntryError
            If what a named batch changed was changed again.
        """
        with readable_errors(self.path):
            return journal.undo(self._database, batch)

    def redo(self) -> list[Change]:
        """Bring back the batch of changes that was undone last and return it."""
        with readable_errors(self.path):
            return journal.redo(self._database)

    def history(self, most: int) -> list[journal.Batch]:
        """Return the last batches of changes, oldest first."""
        with readable_errors(self.path):
            return journal.history(self._database, most)

    # Files ------------------------------------------------------------------------------------

    def ingest(
        self,
        paths: Iterable[Path],
        *,
        now: dt.datetime,
        jobs: int | None = None,
        sport: Sport | None = None,
        progress: Callable[[int], None] = lambda _: None,
    ) -> ImportSummary:
        """Import files, folders, archives and account exports.

        Files on disk that have not changed since are not opened again, and content that the log
        has under another name counts as known.

        Parameters
        ----------
        paths
            In the form in which they are reported.
        now
            The present instant.
        jobs
            Processes that decode; by default all cores where there is enough to do. A script runs
            one, as each further process would run it again: ask for more where its work stands
            below ``if __name__ == "__main__":``.
        sport
            What files that name no sport hold.
        progress
            Called with the number of files dealt with since the last call.
        """
        from kneeload.ingest.measure import Context
        from kneeload.ingest.pipeline import run_import
        from kneeload.log.own_export import import_words
        from kneeload.log.rebuilding import duplicates_created
        from kneeload.store.private_files import check_folder

        paths = list(paths)
        with readable_errors(self.path):
            if self._is_lazy:  # before minutes of work, not after
                check_folder(self.path.absolute().parent)
            left_out = import_words(self.writable, paths)
            context = Context(now, self.settings.time_zone, self.machine_zone, sport)
            scores: list[Document] = []
            summary = run_import(
                self._database,
                paths,
                context,
                make=self.writable,
                jobs=jobs,
                progress=progress,
                scores=scores,
                duplicates=duplicates_created,
            )
        if scores:
            from kneeload.log.score_tables import take_tables

            take_tables(self, scores, summary, now, progress)
        for refusal in left_out:
            summary.add(refusal)
        return summary

    def export(
        self,
        to: Path,
        as_csv: Callable[[pd.DataFrame], str],
        *,
        private_positions: bool = False,
        progress: Progress = lambda _done, _total: None,
    ) -> int:
        """Write all that the log holds to a zip of open formats; see `kneeload.export.archive`.

        Parameters
        ----------
        as_csv
            Writes a frame, with cells that begin like a formula shielded by an apostrophe.
        private_positions
            Write a copy to share instead; see `kneeload.export.anonymise`.
        progress
            Called with how many files are written, and how many there are.

        Returns
        -------
        int
            How many activity files it holds.
        """
        import pandas as pd

        from kneeload.export import anonymise, archive

        with snapshot(self._database):
            frames = {f"{name}.csv": frame for name, frame in self._reading().frames.items()}
            for name, (columns, rows) in archive.tables(self._database).items():
                frames[name] = pd.DataFrame(rows, columns=list(columns))
            members: Iterator[tuple[str, bytes | archive.Packed]]
            if private_positions:
                read_me = anonymise.READ_ME
                members = anonymise.members(self._database, frames, as_csv, self.settings.home)
            else:
                read_me = archive.READ_ME
                members = archive.members(self._database, frames, as_csv)
            total = self._database.execute("SELECT count(*) FROM source").fetchone()[0]
            return archive.write(to, read_me, members, lambda files: progress(files, total))

    def rebuild(self, now: dt.datetime, jobs: int | None = None) -> Rebuilt:
        """Compute every activity again from the bytes the log keeps; return what changed.

        What they were before is kept in an automatic backup.
        """
        from kneeload.ingest.measure import Context
        from kneeload.ingest.pipeline import rebuild
        from kneeload.log.rebuilding import Rebuilt, changes, readable_snapshot
        from kneeload.log.rebuilding import snapshot as runs_of

        context = Context(now, self.settings.time_zone, self.machine_zone)
        backup.keep(self.path)
        with readable_errors(self.path):
            before = readable_snapshot(self._reading())
            count = rebuild(self._database, context, jobs=jobs)
            after = self._reading()
            if before is None:
                return Rebuilt(count, None)
            return Rebuilt(count, tuple(changes(before, runs_of(after), after)))
