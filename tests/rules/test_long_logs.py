"""Limits and flags of every run and week of invented years, with and without a knee that hurts."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from kneeload import frames
from kneeload.planning import plan
from kneeload.rules import check
from kneeload.rules.evaluation import derived_frames, entries_until
from kneeload.settings import DEFAULTS
from kneeload.simulate import history
from kneeload.simulate.diaries import World, as_frames, diaries
from kneeload.weeks import countable_runs, week_rows, weekly

END = dt.date(2026, 3, 29)
READS_KM = 0.15
FIRST_MONTH = 40
SEEDS = range(4)


def with_pain(seed: int, weeks: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return two frames of a runner whose knee flares up six times a year."""
    world = World(weeks=weeks, pairs=2 * weeks, effect=1.0, flares_per_year=6)
    first = END - dt.timedelta(days=7 * weeks - 1)
    return as_frames(diaries(world, runners=1, seed=seed), 0, first)


def years(kind: str, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    if kind == "hurting":
        return with_pain(seed, 104)
    runs = history.runs(years=10 if kind == "ten years" else 2, end=END, seed=seed)
    return frames.conform(runs, frames.RUNS), frames.conform(pd.DataFrame(), frames.PAIN)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", ["two years", "ten years", "hurting"])
def test_flags_are_of_what_is_over_its_limit(kind: str, seed: int) -> None:
    runs, pain = years(kind, seed)
    weeks = weekly(runs, pain, today=END)
    own = countable_runs(runs, END, also=frames.RUNS)
    diary = entries_until(None, frames.DIARY, END, weeks)
    scores = entries_until(pain, frames.PAIN, END, weeks)
    found = derived_frames(weeks, own, scores, diary, settings=DEFAULTS, today=END)
    flags = check(weeks, runs, pain, today=END)
    flagged = dict(iter(flags.groupby("rule")))
    none = flags.iloc[:0]

    limit = found["run_limits"]["return_km"].fillna(found["run_limits"]["usual_km"]).to_numpy()
    km, row = own["distance_km"].to_numpy().round(2), week_rows(weeks, own)
    spikes = own["run_id"].isin(flagged.get("long_run_spike", none)["run_id"]).to_numpy()
    back = weeks["week"].isin(flagged.get("return_from_break", none)["week"]).to_numpy()
    assert not (spikes & (km <= limit)).any()
    old = (own["local_date"] - own["local_date"].min()).dt.days.to_numpy() >= FIRST_MONTH
    over = (km > limit + READS_KM) & (km > 3) & old
    assert over.any()
    silent = np.flatnonzero(over & ~spikes & ~back[row])
    assert silent.size == 0, own.iloc[silent].assign(limit=limit[silent])

    base, week_km = weeks["reference_km"].to_numpy(), weeks["distance_km"].to_numpy().round(2)
    replaces = found["week_limits"]["replaces"].to_numpy()
    week_limit = found["week_limits"]["usual_km"].to_numpy()
    risen = weeks["week"].isin(flagged.get("ten_percent", none)["week"]).to_numpy()
    assert not (risen & (replaces | (week_km <= week_limit))).any()
    told = risen | np.isin(np.arange(len(weeks)), row[spikes])
    beyond = (week_km > np.maximum(1.1 * base, base + 3)) & (base >= 5) & ~replaces
    assert not (beyond & ~told).any()


@pytest.mark.parametrize("seed", SEEDS)
def test_the_plan_stays_within_itself_on_every_eighth_week(seed: int) -> None:
    runs, pain = with_pain(seed, 80)
    for week in range(8, 80, 8):
        today = END - dt.timedelta(days=7 * week - seed)
        until = pd.Timestamp(today)
        ran, felt = runs[runs["local_date"] <= until], pain[pain["local_date"] <= until]
        found = plan(weekly(ran, felt, today=today), ran, felt, today=today)
        run, limits = found.next_run_km, (found.this_week_km or 0, found.next_week_km or 0)
        assert not run or found.this_week_km is None or run <= max(limits) + 1e-9
        assert found.reasons
