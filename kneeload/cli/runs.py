"""Runs: listed, corrected, decided on."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kneeload.cli.app import DAY, App, pass_app
from kneeload.cli.excerpts import NO_RUNS, Extent, earlier, extent_options, runs_of_last_weeks
from kneeload.cli.forms import OneOf
from kneeload.cli.output import (
    Format,
    echo_undoable,
    emit,
    formats,
    shortened,
    strip_control,
    table,
)
from kneeload.errors import EntryError
from kneeload.frames import records, upto
from kneeload.model import Sport

if TYPE_CHECKING:
    import pandas as pd

    from kneeload.settings import Settings

_KM, _MILES = click.FloatRange(0, 500), click.FloatRange(0, 310)


@click.group(invoke_without_command=True, epilog="Example: kneeload runs --since 2026-01-01 --csv")
@formats
@extent_options
@click.option("--all-sports", is_flag=True, help="Include other sports.")
@click.option("--review", is_flag=True, help="List doubtful runs and what you can do about each.")
@click.option("--suspect", is_flag=True, hidden=True, help="The same as --review.")
@click.option("--warnings", is_flag=True, help="List oddities found in the files.")
@pass_app
@click.pass_context
def runs(
    ctx: click.Context,
    app: App,
    form: Format,
    extent: Extent,
    all_sports: bool,
    review: bool,
    suspect: bool,
    warnings: bool,
) -> None:
    """List the runs, newest last, without duplicates.

    The printed list shows the last 26 weeks with runs; --csv and --json list every run.
    """
    if ctx.invoked_subcommand:
        return
    review |= suspect
    with app.read() as log:
        settings = log.settings
        every = log.activities() if all_sports else log.runs()
        every = upto(every, app.today(settings))
    frame = upto(every, dt.date.max, extent.since)
    frame = extent.tail(frame[frame["suspect"]] if review else frame)
    if warnings:
        oddities = file_warnings(frame)
        emit(oddities, form, lambda: _warnings_text(oddities, settings))
        return
    is_chosen = extent.is_chosen or review
    printed = frame if is_chosen else runs_of_last_weeks(frame, settings.week_start)
    nothing = NO_RUNS if every.empty else extent.nothing("doubtful runs" if review else "runs")
    as_text = _review_text if review else _runs_text
    emit(
        public_runs(frame),
        form,
        lambda: as_text(printed, settings, nothing) + earlier(frame, printed, "run"),
    )


@runs.command("edit", epilog="Example: kneeload runs edit 3f2a --distance-km 10.2 --rpe 6")
@click.argument("run_id", metavar="ID")
@click.option(
    "--sport", type=OneOf("sport", tuple(map(str, Sport))), help="The sport it really was."
)
@click.option("--distance-km", type=_KM, help="Distance in kilometres.")
@click.option("--distance-mi", type=_MILES, help="Distance in miles.")
@click.option("--local-date", type=DAY, metavar="DATE", help="Date of the run, in local time.")
@click.option(
    "--rpe",
    type=click.FloatRange(0, 10),
    help="How hard it felt, from 0 (rest) to 10 (as hard as possible).",
)
@click.option("--shoe", help="Name of the shoe.")
@click.option("--note", help="Anything else, in your own words.")
@pass_app
def edit_run(app: App, /, run_id: str, distance_mi: float | None, **options: Any) -> None:
    """Correct a run. The numbers from its file stay in the log."""
    from kneeload.formatting import KM_PER_MILE

    if distance_mi is not None:
        if options["distance_km"] is not None:
            raise click.UsageError("use either --distance-km or --distance-mi, not both")
        options["distance_km"] = distance_mi * KM_PER_MILE
    edits = {
        key: value.isoformat() if isinstance(value, dt.date) else value
        for key, value in options.items()
        if value is not None
    }
    if not edits:
        raise click.UsageError("nothing to change; add an option, such as --rpe 6")
    with app.open(create=False) as log:
        name = log.edit_run(run_id, edits, app.now)
    echo_undoable(f"Changed {', '.join(edits)} of run {name}.")


@runs.command("remove", epilog="Example: kneeload runs remove 3f2a")
@click.argument("run_id", metavar="ID")
@pass_app
def remove_run(app: App, run_id: str) -> None:
    """Leave a run out, even if its file is imported again.

    All recordings of the run are left out. If you give the ID of a duplicate, only that recording
    is left out.
    """
    with app.open(create=False) as log:
        name = log.remove_run(run_id, app.now)
    echo_undoable(f"Removed run {name}.")


@runs.command("accept", epilog="Example: kneeload runs accept 3f2a")
@click.argument("run_id", metavar="ID")
@pass_app
def accept_run(app: App, run_id: str) -> None:
    """Accept a doubtful run, so that it counts in your weeks.

    `kneeload runs --review` lists the doubtful runs.
    """
    with app.open(create=False) as log:
        name = log.accept_run(run_id, app.now)
    echo_undoable(f"Run {name} counts.")


@runs.command("shift", epilog="Example: kneeload runs shift --source ~/old_watch --hours -1")
@click.option(
    "--source",
    metavar="PREFIX",
    required=True,
    help="Shift the times of all runs whose file name or path begins with PREFIX.",
)
@click.option(
    "--hours",
    type=click.FloatRange(-200_000, 200_000),
    required=True,
    help="Hours to add to the times; a negative number moves them earlier.",
)
@pass_app
def shift_runs(app: App, source: str, hours: float) -> None:
    """Shift the times of runs whose watch or app had a wrong clock.

    PREFIX is the beginning of a file's name, or of a path as `kneeload runs --csv` shows it. Runs
    that you import later are not shifted.
    """
    with app.open(create=False) as log:
        count = log.shift_runs(source, hours, app.now)
    if not count:
        raise EntryError(f"no run comes from {source!r}; `kneeload runs --csv` shows each source")
    moved = f"Moved {count} {'run' if count == 1 else 'runs'} by {hours:g} hours"
    echo_undoable(f"{moved}.")


def public_runs(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the columns that leave the program."""
    from kneeload.frames import RUNS

    inner = {"warnings", "kind", "moved_from_s", "moved_until_s", "utc_offset_s"}
    return frame[[*RUNS, *(c for c in frame.columns if c not in RUNS and c not in inner)]]


def file_warnings(frame: pd.DataFrame) -> pd.DataFrame:
    """Return what was odd in the runs' files, a row each: ``run_id, warning, source``."""
    import json

    rows = frame.assign(warning=frame["warnings"].map(json.loads)).explode("warning")
    return rows.loc[rows["warning"].notna(), ["run_id", "warning", "source"]]


def _warnings_text(frame: pd.DataFrame, settings: Settings) -> str:
    from kneeload import formatting

    short = shortened(frame["source"], (), Path.cwd())
    rows = [
        (run, formatting.convert_km_in_text(text, settings.units), short[path])
        for run, text, path in frame.to_numpy().tolist()
    ]
    return table(rows, tuple(frame.columns)) if rows else "No warnings."


def _runs_text(frame: pd.DataFrame, settings: Settings, nothing: str) -> str:
    from kneeload import formatting

    if frame.empty:
        return nothing
    rows = [
        (
            run["run_id"],
            run["local_date"],
            run["sport"],
            formatting.distance(run["distance_km"], settings.units),
            formatting.duration(run["moving_s"]),
            formatting.pace(run["moving_s"], run["distance_km"], settings.units),
            formatting.number(run["avg_hr_bpm"]),
            _remark(run, settings),
        )
        for run in records(frame)
    ]
    header = ("id", "date", "sport", "distance", "time", "pace", "heart", "")
    return table(rows, header, "lllrrrrl")


def _remark(run: dict[str, Any], settings: Settings) -> str:
    """Return why a run is doubtful, else what its device measured and its name."""
    from kneeload import formatting

    if run["suspect_reason"]:
        return formatting.convert_km_in_text(run["suspect_reason"], settings.units)
    measured = run["device_distance_km"]
    device = measured and f"device says {formatting.distance(measured, settings.units)}"
    return ", ".join(filter(None, (run["name"], device)))


def _review_text(frame: pd.DataFrame, settings: Settings, nothing: str) -> str:
    """Return each doubtful run with the reason, and the commands that decide."""
    from kneeload import formatting

    if frame.empty:
        return nothing
    lines = []
    for run in records(frame):
        km = formatting.distance(run["distance_km"], settings.units)
        lines += [
            f"{run['run_id']}  {run['local_date']}  {km}  {formatting.duration(run['moving_s'])}",
            f"    {formatting.convert_km_in_text(run['suspect_reason'], settings.units)}",
            f"    {_decision(run)}",
        ]
    return "\n".join(map(strip_control, lines))


def _decision(run: dict[str, Any]) -> str:
    name, clock = run["run_id"], run["suspect_reason"].startswith("the clock")
    right = (
        f"kneeload runs edit {name} --local-date DATE" if clock else f"kneeload runs accept {name}"
    )
    return f"count it: {right}   drop it: kneeload runs remove {name}"
