"""Runs built sample by sample, for the tests of the measures."""

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd

from kneeload.frames import RUNS, SAMPLES, conform, empty
from kneeload.measures.summary import summarise
from kneeload.measures.tracks import Track, as_track
from kneeload.model import Activity, Sport
from kneeload.records import Records

START = dt.datetime(2026, 3, 1, 8, tzinfo=dt.UTC)
METRES_PER_DEGREE = 6_371_008.8 * np.pi / 180


def samples(
    seconds: int,
    *,
    speed: float = 3.0,
    every: float = 1.0,
    northward: bool = False,
    **columns: Any,
) -> pd.DataFrame:
    """Return `seconds` of steady running, one record each `every` s, distance from 0 on."""
    clock = np.arange(0, seconds + every / 2, every)
    frame = pd.DataFrame(
        {
            "time": pd.Timestamp(START) + pd.to_timedelta(clock, unit="s"),
            "distance_m": speed * clock,
        }
    )
    if northward:
        frame["latitude"], frame["longitude"] = 47 + speed * clock / METRES_PER_DEGREE, 8.3
    for name, values in columns.items():
        frame[name] = np.broadcast_to(np.asarray(values), clock.shape)
    return conform(frame, SAMPLES)


def track_of(frame: pd.DataFrame) -> Track:
    """Return the track of some samples."""
    return as_track(Records.of_frame(frame))


def run(frame: pd.DataFrame | None = None, **fields: Any) -> Activity:
    """Return a running activity with these samples."""
    known: dict[str, Any] = {"sport": Sport.RUNNING, "started_at": START} | fields
    return Activity(samples=empty(SAMPLES) if frame is None else frame, **known)


def blob(frame: pd.DataFrame) -> bytes:
    """Return the profile of a run with these samples."""
    return summarise(run(frame)).profile


def log(*rows: dict[str, Any], **common: Any) -> pd.DataFrame:
    """Return a frame of running sessions a day apart."""
    days = pd.date_range("2026-01-05", periods=len(rows), freq="D")
    defaults = [{"sport": "running", "local_date": day} | common for day in days]
    frame = pd.DataFrame([d | row for d, row in zip(defaults, rows, strict=True)])
    return conform(frame, RUNS)
