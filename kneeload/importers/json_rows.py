"""A row of a table as bytes that stay the same, and back to an activity."""

from __future__ import annotations

import datetime as dt
import json
import math
from typing import TYPE_CHECKING, Any

from kneeload.errors import FileRefused
from kneeload.importers import spelling

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kneeload.model import Activity, DistanceSource

Fields = dict[str, Any]


def packed(fields: Mapping[str, object]) -> bytes:
    """Return `fields` as canonical JSON; what is missing (None, "") is left out."""
    present = {name: value for name, value in fields.items() if value is not None and value != ""}
    text = json.dumps(present, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "replace")


def unpacked(content: bytes) -> Fields:
    """Return what `packed` wrote.

    Raises
    ------
    FileRefused
        If it is not a JSON object.
    """
    try:
        fields = json.loads(content)
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict):
        raise FileRefused("is not a row of an export")
    return fields


def number(text: object) -> float | None:
    """Return a finite number, with decimal point or comma; None where there is none."""
    value = spelling.number(str(text))
    return value if math.isfinite(value) else None


def positive(text: object, factor: float = 1.0) -> float | None:
    """Return a number times `factor`; None where it is missing, zero or negative."""
    value = number(text)
    return value * factor if value is not None and value > 0 else None


def clock_seconds(text: str) -> float | None:
    """Return ``28:30`` or ``1:05:12`` in seconds [s]; None where it is neither."""
    parts = [number(part) for part in text.split(":")]
    if not 2 <= len(parts) <= 3 or any(part is None or part < 0 for part in parts):
        return None
    return sum((part or 0) * 60.0**power for power, part in enumerate(reversed(parts)))


def instant(moment: dt.datetime) -> str:
    """Return an aware instant as ISO 8601 in UTC."""
    return moment.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


def from_epoch_ms(milliseconds: float) -> dt.datetime:
    """Return the instant `milliseconds` after 1970, in UTC.

    Raises
    ------
    FileRefused
        If that lies outside the calendar.
    """
    try:
        return dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(milliseconds=milliseconds)
    except OverflowError:
        raise FileRefused("has a start date that is out of range") from None


def decode(content: bytes) -> list[Activity]:
    """Return the activity of a row whose fields are those of `kneeload.model.Activity`.

    Raises
    ------
    FileRefused
        If the row has no readable start.
    """
    return [activity(unpacked(content))]


def activity(fields: Mapping[str, Any]) -> Activity:
    """Return an activity of totals only.

    Parameters
    ----------
    fields
        Fields of `kneeload.model.Activity`; ``started_at`` as ISO 8601 and ``sport`` as any name
        that an export uses. Others are passed over.

    Raises
    ------
    FileRefused
        If the start is missing or not an instant.
    """
    from kneeload.importers import sport as sports
    from kneeload.model import Activity, Sport
    from kneeload.records import Records

    text = str(fields.get("sport") or "")
    named = sports.from_name(text)
    return Activity(
        sport=named or (Sport.OTHER if text else Sport.RUNNING),
        sport_inferred=named is None,
        started_at=_start(fields.get("started_at")),
        samples=Records.of(0, {}),
        distance_source=_distance_source(fields),
        warnings=() if named or not text else (f"the sport {text!r} is not known",),
        **checked(fields),
    )


TOTALS = (
    "clock_known", "utc_offset_s", "distance_m", "timer_s", "elapsed_s", "ascent_m", "descent_m",
    "avg_hr_bpm", "max_hr_bpm", "avg_cadence_spm", "rpe", "name", "description", "private_note",
    "gear", "device",
)  # fmt: skip
"""Fields that a row may carry as they are."""

_TEXTS = frozenset({"name", "description", "private_note", "gear", "device"})
_FAR = 1e12  # beyond any total; NaN does not lie below it either


def checked(fields: Mapping[str, Any]) -> Fields:
    """Return the fields of `TOTALS` that are there.

    Raises
    ------
    FileRefused
        If one is of the wrong type, as only a hand or a fault can have written it.
    """
    totals = {name: fields[name] for name in TOTALS if fields.get(name) is not None}
    for name, value in totals.items():
        if not _is_sound(name, value):
            raise FileRefused(f"has a {name} that cannot be read")
    return totals


def _is_sound(name: str, value: object) -> bool:
    if name in _TEXTS:
        return isinstance(value, str)
    return isinstance(value, int | float) and abs(value) < _FAR


def _distance_source(fields: Mapping[str, Any]) -> DistanceSource | None:
    return fields.get("distance_source", "export") if fields.get("distance_m") else None


def _start(text: object) -> dt.datetime:
    try:
        moment = dt.datetime.fromisoformat(str(text))
    except ValueError:
        raise FileRefused("has no readable start") from None
    if moment.tzinfo is None:
        raise FileRefused("has a start without a time zone")
    return moment
