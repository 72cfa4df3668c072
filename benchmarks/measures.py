"""How long a run's summary takes, and the loads of a ten-year log from stored profiles.

    python benchmarks/measures.py [--runs 3500]

The runs are invented here: an hour each at one record a second, wandering pace and heart rate,
hills, noise in every channel. Times are the best of several, since machines are shared.
"""

from __future__ import annotations

import argparse
import time
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kneeload.frames import RUNS, SAMPLES, conform
from kneeload.measures.loads import with_loads
from kneeload.measures.summary import summarise
from kneeload.model import Activity, Sport
from kneeload.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

SUMMARY_LIMIT_MS = 2.5
LOADS_LIMIT_MS = 250.0
BLOB_LIMIT = 2048
SHAPES = 40


def main() -> None:
    """Measure and print, each number beside its limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3500)
    count = parser.parse_args().runs
    activities = [invented(seed) for seed in range(SHAPES)]
    summaries = [summarise(activity) for activity in activities]
    profiles = [summaries[i % SHAPES].profile for i in range(count)]
    runs = frame(count, float(summaries[0].distance_km or 0))
    settings = Settings(birth_year=1985)
    report("summary of a run of 3,600 records [ms]", best(activities), SUMMARY_LIMIT_MS)
    loads = fastest(lambda: with_loads(runs, profiles, settings), 10)
    report(f"loads of {count:,} runs from profiles [ms]", loads, LOADS_LIMIT_MS)
    report(
        "profile of an hour, median [bytes]", float(np.median([*map(len, profiles)])), BLOB_LIMIT
    )


def invented(seed: int) -> Activity:
    """Return an hour of running with everything that a watch records."""
    rng = np.random.default_rng(seed)
    clock = np.arange(3600)
    wander = np.cumsum(rng.normal(0, 0.02, clock.size))
    speed = np.clip(3 + wander - wander.mean(), 1.9, 4.6)
    distance = np.cumsum(speed)
    started = pd.Timestamp("2026-03-01 08:00", tz="UTC")
    samples = pd.DataFrame(
        {
            "time": started + pd.to_timedelta(clock, unit="s"),
            "latitude": 47 + distance / 111_195,
            "longitude": 8.3 + rng.normal(0, 1e-5, clock.size),
            "distance_m": distance,
            "speed_mps": speed,
            "altitude_m": 400 + 25 * np.sin(distance / 400) + rng.normal(0, 0.3, clock.size),
            "hr_bpm": np.rint(145 + 15 * np.sin(clock / 300) + rng.normal(0, 2, clock.size)),
            "cadence_spm": 2 * np.rint(79 + 1.8 * speed + rng.normal(0, 1, clock.size)),
        }
    )
    return Activity(
        sport=Sport.RUNNING, started_at=started, samples=conform(samples, SAMPLES), timer_s=3600.0
    )


def frame(count: int, distance_km: float) -> pd.DataFrame:
    """Return a log of `count` such runs, one a day."""
    days = pd.date_range("2016-01-01", periods=count, freq="D")
    rows = {"local_date": days, "sport": "running", "distance_km": distance_km, "moving_s": 3600.0}
    return conform(pd.DataFrame(rows), RUNS)


def best(activities: list[Activity]) -> float:
    """Return the fastest summary of each activity, averaged [ms]."""
    return float(np.mean([fastest(lambda a=a: summarise(a), 10) for a in activities[:10]]))


def fastest(work: Callable[[], object], times: int) -> float:
    """Return the shortest of several runs [ms]."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return min(taken) * 1000


def report(what: str, value: float, limit: float) -> None:
    """Print one line."""
    print(f"{what:45} {value:10.2f}   limit {limit:g}")


if __name__ == "__main__":
    main()
