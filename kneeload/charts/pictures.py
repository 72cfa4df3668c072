"""The charts of one report, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kneeload.charts import long_runs, overview, usual_load
from kneeload.charts.canvas import WIDE

if TYPE_CHECKING:
    import pandas as pd

    from kneeload.charts.canvas import Picture
    from kneeload.settings import Settings


def pictures(
    weeks: pd.DataFrame,
    runs: pd.DataFrame,
    pain: pd.DataFrame,
    flags: pd.DataFrame,
    diary: pd.DataFrame,
    settings: Settings,
) -> list[Picture]:
    """Return every chart that has something in the weeks shown; `weeks` must not be empty."""
    first = weeks["week_start"].iloc[-WIDE.weeks :].iloc[0]
    measured = runs["distance_km"].notna() & (runs["local_date"] >= first)
    found = [
        overview.picture(weeks, pain, flags, diary, settings, runs),
        long_runs.picture(weeks, runs, pain, settings) if measured.any() else None,
        usual_load.picture(weeks, runs),
    ]
    return [picture for picture in found if picture is not None]
