"""Rules on kilometres: the week against its reference, weeks without a cutback, the single run."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from kneeload.calendar import EPS, run_keys
from kneeload.rules.findings import (
    crossing_days,
    days_in_words,
    distances,
    graded,
    in_a_row,
    messages,
    range_max,
    run_flags,
    week_flags,
    weeks_in_words,
)
from kneeload.weeks import previous_weeks, week_index, week_rows

if TYPE_CHECKING:
    import pandas as pd

    from kneeload.arrays import Bools, Floats, Ints
    from kneeload.settings import Settings


class Rise(NamedTuple):
    """Weeks beside their reference [km]: which exceed it, from where on, and how heavily."""

    hit: Bools
    least: Floats
    limit: Floats
    base: Floats
    severity: np.ndarray


def ten_percent(
    weeks: pd.DataFrame,
    runs: pd.DataFrame,
    run_limits: pd.DataFrame,
    week_limits: pd.DataFrame,
    settings: Settings,
) -> pd.DataFrame:
    """Flag weeks whose distance exceeds the reference week by more than 10 %.

    A rise gets a note above 10 %, a warning above 30 % and an alert above 60 %, if it is at least 3
    km and the reference week at least 5 km. It gets no more than a note if any of the eight weeks
    before was as large. The current week is flagged as soon as it goes above the limit. There is no
    flag in a return to running, which `return_from_break` checks, nor if the flag of a long run
    already explains the rise. With ``ten_percent.strict`` each week is compared with the previous
    one, nothing is exempt, and every flag is a note.

    Parameters
    ----------
    weeks
        As `kneeload.weeks.weekly` returns them; distances [km].
    runs
        As `kneeload.weeks.countable_runs` returns them; for the day the limit was crossed.
    run_limits, week_limits
        As `kneeload.rules.limits.limits` returns them.

    References
    ----------
    Evidence grade *convention*. Buist 2008, doi:10.1177/0363546507307505 (trial: not preventive);
    Frandsen 2025, doi:10.1136/bjsports-2024-109380 (cohort: no relationship); 30 %: Nielsen 2014,
    doi:10.2519/jospt.2014.5164; 60 %: Damsted 2019, doi:10.2519/jospt.2019.8541. The reference
    week and the guards are assumptions.
    """
    rise = risen(weeks, week_limits, settings)
    hit = rise.hit
    if not settings.threshold("ten_percent.strict"):
        spikes = _spikes(runs, run_limits, settings)
        hit = hit & ~np.isin(np.arange(len(weeks)), week_rows(weeks, runs)[spikes])
    flagged, km = weeks.loc[hit], weeks["distance_km"].to_numpy().round(2)[hit]
    return week_flags(
        "ten_percent",
        flagged,
        date=crossing_days(weeks, runs, "distance_km", rise.least)[hit],
        severity=rise.severity[hit],
        value=km,
        limit=rise.limit[hit],
        unit="km",
        message=messages(
            "You ran {least}{km} in {week}, {pct:.1f} % more than in its reference week ({base})",
            least=np.where(flagged["unmeasured_runs"] > 0, "at least ", ""),
            km=distances(flagged["distance_km"], settings),
            week=weeks_in_words(flagged["week_start"]),
            pct=100 * (km / rise.base[hit] - 1),
            base=distances(rise.base[hit], settings),
        ),
    )


def risen(weeks: pd.DataFrame, week_limits: pd.DataFrame, settings: Settings) -> Rise:
    """Return which weeks exceed the 10 % guideline, a spike or not."""
    note, warn, alert = (
        1 + settings.threshold(f"ten_percent.{name}_pct") / 100
        for name in ("note", "warn", "alert")
    )
    km = weeks["distance_km"].to_numpy().round(2)
    if settings.threshold("ten_percent.strict"):
        base = previous_weeks(km, week_index(weeks), 1)[0]
        least = base * note + EPS
        return Rise((base > 0) & (km >= least), least, base * note, base, np.full(len(km), "note"))
    base = weeks["reference_km"].to_numpy()
    least = np.maximum(
        base * note + EPS, base + settings.threshold("ten_percent.min_rise_km") - EPS
    )
    comparable = base >= settings.threshold("ten_percent.min_base_km") - EPS
    severity = graded(km, warn=base * warn + EPS, alert=base * alert + EPS)
    usual = previous_weeks(
        km, week_index(weeks), int(settings.threshold("ten_percent.usual_weeks"))
    )
    run_before = km <= np.fmax.reduce(usual, axis=0, initial=0) + EPS
    hit = comparable & (km >= least) & ~week_limits["replaces"].to_numpy()
    hit &= ~(km <= week_limits["own_km"].to_numpy() + EPS)
    return Rise(hit, least, base * note, base, np.where(run_before, "note", severity))


def cutback_missing(
    weeks: pd.DataFrame, week_limits: pd.DataFrame, settings: Settings
) -> pd.DataFrame:
    """Flag each complete week that ends a streak of five or more without a cutback.

    Such a streak gets a note. It gets a warning if its last two weeks average more than 1.05 times
    its first two, and an alert if it has also lasted eight weeks.

    References
    ----------
    Evidence grade *convention*: coaches' practice of an easier week every third to fifth; no
    trial was found. The signs of building are assumptions.
    """
    streak = training_streak(weeks, week_limits)
    hit = np.flatnonzero(streak >= settings.threshold("cutback_missing.weeks"))
    length, start = streak[hit], hit - streak[hit] + 1
    km = weeks["distance_km"].fillna(0).to_numpy()
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
            "You ran {n} weeks in a row without a cutback week, starting with {week}. The last "
            "two of these weeks averaged {last}, the first two {first}",
            n=length,
            week=weeks_in_words(weeks["week_start"].iloc[start]),
            last=distances(last, settings),
            first=distances(first, settings),
        ),
    )


def training_streak(weeks: pd.DataFrame, week_limits: pd.DataFrame) -> Ints:
    """Return how many complete weeks with running, up to each, went without a cutback.

    0 where the week itself is empty, current, a cutback or part of a return.
    """
    complete, runs, cutback = (weeks[n].to_numpy() for n in ("complete", "runs", "cutback"))
    usual = ~week_limits["replaces"].to_numpy()
    return in_a_row(complete & (runs > 0) & ~cutback & usual, week_index(weeks) == 0)


def long_run_spike(
    weeks: pd.DataFrame,
    runs: pd.DataFrame,
    run_limits: pd.DataFrame,
    week_limits: pd.DataFrame,
    settings: Settings,
) -> pd.DataFrame:
    """Flag runs longer than 1.10 times the longest of the 30 days before.

    A run above 1.10 times the longest gets a warning, and above 2.00 times an alert. A new longest
    run gets a note if it is more than 1.10 times the longest run of 7 to 30 days earlier (a rise in
    several steps). Runs up to 3 km are not checked. With fewer than 3 runs in the 30 days there are
    only alerts. In a return to running, which `return_from_break` checks, there are only alerts
    too, and only above the limit of the return.

    Parameters
    ----------
    weeks
        As `kneeload.weeks.weekly` returns them: where the run also took its week over the 10 %
        guideline, its flag says so.
    runs
        As `kneeload.weeks.countable_runs` returns them; distances [km].
    run_limits, week_limits
        As `kneeload.rules.limits.limits` returns them.

    References
    ----------
    Evidence grade *cohort*. Frandsen 2025, 5,205 runners, doi:10.1136/bjsports-2024-109380:
    hazard rate ratios 1.64 (above 10 to 30 %), 1.52 (above 30 to 100 %), 2.28 (above 100 %).
    Rounding to 0.01 km, the 3 km, the 3 runs and the steps are assumptions.
    """
    hit = _spikes(runs, run_limits, settings)
    flagged, bases = runs.loc[hit], run_limits.loc[hit]
    km, longest = flagged["distance_km"].to_numpy().round(2), bases["longest_km"].to_numpy()
    ratio = settings.threshold("long_run_spike.warn_ratio")
    alert = settings.threshold("long_run_spike.alert_ratio") * longest
    step = km <= ratio * longest + EPS
    base = np.where(step, bases["older_km"].to_numpy(), longest)
    # In steps without an older run the new longest itself is what was exceeded.
    base = np.where(np.isnan(base), longest, base)
    return run_flags(
        "long_run_spike",
        flagged,
        settings,
        severity=np.where(step, "note", graded(km, warn=-np.inf, alert=alert + EPS)),
        value=km,
        limit=np.where(step, np.fmax(ratio * base, longest), ratio * longest),
        unit="km",
        message=messages(
            "You ran {km} on {day}, {ratio:.2f} times {base}{week}",
            km=distances(flagged["distance_km"], settings),
            day=days_in_words(flagged["local_date"]),
            ratio=km / base,
            base=_compared(step, bases, settings),
            week=_took_week_over(weeks, runs, week_limits, hit, settings),
        ),
    )


def _compared(step: Bools, bases: pd.DataFrame, settings: Settings) -> list[str]:
    """Return what each run was compared with, in words."""
    days, recent = (
        settings.threshold(f"long_run_spike.{name}_days") for name in ("window", "recent")
    )
    longest, older = (distances(bases[name], settings) for name in ("longest_km", "older_km"))
    none_older = bases["older_km"].isna().to_numpy()
    return [
        f"the longest run of the previous {days:.0f} days ({new})"
        if not up or alone
        else (
            f"the longest run between {recent:.0f} and {days:.0f} days before it ({old}), in "
            "several steps"
        )
        for up, alone, new, old in zip(step, none_older, longest, older, strict=True)
    ]


def _took_week_over(
    weeks: pd.DataFrame,
    runs: pd.DataFrame,
    week_limits: pd.DataFrame,
    hit: Bools,
    settings: Settings,
) -> list[str]:
    """Return, behind the last spike of a week over the guideline, what the week came to."""
    if settings.threshold("ten_percent.strict"):
        return [""] * int(hit.sum())
    rise, row = risen(weeks, week_limits, settings), week_rows(weeks, runs)[hit]
    last = np.append(row[1:] != row[:-1], [True][: len(row)])
    km = distances(weeks["distance_km"], settings)
    pct = 100 * (weeks["distance_km"].to_numpy() / rise.base - 1)
    base = distances(rise.base, settings)
    return [
        f". That brought the week to {km[w]}, {pct[w]:.1f} % more than in its reference week "
        f"({base[w]})"
        if end and w >= 0 and rise.hit[w]
        else ""
        for w, end in zip(row.tolist(), last.tolist(), strict=True)
    ]


def _spikes(runs: pd.DataFrame, run_limits: pd.DataFrame, settings: Settings) -> Bools:
    """Return which runs are flagged as spikes."""
    km = runs["distance_km"].to_numpy().round(2)
    longest, older, count = (
        run_limits[name].to_numpy() for name in ("longest_km", "older_km", "window_runs")
    )
    ratio, alert, least, fewest = (
        settings.threshold(f"long_run_spike.{name}")
        for name in ("warn_ratio", "alert_ratio", "min_km", "min_runs")
    )
    far = km > alert * longest + EPS
    stepped = (km > longest + EPS) & ~(km <= ratio * older + EPS) & run_limits["mature"].to_numpy()
    over = (far | (km > ratio * longest + EPS) | stepped) & (far | (count >= fewest))
    return_km = run_limits["return_km"].to_numpy()
    is_return = np.isfinite(return_km) & ~(far & (km > return_km + EPS))
    within_own = km <= run_limits["own_km"].to_numpy() + EPS
    return np.asarray((km > least + EPS) & (longest > 0) & over & ~is_return & ~within_own)


def longest_before(
    runs: pd.DataFrame,
    window_days: float,
    *,
    until_days: float = 0,
    left_out: Bools | None = None,
) -> Floats:
    """Return the longest distance [km] of the runs in the window before each run.

    The window holds earlier runs of the `window_days` local calendar days before the run's own,
    up to `until_days` before; NaN where it is empty. Runs `left_out` are in no window.
    """
    low, high = _window(runs, window_days, until_days)
    km = runs["distance_km"].fillna(-np.inf).to_numpy()
    longest = range_max(km if left_out is None else np.where(left_out, -np.inf, km), low, high)
    return np.where(np.isfinite(longest), longest, np.nan)


def runs_before(runs: pd.DataFrame, window_days: float) -> Ints:
    """Return how many runs the window before each run holds."""
    low, high = _window(runs, window_days, 0)
    return high - low


def _window(runs: pd.DataFrame, window_days: float, until_days: float) -> tuple[Ints, Ints]:
    """Return the first row of each run's window and the first behind it."""
    key = run_keys(runs)
    low = np.searchsorted(key, key - int(window_days), side="left")
    behind = np.arange(len(key))
    if until_days:
        behind = np.searchsorted(key, key - int(until_days), side="right")
    return low, np.maximum(behind, low)
