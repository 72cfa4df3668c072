"""What a run is once its recordings are one: the best recording, with what only others say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kneeload.ingest.duplicates import ACCOUNTS
from kneeload.measures.account_totals import CROPPED_S, CROPPED_SHARE, differs
from kneeload.measures.plausibility import CLOCK
from kneeload.model import Sport

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kneeload.store.journal import State

INHERITED = ("rpe", "name", "note", "shoe")
_FOLLOWING = ("sport", "rpe", "shoe", "note")
_OF_THE_WHOLE = "distance_km"
# An account's summary is of the recording that began at the same second; clocks are cut to them.
ACCOUNT_START_S = 5.0
# A copy that covers less than this of a run's time cannot tell the run's distance.
WHOLE = 0.8

_RUN_ID = re.compile(r"\b[0-9a-f]{12}(?:-\d+)?(?![\w-])")

Run = dict[str, Any]
Edits = dict[str, dict[str, Any]]


def merge(activities: pd.DataFrame, duplicates: pd.DataFrame, edits: Edits) -> pd.DataFrame:
    """Return `activities` less the duplicates, with what only those say.

    A kept recording takes notes, gear and effort that it lacks, the distance where it has none,
    what the runner corrected in an account, and the runner's edits of the copies.

    Parameters
    ----------
    activities
        The stored activities, edits applied.
    duplicates
        As `kneeload.ingest.duplicates.find_duplicates` returns them.
    edits
        The runner's edits, by run id.
    """
    if duplicates.empty:
        return activities
    runs = _rows(activities, {*duplicates["run_id"], *duplicates["of"]})
    files = [run for run in runs.values() if run["kind"] not in ACCOUNTS]
    changed: dict[str, Run] = {}
    for copy, of in zip(duplicates["run_id"], duplicates["of"], strict=True):
        if copy in runs and of in runs:
            changes = _inherited(runs[of], runs[copy], edits.get(of, {}), edits.get(copy, {}))
            if _recorded(runs[copy], files) == of:
                changes = _corrected(runs[of], runs[copy], edits.get(of, {})) | changes
            runs[of] |= changes
            changed.setdefault(of, {}).update(changes)
    copies = activities["run_id"].isin(duplicates["run_id"])
    return _with(activities, changed).loc[~copies.to_numpy()]


def follow(state: State, duplicates: pd.DataFrame) -> State:
    """Return what the runner said with the names of copies replaced by those of their runs.

    Scores, answers to scores read from notes, and acknowledged flags follow the kept recording;
    where both were answered, what was said of the kept one goes before.
    """
    if duplicates.empty:
        return state
    kept_by_copy = dict(zip(duplicates["run_id"], duplicates["of"], strict=True))
    followed = {**state}
    for kind in ("pain", "flag"):
        followed[kind] = _renamed(state.get(kind, {}), kept_by_copy)
    return followed


def _renamed(subjects: Edits, kept_by_copy: Mapping[str, str]) -> Edits:
    renamed: Edits = {}
    for subject, fields in subjects.items():
        name = _RUN_ID.sub(lambda match: kept_by_copy.get(match[0], match[0]), subject)
        run = fields.get("run_id", "")
        moved = fields | {"run_id": kept_by_copy[run]} if run in kept_by_copy else fields
        before = renamed.get(name, {})
        renamed[name] = before | moved if name == subject else moved | before
    return renamed


def _rows(activities: pd.DataFrame, names: set[str]) -> dict[str, Run]:
    linked = activities[activities["run_id"].isin(names)].drop(columns="profile", errors="ignore")
    rows: list[Run] = [
        {str(name): cell for name, cell in row.items()} for row in linked.to_dict("records")
    ]
    return {row["run_id"]: row for row in rows}


def _with(activities: pd.DataFrame, changed: Mapping[str, Run]) -> pd.DataFrame:
    """Return `activities` with some cells of some runs replaced."""
    place = {name: at for at, name in enumerate(activities["run_id"])}
    columns: dict[str, dict[int, Any]] = {}
    for name, changes in changed.items():
        for column, value in changes.items():
            columns.setdefault(column, {})[place[name]] = value
    filled = activities.copy(deep=False)
    for column, cells in columns.items():
        values = activities[column].tolist()
        for at, value in cells.items():
            values[at] = value
        filled[column] = pd.Series(values, index=activities.index, dtype=activities[column].dtype)
    return filled


def _inherited(run: Run, copy: Run, edit: Run, copy_edit: Run) -> Run:
    """Return the cells of `run` that `copy` changes."""
    changes = {n: copy[n] for n in INHERITED if _blank(run[n]) and not _blank(copy[n])}
    if _blank(run["distance_km"]) and not _blank(copy["distance_km"]):
        changes |= {n: copy[n] for n in ("distance_km", "distance_source")}
    return changes | _followed(run, copy, edit, copy_edit)


def _corrected(run: Run, account: Run, edit: Run) -> Run:
    """Return what the account says of sport, distance and time, where that is not the file's."""
    changes: Run = {}
    if "distance_km" not in edit and differs(run["distance_km"], account["distance_km"]):
        changes |= _distance(run, account["distance_km"], "export")
    sport = Sport(account["sport"])
    if "sport" not in edit and not account["sport_inferred"] and _other(run["sport"], sport):
        changes |= {"sport": str(sport), "sport_inferred": False}
    apart = abs(run["elapsed_s"] - account["elapsed_s"])
    if apart > max(CROPPED_S, CROPPED_SHARE * run["elapsed_s"]):
        changes |= {name: account[name] for name in ("moving_s", "elapsed_s")}
    return changes


def _followed(run: Run, copy: Run, edit: Run, copy_edit: Run) -> Run:
    """Return the edits of a copy that its run takes where none was made on the run itself."""
    changes = {n: copy[n] for n in _FOLLOWING if n in copy_edit and n not in edit}
    whole = copy["moving_s"] >= WHOLE * run["moving_s"]
    if _OF_THE_WHOLE in copy_edit and _OF_THE_WHOLE not in edit and whole:
        changes |= _distance(run, copy["distance_km"], "edited")
    return changes


def _distance(run: Run, km: float, source: str) -> Run:
    """Return the cells of a run whose distance somebody corrected; the device's stays visible."""
    device_km = run["device_distance_km"]
    changes = {
        "distance_km": km,
        "distance_source": source,
        "device_distance_km": run["distance_km"] if np.isnan(device_km) else device_km,
    }
    if run["suspect"] and not run["suspect_reason"].startswith(CLOCK):
        changes |= {"suspect": False, "suspect_reason": ""}
    return changes


def _other(sport: str, named: Sport) -> bool:
    """Return whether an account's sport is another one, not only a coarser name."""
    return Sport(sport).is_running != named.is_running


def _recorded(account: Run, files: list[Run]) -> str:
    """Return the recording that an account speaks of: begun with it, of the nearest duration."""
    if account["kind"] not in ACCOUNTS:
        return ""
    near = (
        (abs(run["elapsed_s"] - account["elapsed_s"]), run["run_id"])
        for run in files
        if abs((run["started_at"] - account["started_at"]).total_seconds()) <= ACCOUNT_START_S
    )
    return str(min(near, default=(0.0, ""))[1])


def _blank(value: str | float) -> bool:
    return value == "" or value != value  # only NaN is not itself
