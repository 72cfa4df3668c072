"""The list of flags, and the answer to one."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import click

from kneeload.cli.app import App, pass_app
from kneeload.cli.excerpts import Extent, earlier, extent_options, first_week
from kneeload.cli.output import (
    Format,
    echo_undoable,
    emit,
    formats,
    glossary,
    named_terms,
    strip_control,
)
from kneeload.cli.usage_errors import valid_week
from kneeload.errors import EntryError
from kneeload.frames import records, upto

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd


@click.group(invoke_without_command=True, epilog="Example: kneeload flags --week 2026-W12")
@formats
@extent_options
@click.option(
    "--week", metavar="YYYY-Www", help="Show only the flags of one week, such as 2026-W05."
)
@pass_app
@click.pass_context
def flags(ctx: click.Context, app: App, form: Format, extent: Extent, week: str | None) -> None:
    """List the flags that rules have raised, newest last; acknowledged ones are marked.

    The printed list shows the last 26 weeks with runs; --csv and --json list every flag.
    """
    if ctx.invoked_subcommand:
        return
    from kneeload.rules.red_flags import nothing_found

    with app.read() as log:
        analysis = app.analysis(log, metric=form != "text")
    frame = upto(analysis.flags, dt.date.max, extent.since, by="date")
    if week:
        frame = frame[frame["week"] == valid_week(week)]
    frame = extent.tail(frame)
    is_chosen = extent.is_chosen or week
    printed = frame if is_chosen else frame[frame["week"] >= first_week(analysis.weeks)]
    nothing = nothing_found(analysis.settings)
    starts = dict(zip(analysis.weeks["week"], analysis.weeks["week_start"], strict=True))
    emit(frame, form, lambda: _flags_text(frame, printed, starts) or nothing)


@flags.command("ack", epilog="Example: kneeload flags ack 2026-W12-ten_percent --note 'holiday'")
@click.argument("flag_id", metavar="ID")
@click.option("--note", required=True, help="Why the flag does not worry you.")
@pass_app
def acknowledge(app: App, flag_id: str, note: str) -> None:
    """Acknowledge a flag.

    The flag for a red-flag symptom stays open until you enter `kneeload note assessed`.
    """
    from kneeload.store.journal import Change

    with app.open(create=False) as log:
        raised = app.analysis(log).flags
        if flag_id not in set(raised["flag_id"]):
            raise EntryError(f"there is no flag {flag_id!r}; `kneeload flags` lists them")
        if flag_id in set(raised.loc[raised["rule"] == "red_flag", "flag_id"]):
            raise EntryError(
                "a red flag cannot be acknowledged; once a professional has looked at the knee:"
                " kneeload note assessed --date DATE"
            )
        change = Change(verb="add", object="flag", subject=flag_id, payload={"note": note})
        log.record([change], app.now)
    echo_undoable(f"Acknowledged {flag_id}.")


def _flags_text(
    frame: pd.DataFrame, printed: pd.DataFrame, starts: Mapping[str, pd.Timestamp]
) -> str:
    """Return the flags and what their words mean; empty where there is none."""
    from kneeload import formatting

    if frame.empty:
        return ""
    lines = []
    for flag in records(printed):
        start = starts.get(flag["week"])
        week = f"Week of {formatting.day_and_year(start)}" if start is not None else flag["week"]
        acknowledged = "  (acknowledged)" if flag["acknowledged"] else ""
        lines.append(
            f"{week}: {formatting.severity(flag['severity'])}  {flag['flag_id']}{acknowledged}"
        )
        lines.append(f"    {flag['message']}  [{flag['evidence']}]")
    text = "\n".join(map(strip_control, lines)) + earlier(frame, printed, "flag")
    return f"{text}\n{glossary(printed['evidence'], terms=named_terms(lines))}"
