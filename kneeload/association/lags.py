"""Load before pain and pain before load, day by day: a picture, not a test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from kneeload.association.rank_correlation import rank_correlation

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kneeload.arrays import Floats

    Codes = NDArray[np.uint16]

MAX_LAG = 14
_MIN_DAYS = 20
Direction = Literal["load_then_pain", "pain_then_load"]


@dataclass(frozen=True, kw_only=True)
class Lag:
    """Spearman correlation of kilometres and scores `lag` days apart; ``None`` below 20 days."""

    direction: Direction
    lag: int
    rho: float | None
    days: int


def lags(km: Floats, score: Floats) -> tuple[Lag, ...]:
    """Return the correlation of load and pain 0 to 14 days apart, in both directions.

    Descriptive: neighbouring lags share their data, so none carries a p value.

    Parameters
    ----------
    km
        Distance of each day [km], 0 on rest days, NaN where unknown.
    score
        Worst score of each day [0-10], NaN where none was written.
    """
    load, pain = _coded(km), _coded(score)
    forward = [_lag("load_then_pain", load, pain, lag) for lag in range(MAX_LAG + 1)]
    backward = [_lag("pain_then_load", pain, load, lag) for lag in range(MAX_LAG + 1)]
    return (*forward, *backward)


def _coded(values: Floats) -> Codes:
    """Return the place of each value among the distinct ones, from 1, and 0 where it is unknown.

    They have the ranks of the values, and so small they are sorted in no time.
    """
    places = np.unique(values, return_inverse=True)[1] + 1
    return np.where(np.isnan(values), 0, places).astype(np.uint16)


def _lag(direction: Direction, first: Codes, then: Codes, lag: int) -> Lag:
    first, then = first[: max(len(first) - lag, 0)], then[lag:]
    both = (first > 0) & (then > 0)
    days = int(both.sum())
    rho = rank_correlation(first[both], then[both]) if days >= _MIN_DAYS else np.nan
    finite_rho = None if np.isnan(rho) else float(rho)
    return Lag(direction=direction, lag=lag, rho=finite_rho, days=days)
