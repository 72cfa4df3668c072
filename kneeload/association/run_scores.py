"""Runs beside their own scores, and what each run had behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kneeload import frames
from kneeload.association.daily import SUMMED
from kneeload.calendar import day_numbers
from kneeload.measures.baselines import is_running

if TYPE_CHECKING:
    import datetime as dt

    from kneeload.arrays import Floats, Ints

RUN_MOMENTS = ("before", "during", "after", "next_morning")
ONE_DAY = pd.Timedelta(days=1)
_USED = ("run_id", "local_date", "started_at", "sport", "suspect", *SUMMED)
_SCORED = ("local_date", "moment", "score", "onset_km", "run_id", "origin")


def counted_runs(runs: pd.DataFrame, today: dt.date) -> pd.DataFrame:
    """Return the running, measured, unsuspicious runs up to `today`, in order of their start."""
    rows = frames.conform(runs, {n: frames.RUNS[n] for n in _USED})[list(_USED)]
    keep = is_running(rows) & ~rows["suspect"] & (rows["local_date"] <= pd.Timestamp(today))
    measured = rows[keep & (rows["distance_km"] > 0)]
    return measured.sort_values(["local_date", "started_at"], ignore_index=True)


def counted_scores(pain: pd.DataFrame, today: dt.date) -> pd.DataFrame:
    """Return the runner's own scores up to `today`; those parsed from notes stay out."""
    rows = frames.conform(pain, {n: frames.PAIN[n] for n in _SCORED})[list(_SCORED)]
    keep = rows["origin"] != "parsed"
    return rows[keep & (rows["local_date"] <= pd.Timestamp(today))].reset_index(drop=True)


def scored_runs(runs: pd.DataFrame, scores: pd.DataFrame) -> pd.DataFrame:
    """Return `runs` with a column per moment, NaN where no score was written, and `onset_km`.

    Of several scores for one moment the worst counts, of several kilometres at which pain began
    the first.

    Parameters
    ----------
    runs, scores
        As `counted_runs` and `counted_scores` return them, the scores with their runs assigned
        (`kneeload.diary.attribution`).

    Returns
    -------
    DataFrame
        `runs` with before, during, after, next_morning [0-10] and onset_km [km].
    """
    rows = {name: row for row, name in enumerate(runs["run_id"].tolist())}
    row = np.array([rows.get(name, -1) for name in scores["run_id"].tolist()], dtype=np.int64)
    # `fmin.at` and `fmax.at` keep the least and the most of all that go to one place, NaN aside.
    onset = np.full(len(runs), np.nan)
    np.fmin.at(onset, row[row >= 0], scores["onset_km"].to_numpy()[row >= 0])
    worst = {name: np.full(len(runs), np.nan) for name in RUN_MOMENTS}
    moment, score = scores["moment"].to_numpy(object), scores["score"].to_numpy(np.float64)
    for name, column in worst.items():
        rated = (row >= 0) & (moment == name)
        np.fmax.at(column, row[rated], score[rated])
    return runs.assign(**worst, onset_km=onset)


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
        days_in_row=_days_in_row(day_numbers(runs["local_date"])),
        previous_km=runs["distance_km"].shift(1),
    )


def _days_in_row(days: Ints) -> Floats:
    """For every run's day, how many running days in a row it ends."""
    distinct, place = np.unique(days, return_inverse=True)
    nth = np.arange(len(distinct))
    # The first day of a streak lies more than one after the day before it; its place, carried
    # forward, is what each later day counts from.
    begins = np.diff(distinct, prepend=distinct[:1] - 2) > 1
    begun = np.maximum.accumulate(np.where(begins, nth, 0))
    return np.asarray(nth - begun + 1, dtype=np.float64)[place]
