"""What a log holds, at a glance: how it shows itself where it is printed."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from kneeload import words
from kneeload.model import Sport

if TYPE_CHECKING:
    import sqlite3

    import pandas as pd

    from kneeload.log.journal import State


def stored_in_words(database: sqlite3.Connection) -> str:
    """Return how many activities are stored, copies included, and from when to when."""
    count, first, last = database.execute(
        "SELECT count(*), min(local_date), max(local_date) FROM activity"
    ).fetchone()
    return f"{words.count(count, 'activity', 'activities')}{f', {first} to {last}' * bool(count)}"


def facts(database: sqlite3.Connection, state: State, pain: pd.DataFrame) -> dict[str, str]:
    """Return what there is of everything, in words; what there is none of is left out."""
    from kneeload.log.activities import duplicates, stored

    every = stored(database, state)
    copies = duplicates(every, state)["run_id"]
    activities = every[~every["run_id"].isin(copies)]
    running = activities["sport"].isin([sport.value for sport in Sport if sport.is_running])
    said = {
        "Runs": words.number(int(running.sum())),
        "Other sports": words.number(int((~running).sum())),
        "Copies, counted once": words.number(len(copies)),
        "From": _span(activities),
        "Pain scores": words.number(len(pain)),
        "Last import": _last_import(database),
    }
    return {name: text for name, text in said.items() if text != "0" or name == "Runs"}


def _span(activities: pd.DataFrame) -> str:
    days = activities["local_date"]
    return "" if days.empty else words.span(days.min().date(), days.max().date())


def _last_import(database: sqlite3.Connection) -> str:
    (newest,) = database.execute("SELECT max(imported_at) FROM source").fetchone()
    if newest is None:
        return ""
    at = dt.datetime.fromisoformat(newest).astimezone(dt.UTC)
    return f"{words.day_and_year(at)}, {at:%H:%M} UTC"
