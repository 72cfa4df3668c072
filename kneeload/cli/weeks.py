"""The list of weeks."""

from __future__ import annotations

import datetime as dt

import click

from kneeload.cli.app import App, pass_app
from kneeload.cli.excerpts import (
    NO_RUNS,
    _nothing,
    excerpt,
    first_week,
)
from kneeload.cli.output import emit, formats
from kneeload.cli.weeklist import weeks_text


@click.command(epilog="Example: kneeload weeks --since 2026-01-01 --json")
@formats
@excerpt
@pass_app
def weeks(
    app: App,
    as_csv_: bool,
    as_json_: bool,
    since: dt.date | None,
    last: int | None,
    all_: bool,
) -> None:
    """List the weeks, newest last; the current week is marked.

    As text, from the last 26 weeks with runs; --csv and --json list every week.
    """
    from kneeload.analysis import weeks_with_flags

    with app.read() as log:
        analysis = app.analysis(log)
    every = weeks_with_flags(analysis)
    ends = every["week_start"] + dt.timedelta(days=6)
    frame = every[ends.dt.date >= (since or dt.date.min)]
    frame = frame.tail(last) if last else frame
    shown = frame if all_ or since or last else frame[frame["week"] >= first_week(frame)]
    nothing = NO_RUNS if every.empty else _nothing("runs", since)
    emit(
        frame,
        as_csv_=as_csv_,
        as_json_=as_json_,
        text=lambda: weeks_text(frame, shown, analysis.settings) or nothing,
    )
