"""The charts of one report, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kneeload.charts import overview, relative, single

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
    """Return every chart that these frames have something for; `weeks` must not be empty."""
    found = [
        overview.picture(weeks, pain, flags, diary, settings),
        single.picture(weeks, runs, pain, settings) if len(runs) else None,
        relative.picture(weeks, runs),
    ]
    return [picture for picture in found if picture is not None]
