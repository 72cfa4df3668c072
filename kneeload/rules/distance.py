"""Rules on kilometres: the week against its reference, weeks without a cutback, the single run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kneeload.rules.findings import (
    crossing_days,
    graded,
    in_a_row,
    range_max,
    run_flags,
    week_flags,
)
from kneeload.rules.wording import days_in_words, distances, messages
from kneeload.weeks import EPS, lags, ranks, runner_codes

if TYPE_CHECKING:
    import pandas as pd

    from kneeload.settings import Settings
    from kneeload.weeks import Floats, Ints

_DAY_MS = 86_400_000


def ten_percent(weeks: pd.DataFrame, runs: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Flag weeks whose distance exceeds the reference week by more than 10 %.

    A rise is flagged from 3 km on; it is noted above 10 %, warned of above 30 % and an alert
    above 60 %. A running week is flagged as soon as it is over, and never for being under. With
    ``ten_percent.strict`` the reference is the week before, without guard, and all is noted.

    Parameters
    ----------
    weeks
        As `kneeload.weeks.weekly` returns them; distances [km].
    runs
        As `kneeload.weeks.counted` returns them; tell the day on which the limit was crossed.

    References
    ----------
    Evidence grade *convention*. Buist 2008, doi:10.1177/0363546507307505 (trial: not preventive);
    Frandsen 2025, doi:10.1136/bjsports-2024-109380 (cohort: no relationship); 30 %: Nielsen 2014,
    doi:10.2519/jospt.2014.5164; 60 %: Damsted 2019, doi:10.2519/jospt.2019.8541. The reference
    week and the guard of 3 km are assumptions.
    """
    km = weeks["distance_km"].to_numpy().round(2)
    reference, note, warn, alert, guard = _ten_percent_terms(weeks, km, settings)
    limit = reference * note
    least = np.maximum(limit + EPS, reference + guard - EPS)
    hit = (reference > 0) & (km >= least)
    flagged, week, base = weeks.loc[hit], km[hit], reference[hit]
    return week_flags(
        "ten_percent",
        flagged,
        date=crossing_days(weeks, runs, "distance_km", least)[hit],
        severity=graded(week, warn=base * warn + EPS, alert=base * alert + EPS),
        value=week,
        limit=limit[hit],
        unit="km",
        message=messages(
            "{km} in {week} is {pct:.1f} % more than the reference week ({base})",
            km=distances(flagged["distance_km"], settings),
            week=flagged["week"],
            pct=100 * (week / base - 1),
            base=distances(base, settings),
        ),
    )


def _ten_percent_terms(
    weeks: pd.DataFrame, km: Floats, settings: Settings
) -> tuple[Floats, float, float, float, float]:
    """Give the reference [km], the ratios for note, warn and alert, and the least rise [km]."""
    note, warn, alert = (
        1 + settings.threshold(f"ten_percent.{name}_pct") / 100
        for name in ("note", "warn", "alert")
    )
    if settings.threshold("ten_percent.strict"):
        return lags(km, ranks(weeks), 1)[0], note, np.inf, np.inf, 0.0
    reference = weeks["reference_km"].to_numpy()
    return reference, note, warn, alert, settings.threshold("ten_percent.min_rise_km")


def cutback_missing(weeks: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Flag each complete week that ends a streak of five or more without a cutback.

    Noted; warned of where the mean of the streak's last two weeks exceeds 1.05 times that of its
    first two; an alert where such a building streak has lasted eight weeks.

    References
    ----------
    Evidence grade *convention*: coaches' practice of an easier week every third to fifth; no
    trial was found. The signs of building are assumptions.
    """
    streak = training_streak(weeks)
    hit = np.flatnonzero(streak >= settings.threshold("cutback_missing.weeks"))
    length, start = streak[hit], hit - streak[hit] + 1
    km = weeks["distance_km"].to_numpy()
    first, last = (km[start] + km[start + 1]) / 2, (km[hit - 1] + km[hit]) / 2
    building = last > settings.threshold("cutback_missing.build_ratio") * first + EPS
    long = length >= settings.threshold("cutback_missing.alert_weeks")
    return week_flags(
        "cutback_missing",
        weeks.iloc[hit],
        severity=np.select([building & long, building], ["alert", "warn"], "note"),
        value=length.astype(np.float64),
        limit=settings.threshold("cutback_missing.weeks"),
        unit="weeks",
        message=messages(
            "{n} weeks in a row without an easier one, since {week}: the last two weeks average "
            "{last}, the first two {first}",
            n=length,
            week=weeks["week"].iloc[start],
            last=distances(last, settings),
            first=distances(first, settings),
        ),
    )


def training_streak(weeks: pd.DataFrame) -> Ints:
    """Return how many complete weeks with running, up to each, went without a cutback.

    0 where the week itself is empty, running or a cutback.
    """
    complete, runs, cutback = (weeks[n].to_numpy() for n in ("complete", "runs", "cutback"))
    return in_a_row(complete & (runs > 0) & ~cutback, ranks(weeks) == 0)


def long_run_spike(runs: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Flag runs longer than 1.10 times the longest that started in the 30 days before.

    Warned of above 1.10, an alert above 2.00; runs under 3 km are not judged, and without a run
    in the window there is no reference (`return_from_break` speaks there).

    Parameters
    ----------
    runs
        As `kneeload.weeks.counted` returns them; distances [km].

    References
    ----------
    Evidence grade *cohort*. Frandsen 2025, 5,205 runners, doi:10.1136/bjsports-2024-109380:
    hazard rate ratios 1.64 (above 10 to 30 %), 1.52 (above 30 to 100 %), 2.28 (above 100 %).
    Rounding to 0.01 km and the 3 km are assumptions.
    """
    km = runs["distance_km"].to_numpy().round(2)
    before = longest_before(runs, settings.threshold("long_run_spike.window_days"))
    longest = before.round(2)
    warn = settings.threshold("long_run_spike.warn_ratio") * longest
    alert = settings.threshold("long_run_spike.alert_ratio") * longest
    enough = km >= settings.threshold("long_run_spike.min_km") - EPS
    hit = enough & (longest > 0) & (km > warn + EPS)
    flagged = runs.loc[hit]
    return run_flags(
        "long_run_spike",
        flagged,
        settings,
        severity=graded(km[hit], warn=warn[hit] + EPS, alert=alert[hit] + EPS),
        value=km[hit],
        limit=warn[hit],
        unit="km",
        message=messages(
            "{km} on {day} is {ratio:.2f} times the longest run of the "
            "{window:.0f} days before ({longest})",
            km=distances(flagged["distance_km"], settings),
            day=days_in_words(flagged["local_date"]),
            ratio=km[hit] / longest[hit],
            window=[settings.threshold("long_run_spike.window_days")] * len(flagged),
            longest=distances(before[hit], settings),
        ),
    )


def longest_before(runs: pd.DataFrame, window_days: float) -> Floats:
    """Return the longest distance [km] of the runs that started in the window before each run.

    The window holds starts from exactly `window_days` before the run's own, to before it; NaN
    where it is empty.
    """
    start = runs["started_at"].to_numpy("datetime64[ms]").astype(np.int64)
    window = int(window_days * _DAY_MS)
    span = int(start.max(initial=0) - start.min(initial=0)) + window + 1
    key = runner_codes(runs) * span + (start - start.min(initial=0))
    low = np.searchsorted(key, key - window, side="left")
    high = np.searchsorted(key, key, side="left")
    longest = range_max(runs["distance_km"].fillna(-np.inf).to_numpy(), low, high)
    return np.where(np.isfinite(longest), longest, np.nan)
