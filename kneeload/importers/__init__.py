"""Bytes to activities: one module per format, one per account export, chosen by content."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from os import PathLike

    from kneeload.importers.document import Found
    from kneeload.model import Activity, Sport


def read_activities(
    path: str | PathLike[str],
    sport: Sport | None = None,
    *,
    progress: Callable[[int], None] = lambda _: None,
) -> list[Activity]:
    """Return the activities of a file, a folder, an archive or an account export.

    Parameters
    ----------
    path
        What to read; folders and archives to any depth.
    sport
        The sport of sessions for which nothing names one.
    progress
        Called with the number of files dealt with since the last call, such as a
        `kneeload.progress_bar`.

    Returns
    -------
    list of Activity
        In order of the files' names. Files that hold no activity are left out.

    Raises
    ------
    FileRefused
        If nothing in `path` can be read; the message gives the first reason.

    Examples
    --------
    >>> import kneeload
    >>> file = kneeload.samples_folder() / "2026" / "2026-01-04-0912-run.fit"
    >>> (run,) = kneeload.read_activities(file)
    >>> run
    <Activity running 2026-01-04 08:12 UTC, 15.5 km, 1:38:21, 1,477 records>
    >>> run.samples[["distance_m", "hr_bpm"]].max()
    distance_m    15540.0
    hr_bpm          148.0
    dtype: float64
    """
    from pathlib import Path

    from kneeload.errors import FileRefused, FileSkipped
    from kneeload.importers.decode import decode
    from kneeload.importers.discover import discover
    from kneeload.importers.document import Refusal

    activities: list[Activity] = []
    refusals: list[str] = []
    files: set[str] = set()
    for item in discover([Path(path)]):
        try:
            if isinstance(item, Refusal):
                refusals.append(f"{item.path} {item.reason}")
            else:
                activities += decode(item, sport)
        except (FileRefused, FileSkipped) as refused:
            refusals.append(f"{item.path} {refused}")
        if (file := _file(item)) not in files:
            files.add(file)
            progress(1)
    if refusals and not activities:
        raise FileRefused(refusals[0])
    return activities


def _file(item: Found) -> str:
    """Return the file that a document or a refusal counts under."""
    return getattr(item, "file", "") or item.path
