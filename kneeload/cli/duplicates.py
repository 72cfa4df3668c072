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
    from kneeload.store.journal import Change

    with app.read() as log:
        if keep:
            name = log.run(keep)
            change = Change(verb="edit", object="pair", subject=name, payload={"keep": True})
            log.record([change], app.now)
            echo_undoable(f"Run {name} counts.")
            return
        pairs = log.duplicates()
    if as_json_:
        click.echo(as_json(records(pairs)))
    elif pairs.empty:
        click.echo("No duplicates.")
    else:
        rows = pairs.astype("object").to_numpy().tolist()
        click.echo(table(rows, ("left out", "counted", "reason")))
