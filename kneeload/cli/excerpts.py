"""How much of a long list is printed: the last weeks with runs, unless one asks for more."""

from __future__ import annotations

from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from kneeload import formatting
from kneeload.cli.app import DAY
from kneeload.cli.output import options

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    import pandas as pd

    from kneeload.settings import WeekStart

LAST_WEEKS = 26
NO_RUNS = "No runs yet. Import some: kneeload import FOLDER   (or look round: kneeload demo)"


@dataclass(frozen=True)
class Extent:
    """How much of a list was asked for: from a day on, the last so many rows, all."""

    since: dt.date | None
    last: int | None
    everything: bool

    @property
    def is_chosen(self) -> bool:
        """Whether anything was asked for; else the last weeks with runs are printed."""
        return bool(self.since or self.last or self.everything)

    def tail(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the last rows, all where no number was asked for."""
        return frame.tail(self.last) if self.last else frame

    def nothing(self, noun: str) -> str:
        """Return that there are no such rows."""
        return f"No {noun} since {self.since}." if self.since else f"No {noun}."


def extent_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that choose how much of a list is printed; the command gets ``extent``."""

    @wraps(command)
    def with_extent(
        *args: Any, since: dt.date | None, last: int | None, all_: bool, **kwargs: Any
    ) -> Any:
        return command(*args, extent=Extent(since, last, all_), **kwargs)

    return options(
        click.option(
            "--since", type=DAY, metavar="DATE", help="Show only entries from this date on."
        ),
        click.option(
            "--last", type=click.IntRange(1), metavar="N", help="Show only the last N entries."
        ),
        click.option(
            "--all", "all_", is_flag=True, help="Show the whole list, not only the last 26 weeks."
        ),
    )(with_extent)


def runs_of_last_weeks(runs: pd.DataFrame, start: WeekStart) -> pd.DataFrame:
    """Return the runs of the last weeks that have any."""
    weeks = runs["local_date"].dt.to_period("W-SUN" if start == "monday" else "W-SAT")
    last = weeks.drop_duplicates().sort_values().tail(LAST_WEEKS)
    recent: pd.DataFrame = runs[weeks.isin(last)]
    return recent


def earlier(frame: pd.DataFrame, printed: pd.DataFrame, noun: str) -> str:
    """Return how many rows are not shown, and the command that lists them all."""
    hidden = len(frame) - len(printed)
    count = formatting.count(hidden, f"earlier {noun}")
    return f"\n({count}: kneeload {noun}s --all)" if hidden else ""


def first_week(weeks: pd.DataFrame) -> str:
    """Return the first of the last weeks that have runs; empty where none has."""
    return str(weeks.loc[weeks["runs"] > 0, "week"].tail(LAST_WEEKS).min())
