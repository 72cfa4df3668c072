"""Time in the easy, moderate and hard band, from heart rate or, where there is none, from pace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from kneeload.arrays import ratio
from kneeload.measures.baselines import is_running
from kneeload.measures.intensity import EDWARDS_EDGES, percent_of_max, steps_reached

if TYPE_CHECKING:
    import pandas as pd

    from kneeload.arrays import Floats, Ints
    from kneeload.measures.baselines import References
    from kneeload.measures.profile import Profiles
    from kneeload.settings import Settings

ENOUGH_SHARE = 0.8


def bands(
    frame: pd.DataFrame, profiles: Profiles, refs: References, settings: Settings
) -> dict[str, Any]:
    """Return `easy_min, moderate_min, hard_min`, what they come from and the share of time covered.

    Minutes come from heart rate if it covers 80 % of the moving time, otherwise from
    grade-adjusted pace in running sports, otherwise from the heart rate there is. By default the
    moderate band starts at 80 % and the hard one at 90 % of HRmax, or at 85 % and 100 % of
    threshold speed. These conventions are used in place of the two ventilatory thresholds, which
    only a laboratory can measure.
    """
    heart = _heart(profiles, refs, settings)
    pace = _pace(frame, profiles, refs, settings)
    seconds = frame["moving_s"].to_numpy(dtype=np.float64)
    by_heart = _share(heart, seconds) >= ENOUGH_SHARE
    by_pace = ~by_heart & (pace.sum(axis=0) > 0)
    by_heart |= ~by_pace & (heart.sum(axis=0) > 0)
    minutes = np.where(by_heart, heart, pace) / 60
    minutes[:, ~(by_heart | by_pace)] = np.nan
    return {
        **dict(zip(("easy_min", "moderate_min", "hard_min"), minutes, strict=True)),
        "band_source": np.where(by_heart, "heart", np.where(by_pace, "pace", "")),
        "band_share": _share(minutes * 60, seconds),
    }


def zones(profiles: Profiles, refs: References) -> dict[str, Floats]:
    """Return `zone_1_min` to `zone_5_min`, NaN where there is no heart rate.

    Zones start at 60, 70, 80 and 90 % of HRmax (convention; Edwards 1993).
    """
    percent = percent_of_max(profiles.heart_bpm, refs.hr_max)
    edges = EDWARDS_EDGES[1:]
    minutes = _split(profiles, profiles.heart_run, percent, profiles.heart_s, edges) / 60
    minutes[:, minutes.sum(axis=0) == 0] = np.nan
    return {f"zone_{i}_min": row for i, row in enumerate(minutes, 1)}


def _heart(profiles: Profiles, refs: References, settings: Settings) -> Floats:
    percent = percent_of_max(profiles.heart_bpm, refs.hr_max)
    edges = _edges("hr", settings)
    return _split(profiles, profiles.heart_run, percent, profiles.heart_s, edges)


def _pace(frame: pd.DataFrame, profiles: Profiles, refs: References, settings: Settings) -> Floats:
    percent = 100 * profiles.adjusted_mps / refs.threshold_mps
    edges = _edges("pace", settings)
    seconds = _split(profiles, profiles.adjusted_run, percent, profiles.adjusted_s, edges)
    return seconds * is_running(frame)


def _edges(kind: str, settings: Settings) -> tuple[float, ...]:
    names = (f"bands.{kind}_moderate_pct", f"bands.{kind}_hard_pct")
    return tuple(sorted(settings.threshold(name) for name in names))


def _split(
    profiles: Profiles, run: Ints, percent: Floats, seconds: Floats, edges: tuple[float, ...]
) -> Floats:
    """Return each run's seconds below, between and above the edges, one row each."""
    reached, steps = steps_reached(percent, edges), len(edges) + 1
    place = run * steps + np.nan_to_num(reached).astype(np.int64)
    # One bin a run and step; seconds of unknown step weigh nothing.
    weights = np.where(np.isnan(reached), 0.0, seconds)
    sums = np.bincount(place, weights=weights, minlength=profiles.runs * steps)
    return np.ascontiguousarray(sums.reshape(profiles.runs, steps).T)


def _share(parts: Floats, seconds: Floats) -> Floats:
    """Return how much of the moving time the parts cover, 1 at most."""
    return np.minimum(ratio(parts.sum(axis=0), seconds), 1.0)
