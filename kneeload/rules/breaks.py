"""Coming back after a break: which gaps are breaks, and the ceilings of the return."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kneeload import words
from kneeload.rules.findings import crossing_days, graded, range_max, runner_column, week_flags
from kneeload.rules.wording import distances, messages
from kneeload.weeks import EPS, dates, day_numbers, first_days, runner_codes, week_rows

if TYPE_CHECKING:
    from kneeload.settings import Settings
    from kneeload.weeks import Floats, Ints

_WEEK = 7
_HISTORY_DAYS = 28
_LEAST_HISTORY_DAYS = 14
_SHORT, _MIDDLE, _LONGEST_RETURN = 28, 56, 63
_LEAST = ("gap_days", "usual_ratio", "min_days", "min_weekly_km")
_HALVES, _THIRDS = np.array([0.5, 0.75, 1.0]), np.array([0.33, 0.5, 0.75, 1.0])


def return_from_break(weeks: pd.DataFrame, runs: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Flag weeks of a return that exceed their share of the weeks before the break.

    Noted above the ceiling of `week_ceilings`, warned of above 1.3 times it.

    References
    ----------
    Evidence grade *convention*: J. Daniels' volumes after a break, not tested in a trial. What
    counts as a break for a runner who seldom runs is an assumption.
    """
    ceilings = week_ceilings(runs, settings)
    row = week_rows(weeks, ceilings.rename(columns={"week_start": "local_date"}))
    ceilings = ceilings.loc[row >= 0].set_axis(row[row >= 0]).reindex(weeks.index)
    limit = ceilings["ceiling_km"].to_numpy()
    km = weeks["distance_km"].to_numpy().round(2)
    hit = km > limit + EPS
    flagged, terms = weeks.loc[hit], ceilings.loc[hit]
    warn = settings.threshold("return_from_break.warn_ratio") * limit[hit]
    return week_flags(
        "return_from_break",
        flagged,
        date=crossing_days(weeks, runs, "distance_km", limit + EPS)[hit],
        severity=graded(km[hit], warn=warn + EPS, alert=np.inf),
        value=km[hit],
        limit=limit[hit],
        unit="km",
        message=messages(
            "{km} in {week}, the {nth} week after {gap:.0f} days without a run, is more than "
            "{limit} ({share:.0f} % of the {usual} a week before the break)",
            km=distances(flagged["distance_km"], settings),
            week=flagged["week"],
            nth=[words.ordinal(int(n)) for n in terms["nth_week"]],
            gap=terms["gap_days"],
            share=100 * terms["share"],
            usual=distances(terms["weekly_km"], settings),
            limit=distances(limit[hit], settings),
        ),
    )


def breaks(runs: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Return each break and what was run in the four weeks before it.

    A break is a gap of ``return_from_break.gap_days`` and more days without a run, in which the
    runner also stayed away twice as long as the usual from run to run; else somebody who runs on
    Sundays would come back from a break every week (*assumption*). Before it there must have been
    enough to take a share of: ``min_days`` with a run in the four weeks, and ``min_weekly_km``
    (*assumption*).

    Parameters
    ----------
    runs
        As `kneeload.weeks.counted` returns them; distances [km].

    Returns
    -------
    DataFrame
        ``first_day`` (day number of the first run afterwards), ``gap_days`` [d], ``weekly_km``
        and ``longest_km`` [km] of the 28 days before (the begun weeks of a younger log),
        ``return_days`` [d], and ``runner``.
    """
    day, first, km, longest = _running_days(runs)
    who = runner_codes(runs)[first]
    place = np.flatnonzero(who[1:] == who[:-1]) + 1
    gap = day[place] - day[place - 1] - 1
    keys = _keys(who, day)
    low = np.searchsorted(keys, keys[place - 1] - _HISTORY_DAYS + 1)
    start = day[np.searchsorted(who, who[place])]
    history = np.minimum(_HISTORY_DAYS, day[place - 1] - start + 1)
    history_weeks = -(-history // _WEEK)
    # Whole metres add up exactly, whichever runners come before.
    metres = np.append(0, np.cumsum(np.rint(1000 * km)))
    weekly_km = (metres[place] - metres[low]) / 1000 / history_weeks
    usual = history_weeks * _WEEK / (place - low)
    least = {n: settings.threshold(f"return_from_break.{n}") for n in _LEAST}
    kept = np.flatnonzero(
        (gap >= least["gap_days"])
        & (gap + 1 >= least["usual_ratio"] * usual)
        & (place - low >= least["min_days"])
        & (weekly_km >= least["min_weekly_km"] - EPS)
        & (history >= _LEAST_HISTORY_DAYS)
    )
    found = {
        "first_day": day[place],
        "gap_days": gap,
        "weekly_km": weekly_km,
        "longest_km": range_max(longest, low, place),
        "return_days": np.where(gap > _MIDDLE, _LONGEST_RETURN, gap),
        **{name: runs[name].array[first[place]] for name in runner_column(runs)},
    }
    return pd.DataFrame({name: values[kept] for name, values in found.items()})


def return_share(since: Ints, gap_days: Ints) -> Floats:
    """Return the share of the old volume, `since` days after the first run of a return.

    Gaps of 6 to 28 days: 50 % for half as many days, then 75 %; up to 56 days: thirds at 33, 50
    and 75 %; longer: three weeks at each. 100 % afterwards.
    """
    halves = np.minimum(2 * since // np.maximum(gap_days, 1), 2)
    period = np.where(gap_days > _MIDDLE, _LONGEST_RETURN, np.maximum(gap_days, 1))
    thirds = np.minimum(3 * since // period, 3)
    return np.where(gap_days <= _SHORT, _HALVES[halves], _THIRDS[thirds])


def week_ceilings(runs: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Return the weekly ceiling [km] of every week that touches a return from a break.

    The share of a week is the mean of its days' shares from the first run on; where two returns
    overlap the lower ceiling holds (*assumption*).

    Returns
    -------
    DataFrame
        ``week_start``, ``nth_week`` of the return, ``ceiling_km``, ``share``, the columns of
        `breaks`, and ``runner``.
    """
    found = breaks(runs, settings)
    first = found["first_day"].to_numpy()
    monday = first_days(first, settings.week_start)
    count = (first + found["return_days"].to_numpy() - 1 - monday) // _WEEK + 1
    each = np.repeat(np.arange(len(found)), count)
    step = np.arange(len(each)) - np.repeat(np.cumsum(count) - count, count)
    start = monday[each] + _WEEK * step
    share = _week_share(start - first[each], found["gap_days"].to_numpy()[each])
    ceiling_km = (share * found["weekly_km"].to_numpy()[each]).round(2)
    order = np.lexsort((ceiling_km, start, runner_codes(found)[each]))
    rows = found.take(each[order]).assign(
        week_start=dates(start[order]),
        nth_week=((start - monday[each]) // _WEEK + 1)[order],
        share=share[order],
        ceiling_km=ceiling_km[order],
    )
    return rows.drop_duplicates([*runner_column(rows), "week_start"], ignore_index=True)


def _week_share(since: Ints, gap_days: Ints) -> Floats:
    days = since[:, None] + np.arange(_WEEK)
    shares = return_share(np.maximum(days, 0), np.broadcast_to(gap_days[:, None], days.shape))
    returned = days >= 0
    mean: Floats = (shares * returned).sum(axis=1) / np.maximum(returned.sum(axis=1), 1)
    return mean


def _running_days(runs: pd.DataFrame) -> tuple[Ints, Ints, Floats, Floats]:
    """Give each runner's days with a run, a row of each, and the day's sum and longest [km]."""
    key = _keys(runner_codes(runs), day_numbers(runs["local_date"]))
    km = runs["distance_km"].fillna(0).to_numpy()
    _, first, place = np.unique(key, return_index=True, return_inverse=True)
    total, longest = np.zeros(len(first)), np.zeros(len(first))
    np.add.at(total, place, km)
    np.maximum.at(longest, place, km)
    return day_numbers(runs["local_date"])[first], first, total, longest


def _keys(who: Ints, day: Ints) -> Ints:
    """Return numbers that order runners and days, with room for a window between runners."""
    span = int(np.ptp(day)) + _HISTORY_DAYS + 1 if len(day) else 1
    keys: Ints = who * span + (day - day.min(initial=0))
    return keys
