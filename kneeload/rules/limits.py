"""The limit of every run and every week of a log: how much, what it rests on, and who set it.

Rules hold what was run against these, the plan takes what binds of them, and the page draws them.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kneeload import formatting
from kneeload.calendar import day_numbers, group_starts, runner_codes
from kneeload.rules import breaks
from kneeload.rules.distance import longest_before, runs_before
from kneeload.rules.own_limits import own_run_km, own_week_km
from kneeload.rules.returning import Allowed, Returns, Weeks, returns
from kneeload.rules.setbacks import story
from kneeload.weeks import week_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kneeload.arrays import Bools, Floats, Ints, Texts
    from kneeload.rules.setbacks import Story
    from kneeload.settings import Settings

_MONTH_DAYS = 30


@dataclass(frozen=True, eq=False)
class _Back:
    """What a return allows, by row of runs or weeks: as `Allowed`, NaN [km] where none lasts."""

    km: Floats
    basis: Texts
    resting: Bools
    opening: Bools

    @classmethod
    def by_row(cls, allowed: Mapping[int, Allowed], rows: int) -> _Back:
        """Return what is `allowed` at some of `rows` rows."""
        places = list(allowed)
        back = cls(
            np.full(rows, np.nan),
            np.full(rows, "", dtype=object),
            *np.zeros((2, rows), dtype=np.bool_),
        )
        for field in fields(cls):
            values = [getattr(row, field.name) for row in allowed.values()]
            getattr(back, field.name)[places] = values
        return back

    def lower(self, other: _Back) -> _Back:
        """Return the lower limit of each row; an opening week's gives way to any other."""
        takes = (other.km < self.km) | (np.isnan(self.km) & ~np.isnan(other.km))
        pairs = ((getattr(other, field.name), getattr(self, field.name)) for field in fields(self))
        return _Back(*(np.where(takes, *pair) for pair in pairs))


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
    pained = _after_pain(weeks, runs, zones, pain, diary, settings)
    both = Limits(pained, weeks, runs, diary, settings)
    return {"run_limits": both.of_runs, "week_limits": both.of_weeks}


@dataclass(frozen=True, eq=False)
class Limits:
    """The frames of `limits`, each made when it is asked for.

    Parameters
    ----------
    pained
        The limits of the returns after pain, by rows of `runs` and `weeks`.
    """

    pained: Returns
    weeks: pd.DataFrame
    runs: pd.DataFrame
    diary: pd.DataFrame
    settings: Settings

    @cached_property
    def of_runs(self) -> pd.DataFrame:
        """``run_limits``."""
        runs, settings = self.runs, self.settings
        after_pain = _Back.by_row(self.pained.runs, len(runs))
        after_break = _break_runs(runs, self._breaks, settings)
        back = after_pain.lower(_Back.by_row(after_break, len(runs)))
        columns = _usual_runs(runs, self._hurt, settings) | {
            "return_km": back.km,
            "return_basis": pd.Series(back.basis, index=runs.index, dtype=object),
            "resting": after_pain.resting,
            "after_pain": ~np.isnan(after_pain.km),
            "own_km": own_run_km(runs, self.diary),
        }
        return pd.DataFrame(columns, index=runs.index)

    @cached_property
    def of_weeks(self) -> pd.DataFrame:
        """``week_limits``."""
        weeks, settings = self.weeks, self.settings
        after_break = _break_weeks(weeks, self._breaks, settings)
        back = _Back.by_row(self.pained.weeks, len(weeks)).lower(
            _Back.by_row(after_break, len(weeks))
        )
        columns = {
            "usual_km": _usual_weeks(weeks, settings),
            "return_km": back.km,
            "return_basis": pd.Series(back.basis, index=weeks.index, dtype=object),
            "replaces": ~np.isnan(back.km) & ~back.opening,
            "own_km": own_week_km(weeks, self.diary),
        }
        return pd.DataFrame(columns, index=weeks.index)

    @cached_property
    def _breaks(self) -> pd.DataFrame:
        return breaks.breaks(self.runs, self.settings, self._hurt)

    @cached_property
    def _hurt(self) -> Bools:
        return np.isin(np.arange(len(self.runs)), list(self.pained.hurt))


def _usual_runs(
    runs: pd.DataFrame, hurt: Bools, settings: Settings
) -> dict[str, Floats | Ints | Bools]:
    """Return the columns that follow from the runs of the last 30 days."""
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
    return {
        "longest_km": longest,
        "older_km": older,
        "window_runs": count,
        "mature": ~np.isnan(older) | (_age_days(runs) >= _MONTH_DAYS),
        "usual_km": np.where(enough, np.fmax(usual, least), np.nan),
    }


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


def _break_runs(
    runs: pd.DataFrame, past_breaks: pd.DataFrame, settings: Settings
) -> dict[int, Allowed]:
    rows = breaks.break_runs(runs, past_breaks, settings)
    longest = breaks.round_down(rows["longest_km"].to_numpy(), settings)
    share = np.where(rows["by_minutes"], 0, 100 * rows["share"])
    minutes = settings.threshold("return_from_break.longest_min")
    basis = [
        f"After {gap:.0f} days without a run, start with at most "
        + (f"{minutes:.0f} minutes" if not pct else f"{pct:.0f} % of your longest run before that")
        + (f" ({formatting.distance(km, settings.units)})." if pct else " at your usual pace.")
        for gap, pct, km in zip(rows["gap_days"], share, longest, strict=True)
    ]
    return _allowed(rows["place"].to_numpy(), rows["limit_km"], basis)


def _break_weeks(
    weeks: pd.DataFrame, past_breaks: pd.DataFrame, settings: Settings
) -> dict[int, Allowed]:
    rows = breaks.break_weeks(past_breaks, settings)
    place = week_rows(weeks, rows.rename(columns={"week_start": "local_date"}))
    rows, place = rows.loc[place >= 0], place[place >= 0]
    weekly = breaks.round_down(rows["weekly_km"].to_numpy(), settings)
    basis = [
        f"{100 * share:.0f} % of the {formatting.distance(km, settings.units)} a week that you ran "
        f"before your break of {gap:.0f} days"
        for share, km, gap in zip(rows["share"], weekly, rows["gap_days"], strict=True)
    ]
    return _allowed(place, rows["limit_km"], basis)


def _allowed(places: Ints, km: pd.Series, basis: list[str]) -> dict[int, Allowed]:
    return dict(zip(places.tolist(), map(Allowed, km.tolist(), basis), strict=True))


def _after_pain(
    weeks: pd.DataFrame,
    runs: pd.DataFrame,
    zones: pd.DataFrame,
    pain: pd.DataFrame,
    diary: pd.DataFrame,
    settings: Settings,
) -> Returns:
    """Return the limits of returns after pain, and the runs that hurt, by rows of all runners."""
    every = Returns()
    for places, week_places, (of_zones, of_pain, of_diary) in _by_runner(
        weeks, runs, zones, pain, diary
    ):
        own_story = story(runs.iloc[places], of_zones, of_pain, of_diary, settings)
        back = after_pain(own_story, weeks.iloc[week_places], settings)
        every.runs.update({int(places[row]): allowed for row, allowed in back.runs.items()})
        every.weeks.update({int(week_places[row]): allowed for row, allowed in back.weeks.items()})
        every.hurt.update(places[list(back.hurt)].tolist())
    return every


def after_pain(own_story: Story, weeks: pd.DataFrame, settings: Settings) -> Returns:
    """Return one runner's limits after pain, by rows of the runs of the story and of `weeks`."""
    calendar = Weeks(
        day_numbers(weeks["week_start"]),
        *(weeks[name].to_numpy() for name in ("distance_km", "reference_km", "complete")),
    )
    return returns(own_story, calendar, settings)


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
