"""Shoes: how far, how old, since when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import datetime as dt

REMINDERS_KM = (500, 800)
"""When shoes are commonly replaced [km]; the makers' convention."""


def shoes(runs: pd.DataFrame, diary: pd.DataFrame, today: dt.date) -> pd.DataFrame:
    """Return the shoes by their last day, the newest first.

    Parameters
    ----------
    runs
        Columns ``local_date, distance_km`` [km] and ``shoe`` of `kneeload.frames.RUNS`. A run
        that names no shoe was run in the one that the diary noted last.
    diary
        Columns of `kneeload.frames.DIARY`.

    Returns
    -------
    DataFrame
        ``shoe, runs, distance_km`` [km], ``first_day, last_day, age_days`` [d] (since the first
        day), ``reminder_km`` (the last of 500 and 800 km that was passed, NaN before).

    References
    ----------
    Evidence grade *convention*: makers name 500 to 800 km or about six months. More than one pair
    in use went with fewer injuries: Malisoux 2015, doi:10.1111/sms.12154 (*cohort*).
    """
    changes = _changes(diary)
    worn = pd.concat([_worn(runs, changes), changes]).sort_values("local_date", kind="stable")
    named = worn.loc[worn["shoe"] != ""].groupby("shoe")
    pairs = named.agg(
        runs=("runs", "sum"),
        distance_km=("distance_km", "sum"),
        first_day=("local_date", "min"),
        last_day=("local_date", "max"),
    ).reset_index()
    passed = np.searchsorted(REMINDERS_KM, pairs["distance_km"].round(2), side="right")
    pairs = pairs.assign(
        age_days=(pd.Timestamp(today) - pairs["first_day"]).dt.days.astype("int64"),
        reminder_km=np.array([np.nan, *REMINDERS_KM])[passed],
    )
    return pairs.sort_values(["last_day", "first_day"], ascending=False, ignore_index=True)


def _changes(diary: pd.DataFrame) -> pd.DataFrame:
    """Return the changes of shoes that the diary notes, as runs of no length."""
    changes = diary.loc[diary["kind"] == "shoe"].sort_values("local_date", kind="stable")
    named = changes[["local_date"]].assign(shoe=changes["text"], runs=0, distance_km=0.0)
    return named.reset_index(drop=True)


def _worn(runs: pd.DataFrame, changes: pd.DataFrame) -> pd.DataFrame:
    """Return the runs with the shoe that they, or the diary, name."""
    days = runs[["local_date", "shoe", "distance_km"]].sort_values("local_date", kind="stable")
    noted = changes[["local_date", "shoe"]].rename(columns={"shoe": "noted"})
    dated = pd.merge_asof(days, noted, on="local_date")
    shoe = dated["shoe"].where(dated["shoe"] != "", dated["noted"].fillna(""))
    km = dated["distance_km"].fillna(0.0)
    return dated[["local_date"]].assign(shoe=shoe, runs=1, distance_km=km)
