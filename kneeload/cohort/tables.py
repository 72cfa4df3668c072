"""The two tables of a cohort, from CSV or Parquet, checked before anything is computed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import pandas as pd

from kneeload.errors import FrameError, how_to_install
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


@dataclass(frozen=True, kw_only=True)
class Layout:
    """What a table calls its columns, and how it writes dates.

    Parameters
    ----------
    runner, local_date, distance_km, date, site
        The table's own names; `date` and `site` are those of injuries.
    date_format
        As ``%d/%m/%Y``; empty for dates like 2026-03-14.
    """

    runner: str = "runner"
    local_date: str = "local_date"
    distance_km: str = "distance_km"
    date: str = "date"
    site: str = "site"
    date_format: str = ""

    def renamed(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return a table under kneeload's own names, all columns but the dates as they are."""
        names = {getattr(self, f.name): f.name for f in fields(self) if f.name != "date_format"}
        return frame.rename(columns={name: mine for name, mine in names.items() if name in frame})


PLAIN = Layout()


def read_runs(path: Path, layout: Layout = PLAIN) -> pd.DataFrame:
    """Return the runs of a cohort.

    Parameters
    ----------
    path
        A CSV file, a Parquet file or a folder of Parquet files with ``runner``, ``local_date`` or
        ``started_at``, ``distance_km`` [km], and any other column of `kneeload.frames.RUNS`.
        Without ``local_date`` the date that ``started_at`` shows is taken.
    layout
        The table's own names and form of dates.

    Raises
    ------
    FrameError
        If a column is missing or a cell makes no sense; the message names file, column and row.
    """
    raw = layout.renamed(_read(path, None, layout))
    runs = _dated(raw, path, layout)
    _require(runs, list(COHORT_RUNS), path)
    columns = {name: column for name, column in RUNS.items() if name in runs and name != "suspect"}
    runs = _conformed(runs, {**COHORT_RUNS, **columns}, path)
    _refuse(runs["runner"] == "", "runner", "no runner", path)
    _refuse(runs["local_date"].isna(), "local_date", "no date", path)
    km = runs["distance_km"]
    _refuse(
        ~((km >= 0) & (km <= LONGEST_RUN_KM)), "distance_km", f"not 0 to {LONGEST_RUN_KM}", path
    )
    return runs


def read_injuries(path: Path, filters: Filters = None, layout: Layout = PLAIN) -> pd.DataFrame:
    """Return the injuries of a cohort.

    Parameters
    ----------
    path
        As for `read_runs`, with ``runner``, ``date`` and, where known, ``site`` and ``until``.
    filters
        For Parquet: rows to read, as pyarrow takes them.

    Raises
    ------
    FrameError
        As `read_runs` does.
    """
    raw = layout.renamed(_read(path, filters, layout))
    _require(raw, ["runner", "date"], path)
    dated = {name: _dates(raw[name], path, layout) for name in ("date", "until") if name in raw}
    injuries = _conformed(raw.assign(**dated), COHORT_INJURIES, path)
    _refuse(injuries["runner"] == "", "runner", "no runner", path)
    _refuse(injuries["date"].isna(), "date", "no date", path)
    _refuse(injuries["until"] < injuries["date"], "until", "over before it began", path)
    return injuries


def _read(path: Path, filters: Filters, layout: Layout) -> pd.DataFrame:
    try:
        if path.suffix.lower() == ".csv":
            texts = (layout.runner, layout.site, "run_id")
            return pd.read_csv(path, dtype=dict.fromkeys(texts, "str"))
        return pd.read_parquet(path, filters=filters)
    except FileNotFoundError:
        raise FrameError(f"{path}: there is no such file or folder") from None
    except ImportError:
        raise FrameError(f"Parquet needs pyarrow; {how_to_install('cohort')}") from None
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


def _dated(raw: pd.DataFrame, path: Path, layout: Layout) -> pd.DataFrame:
    """Give local dates, and instants where there are any."""
    runs = raw
    if "local_date" in raw:
        runs = runs.assign(local_date=_dates(raw["local_date"], path, layout))
    if "started_at" in raw:
        written = raw["started_at"].astype("str").str.slice(0, 10)
        if "local_date" not in raw:
            runs = runs.assign(local_date=_dates(written, path, PLAIN))
        runs = runs.assign(started_at=_parsed(raw["started_at"], path, utc=True))
    return runs


def _dates(values: pd.Series, path: Path, layout: Layout) -> pd.Series:
    dates = _parsed(values, path, utc=False, form=layout.date_format or "ISO8601")
    naive = dates.dt.tz_localize(None) if dates.dt.tz is not None else dates
    return pd.Series(naive.dt.normalize())


def _parsed(values: pd.Series, path: Path, *, utc: bool, form: str = "ISO8601") -> pd.Series:
    try:
        dates = pd.to_datetime(values, format=form, utc=utc)
    except (ValueError, TypeError):
        wrong = pd.to_datetime(values, format=form, utc=True, errors="coerce").isna()
        like = "2026-03-14" if form == "ISO8601" else dt.date(2026, 3, 14).strftime(form)
        _refuse(wrong & values.notna(), str(values.name), f"not a date like {like}", path)
        raise FrameError(
            f"{path}: column {values.name} mixes several date formats; give one with --date-format"
        ) from None
    return pd.Series(dates)


def _refuse(wrong: pd.Series, column: str, what: str, path: Path) -> None:
    """Raise where any row is wrong, naming the first as a spreadsheet counts, header first."""
    if wrong.any():
        first = int(wrong.to_numpy().argmax()) + 2
        rows = f"row {first}" + (f" and {int(wrong.sum()) - 1} more" if wrong.sum() > 1 else "")
        raise FrameError(f"{path}: {column}: {what} in {rows}")
