"""kneeload: training load beside knee pain, from the files a runner's watch already writes.

>>> import kneeload
>>> with kneeload.open_log("running.db") as log:
...     read = log.ingest(kneeload.samples_folder() / "platform")
...     weeks, flags, plan = log.weeks(), log.flags(), log.plan()

The names below are loaded when they are first used, so that importing kneeload costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any
from warnings import warn

if TYPE_CHECKING:
    from kneeload import charts
    from kneeload.answers import open_log
    from kneeload.association import explain
    from kneeload.importers import read_activities
    from kneeload.importers.progress import progress_bar
    from kneeload.measures.knee_load import peak_force_bw
    from kneeload.measures.streams import streams
    from kneeload.planning import plan
    from kneeload.reports.api import report as report
    from kneeload.rules import check
    from kneeload.rules.notebook_view import show
    from kneeload.samples import samples_folder
    from kneeload.settings import Settings
    from kneeload.weeks import weekly

__version__ = "0.1.0"

__all__ = [
    "Settings",
    "charts",
    "check",
    "explain",
    "open_log",
    "peak_force_bw",
    "plan",
    "progress_bar",
    "read_activities",
    "samples_folder",
    "show",
    "streams",
    "weekly",
]

_HOMES = {
    "Settings": "kneeload.settings",
    "check": "kneeload.rules",
    "explain": "kneeload.association",
    "open_log": "kneeload.answers",
    "peak_force_bw": "kneeload.measures.knee_load",
    "plan": "kneeload.planning",
    "progress_bar": "kneeload.importers.progress",
    "read_activities": "kneeload.importers",
    "samples_folder": "kneeload.samples",
    "show": "kneeload.rules.notebook_view",
    "streams": "kneeload.measures.streams",
    "weekly": "kneeload.weeks",
}

_LEAVING = {"report": ("kneeload.reports.api", "open_log(...).report()")}
"""Names that the next version no longer has: where each lives, and what to write instead."""


if not TYPE_CHECKING:  # a type checker that saw it would take any misspelt name for one

    def __getattr__(name: str) -> Any:
        """Load a public name from the room it lives in."""
        if name == "charts":
            return import_module("kneeload.charts")
        if name in _HOMES:
            return getattr(import_module(_HOMES[name]), name)
        if name in _LEAVING:
            home, instead = _LEAVING[name]
            warn(
                f"kneeload.{name} will be removed in the next version; use {instead}",
                DeprecationWarning,
                2,
            )
            return getattr(import_module(home), name)
        raise AttributeError(f"module 'kneeload' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
