"""Log a score with two taps, see what was logged, take it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, request

from kneeload import formatting
from kneeload.diary.validation import CHOICES, PROVOKED_BY
from kneeload.rules.red_flags import SIGNS, SYMPTOMS, advice
from kneeload.serve.entries import find_entries
from kneeload.serve.fields import SCORES, named
from kneeload.serve.forms import MOMENTS, SITES, entry_changes, prefilled
from kneeload.serve.rendering import show
from kneeload.serve.sessions import Done
from kneeload.serve.visits import act_once, the_serving, visit

if TYPE_CHECKING:
    import datetime as dt

    from kneeload.log.training_log import TrainingLog
    from kneeload.serve.forms import Prefilled

pages = Blueprint("pain", __name__)


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
            log,
            filled=filled,
            line=_line(log, filled, today),
            scores=SCORES,
            knees=named(CHOICES["knee"]),
            sites=named(SITES),
            moments=MOMENTS,
            provoked_by=named(PROVOKED_BY),
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
    return act_once(_add)


def _add() -> str:
    serving = the_serving()
    with serving.open() as log:
        changes = entry_changes(request.form, log, serving.today(log.settings))
        return done(log, log.record(changes, serving.clock()))


def done(log: TrainingLog, ids: list[str], what: str = "") -> str:
    """Remember what the form did, `what` before the entries' names, and return its page."""
    visit().session.done[log.last_batch(ids[-1])] = Done(tuple(ids), what)
    return f"/pain/{ids[-1]}"


@pages.get("/pain/<entry_id>")
def logged(entry_id: str) -> str:
    """Show what was done, with what it calls for, and an undo that names it."""
    with the_serving().look() as log:
        batch, last = _last_done(entry_id)
        entries = find_entries(log, last.ids)
        return show(
            "logged.html",
            log,
            entries=entries,
            entry_id=entry_id,
            batch=batch,
            what=f"{last.what} {formatting.join(entry.name for entry in entries)}".strip(),
            advice=[advice(SIGNS[entry.symptom].urgency) for entry in entries if entry.symptom],
        )


@pages.post("/pain/<entry_id>/undo")
def undo(entry_id: str) -> Response:
    """Take back exactly what the button named."""
    return act_once(lambda: _undo(entry_id))


def _undo(entry_id: str) -> str:
    newest, _ = _last_done(entry_id)
    batch, own = request.form.get("batch", newest, type=int), visit().session.done
    if batch not in own:
        abort(403)
    with the_serving().open() as log:
        log.undo(batch)
    del own[batch]
    return f"/pain/{entry_id}"


def _last_done(entry_id: str) -> tuple[int, Done]:
    """Return what the session did last to an entry, and its batch; 0 where it did nothing."""
    own = reversed(visit().session.done.items())
    nothing = (0, Done((entry_id,), ""))
    return next(((batch, what) for batch, what in own if entry_id in what.ids), nothing)
