"""Runs beside their own scores, and what each run had behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kneeload import frames
from kneeload.model import RUNNING_SPORTS

if TYPE_CHECKING:
    import datetime as dt

RUN_MOMENTS = ("before", "during", "after", "next_morning")
ONE_DAY = pd.Timedelta(days=1)


def counted_runs(runs: pd.DataFrame, today: dt.date) -> pd.DataFrame:
    """Return the running, measured, unsuspicious runs up to `today`, in order of their start."""
    known = frames.conform(runs, frames.RUNS)
    sports = pd.Series(known["sport"].isin([s.value for s in RUNNING_SPORTS]), index=known.index)
    keep = sports & ~known["suspect"] & (known["local_date"] <= pd.Timestamp(today))
    measured = keep & (known["distance_km"] > 0)
    return known[measured].sort_values(["local_date", "started_at"], ignore_index=True)


def counted_scores(pain: pd.DataFrame, today: dt.date) -> pd.DataFrame:
    """Return the scores up to `today` that someone entered or imported; parsed ones stay out."""
    known = frames.conform(pain, frames.PAIN)
    keep = known["origin"].isin(["entered", "imported"])
    return known[keep & (known["local_date"] <= pd.Timestamp(today))].reset_index(drop=True)


def scored_runs(runs: pd.DataFrame, scores: pd.DataFrame) -> pd.DataFrame:
    """Return `runs` with a column per moment, NaN where no score was written, and `onset_km`.

    A score belongs to the run it names, else to the last run of its date; a next-morning score to
    the last run of the day before. Of several scores for one moment the worst counts, of several
    kilometres at which pain began the first.

    Parameters
    ----------
    runs, scores
        As `counted_runs` and `counted_scores` return them.

    Returns
    -------
    DataFrame
        `runs` with before, during, after, next_morning [0-10] and onset_km [km].
    """
    owned = scores.assign(run_id=_owner(runs, scores))
    owned = owned[owned["run_id"] != ""]
    worst = owned.pivot_table(index="run_id", columns="moment", values="score", aggfunc="max")
    onset = owned.groupby("run_id")["onset_km"].min()
    table = worst.reindex(columns=list(RUN_MOMENTS)).assign(onset_km=onset).astype("float64")
    return runs.join(table, on="run_id")


def with_history(runs: pd.DataFrame) -> pd.DataFrame:
    """Return `runs` with what each had behind it; days before the first run are unknown, not zero.

    Returns
    -------
    DataFrame
        `runs` with week_sum_km (7 days up to and with the run) [km], long_run_ratio (over the
        longest run of the 30 days before), days_in_row [d] and previous_km [km].
    """
    km = pd.Series(runs["distance_km"].to_numpy(), index=pd.DatetimeIndex(runs["local_date"]))
    a_week_in = runs["local_date"] >= runs["local_date"].min() + 6 * ONE_DAY
    longest = km.rolling("30D", closed="left").max()
    return runs.assign(
        week_sum_km=np.where(a_week_in, km.rolling("7D").sum(), np.nan),
        long_run_ratio=(km / longest).to_numpy(),
        days_in_row=runs["local_date"].map(_days_in_row(runs["local_date"])),
        previous_km=runs["distance_km"].shift(1),
    )


def _owner(runs: pd.DataFrame, scores: pd.DataFrame) -> pd.Series:
    """Return the run each score belongs to, "" where there is none."""
    last = runs.drop_duplicates("local_date", keep="last").set_index("local_date")["run_id"]
    morning = scores["moment"] == "next_morning"
    ran_on = scores["local_date"] - pd.to_timedelta(morning.astype(int), unit="D")
    by_date = ran_on.map(last).astype(last.dtype).fillna("")
    return scores["run_id"].where(scores["run_id"] != "", by_date)


def _days_in_row(dates: pd.Series) -> pd.Series:
    """For every running date, how many running days in a row it ends."""
    days = pd.Series(dates.unique(), dtype=dates.dtype)
    streak = (days.diff() != ONE_DAY).cumsum()
    return pd.Series((days.groupby(streak).cumcount() + 1.0).to_numpy(), index=days)
