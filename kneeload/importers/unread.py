"""Formats that hold runs and are not read: named, with what to export instead, and counted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kneeload.importers import csv_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

READ = "kneeload reads FIT, GPX and TCX"


@dataclass(frozen=True)
class Format:
    """A format by the pattern of its beginning; `runs` matches each run that it holds."""

    name: str
    beginning: re.Pattern[bytes]
    advice: str = "export as GPX"
    runs: re.Pattern[bytes] | None = None


def _xml(root: str) -> re.Pattern[bytes]:
    return re.compile(rb"\s*(?:<[?!][^>]*>\s*)*<(?:\w+:)?" + root.encode() + rb"[\s>/]")


def _json(*keys: str) -> re.Pattern[bytes]:
    """Return the pattern of JSON that has all of these keys, in whatever order."""
    ahead = "".join(rf'(?=.*"{key}"\s*:)' for key in keys)
    return re.compile(rf"\s*[\[{{]{ahead}".encode(), re.DOTALL)


_UNPACK = "unpack it first"
_ARCHIVES = {
    "a 7z archive": b"7z\xbc\xaf\x27\x1c",
    "a RAR archive": b"Rar!\x1a\x07",
    "an xz archive": b"\xfd7zXZ\x00",
    "a bzip2 archive": b"BZh",
    "a zstd archive": b"\x28\xb5\x2f\xfd",
}
_FORMATS = (
    Format("a KML file", _xml("kml")),
    Format("a PWX file (TrainingPeaks)", _xml("pwx"), "export as FIT or TCX"),
    Format("an HRM file (Polar)", re.compile(rb"\s*\[Params\]"), "export as GPX or TCX"),
    Format("a Polar XML file", _xml("polar-exercise-data"), "export as GPX or TCX"),
    Format("a Fitlog file (SportTracks)", _xml("FitnessWorkbook"), "export as GPX or TCX"),
    Format("a Suunto file", _xml("(?:sml|suunto|Device)"), "export as FIT"),
    Format("a Suunto file", _json("DeviceLog"), "export as FIT"),
    Format("a Suunto file", _json("activityId", "workoutKey"), "export as FIT"),
    Format(
        "a Fitbit export",
        _json("logId", "activityName"),
        "export the activities as TCX",
        re.compile(rb'"activityName"\s*:\s*"(?:(?:Outdoor|Indoor) )?(?:Run|Running|Treadmill)"'),
    ),
    Format(
        "a Nike Run Club export",
        _json("start_epoch_ms", "active_duration_ms"),
        "export as GPX",
        re.compile(rb'"type"\s*:\s*"run"'),
    ),
    Format(
        "a Runtastic (Adidas Running) export",
        _json("sport_type_id", "(?:start_time|duration)"),
        "export as GPX or TCX",
        re.compile(rb'"sport_type_id"\s*:\s*"?(?:1|14)\b'),
    ),
    Format(
        "a Google Fit session",
        _json("fitnessActivity", "startTime"),
        "import the TCX files beside it",
        re.compile(rb'"fitnessActivity"\s*:\s*"running'),
    ),
    Format(
        "an Endomondo workout",
        _json("sport", "(?:duration_s|distance_km)"),
        "import the TCX files beside it",
        re.compile(rb'"sport"\s*:\s*"RUNNING'),
    ),
    Format("a Samsung Health export", re.compile(rb"com\.samsung\.\w+\.exercise,")),
)
_SAMSUNG_RUN = "1002"


def reason(head: bytes, whole: Callable[[], bytes], name: str) -> str:
    """Return what a file is that is not read, empty where that is not known.

    Parameters
    ----------
    head
        Its beginning.
    whole
        Gives all of it; called only where the runs in it can be counted.
    name
        Its path, for what is packed in a KMZ.
    """
    for archive, magic in _ARCHIVES.items():
        if head.startswith(magic):
            return f"is {archive}: {_UNPACK}"
    text = head.removeprefix(b"\xef\xbb\xbf")
    known_format = next(
        (candidate for candidate in _FORMATS if candidate.beginning.match(text)), None
    )
    if not known_format:
        return ""
    kind = "a KMZ file" if ".kmz!" in name.lower() else known_format.name
    return f"is {kind}: {READ}; {known_format.advice}{_runs_text(known_format, whole)}"


def _runs_text(known_format: Format, whole: Callable[[], bytes]) -> str:
    if known_format.runs:
        runs = len(known_format.runs.findall(whole()))
    elif "Samsung" in known_format.name:
        runs = _samsung_runs(whole())
    else:
        return ""
    return f" ({runs} run{'s' * (runs != 1)} in it not read)"


def _samsung_runs(content: bytes) -> int:
    """Count the runs of a table that has a line of its own above the header."""
    _, _, table = content.partition(b"\n")
    rows: Iterable[tuple[int, csv_rows.Cells]] = csv_rows.records(table)
    return sum(
        any(name.endswith("exercise_type") and cell == _SAMSUNG_RUN for name, cell in cells.items())
        for _, cells in rows
    )
