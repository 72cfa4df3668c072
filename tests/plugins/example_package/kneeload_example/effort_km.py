"""A load method: kilometres, and one more for every 100 m climbed."""

import pandas as pd

from kneeload.settings import Settings


def effort_km(runs: pd.DataFrame, settings: Settings) -> pd.Series:
    """Return each run's effort kilometres, NaN where the climb was not measured."""
    return runs["distance_km"] + runs["ascent_m"] / 100
