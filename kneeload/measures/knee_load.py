"""Knee load index: what the kneecap joint saw of a run, by a model built on laboratory studies.

On flat ground at normal cadence the index (m = 1) is distance; it adds information only through
cadence, slope and steps. It has not been validated against injury and has no threshold.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from kneeload.arrays import ratio
from kneeload.calendar import day_numbers
from kneeload.measures.baselines import is_running
from kneeload.measures.own_cadence import own_strides
from kneeload.measures.profile import UNKNOWN, cadences_spm, slopes, speeds_mps

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from kneeload.arrays import Floats
    from kneeload.measures.own_cadence import Stride
    from kneeload.measures.profile import Profiles

PEAK_BW = 5.2
WALKING_BW = 0.9
REFERENCE_MPS = 3.3
PEAK_EXPONENT = 0.55
IMPULSE_EXPONENT = -0.80
IMPULSE_CADENCE_EXPONENT = -1.1
CADENCE_EXPONENT = -1.6
DOWNHILL, UPHILL = 2.0, 0.0
SPEED_RANGE = (1.8, 4.5)
RATIO_RANGE = (0.85, 1.15)
STEEPEST = 0.20
WALKING_SPM, RUNNING_SPM = 120.0, 140.0
WALKING_MPS = 1.8
FAST_RATIO = 1.15
_CELLS = 10_000  # at a time: their dozens of arrays stay in the processor's cache
_POWERS = {"knee_load": 1, "knee_load_m4": 4, "knee_impulse": 1}
FORMS = tuple(_POWERS)
SLOPES = {
    "": (DOWNHILL, UPHILL),
    "_level": (0.0, 0.0),
    "_down": (4.0, 0.0),
    "_up": (0.0, 1.5),
    "_slopes": (4.0, 1.5),
}
"""How much a slope may count, down and up, by the end of a column's name; first the default."""
SENSITIVITIES = tuple(form + slope for slope in SLOPES for form in FORMS)


def step_length_m(speed: npt.ArrayLike) -> Floats:
    """Return the length of one step at a running speed [m/s], fitted to a laboratory's means.

    References
    ----------
    Fitted to step lengths of 16 runners at 2.68, 3.35 and 4.46 m/s (poster, 2015); laboratory.
    """
    length: Floats = 1.205 * (np.asarray(speed, dtype=np.float64) / 3.35) ** 0.58
    return length


def usual_cadence_spm(speed: npt.ArrayLike) -> Floats:
    """Return the cadence of an average runner at a speed [m/s], steps of both feet [1/min]."""
    cadence: Floats = 60.0 * np.asarray(speed, dtype=np.float64) / step_length_m(speed)
    return cadence


def slope_factor(
    grade: npt.ArrayLike, downhill: float = DOWNHILL, uphill: float = UPHILL
) -> Floats:
    """Return how a slope changes the force, as a factor: 1 level, more downhill, maybe less uphill.

    ``1 + downhill * |grade|`` below level and ``1 - uphill * grade`` above, |grade| at most 0.20;
    an unknown slope counts as level. Assumption: the sensitivity range of `downhill` is 0 to 4,
    that of `uphill` 0 to 1.5.
    """
    slope = np.clip(np.nan_to_num(np.asarray(grade, dtype=np.float64)), -STEEPEST, STEEPEST)
    factor: Floats = 1.0 + downhill * np.maximum(-slope, 0.0) - uphill * np.maximum(slope, 0.0)
    return factor


# Steeper slopes count as the steepest, and an unknown one as level, so that a few dozen are left.
_GRADES, _GRADE_OF = np.unique(
    np.clip(np.nan_to_num(slopes()), -STEEPEST, STEEPEST), return_inverse=True
)
_FACTORS = {name: slope_factor(_GRADES, *slope) for name, slope in SLOPES.items()}


def walking_share(cadence: npt.ArrayLike, speed: npt.ArrayLike) -> Floats:
    """Return how much of a stretch is walking: all up to 120 steps a minute, nothing from 140.

    Where cadence is missing, all below 1.8 m/s. Assumption; a sharp limit would make 128 and 132
    steps a minute differ fivefold.
    """
    steps = np.asarray(cadence, dtype=np.float64)
    blend = np.clip((RUNNING_SPM - steps) / (RUNNING_SPM - WALKING_SPM), 0.0, 1.0)
    slow = np.asarray(speed, dtype=np.float64) < WALKING_MPS
    return np.where(np.isnan(steps), slow, blend)


def peak_force_bw(
    speed: npt.ArrayLike, cadence_ratio: npt.ArrayLike = 1.0, grade: npt.ArrayLike = 0.0
) -> Floats:
    """Return the peak patellofemoral force of a running step [body weights].

    Parameters
    ----------
    speed
        [m/s], cut to 1.8 to 4.5.
    cadence_ratio
        Cadence over the runner's own at that speed, cut to 0.85 to 1.15.
    grade
        Slope as a fraction.

    Returns
    -------
    ndarray
        Of the shape that the three make together.

    Examples
    --------
    At 3 m/s on level ground, with the usual cadence and with one 5 % quicker:

    >>> import kneeload
    >>> kneeload.peak_force_bw(3.0, [1.0, 1.05]).round(2)
    array([4.93, 4.56])

    References
    ----------
    Hart HF 2022 doi:10.1136/bjsports-2021-104686 (5.2 body weights); Doyle EW 2023
    doi:10.1080/14763141.2023.2226111 (speed); Lenhart RL 2014 doi:10.1249/MSS.0b013e3182a78c3a
    (cadence). Laboratory; between-person SD about 1.2 body weights.
    """
    v = np.clip(np.asarray(speed, dtype=np.float64), *SPEED_RANGE)
    ratio = np.clip(np.asarray(cadence_ratio, dtype=np.float64), *RATIO_RANGE)
    speed_part = (v / REFERENCE_MPS) ** PEAK_EXPONENT
    force: Floats = PEAK_BW * speed_part * ratio**CADENCE_EXPONENT * slope_factor(grade)
    return force


def impulse_per_km(
    speed: npt.ArrayLike, cadence_ratio: npt.ArrayLike = 1.0, grade: npt.ArrayLike = 0.0
) -> Floats:
    """Return the impulse-style load of a kilometre, 1 on level ground at 3.3 m/s.

    The same parameters as `peak_force_bw`. Slower running has more steps per kilometre, and each
    lasts longer, so that this form falls with speed while the peak rises.

    References
    ----------
    Petersen J 2015 PMID 25552288; Doyle EW 2023 doi:10.1080/14763141.2023.2226111; Hagen 2023
    doi:10.1249/MSS.0000000000003194 (cadence, values second-hand). Laboratory.
    """
    v = np.clip(np.asarray(speed, dtype=np.float64), *SPEED_RANGE)
    ratio = np.clip(np.asarray(cadence_ratio, dtype=np.float64), *RATIO_RANGE)
    speed_part = (v / REFERENCE_MPS) ** IMPULSE_EXPONENT
    load: Floats = speed_part * ratio**IMPULSE_CADENCE_EXPONENT * slope_factor(grade)
    return load


def knee_columns(frame: pd.DataFrame, profiles: Profiles) -> dict[str, Any]:
    """Return the knee load of each running session and the facts that stand beside it.

    The model is summed over the cells of 10-s segments, and scaled to the run's distance where the
    cells cover more or less of it. One unit is a kilometre of the runner's own usual flat running
    (`own_strides`). Missing cadence counts as the runner's own, missing slope as level. Runs
    without samples take the runner's median load per kilometre; `knee_share` is 0 there.

    Returns
    -------
    dict
        `knee_load` (m = 1), `knee_load_m4` (m = 4), `knee_impulse` [km], and each of them with
        other slopes (`SLOPES`); `knee_share,
        cadence_share, grade_share`, how much of the distance or time was measured; `walking_min`,
        `steps` of both feet, `fast_km` (over 1.15 x the usual speed); `usual_mps` and
        `usual_cadence_spm`, the runner's own on that day.
    """
    running = is_running(frame)
    stride = own_strides(day_numbers(frame["local_date"]), running, profiles)
    distance = np.where(running, frame["distance_km"].to_numpy(dtype=np.float64), np.nan)
    parts = [_cell_sums(profiles.of(runs), stride.of(runs)) for runs in profiles.parts(_CELLS)]
    sums = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    cells_km, moving = sums.pop("km"), sums.pop("seconds")
    loads = {name: _scaled(sums[name], cells_km, distance) for name in SENSITIVITIES}
    steps = profiles.scalars["steps"]
    return loads | {
        "knee_share": np.minimum(ratio(cells_km, distance), 1.0),
        "cadence_share": ratio(sums["cadence_s"], moving),
        "grade_share": ratio(sums["grade_s"], moving),
        "walking_min": np.where(moving > 0, sums["walking_s"] / 60, np.nan),
        "steps": np.where(steps > 0, steps, np.nan),
        "fast_km": np.where(moving > 0, sums["fast_km"], np.nan),
        "usual_mps": stride.usual_mps,
        "usual_cadence_spm": stride.usual_spm,
    }


def _cell_sums(profiles: Profiles, stride: Stride) -> dict[str, Floats]:
    """Return the sums over each run's cells."""
    run, seconds = profiles.cell_run, profiles.cell_s
    speed, cadence = speeds_mps()[profiles.cell_speed], cadences_spm()[profiles.cell_cadence]
    unknown = np.isnan(cadence)
    usual_spm = stride.cadence_at(run, speed)
    km = speed * seconds / 1000
    walking = walking_share(cadence, speed)
    steps = np.where(unknown, usual_spm, cadence)
    level = _level_loads(profiles, stride, speed, steps, usual_spm, walking)
    return _sloped(profiles, level) | {
        "km": profiles.total(run, km),
        "seconds": profiles.total(run, seconds),
        "cadence_s": profiles.total(run, np.where(unknown, 0.0, seconds)),
        "grade_s": profiles.total(run, np.where(profiles.cell_grade == UNKNOWN, 0.0, seconds)),
        "walking_s": profiles.total(run, walking * seconds),
        "fast_km": profiles.total(run, np.where(speed > FAST_RATIO * stride.usual_mps[run], km, 0)),
    }


def _level_loads(
    profiles: Profiles,
    stride: Stride,
    speed: Floats,
    cadence: Floats,
    usual_cadence: Floats,
    walking: Floats,
) -> dict[str, Floats]:
    """Return the cells' loads in every form, as if level, in kilometres of usual flat running."""
    run = profiles.cell_run
    afoot = walking * WALKING_BW / PEAK_BW
    running, ratio = 1 - walking, cadence / usual_cadence
    code = profiles.cell_speed
    # Speed and cadence act as factors, so what follows from the speed is looked up by its code.
    by_speed, by_cadence = peak_force_bw(speeds_mps()), peak_force_bw(REFERENCE_MPS, ratio)
    force = afoot + running * by_speed[code] * by_cadence / PEAK_BW**2
    by_speed, by_cadence = impulse_per_km(speeds_mps()), impulse_per_km(REFERENCE_MPS, ratio)
    impulse = afoot + running * by_speed[code] * by_cadence
    steps = cadence * profiles.cell_s / 60
    usual_force = peak_force_bw(stride.usual_mps) / PEAK_BW
    usual_steps = 1000 / 60 * stride.usual_spm / stride.usual_mps
    return {
        "knee_load": steps * force / (usual_steps * usual_force)[run],
        "knee_load_m4": steps * force**4 / (usual_steps * usual_force**4)[run],
        "knee_impulse": speed * profiles.cell_s / 1000 * impulse
        / impulse_per_km(stride.usual_mps)[run],
    }  # fmt: skip


def _sloped(profiles: Profiles, level: dict[str, Floats]) -> dict[str, Floats]:
    """Return the sums of `SENSITIVITIES`: by run and slope first, for one factor is a slope's."""
    place = profiles.cell_run * len(_GRADES) + _GRADE_OF[profiles.cell_grade]
    sums = {}
    for form, load in level.items():
        by_slope = np.bincount(place, load, profiles.runs * len(_GRADES)).reshape(-1, len(_GRADES))
        for name, factors in _FACTORS.items():
            sums[form + name] = np.einsum("ij,j->i", by_slope, factors ** _POWERS[form])
    return sums


def _scaled(load: Floats, cells_km: Floats, distance: Floats) -> Floats:
    """Scale to the run's distance; runs without cells take the median load per kilometre."""
    per_km = ratio(load, cells_km)
    finite = per_km[np.isfinite(per_km) & np.isfinite(distance)]
    usual = float(np.median(finite)) if finite.size else 1.0
    return np.where(np.isfinite(per_km), per_km, usual) * distance
