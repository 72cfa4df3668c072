"""Knee load in units of the runner's own last 28 days: 1.00 is usual."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kneeload.measures.baselines import is_running
from kneeload.measures.knee_load import FORMS, SENSITIVITIES

if TYPE_CHECKING:
    import pandas as pd

    from kneeload.arrays import Bools, Floats, Ints

USUAL_DAYS = 28
USUAL_WEEKS = 4
LEAST_WEEKS = 2
CLEARLY = 0.10
MEASURED_SHARE = 0.8


def to_usual_run(day: Ints, load: Floats) -> Floats:
    """Return each run's load over the mean run of the 28 days before its day, NaN without any.

    Parameters
    ----------
    day
        Day number of each run, in any order.
    load
        NaN where a run does not count.
    """
    order = np.argsort(day, kind="stable")
    finite = np.isfinite(load[order])
    # Sums up to each run, so that those of a window are the difference of two.
    summed = np.concatenate(([0.0], np.cumsum(np.where(finite, load[order], 0.0))))
    runs_so_far = np.concatenate(([0], np.cumsum(finite)))
    first, end = (np.searchsorted(day[order], day - back) for back in (USUAL_DAYS, 0))
    runs = runs_so_far[end] - runs_so_far[first]
    mean = (summed[end] - summed[first]) / np.maximum(runs, 1)
    return load / np.where((runs > 0) & (mean > 0), mean, np.nan)


def to_usual_week(runs: pd.DataFrame, week_start: pd.Series) -> pd.DataFrame:
    """Return each week's knee load over the mean of the four weeks before, in every form.

    Parameters
    ----------
    runs
        With the columns that `with_loads` adds; suspect runs and other sports are left out.
    week_start
        First day of each week, in order, none left out.

    Returns
    -------
    pandas.DataFrame
        One row per week with `week_start`, the ratio in each form of the index and weight of
        slopes (NaN before two weeks have passed), and `says`: ``more`` or ``less`` where all of
        them differ from usual by more than a tenth in one direction, else empty. What holds in one
        form only is an artefact of the model, so nothing is said of it (the tenth is an
        assumption). A week of which the model saw less than 80 % is no base and says nothing.
    """
    names = [*FORMS, *(name for name in SENSITIVITIES if name in runs and name not in FORMS)]
    used = [name for name in ("local_date", "distance_km", "knee_share", *names) if name in runs]
    valid = runs.loc[is_running(runs) & ~runs["suspect"], used]
    starts, dates = week_start.to_numpy(), valid["local_date"].to_numpy()
    week = np.searchsorted(starts, dates, "right") - 1
    week = np.where(dates < starts[week] + np.timedelta64(7, "D"), week, -1)
    sums = valid.groupby(week)[names].sum().reindex(range(len(week_start)), fill_value=0.0)
    sums.loc[_partly_measured(valid, week, len(week_start))] = np.nan
    usual = sums.shift(1).rolling(USUAL_WEEKS, min_periods=LEAST_WEEKS).mean()
    ratios = sums / usual.where(usual > 0)
    more, less = (ratios > 1 + CLEARLY).all(axis=1), (ratios < 1 - CLEARLY).all(axis=1)
    says = np.where(more, "more", np.where(less, "less", ""))
    return ratios.set_axis(week_start.index).assign(week_start=week_start, says=says)


def _partly_measured(valid: pd.DataFrame, week: Ints, weeks: int) -> Bools:
    """Mark the weeks of whose distance the model saw less than 80 %."""
    if "knee_share" not in valid:
        return np.zeros(weeks, dtype=np.bool_)
    km, inside = np.nan_to_num(valid["distance_km"].to_numpy(np.float64)), week >= 0
    measured = km * np.nan_to_num(valid["knee_share"].to_numpy(np.float64))
    measured_km, run = (np.bincount(week[inside], part[inside], weeks) for part in (measured, km))
    return np.asarray(measured_km < MEASURED_SHARE * run - 1e-9)
