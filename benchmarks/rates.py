"""How often each rule speaks in real years: episodes and weeks per 52 active weeks.

    KNEELOAD_CORPUS=... python benchmarks/rates.py

One real year of some sixty GPX files from the corpus, and ten years of invented runners whose weeks
vary as real ones do. A rule that warns in more than every fourth week (13 of 52) says nothing.
"""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from kneeload.log.training_log import TrainingLog
from kneeload.rules import RULES, check
from kneeload.simulate import history
from kneeload.weeks import weekly

if TYPE_CHECKING:
    import pandas as pd

SEEDS = range(6)
END = dt.date(2026, 3, 29)


def real_year(corpus: Path) -> pd.DataFrame:
    """Return the runs of the corpus's one runner with a year of files."""
    files = sorted((corpus / "corriporai__runpandas").glob("*-*-*-*-*.gpx"))
    with tempfile.TemporaryDirectory() as scratch, TrainingLog(Path(scratch) / "log.db") as log:
        log.ingest(files, now=dt.datetime.now(dt.UTC))
        return log.runs()


def rates(runs: pd.DataFrame) -> dict[str, tuple[float, float]]:
    """Return episodes, and weeks with a warning or alert, per 52 weeks with running."""
    weeks = weekly(runs)
    flags = check(weeks, runs)
    per_year = 52 / max((weeks["runs"] > 0).sum(), 1)
    loud = flags[flags["severity"] != "note"]
    return {
        rule: (
            per_year * flags.loc[flags["rule"] == rule, "episode"].nunique(),
            per_year * loud.loc[loud["rule"] == rule, "week"].nunique(),
        )
        for rule in RULES
    }


def a_week(runs: pd.DataFrame) -> float:
    """Return flags per week with running, each return counted once."""
    weeks = weekly(runs)
    flags = check(weeks, runs)
    back = flags["rule"] == "return_from_break"
    told = (~back).sum() + flags.loc[back, "episode"].nunique()
    return float(told / max((weeks["runs"] > 0).sum(), 1))


def main() -> None:
    """Print the table."""
    year = real_year(Path(os.environ["KNEELOAD_CORPUS"]))
    histories = [history.runs(years=10, end=END, seed=seed) for seed in SEEDS]
    real, invented = rates(year), [rates(runs) for runs in histories]
    print("| rule | a real year: episodes, weeks warned | ten invented years, range of six |")
    print("|-|-|-|")
    for rule in RULES:
        episodes, warned = zip(*(each[rule] for each in invented), strict=True)
        span = f"{min(episodes):.1f} to {max(episodes):.1f}, {min(warned):.1f} to {max(warned):.1f}"
        print(f"| {rule} | {real[rule][0]:.1f}, {real[rule][1]:.1f} | {span} |")
    weekly_flags = [a_week(runs) for runs in histories]
    span = f"{min(weekly_flags):.2f} to {max(weekly_flags):.2f}"
    print(f"Flags per week with running: {a_week(year):.2f} | {span}")


if __name__ == "__main__":
    main()
