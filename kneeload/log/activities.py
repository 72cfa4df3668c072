"""The stored activities as a frame: edits applied, removed ones left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from kneeload.errors import FrameError, LogError
from kneeload.frames import RUNS, STORED, Column
from kneeload.log.columns import framed
from kneeload.log.journal import standing
from kneeload.measures.loads import COMPUTED

if TYPE_CHECKING:
    import sqlite3

    from kneeload.log.journal import State

_REBUILD = "`kneeload rebuild` computes them all again from the files it keeps"
EDITABLE = ("sport", "distance_km", "local_date", "rpe", "shoe", "note")
_READ = {name: column for name, column in (RUNS | STORED).items() if name not in COMPUTED}
_READ["profile"] = Column("object", "", "what loads are computed from")
_SELECTED = {
    "suspect": "suspect_reason <> ''",
    "source": "source.path",
    "note": "coalesce(nullif(private_note, ''), description)",
    "shoe": "gear",
    "kind": "source.kind",
}
_QUERY = (
    f"SELECT {', '.join(_SELECTED.get(name, f'activity.{name}') for name in _READ)} FROM activity"  # noqa: S608 - fixed names
    " JOIN source USING (digest) WHERE local_date >= ? ORDER BY started_at, run_id"
)


def stored(database: sqlite3.Connection, state: State, since: str = "") -> pd.DataFrame:
    """Return every stored activity that was not removed, with the runner's edits applied.

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
    columns = [list(values) for values in zip(*database.execute(_QUERY, (since,)), strict=True)]
    try:
        frame = framed(dict(zip(_READ, columns or [[] for _ in _READ], strict=True)), _READ)
    except FrameError as error:
        raise LogError(f"the log is damaged in an activity; {_REBUILD}") from error
    removed = [s for s, fields in state.get("run", {}).items() if fields.get("removed")]
    kept = frame[~frame["run_id"].isin(removed)] if removed else frame
    return _edited(kept, standing(state, "run"))


def _edited(frame: pd.DataFrame, edits: dict[str, dict[str, Any]]) -> pd.DataFrame:
    """Apply each run's edited fields; a run whose distance or date was set is no more suspect."""
    for column in EDITABLE:
        said = {s: fields[column] for s, fields in edits.items() if column in fields}
        if said and (where := frame["run_id"].isin(said)).any():
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
