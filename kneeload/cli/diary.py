"""Commands of the diary: pain, note."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kneeload import words
from kneeload.cli.app import DAY, App, pass_app, upto
from kneeload.cli.explain import explain
from kneeload.cli.mistakes import Score, past
from kneeload.cli.notes import advice, symptom
from kneeload.cli.output import emit, formats, records, table
from kneeload.errors import EntryError
from kneeload.log.entries import CHOICES, EASED_BY, PROVOKED_BY

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    import pandas as pd

    from kneeload.analysis import Analysis
    from kneeload.cli.asking import Answers
    from kneeload.log.journal import Change
    from kneeload.log.training_log import TrainingLog

_KM, _MILES, _MINUTES = (click.FloatRange(0, most) for most in (300, 186, 6000))
_KNEE = "Without it the one of the settings, else that of your last score."
NOTHING_MISSING = "Nothing is missing today. To add a score:\n  kneeload pain add 3 --knee left"
NO_PAIN_YET = "No scores yet. Log one: kneeload pain add 3 --knee left --moment after"


def _offered(names: tuple[str, ...]) -> str:
    return f"{', '.join(names).replace('_', ' ')}, or your words"


def _fields(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that describe a score."""
    for option in reversed(
        (
            click.option("--date", "local_date", type=DAY, help="The day it speaks of. [today]"),
            click.option("--knee", type=click.Choice(CHOICES["knee"]), help=_KNEE),
            click.option("--site", type=click.Choice(CHOICES["site"])),
            click.option("--moment", type=click.Choice(CHOICES["moment"])),
            click.option("--onset-km", type=_KM, help="Kilometre at which it began."),
            click.option("--onset-mi", type=_MILES, help="Mile at which it began."),
            click.option("--onset-min", type=_MINUTES, help="Minute at which it began."),
            click.option("--provoked-by", help=f"{_offered(PROVOKED_BY)}; commas between."),
            click.option("--eased-by", help=f"{_offered(EASED_BY)}; commas between."),
            click.option("--painkillers/--no-painkillers", default=None, help="Before the run."),
            click.option("--run", "run_id", metavar="ID", help="The run it belongs to."),
            click.option("--note"),
        )
    ):
        command = option(command)
    return command


PAIN_EPILOG = """\b
Examples:
  kneeload pain add 3 --knee left --moment next_morning
  kneeload pain"""


@click.group(invoke_without_command=True, epilog=PAIN_EPILOG)
@pass_app
@click.pass_context
def pain(ctx: click.Context, app: App) -> None:
    """Log and list knee pain, 0 (none) to 10 (worst imaginable).

    Alone, asks for what is missing, one key per answer: 0 to 9, t (or +) for 10, Enter for no
    answer, Escape to stop. Through a pipe, a line per answer: the first that is none ends it.
    """
    if ctx.invoked_subcommand:
        return
    from kneeload.cli.asking import HOW, ask, keys
    from kneeload.cli.questions import missing

    with app.read() as log:
        known = app.analysis(log)
    _remind(known)
    questions = missing(known, None if app.as_of else app.now)
    if not questions:
        click.echo(NOTHING_MISSING)
        return
    click.echo(HOW)
    answers: Answers = []
    try:
        ask(questions, keys(), answers)
    finally:
        _keep(app, answers)


pain.add_command(explain)


def _remind(known: Analysis) -> None:
    """Show the red flags that no assessment has answered."""
    from shutil import get_terminal_size
    from textwrap import fill

    from kneeload.rules.redflags import ADVICE, NOT_A_DIAGNOSIS

    for sign in known.signs.loc[known.signs["open"]].to_dict("records"):
        what = words.sentence(f"{sign['words']} on {words.day(sign['local_date'], known.today)}")
        text = f"{what} {ADVICE[sign['urgency']]} {NOT_A_DIAGNOSIS}"
        click.echo(fill(text, get_terminal_size().columns))


def _keep(app: App, answers: Answers) -> None:
    """Log what was answered, also when the rest was interrupted."""
    if not answers:
        click.echo("Nothing logged.")
        return
    with app.open() as log:
        log.record([question.answered(key) for question, key in answers], app.now)
    scores = sum(question.is_score for question, _ in answers)
    counted = [words.count(scores, "score"), words.count(len(answers) - scores, "reason")]
    said = words.listed(text for text in counted if not text.startswith("0"))
    click.echo(f"Logged {said}.\n`kneeload undo` takes that back.")


@pain.command(epilog="Example: kneeload pain add 4 --knee left --site front --onset-km 6.5")
@click.argument("score", type=Score(), required=False)
@_fields
@click.option("--symptom", "symptoms", multiple=True, metavar="NAME", help="A red-flag symptom.")
@pass_app
def add(app: App, /, score: int | None, symptoms: tuple[str, ...], **said: Any) -> None:
    """Log a score, and red-flag symptoms such as swelling or locked."""
    if score is None and not symptoms:
        raise click.UsageError("a score from 0 to 10, or --symptom NAME")
    with app.open() as log:
        today = app.today(log.settings)
        said["local_date"] = past(said["local_date"] or today, today)
        day, knee = said["local_date"], said["knee"] or ""
        changes = [symptom(name, day, knee) for name in symptoms]
        if score is not None:
            changes.append(_score(log, score, said))
        ids = log.record(changes, app.now)
    what = "" if score is None else _whose(changes[-1])
    click.echo(f"Logged {', '.join(ids)} for {day}{what}. `kneeload undo` takes it back.")
    if symptoms:
        click.echo(advice(symptoms))


@pain.command("list", epilog="Example: kneeload pain list --csv")
@formats
@pass_app
def list_(app: App, as_csv_: bool, as_json_: bool) -> None:
    """List the scores, oldest first."""
    with app.read() as log:
        frame = upto(log.pain(), app.today(log.settings))
    emit(frame, as_csv_=as_csv_, as_json_=as_json_, text=lambda: _pain_text(frame))


@pain.command(epilog="Example: kneeload pain edit p12 --score 4 --site front")
@click.argument("pain_id", metavar="ID")
@click.option("--score", type=Score())
@_fields
@pass_app
def edit(app: App, /, pain_id: str, **said: Any) -> None:
    """Change an entry."""
    with app.open(create=False) as log:
        changes = {k: v for k, v in _metric(log, said).items() if v is not None}
        if "local_date" in changes:
            past(changes["local_date"], app.today(log.settings))
        if not changes:
            raise click.UsageError("nothing to change; name an option, such as --score 4")
        log.edit_pain(pain_id, changes, app.now)
    click.echo(f"Changed {pain_id}. `kneeload undo` takes it back.")


@pain.command(epilog="Example: kneeload pain remove p12")
@click.argument("pain_id", metavar="ID")
@pass_app
def remove(app: App, pain_id: str) -> None:
    """Remove an entry."""
    with app.open(create=False) as log:
        log.remove_pain(pain_id, app.now)
    click.echo(f"Removed {pain_id}. `kneeload undo` brings it back.")


@pain.command("import", epilog="Example: kneeload pain import knee_pain.csv")
@click.argument("table_path", metavar="CSV", type=click.Path(path_type=Path, dir_okay=False))
@pass_app
def import_(app: App, table_path: Path) -> None:
    """Import scores from a CSV. It needs the columns local_date and score."""
    from kneeload.log.paintable import import_pain

    with app.open() as log:
        try:
            new, known = import_pain(log, table_path.read_text(encoding="utf-8"), app.now, _warn)
        except UnicodeDecodeError:
            raise EntryError(f"{table_path}: it is no UTF-8 text") from None
        except EntryError as error:
            raise EntryError(f"{table_path}: {error}; nothing was logged") from None
    click.echo(
        f"Logged {words.count(new, 'score')}, {known} known. `kneeload undo` takes them back."
    )


def _warn(text: str) -> None:
    click.echo(f"Warning: {text}", err=True)


@click.command(epilog="Example: kneeload why 2026-W12 planned")
@click.argument("week", metavar="YYYY-Www")
@click.argument("reason", type=click.Choice(["planned", "knee", "other"]))
@pass_app
def why(app: App, week: str, reason: str) -> None:
    """Say why a week was easier than those before it.

    It tells a planned cutback from backing off because of the knee. The last answer counts.
    """
    from kneeload.cli.questions import why as entry
    from kneeload.cli.tables import valid_week
    from kneeload.weeks import parse_week, week_label

    with app.open() as log:
        first, today = (
            parse_week(valid_week(week), log.settings.week_start),
            app.today(log.settings),
        )
        if first > today:
            raise click.UsageError(f"{week} has not begun")
        log.record([entry(week_label(first), reason, first, today)], app.now)
    click.echo(f"Noted for {week_label(first)}: {reason}. `kneeload undo` takes it back.")


def _score(log: TrainingLog, score: int, said: dict[str, Any]) -> Change:
    from kneeload.cli.questions import usual_knee
    from kneeload.log.entries import checked, payload
    from kneeload.log.journal import Change

    fields = _metric(log, said) | {"score": score}
    fields["knee"] = fields["knee"] or usual_knee(log.pain(), log.settings)
    fields["moment"] = fields["moment"] or _usual_moment(log, fields["local_date"])
    return Change(verb="add", object="pain", payload=payload(log.completed(checked(fields))))


def _whose(change: Change) -> str:
    """Return the knee and the moment of a score, which may have been filled in."""
    knee, moment = change.payload["knee"], words.names(change.payload["moment"])
    named = {"unsure": "knee unsure", "both": "both knees"}.get(knee, f"{knee} knee")
    return f", {named}, {moment}"


def _metric(log: TrainingLog, said: dict[str, Any]) -> dict[str, Any]:
    """Return the fields with miles turned to kilometres and the run's id spelt out."""
    fields = dict(said)
    miles = fields.pop("onset_mi")
    if miles is not None:
        fields["onset_km"] = miles * words.KM_PER_MILE
    if fields["run_id"]:
        fields["run_id"] = log.run(fields["run_id"])
    return fields


def _usual_moment(log: TrainingLog, day: dt.date) -> str:
    """Return what a bare score most likely speaks of: the day's run, else the knee at rest."""
    ran = (log.runs()["local_date"].dt.date == day).any()
    return "during" if ran else "rest"


def _pain_text(frame: pd.DataFrame) -> str:
    if frame.empty:
        return NO_PAIN_YET
    described = ("knee", "moment", "site", "note")
    rows = [
        [
            p["pain_id"],
            p["local_date"],
            f"{p['score']}/10",
            *(p[name] for name in described),
            "read from a note" if p["origin"] == "parsed" else "",
        ]
        for p in records(frame)
    ]
    return table(rows, ("id", "date", "score", *described, ""), "llr")
