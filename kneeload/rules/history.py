"""How often a flag has fired before, and how often pain followed: counts, never a probability."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kneeload.frames import PAIN, conform, empty

if TYPE_CHECKING:
    from kneeload.weeks import Ints

_HORIZON = pd.Timedelta(days=7)
_PAINFUL = 3


def fired_before(flags: pd.DataFrame, pain: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return, for each flag, the earlier episodes of its rule and what became of them.

    Parameters
    ----------
    flags
        As `kneeload.rules.check` returns them, of one runner.
    pain
        Columns of `kneeload.frames.PAIN`.

    Returns
    -------
    DataFrame
        One row per flag, in their order: ``flag_id``; ``episodes``, how many the rule had before;
        ``scored``, how many of those had a pain score in the 7 days after their first flag; and
        ``followed``, how many had one of 3 or more. Without a score nothing is known.
    """
    scores = empty(PAIN) if pain is None else conform(pain, PAIN)
    starts = flags.groupby(["rule", "episode"], as_index=False).agg(first=("date", "min"))
    painful = scores.loc[scores["score"] >= _PAINFUL]
    starts = starts.assign(
        scored=_followed(starts["first"], scores), followed=_followed(starts["first"], painful)
    )
    by_rule = starts.sort_values(["rule", "episode"]).groupby("rule")[["scored", "followed"]]
    so_far = by_rule.cumsum() - starts[["scored", "followed"]]
    counts = starts[["rule", "episode"]].join(so_far.astype("int64"))
    rows = flags[["flag_id", "rule", "episode"]].merge(counts, on=["rule", "episode"], how="left")
    return rows.assign(episodes=rows["episode"] - 1)[["flag_id", "episodes", "scored", "followed"]]


def _followed(first: pd.Series, scores: pd.DataFrame) -> Ints:
    """Return 1 where a score lies in the seven days after, the day itself not counted."""
    days = np.sort(scores["local_date"].to_numpy("datetime64[us]"))
    after = np.searchsorted(days, first.to_numpy("datetime64[us]"), side="right")
    until = np.searchsorted(days, (first + _HORIZON).to_numpy("datetime64[us]"), side="right")
    return (until > after).astype(np.int64)
