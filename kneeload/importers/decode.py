"""Documents to activities: each kind has its decoder, loaded when first needed."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from kneeload.errors import FileSkipped
from kneeload.importers import rows
from kneeload.importers import sport as sports

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kneeload.importers.document import Document
    from kneeload.model import Activity, Sport

DECODERS = MappingProxyType(
    {
        "fit": "fit",
        "gpx": "gpx",
        "tcx": "tcx",
        "diary": "rows",
        "strava_row": "rows",
        "runkeeper_row": "rows",
        "garmin_summary": "exports.garmin",
        "apple_workout": "exports.apple",
        "polar": "exports.polar",
    }
)
"""Module below `kneeload.importers` whose ``decode`` reads a kind; other packages bring others."""

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
        told = rows.unpacked(document.companion)
        rows.checked(told)
        activities = [_merged(each, told, alone=len(activities) == 1) for each in activities]
    return [_named(each, sport) for each in activities]


def _decoder(kind: str) -> Callable[[bytes], list[Activity]]:
    if kind not in DECODERS:
        return partial(import_module("kneeload.importers.installed").decode, kind)
    decoder: Callable[[bytes], list[Activity]]
    decoder = import_module(f"kneeload.importers.{DECODERS[kind]}").decode
    return decoder


def _named(activity: Activity, sport: Sport | None) -> Activity:
    if sport is None or not activity.sport_inferred:
        return activity
    return replace(activity, sport=sport, sport_inferred=False)


def _merged(activity: Activity, told: Mapping[str, Any], *, alone: bool) -> Activity:
    """Add what the export says; totals only to the one session that they can be of."""
    texts = {name: told[name] for name in _TEXTS if told.get(name)}
    if not alone:
        return replace(activity, **texts)
    numbers = {
        name: told[name]
        for name in _NUMBERS
        if getattr(activity, name) is None and told.get(name) is not None
    }
    totals = numbers | _distance(activity, told) | _sport(activity, told)
    return replace(activity, **texts, **totals)


def _distance(activity: Activity, told: Mapping[str, Any]) -> dict[str, Any]:
    if activity.distance_m is not None or told.get("distance_m") is None:
        return {}
    return {"distance_m": told["distance_m"], "distance_source": "export"}


def _sport(activity: Activity, told: Mapping[str, Any]) -> dict[str, Any]:
    named = sports.from_name(str(told.get("sport") or "")) if activity.sport_inferred else None
    return {"sport": named, "sport_inferred": False} if named else {}
