"""Thousands of invented runners with known effects of load on injury, so that a method is tested.

Runners are drawn in blocks with a seed each: the first thousand are the same in every cohort.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kneeload.calendar import day_numbers, runner_codes
from kneeload.cohort.exposures import EXPOSURES, STATES, exposures, states
from kneeload.cohort.partitions import write_parts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from kneeload.arrays import Bools, Floats, Ints

BLOCK = 1000
FIRST_DAY = dt.date(2024, 1, 1)
EFFECTS = tuple(f"{exposure}.{state}" for exposure in EXPOSURES for state in STATES[1:])
"""Where an effect can be planted."""
SITES = ("knee", "achilles", "shin", "foot", "hip")


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a cohort is made of.

    Parameters
    ----------
    runners, weeks
        How many runners, and for how long they are followed at most [weeks]; each enters and
        leaves at random within that, after a quarter of it at least.
    runs, week_km
        Median number of runs and distance of a week [km].
    effects
        Ratio of the rate of injury in a state to that in the reference, by
        ``exposure.state`` (``session_spike.large``); 1 where nothing is planted.
    per_1000
        Injuries in 1,000 sessions of the reference.
    frailty
        Standard deviation of the logarithm of a runner's own rate.
    backs_off
        Share of the injuries that were felt before they were reported, `delay_days` earlier, and
        for which the runner cut each distance in between to `cut_to`: reverse causation.
    rest_days
        Days without running after an injury was reported.
    lost_runs, lost_times, lost_injuries
        Shares of runs missing from the table, of runs without a time, of injuries not reported.
    """

    runners: int = 200
    weeks: int = 78
    runs: float = 2.4
    week_km: float = 25.0
    effects: Mapping[str, float] = field(default_factory=dict)
    per_1000: float = 3.0
    frailty: float = 0.4
    backs_off: float = 0.0
    delay_days: int = 7
    cut_to: float = 0.5
    rest_days: int = 14
    lost_runs: float = 0.0
    lost_times: float = 0.0
    lost_injuries: float = 0.0


@dataclass(frozen=True)
class Cohort:
    """The two tables of a cohort, as `kneeload.cohort` reads them."""

    runs: pd.DataFrame
    injuries: pd.DataFrame


def cohort(plan: Plan, seed: int = 0) -> Cohort:
    """Return an invented cohort; the same plan and seed give the same one."""
    parts = [*blocks(plan, seed)]
    runs, injuries = (
        pd.concat([getattr(part, name) for part in parts], ignore_index=True)
        for name in ("runs", "injuries")
    )
    return Cohort(runs, injuries)


def blocks(plan: Plan, seed: int = 0) -> Iterator[Cohort]:
    """Yield the cohort by blocks of runners, for one that does not fit into memory."""
    for first in range(0, plan.runners, BLOCK):
        count = min(BLOCK, plan.runners - first)
        rng = np.random.default_rng([seed, first])
        runs = _history(plan, first, count, rng)
        yield _with_losses(plan, *_injured(plan, runs, rng), rng)


def _history(plan: Plan, first: int, count: int, rng: np.random.Generator) -> pd.DataFrame:
    """Return what the runners would run if nothing hurt."""
    days = 7 * plan.weeks
    level = _levels(plan, count, rng)
    share = np.clip(rng.lognormal(np.log(plan.runs), 0.3, count), 1, 6) / 7
    runs = (rng.random((count, days)) < share[:, None]) & _followed(plan, count, rng)
    runs &= np.repeat(rng.random((count, plan.weeks)) >= 0.05, 7, axis=1)
    who, day = np.nonzero(runs)
    long = np.where(day % 7 == 6, 1.5, 0.95)
    usual = level[who, day // 7] / (7 * share[who])
    km = np.clip(usual * long * rng.lognormal(0, 0.25, len(day)), 1, 80)
    return _table(first, count, who, day, km.round(2), rng)


def _levels(plan: Plan, count: int, rng: np.random.Generator) -> Floats:
    """Return each runner's usual distance of each week [km]: seasons, and one week's chance."""
    usual = rng.lognormal(np.log(plan.week_km), 0.4, (count, 1))
    season = np.zeros((count, plan.weeks))
    for week in range(1, plan.weeks):
        season[:, week] = 0.94 * season[:, week - 1] + 0.09 * rng.normal(size=count)
    return np.asarray(usual * np.exp(season + 0.15 * rng.normal(size=season.shape)))


def _followed(plan: Plan, count: int, rng: np.random.Generator) -> Bools:
    """Return the days on which each runner is followed."""
    days = 7 * plan.weeks
    length = rng.integers(days // 4, days + 1, count)
    start = (rng.random(count) * (days - length + 1)).astype(np.int64)
    day = np.arange(days)
    return (day >= start[:, None]) & (day < (start + length)[:, None])


def _table(
    first: int, count: int, who: Ints, day: Ints, km: Floats, rng: np.random.Generator
) -> pd.DataFrame:
    date = pd.Series(np.datetime64(FIRST_DAY, "us") + day.astype("timedelta64[D]"))
    names = np.array([f"r{number:07d}" for number in range(first, first + count)])
    pace = rng.normal(360, 30, len(km)).clip(240, 540)
    return pd.DataFrame(
        {
            "runner": pd.Series(names[who], dtype="str"),
            "local_date": date,
            "distance_km": km,
            "moving_s": np.rint(km * pace),
            "descent_m": np.rint(km * rng.gamma(2, 4, len(km))),
        }
    )


def _injured(
    plan: Plan, runs: pd.DataFrame, rng: np.random.Generator
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what was really run, and the injuries: one after another, as each changes the rest."""
    who = runner_codes(runs)
    frailty = rng.normal(0, plan.frailty, int(who.max(initial=-1)) + 1)
    active = runs.assign(
        log_rate=np.log(plan.per_1000 / 1000) + frailty[who],
        luck=rng.random(len(runs)),
        sore=rng.random(len(runs)) < plan.backs_off,
        clear=np.int64(0),
    )
    spared, injuries = [], []
    while len(active):
        injured = active.loc[_first_strikes(plan, active)].set_index("runner")
        again = active["runner"].isin(injured.index)
        spared.append(active.loc[~again])
        delay = np.where(injured["sore"], plan.delay_days, 0)
        reported = injured["local_date"] + pd.to_timedelta(delay, unit="D")
        injuries.append(reported.rename("date").reset_index())
        active = _changed(plan, active.loc[again], injured["local_date"], reported)
    really_run = pd.concat(spared)[list(runs.columns)]
    ordered = really_run.sort_values(["runner", "local_date"], ignore_index=True)
    return ordered, _sited(injuries, rng)


def _first_strikes(plan: Plan, runs: pd.DataFrame) -> Bools:
    """Return the session of each runner at which the next injury begins."""
    ratios = exposures(runs.assign(started_at=runs["local_date"].dt.tz_localize("UTC")))
    log_rate = runs["log_rate"].to_numpy().copy()
    for name in EXPOSURES:
        effect = [plan.effects.get(f"{name}.{state}", 1.0) for state in STATES]
        now, before = (ratios[f"{name}_{side}"].to_numpy() for side in ("now", "before"))
        log_rate += np.log(effect)[states(now, before)]
    risk = -np.expm1(-np.exp(log_rate))
    fit = day_numbers(runs["local_date"]) >= runs["clear"].to_numpy()
    hit = np.flatnonzero((runs["luck"].to_numpy() < risk) & fit)
    first = hit[np.unique(runner_codes(runs)[hit], return_index=True)[1]]
    return np.isin(np.arange(len(runs)), first)


def _changed(plan: Plan, runs: pd.DataFrame, began: pd.Series, reported: pd.Series) -> pd.DataFrame:
    """Cut what lay between an injury and its report, and drop the rest after it."""
    day = runs["local_date"]
    start, reported_on = (dates.reindex(runs["runner"]).to_numpy() for dates in (began, reported))
    back = reported_on + np.timedelta64(plan.rest_days, "D")
    cut = (runs["distance_km"] * plan.cut_to).round(2).clip(lower=0.5)
    runs = runs.assign(
        distance_km=runs["distance_km"].mask((day > start) & (day <= reported_on), cut),
        clear=back.astype("datetime64[D]").astype(np.int64) + 1,
    )
    return runs.loc[(day <= reported_on) | (day > back)]


def _sited(injuries: list[pd.DataFrame], rng: np.random.Generator) -> pd.DataFrame:
    reports = pd.concat(injuries).sort_values(["runner", "date"], ignore_index=True)
    return reports.assign(site=np.array(SITES)[rng.integers(0, len(SITES), len(reports))])


def _with_losses(
    plan: Plan, runs: pd.DataFrame, injuries: pd.DataFrame, rng: np.random.Generator
) -> Cohort:
    timed = rng.random(len(runs)) >= plan.lost_times
    runs = runs.assign(moving_s=runs["moving_s"].where(timed))
    return Cohort(
        runs.loc[rng.random(len(runs)) >= plan.lost_runs].reset_index(drop=True),
        injuries.loc[rng.random(len(injuries)) >= plan.lost_injuries].reset_index(drop=True),
    )


def write(folder: Path, plan: Plan, seed: int = 0, *, parquet: bool = False) -> None:
    """Write a cohort below `folder`: two CSV files, or Parquet by partitions of whole runners."""
    if parquet:
        write_parts(((part.runs, part.injuries) for part in blocks(plan, seed)), folder)
        return
    folder.mkdir(parents=True, exist_ok=True)
    tables = cohort(plan, seed)
    for name in ("runs", "injuries"):
        getattr(tables, name).to_csv(folder / f"{name}.csv", index=False)
