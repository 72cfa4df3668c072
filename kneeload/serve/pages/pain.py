"""Log a score with two taps, see what was logged, take it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask import Blueprint, Response, abort, redirect, request

from kneeload.cli.note import advice
from kneeload.diary.validation import PROVOKED_BY
from kneeload.rules.red_flags import SIGNS, SYMPTOMS
from kneeload.serve.entries import Entry, find_entry
from kneeload.serve.forms import KNEES, MOMENTS, SITES, entry_changes, prefilled
from kneeload.serve.rendering import show
from kneeload.serve.visits import entry_of_form, the_serving, visit
from kneeload.store.journal import Change

if TYPE_CHECKING:
    import datetime as dt

    from kneeload.log.training_log import TrainingLog
    from kneeload.serve.forms import Prefilled

pages = Blueprint("pain", __name__)
_MOST_ALONG = 20  # symptoms that one form can hold beside its score, and more


@pages.get("/pain")
def form() -> str:
    """Show the form, the last run or the one of ``?run=`` chosen."""
    serving = the_serving()
    with serving.look() as log:
        today = serving.today(log.settings)
        run = request.args.get("run", "")
        filled = prefilled(log, today, log.run(run) if run else "")
        return show(
            "pain.html",
            log.settings,
            today,
            filled=filled,
            line=_line(log, filled, today),
            knees=KNEES,
            sites=SITES,
            moments=MOMENTS,
            provoked_by=PROVOKED_BY,
            symptoms=[(name, SIGNS[name].words) for name in SYMPTOMS],
        )


def _line(log: TrainingLog, filled: Prefilled, today: dt.date) -> str:
    """Return the chosen run's own line as points of a picture, empty where it has none."""
    from kneeload.serve.alongside import points

    if not filled.run_id:
        return ""
    name = ("line", filled.run_id, today)
    return the_serving().memo.get(name, lambda: points(log, filled.run_id))


@pages.post("/pain")
def add() -> Response:
    """Log what the form says, once, and show it."""
    return _to(the_serving().once.act(visit().session.name, entry_of_form(), _add))


def _add() -> str:
    serving = the_serving()
    with serving.open() as log:
        changes = entry_changes(request.form, log, serving.today(log.settings))
        ids = log.record(changes, serving.clock())
    visit().session.logged.update(ids)
    *along, entry_id = ids
    return f"/pain/{entry_id}" + (f"?with={','.join(along)}" if along else "")


@pages.get("/pain/<entry_id>")
def logged(entry_id: str) -> str:
    """Show what was logged, with what it calls for, and an undo that names it."""
    serving = the_serving()
    with serving.look() as log:
        entries = [entry for name in _ids(entry_id) if (entry := find_entry(log, name))]
        signs = tuple(entry.symptom for entry in entries if entry.symptom)
        return show(
            "logged.html",
            log.settings,
            serving.today(log.settings),
            entries=entries,
            ids=_ids(entry_id),
            may_undo=_may_undo(_ids(entry_id)),
            advice=advice(signs).splitlines() if signs else (),
        )


@pages.post("/pain/<entry_id>/undo")
def undo(entry_id: str) -> Response:
    """Take back exactly the entries that the button named."""
    ids = _ids(entry_id)
    if not _may_undo(ids):
        abort(403)
    return _to(
        the_serving().once.act(visit().session.name, entry_of_form(), lambda: _undo(entry_id, ids))
    )


def _undo(entry_id: str, ids: list[str]) -> str:
    serving = the_serving()
    with serving.open() as log:
        entries = [entry for name in ids if (entry := find_entry(log, name))]
        log.record(map(_removal, entries), serving.clock())
    return f"/pain/{entry_id}"


def _removal(entry: Entry) -> Change:
    return Change(verb="remove", object=entry.kind, subject=entry.entry_id, payload={})


def _ids(entry_id: str) -> list[str]:
    along = request.values.get("with", "")
    return list(dict.fromkeys([entry_id, *filter(None, along.split(",")[:_MOST_ALONG])]))


def _may_undo(ids: list[str]) -> bool:
    """Whether the visit may take these back: a phone only what it logged itself."""
    return visit().may_edit or set(ids) <= visit().session.logged


def _to(address: str) -> Response:
    return cast("Response", redirect(address, 303))
