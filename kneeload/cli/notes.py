"""Commands for what else matters to the knee: note."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from kneeload.cli.app import DAY, App, pass_app, upto
from kneeload.cli.forms import OneOf, Symptom
from kneeload.cli.mistakes import past
from kneeload.cli.output import emit, formats, records, table

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from kneeload.log.journal import Change
    from kneeload.log.training_log import TrainingLog
    from kneeload.settings import WeekStart

NO_NOTES_YET = "Nothing noted yet. For example: kneeload note sleep 7.5"
STRENGTH_A_WEEK = 2
HOURS_A_DAY, MINUTES_A_DAY = 24, 1440
_VALUE = click.FloatRange(0, MINUTES_A_DAY)


@dataclass(frozen=True)
class Kind:
    """One kind of note: its help, an example, its number's unit, and whether it needs no words."""

    help: str
    example: str
    unit: str = ""
    alone: bool = False


KINDS = {
    "strength": Kind(
        "Note strength training, in minutes if you like.", "30 squats", "min", alone=True
    ),
    "sleep": Kind("Note last night's hours of sleep.", "7.5", "h"),
    "tried": Kind("Note something tried: taping, new insoles, shorter steps.", "taping"),
    "shoe": Kind(
        "Record a change of shoes. Later runs without a shoe are counted for it.", "Pegasus"
    ),
    "injury": Kind(
        "Note an injury, in the words of the professional who saw it.",
        "'patellofemoral pain' --knee left --date 2026-02-01 --until 2026-03-10",
    ),
    "symptom": Kind("Note a red-flag symptom, such as swelling or locked.", "swelling"),
    "assessed": Kind(
        "Note that a professional has seen the knee. Closes the red flags up to that day.",
        "physio --date 2026-03-14",
        alone=True,
    ),
    "question": Kind("Note a question for the physio.", "'Is downhill all right again?'"),
    "note": Kind("Note anything else.", "'new desk chair'"),
}


def _fields(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that describe a note."""
    for option in reversed(
        (
            click.option("--date", "local_date", type=DAY, help="The (first) day. [today]"),
            click.option("--until", type=DAY, help="The last day, if it lasts."),
            click.option("--knee", type=OneOf("knee")),
            click.option("--value", type=_VALUE, help="Hours of sleep, minutes of strength, ..."),
        )
    ):
        command = option(command)
    return command


@click.group(epilog="Example: kneeload note tried taping --date 2026-03-14")
def note() -> None:
    """Note what else matters to the knee: sleep, strength, shoes. Also injuries and treatments."""


@note.command("list", epilog="Example: kneeload note list --csv")
@formats
@pass_app
def list_(app: App, as_csv_: bool, as_json_: bool) -> None:
    """List the notes and the last weeks' strength, sleep and sports."""
    with app.read() as log:
        today = app.today(log.settings)
        frame = upto(log.diary(), today)
        emit(
            frame,
            as_csv_=as_csv_,
            as_json_=as_json_,
            text=lambda: _text(frame, log.activities(), today, log.settings.week_start),
        )


@note.command(epilog="Example: kneeload note edit d7 --until 2026-04-02")
@click.argument("entry_id", metavar="ID")
@click.option("--text", help="The new text.")
@_fields
@pass_app
def edit(app: App, /, entry_id: str, text: str | None, knee: str | None, **said: Any) -> None:
    """Change a note, such as the last day of an injury."""
    if not _plain(said | {"text": text, "knee": knee}):
        raise click.UsageError("nothing to change; add an option, such as --until 2026-04-02")
    with app.open(create=False) as log:
        kind, first, until = _standing(log, entry_id)
        _check(kind, said["value"])
        if said["local_date"]:
            first = past(said["local_date"], app.today(log.settings))
        _check_end(first, said["until"] or until)
        log.edit_note(entry_id, _plain(said | _described(kind, text, knee)), app.now)
    click.echo(f"Changed {entry_id}. `kneeload undo` takes it back.")


@note.command(epilog="Example: kneeload note remove d7")
@click.argument("entry_id", metavar="ID")
@pass_app
def remove(app: App, entry_id: str) -> None:
    """Remove a note."""
    with app.open(create=False) as log:
        log.remove_note(entry_id, app.now)
    click.echo(f"Removed {entry_id}. `kneeload undo` brings it back.")


def symptom(name: str, day: dt.date, knee: str) -> Change:
    """Return the entry of a red-flag symptom; fails where there is none of that name."""
    return _entry("symptom", day, **_described("symptom", name, knee))


def advice(symptoms: tuple[str, ...]) -> str:
    """Return what each symptom calls for, a line each."""
    from kneeload.rules.redflags import ADVICE, NOT_A_DIAGNOSIS, SIGNS

    return "\n".join(f"{ADVICE[SIGNS[name].urgency]} {NOT_A_DIAGNOSIS}" for name in symptoms)


def _add_command(name: str, kind: Kind) -> None:
    @note.command(name, help=kind.help, epilog=f"Example: kneeload note {name} {kind.example}")
    @click.argument("words", nargs=-1, metavar="[TEXT]...")
    @_fields
    @pass_app
    def noted(app: App, /, words: tuple[str, ...], **said: Any) -> None:
        _add(app, name, words, said)


for _name, _kind in KINDS.items():
    _add_command(_name, _kind)


def _add(app: App, kind: str, words: tuple[str, ...], said: dict[str, Any]) -> None:
    known = KINDS[kind]
    if known.unit and said["value"] is None:
        said["value"], words = _number_first(words, known.unit)
    _check(kind, said["value"])
    with app.open() as log:
        today = app.today(log.settings)
        day = past(said.pop("local_date") or today, today)
        _check_end(day, said["until"])
        text = ("_" if kind == "symptom" else " ").join(words)
        described = _described(kind, text, said.pop("knee") or "")
        if not (text or known.alone) and said["value"] is None:
            raise click.UsageError(f"{kind!r} needs a number or some text")
        log.record([_entry(kind, day, **described, **said)], app.now)
    click.echo(f"Noted {kind} for {day}. `kneeload undo` takes it back.")
    if kind == "symptom":
        click.echo(advice((described["subject"] or "",)))


def _check(kind: str, value: float | None) -> None:
    most, unit = (HOURS_A_DAY, "hours") if kind == "sleep" else (MINUTES_A_DAY, "minutes")
    if value is not None and not 0 <= value <= most:
        raise click.UsageError(f"{kind} is a number of {unit} from 0 to {most}, not {value:g}")


def _check_end(first: dt.date, until: dt.date | None) -> None:
    if until and until < first:
        raise click.UsageError(f"--until {until} is before {first}")


def _standing(log: TrainingLog, entry_id: str) -> tuple[str, dt.date, dt.date | None]:
    """Return a note's kind, its first day, and its last where it has one."""
    noted = log.note(entry_id)
    until = noted.get("until")
    first = dt.date.fromisoformat(noted["local_date"])
    return noted["kind"], first, dt.date.fromisoformat(until) if until else None


def _described(kind: str, text: str | None, knee: str | None) -> dict[str, str | None]:
    """Return the fields that words and knee go into; a symptom's name is its subject."""
    if kind != "symptom":
        return {"subject": knee, "text": text}
    return {"subject": text and Symptom().convert(text, None, None), "text": knee}


def _number_first(words: tuple[str, ...], unit: str) -> tuple[float | None, tuple[str, ...]]:
    """Return the number that the words begin with, perhaps with its unit, and the rest of them."""
    try:
        return float(words[0].removesuffix(unit).replace(",", ".")), words[1:]
    except (IndexError, ValueError):
        return None, words


def _entry(kind: str, day: dt.date, **fields: Any) -> Change:
    from kneeload.log.journal import Change

    given = _plain({"kind": kind, "local_date": day} | fields)
    return Change(verb="add", object="diary", payload=given)


def _plain(said: dict[str, Any]) -> dict[str, Any]:
    """Return what was said, as JSON can keep it."""
    given = {key: value for key, value in said.items() if value is not None}
    return {k: v.isoformat() if isinstance(v, dt.date) else v for k, v in given.items()}


def _text(
    frame: pd.DataFrame, activities: pd.DataFrame, today: dt.date, week_start: WeekStart
) -> str:
    from kneeload.log.habits import habits

    rows = [
        (n["entry_id"], n["local_date"], n["kind"], n["subject"], _amount(n), n["text"])
        for n in records(frame)
    ]
    listed = table(rows, ("id", "date", "kind", "", "", "")) if rows else NO_NOTES_YET
    weeks = habits(activities, frame, today=today, week_start=week_start)
    return f"{listed}\n\n{_habits_text(weeks)}"


def _amount(entry: dict[str, Any]) -> str:
    """Return the days it lasted, as far as it is over, or its number."""
    if entry["until"]:
        first, last = (dt.date.fromisoformat(entry[name]) for name in ("local_date", "until"))
        return f"{(last - first).days + 1} days"
    return "" if entry["value"] is None else f"{entry['value']:g}"


def _habits_text(weeks: pd.DataFrame) -> str:
    from kneeload import words

    rows = [
        (
            week["week_start"],
            f"{week['strength']} of {STRENGTH_A_WEEK}",
            words.number(week["sleep_h"], 1),
            words.number(week["other_sports_h"], 1),
        )
        for week in records(weeks)
    ]
    header = ("week of", "strength", "sleep [h]", "other sports [h]")
    advised = "Two strength sessions a week are common advice; for runners' knees it is not proven."
    return f"{table(rows, header, 'lrrr')}\n{advised}"
