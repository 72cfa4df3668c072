"""The stored activities as a frame: edits applied, removed ones left out."""

from __future__ import annotations

from operator import itemgetter
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import pandas as pd

from kneeload.errors import FrameError, LogError
from kneeload.frames import RUNS, STORED, Column
from kneeload.measures.loads import COMPUTED
from kneeload.measures.plausibility import CLOCK
from kneeload.store.journal import active
from kneeload.store.typed_columns import framed

if TYPE_CHECKING:
    import sqlite3

    from kneeload.store.journal import State

_REBUILD = "`kneeload rebuild` computes them all again from the files it keeps"
EDITABLE = ("shift_s", "sport", "distance_km", "local_date", "rpe", "shoe", "note", "accepted")
"""What the runner may overrule, in the order in which it takes effect."""
_READ = {name: column for name, column in (RUNS | STORED).items() if name not in COMPUTED}
_READ["profile"] = Column("object", "", "what loads are computed from")
_BY_START = itemgetter(*map([*_READ].index, ("started_at", "run_id")))
_SELECTED = {
    "suspect": "suspect_reason <> ''",
    "source": "source.path",
    "note": "coalesce(nullif(private_note, ''), description)",
    "shoe": "gear",
    "kind": "source.kind",
}


def recordings(database: sqlite3.Connection, state: State, since: str = "") -> pd.DataFrame:
    """Return every stored activity, with the runner's edits applied.

    Left out are those that the runner removed alone; those removed with all recordings of their
    run are here, as `removed_whole` names them, for later recordings to be known by.

    Parameters
    ----------
    since
        The first local date wanted, in ISO 8601; the file's own date counts, not an edited one.

    Returns
    -------
    pandas.DataFrame
        Columns of `kneeload.frames.RUNS` and `STORED` but what loads fill in, and ``profile``.

    Raises
    ------
    LogError
        If a date or number of one cannot be read.
    """
    # Sorted here, since SQLite would carry the profiles, large as they are, through its sort.
    rows = sorted(database.execute(_query(database), (since,)), key=_BY_START)
    columns = [list(values) for values in zip(*rows, strict=True)]
    try:
        frame = framed(dict(zip(_READ, columns or [[] for _ in _READ], strict=True)), _READ)
    except FrameError as error:
        raise LogError(f"an activity in the log is damaged; {_REBUILD}") from error
    runs, whole = state.get("run", {}), set(removed_whole(state))
    removed = [s for s, fields in runs.items() if fields.get("removed") and s not in whole]
    remaining = frame[~frame["run_id"].isin(removed)] if removed else frame
    return _edited(remaining, active(state, "run"))


def removed_whole(state: State) -> list[str]:
    """Return the runs that the runner removed with all their recordings."""
    runs = state.get("run", {}).items()
    return [s for s, fields in runs if fields.get("removed") and fields.get("recordings")]


def from_source(frame: pd.DataFrame, prefix: str) -> list[str]:
    """Return the runs with a time of day whose path, or file's name, begins with `prefix`."""
    paths = frame["source"].tolist()
    return [
        name
        for name, path, timed in zip(frame["run_id"], paths, frame["clock_known"], strict=True)
        if timed and (path.startswith(prefix) or PurePath(path).name.startswith(prefix))
    ]


def _query(database: sqlite3.Connection) -> str:
    """Return the query of all activities; a log that is only read may be of an older schema."""
    present = {row[1] for row in database.execute("PRAGMA table_info(activity)")}
    columns = (
        _SELECTED.get(name, f"activity.{name}" if name in present else "NULL") for name in _READ
    )
    return (
        f"SELECT {', '.join(columns)} FROM activity"  # noqa: S608 - fixed names
        " JOIN source USING (digest) WHERE local_date >= ?"
    )


def _edited(frame: pd.DataFrame, edits: dict[str, dict[str, Any]]) -> pd.DataFrame:
    """Apply each run's edited fields; a run whose distance or date was set is no more suspect."""
    for column in EDITABLE:
        new_values = {s: fields[column] for s, fields in edits.items() if column in fields}
        if new_values and (where := frame["run_id"].isin(new_values)).any():
            values = frame.loc[where, "run_id"].map(new_values)
            frame = _EDITORS.get(column, _plain)(frame, where, column, values)
    return frame


def _plain(frame: pd.DataFrame, where: pd.Series, column: str, values: pd.Series) -> pd.DataFrame:
    return frame.assign(**{column: frame[column].mask(where, values.astype(frame[column].dtype))})


def _distance(
    frame: pd.DataFrame, where: pd.Series, column: str, values: pd.Series
) -> pd.DataFrame:
    edited = _plain(frame, where, column, values)
    untold = where & frame["device_distance_km"].isna()
    return _cleared(edited, where).assign(
        distance_source=frame["distance_source"].mask(where, "edited"),
        device_distance_km=frame["device_distance_km"].mask(untold, frame["distance_km"]),
    )


def _date(frame: pd.DataFrame, where: pd.Series, column: str, values: pd.Series) -> pd.DataFrame:
    """Move the start by as many days, so that windows by time agree with the date."""
    dates = pd.to_datetime(values, format="%Y-%m-%d").astype("datetime64[us]")
    moved = _plain(frame, where, column, dates)
    shift = (moved[column] - frame[column]).astype("timedelta64[us]")
    return _cleared(moved, where).assign(started_at=frame["started_at"] + shift)


def _shift(frame: pd.DataFrame, where: pd.Series, _column: str, values: pd.Series) -> pd.DataFrame:
    """Move the start by seconds and date the run anew; a clock that was broken is repaired."""
    seconds = values.reindex(frame.index).fillna(0.0)
    started_at = frame["started_at"] + pd.to_timedelta(seconds, unit="s").astype("timedelta64[us]")
    offset = pd.to_timedelta(frame["utc_offset_s"], unit="s").astype("timedelta64[us]")
    dates = (started_at + offset).dt.tz_localize(None).dt.normalize()
    broken = frame["suspect_reason"].str.startswith(CLOCK)
    return _cleared(frame, where & broken).assign(
        started_at=started_at, local_date=frame["local_date"].mask(where, dates)
    )


def _accepted(
    frame: pd.DataFrame, where: pd.Series, _column: str, values: pd.Series
) -> pd.DataFrame:
    return _cleared(frame, where & values.reindex(frame.index).eq(other=True))


def _sport(frame: pd.DataFrame, where: pd.Series, column: str, values: pd.Series) -> pd.DataFrame:
    named = _plain(frame, where, column, values)
    return named.assign(sport_inferred=frame["sport_inferred"] & ~where)


def _cleared(frame: pd.DataFrame, where: pd.Series) -> pd.DataFrame:
    return frame.assign(
        suspect=frame["suspect"] & ~where,
        suspect_reason=frame["suspect_reason"].mask(where, ""),
    )


_EDITORS = {
    "shift_s": _shift,
    "distance_km": _distance,
    "local_date": _date,
    "sport": _sport,
    "accepted": _accepted,
}
