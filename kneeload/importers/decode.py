"""Documents to activities: each kind has its decoder, loaded when first needed."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from importlib import import_module
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from kneeload.errors import FileSkipped
from kneeload.importers import clock, json_rows
from kneeload.importers import sport as sports
from kneeload.importers.kinds import DECODERS
from kneeload.importers.trackpoints import steps_spm
from kneeload.model import Sport

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kneeload.importers.document import Document
    from kneeload.model import Activity


_TEXTS = ("name", "description", "private_note", "gear")
_NUMBERS = ("rpe", "timer_s", "elapsed_s", "avg_hr_bpm", "max_hr_bpm", "utc_offset_s")


def decode(document: Document, sport: Sport | None = None) -> list[Activity]:
    """Return the sessions of a document, with what its companion says about them.

    A pure function of the document, so that every derived number can be computed again.

    Parameters
    ----------
    document
        As `kneeload.importers.discover.discover` or the log gives it.
    sport
        The sport of sessions for which neither file nor export names one.

    Raises
    ------
    FileRefused
        If the content cannot be read; the message is the reason in one line.
    FileSkipped
        If it is sound but holds no activity.
    """
    if document.kind in {"pain", "track_and_graph"}:
        raise FileSkipped("holds pain scores, no activity")
    activities = _decoder(document.kind)(document.content)
    if document.companion:
        account = json_rows.unpacked(document.companion)
        json_rows.checked(account)
        activities = [
            _merged(activity, account, alone=len(activities) == 1) for activity in activities
        ]
    name = PurePosixPath(document.path.replace("\\", "/")).name
    activities = [clock.set_right(activity, name, document.kind) for activity in activities]
    return [_named(_as_called(activity, name), sport) for activity in activities]


def _decoder(kind: str) -> Callable[[bytes], list[Activity]]:
    if kind not in DECODERS:
        return partial(import_module("kneeload.importers.plugin_importers").decode, kind)
    decoder: Callable[[bytes], list[Activity]]
    decoder = import_module(f"kneeload.importers.{DECODERS[kind]}").decode
    return decoder


def _named(activity: Activity, sport: Sport | None) -> Activity:
    if sport is None or not activity.sport_inferred:
        return activity
    return activity.replaced(sport=sport, sport_inferred=False)


def _as_called(activity: Activity, file: str) -> Activity:
    """Take slow running for what its name says, as of those who come back from an injury."""
    called = f"{activity.name} {PurePosixPath(file).stem}"
    walked = activity.sport_inferred and activity.sport is Sport.WALKING
    if not walked or not sports.says_running(called):
        return activity
    cadence = steps_spm(activity.records.cadence_spm, Sport.RUNNING)
    records = replace(activity.records, cadence_spm=cadence)
    return activity.replaced(sport=Sport.RUNNING, samples=records)


def _merged(activity: Activity, account: Mapping[str, Any], *, alone: bool) -> Activity:
    """Add what the export says; totals only to the one session that they can be of."""
    texts = {name: account[name] for name in _TEXTS if account.get(name)}
    if not alone:
        offset_s = account.get("utc_offset_s") if activity.utc_offset_s is None else None
        return activity.replaced(**texts, utc_offset_s=activity.utc_offset_s or offset_s)
    numbers = {
        name: account[name]
        for name in _NUMBERS
        if getattr(activity, name) is None and account.get(name) is not None
    }
    for_account = {
        "account_distance_m": account.get("distance_m"),
        "account_moving_s": account.get("timer_s"),
        "account_elapsed_s": account.get("elapsed_s"),
    }
    totals = numbers | _distance(activity, account) | _sport(activity, account) | for_account
    return activity.replaced(**texts, **totals)


def _distance(activity: Activity, account: Mapping[str, Any]) -> dict[str, Any]:
    if activity.distance_m is not None or account.get("distance_m") is None:
        return {}
    return {"distance_m": account["distance_m"], "distance_source": "export"}


def _sport(activity: Activity, account: Mapping[str, Any]) -> dict[str, Any]:
    """Return the account's sport where the file names none, or where it was changed there."""
    named = sports.from_name(str(account.get("sport") or ""))
    if not named or not (activity.sport_inferred or named.is_running != activity.sport.is_running):
        return {}
    changed = f"the file says {activity.sport}, the account {named}; the account's value was used"
    warnings = activity.warnings if activity.sport_inferred else (*activity.warnings, changed)
    return {"sport": named, "sport_inferred": False, "warnings": warnings}
