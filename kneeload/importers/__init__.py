"""Bytes to activities: one module per format, one per account export, chosen by content."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from os import PathLike

    from kneeload.model import Activity, Sport


def read_activities(path: str | PathLike[str], sport: Sport | None = None) -> list[Activity]:
    """Return the activities of a file, a folder, an archive or an account export.

    Parameters
    ----------
    path
        What to read; folders and archives to any depth.
    sport
        The sport of sessions for which nothing names one.

    Returns
    -------
    list of Activity
        In order of the files' names. Files that hold no activity are left out.

    Raises
    ------
    FileRefused
        If nothing in `path` can be read; the message gives the first reason.
    """
    from pathlib import Path

    from kneeload.errors import FileRefused, FileSkipped
    from kneeload.importers.decode import decode
    from kneeload.importers.discover import discover
    from kneeload.importers.document import Refusal

    activities: list[Activity] = []
    refusals: list[str] = []
    for found in discover([Path(path)]):
        try:
            if isinstance(found, Refusal):
                refusals.append(f"{found.path} {found.reason}")
            else:
                activities += decode(found, sport)
        except (FileRefused, FileSkipped) as refused:
            refusals.append(f"{found.path} {refused}")
    if refusals and not activities:
        raise FileRefused(refusals[0])
    return activities
