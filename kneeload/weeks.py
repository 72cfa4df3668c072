"""The weekly frame: runs, and pain beside them, as one row per local week, empty weeks kept.

Every function takes one runner's frames, or those of many runners told apart by a ``runner``
column; then each runner has a block of weeks of their own, in order of the runners.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kneeload.calendar import (
    _WEEK,
    EPS,
    dates,
    day_number,
    day_numbers,
    first_days,
    group_starts,
    runner_codes,
    week_labels,
)
from kneeload.frames import PAIN, RUNS, WEEKS, conform, require
from kneeload.measures.baselines import is_running
from kneeload.settings import DEFAULTS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Container

    import numpy.typing as npt

    from kneeload.arrays import Bools, Floats, Ints
    from kneeload.settings import Settings, WeekStart

    Columns = dict[str, npt.NDArray[Any]]


REFERENCE_WEEKS = 3
MEAN_WEEKS = 4
_FEWEST_WEEKS = 2
_FIRST_DAYS = 2

_SUMMED = {
    "distance_km": "distance_km",
    "descent_m": "descent_m",
    "load": "load",
    "easy_min": "easy_min",
    "moderate_min": "moderate_min",
    "hard_min": "hard_min",
    "knee_load": "knee_load",
    "moving_h": "moving_s",
}
_COUNTED = ("run_id", "started_at", "local_date", "load_method", *_SUMMED.values())
_SCORED = ("local_date", "score")


def weekly(
    runs: pd.DataFrame,
    pain: pd.DataFrame | None = None,
    *,
    settings: Settings = DEFAULTS,
    today: dt.date | None = None,
) -> pd.DataFrame:
    """Return one row per local week, from the first run's week to today's.

    Parameters
    ----------
    runs
        Columns of `kneeload.frames.RUNS`, of which ``local_date`` and ``distance_km`` [km] are
        needed. Suspect runs, other sports and runs after `today` are left out.
    pain
        Columns of `kneeload.frames.PAIN`; scores after `today` are left out.
    settings
        Gives the first day of the week and the share that makes a cutback.
    today
        The week that holds it is not complete. By default the last run's local date.

    Returns
    -------
    DataFrame
        Columns of `kneeload.frames.WEEKS`, then ``runner`` where `runs` has it. What no run
        measured is NaN; the distance of an empty week is 0.

    Notes
    -----
    The reference week (evidence grade *assumption*) is the most recent of the three weeks before
    that is neither empty nor a cutback; where all three are, the mean of the four weeks before
    with empty ones as 0; none where that is 0 or the log is younger. A week that holds a run of
    unknown distance is no reference, nor is the log's first week unless it begins within the
    week's first two days. A cutback (*convention*) is
    a complete week with running, of at most ``cutback_missing.share`` of its reference, that lies
    below the mean of those of the four weeks before that the log holds (at least two).

    Examples
    --------
    >>> import pandas as pd
    >>> import kneeload
    >>> days = pd.to_datetime(["2026-03-02", "2026-03-05", "2026-03-16"])
    >>> runs = pd.DataFrame({"local_date": days, "distance_km": [8.0, 12.0, 10.0]})
    >>> kneeload.weekly(runs)[["week", "runs", "distance_km", "longest_run_km", "rest_days"]]
           week  runs  distance_km  longest_run_km  rest_days
    0  2026-W10     2         20.0            12.0          5
    1  2026-W11     0          0.0             NaN          7
    2  2026-W12     1         10.0            10.0          0
    """
    scores = None if pain is None else conform(pain, {name: PAIN[name] for name in _SCORED})
    valid, suspect = countable_runs(runs, today), suspect_days(runs)
    return weeks_of(valid, scores, suspect, settings=settings, today=today)


def weeks_of(
    valid: pd.DataFrame,
    pain: pd.DataFrame | None = None,
    suspect: pd.DataFrame | None = None,
    *,
    settings: Settings,
    today: dt.date | None,
) -> pd.DataFrame:
    """Return `weekly` of the runs of `countable_runs` and the days of `suspect_days`."""
    frame = _calendar(valid, today, settings.week_start)
    columns: Columns = {
        **_run_columns(frame, valid),
        "suspect_runs": _counts(frame, suspect),
        **_pain_columns(frame, pain),
    }
    columns |= _reference_columns(frame, columns, settings)
    del columns["first_run_day"]
    weeks = pd.DataFrame({name: frame[name] for name in frame if name != "today"} | columns)
    return conform(weeks, WEEKS)


def countable_runs(
    runs: pd.DataFrame, today: dt.date | None = None, *, also: Container[str] = ()
) -> pd.DataFrame:
    """Return the runs that count as mileage, up to `today`, by runner and start.

    A frame without ``sport`` holds runs only; without ``started_at`` a day stands for its runs.
    Columns that no week sums are left out, unless `also` has them.
    """
    require(runs, ("local_date", "distance_km"), "runs")
    columns = [name for name in runs if name in {*_COUNTED, "runner"} or name in also]
    mileage = runs.loc[_is_running(runs) & ~_is_suspect(runs), columns]
    valid = conform(mileage, {name: RUNS[name] for name in _COUNTED})
    valid = valid.loc[valid["local_date"].notna() & _until(valid, today)]
    start = valid["started_at"].fillna(valid["local_date"].dt.tz_localize("UTC"))
    valid = valid.assign(started_at=start)
    order = np.lexsort((valid["distance_km"], start.astype("int64"), runner_codes(valid)))
    return valid.iloc[order].reset_index(drop=True)


def suspect_days(runs: pd.DataFrame) -> pd.DataFrame:
    """Return the days of the runs that are left out as suspect."""
    suspect = runs.loc[_is_running(runs) & _is_suspect(runs)]
    suspect = conform(suspect, {"local_date": RUNS["local_date"]})
    return suspect.loc[suspect["local_date"].notna()]


def week_index(weeks: pd.DataFrame) -> Ints:
    """Return each week's position in its runner's block, from 0."""
    position = np.arange(len(weeks))
    return position - np.maximum.accumulate(np.where(_is_head(weeks), position, 0))


def week_rows(weeks: pd.DataFrame, frame: pd.DataFrame) -> Ints:
    """Return, for each row of `frame`, the position of its day's week in `weeks`, else -1."""
    if weeks.empty:
        return np.full(len(frame), -1)
    heads = np.flatnonzero(_is_head(weeks))
    lengths = np.diff(np.append(heads, len(weeks)))
    # A block has no gaps, so the week is as far from its head as the day from the block's first.
    runner_row = _runner_rows(weeks, heads, frame)
    first = day_numbers(weeks["week_start"])[heads]
    offset = (day_numbers(frame["local_date"]) - first[runner_row]) // _WEEK
    inside = (runner_row >= 0) & (offset >= 0) & (offset < lengths[runner_row])
    return np.where(inside, heads[runner_row] + offset, -1)


def previous_weeks(values: Floats, rank: Ints, count: int) -> Floats:
    """Return the values of the `count` weeks before each week, one row per lag.

    NaN where that week lies before the log.
    """
    before = np.full((count, len(values)), np.nan)
    for lag in range(1, min(count, len(values)) + 1):
        before[lag - 1, lag:] = np.where(rank[lag:] >= lag, values[:-lag], np.nan)
    return before


def mean_of(before: Floats, *, at_least: int = 1) -> Floats:
    """Return the mean over the lags that are known, NaN where fewer than `at_least` are."""
    count = np.isfinite(before).sum(axis=0)
    total = np.nansum(before, axis=0)
    return np.where(count >= at_least, total / np.maximum(count, 1), np.nan)


def _is_running(runs: pd.DataFrame) -> Bools:
    return is_running(runs) if "sport" in runs else np.ones(len(runs), dtype=np.bool_)


def _is_suspect(runs: pd.DataFrame) -> pd.Series:
    if "suspect" not in runs:
        return pd.Series(data=False, index=runs.index)
    return runs["suspect"].fillna(value=False).astype(bool)


def _until(frame: pd.DataFrame, today: dt.date | None) -> pd.Series:
    if today is None:
        return pd.Series(data=True, index=frame.index)
    return frame["local_date"] <= pd.Timestamp(today)


def _is_head(weeks: pd.DataFrame) -> Bools:
    """Whether a row is the first week of its runner."""
    return group_starts(weeks["runner"].to_numpy() if "runner" in weeks else np.zeros(len(weeks)))


def _runner_rows(weeks: pd.DataFrame, heads: Ints, frame: pd.DataFrame) -> Ints:
    if "runner" not in weeks:
        return np.zeros(len(frame), dtype=np.int64)
    require(frame, ("runner",), "runs or pain")
    runners = pd.Index(weeks["runner"].iloc[heads])
    return np.asarray(runners.get_indexer(frame["runner"]), dtype=np.int64)


def _calendar(valid: pd.DataFrame, today: dt.date | None, week_start: WeekStart) -> pd.DataFrame:
    """Every week of every runner: its first day, its label, and the runner's today."""
    day, heads = day_numbers(valid["local_date"]), np.flatnonzero(_is_head(valid))
    last = np.maximum.reduceat(day, heads)
    last = last if today is None else np.full(len(heads), day_number(today))
    first = first_days(np.minimum.reduceat(day, heads), week_start)
    count = (first_days(last, week_start) - first) // _WEEK + 1
    block = np.repeat(np.arange(len(heads)), count)
    # Count 0, 1, 2 ... within each block: all rows' positions less the position of their head.
    step = np.arange(len(block)) - np.repeat(np.cumsum(count) - count, count)
    start = first[block] + _WEEK * step
    frame = pd.DataFrame(
        {"week": week_labels(start), "week_start": dates(start), "today": last[block]}
    )
    if "runner" not in valid:
        return frame
    return frame.assign(runner=valid["runner"].iloc[heads].array[block])


def _run_columns(frame: pd.DataFrame, valid: pd.DataFrame) -> Columns:
    row = week_rows(frame, valid)
    sums = valid.reindex(columns=list(_SUMMED.values())).groupby(row).sum(min_count=1)
    total = dict(zip(_SUMMED, sums.reindex(frame.index).to_numpy().T, strict=True))
    runs = np.bincount(row, minlength=len(frame))
    unmeasured = row[valid["distance_km"].isna().to_numpy()]
    # `at` takes each run in turn, since several share a week; `fmax` passes over the NaNs.
    longest = np.full(len(frame), np.nan)
    np.fmax.at(longest, row, valid["distance_km"].to_numpy())
    first = np.full(len(frame), np.iinfo(np.int64).max)
    np.minimum.at(first, row, day_numbers(valid["local_date"]))
    start, today = day_numbers(frame["week_start"]), frame["today"].to_numpy()
    return {
        **total,
        "moving_h": total["moving_h"] / 3600,
        "distance_km": np.where(runs == 0, 0.0, total["distance_km"]),
        "longest_run_km": longest,
        "load_estimated_share": _estimated_share(row, valid, len(frame)),
        "runs": runs,
        "first_run_day": first,
        "unmeasured_runs": np.bincount(unmeasured, minlength=len(frame)),
        "complete": start + _WEEK <= today,
        "rest_days": np.minimum(_WEEK, today - start + 1) - _running_days(row, valid, len(frame)),
    }


def _estimated_share(row: Ints, valid: pd.DataFrame, weeks: int) -> Floats:
    """Return the share of each week's load that was estimated, NaN in a week without load."""
    if not {"load", "load_method"} <= set(valid):
        return np.full(weeks, np.nan)
    load = np.nan_to_num(valid["load"].to_numpy(np.float64))
    rough = valid["load_method"].str.startswith("~").to_numpy(dtype=bool)
    total, estimated = (np.bincount(row, part, weeks) for part in (load, load * rough))
    return np.where(total > 0, estimated / np.where(total > 0, total, 1), np.nan)


def _running_days(row: Ints, valid: pd.DataFrame, weeks: int) -> Ints:
    """Return how many days of each week had a run; a week's row and weekday make a day's place."""
    days = np.unique(row * _WEEK + day_numbers(valid["local_date"]) % _WEEK)
    return np.bincount(days // _WEEK, minlength=weeks)


def _counts(frame: pd.DataFrame, days: pd.DataFrame | None) -> Ints:
    """Return how many of `days` each week holds."""
    row = np.zeros(0, dtype=np.int64) if days is None else week_rows(frame, days)
    return np.bincount(row[row >= 0], minlength=len(frame))


def _pain_columns(frame: pd.DataFrame, pain: pd.DataFrame | None) -> Columns:
    if pain is None or pain.empty or frame.empty:
        return {"pain_scores": np.zeros(len(frame), dtype=np.int64)}
    row = week_rows(frame, pain)
    visible = (row >= 0) & (day_numbers(pain["local_date"]) <= frame["today"].to_numpy()[row])
    row, scores = row[visible], pain["score"].to_numpy()[visible]
    count = np.bincount(row, minlength=len(frame))
    scored = count > 0
    highest = np.zeros(len(frame))
    np.maximum.at(highest, row, scores)
    total = np.bincount(row, weights=scores, minlength=len(frame))
    return {
        "pain_max": np.where(scored, highest, np.nan),
        "pain_mean": np.where(scored, total / np.maximum(count, 1), np.nan),
        "pain_scores": count,
    }


def _reference_columns(frame: pd.DataFrame, columns: Columns, settings: Settings) -> Columns:
    share = settings.threshold("cutback_missing.share")
    whole = (columns["unmeasured_runs"] == 0) & ~_begins_late(frame, columns)
    km = np.where(columns["unmeasured_runs"] > 0, np.nan, columns["distance_km"].round(2))
    reference, light = _references(km, whole, week_index(frame), share)
    return {
        "reference_km": reference,
        "cutback": light & columns["complete"],
        "provisional_cutback": light & ~columns["complete"],
    }


def _begins_late(frame: pd.DataFrame, columns: Columns) -> Bools:
    """Whether a week is its log's first and begins after the week's first two days."""
    late = columns["first_run_day"] - day_numbers(frame["week_start"]) >= _FIRST_DAYS
    return np.asarray((week_index(frame) == 0) & late, dtype=np.bool_)


def _references(km: Floats, whole: Bools, rank: Ints, share: float) -> tuple[Floats, Bools]:
    """Return each week's reference [km] and whether it is light, all runners at once.

    `km` is NaN where a week's distance is not known, and `whole` tells which weeks may be one.
    """
    before = previous_weeks(km, rank, MEAN_WEEKS)
    mean = mean_of(before, at_least=_FEWEST_WEEKS)
    # An unknown week makes the mean of the four unknown: too small a base would flag what follows.
    fallback = np.where(rank >= MEAN_WEEKS, before.mean(axis=0), np.nan)
    fallback[~(fallback > 0)] = np.nan
    candidate, light = whole & (km > 0), np.zeros(len(km), dtype=np.bool_)
    # What is light depends on the weeks before alone, so each round settles at least a week more.
    while True:
        usual = previous_weeks(np.where(candidate & ~light, km, np.nan), rank, REFERENCE_WEEKS)
        reference = fallback.copy()
        for week_km in usual[::-1]:
            np.copyto(reference, week_km, where=~np.isnan(week_km))
        again = (km > 0) & (km <= share * reference + EPS) & (km < mean - EPS)
        if np.array_equal(again, light):
            return reference, light
        light = again
