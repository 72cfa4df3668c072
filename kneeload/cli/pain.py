"""Commands of the diary: pain, note."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kneeload import formatting
from kneeload.cli.app import DAY, App, pass_app, read_inbox
from kneeload.cli.explain import explain
from kneeload.cli.forms import OneOf, WithSymptoms, symptom_name
from kneeload.cli.output import (
    Format,
    echo_undoable,
    emit,
    formats,
    options,
    strip_control,
    table,
    truncated,
)
from kneeload.cli.usage_errors import not_in_future, pain_score
from kneeload.diary.notes import symptom
from kneeload.diary.validation import EASED_BY, PROVOKED_BY, payload, validated_entry
from kneeload.frames import records, upto
from kneeload.store.journal import Change

if TYPE_CHECKING:
    import datetime as dt

    import pandas as pd

    from kneeload.log.training_log import TrainingLog
    from kneeload.model import PainEntry

_KM, _MILES, _MINUTES = (click.FloatRange(0, most) for most in (300, 186, 6000))
_KNEE = "Which knee. [the one in your settings, otherwise the one you scored last]"
_MOMENT = (
    "When you felt it: before the run, at its worst during the run, an hour or two after, the next "
    "morning, at rest on a day without a run, or unsure."
)
_ORIGINS = {
    "parsed": "read from a note",
    "phone": "from the inbox",
    "marker": "marked on the watch",
    "watch": "from the watch",
}
NOTHING_MISSING = "Nothing is missing today. To add a score:\n  kneeload pain add 3 --knee left"
NO_PAIN_YET = "No scores yet. Log one: kneeload pain add 3 --knee left --moment after"


def _choices_help(names: tuple[str, ...]) -> str:
    listed = ", ".join(names).replace("_", " ")
    return f"One or more, with commas between: {listed}, or your own words."


_fields = options(
    click.option("--date", "local_date", type=DAY, help="Date of the score. [today]"),
    click.option("--knee", type=OneOf("knee"), help=_KNEE),
    click.option("--site", type=OneOf("site"), help="Where it hurts."),
    click.option("--moment", type=OneOf("moment"), help=_MOMENT),
    click.option("--onset-km", type=_KM, help="Kilometre of the run at which pain began."),
    click.option("--onset-mi", type=_MILES, help="Mile of the run at which pain began."),
    click.option("--onset-min", type=_MINUTES, help="Minute of the run at which pain began."),
    click.option("--provoked-by", help=_choices_help(PROVOKED_BY)),
    click.option("--eased-by", help=_choices_help(EASED_BY)),
    click.option(
        "--painkillers/--no-painkillers",
        default=None,
        help="Whether you took painkillers before the run.",
    ),
    click.option("--run", "run_id", metavar="ID", help="The run that the score is about."),
    click.option("--note", help="Anything else, in your own words."),
)
PAIN_EPILOG = """\b
Examples:
  kneeload pain
  kneeload pain add 3/10 --knee l --moment morning --date yesterday"""


@click.group(invoke_without_command=True, epilog=PAIN_EPILOG)
@pass_app
@click.pass_context
def pain(ctx: click.Context, app: App) -> None:
    """Log and list knee pain, 0 (none) to 10 (worst imaginable).

    Without a command it asks for the scores that are missing from the last seven days. Answer with
    one key: 0 to 9, or t (or +) for 10. The Enter key skips a question and Esc quits; each answer
    is stored at once. If the answers come from a file or another program, put one on each line; the
    first invalid line ends the input.
    """
    if app.log_path.exists():
        with app.read() as log:
            read_inbox(app, log)
    if ctx.invoked_subcommand:
        return
    from kneeload.cli.prompt import ask, keys
    from kneeload.cli.sitting import Sitting

    with app.read() as log:
        sitting = Sitting(app, log)
        was_asked = True
        try:
            was_asked = ask(sitting.questions(), keys(), sitting.keep)
        finally:
            if was_asked:
                sitting.close()
    if not was_asked:
        click.echo(NOTHING_MISSING)


pain.add_command(explain)


@pain.command(
    cls=WithSymptoms, epilog="Example: kneeload pain add 4 --knee left --site front --onset-km 6.5"
)
@click.argument("score", type=pain_score, required=False)
@_fields
@click.option(
    "--symptom",
    "symptoms",
    type=symptom_name,
    multiple=True,
    metavar="NAME",
    help="One of the symptoms below; repeat the option for more.",
)
@pass_app
def add(app: App, /, score: int | None, symptoms: tuple[str, ...], **fields: Any) -> None:
    """Log a score, or a symptom that a professional should check.

    `3/10`, `--knee l`, `--moment morning` and `--date 20.7.2026` also work.
    """
    from kneeload.rules.red_flags import SIGNS, advice

    if score is None and not symptoms:
        raise click.UsageError("give a score from 0 to 10, or --symptom NAME")
    with app.open() as log:
        today = app.today(log.settings)
        fields["local_date"] = not_in_future(fields["local_date"] or today, today)
        day, knee = fields["local_date"], fields["knee"] or ""
        changes = [symptom(name, day, knee) for name in symptoms]
        what = ""
        if score is not None:
            entry = _score(log, score, fields)
            changes.append(Change(verb="add", object="pain", payload=payload(entry)))
            what = _what_was_logged(entry, log)  # before the write, after which all is read again
        ids = log.record(changes, app.now)
    echo_undoable(f"Logged {', '.join(ids)} for {day}{what}.")
    for name in symptoms:
        click.echo(advice(SIGNS[name].urgency))


@pain.command("list", epilog="Example: kneeload pain list --csv")
@formats
@pass_app
def list_(app: App, form: Format) -> None:
    """List the scores, oldest first."""
    with app.read() as log:
        today = app.today(log.settings)
        frame = _with_markers(upto(log.pain(), today), upto(log.markers(), today))
    emit(frame, form, lambda: _pain_text(frame))


@pain.command(epilog="Example: kneeload pain edit p12 --score 4 --site front")
@click.argument("pain_id", metavar="ID")
@click.option("--score", type=pain_score, metavar="0-10", help="The new score.")
@_fields
@pass_app
def edit(app: App, /, pain_id: str, **fields: Any) -> None:
    """Change an entry."""
    with app.open(create=False) as log:
        changes = {k: v for k, v in _metric(log, fields).items() if v is not None}
        if "local_date" in changes:
            not_in_future(changes["local_date"], app.today(log.settings))
        if not changes:
            raise click.UsageError("nothing to change; add an option, such as --score 4")
        log.edit_pain(pain_id, changes, app.now)
    echo_undoable(f"Changed {pain_id}.")


@pain.command(epilog="Example: kneeload pain remove p12")
@click.argument("pain_id", metavar="ID")
@pass_app
def remove(app: App, pain_id: str) -> None:
    """Remove an entry."""
    with app.open(create=False) as log:
        log.remove_pain(pain_id, app.now)
    echo_undoable(f"Removed {pain_id}.")


@pain.command("import", epilog="Example: kneeload pain import knee_pain.csv")
@click.argument("table_path", metavar="CSV", type=click.Path(path_type=Path, dir_okay=False))
@pass_app
def import_(app: App, table_path: Path) -> None:
    """Import scores from a CSV file.

    The file may be kneeload's own, with the columns local_date and score, or an export of the app
    Track & Graph. `kneeload import` takes both kinds too.
    """
    from kneeload.log.score_tables import take_file

    with app.open() as log:
        imported = take_file(log, table_path, app.now)
    for reason in truncated([*map(strip_control, imported.left)], ""):
        click.echo(f"Warning: {reason}", err=True)
    echo_undoable(
        f"Logged {formatting.count(imported.new, 'score')}; {imported.known} already in the log."
    )


@click.command(epilog="Example: kneeload why 2026-W12 planned")
@click.argument("week", metavar="YYYY-Www")
@click.argument("reason", type=OneOf("reason", ("planned", "knee", "other")))
@pass_app
def why(app: App, week: str, reason: str) -> None:
    """Note why a week was lighter than the weeks before it.

    This separates planned cutbacks from weeks that the knee cut short. The last answer counts.
    """
    from kneeload.calendar import parse_week, week_label
    from kneeload.cli.missing_entries import why as entry
    from kneeload.cli.usage_errors import valid_week

    with app.open() as log:
        first = parse_week(valid_week(week), log.settings.week_start)
        today = app.today(log.settings)
        if first > today:
            raise click.UsageError(f"{week} has not begun")
        log.record([entry(week_label(first), reason, first, today)], app.now)
    echo_undoable(f"Noted for {week_label(first)}: {reason}.")


def _score(log: TrainingLog, score: int, entered: dict[str, Any]) -> PainEntry:
    from kneeload.diary.frames import usual_knee

    fields = _metric(log, entered) | {"score": score}
    fields["knee"] = fields["knee"] or usual_knee(log.pain(), log.settings)
    fields["moment"] = fields["moment"] or _usual_moment(log, fields["local_date"])
    return log.completed(validated_entry(fields))


def _what_was_logged(entry: PainEntry, log: TrainingLog) -> str:
    """Return the knee, the moment and the run of a score, which may have been filled in."""
    from kneeload.diary.frames import run_in_words

    knee, moment = entry.knee, formatting.humanise(entry.moment)
    named = "knee unsure" if knee == "unsure" else formatting.KNEES[knee].lower()
    run = run_in_words(log.reading().once, log.run_of(entry), log.settings.units)
    if not run and moment == "next morning":
        run = "no run on the day before"
    return f", {named}, {moment}{f' ({run})' if run else ''}"


def _metric(log: TrainingLog, entered: dict[str, Any]) -> dict[str, Any]:
    """Return the fields with miles turned to kilometres and the run's id spelt out."""
    fields = dict(entered)
    miles = fields.pop("onset_mi")
    if miles is not None:
        fields["onset_km"] = miles * formatting.KM_PER_MILE
    if fields["run_id"]:
        fields["run_id"] = log.run(fields["run_id"])
    return fields


def _usual_moment(log: TrainingLog, day: dt.date) -> str:
    """Return what a bare score most likely speaks of: the day's run, else the knee at rest."""
    ran = (log.reading().runs["local_date"].dt.date == day).any()
    return "during" if ran else "rest"


def _with_markers(pain: pd.DataFrame, markers: pd.DataFrame) -> pd.DataFrame:
    """Return the scores with the marked places that have none yet, by date."""
    import pandas as pd

    if markers.empty:
        return pain
    empty = markers.assign(score=pd.array([pd.NA] * len(markers), dtype="Int64"))
    both = pd.concat([pain.astype({"score": "Int64"}), empty], ignore_index=True)
    return both.sort_values("local_date", kind="stable", ignore_index=True)


def _pain_text(frame: pd.DataFrame) -> str:
    if frame.empty:
        return NO_PAIN_YET
    columns = ("knee", "moment", "site", "note")
    rows = [
        [
            p["pain_id"],
            p["local_date"],
            formatting.MISSING if p["score"] is None else f"{p['score']}/10",
            *(p[name] for name in columns),
            _ORIGINS.get(p["origin"], ""),
        ]
        for p in records(frame)
    ]
    return table(rows, ("id", "date", "score", *columns, ""), "llr")
