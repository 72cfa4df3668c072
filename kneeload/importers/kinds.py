"""The kinds of document, and where each is decoded."""

from __future__ import annotations

from types import MappingProxyType

DECODERS = MappingProxyType(
    {
        "fit": "fit",
        "gpx": "gpx",
        "tcx": "tcx",
        "diary": "json_rows",
        "strava_row": "json_rows",
        "runkeeper_row": "json_rows",
        "garmin_row": "json_rows",
        "garmin_summary": "exports.garmin",
        "apple_workout": "exports.apple",
        "polar": "exports.polar",
    }
)


"""Module below `kneeload.importers` whose ``decode`` reads a kind; other packages bring others."""
