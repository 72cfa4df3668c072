"""The two tables of a cohort, from CSV or Parquet, checked before anything is computed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from kneeload.errors import FrameError
from kneeload.frames import DATE, RUNS, TEXT, Column, conform, require

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kneeload.frames import Spec

    Filters = Sequence[tuple[str, str, object]] | None

RUNNER = Column(TEXT, "", "who ran; any name")
COHORT_RUNS: Spec = {
    "runner": RUNNER,
    "local_date": RUNS["local_date"],
    "distance_km": RUNS["distance_km"],
}
COHORT_INJURIES: Spec = {
    "runner": RUNNER,
    "date": Column(DATE, "", "the day on which the injury was reported"),
    "site": Column(TEXT, "", "where, empty where unknown"),
    "until": Column(DATE, "", "the day on which it was over, empty where unknown"),
}
LONGEST_RUN_KM = 500


def read_runs(path: Path, filters: Filters = None) -> pd.DataFrame:
    """Return the runs of a cohort.

    Parameters
    ----------
    path
        A CSV file, a Parquet file or a folder of Parquet files with ``runner``, ``local_date`` or
        ``started_at``, ``distance_km`` [km], and any other column of `kneeload.frames.RUNS`.
        Without ``local_date`` the date that ``started_at`` shows is taken.
    filters
        For Parquet: rows to read, as pyarrow takes them.

    Raises
    ------
    FrameError
        If a column is missing or a cell makes no sense; the message names file, column and row.
    """
    raw = _read(path, filters)
    runs = _dated(raw, path)
    _require(runs, list(COHORT_RUNS), path)
    kept = {name: column for name, column in RUNS.items() if name in runs and name != "suspect"}
    runs = _conformed(runs, {**COHORT_RUNS, **kept}, path)
    _refuse(runs["runner"] == "", "runner", "no runner", path)
    _refuse(runs["local_date"].isna(), "local_date", "no date", path)
    km = runs["distance_km"]
    _refuse(
        ~((km >= 0) & (km <= LONGEST_RUN_KM)), "distance_km", f"not 0 to {LONGEST_RUN_KM}", path
    )
    return runs


def read_injuries(path: Path, filters: Filters = None) -> pd.DataFrame:
    """Return the injuries of a cohort.

    Parameters
    ----------
    path
        As for `read_runs`, with ``runner``, ``date`` and, where known, ``site`` and ``until``.

    Raises
    ------
    FrameError
        As `read_runs` does.
    """
    raw = _read(path, filters)
    _require(raw, ["runner", "date"], path)
    dated = {name: _dates(raw[name], path) for name in ("date", "until") if name in raw}
    injuries = _conformed(raw.assign(**dated), COHORT_INJURIES, path)
    _refuse(injuries["runner"] == "", "runner", "no runner", path)
    _refuse(injuries["date"].isna(), "date", "no date", path)
    _refuse(injuries["until"] < injuries["date"], "until", "over before it began", path)
    return injuries


def _read(path: Path, filters: Filters) -> pd.DataFrame:
    try:
        if path.suffix.lower() == ".csv":
            return pd.read_csv(path, dtype={"runner": "str", "site": "str", "run_id": "str"})
        return pd.read_parquet(path, filters=filters)
    except FileNotFoundError:
        raise FrameError(f"{path}: there is no such file or folder") from None
    except ImportError:
        raise FrameError(
            "Parquet needs pyarrow; in your copy of the source: pip install '.[cohort]'"
        ) from None
    except (ValueError, OSError) as error:
        reason = str(error).splitlines()[0]
        raise FrameError(f"{path}: cannot be read as a table: {reason}") from None


def _require(frame: pd.DataFrame, columns: Sequence[str], path: Path) -> None:
    try:
        require(frame, columns, path.name)
    except FrameError as error:
        has = ", ".join(map(str, frame.columns[:12]))
        raise FrameError(f"{path}: {error}; it has {has}") from None


def _conformed(frame: pd.DataFrame, spec: Spec, path: Path) -> pd.DataFrame:
    try:
        return conform(frame, spec)[list(spec)]
    except FrameError as error:
        raise FrameError(f"{path}: {error}") from None


def _dated(raw: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Give local dates, and instants where there are any."""
    runs = raw
    if "local_date" in raw:
        runs = runs.assign(local_date=_dates(raw["local_date"], path))
    if "started_at" in raw:
        shown = raw["started_at"].astype("str").str.slice(0, 10)
        if "local_date" not in raw:
            runs = runs.assign(local_date=_dates(shown, path))
        runs = runs.assign(started_at=_parsed(raw["started_at"], path, utc=True))
    return runs


def _dates(values: pd.Series, path: Path) -> pd.Series:
    dates = _parsed(values, path, utc=False)
    naive = dates.dt.tz_localize(None) if dates.dt.tz is not None else dates
    return pd.Series(naive.dt.normalize())


def _parsed(values: pd.Series, path: Path, *, utc: bool) -> pd.Series:
    try:
        dates = pd.to_datetime(values, format="ISO8601", utc=utc)
    except (ValueError, TypeError):
        wrong = pd.to_datetime(values, format="ISO8601", utc=True, errors="coerce").isna()
        _refuse(wrong & values.notna(), str(values.name), "not a date like 2026-03-14", path)
        raise FrameError(f"{path}: {values.name} holds dates of several kinds") from None
    return pd.Series(dates)


def _refuse(wrong: pd.Series, column: str, what: str, path: Path) -> None:
    """Raise where any row is wrong, naming the first as a spreadsheet counts, header first."""
    if wrong.any():
        first = int(wrong.to_numpy().argmax()) + 2
        rows = f"row {first}" + (f" and {int(wrong.sum()) - 1} more" if wrong.sum() > 1 else "")
        raise FrameError(f"{path}: {column}: {what} in {rows}")
