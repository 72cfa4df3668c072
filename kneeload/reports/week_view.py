"""One week cut out of an analysis: what every part of the report looks at."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kneeload import calendar
from kneeload.analysis import weeks_with_limits
from kneeload.errors import EntryError
from kneeload.rules.past_episodes import fired_before

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kneeload.analysis import Analysis
    from kneeload.arrays import Bools, Ints
    from kneeload.association import PainFree
    from kneeload.formatting import Units
    from kneeload.settings import Settings

    Row = dict[str, Any]
    """One row of a frame as plain values: a page looks at a few, and asks little of each."""

NEXT_MORNING = "next_morning"
_RUN = (
    *("run_id", "local_date", "distance_km", "moving_s", "avg_hr_bpm", "descent_m", "rpe"),
    *("knee_load", "load_method", "name", "suspect", "suspect_reason"),
    *("clock_known", "sport_inferred"),
)
_SCORE = (
    *("local_date", "run_date", "run_id", "knee", "site", "moment", "score"),
    *("onset_km", "onset_min", "note"),
)
_FLAG = (
    *("flag_id", "rule", "week", "date", "severity", "evidence", "message", "acknowledged"),
    *("episode", "episodes", "scored", "followed", "by_chance"),
)


@dataclass(frozen=True, eq=False)
class Scope:
    """The report's week, the frames up to its end, and the few rows that it tells.

    Parameters
    ----------
    weeks
        All weeks up to the report's, which is the last, with their limits; empty where the log
        has no run.
    runs
        The runs that count, up to the week's end, by start.
    pain
        All scores up to the week's end, with the runs they rate.
    """

    analysis: Analysis
    label: str
    first: dt.date
    weeks: pd.DataFrame
    runs: pd.DataFrame
    pain: pd.DataFrame

    @property
    def last(self) -> dt.date:
        """The week's last day."""
        return self.first + dt.timedelta(days=6)

    @property
    def today(self) -> dt.date:
        """The week's last day, or today where that is earlier."""
        return min(self.last, self.analysis.today)

    @property
    def complete(self) -> bool:
        """Whether the week is over."""
        return self.last < self.analysis.today

    @property
    def settings(self) -> Settings:
        """The runner's settings."""
        return self.analysis.settings

    @property
    def units(self) -> Units:
        """The runner's display units."""
        return self.settings.units

    @property
    def so_far(self) -> str:
        """The words that go with the numbers of a running week."""
        return "" if self.complete else " so far"

    @cached_property
    def week(self) -> Row | None:
        """The week's row, None where the frame does not reach it."""
        newest = rows(self.weeks, [*self.weeks], [-1]) if len(self.weeks) else []
        return next((row for row in newest if row["week"] == self.label), None)

    @cached_property
    def all_runs(self) -> list[Row]:
        """The week's runs by start, suspect ones too."""
        runs = self.analysis.runs
        return rows(runs, _RUN, _by_start(runs, self.within(runs)))

    @cached_property
    def counted_runs(self) -> list[Row]:
        """The week's runs that count, by start."""
        return [run for run in self.all_runs if not run["suspect"]]

    @cached_property
    def scores(self) -> list[Row]:
        """The week's scores."""
        return rows(self.pain, _SCORE, self.within(self.pain))

    @cached_property
    def related_scores(self) -> list[Row]:
        """The scores, of any day, that speak of the week's runs or of those its scores speak of."""
        days = {s["run_date"] for s in self.scores} | {
            run["local_date"] for run in self.counted_runs
        }
        spoken_of = np.array(sorted(days), dtype="datetime64[us]")
        return rows(self.pain, _SCORE, np.isin(self.pain["run_date"].to_numpy(), spoken_of))

    @cached_property
    def pain_free(self) -> PainFree | None:
        """How far the knee lately bore a run without pain."""
        from kneeload.association.pain_free import pain_free_lately

        return pain_free_lately(self.runs, self.pain, self.today)

    @cached_property
    def zones(self) -> list[Row]:
        """The zones of the week's runs, and of the run before it that its scores decided."""
        zones = self.analysis.zones
        inside = self.within(zones) | self.within(zones, "judged_on")
        return rows(zones, ("knee", "run_id", "zone", "day_zone"), inside)

    @cached_property
    def flags(self) -> list[Row]:
        """The flags up to the week's end, in order of time, with what became of earlier ones."""
        flags = self.analysis.flags
        past = flags["date"].to_numpy() <= np.datetime64(self.last)
        flag_rows = rows(fired_before(flags.loc[past], self.pain), _FLAG, slice(None))
        return sorted(flag_rows, key=itemgetter("date", "flag_id"))

    def within(self, frame: pd.DataFrame, day: str = "local_date") -> Bools:
        """Return which rows of `frame` have their `day` in the week."""
        days = frame[day].to_numpy()
        inside: Bools = (days >= np.datetime64(self.first)) & (days <= np.datetime64(self.last))
        return inside


def rows(
    frame: pd.DataFrame, columns: Sequence[str], which: Bools | Ints | list[int] | slice
) -> list[Row]:
    """Return these rows of `frame` as dicts of `columns`, in plain Python values."""
    # Taken before they are converted: a column of strings becomes objects one by one.
    cells = [frame[name].array[which].to_numpy().tolist() for name in columns]
    return [dict(zip(columns, row, strict=True)) for row in zip(*cells, strict=True)]


def scope(analysis: Analysis, label: str | None) -> Scope | None:
    """Return the week named, else the newest that has a run or a score; None for an empty log.

    Raises
    ------
    EntryError
        If `label` is not a week, or one that the log does not reach.
    """
    newest = _newest(analysis)
    if newest is None:
        return None
    start = analysis.settings.week_start
    first = calendar.parse_week(label, start) if label else calendar.first_day_of(newest, start)
    if first > analysis.today:
        raise EntryError(f"the week {label} had not begun on {analysis.today}")
    end = np.datetime64(first + dt.timedelta(days=6))
    runs, pain, weeks = analysis.runs, analysis.pain, weeks_with_limits(analysis)
    counts = ~runs["suspect"].to_numpy()
    pain = pain.iloc[np.flatnonzero(pain["local_date"].to_numpy() <= end)]
    return Scope(
        analysis=analysis,
        label=calendar.week_label(first),
        first=first,
        weeks=weeks.iloc[: int((weeks["week_start"].to_numpy() <= end).sum())],
        runs=runs.iloc[_by_start(runs, counts & (runs["local_date"].to_numpy() <= end))],
        pain=pain,
    )


def _newest(analysis: Analysis) -> dt.date | None:
    days = (frame["local_date"].max() for frame in (analysis.activities, analysis.pain))
    return max((day.date() for day in days if day is not pd.NaT), default=None)


def _by_start(runs: pd.DataFrame, which: Bools) -> Ints:
    """Return where the runs `which` are, in the order of their start."""
    where = np.flatnonzero(which)
    start = runs["started_at"].to_numpy("datetime64[us]")[where]
    return where[np.argsort(start, kind="stable")]
