"""Tables of messages -> activities: one for each session, its totals as the device wrote them."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from kneeload.errors import FileRefused, FileSkipped
from kneeload.importers.fit.profile import value_name
from kneeload.importers.fit.samples import CLOCK_END_S, records, running_s, steps, track
from kneeload.importers.fit.sports import sport_of
from kneeload.importers.fit.tables import count, first, rows
from kneeload.importers.sport import FOOT_SPORTS, infer
from kneeload.model import Activity, DistanceSource, Sport

if TYPE_CHECKING:
    from kneeload.importers.fit.samples import Chosen, Track
    from kneeload.importers.fit.tables import Numbers, Row, Table, Tables
    from kneeload.records import Records

_EPOCH = dt.datetime(1989, 12, 31, tzinfo=dt.UTC)
_ACTIVITY_FILE = 4
_OFFSET_LIMIT_S = 14 * 3600
_QUARTER_S = 900
_OFFSET_SLACK_S = 60
_FILES = {
    "device": "a description of a device",
    "sport": "a sport profile",
    "schedules": "a schedule",
    "weight": "a weight measurement",
    "blood pressure": "a blood pressure measurement",
    "monitoring a": "daily monitoring",
    "monitoring b": "daily monitoring",
    "monitoring daily": "daily monitoring",
    "settings": "settings",
    "totals": "totals",
    "goals": "goals",
    "activity summary": "an activity summary",
}
_LAP_FACTS = ("start_time", "sport", "sub_sport")
_LAP_TOTALS = (
    "total_elapsed_time",
    "total_timer_time",
    "total_distance",
    "total_ascent",
    "total_descent",
)
_LAPS_COVER = 0.95  # laps that end sooner are those before the recording was cut short
_NO_SESSION = "the file has no totals; they were added up from its laps"
_NO_TOTALS = "the file has no totals (recording was cut short?); they are counted from its records"


def activities(tables: Tables) -> list[Activity]:
    """Return the activities of one FIT file, in the order of its session messages.

    Raises
    ------
    FileSkipped
        If it says that it is a workout, a course, settings or anything but an activity.
    """
    kind = first(tables, "file_id").get("type", _ACTIVITY_FILE)
    if kind != _ACTIVITY_FILE:
        raise FileSkipped(_what(kind))
    whole = track(tables.get("record", {}), tables.get("event", {}))
    sessions = rows(tables, "session")
    if sessions:
        return _of_sessions(sessions, whole, tables)
    laps = _summed(rows(tables, "lap"))
    if laps and laps["total_elapsed_time"] >= _LAPS_COVER * float(_span_s(whole)):
        return [_of_laps(laps, whole, tables)]
    return [_of_records(whole, tables)] if len(whole.times) > 1 else []


def _of_sessions(sessions: list[Row], whole: Track, tables: Tables) -> list[Activity]:
    starts = [_start(row, whole, tables) for row in sessions]
    windows = _windows(starts, whole.times)
    laps = _lap_sums(starts, tables.get("lap", {}))
    return [
        _activity(row, start, records(whole, window), lap_sum, tables)
        for row, start, window, lap_sum in zip(sessions, starts, windows, laps, strict=True)
    ]


def _of_laps(row: Row, whole: Track, tables: Tables) -> Activity:
    """Let the laps stand in for the session that the device never wrote."""
    start = _start(row, whole, tables)
    metres = row.pop("total_distance", None)
    activity = _activity(row, start, records(whole, slice(None)), metres, tables)
    return activity.replaced(warnings=(_NO_SESSION,))


def _summed(laps: list[Row]) -> Row:
    """Return the row of a session that consists of `laps`; empty where they tell no time."""
    total = {name: sum(lap.get(name, 0.0) for lap in laps) for name in _LAP_TOTALS}
    row = {name: value for name, value in total.items() if value > 0}
    row |= {"total_elapsed_time": max(row.get(name, 0.0) for name in _LAP_TOTALS[:2])}
    if not row["total_elapsed_time"]:
        return {}
    return {name: laps[0][name] for name in _LAP_FACTS if name in laps[0]} | row


def _span_s(whole: Track) -> float:
    return float(np.ptp(whole.times)) if len(whole.times) else 0.0


def _of_records(whole: Track, tables: Tables) -> Activity:
    start, end = float(whole.times.min()), float(whole.times.max())
    row = {"total_elapsed_time": end - start, "total_timer_time": running_s(whole)}
    activity = _activity(row, start, records(whole, slice(None)), None, tables)
    return activity.replaced(warnings=(_NO_TOTALS,))


def _activity(
    row: Row, start: float, recorded: Records, lap_sum: float | None, tables: Tables
) -> Activity:
    named = _named_sport(row, tables)
    distance, source = _distance(row, lap_sum)
    seconds = _total(row, "total_timer_time") or math.inf
    sport = named or infer(recorded, (distance or 0.0) / seconds)
    if sport not in FOOT_SPORTS:
        recorded = replace(recorded, cadence_spm=np.full(len(recorded), np.nan))
    return Activity(
        sport=sport,
        sport_inferred=named is None,
        started_at=_EPOCH + dt.timedelta(seconds=start),
        samples=recorded,
        utc_offset_s=_utc_offset(tables),
        distance_m=distance,
        distance_source=source,
        laps_distance_m=lap_sum if source == "device" else None,
        timer_s=_total(row, "total_timer_time"),
        elapsed_s=_total(row, "total_elapsed_time"),
        ascent_m=_total(row, "total_ascent"),
        descent_m=_total(row, "total_descent"),
        avg_hr_bpm=_total(row, "avg_heart_rate") or None,
        max_hr_bpm=_total(row, "max_heart_rate") or None,
        avg_cadence_spm=_average_steps(row) if sport in FOOT_SPORTS else None,
        rpe=_exertion(row),
        workout_feel=_feel(row),
        device=_device(tables),
    )


def _start(row: Row, whole: Track, tables: Tables) -> float:
    """Return when a session began, as FIT counts time [s]."""
    elapsed = row.get("total_elapsed_time", 0.0)
    candidates = (
        row.get("start_time"),
        *whole.times[:1].tolist(),
        row.get("timestamp", math.nan) - elapsed,
        first(tables, "file_id").get("time_created"),
    )
    for time in candidates:
        if time is not None and 0 <= time < CLOCK_END_S:
            return float(time)
    raise FileRefused("has no session time")


def _windows(starts: list[float], times: Numbers) -> list[Chosen]:
    """Return which `times` belong to each session: from its start to the next one's."""
    if len(starts) == 1:
        return [slice(None)]
    order = np.argsort(starts, kind="stable")
    rank = np.searchsorted(np.array(starts)[order], times, side="right") - 1
    owner = order[np.clip(rank, 0, None)]
    return [owner == session for session in range(len(starts))]


def _lap_sums(starts: list[float], lap: Table) -> list[float | None]:
    metres = lap.get("total_distance", np.empty(0))
    times = lap.get("start_time", np.zeros(len(metres)))
    per_session = [metres[window] for window in _windows(starts, times[: len(metres)])]
    return [float(np.nansum(m)) if np.isfinite(m).any() else None for m in per_session]


def _named_sport(row: Row, tables: Tables) -> Sport | None:
    """Return the session's sport, else that of the only sport message there is."""
    named = sport_of(row.get("sport"), row.get("sub_sport"))
    if named or count(tables, "sport") != 1:
        return named
    only = first(tables, "sport")
    return sport_of(only.get("sport"), only.get("sub_sport"))


def _distance(row: Row, lap_sum: float | None) -> tuple[float | None, DistanceSource | None]:
    total = _total(row, "total_distance")
    if total is not None:
        return total, "device"
    return (lap_sum, "laps") if lap_sum is not None else (None, None)


def _total(row: Row, name: str) -> float | None:
    """Return a total that is there and within what FIT's own numbers can hold."""
    value = row.get(name, math.nan)
    return value if 0 <= value < CLOCK_END_S else None


def _average_steps(row: Row) -> float | None:
    cadence = row.get("avg_cadence", math.nan) + row.get("avg_fractional_cadence", 0.0)
    return steps(cadence) if cadence > 0 else None


def _exertion(row: Row) -> float | None:
    """Return perceived exertion, which watches ask for from 1 to 10 and write in tenths."""
    tenths = row.get("workout_rpe", math.nan)
    return tenths / 10 if 0 < tenths <= 100 else None


def _feel(row: Row) -> float | None:
    """Return how the workout felt, in steps of 25 from very weak (0) to very strong (100)."""
    feel = row.get("workout_feel", math.nan)
    return feel if 0 <= feel <= 100 else None


def _utc_offset(tables: Tables) -> int | None:
    """Return local time minus UTC [s]; some devices write garbage, which is no time zone."""
    row = first(tables, "activity")
    offset = row.get("local_timestamp", math.nan) - row.get("timestamp", math.nan)
    if not abs(offset) <= _OFFSET_LIMIT_S:
        return None
    quarter = round(offset / _QUARTER_S) * _QUARTER_S
    return quarter if abs(offset - quarter) <= _OFFSET_SLACK_S else None


def _device(tables: Tables) -> str:
    """Return maker and product by name; a maker's number alone would tell a runner nothing."""
    identity = first(tables, "file_id")
    maker = value_name("manufacturer", identity.get("manufacturer", 0))
    if maker.isdigit():
        return ""
    products = "garmin_product" if maker == "garmin" else ""
    product = identity.get("product")
    return maker if product is None else f"{maker} {value_name(products, product)}"


def _what(kind: float) -> str:
    name = value_name("file", kind).replace("_", " ")
    generic = f"a FIT file of type {name}" if name.isdigit() else f"a {name}"
    return f"is {_FILES.get(name, generic)}, not an activity"
