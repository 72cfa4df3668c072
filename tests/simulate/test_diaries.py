"""Invented diaries hold what was planted in them."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd

from kneeload import frames
from kneeload.simulate.diaries import KINDS, World, as_frames, diaries

WORLD = World(weeks=26, pairs=58)


def test_the_same_seed_gives_the_same_diaries() -> None:
    first, again = (diaries(WORLD, runners=20, seed=3) for _ in range(2))
    other = diaries(WORLD, runners=20, seed=4)
    assert np.array_equal(first.score, again.score, equal_nan=True)
    assert not np.array_equal(first.distance_km, other.distance_km)


def test_scores_are_written_beside_runs_and_on_the_scale() -> None:
    found = diaries(WORLD, runners=50, seed=1)
    ran = found.distance_km > 0
    assert not np.isnan(found.distance_km).any()
    assert ran[~np.isnan(found.before)].all()
    assert ran[:, :-1][~np.isnan(found.morning[:, 1:])].all()
    known = found.score[~np.isnan(found.score)]
    assert set(known.tolist()) <= set(range(11))
    assert 3 < ran.sum(axis=1).mean() / 26 < 5


def test_every_runner_has_the_pairs_asked_for() -> None:
    pairs = diaries(WORLD, runners=200, seed=1).pairs(58)
    assert pairs.distance_km.shape == (200, 58)
    assert pairs.kind.tolist() == [number % KINDS for number in range(200)]
    assert (np.diff(pairs.day, axis=1) > 0).all()
    assert (pairs.distance_km > 0).all()
    assert not np.isnan(pairs.before + pairs.morning + pairs.previous_km).any()


def test_runners_with_too_few_pairs_are_left_out() -> None:
    assert len(diaries(WORLD, runners=50, seed=1).pairs(59).kind) == 0


def test_what_is_planted_shows() -> None:
    def together(world: World) -> tuple[float, float]:
        pairs = diaries(world, runners=300, seed=1).pairs(58)
        flat = [v.ravel() for v in (pairs.distance_km, pairs.before, pairs.morning)]
        return (
            float(np.corrcoef(flat[0], flat[2] - flat[1])[0, 1]),
            float(np.corrcoef(np.log(flat[0]), flat[1])[0, 1]),
        )

    plain = together(WORLD)
    assert together(replace(WORLD, effect=0.5))[0] > plain[0] + 0.15
    assert together(replace(WORLD, backs_off=0.3))[1] < plain[1] - 0.15


def test_trends_and_flares_raise_what_they_should() -> None:
    def spread(world: World) -> float:
        score = diaries(world, runners=300, seed=1).score
        return float(np.nanstd(score - np.nanmean(score, axis=1, keepdims=True)))

    assert spread(replace(WORLD, trending=True)) > spread(WORLD) + 0.05
    assert spread(replace(WORLD, flares_per_year=10)) > spread(WORLD) + 0.3


def test_frames_hold_one_runners_diary() -> None:
    found = diaries(WORLD, runners=3, seed=1)
    runs, pain = as_frames(found, 2, dt.date(2025, 1, 1))
    assert list(runs.columns[: len(frames.RUNS)]) == list(frames.RUNS)
    km = found.distance_km[2]
    assert runs["distance_km"].tolist() == km[km > 0].tolist()
    assert len(pain) == (~np.isnan(found.before[2])).sum() + (~np.isnan(found.morning[2])).sum()
    first_run = pd.Timedelta(days=int(np.flatnonzero(km)[0]))
    assert runs["local_date"].iloc[0] == pd.Timestamp("2025-01-01") + first_run
