"""What waits for a decision: doubtful runs, duplicates, guessed sports, scores read from notes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from flask import Blueprint, Response, abort, request

from kneeload import formatting
from kneeload.model import Sport
from kneeload.serve.entries import score_entry
from kneeload.serve.rendering import show
from kneeload.serve.visits import act_once, only_editors, the_serving
from kneeload.store.journal import Change

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from kneeload.log.training_log import TrainingLog

pages = Blueprint("review", __name__)
SHOWN = 30


@pages.get("/review")
def review() -> str:
    """List what waits, with a button for each answer."""
    only_editors()
    serving = the_serving()
    with serving.look() as log:
        activities = log.activities()
        parsed = log.pain().query("origin == 'parsed'").tail(SHOWN).iloc[::-1]
        return show(
            "review.html",
            log.settings,
            serving.today(log.settings),
            doubtful=_runs(log.runs().query("suspect")),
            guessed=_runs(activities[activities["sport_inferred"]]),
            duplicates=_duplicates(log),
            parsed=[
                score_entry(row, activities, log.settings.units)
                for row in parsed.to_dict("records")
            ],
            sports=[str(sport) for sport in Sport],
        )


def _runs(frame: pd.DataFrame) -> list[dict[Any, Any]]:
    return cast("list[dict[Any, Any]]", frame.tail(SHOWN).iloc[::-1].to_dict("records"))


def _duplicates(log: TrainingLog) -> list[dict[Any, Any]]:
    """Return each duplicate with the day, the length and the source's own name of both."""
    once = log.activities().set_index("run_id")
    duplicates = []
    for row in log.duplicates().tail(SHOWN).iloc[::-1].to_dict("records"):
        if row["of"] in once.index:
            run = once.loc[row["of"]]
            km = formatting.distance(run["distance_km"], log.settings.units)
            what = f"{formatting.weekday(run['local_date'])}, {km}"
            duplicates.append({**row, "what": what, "source": base_name(run["source"])})
    return duplicates


def base_name(source: str) -> str:
    """Return a source's own name, without the folders and archives that it lay in."""
    return source.replace("!", "/").replace("\\", "/").rstrip("/").rpartition("/")[2]


@pages.post("/review")
def decide() -> Response:
    """Carry one answer out."""
    only_editors()
    decision = DECISIONS.get(request.form.get("decision", ""))
    if decision is None:
        abort(400)
    return act_once(lambda: _decided(decision))


def _decided(decision: Callable[[TrainingLog, str], object]) -> str:
    with the_serving().open() as log:
        decision(log, request.form.get("id", ""))
    return "/review"


def _accept(log: TrainingLog, run_id: str) -> None:
    log.accept_run(run_id, the_serving().clock())


def _drop(log: TrainingLog, run_id: str) -> None:
    log.remove_run(run_id, the_serving().clock())


def _name_sport(log: TrainingLog, run_id: str) -> None:
    sport = request.form.get("sport", "")
    if sport not in set(Sport):
        abort(400)
    log.edit_run(run_id, {"sport": sport}, the_serving().clock())


def _keep(log: TrainingLog, run_id: str) -> None:
    change = Change(verb="edit", object="pair", subject=log.run(run_id), payload={"keep": True})
    log.record([change], the_serving().clock())


def _confirm(log: TrainingLog, pain_id: str) -> None:
    log.edit_pain(pain_id, {}, the_serving().clock())


def _reject(log: TrainingLog, pain_id: str) -> None:
    log.remove_pain(pain_id, the_serving().clock())


DECISIONS = {
    "accept": _accept,
    "drop": _drop,
    "sport": _name_sport,
    "keep": _keep,
    "confirm": _confirm,
    "reject": _reject,
}
