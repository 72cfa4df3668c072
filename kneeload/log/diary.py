"""Pain entries and the rest of the diary as frames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from kneeload.diary.attribution import assign_runs
from kneeload.frames import DIARY, PAIN
from kneeload.log.columns import framed
from kneeload.log.journal import standing
from kneeload.log.parsed import unanswered
from kneeload.measures.knee import day_numbers

if TYPE_CHECKING:
    import pandas as pd

    from kneeload.frames import Spec
    from kneeload.log.journal import State
    from kneeload.log.parsed import Entries


def pain_frame(state: State, activities: pd.DataFrame, parsed: Entries) -> pd.DataFrame:
    """Return the standing entries, each with the run it rates: columns of `frames.PAIN`.

    Parameters
    ----------
    activities
        All sports, each once; a score rates a run.
    parsed
        What `kneeload.log.parsed.parsed_entries` read from them.
    """
    frame = _framed(standing(state, "pain") | unanswered(parsed, state), "pain_id", PAIN)
    days, entered = day_numbers(frame), frame["entered_at"].to_numpy("datetime64[us]")
    order = np.lexsort((frame["pain_id"].to_numpy("U"), entered, days))
    ordered = frame.iloc[order].reset_index(drop=True)
    return assign_runs(ordered, activities)


def diary_frame(state: State) -> pd.DataFrame:
    """Return the rest of the diary that stands: columns of `frames.DIARY`."""
    frame = _framed(standing(state, "diary"), "entry_id", DIARY)
    return frame.sort_values("local_date", kind="stable", ignore_index=True)


def _framed(entries: dict[str, dict[str, Any]], name: str, spec: Spec) -> pd.DataFrame:
    fields = entries.values()
    columns = {column: [entry.get(column) for entry in fields] for column in spec}
    return framed(columns | {name: list(entries)}, spec)
