"""Commands of the diary: pain, note."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kneeload.cli.app import DAY, App, pass_app, upto
from kneeload.cli.output import emit, formats, records, table
from kneeload.errors import EntryError
from kneeload.log.entries import CHOICES, DIARY_KINDS, EASED_BY, PROVOKED_BY

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from kneeload.log.training_log import TrainingLog

KM_PER_MILE = 1.609344
NO_PAIN_YET = "No scores yet. Log one: kneeload pain add 3 --knee left --moment after"


def _offered(names: tuple[str, ...]) -> str:
    return f"{', '.join(names).replace('_', ' ')}, or your words"


def _fields(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that describe a score."""
    for option in reversed(
        (
            click.option("--date", "local_date", type=DAY, help="The day it speaks of. [today]"),
            click.option("--knee", type=click.Choice(CHOICES["knee"])),
            click.option("--site", type=click.Choice(CHOICES["site"])),
            click.option("--moment", type=click.Choice(CHOICES["moment"])),
            click.option("--onset-km", type=float, help="Kilometre at which it began."),
            click.option("--onset-mi", type=float, help="Mile at which it began."),
            click.option("--onset-min", type=float, help="Minute at which it began."),
            click.option("--provoked-by", help=f"{_offered(PROVOKED_BY)}; commas between."),
            click.option("--eased-by", help=f"{_offered(EASED_BY)}; commas between."),
            click.option("--painkillers/--no-painkillers", default=None, help="Before the run."),
            click.option("--run", "run_id", metavar="ID", help="The run it belongs to."),
            click.option("--note"),
        )
    ):
        command = option(command)
    return command


@click.group(epilog="Example: kneeload pain add 3 --knee left --moment next_morning")
def pain() -> None:
    """Log and list knee pain, 0 (none) to 10 (worst imaginable)."""


@pain.command(epilog="Example: kneeload pain add 4 --knee left --site front --onset-km 6.5")
@click.argument("score", type=click.IntRange(0, 10), required=False)
@_fields
@click.option("--symptom", "symptoms", multiple=True, metavar="NAME", help="A red-flag symptom.")
@pass_app
def add(app: App, /, score: int | None, symptoms: tuple[str, ...], **said: Any) -> None:
    """Log a score, and red-flag symptoms such as swelling or locked."""
    if score is None and not symptoms:
        raise click.UsageError("a score from 0 to 10, or --symptom NAME")
    from kneeload.rules.redflags import ADVICE, SIGNS

    with app.open() as log:
        said["local_date"] = said["local_date"] or app.today(log.settings)
        changes = [_symptom(name, said) for name in symptoms]
        if score is not None:
            changes.append(_score(log, score, said))
        ids = log.record(changes, app.now)
    click.echo(f"Logged {', '.join(ids)} for {said['local_date']}. `kneeload undo` takes it back.")
    for name in symptoms:
        click.echo(f"{ADVICE[SIGNS[name].urgency]} kneeload does not diagnose.")


@pain.command("list", epilog="Example: kneeload pain list --csv")
@formats
@pass_app
def list_(app: App, as_csv_: bool, as_json_: bool) -> None:
    """List the scores, oldest first."""
    with app.open() as log:
        frame = upto(log.pain(), app.today(log.settings))
    emit(frame, as_csv_=as_csv_, as_json_=as_json_, text=lambda: _pain_text(frame))


@pain.command(epilog="Example: kneeload pain edit p12 --score 4 --site front")
@click.argument("pain_id", metavar="ID")
@click.option("--score", type=click.IntRange(0, 10))
@_fields
@pass_app
def edit(app: App, /, pain_id: str, **said: Any) -> None:
    """Change an entry."""
    with app.open() as log:
        changes = {k: v for k, v in _metric(log, said).items() if v is not None}
        if not changes:
            raise click.UsageError("nothing to change; name an option, such as --score 4")
        log.edit_pain(pain_id, changes, app.now)
    click.echo(f"Changed {pain_id}. `kneeload undo` takes it back.")


@pain.command(epilog="Example: kneeload pain remove p12")
@click.argument("pain_id", metavar="ID")
@pass_app
def remove(app: App, pain_id: str) -> None:
    """Remove an entry."""
    with app.open() as log:
        log.remove_pain(pain_id, app.now)
    click.echo(f"Removed {pain_id}. `kneeload undo` brings it back.")


@pain.command("import", epilog="Example: kneeload pain import knee_pain.csv")
@click.argument("table_path", metavar="CSV", type=click.Path(path_type=Path, dir_okay=False))
@pass_app
def import_(app: App, table_path: Path) -> None:
    """Import scores from a CSV with at least the columns local_date and score."""
    from kneeload.log.paintable import import_pain

    with app.open() as log:
        try:
            new, known = import_pain(log, table_path.read_text(encoding="utf-8"), app.now)
        except UnicodeDecodeError:
            raise EntryError(f"{table_path}: it is no UTF-8 text") from None
        except EntryError as error:
            raise EntryError(f"{table_path}: {error}; nothing was logged") from None
    click.echo(f"Logged {new} scores, {known} known. `kneeload undo` takes them back.")


@click.command(epilog="Example: kneeload note tried taping --date 2026-03-14")
@click.argument("kind", type=click.Choice(DIARY_KINDS))
@click.argument("text", nargs=-1)
@click.option("--date", "local_date", type=DAY, help="The day it speaks of. [today]")
@click.option("--until", type=DAY, help="The last day, where it lasts.")
@click.option("--value", type=float, help="Hours of sleep, minutes of strength, ...")
@pass_app
def note(
    app: App,
    kind: str,
    text: tuple[str, ...],
    local_date: dt.date | None,
    until: dt.date | None,
    value: float | None,
) -> None:
    """Note what else the knee depends on.

    `kneeload note assessed` after a professional looked at a red flag closes it.
    """
    with app.open() as log:
        day = local_date or app.today(log.settings)
        change = _diary(kind, day, text=" ".join(text), value=value, until=until)
        log.record([change], app.now)
    click.echo(f"Noted {kind} for {day}. `kneeload undo` takes it back.")


def _score(log: TrainingLog, score: int, said: dict[str, Any]) -> Any:
    from kneeload.log.entries import checked, payload
    from kneeload.log.journal import Change

    fields = _metric(log, said) | {"score": score}
    fields["knee"] = fields["knee"] or log.settings.knee
    fields["moment"] = fields["moment"] or _usual_moment(log, fields["local_date"])
    return Change(verb="add", object="pain", payload=payload(log.completed(checked(fields))))


def _metric(log: TrainingLog, said: dict[str, Any]) -> dict[str, Any]:
    """Return the fields with miles turned to kilometres and the run's id spelt out."""
    fields = dict(said)
    miles = fields.pop("onset_mi")
    if miles is not None:
        fields["onset_km"] = miles * KM_PER_MILE
    if fields["run_id"]:
        fields["run_id"] = log.run(fields["run_id"])
    return fields


def _usual_moment(log: TrainingLog, day: dt.date) -> str:
    """Return what a bare score most likely speaks of: the day's run, else the knee at rest."""
    ran = (log.runs()["local_date"].dt.date == day).any()
    return "during" if ran else "rest"


def _symptom(name: str, said: dict[str, Any]) -> Any:
    from kneeload.rules.redflags import SYMPTOMS

    if name not in SYMPTOMS:
        raise click.UsageError(f"--symptom is one of {', '.join(SYMPTOMS)}, not {name!r}")
    return _diary("symptom", said["local_date"], subject=name, text=said["knee"] or "")


def _diary(kind: str, day: dt.date, **fields: Any) -> Any:
    from kneeload.log.journal import Change

    given = {k: v.isoformat() if isinstance(v, dt.date) else v for k, v in fields.items()}
    payload = {"kind": kind, "local_date": day.isoformat()} | given
    return Change(verb="add", object="diary", payload=payload)


def _pain_text(frame: pd.DataFrame) -> str:
    if frame.empty:
        return NO_PAIN_YET
    described = ("knee", "moment", "site", "note")
    rows = [
        [p["pain_id"], p["local_date"], f"{p['score']}/10", *(p[name] for name in described)]
        for p in records(frame)
    ]
    return table(rows, ("id", "date", "score", *described), "llr")


COMMANDS = (pain, note)
