"""Which messages and fields of FIT an activity needs, with fitparse's scales and offsets."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from fitparse import profile

_MESSAGE_TYPES: dict[int, Any] = profile.MESSAGE_TYPES
_FIELD_TYPES: dict[str, Any] = profile.FIELD_TYPES

TIMESTAMP = 253
COMPRESSED = "compressed_speed_distance"

_WANTED = {
    "file_id": ("type", "manufacturer", "product", "time_created"),
    "sport": ("sport", "sub_sport"),
    "session": (
        "timestamp",
        "start_time",
        "sport",
        "sub_sport",
        "total_elapsed_time",
        "total_timer_time",
        "total_distance",
        "total_ascent",
        "total_descent",
        "avg_heart_rate",
        "max_heart_rate",
        "avg_cadence",
        "avg_fractional_cadence",
        "workout_rpe",
    ),
    "lap": (
        "timestamp",
        "start_time",
        "sport",
        "sub_sport",
        "total_elapsed_time",
        "total_timer_time",
        "total_distance",
        "total_ascent",
        "total_descent",
        "max_heart_rate",
        "lap_trigger",
    ),
    "record": (
        "timestamp",
        "position_lat",
        "position_long",
        "distance",
        "speed",
        "enhanced_speed",
        "altitude",
        "enhanced_altitude",
        "heart_rate",
        "cadence",
        "fractional_cadence",
        COMPRESSED,
    ),
    "event": ("timestamp", "event", "event_type"),
    "activity": ("timestamp", "local_timestamp"),
    "field_description": (),  # where its messages are
}
# Fields of the official profile that are younger than fitparse's copy of it.
_YOUNGER = {"session": {192: "workout_feel", 193: "workout_rpe"}}


class Field(NamedTuple):
    """A wanted field: its value is ``raw / scale - offset``."""

    name: str
    scale: float = 1
    offset: float = 0


class Message(NamedTuple):
    """A wanted message and its wanted fields by their numbers."""

    name: str
    fields: dict[int, Field]


@cache
def wanted_messages() -> dict[int, Message]:
    """Return the wanted messages by their numbers."""
    return {
        number: Message(message.name, _fields(message.name, message.fields))
        for number, message in _MESSAGE_TYPES.items()
        if message.name in _WANTED
    }


def value_name(kind: str, value: float) -> str:
    """Return the profile's name of an enumerated value, or its number where it has none."""
    names = _FIELD_TYPES[kind].values if kind else {}
    return str(names.get(int(value), int(value)))


def _fields(message: str, by_number: dict[int, Any]) -> dict[int, Field]:
    fields = {
        number: Field(field.name, field.scale or 1, field.offset or 0)
        for number, field in by_number.items()
        if field.name in _WANTED[message]
    }
    younger = _YOUNGER.get(message, {}).items()
    return fields | {number: Field(name) for number, name in younger}
