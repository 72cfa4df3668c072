"""Record messages -> samples: clean columns, torn where the timer stood still."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kneeload.arrays import median, zero_where_nan
from kneeload.records import Records

if TYPE_CHECKING:
    from kneeload.importers.fit.tables import Numbers, Table
    from kneeload.records import Instants

# Smart recording leaves out up to half a minute; a hole of minutes is a pause nobody noted.
# (convention)
GAP_S = 300.0
EPOCH_S = 631_065_600
CLOCK_END_S = 2.0**32
_DEGREES = 180.0 / 2**31
_TIMER, _START, _STOPS = 0, 0, (1, 4, 8, 9)
_MOST_OF_ONE_LEG = 120.0
_HIGHEST_HR = 254.0

Chosen = NDArray[np.bool_] | slice


class Track(NamedTuple):
    """The records that bear a time: FIT times [s], the other columns, and their segments."""

    times: Numbers
    columns: Table
    segment: NDArray[np.int64]


def track(record: Table, event: Table) -> Track:
    """Return the timed records in the file's order, and where they were paused or torn."""
    times = record.get("timestamp", np.empty(0))
    record = record if len(times) else {}
    timed = is_clock(times)
    if not timed.all():
        times, record = times[timed], {name: values[timed] for name, values in record.items()}
    return Track(times, record, _segments(times, _resumptions(event)))


def is_clock(times: Numbers) -> NDArray[np.bool_]:
    """Tell which times are there, within FIT's 32 bits of seconds."""
    return (times >= 0) & (times < CLOCK_END_S)


def records(whole: Track, chosen: Chosen) -> Records:
    """Return the `chosen` records in kneeload's units."""
    times, segment = whole.times[chosen], whole.segment[chosen]
    columns = {name: values[chosen] for name, values in whole.columns.items()}
    missing = np.full(len(times), np.nan)
    latitude, longitude = _position(columns, missing)
    return Records(
        time=_utc(times),
        latitude=latitude,
        longitude=longitude,
        distance_m=columns.get("distance", missing),
        speed_mps=columns.get("speed", missing),
        altitude_m=columns.get("altitude", missing),
        hr_bpm=_heart_rate(columns.get("heart_rate", missing)),
        cadence_spm=_steps(columns, missing),
        segment=segment - segment[:1].sum(),
    )


def steps(cadence: float) -> float:
    """Return steps per minute of a typical cadence that counts one leg, or already both.

    Watches count one leg, some apps both. More than 120 a minute would be 240 steps, which nobody
    runs, so both are counted already. (convention)
    """
    return cadence if cadence > _MOST_OF_ONE_LEG else 2 * cadence


def running_s(whole: Track) -> float:
    """Return the time between the first record and the last [s], pauses taken out."""
    joined = np.diff(whole.segment) == 0
    return float(np.clip(np.diff(whole.times), 0, None)[joined].sum())


def _resumptions(event: Table) -> Numbers:
    """Return when the timer was started again after a stop, in order."""
    if not {"timestamp", "event", "event_type"} <= event.keys():
        return np.empty(0)
    timer = (event["event"] == _TIMER) & is_clock(event["timestamp"])
    times, kinds = event["timestamp"][timer], event["event_type"][timer]
    again = (kinds[1:] == _START) & np.isin(kinds[:-1], _STOPS)
    return np.sort(times[1:][again])


def _segments(times: Numbers, resumptions: Numbers) -> NDArray[np.int64]:
    resumed = np.diff(np.searchsorted(resumptions, times, side="right")) > 0
    torn = resumed | (np.diff(times) > GAP_S)
    return np.concatenate([np.zeros(min(len(times), 1), dtype=np.int64), np.cumsum(torn)])


def _utc(times: Numbers) -> Instants:
    return ((times + EPOCH_S) * 1e6).astype("datetime64[us]")


def _position(columns: Table, missing: Numbers) -> tuple[Numbers, Numbers]:
    """Return degrees; blank off the globe, and at the 0, 0 that devices write without a fix."""
    latitude = columns.get("position_lat", missing) * _DEGREES
    longitude = columns.get("position_long", missing) * _DEGREES
    nowhere = (np.abs(latitude) > 90) | (np.abs(longitude) > 180)
    nowhere |= (latitude == 0) & (longitude == 0)
    latitude[nowhere] = longitude[nowhere] = np.nan
    return latitude, longitude


def _heart_rate(bpm: Numbers) -> Numbers:
    """Blank 0 and 255, which straps write when they feel no beat."""
    return np.where((bpm > 0) & (bpm <= _HIGHEST_HR), bpm, np.nan)


def _steps(columns: Table, missing: Numbers) -> Numbers:
    cadence = columns.get("cadence", missing)
    if "fractional_cadence" in columns:
        cadence = cadence + zero_where_nan(columns["fractional_cadence"])
    moving = cadence[cadence > 0]
    typical = median(moving) if len(moving) else 1.0
    return cadence * (steps(typical) / typical)
