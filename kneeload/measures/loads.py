"""Training load of every run by one method, so that weeks compare."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kneeload.frames import RUNS, conform
from kneeload.measures import intensity
from kneeload.measures.arrays import ratio
from kneeload.measures.bands import bands
from kneeload.measures.knee import knee_columns
from kneeload.measures.profile import unpack
from kneeload.measures.references import is_running, references, within

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from kneeload.measures.arrays import Bools, Floats
    from kneeload.measures.profile import Profiles
    from kneeload.measures.references import References
    from kneeload.settings import Settings

METHODS = ("banister", "edwards", "srpe", "rtss")
AUTOMATIC = ("banister", "srpe", "rtss")
COVERED_SHARE = 0.8
RECENT_DAYS = 56
LEAST_PAIRS = 3

Loads = dict[str, "Floats"]


def with_loads(runs: pd.DataFrame, profiles: Sequence[bytes], settings: Settings) -> pd.DataFrame:
    """Return the runs with load, intensity bands and knee load.

    Parameters
    ----------
    runs
        Columns of `kneeload.frames.RUNS`, any sport.
    profiles
        Each run's profile, in the order of `runs`.
    settings
        Reference values, method and cut-offs.

    Returns
    -------
    pandas.DataFrame
        `runs` with `load, load_method, knee_load, easy_min, moderate_min, hard_min` filled and
        behind them `hr_peak_bpm, ngp_mps, heart_share, band_source, band_share` and the columns of
        `kneeload.measures.knee.knee_columns`.

    Notes
    -----
    One method carries the whole log: the setting's, or the first of Banister, session RPE and rTSS
    that covers 80 % of the moving time of the last eight weeks, else the one that covers most.
    Banister is first since it rests on what was measured at every second, rTSS is last since it
    knows nothing but pace. Runs without the method's input are estimated, marked ``~``: from mean
    heart rate or mean speed, else from another method by the median ratio of the runner's own runs
    that have both, else from moving time. Assumptions, all of these choices.
    """
    stacked = unpack(profiles)
    seconds = _numbers(runs, "moving_s")
    heart_share = np.minimum(ratio(stacked.total(stacked.heart_run, stacked.heart_s), seconds), 1)
    frame = conform(runs, RUNS).assign(
        hr_peak_bpm=stacked.scalars["peak_bpm"],
        ngp_mps=stacked.scalars["ngp_mps"],
        heart_share=heart_share,
    )
    known = references(frame, settings)
    exact = measured_loads(frame, stacked, known, settings)
    method = settings.load_method if settings.load_method != "auto" else chosen(frame, exact)
    load, measured = _filled(method, exact, rough_loads(frame, known, settings), seconds / 60)
    names = np.where(measured, method, np.where(np.isfinite(load), f"~{method}", ""))
    return frame.assign(
        load=load,
        load_method=names,
        **bands(frame, stacked, known, settings),
        **knee_columns(frame, stacked),
    )


def measured_loads(
    frame: pd.DataFrame, profiles: Profiles, known: References, settings: Settings
) -> Loads:
    """Return the load of each run by each method, NaN where its input was not measured.

    Heart rate must cover 80 % of the moving time; what is missing is taken to be like the rest
    (assumption).
    """
    share = _numbers(frame, "heart_share")
    scale = np.where(share >= COVERED_SHARE, 1 / np.maximum(share, COVERED_SHARE), np.nan)
    per_min = _heart_per_min(np.arange(256.0), known, settings)
    weights = {name: table[profiles.heart_bpm] for name, table in per_min.items()}
    minutes = profiles.heart_s / 60
    heart = {n: profiles.total(profiles.heart_run, w * minutes) * scale for n, w in weights.items()}
    srpe = intensity.session_rpe(_numbers(frame, "rpe"), _numbers(frame, "moving_s") / 60)
    return heart | {"srpe": srpe, "rtss": _pace_load(frame, _numbers(frame, "ngp_mps"), known)}


def rough_loads(frame: pd.DataFrame, known: References, settings: Settings) -> Loads:
    """Return loads from mean heart rate and mean speed, for runs of which only totals are known."""
    minutes = _numbers(frame, "moving_s") / 60
    heart = _heart_per_min(_numbers(frame, "avg_hr_bpm"), known, settings)
    speed = ratio(1000 * _numbers(frame, "distance_km"), _numbers(frame, "moving_s"))
    unknown = np.full(len(frame), np.nan)
    loads = {name: per_min * minutes for name, per_min in heart.items()}
    return loads | {"srpe": unknown, "rtss": _pace_load(frame, speed, known)}


def chosen(frame: pd.DataFrame, loads: Loads) -> str:
    """Return the method that carries the log: the first that covers the recent weeks well."""
    counted = is_running(frame) & ~frame["suspect"].to_numpy(dtype=bool)
    recent = within(frame, counted, RECENT_DAYS)
    seconds = np.where(recent, np.nan_to_num(_numbers(frame, "moving_s")), 0.0)
    covered = {name: float(seconds[np.isfinite(loads[name])].sum()) for name in AUTOMATIC}
    enough = [name for name in AUTOMATIC if covered[name] >= COVERED_SHARE * seconds.sum() > 0]
    return enough[0] if enough else max(AUTOMATIC, key=lambda name: covered[name])


def _filled(method: str, exact: Loads, rough: Loads, minutes: Floats) -> tuple[Floats, Bools]:
    """Return the method's load with gaps estimated, and where it was measured."""
    load = exact[method]
    measured = np.isfinite(load)
    others = [name for name in METHODS if name != method]
    estimates = [rough[method]]
    estimates += [_related(load, exact[n], rough[n], LEAST_PAIRS) for n in others]
    estimates += [_related(load, minutes, minutes, 1)]
    for estimate in estimates:
        load = np.where(np.isfinite(load), load, estimate)
    return load, measured


def _related(load: Floats, other: Floats, rough: Floats, least: int) -> Floats:
    """Return another method's load in units of this one, by the median ratio of runs with both."""
    ratios = ratio(load, other)
    ratios = ratios[np.isfinite(ratios)]
    if ratios.size < least:
        return np.full(load.size, np.nan)
    return np.where(np.isfinite(other), other, rough) * float(np.median(ratios))


def _heart_per_min(bpm: Floats, known: References, settings: Settings) -> Loads:
    """Return the load of a minute at each heart rate, for each method that knows heart rate."""
    if not known.hr_max > known.hr_rest:
        return {name: np.full(bpm.size, np.nan) for name in ("banister", "edwards")}
    reserve = intensity.heart_rate_reserve(bpm, known.hr_rest, known.hr_max)
    return {
        "banister": intensity.banister_per_min(reserve, intensity.banister_weights(settings.sex)),
        "edwards": intensity.edwards_per_min(intensity.percent_of_max(bpm, known.hr_max)),
    }


def _pace_load(frame: pd.DataFrame, speed: Floats, known: References) -> Floats:
    load = intensity.rtss(_numbers(frame, "moving_s") / 3600, speed, known.threshold_mps)
    return np.where(is_running(frame), load, np.nan)


def _numbers(frame: pd.DataFrame, name: str) -> Floats:
    return frame[name].to_numpy(dtype=np.float64)
