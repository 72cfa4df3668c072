"""Commands for what else matters to the knee: note."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

import click

from kneeload.cli.app import DAY, App, pass_app
from kneeload.cli.forms import OneOf, symptom_name
from kneeload.cli.output import Format, echo_undoable, emit, formats, options, table
from kneeload.cli.usage_errors import not_in_future, usage_errors
from kneeload.diary.notes import KINDS, addition, amount
from kneeload.errors import EntryError
from kneeload.frames import records, upto

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pandas as pd

    from kneeload.log.training_log import TrainingLog

ASSESSED = "kneeload note assessed"
NO_NOTES_YET = "Nothing noted yet. For example: kneeload note sleep 7.5"
STRENGTH_A_WEEK = 2
_INJURY = re.compile(r"d\d+")


_fields = options(
    click.option(
        "--date", "local_date", type=DAY, help="The day, or the first of several days. [today]"
    ),
    click.option("--until", type=DAY, help="The last day, if the note is about several days."),
    click.option("--knee", type=OneOf("knee"), help="The knee that the note is about."),
)


@click.group(
    invoke_without_command=True, epilog="Example: kneeload note tried taping --date 2026-03-14"
)
@click.pass_context
def note(ctx: click.Context) -> None:
    """Note what else may matter for the knee: sleep, strength, shoes, injuries, treatments.

    Without a command it lists your notes; open injuries and red flags (symptoms that a professional
    should check) come first.
    """
    if not ctx.invoked_subcommand:
        ctx.invoke(list_)


@note.command("list", epilog="Example: kneeload note list --csv")
@formats
@pass_app
def list_(app: App, form: Format) -> None:
    """List your notes, the open ones first.

    Below them it shows your strength training, sleep and other sports, week by week.
    """
    with app.read() as log:
        today = app.today(log.settings)
        frame = upto(log.diary(), today)
        emit(frame, form, lambda: _text(frame, log, today))


@note.command(epilog="Example: kneeload note edit d7 --until 2026-04-02")
@click.argument("entry_id", metavar="ID")
@click.option("--text", help="The new text.")
@click.option("--value", type=float, help="The corrected hours of sleep or minutes of training.")
@_fields
@pass_app
def edit(app: App, /, entry_id: str, text: str | None, knee: str | None, **changes: Any) -> None:
    """Change a note, such as the day an injury ended."""
    if not _given(changes | {"text": text, "knee": knee}):
        raise click.UsageError("nothing to change; add an option, such as --until 2026-04-02")
    with app.open(create=False) as log:
        kind = log.note(entry_id)["kind"]
        if changes["local_date"]:
            not_in_future(changes["local_date"], app.today(log.settings))
        with usage_errors():
            log.edit_note(entry_id, _given(changes | _described(kind, text, knee)), app.now)
    echo_undoable(f"Changed {entry_id}.")


@note.command(epilog="Example: kneeload note remove d7")
@click.argument("entry_id", metavar="ID")
@pass_app
def remove(app: App, entry_id: str) -> None:
    """Remove a note."""
    with app.open(create=False) as log:
        log.remove_note(entry_id, app.now)
    echo_undoable(f"Removed {entry_id}.")


def _command(kind: str) -> Callable[[Callable[..., None]], click.Command]:
    about = KINDS[kind]
    return note.command(
        kind, help=about.help, epilog=f"Example: kneeload note {kind} {about.example}"
    )


def _add_command(kind: str) -> None:
    @_command(kind)
    @click.argument("words", nargs=-1, metavar="[TEXT]...")
    @_fields
    @pass_app
    def add(app: App, /, words: tuple[str, ...], **fields: Any) -> None:
        if kind == "injury" and fields["until"] and len(words) == 1 and _INJURY.fullmatch(words[0]):
            _close(app, words[0], fields["until"])
        else:
            _add(app, kind, words, fields)

    for field, label in KINDS[kind].labels.items():
        if field == "value":
            click.option("--value", type=float, help=f"{label}.")(add)
        elif KINDS[kind].type(field) == "flag":
            click.option(f"--{field}", is_flag=True, default=None, help=f"{label}.")(add)


for _kind in KINDS.keys() - {"limits", "goal"}:
    _add_command(_kind)


@_command("limits")
@click.option("--run-km", type=float, help="How long one run may be, in kilometres.")
@click.option("--week-km", type=float, help="How much you may run in a week, in kilometres.")
@click.option("--week-percent", type=float, help=f"{KINDS['limits'].labels['week_percent']}.")
@click.option("--no-downhill", is_flag=True, default=None, help="No running downhill.")
@click.option(
    "--date", "local_date", type=DAY, help="The first day on which the limits apply. [today]"
)
@click.option("--until", type=DAY, help="The last day on which the limits apply.")
@click.option("--end", is_flag=True, help="End the limits that apply now.")
@pass_app
def _limits(app: App, /, local_date: dt.date | None, end: bool, **fields: Any) -> None:
    with app.open() as log:
        today = app.today(log.settings)
        if end:
            _end_limits(app, log, today)
            return
        day = not_in_future(local_date or today, today)
        _record(app, log, {"kind": "limits", "local_date": day} | fields)
    click.echo(f"Noted your physio's limits from {day}. `kneeload plan` now keeps to them.")


@_command("goal")
@click.argument("text", nargs=-1, required=True)
@click.option("--date", "goal_date", type=DAY, required=True, help="Date of the goal run or race.")
@click.option("--km", type=float, required=True, help="The distance of the goal, in kilometres.")
@pass_app
def _goal(app: App, text: tuple[str, ...], goal_date: dt.date, km: float) -> None:
    with app.open() as log:
        entry = {"kind": "goal", "local_date": app.today(log.settings), "until": goal_date}
        _record(app, log, entry | {"value": km, "text": " ".join(text)})
    click.echo(
        f"Noted your goal: {' '.join(text)}, {km:g} km on {goal_date}. `kneeload report` shows "
        "whether your limits will grow enough by then."
    )


def _end_limits(app: App, log: TrainingLog, today: dt.date) -> None:
    """End what is in force: yesterday was its last day, or it never began."""
    from kneeload.rules.own_limits import rows_in_force
    from kneeload.store.journal import Change

    changes = [
        Change(verb="remove", object="diary", subject=name, payload={})
        if first >= today
        else Change(
            verb="edit",
            object="diary",
            subject=name,
            payload={"until": (today - dt.timedelta(days=1)).isoformat()},
        )
        for name, first in rows_in_force(log.diary(), today)
    ]
    if not changes:
        raise EntryError("there are no limits to end; `kneeload note list` shows your notes")
    log.record(changes, app.now)
    echo_undoable("Ended your physio's limits.")


def _add(app: App, kind: str, words: tuple[str, ...], fields: dict[str, Any]) -> None:
    unit = KINDS[kind].unit
    if unit and fields["value"] is None:
        fields["value"], words = _number_first(words, unit)
    with app.open() as log:
        today = app.today(log.settings)
        day = not_in_future(fields.pop("local_date") or today, today)
        described = _described(kind, " ".join(words), fields.pop("knee"))
        _record(app, log, {"kind": kind, "local_date": day} | described | fields)
    echo_undoable(f"Noted {kind} for {day}.")
    if described["subject"] and kind == "symptom":
        from kneeload.rules.red_flags import SIGNS, advice

        click.echo(advice(SIGNS[described["subject"]].urgency))


def _record(app: App, log: TrainingLog, fields: dict[str, Any]) -> None:
    with usage_errors():
        added = addition(fields)
    log.record([added], app.now)


def _close(app: App, entry_id: str, until: dt.date) -> None:
    """Note the last day of an injury."""
    with app.open(create=False) as log:
        kind = log.note(entry_id)["kind"]
        if kind != "injury":
            raise click.UsageError(f"{entry_id} is a note of type {kind}, not an injury")
        with usage_errors():
            log.edit_note(entry_id, {"until": until}, app.now)
    echo_undoable(f"Injury {entry_id} ended on {until}.")


def _described(kind: str, text: str | None, knee: str | None) -> dict[str, str | None]:
    """Return the fields that words and knee go into; a symptom's name is its subject."""
    if kind != "symptom":
        return {"subject": knee, "text": text}
    return {"subject": text and symptom_name(text), "text": knee}


def _number_first(words: tuple[str, ...], unit: str) -> tuple[float | None, tuple[str, ...]]:
    """Return the number that the words begin with, perhaps with its unit, and the rest of them."""
    try:
        return float(words[0].removesuffix(unit).replace(",", ".")), words[1:]
    except (IndexError, ValueError):
        return None, words


def _given(fields: dict[str, Any]) -> dict[str, Any]:
    """Return the fields that were named."""
    return {key: value for key, value in fields.items() if value is not None}


def _text(frame: pd.DataFrame, log: TrainingLog, today: dt.date) -> str:
    from kneeload.diary.habits import habits

    rows = [
        (n["entry_id"], n["local_date"], n["kind"], n["subject"], amount(n), n["text"])
        for n in records(frame)
    ]
    listed = table(rows, ("id", "date", "kind", "", "", "")) if rows else NO_NOTES_YET
    week_start = log.settings.week_start
    weeks = habits(log.activities(), frame, today=today, week_start=week_start)
    still_open = "".join(f"{line}\n" for line in _open(frame, log, today))
    return f"{still_open}{listed}\n\n{_habits_text(weeks)}"


def _open(frame: pd.DataFrame, log: TrainingLog, today: dt.date) -> Iterator[str]:
    """Yield a line for each injury that is not over and each red flag not assessed."""
    from kneeload import formatting
    from kneeload.rules.red_flags import red_flags

    for entry in records(frame[frame["kind"] == "injury"]):
        if not entry["until"] or dt.date.fromisoformat(entry["until"]) >= today:
            what = ", ".join(filter(None, [formatting.humanise(entry["subject"]), entry["text"]]))
            since = formatting.day(dt.date.fromisoformat(entry["local_date"]), today)
            yield (
                f"Open: injury{f' ({what})' if what else ''} since {since}. When it is over: "
                f"kneeload note injury {entry['entry_id']} --until DATE"
            )
    signs = red_flags(frame, upto(log.pain(), today), log.settings, today)
    for sign in signs.loc[signs["open"]].to_dict("records"):
        day = formatting.day(sign["local_date"], today)
        yield f"Open: {sign['words']} on {day}. When a professional has seen it: {ASSESSED}"


def _habits_text(weeks: pd.DataFrame) -> str:
    from kneeload import formatting

    rows = [
        (
            week["week_start"],
            f"{week['strength']} of {STRENGTH_A_WEEK}",
            formatting.number(week["sleep_h"], 1),
            formatting.number(week["other_sports_h"], 1),
        )
        for week in records(weeks)
    ]
    header = ("week of", "strength", "sleep [h]", "other sports [h]")
    advised = (
        "Two strength sessions a week are common advice. It is not proven that they help "
        "runners' knees."
    )
    return f"{table(rows, header, 'lrrr')}\n{advised}"
