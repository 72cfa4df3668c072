"""Importers that other packages bring along: asked only about what no kind of kneeload's claims."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields, replace
from functools import cache, partial
from math import isfinite
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol, get_args

from kneeload import plugins
from kneeload.errors import FileRefused, FileSkipped, PluginError
from kneeload.frames import SAMPLES, conform
from kneeload.importers.kinds import DECODERS
from kneeload.model import Activity, DistanceSource, Sport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from kneeload.plugins import Plugin


class Importer(Protocol):
    """What an entry point names: a module, or anything else that has these two functions."""

    def reads(self, head: bytes, /) -> bool:
        """Return whether a file that begins so (64 KiB at most) is of this kind."""

    def decode(self, content: bytes, /) -> Iterable[Activity]:
        """Return the sessions that a file holds, or raise `FileRefused` or `FileSkipped`."""


def available() -> dict[str, Plugin]:
    """Return the importers of other packages by the kind of file that they read."""
    return plugins.available(plugins.IMPORTERS, DECODERS)


def plugin_kind(head: bytes) -> str | None:
    """Return the kind of a file that begins so, if an importer of another package reads it."""
    for plugin, importer in _importers().items():
        if plugins.run_or_warn(plugin, partial(_reads, importer, head)):
            return plugin.name
    return None


def _reads(importer: Importer, head: bytes) -> bool:
    return bool(importer.reads(head))


def decode(kind: str, content: bytes) -> list[Activity]:
    """Return the sessions in a file of a kind that another package reads.

    Raises
    ------
    FileRefused
        If the package is not installed, or its importer fails.
    FileSkipped
        If the file holds no session.
    """
    plugin = available().get(kind)
    if plugin is None:
        raise FileRefused(f"was read by the importer {kind}, which is not installed")
    try:
        return _sessions(plugin.load().decode(content))
    except (FileRefused, FileSkipped):
        raise
    except (Exception, SystemExit) as error:
        raise FileRefused(plugins.describe_failure(plugin, error)) from error


@cache
def _importers() -> dict[Plugin, Importer]:
    loaded = {
        plugin: plugins.run_or_warn(plugin, partial(_loaded, plugin))
        for plugin in available().values()
    }
    return {plugin: importer for plugin, importer in loaded.items() if importer}


def _loaded(plugin: Plugin) -> Importer:
    importer: Importer = plugin.load()
    functions = (getattr(importer, name, None) for name in ("reads", "decode"))
    plugins.require({"it lacks the functions `reads` and `decode`": all(map(callable, functions))})
    return importer


def _sessions(activities: Iterable[Activity]) -> list[Activity]:
    """Return what an importer gave if it is what kneeload can measure, numbered."""
    sessions = [_validated(activity, at) for at, activity in enumerate(activities)]
    if not sessions:
        raise FileSkipped("holds no activity")
    return sessions


def _validated(activity: Activity, at: int) -> Activity:
    if not isinstance(activity, Activity):
        raise PluginError(f"it gave a {type(activity).__name__}, not an Activity")
    values = ((attribute, getattr(activity, attribute.name)) for attribute in fields(Activity))
    plugins.require(
        {
            f"{attribute.name} cannot be {value!r}": _HOLDS[str(attribute.type)](value)
            for attribute, value in values
            if attribute.type in _HOLDS
        }
    )
    samples = conform(activity.samples, SAMPLES)
    started_at = activity.started_at.astimezone(dt.UTC)
    return replace(activity, samples=samples, started_at=started_at, session_index=at)


_HOLDS: Mapping[str, Callable[[Any], bool]] = MappingProxyType(
    {
        "Sport": lambda value: isinstance(value, Sport),
        "dt.datetime": lambda value: isinstance(value, dt.datetime) and bool(value.tzinfo),
        "int | None": lambda value: value is None or isinstance(value, int),
        "float | None": lambda value: (
            value is None or (isinstance(value, int | float) and isfinite(value))
        ),
        "DistanceSource | None": lambda value: value in (None, *get_args(DistanceSource)),
        "str": lambda value: isinstance(value, str),
        "tuple[str, ...]": lambda value: (
            isinstance(value, tuple) and all(isinstance(text, str) for text in value)
        ),
    }
)
"""What a field of `Activity` may hold, by its type."""
