"""Commands that keep the log: settings, undo."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from kneeload.cli.app import App, pass_app
from kneeload.cli.output import as_json, table

if TYPE_CHECKING:
    from kneeload.log.journal import Change

_VERBS = {"add": "no longer logged", "edit": "as before", "remove": "back"}


@click.group(invoke_without_command=True, epilog="Example: kneeload settings set units mi")
@click.option("--json", "as_json_", is_flag=True, help="Print JSON.")
@click.pass_context
def settings(ctx: click.Context, as_json_: bool) -> None:
    """Show or change the settings; they live in the log."""
    if not ctx.invoked_subcommand:
        ctx.invoke(show, as_json_=as_json_)


@settings.command(epilog="Example: kneeload settings show")
@click.option("--json", "as_json_", is_flag=True, help="Print JSON.")
@pass_app
def show(app: App, as_json_: bool) -> None:
    """Show every setting and threshold with its value in force."""
    from kneeload.settings import KEYS, THRESHOLDS, as_text

    with app.open() as log:
        current = log.settings
    own = as_text(current)
    if as_json_:
        values = {key: getattr(current, key) for key in KEYS}
        click.echo(as_json(values | {name: current.threshold(name) for name in THRESHOLDS}))
        return
    rows = [(key, own.get(key, "") or str(getattr(current, key) or "not set"), "") for key in KEYS]
    rows += [
        (name, f"{current.threshold(name):g} {t.unit}", f"{t.meaning} ({t.grade})")
        for name, t in THRESHOLDS.items()
    ]
    click.echo(table(rows, ("setting", "value", "")))


@settings.command("set", epilog="Example: kneeload settings set long_run_spike.warn_ratio 1.15")
@click.argument("key")
@click.argument("value")
@pass_app
def set_(app: App, key: str, value: str) -> None:
    """Change a setting; an empty VALUE restores the default."""
    with app.open() as log:
        log.set(key, value)
    click.echo(f"{key} is {value!r} now." if value else f"{key} has its default again.")


@click.command(epilog="Example: kneeload undo")
@pass_app
def undo(app: App) -> None:
    """Take the last change of the diary or of a run back."""
    with app.open() as log:
        changes = log.undo()
    click.echo("\n".join(map(_undone, changes)) or "Nothing to undo.")


def _undone(change: Change) -> str:
    what = {"pain": "pain entry", "flag": "acknowledgement", "pair": "choice on"}
    return f"{what.get(change.object, change.object)} {change.subject} is {_VERBS[change.verb]}"


COMMANDS = (settings, undo)
