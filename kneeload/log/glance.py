"""What a log holds, at a glance: how it shows itself where it is printed."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from kneeload import formatting

if TYPE_CHECKING:
    import sqlite3

    import pandas as pd

    from kneeload.log.snapshot import Reading


def stored_in_words(database: sqlite3.Connection) -> str:
    """Return how many activities are stored, copies included, and from when to when."""
    count, first, last = database.execute(
        "SELECT count(*), min(local_date), max(local_date) FROM activity"
    ).fetchone()
    return (
        f"{formatting.count(count, 'activity', 'activities')}{f', {first} to {last}' * bool(count)}"
    )


def facts(database: sqlite3.Connection, read: Reading) -> dict[str, str]:
    """Return what there is of everything, in words; what there is none of is left out."""
    from kneeload.measures.baselines import is_running

    running = is_running(read.once)
    said = {
        "Runs": formatting.number(int(running.sum())),
        "Other sports": formatting.number(int((~running).sum())),
        "Copies, counted once": formatting.number(len(read.duplicates)),
        "From": _span(read.once),
        "Pain scores": formatting.number(len(read.pain)),
        "Last import": _last_import(database),
    }
    return {name: text for name, text in said.items() if text != "0" or name == "Runs"}


def _span(activities: pd.DataFrame) -> str:
    days = activities["local_date"]
    return "" if days.empty else formatting.span(days.min().date(), days.max().date())


def _last_import(database: sqlite3.Connection) -> str:
    (newest,) = database.execute("SELECT max(imported_at) FROM source").fetchone()
    if newest is None:
        return ""
    at = dt.datetime.fromisoformat(newest).astimezone(dt.UTC)
    return f"{formatting.day_and_year(at)}, {at:%H:%M} UTC"
