"""Polar Flow's sessions in both generations, with the gaps that real ones have."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneeload.errors import FileRefused, FileSkipped
from kneeload.frames import SAMPLES
from kneeload.importers.decode import decode as decode_document
from kneeload.importers.discover import discover
from kneeload.importers.document import Document
from kneeload.importers.exports.polar import decode
from kneeload.model import Activity, Sport
from tests.strategies import json_values

NEW: dict[str, Any] = {
    "identifier": {"id": "1"}, "name": "Running", "startTime": "2026-03-14T07:00:00.384",
    "timezoneOffsetMinutes": 60, "durationMillis": 1800500, "distanceMeters": 5200.5,
    "hrAvg": 150, "hrMax": 175,
    "exercises": [{
        "startTime": "2026-03-14T07:00:00.384", "timezoneOffsetMinutes": 60, "laps": {},
        "samples": {"samples": [
            {"type": "HEART_RATE", "intervalMillis": 1000, "values": [101, float("nan"), 107, 111]},
            {"type": "SPEED", "intervalMillis": 1000, "values": [0.0, 9.0, 10.8, None]},
            {"type": "CADENCE", "intervalMillis": 1000, "values": [80, 84, 84, 84]},
            {"type": "TEMPERATURE", "intervalMillis": 1000, "values": [20, 20, 20, 20]},
        ]},
        "routes": {"route": {"wayPoints": [
            {"latitude": 47.0, "longitude": 8.0, "altitude": 400.0, "elapsedMillis": 100},
            {"latitude": 47.001, "longitude": 8.0, "elapsedMillis": 3100},
        ]}},
    }],
}  # fmt: skip


def points(hour: int, **columns: list[Any]) -> list[dict[str, Any]]:
    return [
        {"dateTime": f"2019-05-04T{hour:02}:35:{9 + at:02}.500"}
        | {name: values[at] for name, values in columns.items() if values[at] is not None}
        for at in range(3)
    ]


OLD: dict[str, Any] = {
    "exportVersion": "1.3", "name": "Lauf", "startTime": "2019-05-04T16:35:09.000",
    "duration": "PT1710.5S", "distance": 5200.0,
    "exercises": [{
        "startTime": "2019-05-04T16:35:09.000", "stopTime": "2019-05-04T17:04:00.000",
        "timezoneOffset": 120, "sport": "RUNNING", "duration": "PT28M30.5S", "distance": 5200.0,
        "heartRate": {"min": 90, "avg": 150, "max": 175}, "ascent": 40.0,
        "samples": {
            "heartRate": points(16, value=[101, None, 107]),
            "distance": points(16, value=[0.0, 3.0, 6.0]),
            "recordedRoute": points(
                14, latitude=[47.0, 47.1, 47.2], longitude=[8, 8, 8], altitude=[400, 401, 402]
            ),
        },
    }],
}  # fmt: skip


def one(session: dict[str, Any]) -> Activity:
    (activity,) = decode(json.dumps(session).encode())
    return activity


def test_a_session_of_today(tmp_path: Path) -> None:
    path = tmp_path / "training-session-2026-03-14-1-uuid.json"
    path.write_text(json.dumps(NEW))
    (document,) = discover([tmp_path])
    assert isinstance(document, Document)
    (run,) = decode_document(document)
    assert run.started_at == dt.datetime(2026, 3, 14, 6, 0, 0, 384000, tzinfo=dt.UTC)
    assert run.utc_offset_s == 3600
    assert (run.distance_m, run.distance_source, run.timer_s) == (5200.5, "device", 1800.5)
    assert (run.avg_hr_bpm, run.max_hr_bpm, run.sport) == (150, 175, Sport.RUNNING)


def test_series_are_joined_by_the_second_and_nan_stays_missing() -> None:
    text = json.dumps(NEW)
    assert "NaN" in text
    samples = one(NEW).samples
    assert list(samples.columns) == list(SAMPLES)
    assert {name: str(dtype) for name, dtype in samples.dtypes.items()} == {
        name: column.dtype for name, column in SAMPLES.items()
    }
    assert samples["hr_bpm"].fillna(-1).tolist() == [101, -1, 107, 111]
    assert samples["speed_mps"].fillna(-1).tolist() == pytest.approx([0, 2.5, 3, -1])
    assert samples["cadence_spm"].tolist() == [160, 168, 168, 168]
    assert samples["latitude"].fillna(0).tolist() == [47.0, 0, 0, 47.001]
    assert samples["time"].iloc[3] - samples["time"].iloc[0] == dt.timedelta(seconds=3)
    assert samples["time"].iloc[0] == one(NEW).started_at


def test_a_session_of_old() -> None:
    run = one(OLD)
    assert run.started_at == dt.datetime(2019, 5, 4, 14, 35, 9, tzinfo=dt.UTC)
    assert (run.utc_offset_s, run.sport) == (7200, Sport.RUNNING)
    assert (run.distance_m, run.timer_s, run.ascent_m) == (5200, 1710.5, 40)
    assert (run.avg_hr_bpm, run.max_hr_bpm) == (150, 175)


def test_old_series_and_routes_meet_across_time_zones() -> None:
    for hour in (14, 16):
        session = json.loads(json.dumps(OLD))
        route = points(hour, latitude=[47.0, 47.1, 47.2], longitude=[8, 8, 8])
        session["exercises"][0]["samples"]["recordedRoute"] = route
        samples = one(session).samples
        assert samples["latitude"].tolist() == [47.0, 47.1, 47.2]
        assert samples["hr_bpm"].fillna(-1).tolist() == [101, -1, 107]
        assert samples["distance_m"].tolist() == [0, 3, 6]


def test_an_indoor_session_lacks_keys() -> None:
    exercise = {"startTime": "2026-03-14T07:00:00", "durationMillis": 60000}
    run = one({"name": "Treadmill running", "exercises": [exercise]})
    assert (run.sport, run.timer_s, run.distance_m) == (Sport.TREADMILL_RUNNING, 60, None)
    assert run.distance_source is None
    assert run.samples.empty


def test_several_exercises_are_several_activities() -> None:
    parts = [{"startTime": f"2026-03-14T0{at}:00:00", "sport": s, "distanceMeters": at * 1000}
             for at, s in ((7, "CYCLING"), (8, "RUNNING"))]  # fmt: skip
    ride, run = decode(json.dumps(NEW | {"exercises": parts}).encode())
    assert (ride.sport, ride.distance_m, ride.session_index) == (Sport.CYCLING, 7000, 0)
    assert (run.sport, run.distance_m, run.session_index) == (Sport.RUNNING, 8000, 1)
    assert run.timer_s is None


def test_a_name_that_is_no_sport_leaves_it_to_the_speeds() -> None:
    session = json.loads(json.dumps(NEW))
    session["name"] = "Day 3"
    values = {"type": "SPEED", "intervalMillis": 1000, "values": [11.0] * 60}
    session["exercises"][0]["samples"]["samples"] = [values]
    session["exercises"][0].pop("routes")
    run = one(session)
    assert (run.sport, run.sport_inferred) == (Sport.RUNNING, True)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"[]", b"3", b'{"exercises": 3}', b'{"exercises": [3]}',
        b'{"exercises": [{"startTime": "soon"}]}', b'{"exercises": [{}]}', b"[" * 100_000,
        b'{"exercises": [{"startTime": "2026-01-01T00:00:00", "timezoneOffset": 1e300}]}',
        b'{"exercises": [{"startTime": "2026-01-01T00:00:00", "samples": {"samples": [3]}}]}',
        b'{"exercises": [{"startTime": "2026-01-01T00:00:00", "samples": [3]}]}',
        b'{"exercises": [{"startTime": "0001-01-01T00:00:00", "timezoneOffset": 600}]}',
    ],
)  # fmt: skip
def test_nonsense_is_refused_in_one_line(content: bytes) -> None:
    with pytest.raises(FileRefused, match="is not a Polar training session"):
        decode(content)


@pytest.mark.parametrize("exercises", [[], [{"startTime": "2026-03-14T07:00:00", "phases": [{}]}]])
def test_a_training_target_is_no_run(exercises: list[Any]) -> None:
    with pytest.raises(FileSkipped, match="planned"):
        decode(json.dumps({"name": "Running", "exercises": exercises}).encode())


@pytest.mark.parametrize("interval", [0, -1000, 1e300, float("inf"), float("nan"), None])
def test_absurd_intervals_give_no_absurd_times(interval: float | None) -> None:
    session = json.loads(json.dumps(NEW))
    session["exercises"][0]["samples"]["samples"][0]["intervalMillis"] = interval
    times = one(session).samples["time"]
    assert abs(times - one(NEW).started_at).max() <= dt.timedelta(days=10)
    assert times.is_monotonic_increasing


@given(key=st.sampled_from(sorted(NEW["exercises"][0])), junk=json_values)
def test_any_value_anywhere_is_read_or_refused(key: str, junk: object) -> None:
    exercise = NEW["exercises"][0] | {key: junk}
    try:
        activities = decode(json.dumps(NEW | {"exercises": [exercise]}).encode())
    except FileRefused:
        return
    assert len(activities) == 1
