"""One activity second by second: the same numbers as its summary, and no position."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import kneeload
from kneeload.frames import SAMPLES, STREAMS, empty
from kneeload.log.training_log import TrainingLog
from kneeload.measures.summary import summarise
from tests.measures.building import run, samples


def test_steady_running_on_a_slope() -> None:
    """3 m/s for ten minutes, one metre up in a hundred, a record every four seconds."""
    clock = np.arange(0, 602, 4)
    inside = kneeload.streams(
        run(samples(600, every=4, altitude_m=0.03 * clock, hr_bpm=150, cadence_spm=170))
    )
    assert list(inside.columns) == list(STREAMS)
    assert {str(d) for d in inside.dtypes} == {"float64", "bool"}
    assert inside["clock_s"].tolist() == list(range(601))
    middle = inside.iloc[60:540]
    assert middle["speed_mps"].to_numpy() == pytest.approx(3.0)
    assert middle["grade"].to_numpy() == pytest.approx(0.01)
    assert (inside["distance_m"] - 3 * inside["clock_s"]).abs().max() < 1e-9
    assert set(inside["hr_bpm"]) == {150}
    assert inside["moving"].all()


def test_a_heart_rate_stands_for_less_than_half_a_minute() -> None:
    frame = samples(120)
    frame["hr_bpm"] = np.where(frame.index.isin([10, 20, 90]), 140.0, np.nan)
    known = np.flatnonzero(kneeload.streams(run(frame))["hr_bpm"].notna())
    assert known.tolist() == [*range(10, 50), *range(90, 120)]


def test_pauses_are_taken_out_and_standing_is_told() -> None:
    frame = samples(200)
    late = frame.index >= 100
    frame = frame.assign(
        time=frame["time"] + pd.to_timedelta(600 * late, unit="s"),
        segment=late.astype("int64"),
        distance_m=frame["distance_m"].clip(upper=3.0 * 99),
    )
    inside = kneeload.streams(run(frame))
    assert inside["clock_s"].iloc[-1] == 199
    assert inside["moving"].iloc[:95].all()
    assert not inside["moving"].iloc[110:].any()


def test_nothing_recorded_is_no_row() -> None:
    assert kneeload.streams(run(empty(SAMPLES))).empty
    bare = kneeload.streams(run(samples(60)))
    assert bare[["hr_bpm", "cadence_spm", "altitude_m", "grade"]].isna().all(axis=None)


def test_it_adds_up_to_what_the_log_says(imported_samples: Path) -> None:
    with TrainingLog(imported_samples) as log:
        runs = log.runs().set_index("run_id")
        for name in runs.index[runs["avg_hr_bpm"].notna()][::12]:
            activity = log.activity(name)
            inside, told = kneeload.streams(activity), summarise(activity)
            moving = inside[inside["moving"]]
            assert moving["cadence_spm"].mean() == pytest.approx(told.avg_cadence_spm, nan_ok=True)
            assert inside["hr_bpm"].mean() == pytest.approx(told.avg_hr_bpm, abs=0.3)
            assert len(moving) == pytest.approx(told.moving_s, abs=10)
