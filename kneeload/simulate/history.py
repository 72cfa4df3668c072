"""Years of one invented runner as a table of runs, without files.

Weeks vary as those of real recreational runners do: far more than plans.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kneeload.frames import RUNS, conform
from kneeload.simulate.runner import FOREST, Runner

if TYPE_CHECKING:
    from kneeload.arrays import Bools, Floats


SOMEONE = Runner(name="Somebody")


@dataclass(frozen=True, kw_only=True)
class Habits:
    """How a runner's weeks go.

    Parameters
    ----------
    week_km, runs
        Usual distance [km] and number of runs of a week.
    spread
        Standard deviation of the logarithm of one week's distance about its level.
    seasons, season_weeks
        Standard deviation of the logarithm of that level, and how long it lasts [weeks].
    skipped
        Share of weeks without a run; six in ten of them lie in breaks of three weeks.
    long_run
        How much longer the week's last run is than the others.
    unequal
        Standard deviation of the logarithm of a run's share of its week.
    """

    week_km: float = 32.0
    runs: float = 3.6
    spread: float = 0.24
    seasons: float = 0.3
    season_weeks: float = 16.0
    skipped: float = 0.06
    long_run: float = 1.6
    unequal: float = 0.2


def runs(
    *,
    years: float = 10,
    end: dt.date = dt.date(2026, 3, 29),
    seed: int = 0,
    habits: Habits | None = None,
    runner: Runner = SOMEONE,
) -> pd.DataFrame:
    """Return the runs of the `years` before and on Sunday `end`, as `kneeload.frames.RUNS`.

    Loads are left empty; `kneeload.measures.loads.with_loads` fills them where there are profiles.
    """
    rng = np.random.default_rng(seed)
    ways = habits or Habits()
    days = split(ways, week_distances(ways, round(years * 365.25 / 7), rng), rng).ravel()
    first = pd.Timestamp(end) - pd.Timedelta(days=len(days) - 1)
    ran = np.flatnonzero(days)
    dates = first + pd.to_timedelta(ran, unit="D")
    return conform(_table(dates, np.round(days[ran], 2), runner, rng), RUNS)


def week_distances(habits: Habits, weeks: int, rng: np.random.Generator) -> Floats:
    """Return the distance of each week [km], 0 where it is skipped."""
    level = _wandering(rng, weeks, habits.season_weeks) * habits.seasons
    ups_and_downs = rng.normal(size=weeks) * habits.spread
    km: Floats = habits.week_km * np.exp(level + ups_and_downs)
    return np.where(_skipped(habits, weeks, rng), 0.0, km)


def split(habits: Habits, week_km: Floats, rng: np.random.Generator) -> Floats:
    """Return the distance of each day [km], one row per week from Monday, 0 on rest days."""
    size = (len(week_km), 7)
    busier = 1.5 * np.log(np.maximum(week_km, 1) / habits.week_km)
    run_days = np.rint(habits.runs + busier + 0.6 * rng.normal(size=len(week_km)))
    liking = rng.gumbel(size=size) + np.array([-1.0, 1.0, 0.0, 1.0, -1.0, 0.5, 2.0])
    rank = np.argsort(np.argsort(-liking, axis=1), axis=1)
    ran = rank < np.clip(run_days, 1, 7)[:, None]
    weights = ran * np.exp(habits.unequal * rng.normal(size=size))
    weights *= np.where(_last(ran), habits.long_run, 1.0)
    days: Floats = week_km[:, None] * weights / weights.sum(axis=1, keepdims=True)
    return days


def _wandering(rng: np.random.Generator, size: int, memory: float) -> Floats:
    """Return an autoregressive series of variance one that forgets in `memory` steps."""
    retained = np.exp(-1 / memory)
    shocks = rng.normal(size=size) * np.sqrt(1 - retained**2)
    ages = np.arange(size)
    decay = np.tril(retained ** np.abs(ages[:, None] - ages))
    series: Floats = decay @ shocks
    return series


def _skipped(habits: Habits, weeks: int, rng: np.random.Generator) -> Bools:
    """Return which weeks are empty; one start in three opens a break of three weeks."""
    starts: Bools = rng.random(weeks) < habits.skipped * 0.6
    long = starts & (rng.random(weeks) < 1 / 3)
    return starts | np.roll(long, 1) | np.roll(long, 2)


def _last(ran: Bools) -> Bools:
    """Return the last day of each week with a run."""
    later = np.cumsum(ran[:, ::-1], axis=1, dtype=np.int64)[:, ::-1]
    last: Bools = ran & (later == 1)
    return last


def _table(
    dates: pd.DatetimeIndex, distance_km: Floats, runner: Runner, rng: np.random.Generator
) -> pd.DataFrame:
    size = len(dates)
    speed = runner.easy_mps * rng.normal(1, 0.05, size)
    moving_s = np.rint(distance_km * 1000 / speed)
    clock = pd.to_timedelta(rng.integers(6 * 3600, 19 * 3600, size), unit="s")
    climbed = distance_km * FOREST.climb_per_km_m * rng.lognormal(0, 0.4, size)
    effort = 0.62 + 0.55 * (speed / runner.easy_mps - 1)
    return pd.DataFrame(
        {
            "run_id": [f"sim-{k:05d}" for k in range(size)],
            "started_at": (dates + clock).tz_localize("UTC").as_unit("us"),
            "local_date": dates.as_unit("us"),
            "sport": "running",
            "distance_km": distance_km,
            "moving_s": moving_s,
            "elapsed_s": moving_s + rng.integers(0, 120, size),
            "ascent_m": climbed,
            "descent_m": climbed,
            "avg_hr_bpm": np.rint(runner.hr_rest + (runner.hr_max - runner.hr_rest) * effort),
            "avg_cadence_spm": np.rint(runner.cadence_spm + 14 * (speed - runner.easy_mps)),
            "suspect": False,
            "source": "simulated",
            "distance_source": "device",
            "clock_known": True,
        }
    )
