"""A whole import measured beside fitparse's bare decoding, and the same files seen again.

    python benchmarks/importing.py [--fit 400] [--gpx 0] [--again 5000] [FOLDER]

Without FOLDER an archive of invented hour-long runs is written first, which takes a while. Printed
are seconds of wall time beyond the start of Python and its imports, ratios, and peak memory of the
importing process and its workers.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from kneeload.ingest.pipeline import POOL_FROM_FILES

IMPORT = """
import datetime as dt, resource, sys, time
from pathlib import Path
from kneeload.log.training_log import TrainingLog
import kneeload.importers.discover, kneeload.ingest.pipeline, kneeload.log.activities
now, jobs = dt.datetime.now(dt.UTC), int(sys.argv[3]) or None
begun = time.perf_counter()
with TrainingLog(Path(sys.argv[1])) as log:
    done = log.ingest([Path(sys.argv[2])], now=now, jobs=jobs)
seconds = time.perf_counter() - begun
own, workers = (resource.getrusage(w).ru_maxrss for w in (resource.RUSAGE_SELF, -1))
print(seconds, (own + 2 * workers) / 1024, done.read)
"""


def imported(log: Path, folder: Path, jobs: int = 0) -> list[float]:
    """Import in a process of its own: seconds, peak MB of it and two workers, files read."""
    command = [sys.executable, "-c", IMPORT, str(log), str(folder), str(jobs)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return [float(word) for word in done.stdout.split()]


def fitparse_seconds(path: Path) -> float:
    """Decode every message of one file and nothing else."""
    import fitparse

    begun = time.perf_counter()
    for message in fitparse.FitFile(str(path), check_crc=False).get_messages():
        message.get_values()
    return time.perf_counter() - begun


def archive(folder: Path, fit: int, gpx: int) -> Path:
    """Write an archive of hour-long runs at one record a second."""
    from kneeload.simulate import archive as writer

    writer.write(folder, fit_files=fit, gpx_files=gpx)
    return folder


def many(folder: Path, sources: list[Path], count: int) -> Path:
    """Fill a folder with `count` small files of different content: truncated copies."""
    folder.mkdir()
    for number in range(count):
        source = sources[number % len(sources)].read_bytes()
        (folder / f"{number:05d}.fit").write_bytes(source[: 20_000 + number // len(sources)])
    return folder


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--fit", type=int, default=400)
    parser.add_argument("--gpx", type=int, default=0)
    parser.add_argument("--again", type=int, default=5000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch_name:
        scratch = Path(scratch_name)
        folder = options.folder or archive(scratch / "archive", options.fit, options.gpx)
        files = sorted(folder.rglob("*.fit"))
        megabytes = sum(f.stat().st_size for f in folder.rglob("*") if f.is_file()) / 1e6
        print(f"{os.cpu_count()} cores, {len(files)} FIT files, {megabytes:.0f} MB\n")
        print("| what | seconds | |")
        print("|-|-|-|")
        compared(files, folder, scratch)
        again(many(scratch / "many", files, options.again), scratch)


def compared(files: list[Path], folder: Path, scratch: Path) -> None:
    """Print a whole import beside fitparse's bare decoding of the same files."""
    sample = files[:: max(1, len(files) // 5)][:5]
    bare = statistics.median(map(fitparse_seconds, sample)) * len(files)
    few = scratch / "few"
    few.mkdir()
    for file in files[:POOL_FROM_FILES]:
        shutil.copy(file, few)
    start = imported(scratch / "few.db", few)[0]
    whole, peak, read = imported(scratch / "log.db", folder)
    beyond = (whole - start) * len(files) / (len(files) - POOL_FROM_FILES)
    row(f"fitparse, bare decoding, {len(sample)} files scaled", bare, "1 x")
    remark = f"{bare / whole:.1f} x, {peak:.0f} MB"
    row(f"kneeload, whole import of {read:.0f} files", whole, remark)
    row(f"workers started and {POOL_FROM_FILES} files imported", start, "")
    row("the whole import beyond that start", beyond, f"{bare / beyond:.1f} x")


def again(folder: Path, scratch: Path) -> None:
    """Print the import of many files, and of the same files once more."""
    first, peak, read = imported(scratch / "many.db", folder)
    second = imported(scratch / "many.db", folder)[0]
    row(f"{read:.0f} small files", first, f"{peak:.0f} MB")
    row("the same files again", second, f"{100 * second / first:.2f} % of the first time")


def row(what: str, seconds: float, remark: str) -> None:
    """Print one row of the table."""
    print(f"| {what} | {seconds:.2f} | {remark} |")


if __name__ == "__main__":
    main()
