"""Commands that keep the log: settings, undo, redo, backup, restore, export, verify."""

from __future__ import annotations

import datetime as dt
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kneeload import formatting
from kneeload.cli.app import App, pass_app
from kneeload.cli.forms import WithSettings
from kneeload.cli.output import (
    as_csv,
    as_json,
    first,
    harmless,
    notes,
    progress,
    records,
    table,
)
from kneeload.cli.usage_errors import Existing
from kneeload.errors import LogError, SettingError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kneeload.log.training_log import TrainingLog
    from kneeload.settings import Settings
    from kneeload.store.journal import Change

NO_HOME = (
    "No home is set, so only starts and ends are hidden. To hide it wherever you pass it:"
    " kneeload settings set home 47.05,8.31"
)
LISTED = 20
_MADE = {"add": "logged", "edit": "changed", "remove": "removed"}
_UNDONE = {"add": "removed", "edit": "restored", "remove": "brought back"}
_REDONE = {"add": "brought back", "edit": "changed", "remove": "removed"}
SETTINGS_EPILOG = """\b
Examples:
  kneeload settings
  kneeload settings set units miles
  kneeload settings add import_folders ~/garmin

The thresholds of the rules can be set as well, by RULE.NAME: `kneeload settings` lists them."""


@click.group(cls=WithSettings, invoke_without_command=True, epilog=SETTINGS_EPILOG)
@click.option("--json", "as_json_", is_flag=True, help="Print JSON.")
@click.pass_context
def settings(ctx: click.Context, as_json_: bool) -> None:
    """Show or change the settings. They are stored in the log."""
    if not ctx.invoked_subcommand:
        ctx.invoke(show, as_json_=as_json_)


@settings.command(epilog="Example: kneeload settings show")
@click.option("--json", "as_json_", is_flag=True, help="Print JSON.")
@pass_app
def show(app: App, as_json_: bool) -> None:
    """Show every setting and threshold with its value in force."""
    from kneeload.settings import KEYS, THRESHOLDS, as_text

    with app.read() as log:
        current = log.settings
    own = as_text(current)
    if as_json_:
        values = {key: getattr(current, key) for key in KEYS}
        click.echo(as_json(values | {name: current.threshold(name) for name in THRESHOLDS}))
        return
    if current.threshold_pace:
        own["threshold_pace"] = formatting.pace(current.threshold_pace, 1, current.units)
    rows = [(key, own.get(key, "") or str(getattr(current, key) or "not set"), "") for key in KEYS]
    rows += [
        (name, f"{current.threshold(name):g} {t.unit}", f"{t.meaning} ({t.grade})")
        for name, t in THRESHOLDS.items()
    ]
    click.echo(table(rows, ("setting", "value", "")))
    click.echo(notes([t.grade for t in THRESHOLDS.values()], reference=True))


@settings.command("set", epilog="Example: kneeload settings set long_run_spike.warn_ratio 1.15")
@click.argument("key")
@click.argument("value")
@pass_app
def set_(app: App, key: str, value: str) -> None:
    """Change a setting; an empty VALUE restores the default."""
    from kneeload.settings import as_text

    with wrong_usage(), app.open() as log:
        if key == "threshold_pace" and value.strip() and "/" not in value:
            value = f"{value}/{log.settings.units}"
        if key == "condition":
            _set_condition(log, value)
            return
        changed = log.set(key, value)
    stored = as_text(changed).get(key, str(getattr(changed, key, "")))
    click.echo(f"Set {key} to {stored}." if value.strip() else f"Reset {key} to the default.")


@settings.command("add", epilog="Example: kneeload settings add import_folders ~/garmin")
@click.argument("key")
@click.argument("value")
@pass_app
def add(app: App, key: str, value: str) -> None:
    """Add VALUE to a setting that is a list, such as import_folders."""
    with wrong_usage(), app.open() as log:
        log.add_to(key, _absolute(value))
    click.echo(f"Added {harmless(_absolute(value))} to {key}.")


@settings.command("drop", epilog="Example: kneeload settings drop import_folders ~/garmin")
@click.argument("key")
@click.argument("value")
@pass_app
def drop(app: App, key: str, value: str) -> None:
    """Take VALUE out of a setting that is a list."""
    with wrong_usage(), app.open() as log:
        is_there = value in getattr(log.settings, key, ())
        log.drop_from(key, value if is_there else _absolute(value))
    click.echo(f"Dropped {harmless(value)} from {key}.")


@contextmanager
def wrong_usage() -> Iterator[None]:
    """Turn a setting that cannot be into wrong usage."""
    try:
        yield
    except SettingError as error:
        raise click.UsageError(str(error)) from error


def _set_condition(log: TrainingLog, text: str) -> None:
    """Set what a professional called the knee; words for an operation are asked back."""
    from kneeload.conditions import CONDITIONS

    current = log.set("condition", text)
    surely = text.strip().lower().replace(" ", "_") in CONDITIONS
    if current.after_surgery and not surely:
        asked = "That sounds like an operation. Was this knee operated on"
        if at_terminal() and not click.confirm(f"{asked}?", default=True):
            log.set("condition", "other")
            current = log.set("condition_note", text)
    click.echo(_condition_text(current, text, surely=surely))


def at_terminal() -> bool:
    """Return whether somebody can answer."""
    return sys.stdin.isatty()


def _condition_text(current: Settings, text: str, *, surely: bool) -> str:
    from kneeload.conditions import CONDITIONS

    if current.condition is None:
        return "Reset condition to the default."
    taken = f"Set condition to {current.condition}."
    if current.after_surgery:
        not_so = "" if surely else " If it was no operation: kneeload settings set condition other"
        return f"{taken} The plan gives no limits: ask who treats the knee.{not_so}"
    if current.condition == "other" and text.strip().lower() != "other":
        return f"{taken} Your words are kept beside it. The list: {', '.join(CONDITIONS)}."
    return taken


def _absolute(value: str) -> str:
    """Return a path as every folder it may be used from understands it."""
    return str(Path(value).expanduser().absolute())


@click.command(epilog="Example: kneeload undo --list")
@click.option("--list", "list_", is_flag=True, help=f"List the last {LISTED} changes, newest last.")
@pass_app
def undo(app: App, list_: bool) -> None:
    """Undo the last change of the diary or of a run. At a terminal it asks first."""
    with app.read() as log:
        if list_:
            click.echo("\n".join(_changes(log)) or "No changes yet.")
            return
        if _asks() and (batches := log.history(1)):
            last = _described(log, batches[0].changes, _MADE)
            click.echo("\n".join(first(last, "")))
            if not click.confirm("Undo this?", default=True):
                click.echo("Nothing changed.")
                return
        changes = log.undo()
        lines = [f"Undone: {line}." for line in _described(log, changes, _UNDONE)]
    click.echo("\n".join(first(lines, "")) or "Nothing to undo.")
    if lines:
        click.echo("`kneeload redo` brings it back.")


@click.command(epilog="Example: kneeload redo")
@pass_app
def redo(app: App) -> None:
    """Bring back what was undone last.

    Not after a new change: the two might contradict each other.
    """
    with app.read() as log:
        changes = log.redo()
        lines = [f"Redone: {line}." for line in _described(log, changes, _REDONE)]
    click.echo("\n".join(first(lines, "")) or "Nothing to redo.")


@click.command(epilog="Example: kneeload backup /media/usb/kneeload-backup.db")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@pass_app
def backup(app: App, file: Path) -> None:
    """Copy the whole log to FILE and check the copy. It replaces an older backup there."""
    from kneeload.log.backup import back_up

    with progress("Copying") as reached:
        found = back_up(app.log_path, file, reached)
    click.echo(f"Backed up {found.holds} to {harmless(str(file))}.")


@click.command(epilog="Example: kneeload restore /media/usb/kneeload-backup.db")
@click.argument("file", type=Existing(path_type=Path, exists=True, dir_okay=False))
@pass_app
def restore(app: App, file: Path) -> None:
    """Replace the log with the backup FILE. The log of before is kept next to it."""
    from kneeload.log.backup import restore

    found, kept = restore(app.log_path, file)
    before = f" The log of before: {harmless(str(kept))}" if kept else ""
    click.echo(f"Restored {found.holds}.{before}")


@click.command(epilog="Example: kneeload export kneeload.zip")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--private-positions",
    is_flag=True,
    help="Write a copy to share, with no position within 500 m of home, of a start or of an end.",
)
@pass_app
def export(app: App, file: Path, private_positions: bool) -> None:
    """Write everything to FILE.zip: tables and the original files.

    The tables are CSV; the files are complete, with positions. `kneeload import FILE.zip` into a
    new log gives the same log again. With --private-positions, FILE is a copy to share: it holds
    no original file and is no backup.
    """
    if file.suffix.lower() != ".zip":
        raise click.UsageError(f"name a zip file: {harmless(file.name)}.zip")
    with app.open(create=False) as log:
        if private_positions and not log.settings.home:
            click.echo(NO_HOME, err=True)
        with progress("Exporting") as reached:
            count = log.export(file, as_csv, private_positions=private_positions, progress=reached)
    files = formatting.count(count, "activity file")
    click.echo(f"Exported {files} with your diary and settings to {harmless(str(file))}.")


@click.command(epilog="Example: kneeload verify")
@pass_app
def verify(app: App) -> None:
    """Check the log for damage. Changes nothing."""
    from kneeload.log.backup import newest
    from kneeload.log.verify import examine
    from kneeload.store.database import shared_by

    with progress("Checking") as reached:
        found = examine(app.log_path, reached)
    click.echo(f"{harmless(str(app.log_path))}: {found.holds}.")
    for problem in found.problems:
        click.echo(f"- {harmless(problem)}")
    if shares := shared_by(app.log_path):
        click.echo(f"It is on {shares}: never use it from two machines at the same time.")
    if found.problems:
        last = newest(app.log_path) or "FILE, a backup of yours"
        raise LogError(f"the log is damaged; kneeload restore {harmless(str(last))}")
    click.echo("No problems found.")


def _entries(log: TrainingLog) -> dict[str, dict[str, Any]]:
    """Return what the diary holds, by id."""
    scores = {entry["pain_id"]: entry for entry in records(log.pain())}
    return scores | {entry["entry_id"]: entry for entry in records(log.diary())}


def _asks() -> bool:
    return sys.stdin.isatty()


def _changes(log: TrainingLog) -> list[str]:
    """Return the last changes, a line each: when, and what."""
    entries = _entries(log)
    lines = []
    for batch in log.history(LISTED):
        made = [_change(change, entries, _MADE) for change in batch.changes]
        more = f", and {len(made) - 1} more" if len(made) > 1 else ""
        at = dt.datetime.fromisoformat(batch.entered_at).astimezone()
        lines.append(f"{at:%Y-%m-%d %H:%M}  {made[0]}{more}")
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
        return harmless(f"{what.get(change.object, change.object)} {change.subject}")
    day = formatting.day(dt.date.fromisoformat(entry["local_date"]))
    if change.object == "pain":
        return f"the score of {entry['score']} on {day}"
    kind = entry["kind"]
    return f"the note of {day}" if kind == "note" else f"the {harmless(kind)} note of {day}"
