"""What a runner's intensity is measured against, and where each of these numbers came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from kneeload.measures.intensity import riegel_speed, tanaka_hr_max
from kneeload.model import RUNNING_SPORTS

if TYPE_CHECKING:
    import datetime as dt

    import pandas as pd

    from kneeload.arrays import Bools, Floats
    from kneeload.settings import Settings

OBSERVED_DAYS = 365
PEAK_DAYS = 730
PEAK_NEAR_BPM, PEAK_RUNS = 5.0, 2
HIGHEST_BPM = 220.0
TANAKA_MARGIN_BPM = 5.0
ASSUMED_REST_BPM = 60.0
# mean age of 5,205 runners, doi:10.1136/bjsports-2024-109380
ASSUMED_AGE = 45.8
EFFORT_S = (1200.0, 10_800.0)

Source = Literal["setting", "observed", "tanaka", "assumed", ""]


@dataclass(frozen=True, kw_only=True)
class References:
    """Reference values with their sources; NaN and an empty source where there is none.

    Parameters
    ----------
    hr_max, hr_rest
        Maximal and resting heart rate [1/min].
    hr_max_date
        Date of the run that set an observed one, else ``None``.
    threshold_mps
        Speed sustainable for about an hour [m/s].
    """

    hr_max: float
    hr_max_source: Source
    hr_rest: float
    hr_rest_source: Source
    threshold_mps: float
    threshold_source: Source
    hr_max_date: dt.date | None = None


def references(runs: pd.DataFrame, settings: Settings) -> References:
    """Return what intensity is measured against, one set for the whole log so that weeks compare.

    Parameters
    ----------
    runs
        With the columns `hr_peak_bpm` and `ngp_mps` that `with_loads` adds.
    settings
        The runner's own values win.

    Notes
    -----
    HRmax: the highest 30-s median of the 24 months before the last run that at least two other runs
    come within 5 of, so that one faulty sensor cannot set it, where that exceeds Tanaka's estimate
    less 5; else the estimate (220 and more is not believed). Without a birth year the estimate is
    that of 45.8 years, the mean of a large cohort. Resting heart rate: 60 where it is not set.
    Threshold: the best normalised speed of the last twelve months over 20 min to 3 h, brought to
    one hour by Riegel's exponent. The choice is an assumption.
    """
    recent = _recent(runs)
    hr_max, hr_max_source, hr_max_date = _hr_max(runs, recent, settings)
    rest_source: Source = "setting" if settings.hr_rest else "assumed"
    threshold, threshold_source = _threshold(runs, recent, settings)
    return References(
        hr_max=hr_max,
        hr_max_source=hr_max_source,
        hr_max_date=hr_max_date,
        hr_rest=settings.hr_rest or ASSUMED_REST_BPM,
        hr_rest_source=rest_source,
        threshold_mps=threshold,
        threshold_source=threshold_source,
    )


def _recent(runs: pd.DataFrame) -> Bools:
    return within(runs, ~runs["suspect"].to_numpy(dtype=bool), OBSERVED_DAYS)


def _hr_max(
    runs: pd.DataFrame, recent: Bools, settings: Settings
) -> tuple[float, Source, dt.date | None]:
    if settings.hr_max:
        return settings.hr_max, "setting", None
    observed, date = confirmed_peak(runs)
    known_age = settings.birth_year is not None and bool(recent.any())
    expected = tanaka_hr_max(_age(runs, recent, settings) if known_age else ASSUMED_AGE)
    if observed > expected - TANAKA_MARGIN_BPM:
        return observed, "observed", date
    return expected, "tanaka" if known_age else "assumed", None


def confirmed_peak(runs: pd.DataFrame) -> tuple[float, dt.date | None]:
    """Return the highest peak heart rate that two other runs come near, and the day it was run.

    NaN and ``None`` where no three runs of the 24 months agree within 5 beats.
    """
    peaks = runs["hr_peak_bpm"].to_numpy(dtype=np.float64)
    with np.errstate(invalid="ignore"):
        real = ~runs["suspect"].to_numpy(dtype=bool) & (peaks < HIGHEST_BPM)
    rows = np.flatnonzero(within(runs, real, PEAK_DAYS))
    rows = rows[np.argsort(-peaks[rows], kind="stable")]
    near = (np.abs(peaks[rows][:, None] - peaks[rows]) <= PEAK_NEAR_BPM).sum(axis=1) - 1
    confirmed = rows[near >= PEAK_RUNS]
    if not confirmed.size:
        return float("nan"), None
    return float(peaks[confirmed[0]]), runs["local_date"].iloc[confirmed[0]].date()


def _age(runs: pd.DataFrame, recent: Bools, settings: Settings) -> int:
    return int(runs["local_date"][recent].max().year) - (settings.birth_year or 0)


def _threshold(runs: pd.DataFrame, recent: Bools, settings: Settings) -> tuple[float, Source]:
    if settings.threshold_pace:
        return 1000.0 / settings.threshold_pace, "setting"
    seconds = runs["moving_s"].to_numpy(dtype=np.float64)
    efforts = recent & is_running(runs)
    efforts &= (seconds >= EFFORT_S[0]) & (seconds <= EFFORT_S[1])
    speeds = riegel_speed(runs["ngp_mps"].to_numpy(dtype=np.float64)[efforts], seconds[efforts])
    best = _highest(speeds)
    return best, "" if np.isnan(best) else "observed"


def is_running(runs: pd.DataFrame) -> Bools:
    """Return which activities are running."""
    return np.array([sport in RUNNING_SPORTS for sport in runs["sport"].tolist()], dtype=np.bool_)


def within(runs: pd.DataFrame, is_candidate: Bools, days: int) -> Bools:
    """Return which of the counted runs lie in the last `days` days up to the newest of them."""
    dates = runs["local_date"].to_numpy().astype("datetime64[D]")
    numbers = np.where(np.isnat(dates), np.iinfo(np.int64).min // 2, dates.astype(np.int64))
    recent: Bools = is_candidate & (numbers > numbers[is_candidate].max(initial=0) - days)
    return recent


def _highest(values: Floats) -> float:
    finite = values[np.isfinite(values)]
    return float(finite.max()) if finite.size else float("nan")
