"""Time of weeks and rules: a ten-year log of 3,500 runs, and a cohort of 588,071 sessions.

Run by ``python benchmarks/rules.py [RUNNERS ...]``; prints one line per size, and how often each
rule speaks in the ten-year log per 52 active weeks. The runs are drawn, not simulated with care:
what counts here is their number.
"""

from __future__ import annotations

import resource
import sys
import time

import numpy as np
import pandas as pd

from kneeload.rules import RULES, check
from kneeload.weeks import weekly

SESSIONS_PER_RUNNER = 113
COHORT_DAYS = 550


def drawn_runs(runners: int, sessions: int, days: int, seed: int = 7) -> pd.DataFrame:
    """Return `sessions` runs for each of `runners`, on random days of `days` days."""
    random = np.random.default_rng(seed)
    count = runners * sessions
    day = pd.to_timedelta(random.integers(0, days, count), unit="D")
    date = pd.Timestamp("2019-07-01") + day
    clock = pd.to_timedelta(random.integers(5 * 3600, 20 * 3600, count), unit="s")
    km = np.round(random.lognormal(2.1, 0.45, count), 2)
    return pd.DataFrame(
        {
            "run_id": np.arange(count).astype(str),
            "runner": np.repeat(np.arange(runners), sessions),
            "local_date": date,
            "started_at": (date + clock).tz_localize("UTC"),
            "sport": "running",
            "distance_km": km,
            "moving_s": km * 345,
            "descent_m": km * random.uniform(0, 20, count),
            "load": km * random.uniform(5, 9, count),
            "easy_min": km * 4,
            "moderate_min": km,
            "hard_min": km * random.uniform(0, 1, count),
        }
    )


def timed(runs: pd.DataFrame, name: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return weeks and flags of `runs`, and print how long they took."""
    start = time.perf_counter()
    weeks = weekly(runs)
    middle = time.perf_counter()
    flags = check(weeks, runs)
    end = time.perf_counter()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(
        f"{name}: {len(runs):,} runs, {len(weeks):,} weeks, {len(flags):,} flags; "
        f"weekly {middle - start:.2f} s, check {end - middle:.2f} s, peak {memory:.2f} GB"
    )
    return weeks, flags


def print_rates(weeks: pd.DataFrame, flags: pd.DataFrame) -> None:
    """Print each rule's episodes per 52 active weeks."""
    years = (weeks["runs"] > 0).sum() / 52
    for rule in RULES:
        found = flags.loc[flags["rule"] == rule]
        loud = found.loc[found["severity"] != "note"]
        print(f"  {rule}: {found['episode'].nunique() / years:.1f} episodes, "
              f"{loud['week'].nunique() / years:.1f} weeks at warn or alert")  # fmt: skip


def main(sizes: list[int]) -> None:
    """Time the ten-year log, then cohorts of these sizes."""
    timed(drawn_runs(1, 100, 365).drop(columns="runner"), "warm-up")
    print_rates(*timed(drawn_runs(1, 3500, 3650).drop(columns="runner"), "ten years"))
    for runners in sizes:
        timed(drawn_runs(runners, SESSIONS_PER_RUNNER, COHORT_DAYS), f"{runners:,} runners")


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [520, 5205])
