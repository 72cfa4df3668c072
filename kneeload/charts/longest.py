"""Each run beside the longest one of the days before it."""

from __future__ import annotations

import pandas as pd


def longest_before(runs: pd.DataFrame, window_days: float) -> pd.Series:
    """Return for each run the longest run [km] of the days before its start, itself left out.

    Parameters
    ----------
    runs
        Columns ``started_at`` and ``distance_km`` [km] of `kneeload.frames.RUNS`.
    window_days
        How far to look back [d].

    Returns
    -------
    Series
        On the index of `runs`; NaN where no run lies in the window.
    """
    ordered = runs.sort_values("started_at", kind="stable")
    distances = pd.Series(ordered["distance_km"].to_numpy(), ordered["started_at"])
    window = pd.Timedelta(days=window_days)
    highest = distances.rolling(window, closed="left", min_periods=1).max()
    return pd.Series(highest.to_numpy(), ordered.index).reindex(runs.index)
