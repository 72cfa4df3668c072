"""Small cohorts, written as lines of text."""

import pandas as pd

from kneeload.cohort.estimates import Estimate


def runs(text: str) -> pd.DataFrame:
    """Return runs from lines of runner, date and kilometres."""
    rows = [line.split() for line in text.strip().splitlines()]
    frame = pd.DataFrame(rows, columns=["runner", "local_date", "distance_km"])
    return frame.astype({"runner": "str", "distance_km": "float64"}).assign(
        local_date=pd.to_datetime(frame["local_date"], format="%Y-%m-%d")
    )


def injuries(text: str = "") -> pd.DataFrame:
    """Return injuries from lines of runner, date and, where it is known, the day it was over."""
    rows = [[*line.split(), None][:3] for line in text.strip().splitlines()]
    frame = pd.DataFrame(rows, columns=["runner", "date", "until"])
    dates = {name: pd.to_datetime(frame[name], format="%Y-%m-%d") for name in ("date", "until")}
    return frame.astype({"runner": "str"}).assign(**dates)


def daily(runner: str, first: str, days: int, km: float = 5.0) -> pd.DataFrame:
    """Return a run a day."""
    dates = pd.date_range(first, periods=days, freq="D", unit="us")
    return pd.DataFrame({"runner": runner, "local_date": dates, "distance_km": km})


class Found:
    """Results, looked up by section, subject, state and measure."""

    def __init__(self, results: pd.DataFrame) -> None:
        self.results = results
        columns = ["section", "subject", "state", "measure", "value", "low", "high", "p"]
        self._told = {
            (section, subject, state, measure): Estimate(value=value, low=low, high=high, p=p)
            for section, subject, state, measure, value, low, high, p in zip(
                *(results[name].tolist() for name in columns), strict=True
            )
        }

    def __call__(self, section: str, subject: str, state: str, measure: str) -> Estimate:
        return self._told[section, subject, state, measure]
