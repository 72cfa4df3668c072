"""An export of kneeload's own, taken into a log that has no words yet."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

from kneeload.errors import EntryError, FileRefused, KneeloadError
from kneeload.importers.document import Refusal
from kneeload.importers.exports import own
from kneeload.log.verify import read_all
from kneeload.store.database import transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from kneeload.importers.exports.own import Words
from kneeload.export.archive import tables


def import_words(make: Callable[[], sqlite3.Connection], paths: Iterable[Path]) -> list[Refusal]:
    """Take the words of the exports at `paths` into a log that has none; say which were left.

    A log that has words of its own keeps them: two diaries are never mixed. `make` gives the log
    as soon as there are words.
    """
    refusals: list[Refusal] = []
    for path in paths:
        try:
            for words in own.words(path):
                refusals += _import_words(make(), words)
        except FileRefused as refused:
            refusals.append(Refusal(str(path), "failed", str(refused)))
    return refusals


def _import_words(database: sqlite3.Connection, words: Words) -> Iterator[Refusal]:
    try:
        rows = [(int(i), int(b), *rest, int(u)) for i, b, *rest, u in words.decisions]
        with transaction(database):
            if not _is_known(database, rows, words):
                _store(database, rows, words)
    except (KneeloadError, sqlite3.IntegrityError, ValueError, TypeError, KeyError) as error:
        yield Refusal(words.path, "warning", f"its diary and settings were left out: {error}")


def _is_known(database: sqlite3.Connection, rows: list[tuple[Any, ...]], words: Words) -> bool:
    """Whether the log has heard all this; one that has heard other things refuses to mix."""
    had = set(tables(database)[own.DECISIONS][1])
    settings = dict(database.execute("SELECT key, value FROM setting").fetchall())
    if not had and not settings:
        return False
    if had.issuperset(rows) and settings.items() >= words.settings.items():
        return True
    raise EntryError(
        "this log has its own; to keep those of the export, import into a new log (--log FILE)"
    )


def _store(database: sqlite3.Connection, rows: list[tuple[Any, ...]], words: Words) -> None:
    marks = ", ".join("?" * len(own.DECISION_COLUMNS))
    database.executemany(f"INSERT INTO journal VALUES ({marks})", rows)  # noqa: S608 - marks only
    database.executemany("INSERT INTO setting VALUES (?, ?)", words.settings.items())
    read_all(database)
