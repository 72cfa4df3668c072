"""Rules on how the running was done: days in a row, hard minutes, descent, sameness."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kneeload import formatting
from kneeload.calendar import EPS, day_numbers
from kneeload.calendar import runner_codes as codes
from kneeload.rules.findings import (
    crossing_days,
    distances,
    in_a_row,
    messages,
    week_flags,
    weeks_in_words,
)
from kneeload.weeks import MEAN_WEEKS, mean_of, previous_weeks, week_index, week_rows

if TYPE_CHECKING:
    from kneeload.arrays import Bools, Floats, Ints
    from kneeload.settings import Settings

_WEEK = 7
_BANDS = ("easy_min", "moderate_min", "hard_min")
_FEWEST_WEEKS = 2
_FEWEST_STREAKS = 5
ONE_METHOD_SHARE = 0.8


def run_streak(weeks: pd.DataFrame, runs: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Note weeks with more running days in a row than six or the runner's 90th percentile.

    The percentile is that of the runner's earlier streaks, once there are five of them.

    References
    ----------
    Evidence grade *assumption*: no trial was found.
    """
    days = _streak_days(runs, settings)
    row = week_rows(weeks, days)
    over = np.flatnonzero((row >= 0) & (days["length"] > days["limit"]).to_numpy())
    hit, first, place = np.unique(row[over], return_index=True, return_inverse=True)
    length, limit = (days[name].to_numpy()[over] for name in ("length", "limit"))
    longest = np.zeros(len(hit))
    np.maximum.at(longest, place, length)
    usual = limit[np.searchsorted(place, np.arange(len(hit)), side="right") - 1]
    flagged = weeks.iloc[hit]
    return week_flags(
        "run_streak",
        flagged,
        date=days["local_date"].array[over[first]],
        severity="note",
        value=longest,
        limit=usual,
        unit="d",
        message=messages(
            "You ran on {length:.0f} days in a row in {week}; up to {limit:.0f} is usual for you",
            length=longest,
            week=weeks_in_words(flagged["week_start"]),
            limit=usual,
        ),
    )


def _streak_days(runs: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Return each running day with its place in its streak and the streak's limit [d]."""
    columns = [name for name in ("runner", "local_date") if name in runs]
    days = runs[columns].drop_duplicates().sort_values(columns, ignore_index=True)
    who, day = codes(days), day_numbers(days["local_date"])
    # A streak begins where the day before had no run, or another runner's rows begin.
    fresh = np.ones(len(days), dtype=np.bool_)
    fresh[1:] = (np.diff(day) != 1) | (np.diff(who) != 0)
    length = in_a_row(np.ones(len(days), dtype=bool), fresh)
    streak = np.cumsum(fresh) - 1
    return days.assign(
        length=length.astype(np.float64),
        limit=_streak_limits(length[np.roll(fresh, -1)], who[fresh], settings)[streak],
    )


def _streak_limits(lengths: Ints, who: Ints, settings: Settings) -> Floats:
    share = settings.threshold("run_streak.percentile") / 100
    so_far = pd.Series(lengths, dtype="float64").groupby(who).expanding(_FEWEST_STREAKS)
    usual = so_far.quantile(share).groupby(level=0).shift(1).to_numpy()
    return np.fmax(settings.threshold("run_streak.min_days"), usual)


def intensity_jump(weeks: pd.DataFrame, runs: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Note complete weeks that were both harder and longer than usual.

    The share of hard minutes is compared with the mean of the previous four weeks (at least two of
    which must have measured minutes), and the distance with the reference week. Minutes by heart
    rate are never compared with minutes by pace. A week counts only if one of the two covers 80 %
    of its minutes, and it is compared only with weeks of the same kind (assumption).

    References
    ----------
    Evidence grade *convention*: coaches advise not to raise both at once.
    """
    share, usual, measured_weeks = _hard_shares(weeks, runs)
    rise = share - usual
    limit = settings.threshold("intensity_jump.points")
    longer = 1 + settings.threshold("intensity_jump.distance_pct") / 100
    km, reference = weeks["distance_km"].round(2), weeks["reference_km"]
    hit = weeks["complete"] & (rise > limit + EPS) & (km > longer * reference + EPS)
    flagged = weeks.loc[hit]
    return week_flags(
        "intensity_jump",
        flagged,
        severity="note",
        value=rise[hit],
        limit=limit,
        unit="points",
        missing=[_missing(count, "minutes by intensity") for count in measured_weeks[hit]],
        message=messages(
            "{share:.0f} % of the minutes in {week} were hard ({usual:.0f} % in the previous "
            "weeks), and the distance rose from {reference} to {km}",
            share=share[hit],
            week=weeks_in_words(flagged["week_start"]),
            usual=usual[hit],
            reference=distances(reference[hit], settings),
            km=distances(flagged["distance_km"], settings),
        ),
    )


def _hard_shares(weeks: pd.DataFrame, runs: pd.DataFrame) -> tuple[Floats, Floats, Ints]:
    """Give the share of hard minutes [%], its mean before, and how many weeks that had."""
    minutes = np.nan_to_num(weeks[list(_BANDS)].to_numpy(np.float64))
    total = minutes.sum(axis=1)
    share = 100 * minutes[:, 2] / np.where(total > 0, total, np.nan)
    by_pace = _pace_share(weeks, runs, total)
    usual, measured = np.full(len(weeks), np.nan), np.zeros(len(weeks), dtype=np.int64)
    for alike in (by_pace <= 1 - ONE_METHOD_SHARE + EPS, by_pace >= ONE_METHOD_SHARE - EPS):
        before = previous_weeks(np.where(alike, share, np.nan), week_index(weeks), MEAN_WEEKS)
        usual = np.where(alike, mean_of(before, at_least=_FEWEST_WEEKS), usual)
        measured = np.where(alike, np.isfinite(before).sum(axis=0), measured)
    return share, usual, measured


def _pace_share(weeks: pd.DataFrame, runs: pd.DataFrame, total: Floats) -> Floats:
    """Give how much of each week's minutes pace told, 0 where frames do not say what did."""
    if "band_source" not in runs:
        return np.zeros(len(weeks))
    row = week_rows(weeks, runs)
    minutes = np.nan_to_num(runs[list(_BANDS)].to_numpy(np.float64)).sum(axis=1)
    minutes = minutes * (runs["band_source"] == "pace").to_numpy() * (row >= 0)
    paced = np.bincount(np.maximum(row, 0), minutes, len(weeks))
    return np.where(total > 0, paced / np.where(total > 0, total, 1), 0.0)


def _missing(measured: int, what: str) -> str:
    lacking = MEAN_WEEKS - measured
    return f"{what} of {lacking} of the previous four weeks" if lacking else ""


def descent_jump(weeks: pd.DataFrame, runs: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Note weeks with a descent above 1.3 times the highest of the previous four weeks.

    The descent must also be over 150 m more than in the hilliest of those weeks. At least two of
    the four weeks must be measured completely. A week that holds a run of unknown descent does not
    count.

    References
    ----------
    Evidence grade *assumption*: running downhill loads the knee more in the laboratory; no
    study ties a rise to injury.
    """
    descent = weeks["descent_m"].to_numpy()
    whole = np.where(_partly_measured(weeks, runs, "descent_m"), np.nan, descent)
    before = previous_weeks(whole, week_index(weeks), MEAN_WEEKS)
    measured = np.isfinite(before).sum(axis=0)
    most = np.where(measured >= _FEWEST_WEEKS, np.fmax.reduce(before), np.nan)
    ratio = settings.threshold("descent_jump.ratio")
    limit = np.maximum(ratio * most, most + settings.threshold("descent_jump.min_rise_m"))
    hit = descent > limit + EPS
    flagged = weeks.loc[hit]
    return week_flags(
        "descent_jump",
        flagged,
        date=crossing_days(weeks, runs, "descent_m", limit + EPS)[hit],
        severity="note",
        value=descent[hit],
        limit=limit[hit],
        unit="m",
        missing=[_missing(count, "descent") for count in measured[hit]],
        message=messages(
            "Your runs descended {descent} in {week}; the most in any of the previous four weeks "
            "was {most}",
            descent=[formatting.height(metres, settings.units) for metres in descent[hit]],
            week=weeks_in_words(flagged["week_start"]),
            most=[formatting.height(metres, settings.units) for metres in most[hit]],
        ),
    )


def _partly_measured(weeks: pd.DataFrame, runs: pd.DataFrame, column: str) -> Bools:
    """Mark the weeks that hold a run without `column`."""
    row = week_rows(weeks, runs)
    unknown = row[(row >= 0) & runs[column].isna().to_numpy()]
    return np.bincount(unknown, minlength=len(weeks)) > 0


def monotony(weeks: pd.DataFrame, runs: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Note complete weeks of at least four runs whose days were much alike.

    The limit is 2.0 in the measure of C. Foster: the mean of the seven days' loads divided by their
    standard deviation. If a run of the week has no load, or more than a fifth of the load is
    estimated, the days' kilometres are used instead, and the flag says so.

    References
    ----------
    Evidence grade *convention*. Foster 1998, Med Sci Sports Exerc 30:1164-1168.
    """
    value, by_load = week_monotony(weeks, runs)
    limit = settings.threshold("monotony.limit")
    enough = weeks["complete"] & (weeks["runs"] >= settings.threshold("monotony.min_runs"))
    hit = enough.to_numpy() & (value > limit + EPS)
    flagged = weeks.loc[hit]
    return week_flags(
        "monotony",
        flagged,
        severity="note",
        value=value[hit],
        limit=limit,
        unit="ratio",
        missing=["" if is_load else "load; kilometres stand in" for is_load in by_load[hit]],
        message=messages(
            "The days of {week} were very similar (monotony {value:.1f}; flagged above "
            "{limit:.1f})",
            week=weeks_in_words(flagged["week_start"]),
            value=value[hit],
            limit=[limit] * len(flagged),
        ),
    )


def week_monotony(weeks: pd.DataFrame, runs: pd.DataFrame) -> tuple[Floats, Bools]:
    """Return Foster's monotony of each week, and whether it is that of load (else of distance).

    Rest days count 0; the standard deviation is that of a sample (*assumption*), and the
    monotony NaN where it is 0.
    """
    load, distance = (_daily(weeks, runs, name) for name in ("load", "distance_km"))
    alike = np.nan_to_num(weeks["load_estimated_share"].to_numpy()) <= 1 - ONE_METHOD_SHARE + EPS
    by_load = np.asarray(np.isfinite(load).all(axis=1) & alike)
    daily = np.where(by_load[:, None], load, distance)
    mean, spread = daily.mean(axis=1), daily.std(axis=1, ddof=1)
    varied = spread > EPS * np.maximum(mean, EPS)
    return np.where(varied, mean / np.where(varied, spread, 1), np.nan), by_load


def _daily(weeks: pd.DataFrame, runs: pd.DataFrame, column: str) -> Floats:
    """Return the sum of `column` on each day, seven to a week; NaN where a run lacks it."""
    row = week_rows(weeks, runs)
    inside = row >= 0
    day = day_numbers(runs["local_date"]) - day_numbers(weeks["week_start"])[row]
    # One bin a day of every week, which fold into a row a week.
    sums = np.bincount(
        row[inside] * _WEEK + day[inside],
        weights=runs[column].to_numpy(np.float64)[inside],
        minlength=len(weeks) * _WEEK,
    )
    return sums.astype(np.float64).reshape(-1, _WEEK)
