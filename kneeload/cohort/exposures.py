"""A session beside the sessions before it: three ratios, and the state each puts it in."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kneeload.calendar import day_numbers, key_of, runner_codes
from kneeload.rules.distance import longest_before

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kneeload.arrays import Floats, Ints

STATES = ("reference", "small", "moderate", "large", "no_reference")
CUTS = (1.10, 1.30, 2.00)
EXPOSURES: Mapping[str, str] = MappingProxyType(
    {
        "session_spike": "the session compared with the longest of the previous 30 days",
        "week_to_week": "the last 7 days compared with the 7 before them",
        "acwr": "the last 7 days compared with the weekly mean of the 21 days before (uncoupled)",
    }
)
WINDOW_DAYS = 30
_EPS = 1e-7
_UNIT = 100  # Distances are summed as whole hundredths of a kilometre, so that sums are exact.


def exposures(runs: pd.DataFrame) -> pd.DataFrame:
    """Return how each session compares with the runner's sessions before it.

    Parameters
    ----------
    runs
        As `kneeload.weeks.countable_runs` returns them; distances [km].

    Returns
    -------
    DataFrame
        For each of `EXPOSURES` the numerator ``*_now`` and the denominator ``*_before`` [km], NaN
        where there is none. `states` turns them into states.

    Notes
    -----
    Windows are of days and end with the session itself: later sessions of its day are not in it,
    earlier ones are. A denominator of 0 is none; neither is one whose window began before the
    runner's first session, the 30 days of the session spike apart, where any session will do.
    The study's abstract leaves these open (evidence grade *assumption*).

    References
    ----------
    Frandsen 2025, doi:10.1136/bjsports-2024-109380: the three ratios and their cuts.
    """
    km = runs["distance_km"].to_numpy().round(2)
    days = _Days(runs)
    week = days.total(-6, 0)
    return pd.DataFrame(
        {
            "session_spike_now": km,
            "session_spike_before": positive(longest_before(runs, WINDOW_DAYS).round(2)),
            "week_to_week_now": week,
            "week_to_week_before": positive(days.total(-13, -7)),
            "acwr_now": week,
            "acwr_before": positive(days.total(-27, -7) / 3),
        },
        index=runs.index,
    )


def states(now: Floats, before: Floats) -> Ints:
    """Return the place in `STATES` of each session.

    At most 10 % above is the reference, small is above that, moderate above 30 %, large above
    100 %; without a denominator there is no reference.

    References
    ----------
    Evidence grade *cohort*. Frandsen 2025, doi:10.1136/bjsports-2024-109380.
    """
    above = sum((now > cut * before + _EPS).astype(np.int64) for cut in CUTS)
    return np.where(np.isfinite(before), above, len(CUTS) + 1)


class _Days:
    """Sums over days of each session's runner, exact whatever stands before the runner."""

    def __init__(self, runs: pd.DataFrame) -> None:
        day, who = day_numbers(runs["local_date"]), runner_codes(runs)
        self.keys = key_of(who, day)
        hundredths = np.rint(runs["distance_km"].fillna(0).to_numpy() * _UNIT)
        self.sums = np.append(0, np.cumsum(hundredths.astype(np.int64)))
        heads = np.searchsorted(who, who, side="left")
        self.since = day - day[heads]

    def total(self, first: int, last: int) -> Floats:
        """Return the distance [km] from day `first` to day `last`, the session's own being 0.

        NaN where the runner's first session lies after the window's first day.
        """
        low = np.searchsorted(self.keys, self.keys + first, side="left")
        until = np.arange(1, len(self.keys) + 1)
        high = until if last == 0 else np.searchsorted(self.keys, self.keys + last, side="right")
        km = (self.sums[high] - self.sums[low]) / _UNIT
        return km if last == 0 else np.where(self.since >= -first, km, np.nan)


def positive(values: Floats) -> Floats:
    """Return the values above 0, NaN in the place of the others."""
    return np.where(values > 0, values, np.nan)
