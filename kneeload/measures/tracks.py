"""An activity's records in the order of time, on a running clock, what is impossible blanked."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from kneeload.arrays import highest, lowest, zero_where_nan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kneeload.arrays import Bools, Floats
    from kneeload.records import Records

EARTH_RADIUS_M = 6_371_008.8
TORN_AFTER_S = 7200.0
BACKWARD_M = 10.0
_COLUMNS = (
    "latitude",
    "longitude",
    "distance_m",
    "speed_mps",
    "altitude_m",
    "hr_bpm",
    "cadence_spm",
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Track:
    """Records in the order of time; what is not plausible at all is NaN.

    Parameters
    ----------
    clock_s
        Running clock at each record [s]: pauses between segments are taken out, starts at 0.
    step_s
        Running time since the record before [s]; 0 where a segment starts.
    span_s
        Time from the first record to the last, pauses included [s].
    joined
        Whether the step from the record before lies inside one segment.
    timed
        False where no record has a time; the clock then stands still.
    """

    clock_s: Floats
    step_s: Floats
    span_s: float
    joined: Bools
    timed: bool
    latitude: Floats
    longitude: Floats
    distance_m: Floats
    speed_mps: Floats
    altitude_m: Floats
    hr_bpm: Floats
    cadence_spm: Floats
    warnings: tuple[str, ...] = ()

    @property
    def duration_s(self) -> float:
        """Running time from the first record to the last [s]."""
        return float(self.clock_s[-1]) if self.clock_s.size else 0.0

    @cached_property
    def steps_m(self) -> Floats:
        """Way from the position before, inside a segment [m], by the haversine formula.

        Positions without a value are bridged; the step is booked at the record that ends it.
        """
        steps = np.zeros(self.latitude.size)
        fixes = np.flatnonzero(np.isfinite(self.latitude) & np.isfinite(self.longitude))
        if fixes.size:
            steps[fixes[1:]] = _haversine_m(self.latitude[fixes], self.longitude[fixes])
            # Two fixes with a break of the recording between them are no way that was run.
            after = np.searchsorted(fixes, np.flatnonzero(~self.joined))
            steps[fixes[after[after < fixes.size]]] = 0.0
        return steps

    @cached_property
    def way_m(self) -> Floats:
        """Way since the start at each record [m]: device distance, else its speed, else positions.

        NaN throughout where none of them was recorded; a device that counts 0 all along (a
        treadmill without a sensor) measured nothing.
        """
        if highest(self.distance_m) > lowest(self.distance_m):
            return self.distance_m
        if highest(self.speed_mps) > 0:
            return np.cumsum(zero_where_nan(self.speed_mps) * self.step_s)
        has_fix = np.isfinite(self.latitude) & np.isfinite(self.longitude)
        return np.where(has_fix, np.cumsum(self.steps_m), np.nan)


def as_track(records: Records) -> Track:
    """Return the records sorted by time, impossible values blanked.

    Records out of order are sorted and distance that falls back is held where it was; both leave a
    warning. A hole of more than two hours inside a segment counts as a pause of the clock; the way
    across it is the file's own and counts.
    """
    columns = {name: getattr(records, name) for name in _COLUMNS}
    time_s, segment = _seconds(records), records.segment
    timed = bool(np.isfinite(time_s).any())
    time_s = _filled(time_s)
    unsorted = bool((np.diff(time_s) < 0).any())
    if unsorted:
        order = np.argsort(time_s, kind="stable")
        time_s, segment = time_s[order], segment[order]
        columns = {name: values[order] for name, values in columns.items()}
    distance, fell_m = _monotone(_within(columns["distance_m"], 0, 1e7))
    step = np.diff(time_s, prepend=time_s[:1])
    joined = np.diff(segment, prepend=segment[:1] - 1) == 0
    step = np.where(joined & (step <= TORN_AFTER_S), step, 0.0)
    return Track(
        clock_s=np.cumsum(step),
        step_s=step,
        span_s=float(np.ptp(time_s)) if time_s.size else 0.0,
        joined=joined,
        timed=timed,
        **_plausible(columns) | {"distance_m": distance},
        warnings=tuple(_disorder(fell_m, unsorted=unsorted)),
    )


def _haversine_m(latitude: Floats, longitude: Floats) -> Floats:
    latitude, longitude = np.radians(latitude), np.radians(longitude)
    half_sines = np.sin(np.diff(latitude) / 2) ** 2
    cosines = np.cos(latitude)
    half_sines += cosines[1:] * cosines[:-1] * np.sin(np.diff(longitude) / 2) ** 2
    angles: Floats = 2 * np.arcsin(np.sqrt(np.minimum(half_sines, 1.0)))
    return EARTH_RADIUS_M * angles


def _plausible(columns: dict[str, Floats]) -> dict[str, Floats]:
    latitude, longitude = columns["latitude"], columns["longitude"]
    nowhere = (np.abs(latitude) > 90) | (np.abs(longitude) > 180)
    nowhere |= (latitude == 0) & (longitude == 0)
    return columns | {
        "latitude": np.where(nowhere, np.nan, latitude),
        "longitude": np.where(nowhere, np.nan, longitude),
        "speed_mps": _within(columns["speed_mps"], 0, 100),
        "altitude_m": _within(columns["altitude_m"], -500, 9000),
        "cadence_spm": _within(columns["cadence_spm"], 1, 300),
    }


def _monotone(distance: Floats) -> tuple[Floats, float]:
    """Return distance that never falls, and the most that it fell [m]."""
    reached = np.fmax.accumulate(distance)
    return np.where(np.isnan(distance), np.nan, reached), highest(reached - distance)


def _within(values: Floats, low: float, high: float) -> Floats:
    return np.where((values >= low) & (values <= high), values, np.nan)


def _disorder(fell_m: float, *, unsorted: bool) -> Iterator[str]:
    if unsorted:
        yield "records out of order were sorted by time"
    if fell_m > BACKWARD_M:
        yield f"distance drops by {fell_m:.0f} m; the highest value so far was kept"


def _seconds(records: Records) -> Floats:
    """Return seconds since the earliest record; NaN where a record has no time."""
    timed = records.timed
    if not timed.any():
        return np.full(timed.size, np.nan)
    micros = records.time.astype(np.int64)
    return np.where(timed, (micros - micros[timed].min()) / 1e6, np.nan)


def _filled(time_s: Floats) -> Floats:
    """Place records without a time evenly between their neighbours; all 0 where none has one."""
    finite = np.isfinite(time_s)
    if finite.all():
        return time_s
    index = np.arange(time_s.size)
    return (
        np.interp(index, index[finite], time_s[finite]) if finite.any() else np.zeros(time_s.size)
    )
