"""Check sums of what an import of real files gives: compared before and after work on speed.

    python benchmarks/reference.py FOLDER [--log FILE] > before.txt

Two versions that print the same lines give the same runs, weeks, flags and samples to the last
bit. With --log, an existing log is rebuilt by this version instead.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from kneeload.errors import FileRefused, FileSkipped
from kneeload.importers.decode import decode
from kneeload.importers.discover import discover
from kneeload.importers.document import Document
from kneeload.measures.streams import streams
from kneeload.measures.summary import summarise

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

TODAY = "2026-01-31"
TABLES = (("runs", "--csv", "--all-sports"), ("weeks", "--csv"), ("flags", "--csv"))


def main() -> None:
    """Print a line for each table and for each activity."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--log", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        log = Path(scratch) / "log.sqlite"
        if options.log:
            shutil.copy(options.log, log)
            kneeload(log, options.folder, "rebuild")
        else:
            print("import", checksum(kneeload(log, options.folder, "import", ".", "--json")))
        for table in TABLES:
            print(*table, checksum(kneeload(log, options.folder, *table)))
    for line in activities(options.folder):
        print(line)


def kneeload(log: Path, folder: Path, *words: str) -> bytes:
    """Return what a command prints, run inside the folder so that paths are relative."""
    command = [sys.executable, "-m", "kneeload", "--log", str(log), "--as-of", TODAY, *words]
    return subprocess.run(command, cwd=folder, check=False, stdout=subprocess.PIPE).stdout


def activities(folder: Path) -> Iterator[str]:
    """Yield a line for each activity: check sums of samples and streams, and its summary."""
    for found in discover([folder]):
        if isinstance(found, Document):
            path = Path(found.path).relative_to(folder)
            try:
                sessions = decode(found)
            except (FileRefused, FileSkipped) as reason:
                yield f"{path} {type(reason).__name__} {reason}"
                continue
            for activity in sessions:
                sums = frame(activity.samples), frame(streams(activity))
                yield f"{path} {activity!r} {' '.join(sums)} {checksum(repr(summarise(activity)))}"


def frame(table: pd.DataFrame) -> str:
    """Return the check sum of a frame's columns, their types and values."""
    columns = (f"{name} {table[name].dtype} ".encode() for name in table)
    values = (_numbers(table[name]).tobytes() for name in table)
    return checksum(b"".join([*columns, *values]))


def _numbers(column: pd.Series) -> NDArray[np.generic]:
    return column.to_numpy("datetime64[us]" if column.name == "time" else column.dtype)


def checksum(text: bytes | str) -> str:
    """Return the first digits of the SHA-256."""
    return hashlib.sha256(text if isinstance(text, bytes) else text.encode()).hexdigest()[:16]


if __name__ == "__main__":
    main()
