"""The list of weeks: for people a line a week, and one for a long stretch without runs."""

from __future__ import annotations

import datetime as dt
import re
from itertools import groupby
from typing import TYPE_CHECKING, Any

import click

from kneeload import formatting
from kneeload.cli.app import App, pass_app
from kneeload.cli.excerpts import NO_RUNS, Extent, earlier, extent_options, first_week
from kneeload.cli.output import Format, emit, formats, glossary, table
from kneeload.frames import records

if TYPE_CHECKING:
    import pandas as pd

    from kneeload.settings import Settings

_GAP = 3  # empty weeks in a row that become one line


@click.command(epilog="Example: kneeload weeks --since 2026-01-01 --json")
@formats
@extent_options
@pass_app
def weeks(app: App, form: Format, extent: Extent) -> None:
    """List the weeks, newest last; the current week is marked.

    The printed list shows the last 26 weeks with runs; --csv and --json list every week.
    """
    from kneeload.analysis import weeks_with_flags

    with app.read() as log:
        analysis = app.analysis(log)
    every = weeks_with_flags(analysis)
    ends = every["week_start"] + dt.timedelta(days=6)
    frame = every[ends.dt.date >= (extent.since or dt.date.min)]
    frame = extent.tail(frame)
    printed = frame if extent.is_chosen else frame[frame["week"] >= first_week(frame)]
    nothing = NO_RUNS if every.empty else extent.nothing("runs")
    emit(frame, form, lambda: _weeks_text(frame, printed, analysis.settings) or nothing)


def _weeks_text(frame: pd.DataFrame, printed: pd.DataFrame, settings: Settings) -> str:
    """Return the weeks to print and how many there are before; empty where there is none."""
    if frame.empty:
        return ""
    text = _table_text(printed, settings) + earlier(frame, printed, "week")
    return f"{text}\n{glossary(terms=[formatting.REFERENCE_WEEK])}"


def _table_text(frame: pd.DataFrame, settings: Settings) -> str:
    header = ("week", "from", "runs", "distance", "longest", "reference", "pain", "")
    rows: list[tuple[str, ...]] = []
    for is_empty, group in groupby(records(frame), _is_empty):
        weeks = list(group)
        if is_empty and len(weeks) >= _GAP:
            rows.append((*_week_of(weeks[0]), *("",) * 5, f"{len(weeks)} weeks without runs"))
        else:
            rows += [_week_row(week, settings) for week in weeks]
    return table(rows, header, "lrrrrrrl")


def _is_empty(week: dict[str, Any]) -> bool:
    """Return whether nothing happened in a week that is over."""
    return bool(week["complete"] and not (week["runs"] or week["pain_scores"] or week["flags"]))


def _week_of(week: dict[str, Any]) -> tuple[str, str]:
    """Return a week's label and its first day."""
    start = dt.date.fromisoformat(week["week_start"])
    return week["week"], f"{start.day} {formatting.MONTHS[start.month - 1][:3]}"


def _week_row(week: dict[str, Any], settings: Settings) -> tuple[str, ...]:
    return (
        *_week_of(week),
        str(week["runs"]),
        formatting.distance(week["distance_km"], settings.units),
        formatting.distance(week["longest_run_km"], settings.units),
        formatting.distance(week["reference_km"], settings.units),
        formatting.number(week["pain_max"]),
        _marks(week),
    )


def _marks(week: dict[str, Any]) -> str:
    from kneeload.rules import installed_rules

    marks = [
        "" if week["complete"] else "so far",
        "cutback" if week["cutback"] else "",
        "cutback so far" if week["provisional_cutback"] else "",
        *(name for name in installed_rules() if name in re.split("[-;]", week["flags"])),
    ]
    return ", ".join(mark for mark in marks if mark)
