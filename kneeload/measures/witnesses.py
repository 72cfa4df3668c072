"""How far a recording went, told by up to five witnesses: the one in a wrong unit is outvoted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from kneeload.arrays import highest, lowest, zero_where_nan
from kneeload.measures.tracks import as_track

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kneeload.arrays import Floats
    from kneeload.measures.tracks import Track
    from kneeload.model import Activity

NAMES = MappingProxyType(
    {
        "total": "the file's total distance",
        "laps": "the laps",
        "distance": "the distance in its records",
        "positions": "the positions",
        "speed": "the speed in its records",
    }
)
"""The witnesses, the one that is believed against one other first."""

AGREE = 1.25
"""Most by which two that agree differ, as a ratio (assumption)."""
APART = 1.5
"""From this ratio to those that agree a witness is wrong, not inexact (assumption)."""
SAME_FACTOR = 0.03
FACTORS = (1000.0, 1609.34, 100.0, 60.0, 3.6, 3.28084, 2.23694, 1.60934)
"""Units taken for another: km or miles, cm, minutes, km/h, feet, mph."""
PLAUSIBLE_MPS = (0.3, 25.0)
"""Mean speeds of anything that moves by itself (assumption)."""
LEAST_COVER = 0.8
LEAST_M, LEAST_S = 100.0, 60.0
STUCK_RECORDS = 20
PARENT_FROM_M = 500.0
PARENT_MPS = 10.0

_DROPPABLE = frozenset({"total", "distance", "speed"})
_INDEPENDENT = frozenset({"laps", "positions"})


@dataclass(frozen=True)
class Heard:
    """An activity and its track without the witnesses that were outvoted, and their names."""

    activity: Activity
    track: Track
    warnings: tuple[str, ...] = ()


def heard(activity: Activity) -> Heard:
    """Return what is left of an activity's distances once its witnesses were heard.

    Each of total, laps, distances, speeds over time and positions tells a length. One that is more
    than 1.5 times off from two or more that agree within 1.25 is dropped. Where only two speak, the
    one that is off by the factor of a unit, never changes, or is no speed of anything that moves by
    itself is dropped. (assumptions)
    """
    track, warnings = _without_parent(activity, as_track(activity.records))
    metres, seconds = _metres(activity, track), track.duration_s
    if not _is_comparable(metres, seconds, activity.timer_s or 0.0):
        return Heard(activity, track, warnings)
    dropped = outvoted(metres, seconds, stuck=_is_stuck(track.speed_mps))
    if not metres.keys() - {"speed", *dropped}:  # a speed alone is no distance
        dropped = []
    if "total" in dropped:
        activity = activity.replaced(distance_m=activity.laps_distance_m, distance_source=None)
        if activity.laps_distance_m is not None:
            activity = activity.replaced(distance_source="laps")
    missing = np.full(track.clock_s.size, np.nan)
    if "distance" in dropped:
        track = replace(track, distance_m=missing)
    if "speed" in dropped:
        track = replace(track, speed_mps=missing)
    return Heard(activity, track, warnings + _named(metres, dropped))


def outvoted(metres: Mapping[str, float], seconds: float, *, stuck: bool = False) -> list[str]:
    """Return the witnesses that are not believed.

    Parameters
    ----------
    metres
        What each tells, by its name in `NAMES` [m]; above zero.
    seconds
        How long it took [s].
    stuck
        Whether the speed never changes.
    """
    camps = {name: _camp(name, metres) for name in NAMES if name in metres}
    largest = max(camps.values(), key=len)
    rivals = [camp for camp in camps.values() if not set(camp) & set(largest)]
    if len(largest) > max([1, *map(len, rivals)]):
        middle = float(np.median([metres[name] for name in largest]))
        return [name for name in metres if _is_outvoted(name, metres[name], middle, largest)]
    anchor = next((n for n in camps if _is_plausible(metres[n], seconds)), "")
    return [
        name
        for name in camps
        if anchor and name != anchor and name in _DROPPABLE
        if _is_ratio_of_units(metres[name], metres[anchor])
        or not _is_plausible(metres[name], seconds)
        or (name == "speed" and stuck and _ratio(metres[name], metres[anchor]) > AGREE)
    ]


def _is_comparable(metres: Mapping[str, float], seconds: float, timer_s: float) -> bool:
    """Whether two disagree on a recording that is long enough and covers what was timed."""
    far, near = max(metres.values(), default=0.0), min(metres.values(), default=0.0)
    timed = seconds >= max(LEAST_S, LEAST_COVER * timer_s)
    return timed and far > max(LEAST_M, AGREE * near)


def _camp(name: str, metres: Mapping[str, float]) -> list[str]:
    return [other for other in metres if _ratio(metres[name], metres[other]) <= AGREE]


def _is_outvoted(name: str, metres: float, middle: float, camp: list[str]) -> bool:
    """Tell whether a camp outvotes a witness; a total falls to laps or positions alone."""
    independent = name != "total" or bool(_INDEPENDENT & set(camp))
    return name in _DROPPABLE and independent and _ratio(metres, middle) > APART


def _ratio(one: float, other: float) -> float:
    return max(one, other) / min(one, other)


def _is_ratio_of_units(one: float, other: float) -> bool:
    return any(abs(_ratio(one, other) / factor - 1) <= SAME_FACTOR for factor in FACTORS)


def _is_plausible(metres: float, seconds: float) -> bool:
    low, high = PLAUSIBLE_MPS
    return not seconds or low <= metres / seconds <= high


def _metres(activity: Activity, track: Track) -> dict[str, float]:
    """Return what each witness tells [m]; one that hardly ever spoke is not asked."""
    claims = {
        "total": activity.distance_m or 0.0,
        "laps": activity.laps_distance_m or 0.0,
        "distance": highest(track.distance_m),
        "positions": _covered(track.latitude) * float(track.steps_m.sum()),
        "speed": _covered(track.speed_mps)
        * float((zero_where_nan(track.speed_mps) * track.step_s).sum()),
    }
    return {name: metres for name, metres in claims.items() if np.isfinite(metres) and metres > 0}


def _covered(values: Floats) -> bool:
    finite = int(np.count_nonzero(np.isfinite(values)))
    return values.size > 0 and finite / values.size >= LEAST_COVER


def _is_stuck(speed: Floats) -> bool:
    return speed.size >= STUCK_RECORDS and highest(speed) == lowest(speed)


def _without_parent(activity: Activity, track: Track) -> tuple[Track, tuple[str, ...]]:
    """Count the distance of a leg from its own start, where it goes on from its parent's."""
    rows = np.flatnonzero(np.isfinite(track.distance_m))
    if not rows.size or track.distance_m[rows[0]] <= PARENT_FROM_M:
        return track, ()
    first, before = rows[0], float(track.distance_m[rows[0]])
    times = activity.records.time
    start = np.datetime64(activity.started_at.replace(tzinfo=None), "us")
    late_s = float((np.nanmin(times) - start) / np.timedelta64(1, "s")) + track.clock_s[first]
    if before <= PARENT_FROM_M + PARENT_MPS * max(late_s, 0.0):
        return track, ()
    if activity.distance_m is not None:
        return replace(track, distance_m=track.distance_m - before), ()
    text = f"the distance in its records begins at {before / 1000:.2f} km; it is counted from there"
    return replace(track, distance_m=track.distance_m - before), (text,)


def _named(metres: Mapping[str, float], dropped: list[str]) -> tuple[str, ...]:
    believed = next((name for name in NAMES if name in metres and name not in dropped), "")
    return tuple(
        f"{NAMES[name]} says {_km(metres[name])} km where {NAMES[believed]} say"
        f"{'s' if believed in _DROPPABLE else ''} {_km(metres[believed])} km: left out"
        for name in dropped
    )


def _km(metres: float) -> str:
    return f"{metres / 1000:.2f}" if metres >= 100 else f"{metres / 1000:.3f}"
