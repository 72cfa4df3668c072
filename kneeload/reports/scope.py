"""One week cut out of an analysis: what every part of the report looks at."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from kneeload import weeks as calendar
from kneeload.errors import EntryError
from kneeload.rules.history import fired_before

if TYPE_CHECKING:
    from kneeload.analysis import Analysis
    from kneeload.settings import Settings, Units

NEXT_MORNING = "next_morning"


@dataclass(frozen=True, eq=False)
class Scope:
    """The report's week and the frames up to its end.

    Parameters
    ----------
    weeks
        All weeks up to the report's, which is the last; empty where the log has no run.
    runs
        The runs that count, up to the week's end, by start.
    pain
        All scores up to the week's end, with ``run_date``: the day of the run they speak of.
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
    def complete(self) -> bool:
        """Whether the week is over."""
        return self.last < self.analysis.today

    @property
    def zones(self) -> pd.DataFrame:
        """The zones of the week's runs, and of the run before it that its scores decided."""
        zones = self.analysis.zones
        days = (pd.Timestamp(self.first), pd.Timestamp(self.last))
        return zones[zones["local_date"].between(*days) | zones["judged_on"].between(*days)]

    @cached_property
    def flags(self) -> pd.DataFrame:
        """The flags up to the week's end, in order of time, with what became of earlier ones."""
        flags = self.analysis.flags
        flags = flags[flags["date"] <= pd.Timestamp(self.last)].reset_index(drop=True)
        counts = fired_before(flags, self.pain).drop(columns="flag_id")
        return flags.join(counts).sort_values(["date", "flag_id"], kind="stable")

    @property
    def settings(self) -> Settings:
        """The runner's settings."""
        return self.analysis.settings

    @property
    def units(self) -> Units:
        """The runner's display units."""
        return self.settings.units

    @property
    def week(self) -> pd.Series | None:
        """The week's row, None where the frame does not reach it."""
        found = self.weeks[self.weeks["week"] == self.label]
        return None if found.empty else found.iloc[-1]

    @property
    def so_far(self) -> str:
        """The words that go with the numbers of a running week."""
        return "" if self.complete else " so far"

    def within(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the rows whose local date lies in the week."""
        return frame[frame["local_date"].between(pd.Timestamp(self.first), pd.Timestamp(self.last))]


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
        raise EntryError(f"the week {label} has not begun on {analysis.today}")
    end = pd.Timestamp(first + dt.timedelta(days=6))
    runs = analysis.runs[~analysis.runs["suspect"]].sort_values("started_at", kind="stable")
    weeks = analysis.weeks[analysis.weeks["week_start"] <= end]
    return Scope(
        analysis=analysis,
        label=calendar.week_label(first),
        first=first,
        weeks=weeks,
        runs=runs[runs["local_date"] <= end],
        pain=_with_run_dates(analysis.pain[analysis.pain["local_date"] <= end], runs),
    )


def _newest(analysis: Analysis) -> dt.date | None:
    dates = pd.concat([analysis.activities["local_date"], analysis.pain["local_date"]]).dropna()
    return None if dates.empty else dates.max().date()


def _with_run_dates(pain: pd.DataFrame, runs: pd.DataFrame) -> pd.DataFrame:
    """Add the day of the run that a score speaks of: its run's, else by its moment."""
    known = runs.set_index("run_id")["local_date"].reindex(pain["run_id"]).set_axis(pain.index)
    late = pd.to_timedelta((pain["moment"] == NEXT_MORNING).astype(int), unit="D")
    return pain.assign(run_date=known.fillna(pain["local_date"] - late))
