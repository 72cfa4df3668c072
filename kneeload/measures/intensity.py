"""Published formulas of intensity and training load, vectorised; no state, no settings.

Array arguments may be scalars, arrays or Series; NaN stays NaN.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from kneeload.arrays import Floats

MAX_GRADE = 0.45
LEVEL_COST = 3.6
FACTOR_FLOOR = 0.85
RIEGEL_EXPONENT = 1.06


@dataclass(frozen=True)
class Banister:
    """Weights of Banister's TRIMP: per minute ``HRr * k * exp(b * HRr)``."""

    k: float
    b: float


MEN = Banister(k=0.64, b=1.92)
WOMEN = Banister(k=0.86, b=1.67)
EDWARDS_EDGES = (50.0, 60.0, 70.0, 80.0, 90.0)


def banister_weights(sex: Literal["female", "male"] | None) -> Banister:
    """Return the pair of weights for a sex; if unknown, the male pair, which gives less load."""
    return WOMEN if sex == "female" else MEN


def heart_rate_reserve(bpm: npt.ArrayLike, rest: float, highest: float) -> Floats:
    """Return heart rate as a fraction of the reserve, clipped to the range from 0 to 1.

    Parameters
    ----------
    bpm
        Heart rate [1/min].
    rest, highest
        Resting and maximal heart rate [1/min].
    """
    fraction = (np.asarray(bpm, dtype=np.float64) - rest) / (highest - rest)
    return np.clip(fraction, 0.0, 1.0)


def banister_per_min(reserve: npt.ArrayLike, weights: Banister = MEN) -> Floats:
    """Return Banister's TRIMP of one minute at a fraction of the heart rate reserve.

    Sum it over the samples; never apply it to a run's mean, because the weight rises faster than
    the heart rate. Evidence: convention (weights from blood lactate in the laboratory).

    References
    ----------
    Morton RH, Fitz-Clarke JR, Banister EW. J Appl Physiol 1990;69:1171-1177.
    """
    fraction = np.asarray(reserve, dtype=np.float64)
    result: Floats = fraction * weights.k * np.exp(weights.b * fraction)
    return result


def percent_of_max(bpm: npt.ArrayLike, highest: float) -> Floats:
    """Return heart rate as a percentage of the maximal heart rate."""
    result: Floats = 100.0 * np.asarray(bpm, dtype=np.float64) / highest
    return result


def edwards_per_min(percent: npt.ArrayLike) -> Floats:
    """Return Edwards' TRIMP of one minute: 1 to 5 from 50 % of HRmax in steps of ten, 0 below.

    Evidence: convention. Edwards S. The Heart Rate Monitor Book. 1993.
    """
    return steps_reached(percent, EDWARDS_EDGES)


def zone(percent: npt.ArrayLike) -> Floats:
    """Return the zone, 1 to 5: below 60 %, then steps of ten up to 90 % of HRmax and above."""
    return steps_reached(percent, EDWARDS_EDGES[1:]) + 1.0


def session_rpe(rpe: npt.ArrayLike, minutes: npt.ArrayLike) -> Floats:
    """Return session load: perceived exertion (CR-10, 0 to 10) times minutes.

    References
    ----------
    Foster C et al. J Strength Cond Res 2001;15(1):109-115.
    """
    result: Floats = np.asarray(rpe, dtype=np.float64) * np.asarray(minutes, dtype=np.float64)
    return result


def tanaka_hr_max(age: float) -> float:
    """Return the maximal heart rate expected at an age [1/min], with an SD of 10 to 12.

    References
    ----------
    Tanaka H, Monahan KD, Seals DR. J Am Coll Cardiol 2001;37:153-156.
    """
    return 208.0 - 0.7 * age


def minetti_cost(grade: npt.ArrayLike) -> Floats:
    """Return the energy cost of running on a slope [J/kg/m].

    Parameters
    ----------
    grade
        Slope as a fraction, cut to -0.45 to 0.45, the range that was measured.

    References
    ----------
    Minetti AE et al. J Appl Physiol 2002;93:1039-1046. doi:10.1152/japplphysiol.01177.2001
    """
    i = np.clip(np.asarray(grade, dtype=np.float64), -MAX_GRADE, MAX_GRADE)
    cost: Floats = ((((155.4 * i - 30.4) * i - 43.3) * i + 46.3) * i + 19.5) * i + LEVEL_COST
    return cost


def grade_factor(grade: npt.ArrayLike, floor: float = FACTOR_FLOOR) -> Floats:
    """Return the cost of a slope divided by that of level ground, but never below a minimum.

    The floor of 0.85 is an assumption: real runners brake downhill, where the treadmill's cost
    falls to one half. Metabolic cost says nothing about the knee.
    """
    return np.maximum(minetti_cost(grade) / LEVEL_COST, floor)


def rtss(hours: npt.ArrayLike, speed: npt.ArrayLike, threshold: float) -> Floats:
    """Return the running stress score: 100 for one hour at threshold speed.

    Parameters
    ----------
    hours
        Moving time [h].
    speed
        Normalised grade-adjusted speed [m/s].
    threshold
        Speed sustainable for about an hour [m/s].
    """
    factor = np.asarray(speed, dtype=np.float64) / threshold
    result: Floats = np.asarray(hours, dtype=np.float64) * factor**2 * 100.0
    return result


def riegel_speed(speed: npt.ArrayLike, seconds: npt.ArrayLike, over_s: float = 3600.0) -> Floats:
    """Return the speed [m/s] you could hold for `over_s` seconds, by a best effort of `seconds`.

    References
    ----------
    Riegel PS. American Scientist 1981;69(3):285-290 (t2 = t1 * (d2 / d1)^1.06).
    """
    ratio = over_s / np.asarray(seconds, dtype=np.float64)
    result: Floats = np.asarray(speed, dtype=np.float64) * ratio ** (1 / RIEGEL_EXPONENT - 1)
    return result


def steps_reached(values: npt.ArrayLike, edges: tuple[float, ...]) -> Floats:
    """Count the edges at or below each value, NaN where there is no value."""
    numbers = np.asarray(values, dtype=np.float64)
    steps = np.digitize(numbers, np.asarray(edges)).astype(np.float64)
    return np.where(np.isnan(numbers), np.nan, steps)
