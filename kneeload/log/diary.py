"""Pain entries and the rest of the diary as frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from kneeload.frames import DIARY, PAIN, conform, empty
from kneeload.log.journal import standing
from kneeload.log.parsed import unanswered
from kneeload.model import RUNNING_SPORTS

if TYPE_CHECKING:
    from kneeload.log.journal import State
    from kneeload.log.parsed import Entries


def pain_frame(state: State, activities: pd.DataFrame, parsed: Entries) -> pd.DataFrame:
    """Return the standing entries, each with the run it belongs to: columns of `frames.PAIN`.

    Parameters
    ----------
    activities
        All sports, each once; a score belongs to a run.
    parsed
        What `kneeload.log.parsed.parsed_entries` read from them.
    """
    entries = standing(state, "pain") | unanswered(parsed, state)
    if not entries:
        return empty(PAIN)
    frame = pd.DataFrame([{"pain_id": key, **fields} for key, fields in entries.items()])
    frame = frame.assign(
        local_date=pd.to_datetime(frame["local_date"], format="%Y-%m-%d"),
        entered_at=pd.to_datetime(frame["entered_at"], format="ISO8601", utc=True),
        painkillers=frame["painkillers"].astype("boolean"),
    )
    frame = conform(frame, PAIN)[list(PAIN)]
    ordered = frame.sort_values(["local_date", "entered_at", "pain_id"], ignore_index=True)
    return ordered.assign(run_id=runs_of(ordered, activities))


def diary_frame(state: State) -> pd.DataFrame:
    """Return the rest of the diary that stands: columns of `frames.DIARY`."""
    entries = standing(state, "diary")
    if not entries:
        return empty(DIARY)
    frame = pd.DataFrame([{"entry_id": key, **fields} for key, fields in entries.items()])
    for column in ("local_date", "until"):
        said = frame[column] if column in frame else pd.Series(pd.NaT, index=frame.index)
        frame[column] = pd.to_datetime(said, format="%Y-%m-%d").astype("datetime64[us]")
    return conform(frame, DIARY)[list(DIARY)].sort_values(
        "local_date", kind="stable", ignore_index=True
    )


def runs_of(pain: pd.DataFrame, activities: pd.DataFrame) -> pd.Series:
    """Return each entry's run: the one it names, else the last run of the day it looks back on."""
    runs = activities.loc[activities["sport"].isin([str(sport) for sport in RUNNING_SPORTS])]
    last = runs.sort_values("started_at").groupby("local_date")["run_id"].last()
    looked_back = (pain["moment"] == "next_morning").astype("int64")
    day = pain["local_date"] - pd.to_timedelta(looked_back, unit="D").astype("timedelta64[us]")
    found = day.where(~pain["moment"].isin(["rest", "unsure"])).map(last)
    return pain["run_id"].where(pain["run_id"] != "", found.astype("str").fillna(""))
