"""Commands that keep the log: settings, undo, backup, restore, export, verify."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kneeload import words
from kneeload.cli.app import App, pass_app
from kneeload.cli.mistakes import Existing
from kneeload.cli.output import as_csv, as_json, first, harmless, notes, records, table
from kneeload.errors import LogError, SettingError

if TYPE_CHECKING:
    from kneeload.log.journal import Change
    from kneeload.log.training_log import TrainingLog
    from kneeload.settings import Settings

NO_HOME = (
    "No home is set, so only starts and ends are hidden; to hide it wherever you pass it:"
    " kneeload settings set home 47.05,8.31"
)
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

    with app.read() as log:
        current = log.settings
    own = as_text(current)
    if as_json_:
        values = {key: getattr(current, key) for key in KEYS}
        click.echo(as_json(values | {name: current.threshold(name) for name in THRESHOLDS}))
        return
    if current.threshold_pace:
        own["threshold_pace"] = words.pace(current.threshold_pace, 1, current.units)
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
    try:
        with app.open() as log:
            if key == "threshold_pace" and value.strip() and "/" not in value:
                value = f"{value}/{log.settings.units}"
            if key == "condition":
                _set_condition(log, value)
                return
            log.set(key, value)
    except SettingError as error:
        raise click.UsageError(str(error)) from error
    click.echo(f"{key} is {value!r} now." if value else f"{key} has its default again.")


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
        return "condition has its default again."
    taken = f"Set condition to {current.condition}."
    if current.after_surgery:
        not_so = "" if surely else " If it was no operation: kneeload settings set condition other"
        return f"{taken} The plan gives no limits: ask who treats the knee.{not_so}"
    if current.condition == "other" and text.strip().lower() != "other":
        return f"{taken} Your words are kept beside it. The list: {', '.join(CONDITIONS)}."
    return taken


@click.command(epilog="Example: kneeload undo")
@pass_app
def undo(app: App) -> None:
    """Take the last change of the diary or of a run back."""
    with app.read() as log:
        changes = log.undo()
        entries = _entries(log) if changes else {}
    lines = [_undone(change, entries.get(change.subject, {})) for change in changes]
    click.echo("\n".join(first(lines, "")) or "Nothing to undo.")


@click.command(epilog="Example: kneeload backup /media/usb/kneeload-backup.db")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@pass_app
def backup(app: App, file: Path) -> None:
    """Copy the whole log to FILE and read the copy back. An older backup there is replaced."""
    from kneeload.log.backup import back_up

    found = back_up(app.log_path, file)
    click.echo(f"Backed up {found.holds} to {harmless(str(file))}.")


@click.command(epilog="Example: kneeload restore /media/usb/kneeload-backup.db")
@click.argument("file", type=Existing(path_type=Path, exists=True, dir_okay=False))
@pass_app
def restore(app: App, file: Path) -> None:
    """Make the log what the backup FILE holds. The log as it is now is kept beside it."""
    from kneeload.log.backup import restore

    found, kept = restore(app.log_path, file)
    before = f" The log as it was: {harmless(str(kept))}" if kept else ""
    click.echo(f"Restored {found.holds}.{before}")


@click.command(epilog="Example: kneeload export kneeload.zip")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--private-positions",
    is_flag=True,
    help="Write a copy to share: no position within 500 m of home, of a start or of an end.",
)
@pass_app
def export(app: App, file: Path, private_positions: bool) -> None:
    """Write everything to FILE.zip: tables and the original files.

    The tables are CSV, the files hold positions and all. `kneeload import FILE.zip` into a new log
    gives the same log again. With --private-positions it is a copy for others, with no original
    file in it, and no backup.
    """
    if file.suffix.lower() != ".zip":
        raise click.UsageError(f"name a zip file: {harmless(file.name)}.zip")
    with app.open(create=False) as log:
        if private_positions and not log.settings.home:
            click.echo(NO_HOME, err=True)
        count = log.export(file, as_csv, private_positions=private_positions)
    files = words.count(count, "file")
    click.echo(f"Exported {files} and all that was said of them to {harmless(str(file))}.")


@click.command(epilog="Example: kneeload verify")
@pass_app
def verify(app: App) -> None:
    """Read the whole log and say whether it is as it was written. Nothing is changed."""
    from kneeload.log.backup import newest
    from kneeload.log.database import shared_by
    from kneeload.log.verify import examine

    found = examine(app.log_path)
    click.echo(f"{harmless(str(app.log_path))}: {found.holds}.")
    for problem in found.problems:
        click.echo(f"- {harmless(problem)}")
    if shares := shared_by(app.log_path):
        click.echo(f"It lies on {shares}: never use it from two machines at the same time.")
    if found.problems:
        last = newest(app.log_path) or "FILE, a backup of yours"
        raise LogError(f"the log is damaged; kneeload restore {harmless(str(last))}")
    click.echo("Nothing is wrong.")


def _entries(log: TrainingLog) -> dict[str, dict[str, Any]]:
    """Return what the diary holds, by id."""
    scores = {entry["pain_id"]: entry for entry in records(log.pain())}
    return scores | {entry["entry_id"]: entry for entry in records(log.diary())}


def _undone(change: Change, stands: dict[str, Any]) -> str:
    """Return what became of the subject of a change that no longer counts."""
    return f"{_named(change, stands or change.payload)} is {_VERBS[change.verb]}"


def _named(change: Change, entry: dict[str, Any]) -> str:
    if not entry.get("local_date") or change.object not in {"pain", "diary"}:
        what = {"pain": "pain entry", "flag": "acknowledgement of", "pair": "choice on run"}
        return harmless(f"{what.get(change.object, change.object)} {change.subject}")
    day = words.day(dt.date.fromisoformat(entry["local_date"]))
    if change.object == "pain":
        return f"score {entry['score']} of {day}"
    kind = entry["kind"]
    return f"note of {day}" if kind == "note" else f"{harmless(kind)} note of {day}"
