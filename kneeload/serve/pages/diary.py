"""The diary: every score and note, the newest first; change and remove them."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pandas as pd
from flask import Blueprint, Response, abort, redirect, request

from kneeload.errors import EntryError
from kneeload.serve.entries import find_entry, note_entry, score_entry, score_rows
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
        days, markers = _days(log, today), log.markers()
        waiting = markers[markers["local_date"] <= pd.Timestamp(today)].to_dict("records")
        return show(
            "diary.html",
            log.settings,
            today,
            waiting=[score_entry(row, log.reading().once, log.settings.units) for row in waiting],
            entries=[_entry(log, *place) for place in days.index[start : start + SHOWN]],
            total=len(days),
            newer=max(0, start - SHOWN) if start else None,
            older=start + SHOWN if start + SHOWN < len(days) else None,
        )


def _days(log: TrainingLog, today: dt.date) -> pd.Series:
    """Return the days of scores and notes up to `today`, the newest first, by kind and row."""
    kinds = {"pain": log.pain()["local_date"], "diary": log.diary()["local_date"]}
    days = pd.concat(kinds).sort_values(ascending=False, kind="stable")
    until: pd.Series = days.loc[days <= pd.Timestamp(today)]
    return until


def _entry(log: TrainingLog, kind: str, row: int) -> Entry:
    frame = log.pain() if kind == "pain" else log.diary()
    (fields,) = frame.iloc[[row]].to_dict("records")
    if kind == "pain":
        return score_entry(fields, log.reading().once, log.settings.units)
    return note_entry(fields)


@pages.get("/diary/<entry_id>")
def change(entry_id: str) -> str:
    """Show an entry's form, filled."""
    only_editors()
    serving = the_serving()
    with serving.look() as log:
        entry = find_entry(log, entry_id)
        if entry is None:
            abort(404)
        rows = score_rows(log, entry_id)
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
        before = next(iter(score_rows(log, entry_id)), {})
        if before:
            before["local_date"] = before["local_date"].date()
        entered = {name: request.form[name] for name in names if name in request.form}
        if entered.get("local_date", "") > today.isoformat():
            raise EntryError("the date is in the future")
        changes = {name: text for name, text in entered.items() if str(before.get(name)) != text}
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
