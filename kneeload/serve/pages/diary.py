"""The diary: every score and note, the newest first; change and remove them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from flask import Blueprint, Response, abort, redirect, request

from kneeload.errors import EntryError
from kneeload.serve.entries import find_entry, note_entry, score_entry
from kneeload.serve.forms import KNEES, MOMENTS, SITES
from kneeload.serve.rendering import show
from kneeload.serve.visits import entry_of_form, only_editors, the_serving, visit

if TYPE_CHECKING:
    import datetime as dt

    from kneeload.log.training_log import TrainingLog
    from kneeload.serve.entries import Entry

pages = Blueprint("diary", __name__)
SHOWN = 60


@pages.get("/diary")
def diary() -> str:
    """List the entries from the newest on; ``?from=`` skips as many."""
    serving = the_serving()
    start = max(0, request.args.get("from", 0, type=int))
    with serving.look() as log:
        today = serving.today(log.settings)
        rows = _rows(log, today)
        return show(
            "diary.html",
            log.settings,
            today,
            entries=[_entry(row, log) for row in rows[start : start + SHOWN]],
            total=len(rows),
            newer=max(0, start - SHOWN) if start else None,
            older=start + SHOWN if start + SHOWN < len(rows) else None,
        )


def _rows(log: TrainingLog, today: dt.date) -> list[dict[Any, Any]]:
    scores, notes = log.pain().to_dict("records"), log.diary().to_dict("records")
    rows = [row for row in (*scores, *notes) if row["local_date"].date() <= today]
    return sorted(rows, key=lambda row: row["local_date"], reverse=True)


def _entry(row: dict[Any, Any], log: TrainingLog) -> Entry:
    if "pain_id" in row:
        return score_entry(row, log.activities(), log.settings.units)
    return note_entry(row)


@pages.get("/diary/<entry_id>")
def change(entry_id: str) -> str:
    """Show an entry's form, filled."""
    only_editors()
    serving = the_serving()
    with serving.look() as log:
        entry = find_entry(log, entry_id)
        if entry is None:
            abort(404)
        pain = log.pain()
        rows = pain[pain["pain_id"] == entry_id].to_dict("records")
        return show(
            "change.html",
            log.settings,
            serving.today(log.settings),
            entry=entry,
            row=rows[0] if rows else None,
            knees=KNEES,
            sites=SITES,
            moments=(*MOMENTS, "unsure"),
        )


@pages.post("/diary/<entry_id>")
def changed(entry_id: str) -> Response:
    """Change a score, or remove an entry."""
    only_editors()
    act = _remove if "remove" in request.form else _change
    address = the_serving().once.act(visit().session.name, entry_of_form(), lambda: act(entry_id))
    return cast("Response", redirect(address, 303))


def _change(entry_id: str) -> str:
    serving = the_serving()
    names = ("score", "knee", "site", "moment", "local_date", "note")
    with serving.open() as log:
        today = serving.today(log.settings)
        pain = log.pain()
        rows = pain[pain["pain_id"] == entry_id].astype({"local_date": "str"}).to_dict("records")
        before = rows[0] if rows else {}
        said = {name: request.form[name] for name in names if name in request.form}
        if said.get("local_date", "") > today.isoformat():
            raise EntryError("the date is ahead")
        changes = {name: text for name, text in said.items() if str(before.get(name)) != text}
        if changes:  # what stays as it was is not set, and may yet be derived anew
            log.edit_pain(entry_id, changes, serving.clock())
    return f"/pain/{entry_id}"


def _remove(entry_id: str) -> str:
    serving = the_serving()
    with serving.open() as log:
        entry = find_entry(log, entry_id)
        if entry is None:
            abort(404)
        remove = log.remove_pain if entry.kind == "pain" else log.remove_note
        remove(entry_id, serving.clock())
    return "/diary"
