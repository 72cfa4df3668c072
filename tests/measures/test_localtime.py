"""Which offset wins, and which is garbage."""

import datetime as dt
from typing import Any

import numpy as np
import pytest

from kneeload.measures.localtime import LocalTime, date_of, local_time
from kneeload.model import Sport
from tests.measures.building import run, samples

HOUR = 3600


def told(offset_s: int | None, zone: str | None = "Asia/Tokyo", machine: str = "UTC") -> LocalTime:
    return local_time(run(utc_offset_s=offset_s), zone, machine)


@pytest.mark.parametrize(
    ("offset_s", "expected"),
    [
        (0, 0),
        (2 * HOUR, 2 * HOUR),
        (14 * HOUR, 14 * HOUR),
        (-14 * HOUR, -14 * HOUR),
        (20_700, 20_700),
        (2 * HOUR + 120, 2 * HOUR),
        (-5 * HOUR - 3, -5 * HOUR),
    ],
)
def test_a_plausible_offset_of_the_file_wins(offset_s: int, expected: int) -> None:
    assert told(offset_s) == LocalTime(expected, "file")


@pytest.mark.parametrize("offset_s", [14 * HOUR + 900, 2 * HOUR + 121, 7 * HOUR + 450, 631_065_600])
def test_garbage_in_the_file_is_passed_over(offset_s: int) -> None:
    assert told(offset_s) == LocalTime(9 * HOUR, "setting")


def located(latitude: Any, longitude: Any, **fields: Any) -> LocalTime:
    frame = samples(2).assign(latitude=latitude, longitude=longitude)
    return local_time(run(frame, **fields), "Asia/Tokyo", "America/New_York")


def test_the_position_comes_before_the_setting() -> None:
    winter = dt.datetime(2026, 1, 15, tzinfo=dt.UTC)
    summer = dt.datetime(2026, 7, 15, tzinfo=dt.UTC)
    assert located(47.05, 8.31, started_at=winter) == LocalTime(HOUR, "position")
    assert located(47.05, 8.31, started_at=summer) == LocalTime(2 * HOUR, "position")


@pytest.mark.parametrize("offset_s", [0, HOUR, -8 * HOUR], ids=["none", "winter", "home"])
def test_an_offset_that_the_position_contradicts_is_none(offset_s: int) -> None:
    summer = dt.datetime(2026, 7, 15, tzinfo=dt.UTC)
    there = located(47.05, 8.31, started_at=summer, utc_offset_s=offset_s)
    assert there == LocalTime(2 * HOUR, "position")


def test_an_offset_that_the_position_confirms_is_the_files() -> None:
    assert located(51.5, -0.1, utc_offset_s=0) == LocalTime(0, "file")


def test_at_sea_the_files_offset_counts() -> None:
    assert located(30.0, -40.0, utc_offset_s=2 * HOUR) == LocalTime(2 * HOUR, "file")


@pytest.mark.parametrize(
    "fields", [{"sport": Sport.VIRTUAL_RUNNING}, {"device": "zwift"}, {"device": "Zwift Run"}]
)
def test_a_virtual_run_has_no_place(fields: dict[str, Any]) -> None:
    assert located(-11.64, 166.97, **fields) == LocalTime(9 * HOUR, "setting")
    assert located(-11.64, 166.97, utc_offset_s=HOUR, **fields) == LocalTime(HOUR, "file")


def test_the_first_real_position_counts() -> None:
    first = located([np.nan, 0.0, 27.7], [np.nan, 0.0, 85.3])
    assert first == LocalTime(20_700, "position")


@pytest.mark.parametrize(("latitude", "longitude"), [(91.0, 8.0), (0.0, 0.0), (np.nan, 8.0)])
def test_no_position_leaves_it_to_the_setting(latitude: float, longitude: float) -> None:
    assert located(latitude, longitude) == LocalTime(9 * HOUR, "setting")


def test_the_machines_zone_is_the_last_resort() -> None:
    assert told(None, None, "America/New_York") == LocalTime(-5 * HOUR, "machine")


@pytest.mark.parametrize("zone", ["Nowhere/City", "", "../etc/passwd", "Europe"])
def test_a_zone_that_does_not_exist_is_passed_over(zone: str) -> None:
    assert told(None, zone, zone) == LocalTime(0, "machine")


@pytest.mark.parametrize(
    ("started_at", "offset_s", "date"),
    [
        ("2026-03-16T04:59:59+00:00", -5 * HOUR, "2026-03-15"),  # Sunday 23:59:59 in New York
        ("2026-03-16T05:00:00+00:00", -5 * HOUR, "2026-03-16"),
        ("2026-03-15T14:59:59+00:00", 9 * HOUR, "2026-03-15"),
        ("2026-03-15T15:00:00+00:00", 9 * HOUR, "2026-03-16"),  # Monday 00:00 in Tokyo
        ("2026-03-15T23:59:59+00:00", 0, "2026-03-15"),
        ("2025-12-31T23:30:00+00:00", HOUR, "2026-01-01"),
    ],
)
def test_midnight_is_the_runners_own(started_at: str, offset_s: int, date: str) -> None:
    assert date_of(dt.datetime.fromisoformat(started_at), offset_s) == dt.date.fromisoformat(date)
