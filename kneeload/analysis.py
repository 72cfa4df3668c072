"""Everything that follows from the log's frames on one day, gathered for status and report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

    import pandas as pd

    from kneeload.planning import Plan
    from kneeload.settings import Settings


@dataclass(frozen=True, kw_only=True, eq=False)
class Analysis:
    """The frames, flags and plan as they stand on `today`; nothing later is in them.

    Parameters
    ----------
    activities
        All sports, columns of `kneeload.frames.RUNS`; duplicates and removed runs left out.
    runs
        The running ones among them.
    pain, diary, weeks, flags
        Frames of the same names in `kneeload.frames`.
    """

    activities: pd.DataFrame
    runs: pd.DataFrame
    pain: pd.DataFrame
    diary: pd.DataFrame
    weeks: pd.DataFrame
    flags: pd.DataFrame
    plan: Plan
    settings: Settings
    today: dt.date
