"""Training load of every run by one method, so that weeks compare."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kneeload.arrays import ratio
from kneeload.calendar import day_numbers
from kneeload.frames import MEASURED, RUNS, conform
from kneeload.measures import intensity
from kneeload.measures.bands import bands, zones
from kneeload.measures.baselines import is_running, references, within
from kneeload.measures.knee_load import knee_columns
from kneeload.measures.plugin_loads import other_loads
from kneeload.measures.profile import unpack
from kneeload.measures.relative_load import to_usual_run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kneeload.arrays import Bools, Floats, Ints
    from kneeload.measures.baselines import References
    from kneeload.measures.profile import Profiles
    from kneeload.settings import Settings

COMPUTED = ("load", "load_method", "knee_load", "easy_min", "moderate_min", "hard_min")
"""The columns of `kneeload.frames.RUNS` that `with_loads` fills."""

METHODS = ("banister", "edwards", "srpe", "rtss")
AUTOMATIC = ("banister", "srpe", "rtss")
COVERED_SHARE = 0.8
RECENT_DAYS = 56
LEAST_PAIRS = 3
BRIDGE_DAYS = 183
BRIDGE_RUNS = 20

Loads = dict[str, "Floats"]
_GIVEN = {name: column for name, column in RUNS.items() if name not in COMPUTED}


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
        `runs` with `load, load_method, knee_load, easy_min, moderate_min, hard_min` filled, and
        behind them the columns of `kneeload.frames.MEASURED`.

    Notes
    -----
    One method is used for the whole log: the one you set, or the first of Banister, session RPE
    and rTSS that covers 80 % of the moving time of the last eight weeks, otherwise the one that
    covers most. Banister comes first because it rests on a measurement every second; rTSS comes
    last because it knows only pace. A run without the method's input is estimated and marked
    ``~``: from mean heart rate or mean speed, otherwise from another method by the median ratio of
    your own runs that have both within twelve months (the nearest 20 if those are fewer),
    otherwise from moving time in the same way. Other sports are never estimated. All of these
    choices are assumptions.
    """
    stacked = unpack(profiles)
    frame = _with_scalars(runs, stacked)
    refs = references(frame, settings)
    measured = _measured(frame, stacked, refs, settings)
    other = other_loads(measured, settings)
    exact = measured_loads(frame, stacked, refs, settings) | other
    unknown = dict.fromkeys(other, np.full(len(frame), np.nan))
    rough = rough_loads(frame, refs, settings) | unknown
    method = settings.load_method if settings.load_method in exact else chosen(frame, exact)
    return measured.assign(**_filled(method, exact, rough, frame))


def _with_scalars(runs: pd.DataFrame, profiles: Profiles) -> pd.DataFrame:
    frame = conform(runs, _GIVEN)
    heart_s = profiles.total(profiles.heart_run, profiles.heart_s)
    return frame.assign(
        hr_peak_bpm=profiles.scalars["peak_bpm"],
        ngp_mps=profiles.scalars["ngp_mps"],
        heart_share=np.minimum(ratio(heart_s, _numbers(frame, "moving_s")), 1),
    )


def _measured(
    frame: pd.DataFrame, profiles: Profiles, refs: References, settings: Settings
) -> pd.DataFrame:
    """Return all columns in their order, the loads yet empty."""
    knee = knee_columns(frame, profiles)
    knee_load = np.where(_suspect(frame), np.nan, knee["knee_load"])
    columns: dict[str, Any] = {
        **{str(name): column for name, column in frame.items()},
        "load": np.nan,
        "load_method": "",
        **bands(frame, profiles, refs, settings),
        **zones(profiles, refs),
        **knee,
        "knee_relative": to_usual_run(day_numbers(frame["local_date"]), knee_load),
    }
    further = (name for name in columns if name not in RUNS and name not in MEASURED)
    ordered = [*RUNS, *further, *MEASURED]
    return pd.DataFrame({name: columns[name] for name in ordered}, index=frame.index)


def measured_loads(
    frame: pd.DataFrame, profiles: Profiles, refs: References, settings: Settings
) -> Loads:
    """Return the load of each run by each method, NaN where its input was not measured.

    Heart rate must cover 80 % of the moving time; what is missing is taken to be like the rest
    (assumption).
    """
    share = _numbers(frame, "heart_share")
    # Scale up to the whole run, as if the minutes without heart rate were like the others.
    scale = np.where(share >= COVERED_SHARE, 1 / np.maximum(share, COVERED_SHARE), np.nan)
    per_min = _heart_per_min(np.arange(256.0), refs, settings)
    weights = {name: table[profiles.heart_bpm] for name, table in per_min.items()}
    minutes = profiles.heart_s / 60
    heart = {n: profiles.total(profiles.heart_run, w * minutes) * scale for n, w in weights.items()}
    srpe = intensity.session_rpe(_numbers(frame, "rpe"), _minutes(frame))
    return heart | {"srpe": srpe, "rtss": _pace_load(frame, _numbers(frame, "ngp_mps"), refs)}


def rough_loads(frame: pd.DataFrame, refs: References, settings: Settings) -> Loads:
    """Return loads from mean heart rate and mean speed, for runs of which only totals are known."""
    minutes = _minutes(frame)
    heart = _heart_per_min(_numbers(frame, "avg_hr_bpm"), refs, settings)
    speed = ratio(1000 * _numbers(frame, "distance_km"), _numbers(frame, "moving_s"))
    unknown = np.full(len(frame), np.nan)
    loads = {name: per_min * minutes for name, per_min in heart.items()}
    return loads | {"srpe": unknown, "rtss": _pace_load(frame, speed, refs)}


def chosen(frame: pd.DataFrame, loads: Loads) -> str:
    """Return the method that carries the log: the first that covers the recent weeks well."""
    valid = is_running(frame) & ~_suspect(frame)
    recent = within(frame, valid, RECENT_DAYS)
    seconds = np.where(recent, np.nan_to_num(_numbers(frame, "moving_s")), 0.0)
    covered = {name: float(seconds[np.isfinite(loads[name])].sum()) for name in AUTOMATIC}
    enough = [name for name in AUTOMATIC if covered[name] >= COVERED_SHARE * seconds.sum() > 0]
    return enough[0] if enough else max(AUTOMATIC, key=lambda name: covered[name])


def _filled(method: str, exact: Loads, rough: Loads, frame: pd.DataFrame) -> dict[str, Any]:
    """Return the method's load with the gaps of runs estimated, and how each got it."""
    load, minutes = np.where(is_running(frame), exact[method], np.nan), _minutes(frame)
    day, exact_load = day_numbers(frame["local_date"]), load
    others = [name for name in METHODS if name != method]
    estimates = [rough[method]]
    estimates += [bridged(day, exact_load, exact[n], rough[n], LEAST_PAIRS) for n in others]
    estimates += [bridged(day, exact_load, minutes, minutes, 1)]
    for estimate in estimates:
        load = np.where(np.isfinite(load), load, estimate)
    measured = np.isfinite(exact[method])
    load = np.where(measured, exact[method], np.where(is_running(frame), load, np.nan))
    names = np.where(measured, method, np.where(np.isfinite(load), f"~{method}", ""))
    return {"load": load, "load_method": names}


def bridged(day: Ints, load: Floats, other: Floats, rough: Floats, least: int) -> Floats:
    """Return another method's load in units of this one, by the runs of the year around with both.

    The ratio of two methods drifts over the years (from 1.55 to 0.60 in eleven years of one
    runner), so a whole log's median would be wrong at both ends.

    Parameters
    ----------
    day
        Day number of each run, in any order.
    load, other
        Loads by the two methods, NaN where not measured.
    rough
        Stands in for `other` where that is not measured.
    least
        Runs with both below which nothing is estimated.
    """
    ratios = ratio(load, other)
    order = np.argsort(day, kind="stable")
    pairs = order[np.isfinite(ratios[order])]
    source = np.where(np.isfinite(other), other, rough)
    gaps = np.flatnonzero(~np.isfinite(load) & np.isfinite(source))
    estimate = np.full(load.size, np.nan)
    if pairs.size < least:
        return estimate
    when, share = day[pairs], ratios[pairs]
    for date in np.unique(day[gaps]).tolist():
        rows = gaps[day[gaps] == date]
        usual = float(np.median(share[_around(when, date)]))
        estimate[rows] = source[rows] * usual
    return estimate


def _around(when: Ints, date: int) -> slice:
    """Return the sorted days within half a year of a date, else the nearest twenty."""
    first, end = np.searchsorted(when, [date - BRIDGE_DAYS, date + BRIDGE_DAYS + 1]).tolist()
    if end - first >= BRIDGE_RUNS:
        return slice(first, end)
    nearest = np.argsort(np.abs(when - date), kind="stable")[:BRIDGE_RUNS]
    return slice(int(nearest.min()), int(nearest.max()) + 1)


def _heart_per_min(bpm: Floats, refs: References, settings: Settings) -> Loads:
    """Return the load of a minute at each heart rate, for each method that knows heart rate."""
    if not refs.hr_max > refs.hr_rest:
        return {name: np.full(bpm.size, np.nan) for name in ("banister", "edwards")}
    reserve = intensity.heart_rate_reserve(bpm, refs.hr_rest, refs.hr_max)
    return {
        "banister": intensity.banister_per_min(reserve, intensity.banister_weights(settings.sex)),
        "edwards": intensity.edwards_per_min(intensity.percent_of_max(bpm, refs.hr_max)),
    }


def _pace_load(frame: pd.DataFrame, speed: Floats, refs: References) -> Floats:
    load = intensity.rtss(_numbers(frame, "moving_s") / 3600, speed, refs.threshold_mps)
    return np.where(is_running(frame), load, np.nan)


def _minutes(frame: pd.DataFrame) -> Floats:
    return _numbers(frame, "moving_s") / 60


def _suspect(frame: pd.DataFrame) -> Bools:
    return frame["suspect"].to_numpy(dtype=bool)


def _numbers(frame: pd.DataFrame, name: str) -> Floats:
    return frame[name].to_numpy(dtype=np.float64)
