"""The right day: by most of the records, by the file's name, never by the first point alone."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from kneeload.importers.clock import ROLLOVER, set_right
from kneeload.measures.summary import summarise
from kneeload.model import Activity
from tests.measures.building import START, run, samples


def jumped(wrong: int, at: str, seconds: int = 600, **fields: object) -> Activity:
    """Return a run whose first `wrong` records are on a clock that began at `at`."""
    frame = samples(seconds, northward=True)
    times = frame["time"].to_numpy(copy=True)
    frame["time"] = pd.DatetimeIndex(times)
    early = pd.date_range(at, periods=wrong, freq="s", tz="UTC")
    frame["time"] = [*early, *frame["time"].iloc[wrong:].dt.tz_convert("UTC")]
    known = {"started_at": frame["time"].iloc[0].to_pydatetime()} | fields
    return run(frame, **known)


@pytest.mark.parametrize(
    "at", ["1970-01-01", "1989-12-31", "2000-01-01", "2026-01-14", "2026-03-03", "2036-01-01"]
)
def test_a_run_is_dated_by_most_of_its_records(at: str) -> None:
    activity = set_right(jumped(20, at), "run.fit", "fit")
    assert activity.started_at == START
    assert activity.samples["time"].is_monotonic_increasing
    assert activity.warnings == (
        "the clock was wrong at first; dated 2026-03-01 as most of its records are",
    )
    assert summarise(activity).distance_km == pytest.approx(1.8)
    assert summarise(activity).elapsed_s == 600


def test_an_elapsed_time_across_the_jump_is_not_believed() -> None:
    activity = set_right(jumped(20, "2026-01-14", elapsed_s=4e6), "run.fit", "fit")
    assert activity.elapsed_s is None


def test_a_break_of_days_is_no_wrong_clock() -> None:
    activity = jumped(300, "2026-02-20")
    assert set_right(activity, "run.fit", "fit") is activity


def test_a_session_astray_from_its_records_is_dated_by_them() -> None:
    activity = run(samples(600), started_at=START - dt.timedelta(days=40))
    assert set_right(activity, "run.fit", "fit").started_at == START


def test_records_without_a_clock_leave_the_session_its_start() -> None:
    frame = samples(600)
    frame["time"] -= pd.Timedelta(days=20_000)
    activity = run(frame)
    assert set_right(activity, "run.fit", "fit").started_at == START


def test_nothing_is_moved_without_times() -> None:
    frame = samples(600)
    frame["time"] = frame["time"].where(frame["time"].isna())
    activity = run(frame)
    assert set_right(activity, "run.fit", "fit") is activity


@pytest.mark.parametrize(
    "name", ["RunnerUp_2026-03-01-09-00-00_Running.tcx", "20260301_0800.tcx", "2026_03_01.tcx"]
)
def test_a_rollover_is_corrected_by_the_files_name(name: str) -> None:
    early = samples(600).assign(time=lambda frame: frame["time"] - ROLLOVER)
    activity = set_right(run(early, started_at=START - ROLLOVER), name, "tcx")
    assert activity.started_at == START
    assert activity.samples["time"].iloc[0] == START
    assert "GPS week rollover" in activity.warnings[0]


@pytest.mark.parametrize(
    ("name", "weeks"), [("run.tcx", 1024), ("2026-03-01.tcx", 1023), ("120260301.tcx", 1024)]
)
def test_no_other_date_is_a_rollover(name: str, weeks: int) -> None:
    activity = run(started_at=START - dt.timedelta(weeks=weeks))
    assert set_right(activity, name, "tcx") is activity


def test_a_fit_file_older_than_the_format_is_doubtful() -> None:
    activity = set_right(run(samples(600), started_at=START - ROLLOVER), "run.fit", "fit")
    assert summarise(activity).suspect_reason == ""  # its records know better


def test_a_fit_file_older_than_the_format_is_doubtful_with_its_reason() -> None:
    early = run(started_at=START - ROLLOVER, distance_m=5000.0, timer_s=1800.0)
    reason = summarise(set_right(early, "run.fit", "fit")).suspect_reason
    assert "2006, before FIT files existed" in reason
    assert "2026-03-01" in reason
    assert set_right(early, "run.gpx", "gpx") is early


def test_any_order_of_times_is_survived() -> None:
    shuffled = np.random.default_rng(1)
    for _ in range(50):
        frame = samples(20)
        days = pd.to_timedelta(shuffled.integers(-9000, 9000, 21), unit="D")
        frame["time"] = frame["time"] + days
        assert len(set_right(run(frame), "run.fit", "fit").samples) == 21
