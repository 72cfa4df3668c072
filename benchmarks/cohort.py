"""How long a cohort takes and how much memory; how often its intervals are right.

    python benchmarks/cohort.py scale [--runners 520 5205 52050]
    python benchmarks/cohort.py coverage [--replications 1000] [--jobs 2]
    python benchmarks/cohort.py bias [--runners 10000]
    python benchmarks/cohort.py headline [--replications 1000]

All runners are invented. Each size is measured in a process of its own; the slope is that of CPU
time, since machines are shared. Coverage: effects are
planted in many cohorts of 200 runners, and the results asked for them. Bias: the same in one
large cohort, with what real ones suffer from.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import time
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from kneeload.cohort import Study, evaluate, page, results, tally
from kneeload.cohort.counting import exposure_blocks
from kneeload.cohort.evaluation import by_runners, exposure_rows, total
from kneeload.cohort.exposures import EXPOSURES
from kneeload.cohort.risk import risk_set
from kneeload.cohort.summary import summarise
from kneeload.simulate.cohort import Plan, cohort

SIZES = (520, 5_205, 52_050)
SLOPE_LIMIT = 1.1
TABLES_LIMIT_S, REST_LIMIT_S, MEMORY_LIMIT_GB = 20, 60, 2.5
SMALL = Plan(runners=200, weeks=52, per_1000=25)
SPIKE = {"session_spike.small": 1.64, "session_spike.moderate": 1.52, "session_spike.large": 2.28}
ACWR = {"acwr.small": 1.2, "acwr.moderate": 1.5, "acwr.large": 2.0}
SOUND = {
    "no effect": SMALL,
    "session spike": replace(SMALL, effects=SPIKE),
    "acwr": replace(SMALL, effects=ACWR),
}
LARGE = replace(SMALL, per_1000=10)
BIASED = {
    "no effect": LARGE,
    "no effect, half back off": replace(LARGE, backs_off=0.5),
    "session spike": replace(LARGE, effects=SPIKE),
    "session spike, half back off": replace(LARGE, effects=SPIKE, backs_off=0.5),
    "session spike, a fifth of the runs lost": replace(LARGE, effects=SPIKE, lost_runs=0.2),
    "acwr": replace(LARGE, effects=ACWR),
    "acwr, half back off": replace(LARGE, effects=ACWR, backs_off=0.5),
    "acwr, a fifth of the runs lost": replace(LARGE, effects=ACWR, lost_runs=0.2),
}


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("scale").add_argument("--runners", type=int, nargs="+", default=SIZES)
    repeated = commands.add_parser("coverage")
    repeated.add_argument("--replications", type=int, default=1000)
    repeated.add_argument("--jobs", type=int, default=2)
    headlines = commands.add_parser("headline")
    headlines.add_argument("--replications", type=int, default=1000)
    commands.add_parser("bias").add_argument("--runners", type=int, default=10_000)
    asked = parser.parse_args()
    if asked.command == "coverage":
        coverage(asked.replications, asked.jobs)
    elif asked.command == "headline":
        headline(asked.replications)
    else:
        {"scale": scale, "bias": bias}[asked.command](asked.runners)


def scale(sizes: list[int]) -> None:
    """Print time and memory at each size, and the slope of the log-log line."""
    print("runners   sessions  tables [s]  of CPU [s]  models and page [s]  memory [GB]")
    spawn = multiprocessing.get_context("spawn")
    taken = []
    for size in sizes:
        with spawn.Pool(1) as pool:
            sessions, tables, cpu, rest, memory = pool.apply(measured, (size,))
        taken.append(cpu)
        row = f"{size:7,}  {sessions:9,}  {tables:10.1f}  {cpu:10.1f}  {rest:19.1f}  {memory:11.2f}"
        print(row, flush=True)
    print(f"limits at 5,205: {TABLES_LIMIT_S} s, {REST_LIMIT_S} s, {MEMORY_LIMIT_GB} GB")
    if len(sizes) > 1:
        slope = np.polyfit(np.log(sizes), np.log(taken), 1)[0]
        print(f"slope {slope:.3f}, limit {SLOPE_LIMIT}")


def measured(runners: int) -> tuple[int, float, float, float, float]:
    """Return sessions, seconds of the tables, of its CPU, of the rest, and peak memory [GB]."""
    made = cohort(Plan(runners=runners))
    start, cpu = time.perf_counter(), time.process_time()
    counted = total(tally(*part) for part in by_runners(made.runs, made.injuries))
    between, cpu = time.perf_counter(), time.process_time() - cpu
    page.render(results(counted))
    end = time.perf_counter()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    return len(made.runs), between - start, cpu, end - between, memory


def coverage(replications: int, jobs: int) -> None:
    """Print, for each scenario, how often intervals hold what was planted and nulls are called."""
    with multiprocessing.get_context("spawn").Pool(jobs) as pool:
        for name, plan in SOUND.items():
            found = pd.concat(pool.imap(partial(replication, plan), range(replications)))
            print(
                f"\n{name}, {replications:,} replications\n{table(found, replications)}", flush=True
            )


def replication(plan: Plan, seed: int) -> pd.DataFrame:
    """Return the hazard ratios of one cohort, each beside what was planted.

    Rules are asked where nothing is planted; elsewhere they share in the effect of an exposure.
    """
    made = cohort(plan, seed)
    study = Study(shuffles=0)
    if plan.effects:
        blocks = exposure_blocks(risk_set(made.runs, made.injuries, study), study)
        found = pd.DataFrame(row for name, block in blocks for row in exposure_rows(block, name))
    else:
        found = evaluate(made.runs, made.injuries, study=study)
    ratios = found.loc[found["section"] == "hazards"]
    names = ratios["subject"] + "." + ratios["state"]
    return ratios.assign(name=names, planted=names.map(dict(plan.effects)).fillna(1.0))


def headline(replications: int) -> None:
    """Print in how many cohorts without any effect the page's headline announces something."""
    announced = 0
    for seed in range(replications):
        made = cohort(SMALL, seed)
        found = evaluate(made.runs, made.injuries, study=Study(shuffles=0))
        announced += bool(summarise(found).lines)
        if seed + 1 in {50, 100, 200, 500, replications}:
            share = 100 * announced / (seed + 1)
            print(f"{announced} of {seed + 1} null cohorts announced ({share:.1f} %)", flush=True)


def bias(runners: int) -> None:
    """Print what one large cohort says of planted effects, with and without distortions."""
    rows = {}
    for name, plan in BIASED.items():
        found = replication(replace(plan, runners=runners), 0)
        told = found.loc[found["subject"].isin(EXPOSURES)].set_index("name")
        rows[name] = told["value"]
    print(pd.DataFrame(rows).round(2).T.to_string())


def table(found: pd.DataFrame, times: int) -> str:
    """Return coverage where a ratio was told, calls among all replications, and bias."""
    inside = (found["low"] <= found["planted"]) & (found["planted"] <= found["high"])
    rows = found.assign(
        covered=100 * inside,
        called=100 * (found["p"] <= 0.05) / times,
        ratio=np.log(found["value"]),
        told=1,
    )
    how = {"planted": "first", "told": "sum", "covered": "mean", "called": "sum", "ratio": "mean"}
    summed = rows.groupby("name").agg(how)
    summed["ratio"] = np.exp(summed["ratio"])
    return summed.round({"covered": 1, "called": 1, "ratio": 3}).to_string()


if __name__ == "__main__":
    main()
