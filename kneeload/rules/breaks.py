"""Coming back after a break: which gaps are breaks, and the limits of the return."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from kneeload import formatting
from kneeload.calendar import (
    EPS,
    dates,
    day_numbers,
    first_days,
    group_starts,
    key_of,
    run_keys,
    runner_codes,
)
from kneeload.rules.findings import (
    crossing_days,
    days_in_words,
    distances,
    graded,
    messages,
    range_max,
    runner_column,
    week_flags,
    weeks_in_words,
)
from kneeload.weeks import week_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kneeload.arrays import Bools, Floats, Ints
    from kneeload.calendar import Columns
    from kneeload.settings import Settings

_WEEK = 7
_HISTORY_DAYS = 28
_LEAST_HISTORY_DAYS = 14
_BRIEF, _SHORT, _MIDDLE, _LONGEST_RETURN = 13, 28, 56, 63
_MINUTES_AFTER_DAYS = 30
_USUAL_RUNS = 12
_READS_KM = 0.05
_ROUNDING = 1e-6
_LEAST = ("gap_days", "usual_ratio", "min_days", "min_weekly_km")
_HALVES, _THIRDS = np.array([0.5, 0.75, 1.0]), np.array([0.33, 0.5, 0.75, 1.0])


def return_from_break(
    weeks: pd.DataFrame,
    runs: pd.DataFrame,
    run_limits: pd.DataFrame,
    week_limits: pd.DataFrame,
    settings: Settings,
) -> pd.DataFrame:
    """Flag weeks of a return, after a break or after pain, above their limit or with a run above.

    A week gets one flag: a note above the limit, or a warning above 1.3 times it. A distance that
    rounds to the limit is not above it.

    Parameters
    ----------
    weeks, runs
        As `kneeload.weeks.weekly` and `kneeload.weeks.countable_runs` return them; distances [km].
    run_limits, week_limits
        As `kneeload.rules.limits.limits` returns them.

    References
    ----------
    Evidence grade *convention*: J. Daniels' volumes after a break, and physiotherapists' practice
    of building on what the knee bears; not tested in a trial. What counts as a break for a runner
    who seldom runs is an assumption, as are the numbers after pain.
    """
    every = [
        *_runs_over(weeks, runs, run_limits, settings),
        *_weeks_over(weeks, runs, week_limits, settings),
    ]
    every.sort(key=lambda excess: (excess.row, -excess.ratio))
    by_week = [list(group) for _, group in groupby(every, key=attrgetter("row"))]
    worst = [excesses[0] for excesses in by_week]
    warn = settings.threshold("return_from_break.warn_ratio")
    ratio = np.array([excess.ratio for excess in worst])
    return week_flags(
        "return_from_break",
        weeks.iloc[[excess.row for excess in worst]],
        date=np.array([excess.date for excess in worst], dtype="datetime64[us]"),
        severity=graded(ratio, warn=warn + EPS, alert=np.inf),
        value=np.array([excess.km for excess in worst]),
        limit=np.array([excess.limit_km for excess in worst]),
        unit="km",
        message=[". ".join(excess.message for excess in excesses) for excesses in by_week],
    )


class _Excess(NamedTuple):
    """What is above a limit of a return: the week's row, the day, the distance, and a sentence."""

    row: int
    date: np.datetime64
    km: float
    limit_km: float
    message: str

    @property
    def ratio(self) -> float:
        """How many times the limit it is."""
        return self.km / self.limit_km if self.limit_km else np.inf


def _runs_over(
    weeks: pd.DataFrame, runs: pd.DataFrame, run_limits: pd.DataFrame, settings: Settings
) -> list[_Excess]:
    """Return the longest excess of each week's runs over their limits."""
    km = runs["distance_km"].to_numpy().round(2)
    limit, own_km = (run_limits[name].to_numpy() for name in ("return_km", "own_km"))
    hit = np.flatnonzero(reads_above(km, limit, settings) & ~(km <= own_km + EPS))
    flagged = runs.iloc[hit]
    sentences = messages(
        "You ran {km} on {day}, more than the {limit} limit for your return to running. {basis}",
        km=distances(km[hit], settings),
        day=days_in_words(flagged["local_date"]),
        limit=distances(limit[hit], settings),
        basis=[basis.removesuffix(".") for basis in run_limits["return_basis"].array[hit]],
    )
    row, date = week_rows(weeks, flagged), flagged["local_date"].to_numpy()
    longest: dict[int, _Excess] = {}
    for excess in map(_Excess, row.tolist(), date, km[hit], limit[hit], sentences):
        if excess.row >= 0 and excess.ratio > getattr(longest.get(excess.row), "ratio", 0):
            longest[excess.row] = excess
    return list(longest.values())


def _weeks_over(
    weeks: pd.DataFrame, runs: pd.DataFrame, week_limits: pd.DataFrame, settings: Settings
) -> Iterator[_Excess]:
    km = weeks["distance_km"].to_numpy().round(2)
    limit = np.where(week_limits["replaces"], week_limits["return_km"], np.nan)
    over = reads_above(km, limit, settings) & ~(km <= week_limits["own_km"].to_numpy() + EPS)
    hit = np.flatnonzero(over)
    sentences = messages(
        "You ran {km} in {week}, more than the {limit} limit for your return to running: {basis}",
        km=distances(km[hit], settings),
        week=weeks_in_words(weeks["week_start"].iloc[hit]),
        limit=distances(limit[hit], settings),
        basis=week_limits["return_basis"].array[hit],
    )
    date = crossing_days(weeks, runs, "distance_km", limit + _READS_KM)[hit]
    return map(_Excess, hit.tolist(), date, km[hit], limit[hit], sentences)


def reads_above(km: Floats, limit: Floats, settings: Settings) -> Bools:
    """Whether distances [km], written to a tenth of a unit, are above their limits."""
    per_km = formatting.in_units(1, settings.units)
    return np.asarray(np.rint(10 * per_km * km) > np.rint(10 * per_km * limit))


def breaks(runs: pd.DataFrame, settings: Settings, hurt: Bools | None = None) -> pd.DataFrame:
    """Return each break and what was run in the four weeks before it.

    A break is a gap of ``return_from_break.gap_days`` and more days without a run, in which the
    runner also stayed away twice as long as the usual from run to run; else somebody who runs on
    Sundays would come back from a break every week (*assumption*). Before it there must have been
    enough to take a share of: ``min_days`` with a run in the four weeks, and ``min_weekly_km``
    (*assumption*).

    Parameters
    ----------
    runs
        As `kneeload.weeks.countable_runs` returns them; distances [km].
    hurt
        Runs that hurt, which are no longest.

    Returns
    -------
    DataFrame
        ``first_day`` (day number of the first run afterwards), ``gap_days`` [d], ``weekly_km``
        and ``longest_km`` [km] of the 28 days before (the begun weeks of a younger log),
        ``return_days`` [d], and ``runner``.
    """
    day, first, km, longest = _running_days(runs, hurt)
    runner = runner_codes(runs)[first]
    place = np.flatnonzero(runner[1:] == runner[:-1]) + 1
    gap = day[place] - day[place - 1] - 1
    # Rows from `low` to before `place` are the days with a run in the four weeks up to the break.
    keys = key_of(runner, day)
    low = np.searchsorted(keys, keys[place - 1] - _HISTORY_DAYS + 1)
    start = day[np.searchsorted(runner, runner[place])]
    history = np.minimum(_HISTORY_DAYS, day[place - 1] - start + 1)
    history_weeks = -(-history // _WEEK)
    # Whole metres add up exactly, whichever runners come before.
    metres = np.append(0, np.cumsum(np.rint(1000 * km)))
    weekly_km = (metres[place] - metres[low]) / 1000 / history_weeks
    usual = history_weeks * _WEEK / (place - low)
    least = {n: settings.threshold(f"return_from_break.{n}") for n in _LEAST}
    chosen = np.flatnonzero(
        (gap >= least["gap_days"])
        & (gap + 1 >= least["usual_ratio"] * usual)
        & (place - low >= least["min_days"])
        & (weekly_km >= least["min_weekly_km"] - EPS)
        & (history >= _LEAST_HISTORY_DAYS)
    )
    columns = {
        "first_day": day[place],
        "gap_days": gap,
        "weekly_km": weekly_km,
        "longest_km": range_max(longest, low, place),
        "return_days": np.where(gap > _MIDDLE, _LONGEST_RETURN, gap),
        **{name: runs[name].array[first[place]] for name in runner_column(runs)},
    }
    return pd.DataFrame({name: values[chosen] for name, values in columns.items()})


def return_share(since: Ints, gap_days: Ints) -> Floats:
    """Return the share of the old volume, `since` days after the first run of a return.

    Gaps up to 13 days: 75 %; up to 28 days: 50 % for half as many days, then 75 %; up to 56 days:
    thirds at 33, 50 and 75 %; longer: three weeks at each. 100 % afterwards.
    """
    halves = np.minimum(2 * since // np.maximum(gap_days, 1), 2)
    period = np.where(gap_days > _MIDDLE, _LONGEST_RETURN, np.maximum(gap_days, 1))
    thirds = np.minimum(3 * since // period, 3)
    brief = np.where(since < gap_days, _HALVES[1], 1.0)
    long = np.where(gap_days <= _SHORT, _HALVES[halves], _THIRDS[thirds])
    return np.where(gap_days <= _BRIEF, brief, long)


def break_weeks(past_breaks: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Return the limit [km] of every week that touches a return from one of `past_breaks`.

    The share of a week is the mean of its days' shares from the first run on, in whole per cent;
    where two returns overlap the lower limit holds (*assumption*).

    Returns
    -------
    DataFrame
        ``week_start``, ``nth_week`` of the return, ``limit_km``, ``share``, the columns of
        `breaks`, and ``runner``.
    """
    first = past_breaks["first_day"].to_numpy()
    monday = first_days(first, settings.week_start)
    count = (first + past_breaks["return_days"].to_numpy() - 1 - monday) // _WEEK + 1
    which, step = _steps(count)
    start = monday[which] + _WEEK * step
    share = _whole_percent(
        _week_share(start - first[which], past_breaks["gap_days"].to_numpy()[which])
    )
    limit_km = round_down(
        share * round_down(past_breaks["weekly_km"].to_numpy()[which], settings), settings
    )
    columns: Columns = {
        "week_start": dates(start),
        "nth_week": step + 1,
        "share": share,
        "limit_km": limit_km,
    }
    return _lowest(past_breaks, which, columns, "week_start")


def break_runs(runs: pd.DataFrame, past_breaks: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Return the limit [km] of every single run in a return from a longer break of `past_breaks`.

    The same share of the longest before; after more than 30 days also no more than 40 minutes at
    the runner's own pace in the four weeks before the break.

    Returns
    -------
    DataFrame
        ``place`` of the run, ``limit_km``, ``share``, the columns of `breaks`, and ``runner``.
    """
    long = past_breaks["gap_days"] >= settings.threshold("return_from_break.single_run_days")
    past_breaks = past_breaks.loc[long]
    key = run_keys(runs)
    first = key_of(_break_runners(past_breaks, runs), past_breaks["first_day"].to_numpy())
    low = np.searchsorted(key, first)
    which, step = _steps(np.searchsorted(key, first + past_breaks["return_days"].to_numpy()) - low)
    place = low[which] + step
    since = key[place] - first[which]
    share = return_share(since, past_breaks["gap_days"].to_numpy()[which])
    longest = round_down(past_breaks["longest_km"].to_numpy()[which], settings)
    minutes_km = _minutes_km(runs, past_breaks, settings)[which]
    limit_km = round_down(np.fmin(share * longest, minutes_km), settings)
    columns = {
        "place": place,
        "share": share,
        "limit_km": limit_km,
        "by_minutes": minutes_km < share * longest,
    }
    return _lowest(past_breaks, which, columns, "place")


def _minutes_km(runs: pd.DataFrame, past_breaks: pd.DataFrame, settings: Settings) -> Floats:
    """Return how far the longest time after a long break goes at the pace before it [km]."""
    minutes = runs["moving_s"].to_numpy() / 60 if "moving_s" in runs else np.nan
    with np.errstate(divide="ignore", invalid="ignore"):
        speed = runs["distance_km"].to_numpy() / minutes
    speed = np.where(np.isfinite(speed) & (speed > 0), speed, np.nan)
    longest_min = settings.threshold("return_from_break.longest_min")
    first = key_of(_break_runners(past_breaks, runs), past_breaks["first_day"].to_numpy())
    end = np.searchsorted(run_keys(runs), first)
    is_long = past_breaks["gap_days"].to_numpy() > _MINUTES_AFTER_DAYS
    usual = [_median(speed[max(last - _USUAL_RUNS, 0) : last]) for last in end.tolist()]
    return np.where(is_long, longest_min * np.array(usual, dtype=np.float64), np.nan)


def _median(values: Floats) -> float:
    measured = values[np.isfinite(values)]
    return float(np.median(measured)) if len(measured) else np.nan


def _break_runners(past_breaks: pd.DataFrame, runs: pd.DataFrame) -> Ints:
    """Return the number of each row's runner among the runners of `runs`."""
    if "runner" not in runs:
        return np.zeros(len(past_breaks), dtype=np.int64)
    names = np.sort(runs["runner"].unique())
    return np.asarray(pd.Index(names).get_indexer(past_breaks["runner"]), dtype=np.int64)


def _steps(count: Ints) -> tuple[Ints, Ints]:
    """Return, for blocks of these lengths, each row's block and its place in it."""
    block = np.repeat(np.arange(len(count)), count)
    return block, np.arange(len(block)) - np.repeat(np.cumsum(count) - count, count)


def _lowest(past_breaks: pd.DataFrame, which: Ints, columns: Columns, key: str) -> pd.DataFrame:
    """Return the row of the lowest limit for each runner and key, with its break's columns."""
    who = runner_codes(past_breaks)[which]
    order = np.lexsort((columns["limit_km"], columns[key], who))
    lowest = order[group_starts(who[order]) | group_starts(columns[key][order])]
    of_break = {name: past_breaks[name].array[which[lowest]] for name in past_breaks}
    return pd.DataFrame(of_break | {name: column[lowest] for name, column in columns.items()})


def _whole_percent(share: Floats) -> Floats:
    """Round a share down to whole per cent, as sentences give it."""
    return np.floor(100 * share + EPS) / 100


def round_down(km: Floats, settings: Settings) -> Floats:
    """Round distances [km] down as people read them."""
    unit = 1 / formatting.in_units(1, settings.units)
    tenths: Floats = np.floor(km / unit * 10 + _ROUNDING) / 10
    return tenths * unit


def _week_share(since: Ints, gap_days: Ints) -> Floats:
    days = since[:, None] + np.arange(_WEEK)
    shares = return_share(np.maximum(days, 0), np.broadcast_to(gap_days[:, None], days.shape))
    returned = days >= 0
    mean: Floats = (shares * returned).sum(axis=1) / np.maximum(returned.sum(axis=1), 1)
    return mean


def _running_days(runs: pd.DataFrame, hurt: Bools | None) -> tuple[Ints, Ints, Floats, Floats]:
    """Give each runner's days with a run, a row of each, and the day's sum and longest [km]."""
    key = key_of(runner_codes(runs), day_numbers(runs["local_date"]))
    km = runs["distance_km"].fillna(0).to_numpy()
    # `place` is each run's day, so `at` adds up and compares the runs that share one.
    _, first, place = np.unique(key, return_index=True, return_inverse=True)
    total, longest = np.zeros(len(first)), np.zeros(len(first))
    np.add.at(total, place, km)
    np.maximum.at(longest, place, km if hurt is None else np.where(hurt, 0, km))
    return day_numbers(runs["local_date"])[first], first, total, longest
