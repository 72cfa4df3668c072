"""What waits for a decision: doubtful runs, duplicates, guessed sports, scores read from notes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from flask import Blueprint, Response, abort, request

from kneeload import formatting
from kneeload.log.training_log import TrainingLog
from kneeload.model import Sport
from kneeload.serve.entries import score_entry
from kneeload.serve.rendering import show
from kneeload.serve.visits import act_once, only_editors, the_serving

if TYPE_CHECKING:
    import datetime as dt

    import pandas as pd

pages = Blueprint("review", __name__)
SHOWN = 30
Decision = Callable[[TrainingLog, str, "dt.datetime"], object]


@pages.get("/review")
def review() -> str:
    """List what waits, with a button for each answer."""
    only_editors()
    with the_serving().look() as log:
        activities = log.activities()
        parsed = log.pain().query("origin == 'parsed'").tail(SHOWN).iloc[::-1]
        return show(
            "review.html",
            log,
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


def _decided(decision: Decision) -> str:
    serving = the_serving()
    with serving.open() as log:
        decision(log, request.form.get("id", ""), serving.clock())
    return "/review"


def _name_sport(log: TrainingLog, run_id: str, at: dt.datetime) -> None:
    sport = request.form.get("sport", "")
    if sport not in set(Sport):
        abort(400)
    log.edit_run(run_id, {"sport": sport}, at)


DECISIONS: dict[str, Decision] = {
    "accept": TrainingLog.accept_run,
    "drop": TrainingLog.remove_run,
    "sport": _name_sport,
    "keep": TrainingLog.keep_recording,
    "confirm": lambda log, pain_id, at: log.edit_pain(pain_id, {}, at),
    "reject": TrainingLog.remove_pain,
}
