"""The stored activities as a frame: edits applied, removed ones and duplicates left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from kneeload.errors import LogError
from kneeload.frames import MEASURED, RUNS, STORED, conform
from kneeload.log.duplicates import find_duplicates, inherit
from kneeload.log.ingest import ROW_COLUMNS
from kneeload.log.journal import standing
from kneeload.measures import with_loads

if TYPE_CHECKING:
    import sqlite3

    from kneeload.log.journal import State
    from kneeload.settings import Settings

_REBUILD = "`kneeload rebuild` computes them all again from the files it keeps"
EDITABLE = ("sport", "distance_km", "local_date", "rpe", "shoe", "note")


def stored(database: sqlite3.Connection, state: State) -> pd.DataFrame:
    """Return every stored activity that was not removed, with the runner's edits applied.

    Raises
    ------
    LogError
        If a date or number of one cannot be read.
    """
    columns = ", ".join(f"activity.{name}" for name in ROW_COLUMNS)
    rows = database.execute(
        f"SELECT {columns}, source.path, source.kind FROM activity"  # noqa: S608 - fixed names
        " JOIN source USING (digest) ORDER BY started_at, run_id"
    ).fetchall()
    try:
        frame = _typed(pd.DataFrame(rows, columns=[*ROW_COLUMNS, "source", "kind"]))
    except ValueError as error:
        raise LogError(f"the log is damaged in an activity; {_REBUILD}") from error
    removed = [s for s, fields in state.get("run", {}).items() if fields.get("removed")]
    return _edited(frame[~frame["run_id"].isin(removed)], standing(state, "run"))


def duplicates(activities: pd.DataFrame, state: State) -> pd.DataFrame:
    """Return which of `activities` are copies of others; see `find_duplicates`."""
    kept = [s for s, fields in standing(state, "pair").items() if fields.get("keep")]
    return find_duplicates(activities, kept)


def once(database: sqlite3.Connection, state: State) -> pd.DataFrame:
    """Return the stored activities less the copies of others."""
    activities = stored(database, state)
    return inherit(activities, duplicates(activities, state)).reset_index(drop=True)


def counted(database: sqlite3.Connection, state: State, settings: Settings) -> pd.DataFrame:
    """Return the activities that count, once each, with their loads: columns of `frames.RUNS`."""
    each = once(database, state)
    loaded = with_loads(each, list(each["profile"]), settings)
    frame = conform(loaded, RUNS)
    return frame[[*RUNS, *STORED, *MEASURED]]


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    started = pd.to_datetime(frame["started_at"], format="ISO8601", utc=True)
    note = frame["private_note"].where(frame["private_note"] != "", frame["description"])
    return frame.assign(
        started_at=started.astype("datetime64[us, UTC]"),
        local_date=pd.to_datetime(frame["local_date"], format="%Y-%m-%d").astype("datetime64[us]"),
        sport_inferred=frame["sport_inferred"].astype(bool),
        clock_known=frame["clock_known"].astype(bool),
        suspect=frame["suspect_reason"].ne(""),
        note=note.astype("str"),
        shoe=frame["gear"].astype("str"),
        **{name: frame[name].astype("float64") for name in _NUMBERS},
    )


_NUMBERS = [
    "distance_km",
    "moving_s",
    "elapsed_s",
    "ascent_m",
    "descent_m",
    "avg_hr_bpm",
    "max_hr_bpm",
    "avg_cadence_spm",
    "rpe",
]


def _edited(frame: pd.DataFrame, edits: dict[str, dict[str, Any]]) -> pd.DataFrame:
    """Apply each run's edited fields; a run whose distance or date was set is no more suspect."""
    frame = frame.copy()
    for column in EDITABLE:
        said = {s: fields[column] for s, fields in edits.items() if column in fields}
        where = frame["run_id"].isin(said)
        if where.any():
            values = frame.loc[where, "run_id"].map(said)
            frame = _EDITORS.get(column, _plain)(frame, where, column, values)
    return frame


def _plain(frame: pd.DataFrame, where: pd.Series, column: str, values: pd.Series) -> pd.DataFrame:
    return frame.assign(**{column: frame[column].mask(where, values.astype(frame[column].dtype))})


def _distance(
    frame: pd.DataFrame, where: pd.Series, column: str, values: pd.Series
) -> pd.DataFrame:
    edited = _plain(frame, where, column, values)
    return _cleared(edited, where).assign(
        distance_source=frame["distance_source"].mask(where, "edited")
    )


def _date(frame: pd.DataFrame, where: pd.Series, column: str, values: pd.Series) -> pd.DataFrame:
    """Move the start by as many days, so that windows by time agree with the date."""
    dates = pd.to_datetime(values, format="%Y-%m-%d").astype("datetime64[us]")
    moved = _plain(frame, where, column, dates)
    shift = (moved[column] - frame[column]).astype("timedelta64[us]")
    return _cleared(moved, where).assign(started_at=frame["started_at"] + shift)


def _sport(frame: pd.DataFrame, where: pd.Series, column: str, values: pd.Series) -> pd.DataFrame:
    named = _plain(frame, where, column, values)
    return named.assign(sport_inferred=frame["sport_inferred"] & ~where)


def _cleared(frame: pd.DataFrame, where: pd.Series) -> pd.DataFrame:
    return frame.assign(
        suspect=frame["suspect"] & ~where,
        suspect_reason=frame["suspect_reason"].mask(where, ""),
    )


_EDITORS = {"distance_km": _distance, "local_date": _date, "sport": _sport}
