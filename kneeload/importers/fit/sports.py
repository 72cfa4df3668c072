"""The sports of FIT, by the numbers of its profile."""

from __future__ import annotations

from kneeload.model import Sport

_GENERIC, _RUNNING, _FITNESS_EQUIPMENT, _TRAINING, _ALL = 0, 1, 4, 10, 254
_SPORTS = {
    _RUNNING: Sport.RUNNING,
    2: Sport.CYCLING,
    3: Sport.TRANSITION,
    5: Sport.SWIMMING,
    11: Sport.WALKING,
    12: Sport.SKIING,
    13: Sport.SKIING,
    14: Sport.SKIING,
    15: Sport.ROWING,
    16: Sport.HIKING,
    17: Sport.HIKING,
    21: Sport.CYCLING,
    35: Sport.HIKING,
}
_RUNNING_SUB_SPORTS = {
    1: Sport.TREADMILL_RUNNING,
    3: Sport.TRAIL_RUNNING,
    4: Sport.TRACK_RUNNING,
    45: Sport.TREADMILL_RUNNING,
    58: Sport.VIRTUAL_RUNNING,
}
# What a sport that says nothing (generic, fitness equipment, training) was, by its sub-sport.
_TELLING_SUB_SPORTS = {
    1: Sport.TREADMILL_RUNNING,
    2: Sport.RUNNING,
    3: Sport.TRAIL_RUNNING,
    4: Sport.TRACK_RUNNING,
    5: Sport.CYCLING,
    6: Sport.CYCLING,
    14: Sport.ROWING,
    17: Sport.SWIMMING,
    18: Sport.SWIMMING,
    20: Sport.STRENGTH,
    25: Sport.SKIING,
    27: Sport.WALKING,
    45: Sport.TREADMILL_RUNNING,
}


def sport_of(sport: float | None, sub_sport: float | None) -> Sport | None:
    """Return the sport of a session, or ``None`` where the file names none."""
    if sport == _RUNNING:
        return _RUNNING_SUB_SPORTS.get(int(sub_sport or 0), Sport.RUNNING)
    if sport in {_FITNESS_EQUIPMENT, _TRAINING}:
        return _TELLING_SUB_SPORTS.get(int(sub_sport or 0), Sport.OTHER)
    if sport in {None, _GENERIC, _ALL}:
        return _TELLING_SUB_SPORTS.get(int(sub_sport or 0))
    return _SPORTS.get(int(sport), Sport.OTHER)
