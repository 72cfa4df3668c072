"""The kilometre at which pain began, over time, and the runs that ended before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kneeload.association.links import Z_95

if TYPE_CHECKING:
    import datetime as dt

    import pandas as pd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

MIN_ONSETS = 10
_FOUR_WEEKS = 28


@dataclass(frozen=True, kw_only=True)
class PainFree:
    """Pain-free distance.

    Parameters
    ----------
    onsets
        Date and kilometre at which pain began, of every run that says so.
    median_km
        Half of them began earlier.
    trend_km, low, high
        Change over four weeks (Theil-Sen) and its 95 % interval [km]; from ten onsets on.
    ended_before, went_beyond
        Runs without pain that were shorter than the median, and at least as long.
    """

    onsets: tuple[tuple[dt.date, float], ...]
    median_km: float | None
    trend_km: float | None
    low: float | None
    high: float | None
    ended_before: int
    went_beyond: int


def pain_free(scored: pd.DataFrame) -> PainFree:
    """Return where in the run pain began and how that moved.

    A run is without pain where its "during" score is 0; a run without that score tells nothing.

    Parameters
    ----------
    scored
        As `kneeload.association.pairs.scored_runs` returns them.

    References
    ----------
    Sen PK. J Am Stat Assoc 1968;63:1379-1389, doi:10.1080/01621459.1968.10480934.
    """
    began = scored.loc[scored["onset_km"].notna()]
    median = float(began["onset_km"].median()) if len(began) else None
    calm = scored.loc[(scored["during"] == 0) & scored["onset_km"].isna(), "distance_km"]
    trend = _trend(began)
    return PainFree(
        onsets=tuple(zip(began["local_date"].dt.date, began["onset_km"].tolist(), strict=True)),
        median_km=median,
        trend_km=trend[0],
        low=trend[1],
        high=trend[2],
        ended_before=0 if median is None else int((calm < median).sum()),
        went_beyond=0 if median is None else int((calm >= median).sum()),
    )


def _trend(began: pd.DataFrame) -> tuple[float | None, float | None, float | None]:
    if len(began) < MIN_ONSETS or began["local_date"].nunique() < 2:
        return None, None, None
    days = (began["local_date"] - began["local_date"].iloc[0]).dt.days.to_numpy(np.float64)
    slope, low, high = theil_sen(days, began["onset_km"].to_numpy(np.float64))
    if np.isnan(low):
        return None, None, None
    return _FOUR_WEEKS * slope, _FOUR_WEEKS * low, _FOUR_WEEKS * high


def theil_sen(x: Floats, y: Floats) -> tuple[float, float, float]:
    """Return the median slope between all pairs of points, and its 95 % interval.

    The interval is NaN where ties leave no variance to speak of.

    Parameters
    ----------
    x, y
        Points, with at least two different values of `x`.

    References
    ----------
    Sen PK. J Am Stat Assoc 1968;63:1379-1389, doi:10.1080/01621459.1968.10480934, equation 2.6.
    """
    run, rise = x[:, None] - x, y[:, None] - y
    slopes = np.sort(rise[run > 0] / run[run > 0])
    pairs = len(slopes)
    slope, variance = float(np.median(slopes)), _kendall(np.array([len(y)])) - _ties(x) - _ties(y)
    if variance < 0:
        return slope, np.nan, np.nan
    spread = Z_95 * np.sqrt(variance)
    low = max(round((pairs - spread) / 2) - 1, 0)
    high = min(round((pairs + spread) / 2), pairs - 1)
    return slope, float(slopes[low]), float(slopes[high])


def _ties(values: Floats) -> float:
    """Return what equal values take from the variance of Kendall's score."""
    return _kendall(np.unique(values, return_counts=True)[1])


def _kendall(sizes: NDArray[np.int64]) -> float:
    return float((sizes * (sizes - 1) * (2 * sizes + 5)).sum()) / 18
