"""How much of a long list is printed: the last weeks with runs, unless one asks for more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from kneeload import formatting
from kneeload.cli.app import DAY

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    import pandas as pd

    from kneeload.settings import WeekStart


LAST_WEEKS = 26


def excerpt(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that choose how much of a list is printed."""
    for option in reversed(
        (
            click.option("--since", type=DAY, metavar="DATE", help="From this date on."),
            click.option("--last", type=click.IntRange(1), metavar="N", help="Only the last N."),
            click.option("--all", "all_", is_flag=True, help="All, not only the last 26 weeks."),
        )
    ):
        command = option(command)
    return command


def runs_of_last_weeks(runs: pd.DataFrame, start: WeekStart) -> pd.DataFrame:
    """Return the runs of the last weeks that have any."""
    weeks = runs["local_date"].dt.to_period("W-SUN" if start == "monday" else "W-SAT")
    last = weeks.drop_duplicates().sort_values().tail(LAST_WEEKS)
    recent: pd.DataFrame = runs[weeks.isin(last)]
    return recent


def earlier(frame: pd.DataFrame, shown: pd.DataFrame, noun: str) -> str:
    """Return how many rows are not shown, and the command that lists them all."""
    left = len(frame) - len(shown)
    return (
        f"\n({formatting.count(left, f'earlier {noun}')}: kneeload {noun}s --all)" if left else ""
    )


def first_week(weeks: pd.DataFrame) -> str:
    """Return the first of the last weeks that have runs; empty where none has."""
    return str(weeks.loc[weeks["runs"] > 0, "week"].tail(LAST_WEEKS).min())


NO_RUNS = "No runs yet. Import some: kneeload import FOLDER   (or look round: kneeload demo)"


def _nothing(what: str, since: dt.date | None) -> str:
    return f"No {what} since {since}." if since else f"No {what}."
