"""Polar Flow's export: one JSON file for each training session, in either generation."""

from __future__ import annotations

import datetime as dt
import json
import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kneeload import frames
from kneeload.errors import FileRefused, FileSkipped
from kneeload.importers import json_rows
from kneeload.importers import sport as sports

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kneeload.model import Activity

_DURATION = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?")
_QUARTER_HOUR_MS = 900_000.0
_LONGEST_MS = 864_000_000.0

_COLUMNS = MappingProxyType(
    {
        "heartrate": ("hr_bpm", 1.0),
        "speed": ("speed_mps", 1 / 3.6),
        "cadence": ("cadence_spm", 1.0),
        "altitude": ("altitude_m", 1.0),
        "distance": ("distance_m", 1.0),
    }
)
"""Column and factor by the name of a series; speeds come in kilometres per hour."""

_BOTH_FEET_FROM_SPM = 120

Series = tuple[str, "pd.Series[float]"]


def decode(content: bytes) -> list[Activity]:
    """Return one activity for each exercise of a training session.

    Raises
    ------
    FileRefused
        If it is not a session or has no readable start.
    FileSkipped
        If nothing was done in it.
    """
    try:
        session = json.loads(content)
        exercises = session["exercises"] or []
        done = [_activity(session, exercise, len(exercises) == 1) for exercise in exercises]
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        raise FileRefused("is not a Polar training session that can be read") from None
    recorded = [activity for activity in done if _is_recorded(activity)]
    if not recorded:
        raise FileSkipped("is a planned training session, or one without an exercise")
    return [activity.replaced(session_index=at) for at, activity in enumerate(recorded)]


def _is_recorded(activity: Activity) -> bool:
    return bool(activity.timer_s or activity.distance_m or len(activity.records))


def _activity(session: json_rows.Fields, exercise: json_rows.Fields, alone: bool) -> Activity:  # noqa: FBT001
    """One exercise; what it does not say itself, the session says where it is the only one."""
    source = session | exercise if alone else {"name": session.get("name")} | exercise
    start, offset_s = _start(session | exercise)
    fields = {"started_at": json_rows.instant(start), "utc_offset_s": offset_s}
    activity = json_rows.activity(fields | _totals(source) | {"sport": _sport(source)})
    samples = _samples(exercise, start, offset_s, running=activity.sport.is_running)
    activity = activity.replaced(samples=samples)
    inferred = activity.sport_inferred and len(samples) > 0
    return activity.replaced(sport=sports.infer(activity.records)) if inferred else activity


def _start(fields: json_rows.Fields) -> tuple[dt.datetime, int]:
    """Local time without an offset, which stands beside it in minutes."""
    minutes = (
        json_rows.number(fields.get("timezoneOffsetMinutes", fields.get("timezoneOffset"))) or 0
    )
    local = dt.datetime.fromisoformat(fields["startTime"]).replace(tzinfo=dt.UTC)
    return local - dt.timedelta(minutes=minutes), round(minutes * 60)


def _totals(fields: json_rows.Fields) -> json_rows.Fields:
    heart = fields.get("heartRate") or {}
    return {
        "distance_m": json_rows.positive(fields.get("distanceMeters", fields.get("distance"))),
        "distance_source": "device",
        "timer_s": json_rows.positive(fields.get("durationMillis"), 0.001) or _seconds(fields),
        "avg_hr_bpm": json_rows.positive(fields.get("hrAvg", heart.get("avg"))),
        "max_hr_bpm": json_rows.positive(fields.get("hrMax", heart.get("max"))),
        "ascent_m": json_rows.positive(fields.get("ascentMeters", fields.get("ascent"))),
        "descent_m": json_rows.positive(fields.get("descentMeters", fields.get("descent"))),
    }


def _seconds(fields: json_rows.Fields) -> float | None:
    """Older sessions write a duration as ``PT1H2M3.5S`` or ``PT3723.5S``."""
    match = _DURATION.fullmatch(str(fields.get("duration")))
    if not match:
        return None
    hours, minutes, seconds = (float(part or 0) for part in match.groups())
    return json_rows.positive(3600 * hours + 60 * minutes + seconds)


def _sport(fields: json_rows.Fields) -> str:
    sport = fields.get("sport")
    return sport if isinstance(sport, str) else str(fields.get("name") or "")


def _samples(
    exercise: json_rows.Fields, start: dt.datetime, offset_s: int, *, running: bool
) -> pd.DataFrame:
    """Join the series of an exercise by the second; each comes with a clock of its own."""
    local = start.replace(tzinfo=None) + dt.timedelta(seconds=offset_s)
    series = [*_values(exercise), *_dated(exercise, local), *_route(exercise, local)]
    if not series:
        return frames.empty(frames.SAMPLES)
    frame = pd.concat([s.rename(name) for name, s in series], axis=1).sort_index()
    frame = frame.loc[:, ~frame.columns.duplicated()]
    since = pd.to_timedelta(frame.index.to_numpy(), unit="s")
    frame = frame.assign(time=pd.Timestamp(start) + since, segment=0).reset_index(drop=True)
    if running and "cadence_spm" in frame and frame["cadence_spm"].median() < _BOTH_FEET_FROM_SPM:
        frame["cadence_spm"] *= 2
    return frames.conform(frame, frames.SAMPLES)


def _values(exercise: json_rows.Fields) -> Iterator[Series]:
    """Newer series: a type, an interval, and values that may be NaN."""
    samples = exercise.get("samples") or {}
    for series in samples.get("samples") or []:
        values = series.get("values") or []
        interval = json_rows.positive(series.get("intervalMillis"))
        if interval and interval <= _LONGEST_MS:
            yield from _named(str(series.get("type")), np.arange(len(values)) * interval, values)


def _dated(exercise: json_rows.Fields, local: dt.datetime) -> Iterator[Series]:
    """Older series: a list of date and value, where a value may be missing."""
    for name, points in (exercise.get("samples") or {}).items():
        if isinstance(points, list) and name.lower() in _COLUMNS:
            yield from _named(name, _elapsed_ms(points, local), [p.get("value") for p in points])


def _route(exercise: json_rows.Fields, local: dt.datetime) -> Iterator[Series]:
    samples = exercise.get("samples") or {}
    route = (exercise.get("routes") or {}).get("route") or {}
    points = route.get("wayPoints") or samples.get("recordedRoute") or []
    if points:
        elapsed = _elapsed_ms(points, local)
        for column in ("latitude", "longitude"):
            yield column, _by_second(elapsed, [p.get(column) for p in points])
        yield "altitude_m", _by_second(elapsed, [p.get("altitude") for p in points])


def _named(name: str, elapsed: Any, values: list[Any]) -> Iterator[Series]:
    column = _COLUMNS.get(name.replace("_", "").lower())
    if column:
        yield column[0], _by_second(elapsed, values) * column[1]


def _by_second(elapsed_ms: Any, values: list[Any]) -> pd.Series[float]:
    """Values by whole seconds since the start; what cannot be a time or a number falls away."""
    numbers = pd.to_numeric(pd.Series(values, dtype=object), errors="coerce").astype(float)
    elapsed = np.asarray(elapsed_ms, dtype=float)
    sound = np.isfinite(elapsed) & (np.abs(elapsed) <= _LONGEST_MS) & np.isfinite(numbers)
    series = pd.Series(numbers[sound].to_numpy(), index=np.floor(elapsed[sound] / 1000 + 0.5))
    return series[~series.index.duplicated()]


def _elapsed_ms(points: list[json_rows.Fields], local: dt.datetime) -> Any:
    """Milliseconds since the start; of dated points too, some of which come in UTC, some local."""
    if "elapsedMillis" in points[0]:
        return [p.get("elapsedMillis", np.nan) for p in points]
    texts = [str(p.get("dateTime")) for p in points]
    times = pd.to_datetime(texts, format="ISO8601", errors="coerce")
    elapsed = (times - pd.Timestamp(local)) / pd.Timedelta(milliseconds=1)
    return elapsed - np.round(elapsed[0] / _QUARTER_HOUR_MS) * _QUARTER_HOUR_MS
