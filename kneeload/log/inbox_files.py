"""Read the pain inbox: the files of the setting ``pain_inbox`` into lines of the journal.

What a line is, and which lines of a file count, says `kneeload.diary.inbox`; here are the files and
the log. Nothing here stops a command: what cannot be read or written is a note.
"""

from __future__ import annotations

import datetime as dt
import json
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from kneeload.diary import track_and_graph
from kneeload.diary.inbox import Memory, Occurrence, arrivals
from kneeload.diary.inbox_scores import counts, entries_of
from kneeload.diary.lines import Line, is_ahead, lines_of, stamp_of
from kneeload.errors import LogError
from kneeload.importers import sniff
from kneeload.log.inbox_notes import notes_on
from kneeload.store import journal
from kneeload.store.database import readable_errors, transaction
from kneeload.store.journal import Change

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping

    from kneeload.diary.inbox import Arrival
    from kneeload.log.training_log import TrainingLog

SETTLED = dt.timedelta(seconds=60)
"""A last line without its end is whole once its file has not changed for this long."""
MOST_BYTES = 4 << 20
SUFFIXES = frozenset({".txt", ".md", ".csv", ".text", ""})
_PATIENCE_MS = 2000  # another command may be importing; the inbox can wait for the next one


@dataclass(frozen=True)
class InboxReading:
    """What reading the inbox brought: scores that are new or not, and what to tell the runner."""

    new: int = 0
    known: int = 0
    notes: tuple[str, ...] = ()


class File(NamedTuple):
    """An inbox file as it was when it was last looked at.

    Parameters
    ----------
    since
        The first instant at which it was as large and as old as it is.
    waiting
        Whether its last line may yet grow.
    checksum
        CRC-32 of its content: an edit may leave size and time as they were.
    """

    path: str
    size: int
    mtime_ns: int
    since: dt.datetime
    lines: tuple[Line, ...] = ()
    notes: tuple[str, ...] = ()
    waiting: bool = False
    checksum: int = 0


def read_inbox(log: TrainingLog, now: dt.datetime) -> InboxReading:
    """Read what is new in the inbox; see the module."""
    places = log.settings.pain_inbox
    if not places:
        return InboxReading()
    paths, notes = _files(places)
    new = 0
    try:
        with readable_errors(log.path):
            before = _remembered(log.database)
            files = [_read_file(path, before.get(str(path)), now) for path in paths]
            if _has_changed(log, files, before, now):
                new = _store(log, files, now)
    except (LogError, OSError) as error:
        notes.append(f"The pain inbox was not read: {error}")
        files = []
    notes += [note for file in files for note in file.notes]
    return InboxReading(new, 0, (*notes, *notes_on(log, files)))


def take_lines(log: TrainingLog, lines: Iterable[Line], now: dt.datetime) -> InboxReading:
    """Take the lines of a file that is imported, once, as if the inbox held them."""
    file = File("", 0, 0, now, tuple(lines))
    with readable_errors(log.path):
        new = _store(log, [file], now, remember=False)
    total = sum(len(_scores_of(line.text)) for line in file.lines)
    return InboxReading(new, total - new)


def _files(places: Iterable[str]) -> tuple[list[Path], list[str]]:
    """Return the files of the inbox, and a note for each place that is not there."""
    paths: dict[Path, None] = {}
    notes = []
    for place in places:
        path = Path(place).expanduser()
        try:
            inside = sorted(path.iterdir()) if path.is_dir() else [path] if path.exists() else None
        except OSError as error:
            notes.append(f"Pain inbox {place}: {error.strerror or error}")
            continue
        if inside is None:
            notes.append(f"Pain inbox {place} is not there now; skipped.")
        paths |= dict.fromkeys(p for p in inside or () if p == path or _is_text(p))
    return list(paths), notes


def _is_text(path: Path) -> bool:
    """Whether a file of a folder is meant: no hidden one, none that a sync tool is writing."""
    hidden = path.name.startswith((".", "~"))
    return not hidden and path.suffix.lower() in SUFFIXES and path.is_file()


def _remembered(database: sqlite3.Connection) -> dict[str, File]:
    rows = database.execute("SELECT path, size, mtime_ns, since, lines FROM inbox_file")
    return {row[0]: _file(*row) for row in rows}


def _file(path: str, size: int, mtime_ns: int, since: str, stored: str) -> File:
    fields = json.loads(stored)
    lines = tuple(Line(*line) for line in fields["lines"])
    when = dt.datetime.fromisoformat(since)
    rest = (tuple(fields["notes"]), fields["waiting"], fields["checksum"])
    return File(path, size, mtime_ns, when, lines, *rest)


def _read_file(path: Path, before: File | None, now: dt.datetime) -> File:
    """Return a file with its lines, read again only where it changed or was waiting."""
    name = str(path)
    try:
        status = path.stat()
        state = (status.st_size, status.st_mtime_ns)
        if status.st_size > MOST_BYTES:
            notes = (f"{path.name}: too large for a diary",)
            return File(name, *state, before.since if before else now, notes=notes)
        content = path.read_bytes()
        checksum = zlib.crc32(content)
        unchanged = before is not None and (*state, checksum) == (*before[1:3], before.checksum)
        if before and unchanged and not before.waiting:
            return before
        since = before.since if before and unchanged else now
        changed = dt.datetime.fromtimestamp(status.st_mtime, dt.UTC)
        settled = now - min(changed, since) >= SETTLED  # a phone's clock may be ahead of ours
        file = _parsed(name, state, since, content, before, settled=settled)
        return file._replace(checksum=checksum)
    except (OSError, OverflowError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        kept = before or File(name, -1, -1, now)
        return kept._replace(waiting=True, notes=(f"{path.name}: {reason}",))


def _parsed(
    name: str,
    state: tuple[int, int],
    since: dt.datetime,
    content: bytes,
    before: File | None,
    *,
    settled: bool,
) -> File:
    kind = sniff.kind(content)
    if kind == "track_and_graph":
        waiting = not settled and content[-1:] not in {b"\n", b"\r"}
        table = track_and_graph.read(content.rpartition(b"\n")[0] if waiting else content)
        notes = tuple(table.left(Path(name).name))
        return File(name, *state, since, table.lines, notes, waiting)
    if kind == "pain":
        note = f"{Path(name).name}: a table of scores; use `kneeload pain import`"
        return File(name, *state, since, notes=(note,))
    lines = lines_of(content)
    if settled or not lines or lines[-1].complete:
        return File(name, *state, since, tuple(lines))
    *whole, growing = lines
    # What was read of it before stays, so that the longer line finds what it replaces.
    last = before.lines[-1:] if before else ()
    replaced = [line for line in last if not line.complete and growing.text.startswith(line.text)]
    return File(name, *state, since, (*whole, *replaced), waiting=True)


def _has_changed(
    log: TrainingLog, files: list[File], before: Mapping[str, File], now: dt.datetime
) -> bool:
    return any(before.get(f.path) != f for f in files) or bool(_released(log, now))


def _released(log: TrainingLog, now: dt.datetime) -> list[str]:
    """Return the lines held because they were ahead of the clock, which has come up with them."""
    lines = journal.active(log.state(), "line")
    return [
        name
        for name, line in lines.items()
        if line.get("held")
        and (stamp := stamp_of(line["text"]))
        and not is_ahead(stamp[0], now, line["zone"])
    ]


def _store(log: TrainingLog, files: list[File], now: dt.datetime, *, remember: bool = True) -> int:
    """Record the lines that were never read before; return how many scores they hold."""
    with _short_busy_timeout(log.writable()) as database, transaction(database):
        lines = journal.replay(database).get("line", {})
        before = _remembered(database) if remember else {}
        memory = Memory(
            ever=journal.ever_added(database, "line"),
            standing={n for n, f in lines.items() if not f.get("removed") and not f.get("kept")},
            touched=_touched(database, lines),
            files={path: file.lines for path, file in before.items()},
        )
        arrived = arrivals(memory, {file.path: file.lines for file in files})
        zone, knee = log.settings.time_zone or log.machine_zone, log.settings.knee
        changes = [change for arrival in arrived for change in _changes(arrival, zone, knee, now)]
        changes += [
            Change(verb="edit", object="line", subject=name, payload={"held": False})
            for name in _released(log, now)
        ]
        if changes:
            journal.append(database, changes, now)
        if remember:
            database.executemany(
                "INSERT OR REPLACE INTO inbox_file VALUES (?, ?, ?, ?, ?)", map(_row, files)
            )
    fresh = (change.payload for change in changes if change.verb == "add")
    return sum(len(_scores_of(fields["text"])) for fields in fresh if counts(fields))


def _touched(database: sqlite3.Connection, lines: Mapping[str, dict[str, Any]]) -> set[str]:
    """Return the lines with an entry that was edited or removed in kneeload, or that are out."""
    answered = journal.replay(database).get("pain", {})
    edited = {name.partition(".")[0] for name in answered if "." in name}
    return {n for n, f in lines.items() if n in edited or f.get("removed") or f.get("kept")}


def _changes(arrival: Arrival, zone: str, knee: str, now: dt.datetime) -> Iterator[Change]:
    """Yield what an arrival adds to the journal, and what it takes the place of."""
    stamp = stamp_of(arrival.line.text)
    fields: dict[str, Any] = {"text": arrival.line.text, "zone": zone}
    fields |= {"knee": knee} if knee != "unsure" else {}
    fields |= {"held": True} if stamp and is_ahead(stamp[0], now, zone) else {}
    fields |= {"kept": arrival.kept} if arrival.kept else {}
    if arrival.replaces:
        by = {"by": arrival.line.name}
        yield Change(verb="remove", object="line", subject=arrival.replaces, payload=by)
    yield Change(verb="add", object="line", subject=arrival.line.name, payload=fields)


def _scores_of(text: str) -> Mapping[str, Any]:
    line = {"text": text, "zone": "UTC", "entered_at": ""}
    return entries_of(Occurrence(text).name, line, {})


def _row(file: File) -> tuple[str, int, int, str, str]:
    fields = {name: getattr(file, name) for name in ("lines", "notes", "waiting", "checksum")}
    text = json.dumps(fields, ensure_ascii=False)
    return (file.path, file.size, file.mtime_ns, file.since.isoformat(), text)


@contextmanager
def _short_busy_timeout(database: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """Let others keep the log for a moment only, while the inbox is read."""
    before = int(database.execute("PRAGMA busy_timeout").fetchone()[0])
    database.execute(f"PRAGMA busy_timeout = {_PATIENCE_MS}")
    try:
        yield database
    finally:
        database.execute(f"PRAGMA busy_timeout = {before}")
