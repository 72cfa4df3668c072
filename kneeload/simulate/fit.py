"""FIT files of invented sessions.

fit-tool writes the messages around the records; the records themselves are packed by numpy, for
fit-tool takes two thirds of a millisecond for each.

References
----------
FIT protocol, https://developer.garmin.com/fit/protocol/
"""

from __future__ import annotations

import datetime as dt
import struct
from typing import TYPE_CHECKING, Any

import numpy as np
from fastcrc import crc16

from kneeload.errors import KneeloadError, how_to_install
from kneeload.model import Sport
from kneeload.simulate.track import climbed_m

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from kneeload.arrays import Floats
    from kneeload.simulate.runner import Session
    from kneeload.simulate.track import Track

try:
    from fit_tool.fit_file_builder import FitFileBuilder
    from fit_tool.profile.messages.activity_message import ActivityMessage
    from fit_tool.profile.messages.event_message import EventMessage
    from fit_tool.profile.messages.file_id_message import FileIdMessage
    from fit_tool.profile.messages.lap_message import LapMessage
    from fit_tool.profile.messages.session_message import SessionMessage
    from fit_tool.profile.messages.workout_message import WorkoutMessage
    from fit_tool.profile.messages.workout_step_message import WorkoutStepMessage
    from fit_tool.profile.profile_type import Event, EventType, FileType, Manufacturer, SubSport
    from fit_tool.profile.profile_type import Sport as FitSport
except ImportError as error:
    raise KneeloadError(
        f"writing FIT files needs fit-tool; {how_to_install('simulate')}"
    ) from error

EPOCH = dt.datetime(1989, 12, 31, tzinfo=dt.UTC)
SEMICIRCLES_PER_DEG = 2**31 / 180
RECORD, RECORD_LOCAL = 20, 1

_SPORTS = {
    Sport.RUNNING: (FitSport.RUNNING, SubSport.GENERIC),
    Sport.TREADMILL_RUNNING: (FitSport.RUNNING, SubSport.TREADMILL),
    Sport.CYCLING: (FitSport.CYCLING, SubSport.ROAD),
}


def written(session: Session, track: Track | None) -> bytes:
    """Return `session` as a FIT file; without a track it holds totals only.

    Heart rate and cadence totals come from the track, distance and times from the session.
    """
    parts = [_head(session), *_records(session, track), _tail(session, track)]
    return _framed(b"".join(parts))


def workout(created_at: dt.datetime, name: str) -> bytes:
    """Return a FIT workout of two steps: a sound file that holds no activity."""
    steps = [
        _message(WorkoutStepMessage(), message_index=k, workout_step_name=step)
        for k, step in enumerate(("Easy", "Fast"))
    ]
    plan = _message(WorkoutMessage(), sport=FitSport.RUNNING, workout_name=name, num_valid_steps=2)
    return _framed(_packed([_file_id(created_at, FileType.WORKOUT), plan, *steps]))


def _framed(body: bytes) -> bytes:
    """Put the 14-byte header before and the checksum behind `body`."""
    header = struct.pack("<BBHI4s", 14, 0x20, 2132, len(body), b".FIT")
    whole = header + struct.pack("<H", crc16.arc(header)) + body
    return whole + struct.pack("<H", crc16.arc(whole))


def _packed(messages: Sequence[Any]) -> bytes:
    builder = FitFileBuilder(auto_define=True)
    builder.add_all(list(messages))
    records: list[Any] = builder.records
    return b"".join(record.to_bytes() for record in records)


def _message(message: Any, **values: object) -> Any:
    for name, value in values.items():
        if value is not None:
            setattr(message, name, value)
    return message


def _millis(instant: dt.datetime) -> int:
    return round(instant.timestamp() * 1000)


def _file_id(created_at: dt.datetime, kind: FileType) -> Any:
    return _message(
        FileIdMessage(),
        type=kind,
        manufacturer=Manufacturer.DEVELOPMENT.value,
        product=1,
        serial_number=1,
        time_created=_millis(created_at),
    )


def _timer(instant: dt.datetime, kind: EventType) -> Any:
    return _message(EventMessage(), timestamp=_millis(instant), event=Event.TIMER, event_type=kind)


def _head(session: Session) -> bytes:
    return _packed([_file_id(session.utc, FileType.ACTIVITY), _timer(session.utc, EventType.START)])


def _tail(session: Session, track: Track | None) -> bytes:
    end = session.ended_at
    totals = _totals(session, track)
    local = end - EPOCH + dt.timedelta(seconds=session.utc_offset_s)
    return _packed(
        [
            _timer(end, EventType.STOP_ALL),
            _message(LapMessage(), **totals),
            _message(SessionMessage(), num_laps=1, **totals),
            _message(
                ActivityMessage(),
                timestamp=_millis(end),
                local_timestamp=int(local.total_seconds()),
                total_timer_time=float(session.moving_s),
                num_sessions=1,
            ),
        ]
    )


def _totals(session: Session, track: Track | None) -> dict[str, object]:
    sport, sub_sport = _SPORTS[session.sport]
    totals = {
        "timestamp": _millis(session.ended_at),
        "start_time": _millis(session.utc),
        "sport": sport,
        "sub_sport": sub_sport,
        "total_distance": session.distance_m,
        "total_timer_time": float(session.moving_s),
        "total_elapsed_time": float(session.elapsed_s),
    }
    return totals | _climb(session) | ({} if track is None else _averages(track))


def _climb(session: Session) -> dict[str, object]:
    if session.place is None:
        return {}
    up, down = climbed_m(session)
    return {"total_ascent": round(up), "total_descent": round(down)}


def _averages(track: Track) -> dict[str, object]:
    heart: dict[str, object] = {
        "avg_heart_rate": round(float(track.hr_bpm.mean())),
        "max_heart_rate": round(float(track.hr_bpm.max())),
    }
    if np.isnan(track.cadence_spm).all():
        return heart
    return heart | {"avg_running_cadence": round(float(track.cadence_spm.mean()) / 2)}


def _records(session: Session, track: Track | None) -> list[bytes]:
    """One definition, then the records, with the timer's stop and start around a pause."""
    if track is None:
        return []
    table = _table(session, track)
    before, *after = (table[track.segment == k].tobytes() for k in np.unique(track.segment))
    return [_definition(table.dtype), before, *(_pause(session) + rows for rows in after)]


def _pause(session: Session) -> bytes:
    stop = session.utc + dt.timedelta(seconds=session.moving_s // 2)
    start = stop + dt.timedelta(seconds=session.pause_s)
    return _packed([_timer(stop, EventType.STOP_ALL), _timer(start, EventType.START)])


_BASE_TYPES = {"<u4": 0x86, "<i4": 0x85, "<u2": 0x84, "|u1": 0x02}


def _table(session: Session, track: Track) -> npt.NDArray[np.void]:
    """Every record as the bytes of a data message: header, then the fields by their numbers."""
    start = int((session.utc - EPOCH).total_seconds())
    columns: list[tuple[int, str, Floats]] = [
        (253, "<u4", track.time_s + start),
        (0, "<i4", track.latitude * SEMICIRCLES_PER_DEG),
        (1, "<i4", track.longitude * SEMICIRCLES_PER_DEG),
        (5, "<u4", track.distance_m * 100),
        (6, "<u2", track.speed_mps * 1000),
        (2, "<u2", (track.altitude_m + 500) * 5),
        (3, "|u1", track.hr_bpm),
        (4, "|u1", track.cadence_spm / 2),
    ]
    measured = [(str(n), kind, values) for n, kind, values in columns if not np.isnan(values).any()]
    table = np.zeros(len(track), [("header", "|u1"), *((n, kind) for n, kind, _ in measured)])
    table["header"] = RECORD_LOCAL
    for name, _, values in measured:
        table[name] = np.rint(values)
    return table


def _definition(layout: np.dtype[np.void]) -> bytes:
    names = (layout.names or ())[1:]
    kinds = [layout[name] for name in names]
    fields = [
        bytes([int(name), kind.itemsize, _BASE_TYPES[kind.str]])
        for name, kind in zip(names, kinds, strict=True)
    ]
    head = struct.pack("<BBBHB", 0x40 | RECORD_LOCAL, 0, 0, RECORD, len(fields))
    return head + b"".join(fields)
