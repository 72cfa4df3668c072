"""The diary: every score and note, the newest first; add notes, change and remove entries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from flask import Blueprint, Response, abort, request

from kneeload.diary.notes import KINDS, addition
from kneeload.frames import records, upto
from kneeload.serve.entries import find_entry, note_entry, score_entry, score_rows
from kneeload.serve.fields import changes, note_form, score_form
from kneeload.serve.pages.pain import done
from kneeload.serve.rendering import show
from kneeload.serve.visits import act_once, only_editors, the_serving

if TYPE_CHECKING:
    import datetime as dt

    from kneeload.log.training_log import TrainingLog
    from kneeload.serve.entries import Entry
    from kneeload.serve.fields import Field

pages = Blueprint("diary", __name__)
SHOWN = 60


@pages.get("/diary")
def diary() -> str:
    """List the entries from the newest on; ``?from=`` skips as many."""
    serving = the_serving()
    start = max(0, request.args.get("from", 0, type=int))
    with serving.look() as log:
        today = serving.today(log.settings)
        days, waiting = _days(log, today), upto(log.markers(), today).to_dict("records")
        return show(
            "diary.html",
            log,
            waiting=[score_entry(row, log.reading().once, log.settings.units) for row in waiting],
            entries=[_entry(log, *place) for place in days.index[start : start + SHOWN]],
            total=len(days),
            newer=max(0, start - SHOWN) if start else None,
            older=start + SHOWN if start + SHOWN < len(days) else None,
        )


def _days(log: TrainingLog, today: dt.date) -> pd.Series:
    """Return the days of scores and notes up to `today`, the newest first, by kind and row."""
    kinds = {"pain": log.pain()["local_date"], "diary": log.diary()["local_date"]}
    days: pd.Series = pd.concat(kinds).sort_values(ascending=False, kind="stable")
    return days[days <= pd.Timestamp(today)]


def _entry(log: TrainingLog, kind: str, row: int) -> Entry:
    units = log.settings.units
    if kind == "pain":
        (score,) = log.pain().iloc[[row]].to_dict("records")
        return score_entry(score, log.reading().once, units)
    (note,) = records(log.diary().iloc[[row]])
    return note_entry(note, units)


@pages.get("/note")
def kinds() -> str:
    """List the kinds of note, with what the command line says of each."""
    with the_serving().look() as log:
        kinds = [(name, kind.help.partition("\n")[0]) for name, kind in KINDS.items()]
        return show("notes.html", log, kinds=kinds)


@pages.get("/note/<kind>")
def note(kind: str) -> str:
    """Show the form of a kind of note."""
    serving = the_serving()
    with serving.look() as log:
        today = serving.today(log.settings)
        fields = note_form(_new_note(kind, today), log.settings.units)
        return show("note.html", log, kind=kind, fields=fields)


def _new_note(kind: str, today: dt.date) -> dict[str, str]:
    if kind not in KINDS:
        abort(404)
    return {"kind": kind, "local_date": today.isoformat()}


@pages.post("/note/<kind>")
def add(kind: str) -> Response:
    """Keep a note."""
    return act_once(lambda: _add(kind))


def _add(kind: str) -> str:
    serving = the_serving()
    with serving.open() as log:
        today, units = serving.today(log.settings), log.settings.units
        blank = _new_note(kind, today)
        entered = changes(note_form(blank, units), request.form, units, today)
        return done(log, log.record([addition(blank | entered)], serving.clock()))


@pages.get("/diary/<entry_id>")
def change(entry_id: str) -> str:
    """Show an entry's form, filled."""
    only_editors()
    with the_serving().look() as log:
        return show(
            "change.html",
            log,
            entry=_found(log, entry_id),
            fields=_fields(log, entry_id),
        )


def _found(log: TrainingLog, entry_id: str) -> Entry:
    entry = find_entry(log, entry_id)
    if entry is None:
        abort(404)
    return entry


def _fields(log: TrainingLog, entry_id: str) -> list[Field]:
    for row in score_rows(log, entry_id):
        return score_form(row)
    return note_form(log.note(entry_id), log.settings.units)


@pages.post("/diary/<entry_id>")
def changed(entry_id: str) -> Response:
    """Change or remove an entry."""
    only_editors()
    act = _remove if "remove" in request.form else _change
    return act_once(lambda: act(entry_id))


def _change(entry_id: str) -> str:
    serving = the_serving()
    with serving.open() as log:
        entry, today = _found(log, entry_id), serving.today(log.settings)
        entered = changes(_fields(log, entry_id), request.form, log.settings.units, today)
        if not entered:
            return f"/pain/{entry_id}"
        edit = log.edit_pain if entry.kind == "pain" else log.edit_note
        edit(entry_id, entered, serving.clock())
        return done(log, [entry_id], "the change to")


def _remove(entry_id: str) -> str:
    serving = the_serving()
    with serving.open() as log:
        entry = _found(log, entry_id)
        remove = log.remove_pain if entry.kind == "pain" else log.remove_note
        remove(entry_id, serving.clock())
        return done(log, [entry_id], f"the removal of {entry.name}")
