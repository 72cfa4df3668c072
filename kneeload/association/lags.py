"""Load before pain and pain before load, day by day: a picture, not a test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from kneeload.association.links import rank_correlation

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

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
    forward = [_lag("load_then_pain", km, score, lag) for lag in range(MAX_LAG + 1)]
    backward = [_lag("pain_then_load", score, km, lag) for lag in range(MAX_LAG + 1)]
    return (*forward, *backward)


def _lag(direction: Direction, first: Floats, then: Floats, lag: int) -> Lag:
    both = np.column_stack([first[: max(len(first) - lag, 0)], then[lag:]])
    both = both[~np.isnan(both).any(axis=1)]
    rho = rank_correlation(both[:, 0], both[:, 1]) if len(both) >= _MIN_DAYS else np.nan
    known = None if np.isnan(rho) else float(rho)
    return Lag(direction=direction, lag=lag, rho=known, days=len(both))
