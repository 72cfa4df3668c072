"""One runner's calendar: kilometres and the worst score of every day, the unknown kept unknown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kneeload import frames

if TYPE_CHECKING:
    import datetime as dt

    from numpy.typing import NDArray

    from kneeload.arrays import Bools, Floats

    Dates = NDArray[np.datetime64]

TIME_LOSS_DAYS = 7
_SPANS = ("kind", "local_date", "until")
SUMMED = ("distance_km", "descent_m", "hard_min", "knee_load")


@dataclass(frozen=True, eq=False)
class Days:
    """A calendar without gaps.

    Parameters
    ----------
    dates
        Every day from the first run or score to today.
    sums
        Per quantity of `SUMMED` the day's sum: 0 on a rest day, NaN where the runs do not tell and
        outside the days from the first run to the last.
    score
        Worst score of the day, NaN where none was written.
    resting, injured
        Days the diary calls an injury, and those on which one began.
    """

    dates: pd.DatetimeIndex
    sums: dict[str, Floats]
    score: Floats
    resting: Bools
    injured: Bools


def calendar(runs: pd.DataFrame, scores: pd.DataFrame, diary: pd.DataFrame, today: dt.date) -> Days:
    """Return the runner's days from the first run or score to `today`.

    Parameters
    ----------
    runs, scores
        As `kneeload.association.run_scores` counts them.
    diary
        Columns of `kneeload.frames.DIARY`.
    """
    first = pd.concat([runs["local_date"], scores["local_date"]]).min()
    dates = pd.date_range(first if pd.notna(first) else today, today, freq="D", unit="us")
    between_runs = (dates >= runs["local_date"].min()) & (dates <= runs["local_date"].max())
    by_day = runs.groupby("local_date")[list(SUMMED)].agg("sum", skipna=False).reindex(dates)
    ran = dates.isin(runs["local_date"])
    # Without a run a day is 0 between the first run and the last; outside it is unknown.
    sums = {
        name: np.where(between_runs, np.where(ran, by_day[name].to_numpy(), 0.0), np.nan)
        for name in SUMMED
    }
    worst, place = np.full(len(dates), np.nan), _places(dates, scores["local_date"].to_numpy())
    np.fmax.at(worst, place, scores["score"].to_numpy(np.float64))
    spans = injuries(diary, today)
    injured = marked(dates, spans["local_date"].to_numpy())
    return Days(dates, sums, worst, _resting(dates, spans), injured)


def marked(dates: pd.DatetimeIndex, days: Dates) -> Bools:
    """Return which days of a calendar are among `days`; those outside it are ignored."""
    place, marks = _places(dates, days), np.zeros(len(dates), dtype=np.bool_)
    marks[place[(place >= 0) & (place < len(dates))]] = True
    return marks


def _places(dates: pd.DatetimeIndex, days: Dates) -> NDArray[np.int64]:
    first = dates.to_numpy("datetime64[D]")[0]
    return np.asarray(days.astype("datetime64[D]") - first, dtype=np.int64)


def injuries(diary: pd.DataFrame, today: dt.date) -> pd.DataFrame:
    """Return the injuries of the diary that cost at least 7 days, with `local_date` and `until`."""
    entries = frames.conform(diary, {name: frames.DIARY[name] for name in _SPANS})[list(_SPANS)]
    until_today = entries["local_date"] <= pd.Timestamp(today)
    spans = entries[(entries["kind"] == "injury") & until_today]
    spans = spans.assign(until=spans["until"].fillna(pd.Timestamp(today)))
    return spans[(spans["until"] - spans["local_date"]).dt.days + 1 >= TIME_LOSS_DAYS]


def _resting(dates: pd.DatetimeIndex, spans: pd.DataFrame) -> Bools:
    begun = np.asarray(spans["local_date"])[:, None] <= dates.to_numpy()
    lasting = np.asarray(spans["until"])[:, None] >= dates.to_numpy()
    return np.asarray((begun & lasting).any(axis=0), dtype=np.bool_)
