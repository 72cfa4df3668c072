"""Runs recorded more than once, and which recording counts."""

from __future__ import annotations

import click

from kneeload.cli.app import App, pass_app
from kneeload.cli.output import as_json, echo_undoable, json_option, table
from kneeload.frames import records


@click.command(epilog="Example: kneeload duplicates --keep 3f2a")
@click.option("--keep", metavar="ID", help="Count the recording with this ID instead.")
@json_option
@pass_app
def duplicates(app: App, keep: str | None, as_json_: bool) -> None:
    """List duplicate recordings and why they were matched."""
    with app.read() as log:
        if keep:
            echo_undoable(f"Run {log.keep_recording(keep, app.now)} counts.")
            return
        pairs = log.duplicates()
    if as_json_:
        click.echo(as_json(records(pairs)))
    elif pairs.empty:
        click.echo("No duplicates.")
    else:
        rows = pairs.astype("object").to_numpy().tolist()
        click.echo(table(rows, ("left out", "counted", "reason")))
