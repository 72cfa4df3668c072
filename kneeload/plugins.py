"""What other packages bring along by entry points: found once, and named where they fail.

Nothing of theirs stops the rest: what cannot be used is left out, with a `PluginWarning`.
"""

from __future__ import annotations

import sys
import textwrap
import warnings
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from kneeload.errors import KneeloadError, PluginError

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator, Mapping
    from importlib.metadata import EntryPoint

T = TypeVar("T")

RULES, IMPORTERS, LOAD_METHODS = "kneeload.rules", "kneeload.importers", "kneeload.load_methods"
_NOUNS: Mapping[str, str] = MappingProxyType(
    {RULES: "rule", IMPORTERS: "importer", LOAD_METHODS: "load method"}
)
"""The groups of entry points, and what one entry of each is called."""
_LONGEST = 200  # of what an error says


class PluginWarning(UserWarning):
    """Something of another package is left out: one line that names it and says why."""


@dataclass(frozen=True)
class Plugin:
    """What another package offers by one entry point.

    Parameters
    ----------
    name
        The entry point's: a rule's id, a kind of file, a load method.
    package
        Name and version of the package.
    """

    group: str
    name: str
    package: str
    entry: EntryPoint = field(repr=False)

    def __str__(self) -> str:
        return f"{_NOUNS[self.group]} {self.name} of {self.package}"

    def load(self) -> Any:
        """Import what the entry point names; raises whatever that raises."""
        return self.entry.load()


def available(group: str, reserved: Container[str] = ()) -> dict[str, Plugin]:
    """Return what other packages offer in a group, by name; nothing is imported.

    Parameters
    ----------
    group
        `RULES`, `IMPORTERS` or `LOAD_METHODS`.
    reserved
        Names that kneeload itself bears. Of two packages that offer one name, the first in order
        of their own names counts.
    """
    plugins: dict[str, Plugin] = {}
    for plugin in _installed():
        if plugin.group != group:
            continue
        if plugin.name in reserved or plugin.name in plugins:
            other = plugins[plugin.name].package if plugin.name in plugins else "kneeload"
            warn(f"{plugin} is left out: {other} has one of the same name")
        elif not plugin.name.isidentifier():
            warn(f"{plugin} is left out: its name may hold only letters, digits and underscores")
        else:
            plugins[plugin.name] = plugin
    return plugins


def run_or_warn(plugin: Plugin, work: Callable[[], T]) -> T | None:
    """Return what `work` makes of a plugin; None, with a warning, where that fails."""
    try:
        return work()
    except (Exception, SystemExit) as error:
        warn(f"{describe_failure(plugin, error)}; left out")
        return None


def describe_failure(plugin: Plugin, error: BaseException) -> str:
    """Return one line that names a plugin and what went wrong in it."""
    kind = "" if isinstance(error, KneeloadError) else f"{type(error).__name__}: "
    return f"{plugin}: {textwrap.shorten(f'{kind}{error}', _LONGEST, placeholder=' ...')}"


def require(sound: Mapping[str, object]) -> None:
    """Raise what is wrong with a plugin: the first text whose condition does not hold."""
    wrong = next((text for text, holds in sound.items() if not holds), "")
    if wrong:
        raise PluginError(wrong)


def warn(line: str) -> None:
    """Say in one line what is left out."""
    warnings.warn(line, PluginWarning, stacklevel=3)


@cache
def _installed() -> tuple[Plugin, ...]:
    """Return everything that is offered, in order of the packages' names; the disk is read once."""
    try:
        return tuple(sorted(_entries(), key=lambda plugin: plugin.package))
    except Exception as error:
        warn(f"plugins from other packages cannot be read: {type(error).__name__}: {error}")
        return ()


def _entries() -> Iterator[Plugin]:
    if not any(map(_offers, sys.path)):
        return
    from importlib.metadata import entry_points

    every = entry_points()
    for group in _NOUNS:
        for entry in every.select(group=group):
            if entry.dist:
                package = f"{entry.dist.name} {entry.dist.version}"
                yield Plugin(group, entry.name, package, entry)


def _offers(place: str) -> bool:
    """Tell whether a package there may name a group of ours: most often none, found at a glance.

    To import `importlib.metadata` and have it read every entry point takes ten times as long.
    """
    path = Path(place)
    texts = path.glob("*-info/entry_points.txt")
    try:
        return path.is_file() or any(b"[kneeload." in text.read_bytes() for text in texts)
    except OSError:  # which of them to leave out `importlib.metadata` knows
        return True
