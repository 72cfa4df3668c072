"""Limits that a professional set: rows of the diary, in force from their day to their last."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kneeload.calendar import runner_codes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kneeload.arrays import Bools, Floats

KIND = "limits"
NUMBERS = ("run_km", "week_km", "week_percent")
_WEEK = np.timedelta64(7, "D")


@dataclass(frozen=True, kw_only=True)
class OwnLimits:
    """What a professional allows from `since` on [km, %]; NaN where it is left open."""

    since: dt.date
    until: dt.date | None
    run_km: float
    week_km: float
    week_percent: float
    no_downhill: bool


def in_force(diary: pd.DataFrame, today: dt.date) -> OwnLimits | None:
    """Return the limits in force on `today`, the newest where several are; None without any."""
    now = _in_force(diary, today)
    if now.empty:
        return None
    row = now.iloc[-1]
    return OwnLimits(
        since=row["local_date"].date(),
        until=None if pd.isna(row["until"]) else row["until"].date(),
        no_downhill=bool(row["no_downhill"]),
        **{name: float(row[name]) for name in NUMBERS},
    )


def rows_in_force(diary: pd.DataFrame, today: dt.date) -> list[tuple[str, dt.date]]:
    """Return the ids of all limits that would be in force on `today`, and their first days."""
    now = _in_force(diary, today)
    first = [dt.date.fromisoformat(f"{day:%Y-%m-%d}") for day in now["local_date"]]
    return list(zip(now["entry_id"].tolist(), first, strict=True))


def _in_force(diary: pd.DataFrame, today: dt.date) -> pd.DataFrame:
    day = pd.Timestamp(today)
    rows = _rows(diary)
    return rows.loc[(rows["local_date"] <= day) & ~(rows["until"] < day)]


def own_run_km(runs: pd.DataFrame, diary: pd.DataFrame) -> Floats:
    """Return the limit of each run that a professional set [km], NaN where none was."""
    km = np.full(len(runs), np.nan)
    date = runs["local_date"].to_numpy()
    for row, of_runner in _limit_rows(diary, runs):
        inside = of_runner & (date >= row["local_date"]) & ~(date > row["until"])
        km[inside] = row["run_km"]
    return km


def own_week_km(weeks: pd.DataFrame, diary: pd.DataFrame) -> Floats:
    """Return the limit of each week that a professional set [km], NaN where none was.

    A share is over the last week with running before it.
    """
    km, date = np.full(len(weeks), np.nan), weeks["week_start"].to_numpy()
    for row, of_runner in _limit_rows(diary, weeks):
        inside = of_runner & (date + _WEEK > row["local_date"]) & ~(date > row["until"])
        share = (1 + row["week_percent"] / 100) * _last_week_km(weeks)
        km[inside] = np.fmin(row["week_km"], share)[inside]
    return km


def _last_week_km(weeks: pd.DataFrame) -> Floats:
    """Return the distance of the last week with running before each [km]."""
    km = weeks["distance_km"].where(weeks["distance_km"] > 0)
    before = km.groupby(runner_codes(weeks)).transform(lambda past: past.shift().ffill())
    return before.to_numpy()


def _rows(diary: pd.DataFrame) -> pd.DataFrame:
    return diary.loc[diary["kind"] == KIND].sort_values("local_date", kind="stable")


def _limit_rows(diary: pd.DataFrame, frame: pd.DataFrame) -> Iterator[tuple[pd.Series, Bools]]:
    """Yield each row of limits by day, and which rows of `frame` are its runner's."""
    for _, row in _rows(diary).iterrows():
        same = frame["runner"] == row["runner"] if "runner" in frame else None
        yield (
            row,
            np.ones(len(frame), dtype=np.bool_) if same is None else same.to_numpy(),
        )
