"""Strength, sleep and other sports by week: what else the knee depends on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from kneeload.model import RUNNING_SPORTS, Sport

if TYPE_CHECKING:
    import datetime as dt

    from kneeload.settings import WeekStart

_WEEK = pd.Timedelta(days=7)
_NOT_OTHER = {*RUNNING_SPORTS, Sport.STRENGTH, Sport.TRANSITION}


def habits(
    activities: pd.DataFrame,
    diary: pd.DataFrame,
    *,
    today: dt.date,
    week_start: WeekStart = "monday",
    weeks: int = 4,
) -> pd.DataFrame:
    """Return strength sessions, hours of other sports and mean sleep of the last weeks.

    Parameters
    ----------
    activities
        All sports, columns of `kneeload.frames.RUNS`.
    diary
        Columns of `kneeload.frames.DIARY`.

    Returns
    -------
    DataFrame
        ``week_start, strength`` (days with a session, recorded or noted), ``sleep_h`` (mean of the
        nights noted [h], NaN where none was) and ``other_sports_h`` (moving time [h]).

    References
    ----------
    Two strength sessions a week: evidence grade *convention*; trials in runners found no
    difference. Other sports: Malisoux 2015, doi:10.1111/sms.12154.
    """
    end = pd.Timestamp(today)
    last = end - pd.Timedelta(days=(end.weekday() + (week_start == "sunday")) % 7)
    index = pd.date_range(end=last, periods=weeks, freq="7D", unit="us", name="week_start")
    sport, day = activities["sport"], activities["local_date"]
    other = activities.loc[~sport.isin([str(s) for s in _NOT_OTHER])]
    nights = diary.loc[diary["kind"] == "sleep"]
    strength_days = diary.loc[diary["kind"] == "strength", "local_date"]
    trained = pd.concat([day[sport == str(Sport.STRENGTH)], strength_days]).drop_duplicates()
    by_week = pd.DataFrame(
        {
            "strength": trained.groupby(_week_of(trained, last)).count(),
            "sleep_h": nights["value"].groupby(_week_of(nights["local_date"], last)).mean(),
            "other_sports_h": other["moving_s"].groupby(_week_of(other["local_date"], last)).sum()
            / 3600,
        }
    ).reindex(index)
    filled = by_week.fillna({"strength": 0, "other_sports_h": 0.0}).astype({"strength": "int64"})
    return filled.reset_index()


def _week_of(days: pd.Series, last: pd.Timestamp) -> pd.Series:
    """Return the first day of each day's week, the weeks counted from one that begins on `last`."""
    return last + (days - last) // _WEEK * _WEEK
