"""Local time of an activity: which calendar day the runner lived it on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

import numpy as np

from kneeload.model import Sport

if TYPE_CHECKING:
    import datetime as dt

    from kneeload.model import Activity

FARTHEST_S = 14 * 3600
QUARTER_S = 900
NEAR_S = 120
_AT_SEA = "Etc/"
_GAMES = ("zwift", "rouvy", "fulgaz", "mywhoosh", "bkool", "virtual")


@dataclass(frozen=True)
class LocalTime:
    """Local time minus UTC [s], and what told it."""

    offset_s: int
    source: Literal["file", "position", "setting", "machine"]


def local_time(activity: Activity, zone: str | None, machine_zone: str) -> LocalTime:
    """Return the local offset at the start of an activity.

    The zone of the first position counts, since writers give 0, winter time in summer or the home
    of the runner; virtual runs have no place, and at sea the file knows better. Else the file's own
    offset if it lies within 14 hours and within 2 minutes of a quarter hour, since some devices
    write garbage; else the setting's zone, else the machine's.

    Parameters
    ----------
    activity
        As decoded.
    zone
        IANA name from the settings, or ``None``.
    machine_zone
        IANA name of the machine's zone; UTC stands in for a name that is not known.
    """
    offset_s = activity.utc_offset_s
    quarter = None if offset_s is None else _quarter(offset_s)
    position = "" if _is_virtual(activity) else _position_zone(activity)
    if quarter is not None and (not position or position.startswith(_AT_SEA)):
        return LocalTime(quarter, "file")
    if position and (offset := _offset(position, activity.started_at)) is not None:
        return LocalTime(offset, "file" if offset == quarter else "position")
    if quarter is not None:
        return LocalTime(quarter, "file")
    if zone and (offset := _offset(zone, activity.started_at)) is not None:
        return LocalTime(offset, "setting")
    return LocalTime(_offset(machine_zone, activity.started_at) or 0, "machine")


def _is_virtual(activity: Activity) -> bool:
    """Whether its positions are of a game's world, and not of where the runner was."""
    maker = activity.device.casefold()
    return activity.sport is Sport.VIRTUAL_RUNNING or any(game in maker for game in _GAMES)


def date_of(started_at: dt.datetime, offset_s: int) -> dt.date:
    """Return the calendar date of a run: that of its start, from midnight to midnight local time.

    A run across midnight belongs to the day, and so to the week, on which it began.

    Parameters
    ----------
    started_at
        The start, in UTC.
    offset_s
        Local time minus UTC [s].
    """
    return (started_at + timedelta(seconds=offset_s)).date()


def _quarter(offset_s: float) -> int | None:
    """Return the quarter hour an offset means, ``None`` where it means none."""
    quarter = round(offset_s / QUARTER_S) * QUARTER_S
    plausible = abs(quarter) <= FARTHEST_S and abs(offset_s - quarter) <= NEAR_S
    return quarter if plausible else None


def _offset(zone: str, instant: dt.datetime) -> int | None:
    from zoneinfo import ZoneInfo

    try:
        offset = instant.astimezone(ZoneInfo(zone)).utcoffset()
    except (KeyError, ValueError, OSError, OverflowError):
        return None
    return None if offset is None else round(offset.total_seconds())


def _position_zone(activity: Activity) -> str:
    """Return the zone's name at the first position that is one; empty at none."""
    latitude, longitude = activity.records.latitude, activity.records.longitude
    real = (np.abs(latitude) <= 90) & (np.abs(longitude) <= 180)
    fixes = np.flatnonzero(real & ((latitude != 0) | (longitude != 0)))
    return _zone_at(float(latitude[fixes[0]]), float(longitude[fixes[0]])) if fixes.size else ""


def _zone_at(latitude: float, longitude: float) -> str:
    from tzfpy import get_tz

    return get_tz(longitude, latitude)
