"""Paths as short as they can be told apart: below what was given, or below the current folder."""

from __future__ import annotations

from collections import Counter
from pathlib import PurePath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def shortened(paths: Iterable[str], given: Iterable[PurePath], here: PurePath) -> dict[str, str]:
    """Return for each path the shortest name that no other of them could bear.

    Parameters
    ----------
    paths
        Files, or members of archives (``archive.zip!inner/name.fit``).
    given
        The files and folders in which they were found.
    here
        The current folder.
    """
    folders = set(given)
    names = {path: [*_below(PurePath(path), folders, here), path] for path in paths}
    bearers = Counter(name for own in names.values() for name in set(own))
    return {
        path: min((name for name in own if bearers[name] == 1), key=len, default=path)
        for path, own in names.items()
    }


def _below(path: PurePath, given: Iterable[PurePath], here: PurePath) -> Iterator[str]:
    """Yield the path as seen from what was given, from the folder that is in, and from `here`."""
    around = [each for each in given if path.is_relative_to(each) or _is_member(path, each)]
    yield from (str(path).removeprefix(f"{each}!") for each in around if _is_member(path, each))
    for folder in (*around, *(each.parent for each in around), here):
        if path != folder and path.is_relative_to(folder):
            yield str(path.relative_to(folder))


def _is_member(path: PurePath, archive: PurePath) -> bool:
    return str(path).startswith(f"{archive}!")
