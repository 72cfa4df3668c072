"""Entries that follow from what a watch tells of pain: scores of its apps, and marked places."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from kneeload.diary.validation import payload
from kneeload.measures.baselines import is_running
from kneeload.model import PainEntry

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from kneeload.diary.scores_in_notes import Entries
    from kneeload.settings import Settings


def watch_entries(activities: pd.DataFrame, settings: Settings) -> Entries:
    """Return the scores that developer fields held, by id: the worst of each run."""
    return {
        f"{run['run_id']}.watch": _fields(run, mark, settings, "watch")
        for run, mark in _marks(activities)
        if mark["score"] is not None
    }


def marker_entries(activities: pd.DataFrame, settings: Settings) -> Entries:
    """Return where two quick laps mark that pain began, by id; without a score yet."""
    if settings.pain_marker == "off":
        return {}
    return {
        f"{run['run_id']}.mark": _fields(run, mark, settings, "marker") | {"score": None}
        for run, mark in _marks(activities)
        if mark["score"] is None
    }


def _marks(activities: pd.DataFrame) -> Iterator[tuple[dict[Any, Any], dict[str, Any]]]:
    marked = activities.loc[is_running(activities) & (activities["watch_pain"] != "")]
    for run in marked.to_dict("records"):
        for mark in json.loads(run["watch_pain"]):
            yield run, mark


def _fields(
    run: dict[Any, Any], mark: dict[str, Any], settings: Settings, origin: Any
) -> dict[str, Any]:
    entry = PainEntry(
        local_date=run["local_date"].date(),
        score=mark["score"] or 0,
        knee=settings.knee,
        moment="during",
        onset_km=mark["onset_km"],
        onset_min=mark["onset_min"],
        run_id=run["run_id"],
        origin=origin,
    )
    return payload(entry) | {"entered_at": run["started_at"].isoformat()}
