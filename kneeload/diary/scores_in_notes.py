"""Entries that follow from what the activities' names and notes say; the log stores none of them.

What it stores is the runner's answer: a removal or an edit under the entry's id.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import TYPE_CHECKING, Any
from zlib import crc32

from kneeload.diary.pain_csv import identity
from kneeload.diary.validation import PAIN_FIELDS, payload, validated_entry
from kneeload.model import PainEntry

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    import pandas as pd

    from kneeload.diary.note_parser import NotedScore
    from kneeload.store.journal import State

Entries = dict[str, dict[str, Any]]

DERIVED_ORIGINS = frozenset({"parsed", "watch", "phone"})
TEXTS = ("name", "description", "private_note", "note")
# What a text holds where it holds a score at all: few do, and the first look at all is quick.
_OF_KNEES = re.compile("kne|knie|genou|rodilla|rotul|rótul|patell", re.IGNORECASE)


def parsed_entries(activities: pd.DataFrame, database: sqlite3.Connection) -> Entries:
    """Return the scores in names, descriptions and notes, by id, fields as in the journal.

    Parameters
    ----------
    activities
        Each once, with ``run_id``, ``local_date`` and the texts.
    database
        Tells when each came into the log.
    """
    texts = list(zip(*(activities[name].tolist() for name in TEXTS), strict=True))
    speaking = [row for row, score in enumerate(texts) if _OF_KNEES.search("\n".join(score))]
    run_ids = activities["run_id"].iloc[speaking].tolist()
    days = activities["local_date"].iloc[speaking].dt.date
    entered_at = _imported_at(database, run_ids)
    return {
        _id(run_id, score): payload(_entry(run_id, day, score)) | {"entered_at": entered_at[run_id]}
        for row, run_id, day in zip(speaking, run_ids, days, strict=True)
        for score in _distinct(texts[row])
    }


def unreviewed(derived: Entries, state: State) -> Entries:
    """Return the derived entries that nobody removed, edited, or brought in by a table."""
    answers = state.get("pain", {})
    open_ = {name: fields for name, fields in derived.items() if name not in answers}
    return not_entered(open_, state)


def not_entered(derived: Entries, state: State) -> Entries:
    """Return the derived entries less those that a table has brought in as well."""
    had = {
        identity(entry_of(fields))
        for name, fields in state.get("pain", {}).items()
        if fields.get("origin") in DERIVED_ORIGINS and name not in derived
    }
    if not had:
        return derived
    return {
        name: fields for name, fields in derived.items() if identity(entry_of(fields)) not in had
    }


def entry_of(fields: Mapping[str, Any]) -> PainEntry:
    """Return the entry whose fields the journal keeps."""
    return validated_entry({key: fields.get(key) for key in PAIN_FIELDS})


def _imported_at(database: sqlite3.Connection, run_ids: list[str]) -> dict[str, str]:
    rows = database.execute(
        "SELECT run_id, imported_at FROM json_each(?) JOIN activity ON run_id = value"
        " JOIN source USING (digest)",
        (json.dumps(run_ids),),
    )
    return dict(rows.fetchall())


def _distinct(texts: tuple[str, ...]) -> list[NotedScore]:
    """Return a run's scores; the same said twice is one."""
    from kneeload.diary.note_parser import scores_in

    score = [score for text in dict.fromkeys(texts) for score in scores_in(text)]
    return list({_key(one): one for one in reversed(score)}.values())[::-1]


def _key(score: NotedScore) -> str:
    return f"{score.score} {score.knee} {score.site} {score.moment}"


def _id(run_id: str, score: NotedScore) -> str:
    """Return the same id whenever the same is read from the same run."""
    return f"{run_id}.{crc32(_key(score).encode()) & 0xFFFF:04x}"


def _entry(run_id: str, day: dt.date, score: NotedScore) -> PainEntry:
    later = dt.timedelta(days=score.moment == "next_morning")
    return PainEntry(
        local_date=day + later,
        score=score.score,
        knee=score.knee,
        site=score.site,
        moment=score.moment,
        run_id=run_id,
        origin="parsed",
        note=score.words,
    )
