"""What the runner corrected in an account against what the file says: the account's word counts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kneeload import formatting
from kneeload.measures.plausibility import CLOCK

if TYPE_CHECKING:
    from kneeload.measures.summary import Summary
    from kneeload.model import Activity

# Platforms take over the device's total, but compute that of a track anew: by 1 to 2 % another
# number. Totals without positions differ only where somebody typed. [assumptions]
TRACK_SHARE = 0.02
TYPED_SHARE = 0.005
TYPED_KM = 0.01
# Platforms count whole seconds from other records than kneeload; a crop takes off minutes.
CROPPED_SHARE = 0.05
CROPPED_S = 60.0


def differs(km: float | None, account_km: float | None, share: float = TYPED_SHARE) -> bool:
    """Return whether an account's distance [km] is another one than the file's, not its rounding.

    Where one of them is not known, nothing was corrected.
    """
    if not km or not account_km:
        return False
    return abs(account_km - km) > max(TYPED_KM, share * km)


def corrected(summary: Summary, activity: Activity) -> Summary:
    """Return the numbers of an activity with what its account corrected.

    Distance and time typed or cropped in the account count; the device's distance is kept beside
    it, and a warning names both.
    """
    return _with_time(_with_distance(summary, activity), activity)


def _with_distance(summary: Summary, activity: Activity) -> Summary:
    metres = activity.account_distance_m
    placed = bool(activity.records.placed.any())
    km = None if metres is None else metres / 1000
    if km is None or not differs(summary.distance_km, km, TRACK_SHARE if placed else TYPED_SHARE):
        return summary
    device = formatting.distance(summary.distance_km)
    difference = f"device says {device}, the account {formatting.distance(km)}"
    broken = summary.suspect_reason.startswith(CLOCK)
    return replace(
        summary,
        distance_km=km,
        distance_source="export",
        device_distance_km=summary.distance_km,
        suspect_reason=summary.suspect_reason if broken else "",
        warnings=(*summary.warnings, f"{difference}; the account's value was used"),
    )


def _with_time(summary: Summary, activity: Activity) -> Summary:
    elapsed, device_s = activity.account_elapsed_s, summary.elapsed_s
    if (
        not elapsed
        or not device_s
        or abs(device_s - elapsed) <= max(CROPPED_S, CROPPED_SHARE * device_s)
    ):
        return summary
    difference = (
        f"device says {formatting.duration(device_s)}, the account {formatting.duration(elapsed)}"
    )
    return replace(
        summary,
        elapsed_s=elapsed,
        moving_s=min(activity.account_moving_s or elapsed, elapsed),
        warnings=(*summary.warnings, f"{difference}; the account's value was used"),
    )
