"""FIT, GPX and TCX as other people's readers understand them."""

import datetime as dt
import subprocess
import sys
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import fitparse
import gpxpy
import pytest

from kneeload.simulate import fit, gpx, tcx
from kneeload.simulate.runner import CENTRAL_PARK, Kind, Runner, Session
from kneeload.simulate.track import recorded

RUNNER = Runner(name="Test")
SUNDAY = Session(
    started_at=dt.datetime(2025, 12, 7, 20, 30, tzinfo=ZoneInfo("America/New_York")),
    kind=Kind.LONG,
    distance_m=12_510,
    moving_s=4700,
    pause_s=150,
    place=CENTRAL_PARK,
    name='Long <run> & "more"',
    seed=3,
)
TRACK = recorded(SUNDAY, RUNNER, 4)
START = SUNDAY.utc.replace(tzinfo=None)
TCX = "{http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2}"


def messages(content: bytes) -> dict[str, list[dict[str, Any]]]:
    """Messages by name, their checksums verified."""
    found: dict[str, list[dict[str, Any]]] = {}
    reader: Any = fitparse.FitFile
    for message in reader(content, check_crc=True).get_messages():
        found.setdefault(message.name, []).append(message.get_values())
    return found


def the_track(content: bytes) -> Any:
    """The one track, as gpxpy reads it."""
    (track,) = gpxpy.parse(content.decode()).tracks
    return track


def test_fit_totals_equal_the_plan() -> None:
    found = messages(fit.written(SUNDAY, TRACK))
    (session,) = found["session"]
    assert session["start_time"] == START
    assert START.isoformat() == "2025-12-08T01:30:00"
    assert session["total_distance"] == 12_510
    assert session["total_timer_time"] == 4700
    assert session["total_elapsed_time"] == 4850
    assert (session["sport"], session["sub_sport"]) == ("running", "generic")
    assert session["avg_heart_rate"] == round(TRACK.hr_bpm.mean())
    assert found["lap"][0]["total_distance"] == 12_510
    assert found["file_id"][0]["type"] == "activity"


def test_fit_tells_the_local_offset() -> None:
    (activity,) = messages(fit.written(SUNDAY, TRACK))["activity"]
    assert activity["local_timestamp"] - activity["timestamp"] == dt.timedelta(hours=-5)
    assert activity["num_sessions"] == 1


def test_fit_records_equal_the_track() -> None:
    records = messages(fit.written(SUNDAY, TRACK))["record"]
    assert len(records) == len(TRACK)
    for k in (0, 100, len(TRACK) - 1):
        at, record = dt.timedelta(seconds=float(TRACK.time_s[k])), records[k]
        assert record["timestamp"] == START + at
        assert record["position_lat"] * 180 / 2**31 == pytest.approx(TRACK.latitude[k], abs=1e-7)
        assert record["position_long"] * 180 / 2**31 == pytest.approx(TRACK.longitude[k], abs=1e-7)
        assert record["distance"] == pytest.approx(TRACK.distance_m[k], abs=0.005)
        assert record["speed"] == pytest.approx(TRACK.speed_mps[k], abs=0.0005)
        assert record["altitude"] == pytest.approx(TRACK.altitude_m[k], abs=0.101)
        assert record["heart_rate"] == round(TRACK.hr_bpm[k])
        assert record["cadence"] == round(TRACK.cadence_spm[k] / 2)


def test_fit_stops_the_timer_for_a_pause() -> None:
    events = messages(fit.written(SUNDAY, TRACK))["event"]
    assert [e["event_type"] for e in events] == ["start", "stop_all", "start", "stop_all"]
    pause = events[2]["timestamp"] - events[1]["timestamp"]
    assert pause == dt.timedelta(seconds=150)


def test_fit_of_a_treadmill_has_no_positions() -> None:
    session = replace(SUNDAY, kind=Kind.TREADMILL, place=None)
    found = messages(fit.written(session, recorded(session, RUNNER, 4)))
    assert found["session"][0]["sub_sport"] == "treadmill"
    assert "total_ascent" not in found["session"][0]
    assert set(found["record"][5]) >= {"timestamp", "distance", "heart_rate", "cadence"}
    assert not {"position_lat", "altitude"} & set(found["record"][5])


def test_fit_without_a_track_has_totals_only() -> None:
    found = messages(fit.written(SUNDAY, None))
    assert "record" not in found
    assert found["session"][0]["total_distance"] == 12_510
    assert "avg_heart_rate" not in found["session"][0]


def test_a_workout_holds_no_activity() -> None:
    found = messages(fit.workout(SUNDAY.utc, "Six fast minutes"))
    assert found["file_id"][0]["type"] == "workout"
    assert [step["wkt_step_name"] for step in found["workout_step"]] == ["Easy", "Fast"]
    assert not {"session", "record", "activity"} & set(found)


def test_without_fit_tool_one_line_tells_what_to_install() -> None:
    code = (
        "import sys; sys.modules['fit_tool'] = None\n"
        "from kneeload.simulate.__main__ import run\n"
        "sys.argv = ['simulate', 'samples', '/nonexistent/folder']\n"
        "run()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.strip().splitlines() == [
        "Error: writing FIT files needs fit-tool; in the source folder, run:"
        " pip install '.[simulate]'"
    ]


def test_gpx_is_what_gpxpy_reads() -> None:
    track = the_track(gpx.written(SUNDAY, TRACK))
    assert (track.name, track.type) == ('Long <run> & "more"', "running")
    assert [len(s.points) for s in track.segments] == [len(p) for p in TRACK.segments()]
    first = track.segments[0].points[0]
    assert first.time == SUNDAY.utc
    assert first.latitude == pytest.approx(TRACK.latitude[0], abs=1e-7)
    assert first.elevation == pytest.approx(TRACK.altitude_m[0], abs=0.051)
    assert [field.text for field in first.extensions[0]] == [
        f"{TRACK.hr_bpm[0]:.0f}",
        f"{TRACK.cadence_spm[0] / 2:.0f}",
    ]


def test_gpx_of_a_ride_counts_no_steps() -> None:
    ride = replace(SUNDAY, kind=Kind.RIDE, moving_s=2000)
    track = the_track(gpx.written(ride, recorded(ride, RUNNER, 4)))
    assert track.type == "cycling"
    assert [field.tag[-2:] for field in track.segments[0].points[0].extensions[0]] == ["hr"]


def test_platforms_leave_out_heart_rate_and_sport() -> None:
    content = gpx.written(SUNDAY, TRACK, heart_rate=False, sport=False)
    track = the_track(content)
    assert track.type is None
    assert track.segments[0].points[0].extensions == []


def test_tcx_totals_and_points_equal_the_plan() -> None:
    root = ET.fromstring(tcx.written(SUNDAY, TRACK))
    (activity,) = root.iter(f"{TCX}Activity")
    (lap,) = root.iter(f"{TCX}Lap")
    assert activity.get("Sport") == "Running"
    assert activity.findtext(f"{TCX}Notes") == 'Long <run> & "more"'
    assert lap.get("StartTime") == "2025-12-08T01:30:00Z"
    assert lap.findtext(f"{TCX}TotalTimeSeconds") == "4700"
    assert lap.findtext(f"{TCX}DistanceMeters") == "12510.00"
    assert len(lap.findall(f"{TCX}Track")) == 2
    points = list(root.iter(f"{TCX}Trackpoint"))
    assert len(points) == len(TRACK)
    assert points[-1].findtext(f"{TCX}DistanceMeters") == "12510.00"
    assert points[-1].findtext(f"{TCX}Time") == "2025-12-08T02:50:50Z"


def test_tcx_may_begin_with_blanks() -> None:
    assert tcx.written(SUNDAY, TRACK, indent=10).startswith(b" " * 10 + b"<?xml")
