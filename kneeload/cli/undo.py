"""The last changes: listed, taken back, brought back."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import click

from kneeload import formatting
from kneeload.cli.app import App, at_terminal, pass_app
from kneeload.cli.output import strip_control, truncated
from kneeload.frames import records

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kneeload.log.training_log import TrainingLog
    from kneeload.store.journal import Change

LISTED = 20
_MADE = {"add": "logged", "edit": "changed", "remove": "removed"}
_UNDONE = {"add": "removed", "edit": "restored", "remove": "brought back"}
_REDONE = {"add": "brought back", "edit": "changed", "remove": "removed"}


@click.command(epilog="Example: kneeload undo --list")
@click.option("--list", "list_", is_flag=True, help=f"List the last {LISTED} changes, newest last.")
@pass_app
def undo(app: App, list_: bool) -> None:
    """Undo the last change to the diary or to a run. At a terminal it asks first."""
    with app.read() as log:
        if list_:
            click.echo("\n".join(_changes(log)) or "No changes yet.")
            return
        if at_terminal() and (batches := log.history(1)):
            last = _described(log, batches[0].changes, _MADE)
            click.echo("\n".join(truncated(last, "")))
            if not click.confirm("Undo this?", default=True):
                click.echo("Nothing changed.")
                return
        changes = log.undo()
        lines = [f"Undone: {line}." for line in _described(log, changes, _UNDONE)]
    click.echo("\n".join(truncated(lines, "")) or "Nothing to undo.")
    if lines:
        click.echo("`kneeload redo` brings it back.")


@click.command(epilog="Example: kneeload redo")
@pass_app
def redo(app: App) -> None:
    """Undo the last undo.

    This works until you change something else.
    """
    with app.read() as log:
        changes = log.redo()
        lines = [f"Redone: {line}." for line in _described(log, changes, _REDONE)]
    click.echo("\n".join(truncated(lines, "")) or "Nothing to redo.")


def _entries(log: TrainingLog) -> dict[str, dict[str, Any]]:
    """Return what the diary holds, by id."""
    scores = {entry["pain_id"]: entry for entry in records(log.pain())}
    return scores | {entry["entry_id"]: entry for entry in records(log.diary())}


def _changes(log: TrainingLog) -> list[str]:
    """Return the last changes, a line each: when, and what."""
    entries = _entries(log)
    lines = []
    for batch in log.history(LISTED):
        changes = [_change(change, entries, _MADE) for change in batch.changes]
        more = f", and {len(changes) - 1} more" if len(changes) > 1 else ""
        at = dt.datetime.fromisoformat(batch.entered_at).astimezone()
        lines.append(f"{at:%Y-%m-%d %H:%M}  {changes[0]}{more}")
    return lines


def _described(log: TrainingLog, changes: Sequence[Change], verbs: Mapping[str, str]) -> list[str]:
    entries = _entries(log) if changes else {}
    return [_change(change, entries, verbs) for change in changes]


def _change(change: Change, entries: dict[str, dict[str, Any]], verbs: Mapping[str, str]) -> str:
    """Return what happened to the subject of a change: ``removed the score of 3 on 29 March``."""
    return f"{verbs[change.verb]} {_named(change, entries.get(change.subject) or change.payload)}"


def _named(change: Change, entry: dict[str, Any]) -> str:
    if not entry.get("local_date") or change.object not in {"pain", "diary"}:
        what = {
            "pain": "pain entry",
            "diary": "note",
            "flag": "the acknowledgement of",
            "pair": "the choice of run",
        }
        return strip_control(f"{what.get(change.object, change.object)} {change.subject}")
    day = formatting.day(dt.date.fromisoformat(entry["local_date"]))
    if change.object == "pain":
        return f"the score of {entry['score']} on {day}"
    kind = entry["kind"]
    return f"the note of {day}" if kind == "note" else f"the {strip_control(kind)} note of {day}"
