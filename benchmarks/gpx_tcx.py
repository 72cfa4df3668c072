"""GPX and TCX bytes -> samples: kneeload beside its peers, on the real files of a corpus.

    KNEELOAD_CORPUS=... python benchmarks/gpx_tcx.py

Peers are measured where they can be imported (pip install tcxreader activereader activity-parser).
Each gives the track points as a table; kneeload also judges sport, sessions and totals. pyexpat,
which only checks that a document is well-formed, is the floor.
"""

from __future__ import annotations

import importlib.util
import io
import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    Reader = Callable[[bytes], object]

LEAST_BYTES = 100_000
BUDGET_S = 0.1
ROW = "| {:<16} | {:>5} | {:>8} | {:>6} | {:>19} |"


def main() -> None:
    """Measure every reader on every file and print a table for each format."""
    corpus = Path(os.environ["KNEELOAD_CORPUS"])
    for kind, makers in READERS.items():
        contents = [path.read_bytes() for path in sorted(corpus.glob(f"*/*.{kind}"))]
        contents = [content for content in contents if len(content) >= LEAST_BYTES]
        print(f"\n{kind.upper()}: {len(contents)} files of at least {LEAST_BYTES // 1000} kB\n")
        print(ROW.format("reader", "files", "[ms]", "[MB/s]", "slower (the least)"))
        print(ROW.format("-", "-", "-", "-", "-"))
        for name, make in makers.items():
            if importlib.util.find_spec(name.replace("-", "_")):
                print(compared(name, make(kind), _kneeload(kind), contents))


def compared(name: str, read: Reader, own: Reader, contents: list[bytes]) -> str:
    """Return a reader's row: files read, median time, rate, and how much slower than kneeload.

    Both read each file in turn, so that a busy machine slows them alike.
    """
    times = [(seconds(read, each), seconds(own, each), len(each)) for each in contents]
    known = [(theirs, ours, size) for theirs, ours, size in times if theirs and ours]
    ratios = [theirs / ours for theirs, ours, _ in known]
    median_ms = 1000 * statistics.median(theirs for theirs, *_ in known)
    rate = sum(size for *_, size in known) / 1e6 / sum(theirs for theirs, *_ in known)
    factor = f"{statistics.median(ratios):.1f} x ({min(ratios):.1f})"
    return ROW.format(name, len(known), f"{median_ms:.1f}", f"{rate:.0f}", factor)


def seconds(read: Reader, content: bytes) -> float | None:
    """Return the best processor time of as many rounds as fit, None where reading fails."""
    best, until = float("inf"), time.process_time() + BUDGET_S
    while best == float("inf") or time.process_time() < until:
        began = time.process_time()
        try:
            read(content)
        except Exception:
            return None
        best = min(best, time.process_time() - began)
    return best


def _kneeload(kind: str) -> Reader:
    from kneeload.importers import gpx, tcx

    return gpx.decode if kind == "gpx" else tcx.decode


def _pyexpat(_: str) -> Reader:
    from xml.parsers import expat

    return lambda content: expat.ParserCreate().Parse(content, True)  # noqa: FBT003


def _gpxpy(_: str) -> Reader:
    import gpxpy
    import pandas as pd

    def read(content: bytes) -> object:
        tracks = gpxpy.parse(content).tracks
        points = [p for track in tracks for part in track.segments for p in part.points]
        return pd.DataFrame([(p.time, p.latitude, p.longitude, p.elevation) for p in points])

    return read


def _activity_parser(kind: str) -> Reader:
    import activity_parser

    parser = activity_parser.ActivityParser()
    return lambda content: parser.parse(io.BytesIO(content), kind)


def _tcxreader(_: str) -> Reader:
    import pandas as pd
    from tcxreader.tcxreader import TCXReader

    def read(content: bytes) -> object:
        with tempfile.NamedTemporaryFile(suffix=".tcx") as file:
            file.write(content)
            file.flush()
            points = TCXReader().read(file.name).trackpoints
        return pd.DataFrame([(p.time, p.latitude, p.longitude, p.hr_value) for p in points])

    return read


def _activereader(kind: str) -> Reader:
    import activereader
    import pandas as pd

    def tcx(content: bytes) -> object:
        points = activereader.Tcx.from_file(content).trackpoints
        return pd.DataFrame([(p.time, p.lat, p.lon, p.altitude_m, p.hr) for p in points])

    def gpx(content: bytes) -> object:
        points = activereader.Gpx.from_file(content).trackpoints
        return pd.DataFrame([(p.time, p.lat, p.lon, p.altitude_m, p.hr) for p in points])

    return gpx if kind == "gpx" else tcx


READERS: dict[str, dict[str, Callable[[str], Reader]]] = {
    "gpx": {
        "kneeload": _kneeload,
        "pyexpat": _pyexpat,
        "gpxpy": _gpxpy,
        "activity-parser": _activity_parser,
        "activereader": _activereader,
    },
    "tcx": {
        "kneeload": _kneeload,
        "pyexpat": _pyexpat,
        "tcxreader": _tcxreader,
        "activereader": _activereader,
        "activity-parser": _activity_parser,
    },
}

if __name__ == "__main__":
    main()
