"""Settings: shown, set, and lists added to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kneeload import formatting
from kneeload.cli.app import App, at_terminal, pass_app
from kneeload.cli.forms import WithSettings
from kneeload.cli.output import as_json, glossary, json_option, options, strip_control, table
from kneeload.cli.usage_errors import usage_errors
from kneeload.errors import SettingError

if TYPE_CHECKING:
    from kneeload.log.training_log import TrainingLog
    from kneeload.settings import Settings

SETTINGS_EPILOG = """\b
Examples:
  kneeload settings
  kneeload settings set units miles
  kneeload settings add import_folders ~/garmin

You can also set the thresholds of the rules, such as long_run_spike.warn_ratio. `kneeload settings`
lists them all."""


_key_and_value = options(click.argument("key"), click.argument("value"))


@click.group(cls=WithSettings, invoke_without_command=True, epilog=SETTINGS_EPILOG)
@json_option
@click.pass_context
def settings(ctx: click.Context, as_json_: bool) -> None:
    """Show or change the settings. They are stored in the log."""
    if not ctx.invoked_subcommand:
        ctx.invoke(show, as_json_=as_json_)


@settings.command(epilog="Example: kneeload settings show")
@json_option
@pass_app
def show(app: App, as_json_: bool) -> None:
    """Show every setting and threshold with its current value."""
    from kneeload.settings import KEYS, as_text
    from kneeload.thresholds import THRESHOLDS

    with app.read() as log:
        current = log.settings
    texts = as_text(current)
    if as_json_:
        values = {key: getattr(current, key) for key in KEYS}
        click.echo(as_json(values | {name: current.threshold(name) for name in THRESHOLDS}))
        return
    if current.threshold_pace:
        texts["threshold_pace"] = formatting.pace(current.threshold_pace, 1, current.units)
    rows = [
        (key, texts.get(key, "") or str(getattr(current, key) or "not set"), "", "") for key in KEYS
    ]
    rows += [
        (name, f"{value:g} {t.unit}", t.grade, t.sentence(value))
        for name, t in THRESHOLDS.items()
        for value in (current.threshold(name),)
    ]
    click.echo(table(rows, ("setting", "value", "evidence", "")))
    click.echo(glossary([t.grade for t in THRESHOLDS.values()], terms=formatting.TERMS.values()))


@settings.command("set", epilog="Example: kneeload settings set long_run_spike.warn_ratio 1.15")
@_key_and_value
@pass_app
def set_(app: App, key: str, value: str) -> None:
    """Change a setting; an empty VALUE ("") restores the default."""
    from kneeload.settings import as_text

    with usage_errors(SettingError), app.open() as log:
        if key == "threshold_pace" and value.strip() and "/" not in value:
            value = f"{value}/{log.settings.units}"
        if key == "condition":
            _set_condition(log, value)
            return
        changed = log.set(key, value)
    stored = as_text(changed).get(key, str(getattr(changed, key, "")))
    click.echo(f"Set {key} to {stored}." if value.strip() else f"Reset {key} to the default.")


@settings.command("add", epilog="Example: kneeload settings add import_folders ~/garmin")
@_key_and_value
@pass_app
def add(app: App, key: str, value: str) -> None:
    """Add VALUE to a setting that is a list, such as import_folders."""
    with usage_errors(SettingError), app.open() as log:
        log.add_to(key, _absolute(value))
    click.echo(f"Added {strip_control(_absolute(value))} to {key}.")


@settings.command("drop", epilog="Example: kneeload settings drop import_folders ~/garmin")
@_key_and_value
@pass_app
def drop(app: App, key: str, value: str) -> None:
    """Remove VALUE from a setting that is a list, such as import_folders."""
    with usage_errors(SettingError), app.open() as log:
        is_there = value in getattr(log.settings, key, ())
        log.drop_from(key, value if is_there else _absolute(value))
    click.echo(f"Removed {strip_control(value)} from {key}.")


def _set_condition(log: TrainingLog, text: str) -> None:
    """Set what a professional called the knee; words for an operation are asked back."""
    from kneeload.conditions import CONDITIONS

    current = log.set("condition", text)
    is_listed = text.strip().lower().replace(" ", "_") in CONDITIONS
    if current.after_surgery and not is_listed:
        question = "That sounds like an operation. Was this knee operated on?"
        if at_terminal() and not click.confirm(question, default=True):
            log.set("condition", "other")
            current = log.set("condition_note", text)
    click.echo(_condition_text(current, text, is_listed=is_listed))


def _condition_text(current: Settings, text: str, *, is_listed: bool) -> str:
    from kneeload.conditions import CONDITIONS

    if current.condition is None:
        return "Reset condition to the default."
    confirmation = f"Set condition to {current.condition}."
    if current.after_surgery:
        correct = "If it was not an operation: kneeload settings set condition other"
        not_so = "" if is_listed else f" {correct}"
        return f"{confirmation} The plan gives no numbers: ask whoever treats your knee.{not_so}"
    if current.condition == "other" and text.strip().lower() != "other":
        return f"{confirmation} Your own words are kept as well. Choices: {', '.join(CONDITIONS)}."
    return confirmation


def _absolute(value: str) -> str:
    """Return a path as every folder it may be used from understands it."""
    return str(Path(value).expanduser().absolute())
