"""The limit of every run and every week of a log: how much, what it rests on, and who set it.

Rules hold what was run against these, the plan takes what binds of them, and the page draws them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kneeload import formatting
from kneeload.calendar import day_numbers, group_starts, runner_codes
from kneeload.rules import breaks
from kneeload.rules.distance import longest_before, runs_before
from kneeload.rules.own_limits import own_run_km, own_week_km
from kneeload.rules.returning import Returns, Weeks, returns
from kneeload.rules.setbacks import story
from kneeload.weeks import week_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kneeload.arrays import Bools, Floats, Ints
    from kneeload.rules.returning import Allowed
    from kneeload.settings import Settings

_MONTH_DAYS = 30


def limits(
    weeks: pd.DataFrame,
    runs: pd.DataFrame,
    zones: pd.DataFrame,
    pain: pd.DataFrame,
    diary: pd.DataFrame,
    settings: Settings,
) -> dict[str, pd.DataFrame]:
    """Return the limits of all runs and weeks.

    Parameters
    ----------
    weeks, runs
        As `kneeload.weeks.weekly` and `kneeload.weeks.countable_runs` return them.
    zones
        As `kneeload.rules.pain_zones.zones` returns them.
    pain, diary
        Frames of the same names in `kneeload.frames`.

    Returns
    -------
    dict of DataFrame
        ``run_limits``, a row for each of `runs`: ``longest_km`` and ``older_km``, the longest run
        of the 30 days before and of days 30 to 7; ``window_runs``; ``usual_km``, what follows from
        them; ``return_km`` with ``return_basis``, ``after_pain`` and ``resting`` (no number was
        given); ``own_km``, a professional's. ``week_limits``, a row for each of `weeks`:
        ``usual_km``, the 10 % guideline; ``return_km`` with ``return_basis``; ``replaces``, whether
        the return stands in the guideline's place; ``own_km``. All [km], NaN where none applies.
    """
    run_back, week_back, hurt = _after_pain(weeks, runs, zones, pain, diary, settings)
    past_breaks = breaks.breaks(runs, settings, hurt)
    run_back = _lower(run_back, _break_runs(runs, past_breaks, settings))
    week_back = _lower(week_back, _break_weeks(weeks, past_breaks, settings))
    is_return = week_back["return_km"].notna()
    return {
        "run_limits": _usual_runs(runs, hurt, settings)
        .join(run_back)
        .assign(own_km=own_run_km(runs, diary)),
        "week_limits": week_back.assign(
            usual_km=_usual_weeks(weeks, settings),
            replaces=is_return & ~week_back["opening"],
            own_km=own_week_km(weeks, diary),
        ),
    }


def _usual_runs(runs: pd.DataFrame, hurt: Bools, settings: Settings) -> pd.DataFrame:
    """Return what follows from the runs of the last 30 days."""
    window, recent, ratio, fewest = (
        settings.threshold(f"long_run_spike.{name}")
        for name in ("window_days", "recent_days", "warn_ratio", "min_runs")
    )
    longest = longest_before(runs, window, left_out=hurt).round(2)
    older = longest_before(runs, window, until_days=recent, left_out=hurt).round(2)
    count = runs_before(runs, window)
    usual = np.fmax(
        breaks.round_down(longest, settings),
        breaks.round_down(ratio * breaks.round_down(older, settings), settings),
    )
    least = formatting.shown_down(settings.threshold("plan.min_run_km"), settings.units)
    enough = (count >= fewest) & (longest > 0)
    return pd.DataFrame(
        {
            "longest_km": longest,
            "older_km": older,
            "window_runs": count,
            "mature": ~np.isnan(older) | (_age_days(runs) >= _MONTH_DAYS),
            "usual_km": np.where(enough, np.fmax(usual, least), np.nan),
        },
        index=runs.index,
    )


def _age_days(runs: pd.DataFrame) -> Ints:
    """Return how old each run's log was [d]."""
    day, who = day_numbers(runs["local_date"]), runner_codes(runs)
    head = np.flatnonzero(group_starts(who))
    return day - np.repeat(day[head], np.diff(np.append(head, len(day))))


def _usual_weeks(weeks: pd.DataFrame, settings: Settings) -> Floats:
    """Return 1.10 times each reference week, or 1 km more; NaN where it is too small."""
    base = weeks["reference_km"].to_numpy()
    enough = base >= settings.threshold("ten_percent.min_base_km")
    reference = breaks.round_down(np.where(enough, base, np.nan), settings)
    ratio = 1 + settings.threshold("ten_percent.note_pct") / 100
    return breaks.round_down(
        np.fmax(ratio * reference, reference + settings.threshold("plan.min_rise_km")), settings
    )


def _break_runs(runs: pd.DataFrame, past_breaks: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    rows = breaks.break_runs(runs, past_breaks, settings)
    longest = breaks.round_down(rows["longest_km"].to_numpy(), settings)
    share = np.where(rows["by_minutes"], 0, 100 * rows["share"])
    minutes = settings.threshold("return_from_break.longest_min")
    basis = [
        f"After {gap:.0f} days without a run, start with at most "
        + (f"{minutes:.0f} minutes" if not pct else f"{pct:.0f} % of your longest run before")
        + (f" ({formatting.distance(km, settings.units)})." if pct else " at your usual pace.")
        for gap, pct, km in zip(rows["gap_days"], share, longest, strict=True)
    ]
    return _placed(rows["place"].to_numpy(), rows["limit_km"], basis, runs)


def _break_weeks(
    weeks: pd.DataFrame, past_breaks: pd.DataFrame, settings: Settings
) -> pd.DataFrame:
    rows = breaks.break_weeks(past_breaks, settings)
    place = week_rows(weeks, rows.rename(columns={"week_start": "local_date"}))
    rows, place = rows.loc[place >= 0], place[place >= 0]
    weekly = breaks.round_down(rows["weekly_km"].to_numpy(), settings)
    basis = [
        f"{100 * share:.0f} % of the {formatting.distance(km, settings.units)} a week before "
        f"your break of {gap:.0f} days"
        for share, km, gap in zip(rows["share"], weekly, rows["gap_days"], strict=True)
    ]
    return _placed(place, rows["limit_km"], basis, weeks)


def _placed(place: Ints, km: pd.Series, basis: list[str], frame: pd.DataFrame) -> pd.DataFrame:
    """Return limits at their places in `frame`, which is unlimited elsewhere."""
    placed = _unlimited(frame)
    placed.iloc[place, 0] = km.to_numpy()
    placed.iloc[place, 1] = np.array(basis, dtype=object)
    return placed


def _unlimited(frame: pd.DataFrame) -> pd.DataFrame:
    blank = {"return_km": np.nan, "return_basis": "", "resting": False, "opening": False}
    return pd.DataFrame(blank, index=frame.index).astype({"return_basis": object})


def _lower(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """Return the lower limit of each row; an opening week's gives way to any other."""
    km, others = one["return_km"].to_numpy(), other["return_km"].to_numpy()
    takes = (others < km) | (np.isnan(km) & ~np.isnan(others))
    pairs = {name: (other[name].to_numpy(), one[name].to_numpy()) for name in one}
    lower = pd.DataFrame(
        {name: np.where(takes, *pair) for name, pair in pairs.items()}, index=one.index
    )
    return lower.assign(resting=one["resting"], after_pain=one["return_km"].notna())


def _after_pain(
    weeks: pd.DataFrame,
    runs: pd.DataFrame,
    zones: pd.DataFrame,
    pain: pd.DataFrame,
    diary: pd.DataFrame,
    settings: Settings,
) -> tuple[pd.DataFrame, pd.DataFrame, Bools]:
    """Return the limits of returns after pain, of runs and of weeks, and the runs that hurt."""
    run_limits, week_limits = _unlimited(runs), _unlimited(weeks)
    hurt = np.zeros(len(runs), dtype=np.bool_)
    for places, week_places, entries in _by_runner(weeks, runs, zones, pain, diary):
        runs_of_one = runs.iloc[places]
        back = _returns(weeks.iloc[week_places], runs_of_one, entries, settings)
        _write(run_limits, places, back.runs)
        _write(week_limits, week_places, back.weeks)
        hurt[places[list(back.hurt)]] = True
    return run_limits, week_limits, hurt


def _returns(
    weeks: pd.DataFrame,
    runs: pd.DataFrame,
    entries: tuple[pd.DataFrame, ...],
    settings: Settings,
) -> Returns:
    calendar = Weeks(
        day_numbers(weeks["week_start"]),
        *(weeks[name].to_numpy() for name in ("distance_km", "reference_km", "complete")),
    )
    zones, pain, diary = entries
    return returns(story(runs, zones, pain, diary, settings), calendar, settings)


def _by_runner(
    weeks: pd.DataFrame, runs: pd.DataFrame, *entries: pd.DataFrame
) -> Iterator[tuple[Ints, Ints, tuple[pd.DataFrame, ...]]]:
    """Yield each runner with entries: the places of runs and weeks, then zones, pain and diary."""
    if all(frame.empty for frame in entries) or weeks.empty or runs.empty:
        return
    if "runner" not in weeks:
        yield np.arange(len(runs)), np.arange(len(weeks)), entries
        return
    for runner in sorted({name for frame in entries for name in frame["runner"]}):
        places, week_places = (
            np.flatnonzero((frame["runner"] == runner).to_numpy()) for frame in (runs, weeks)
        )
        if len(places) and len(week_places):
            parts = (f.loc[f["runner"] == runner].reset_index(drop=True) for f in entries)
            yield places, week_places, tuple(parts)


def _write(frame: pd.DataFrame, places: Ints, by_row: dict[int, Allowed]) -> None:
    where = places[list(by_row)]
    for column, name in enumerate(("km", "basis", "resting", "opening")):
        values = np.array([getattr(allowed, name) for allowed in by_row.values()], dtype=object)
        frame.iloc[where, column] = values if name == "basis" else values.tolist()
