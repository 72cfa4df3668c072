"""Load against what came before it, as context only: in runners none of these predicts injury.

All functions take a complete daily series (rest days 0) indexed by date, as `daily` makes it, and
return series on the same index. The ratio's grey band of 0.8 to 1.3 is a convention of team sports;
the largest cohort of runners found fewer injuries at higher ratios
(doi:10.1136/bjsports-2024-109380, doi:10.1007/s40279-021-01483-0).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import datetime as dt

    import numpy.typing as npt

ACUTE_DAYS = 7
CHRONIC_DAYS = 28
FITNESS_DAYS = 42
FATIGUE_DAYS = 7
ONE_METHOD_SHARE = 0.8
RATIOS = ("acwr_coupled", "acwr_uncoupled", "acwr_ewma", "monotony", "strain")
"""What compares loads with each other, and so needs them measured alike."""


def daily(runs: pd.DataFrame, column: str = "load", until: dt.date | None = None) -> pd.Series:
    """Return the sum of a column for each day from the first run to the last, or to `until`.

    A day without a run is 0; a day whose runs all lack the value is NaN.
    """
    sums = runs.groupby("local_date")[column].sum(min_count=1).astype(np.float64)
    if sums.empty:
        return sums
    days = pd.date_range(sums.index.min(), until or sums.index.max(), freq="D", unit="us")
    return sums.reindex(days, fill_value=0.0)


def context(load: pd.Series) -> pd.DataFrame:
    """Return all of it by day, one column for each function here; form is fitness less fatigue."""
    fitness, fatigue = banister_state(load, FITNESS_DAYS), banister_state(load, FATIGUE_DAYS)
    return pd.DataFrame(
        {
            "acute": acute(load),
            "chronic": chronic(load),
            "acwr_coupled": acwr_coupled(load),
            "acwr_uncoupled": acwr_uncoupled(load),
            "acwr_ewma": acwr_ewma(load),
            "monotony": monotony(load),
            "strain": strain(load),
            "fitness": fitness,
            "fatigue": fatigue,
            "form": (fitness - fatigue).shift(1),
        }
    )


def at_week_ends(runs: pd.DataFrame, week_start: pd.Series, today: dt.date) -> pd.DataFrame:
    """Return `context` on the last day of each week, of the running week on `today`.

    Parameters
    ----------
    runs
        Columns of `kneeload.frames.RUNS`; those that count.
    week_start
        First day of each week.

    Returns
    -------
    DataFrame
        One row per week on the index of `week_start`; NaN where a day's load was not measured. No
        ratio of loads where less than 80 % of the 28 days' load was measured by one method.
    """
    load = daily(runs, until=today)
    days = context(load)
    days.loc[~_by_one_method(runs, load), list(RATIOS)] = np.nan
    last = week_start + pd.Timedelta(days=ACUTE_DAYS - 1)
    ends = last.mask(last > pd.Timestamp(today), pd.Timestamp(today))
    return days.reindex(ends).set_index(week_start.index)


def _by_one_method(runs: pd.DataFrame, load: pd.Series) -> npt.NDArray[np.bool_]:
    """Mark the days whose last 28 hold 80 % and more of measured, not estimated, load."""
    if "load_method" not in runs:
        return np.ones(len(load), dtype=np.bool_)
    rough = daily(runs[runs["load_method"].str.startswith("~")]).reindex(load.index).fillna(0.0)
    total, estimated = (s.rolling(CHRONIC_DAYS, 1).sum() for s in (load.fillna(0.0), rough))
    return np.asarray(estimated <= (1 - ONE_METHOD_SHARE) * total + 1e-9)


def acute(load: pd.Series) -> pd.Series:
    """Return the mean of the last 7 days."""
    return load.rolling(ACUTE_DAYS).mean()


def chronic(load: pd.Series) -> pd.Series:
    """Return the mean of the last 28 days, the last 7 included."""
    return load.rolling(CHRONIC_DAYS).mean()


def acwr_coupled(load: pd.Series) -> pd.Series:
    """Return the ratio of the last 7 days to the last 28, which hold them; 4 at most.

    References
    ----------
    Windt J, Gabbett TJ. doi:10.1136/bjsports-2017-098925; against it, Lolli L et al.
    doi:10.1136/bjsports-2017-098110. Evidence: convention.
    """
    return _over(acute(load), chronic(load))


def acwr_uncoupled(load: pd.Series) -> pd.Series:
    """Return the ratio of the last 7 days to the 21 before them.

    With coupled ratio C and uncoupled U of the same 28 days, ``C = 4 U / (3 + U)``.
    """
    before = load.shift(ACUTE_DAYS).rolling(CHRONIC_DAYS - ACUTE_DAYS).mean()
    return _over(acute(load), before)


def acwr_ewma(load: pd.Series) -> pd.Series:
    """Return the ratio of exponentially weighted means, hidden for the first 28 days.

    References
    ----------
    Williams S et al. doi:10.1136/bjsports-2016-096589.
    """
    ratio = _over(ewma(load, ACUTE_DAYS), ewma(load, CHRONIC_DAYS))
    return ratio.where(np.arange(ratio.size) >= CHRONIC_DAYS)


def ewma(load: pd.Series, days: int) -> pd.Series:
    """Return the exponentially weighted mean with weight ``2 / (days + 1)`` for the newest day.

    It starts from the mean of the first 28 days, so that one long first run does not weigh for
    weeks.

    References
    ----------
    Williams S et al. doi:10.1136/bjsports-2016-096589; the start: doi:10.1007/s40279-020-01280-1.
    """
    return _weighted(load, 2 / (days + 1), float(load.iloc[:CHRONIC_DAYS].mean()))


def monotony(load: pd.Series) -> pd.Series:
    """Return mean over standard deviation of the last 7 days; none where all days are alike.

    The deviation is the sample's (ddof 1); the paper's abstract does not say (assumption).

    References
    ----------
    Foster C. Med Sci Sports Exerc 1998;30(7):1164-1168.
    """
    window = load.rolling(ACUTE_DAYS)
    alike = window.max() - window.min() <= 0
    return _over(window.mean(), window.std(ddof=1).mask(alike))


def strain(load: pd.Series) -> pd.Series:
    """Return the sum of the last 7 days times their monotony (Foster 1998)."""
    return load.rolling(ACUTE_DAYS).sum() * monotony(load)


def banister_state(load: pd.Series, days: int) -> pd.Series:
    """Return fitness (42 days) or fatigue (7 days): what decays by ``exp(-1 / days)`` a day.

    It starts from 0 before the first day. Form is fitness less fatigue of the day before.
    Evidence: convention.
    """
    return _weighted(load, 1 - float(np.exp(-1 / days)), 0.0)


def _weighted(load: pd.Series, newest: float, start: float) -> pd.Series:
    values = np.concatenate(([start], load.to_numpy(dtype=np.float64)))
    means = pd.Series(values).ewm(alpha=newest, adjust=False).mean()
    return pd.Series(means.to_numpy()[1:], index=load.index)


def _over(numerator: pd.Series, denominator: pd.Series) -> pd.Series:
    """Divide, none where there is nothing to compare with."""
    return numerator / denominator.where(denominator > 0)
