"""Pain entries and the rest of the diary as frames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from kneeload import formatting
from kneeload.calendar import day_numbers
from kneeload.diary.attribution import assign_runs
from kneeload.diary.scores_in_notes import not_entered, unreviewed
from kneeload.frames import DIARY, PAIN, Column
from kneeload.store.journal import active
from kneeload.store.typed_columns import framed

if TYPE_CHECKING:
    import pandas as pd

    from kneeload.diary.scores_in_notes import Entries
    from kneeload.formatting import Units
    from kneeload.frames import Spec
    from kneeload.settings import Settings
    from kneeload.store.journal import State


def in_force(state: State, derived: Entries, lines: Entries) -> Entries:
    """Return the scores that count, by id.

    Parameters
    ----------
    derived
        What was read from the activities, answered or not.
    lines
        The scores of the inbox's lines; what was edited of a line that is gone is gone with it.
    """
    entered = {
        name: fields
        for name, fields in active(state, "pain").items()
        if not (name.startswith("i") and "." in name)
    }
    return entered | unreviewed(derived, state) | not_entered(lines, state)


def pain_frame(entries: Entries, activities: pd.DataFrame) -> pd.DataFrame:
    """Return scores as a frame, each with the run it belongs to: columns of `frames.PAIN`.

    Parameters
    ----------
    entries
        By id, fields as in the journal.
    activities
        All sports, each once; a score rates a run.
    """
    frame = _framed(entries, "pain_id", PAIN)
    days, entered = day_numbers(frame["local_date"]), frame["entered_at"].to_numpy("datetime64[us]")
    order = np.lexsort((frame["pain_id"].to_numpy("U"), entered, days))
    ordered = frame.iloc[order].reset_index(drop=True)
    return assign_runs(ordered, activities)


def marker_frame(entries: Entries) -> pd.DataFrame:
    """Return the marked places as a frame like `pain_frame`, with empty scores."""
    spec = PAIN | {"score": Column("float64", "0-10", "not asked for yet")}
    frame = _framed(entries, "pain_id", spec)
    return frame.sort_values("local_date", kind="stable", ignore_index=True)


def usual_knee(pain: pd.DataFrame, settings: Settings) -> str:
    """Return the knee of the settings, else that of the newest score that names one."""
    named = pain.loc[pain["knee"] != "unsure", "knee"]
    if settings.knee != "unsure" or named.empty:
        return settings.knee
    return str(named.iloc[-1])


def run_in_words(runs: pd.DataFrame, run_id: str, units: Units) -> str:
    """Return ``your 8.0 km on Sat 14 March``; empty where there is no run of that id."""
    run = runs.loc[runs["run_id"] == run_id, ["distance_km", "local_date"]]
    return "".join(
        f"your {formatting.distance(km, units)} on {formatting.weekday(day)}"
        for km, day in run.itertuples(index=False)
    )


def diary_frame(state: State) -> pd.DataFrame:
    """Return the rest of the diary that stands: columns of `frames.DIARY`."""
    frame = _framed(active(state, "diary"), "entry_id", DIARY)
    return frame.sort_values("local_date", kind="stable", ignore_index=True)


def _framed(entries: dict[str, dict[str, Any]], name: str, spec: Spec) -> pd.DataFrame:
    fields = entries.values()
    columns = {column: [entry.get(column) for entry in fields] for column in spec}
    return framed(columns | {name: list(entries)}, spec)
