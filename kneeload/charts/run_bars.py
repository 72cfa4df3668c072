"""A week's bar in sessions: its runs stacked, the longest on top."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kneeload.charts import canvas as ground
from kneeload.charts.legend import Entry

if TYPE_CHECKING:
    from kneeload.charts.shapes import Panel

_SHOWN_KM = 0.05
OTHERS, LONGEST = Entry("other runs", "easy"), Entry("longest run", "hard")


def sessions(weeks: pd.DataFrame, runs: pd.DataFrame | None) -> pd.DataFrame:
    """Return every run as a piece of its week's bar, the longest last and on top.

    Parameters
    ----------
    weeks
        As `kneeload.weekly` returns them.
    runs
        The runs that count; without them a week has two pieces, its longest run and all others.

    Returns
    -------
    DataFrame
        Columns ``week_start``, ``base`` and ``km`` [km], ``longest``; pieces of a week add up to
        its distance.
    """
    pieces = _rests(weeks) if runs is None else _runs(weeks, runs)
    ordered = pieces.sort_values(["week_start", "km"], kind="stable", ignore_index=True)
    week = ordered.groupby("week_start")["km"]
    last = ordered["week_start"] != ordered["week_start"].shift(-1)
    return ordered.assign(base=week.cumsum() - ordered["km"], longest=last)


def _runs(weeks: pd.DataFrame, runs: pd.DataFrame) -> pd.DataFrame:
    """Return the runs of the weeks with the first day of their week."""
    starts = weeks["week_start"].to_numpy("datetime64[D]")
    days = runs["local_date"].to_numpy("datetime64[D]")
    place = np.searchsorted(starts, days, side="right") - 1
    km = runs["distance_km"].to_numpy(np.float64)
    counts = (place >= 0) & (days < starts[-1] + np.timedelta64(7, "D")) & (km > 0)
    return pd.DataFrame({"week_start": weeks["week_start"].to_numpy()[place[counts]],
                         "km": km[counts]})  # fmt: skip


def _rests(weeks: pd.DataFrame) -> pd.DataFrame:
    longest = weeks["longest_run_km"].fillna(0.0).to_numpy()
    km = np.concatenate([weeks["distance_km"].to_numpy() - longest, longest])
    starts = np.tile(weeks["week_start"].to_numpy(), 2)
    return pd.DataFrame({"week_start": starts, "km": km})[km > _SHOWN_KM]


def draw_sessions(panel: Panel, pieces: pd.DataFrame) -> None:
    """Draw the pieces, parted by fine lines of paper."""
    lefts = ground.days(pieces["week_start"])
    base, km = (pieces[name].to_numpy(np.float64) for name in ("base", "km"))
    longest = pieces["longest"].to_numpy(bool)
    for entry, chosen in ((OTHERS, ~longest), (LONGEST, longest)):
        ground.bars(panel, lefts[chosen], base[chosen], km[chosen], entry.colour)
    cut = base > 0
    x, y = lefts[cut], base[cut]
    ground.lines(panel, x + 0.5, y, x + 6.5, y, "paper", width=1.2, zorder=2.5)
