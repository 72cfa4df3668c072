"""One activity to the numbers that the log keeps of it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from kneeload.measures import movement
from kneeload.measures.heart_rate import LOWEST_BPM, UNREAL_BPM, Heart, clean_heart
from kneeload.measures.plausibility import jump_warning, suspect_reason, without_burst
from kneeload.measures.profile_encoder import pack
from kneeload.measures.resampling import as_grid
from kneeload.measures.span import moved_span_s
from kneeload.measures.witnesses import heard

if TYPE_CHECKING:
    import datetime as dt

    from kneeload.model import Activity, DistanceSource


@dataclass(frozen=True, kw_only=True)
class Summary:
    """What one activity adds up to; ``None`` is "not measured", never zero.

    Parameters
    ----------
    distance_km, distance_source
        Distance [km] and who measured it; empty where nobody did.
    moving_s, elapsed_s
        Timer time less standing still, and start to end [s].
    ascent_m, descent_m
        The device's totals, else from smoothed altitude [m].
    avg_hr_bpm, max_hr_bpm
        Heart rate without artefacts [1/min].
    avg_cadence_spm
        Steps of both feet while moving [1/min].
    suspect_reason
        Why it should not be counted before somebody has looked; empty is fine.
    warnings
        What was odd or repaired here; the activity's own warnings are not repeated.
    profile
        What loads are computed from without the file, see `kneeload.measures.profile`.
    moved_from_s, moved_until_s
        When movement began and ended [s] after the start; no end where no record tells it.
    device_distance_km
        What the device measured [km], where an account's correction counts.
    """

    distance_km: float | None
    distance_source: DistanceSource | Literal[""]
    moving_s: float | None
    elapsed_s: float | None
    ascent_m: float | None
    descent_m: float | None
    avg_hr_bpm: float | None
    max_hr_bpm: float | None
    avg_cadence_spm: float | None
    suspect_reason: str
    warnings: tuple[str, ...]
    profile: bytes
    moved_from_s: float = 0.0
    moved_until_s: float | None = None
    device_distance_km: float | None = None


def summarise(activity: Activity, now: dt.datetime | None = None) -> Summary:
    """Return the numbers of one activity.

    The device's totals win over recomputed ones. Nothing in the samples makes this raise: what is
    odd is repaired where the file tells how, else it becomes a warning or a reason for suspicion.

    Parameters
    ----------
    activity
        As decoded, all samples included.
    now
        Instant after which a start lies in the future (aware); ``None`` leaves that unchecked.
    """
    hearing = heard(activity)
    activity, track = hearing.activity, hearing.track
    heart, distance = clean_heart(track), movement.distance(activity, track)
    grid, burst = without_burst(activity, as_grid(track))
    moving = movement.moving_s(activity, track, grid)
    began_s, ended_s = moved_span_s(activity, track, grid)
    ascent, descent = movement.climb_m(grid)
    return Summary(
        distance_km=None if distance.metres is None else distance.metres / 1000,
        distance_source=distance.source,
        moving_s=moving,
        elapsed_s=movement.elapsed_s(activity, track),
        ascent_m=_first(activity.ascent_m, ascent),
        descent_m=_first(activity.descent_m, descent),
        avg_hr_bpm=_first(heart.mean_bpm, _real(activity.avg_hr_bpm)),
        max_hr_bpm=_first(heart.max_bpm, _real(activity.max_hr_bpm)),
        avg_cadence_spm=_first(movement.mean_cadence(grid), activity.avg_cadence_spm),
        suspect_reason=suspect_reason(
            activity, track, grid, distance_m=distance.metres, moving_s=moving, now=now
        ),
        warnings=(
            *track.warnings,
            *hearing.warnings,
            *distance.warnings,
            *jump_warning(activity, track, distance.metres),
            *burst,
            *_locked(heart),
        ),
        profile=pack(grid, heart),
        moved_from_s=began_s,
        moved_until_s=ended_s,
    )


def _locked(heart: Heart) -> tuple[str, ...]:
    if not heart.locked_s:
        return ()
    minutes = f"{heart.locked_s / 60:.0f} min"
    return (f"heart rate was equal to cadence for {minutes}; those minutes have no heart rate",)


def _real(bpm: float | None) -> float | None:
    return bpm if bpm is not None and LOWEST_BPM <= bpm < UNREAL_BPM else None


def _first(*values: float | None) -> float | None:
    """Return the first value that is a number."""
    return next((float(v) for v in values if v is not None and math.isfinite(v)), None)
