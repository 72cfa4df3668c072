"""A rule: more kilometres on two days in a row than on any two of the previous 30 days."""

import pandas as pd

from kneeload.model import Evidence
from kneeload.rules import Rule, run_flags
from kneeload.settings import Settings

RATIO, DAYS = 1.10, 30


def two_day_spike(runs: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Flag the second of two running days in a row whose total exceeds 1.10 times any before."""
    day_km = runs.groupby("local_date")["distance_km"].sum().asfreq("D", fill_value=0.0)
    days = pd.DataFrame({"km": day_km + day_km.shift(1)})
    days["both"] = (day_km > 0) & (day_km.shift(1) > 0)
    days["most"] = days["km"].shift(2).rolling(DAYS).max()

    last_of_day = runs.drop_duplicates("local_date", keep="last")
    spikes = last_of_day.join(days, on="local_date")
    spikes = spikes[spikes["both"] & (spikes["most"] > 0) & (spikes["km"] > RATIO * spikes["most"])]
    return run_flags(
        "two_day_spike",
        spikes,
        settings,
        severity="warn",
        value=spikes["km"],
        limit=RATIO * spikes["most"],
        unit="km",
        message=[
            f"{km:.1f} km in two days is {km / most:.2f} times the most in "
            f"the previous {DAYS} days ({most:.1f} km)"
            for km, most in zip(spikes["km"], spikes["most"], strict=True)
        ],
    )


RULE = Rule(
    id="two_day_spike",
    title="Two days beyond the last 30",
    checks="two running days of more than 1.10 times the most of any two in the previous 30 days",
    function=two_day_spike,
    needs=("runs",),
    evidence=Evidence(
        grade="assumption",
        summary="The limit for a single long run, applied to two days. Nobody has tested it there.",
        sources=("doi:10.1136/bjsports-2024-109380",),
    ),
)
