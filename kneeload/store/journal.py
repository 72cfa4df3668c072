"""The journal: what the runner said, as entries that are only ever added or marked undone."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from kneeload.errors import EntryError
from kneeload.store.database import transaction

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

Verb = Literal["add", "edit", "remove"]
Object = Literal["pain", "run", "flag", "pair", "diary", "line"]
State = dict[str, dict[str, dict[str, Any]]]

_ENTRIES = {"pain": "pain entry", "diary": "note"}
_LISTS = {"pain": "pain", "diary": "note"}


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change: to add, edit or remove the subject of that name; an add may name it itself."""

    verb: Verb
    object: Object
    payload: dict[str, Any]
    subject: str = ""


def record(
    database: sqlite3.Connection,
    changes: Iterable[Change],
    at: dt.datetime,
    *,
    batch: int | None = None,
) -> list[str]:
    """Append `changes` as one batch, which one undo takes back; return their subjects.

    With `batch`, they join that one, if nothing was said since: answers of one sitting are stored
    one by one and undone together.
    """
    with transaction(database):
        return append(database, changes, at, batch=batch)


def append(
    database: sqlite3.Connection,
    changes: Iterable[Change],
    at: dt.datetime,
    *,
    batch: int | None = None,
) -> list[str]:
    """Append `changes` as `record` does, within a transaction that is open."""
    last = last_batch(database)
    number = last if batch == last and last else last + 1
    return [_append(database, number, at, change) for change in changes]


def last_batch(database: sqlite3.Connection, subject: str | None = None) -> int:
    """Return the number of the newest batch, or of the newest that holds `subject`; 0 without."""
    newest = database.execute(
        "SELECT coalesce(max(batch), 0) FROM journal WHERE subject = coalesce(?, subject)",
        (subject,),
    )
    return int(newest.fetchone()[0])


def ever_added(database: sqlite3.Connection, kind: Object) -> frozenset[str]:
    """Return the subjects of one kind that were ever added, also those undone or removed since."""
    rows = database.execute(
        "SELECT DISTINCT subject FROM journal WHERE object = ? AND verb = 'add'", (kind,)
    )
    return frozenset(subject for (subject,) in rows)


@dataclass(frozen=True)
class Batch:
    """Changes that were made, and are undone, together; when they were made [ISO 8601]."""

    entered_at: str
    changes: tuple[Change, ...]


def undo(database: sqlite3.Connection, batch: int | None = None) -> list[Change]:
    """Mark a batch, by default the newest, as undone and return what it held; empty without one.

    The mark counts up, so that `redo` can tell what was undone last.

    Raises
    ------
    EntryError
        If the batch is undone already, or what it changed was changed again.
    """
    with transaction(database):
        last = database.execute("SELECT max(batch) FROM journal WHERE undone = 0").fetchone()[0]
        if batch is not None and not _is_newest(database, batch):
            raise EntryError(
                "this has been changed again since then; `kneeload undo --list` shows the last "
                "changes"
            )
        number = batch or last
        database.execute(
            "UPDATE journal SET undone = (SELECT max(undone) + 1 FROM journal)"
            " WHERE batch = ? AND undone = 0",
            (number,),
        )
        return _changes(database, number)


def _is_newest(database: sqlite3.Connection, batch: int) -> bool:
    """Whether a batch stands and is the last to change each of its subjects."""
    newest = database.execute(
        "SELECT max(batch) FROM journal WHERE undone = 0 AND (object, subject) IN"
        " (SELECT object, subject FROM journal WHERE batch = ?) GROUP BY object, subject",
        (batch,),
    ).fetchall()
    return {number for (number,) in newest} == {batch}


def redo(database: sqlite3.Connection) -> list[Change]:
    """Bring the batch back that was undone last and return what it holds.

    Empty where nothing was undone, or something was recorded since: it might contradict.
    """
    with transaction(database):
        undone = database.execute(
            "SELECT batch FROM journal WHERE undone > 0 ORDER BY undone DESC, batch LIMIT 1"
        ).fetchone()
        newest = database.execute("SELECT max(batch) FROM journal WHERE undone = 0").fetchone()[0]
        if not undone or undone[0] < (newest or 0):
            return []
        database.execute("UPDATE journal SET undone = 0 WHERE batch = ?", undone)
        return _changes(database, *undone)


def history(database: sqlite3.Connection, most: int) -> list[Batch]:
    """Return the last batches that are not undone, oldest first."""
    batches = database.execute(
        "SELECT batch, min(entered_at) FROM journal WHERE undone = 0"
        " GROUP BY batch ORDER BY batch DESC LIMIT ?",
        (most,),
    ).fetchall()
    return [Batch(at, tuple(_changes(database, batch))) for batch, at in reversed(batches)]


def _changes(database: sqlite3.Connection, batch: int | None) -> list[Change]:
    rows = database.execute(
        "SELECT verb, object, payload, subject FROM journal WHERE batch = ? ORDER BY entry_id",
        (batch,),
    )
    return [Change(verb=v, object=o, payload=json.loads(p), subject=s) for v, o, p, s in rows]


def replay(database: sqlite3.Connection) -> State:
    """Return what stands: object -> subject -> fields; removed subjects bear ``removed``."""
    rows = database.execute(
        "SELECT verb, object, subject, payload, entered_at FROM journal"
        " WHERE undone = 0 ORDER BY entry_id"
    ).fetchall()
    payloads = json.loads(f"[{','.join(payload for _, _, _, payload, _ in rows)}]")
    entries: State = defaultdict(dict)
    for (verb, kind, subject, _, at), payload in zip(rows, payloads, strict=True):
        fields = entries[kind].setdefault(subject, {"entered_at": at})
        fields.update(payload | {"removed": True} if verb == "remove" else payload)
    return entries


def active(state: State, kind: Object) -> dict[str, dict[str, Any]]:
    """Return the subjects of one kind that were not removed."""
    return {s: fields for s, fields in state.get(kind, {}).items() if not fields.get("removed")}


def find_entry(
    candidates: dict[str, dict[str, Any]], kind: Object, name: str
) -> tuple[str, dict[str, Any]]:
    """Return the subject that `name` means, and its fields.

    A beginning will do for the long ids of what was read from notes; `p1` never means `p12`.
    """
    prefixed = [s for s in candidates if "." in s and s.startswith(name)]
    matches = [name] if name in candidates else prefixed
    if len(matches) == 1:
        return matches[0], candidates[matches[0]]
    raise EntryError(
        f"{'more than one' if matches else 'no'} {_ENTRIES[kind]} has the id {name!r};"
        f" `kneeload {_LISTS[kind]} list` shows them"
    )


def _append(database: sqlite3.Connection, batch: int, at: dt.datetime, change: Change) -> str:
    cursor = database.execute(
        "INSERT INTO journal (batch, entered_at, verb, object, subject, payload)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (
            batch,
            at.astimezone(dt.UTC).isoformat(timespec="seconds"),
            change.verb,
            change.object,
            change.subject,
            json.dumps(change.payload, ensure_ascii=False, sort_keys=True),
        ),
    )
    if change.subject:
        return change.subject
    subject = f"{change.object[0]}{cursor.lastrowid}"
    database.execute(
        "UPDATE journal SET subject = ? WHERE entry_id = ?", (subject, cursor.lastrowid)
    )
    return subject
