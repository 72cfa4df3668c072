"""A whole import measured beside fitparse's bare decoding, and the same files seen again.

    python benchmarks/importing.py [--fit 400] [--gpx 0] [--again 5000] [FOLDER]
    KNEELOAD_CORPUS=... python benchmarks/importing.py

Without FOLDER the real FIT files of the corpus, if there is one, are repeated on other days, else
an archive of invented hour-long runs is written, which takes a while. Printed are seconds beyond
the start of Python and its imports, on the clock and of all processors, the best of three; beside
them the floor: the bytes read from the cache, and their check sums. Peak memory is that of the
largest process.
"""

from __future__ import annotations

import argparse
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import time
from bisect import bisect_left
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kneeload.ingest.pipeline import POOL_FROM_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable

    from kneeload.importers.fit.scan import Scan

LEAST_BYTES = 20_000
SAMPLE = 8
REPEATS = 3
TIMES = frozenset({"timestamp", "start_time", "time_created", "local_timestamp"})

IMPORT = """
import datetime as dt, resource, sys, time
from pathlib import Path
from kneeload.log.training_log import TrainingLog
import kneeload.importers.discover, kneeload.ingest.pipeline, kneeload.log.activities
now, jobs = dt.datetime.now(dt.UTC), int(sys.argv[3]) or None
begun, before = time.perf_counter(), time.process_time()
with TrainingLog(Path(sys.argv[1])) as log:
    done = log.ingest([Path(sys.argv[2])], now=now, jobs=jobs)
seconds, used = time.perf_counter() - begun, time.process_time() - before
own, workers = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
used += workers.ru_utime + workers.ru_stime
print(seconds, used, max(own.ru_maxrss, workers.ru_maxrss) / 1024, done.read)
"""


class Imported(NamedTuple):
    """An import's seconds on the clock and of processors, its largest process, its files."""

    seconds: float
    processor_s: float
    peak_mb: float
    files: float


def imported(log: Path, folder: Path, jobs: int = 0) -> Imported:
    """Import in a process of its own."""
    command = [sys.executable, "-c", IMPORT, str(log), str(folder), str(jobs)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return Imported(*map(float, done.stdout.split()))


def quickest(logs: list[Path], folder: Path) -> Imported:
    """Import once into each log: the least of each time, for what else runs only adds to it."""
    each = [imported(log, folder) for log in logs]
    return Imported(
        seconds=min(once.seconds for once in each),
        processor_s=min(once.processor_s for once in each),
        peak_mb=max(once.peak_mb for once in each),
        files=each[0].files,
    )


def processor_s(work: Callable[[Path], object], files: list[Path]) -> float:
    """Return the processor time of some work on each file [s]."""
    begun = time.process_time()
    for file in files:
        work(file)
    return time.process_time() - begun


def decoded_by_fitparse(path: Path) -> None:
    """Decode every message of one file and nothing else."""
    import fitparse

    for message in fitparse.FitFile(str(path), check_crc=False).get_messages():
        message.get_values()


def summed(path: Path) -> None:
    """Read a file and check it, the least that any import does."""
    from fastcrc import crc16

    crc16.arc(path.read_bytes())


def repeated(corpus: Path, folder: Path, count: int) -> Path:
    """Fill a folder with the corpus's FIT files, each time on another day, until there are enough.

    Files below 20 kB and those that hold no plain clock are left out.
    """
    from kneeload.importers.fit.container import parts
    from kneeload.importers.fit.scan import walk

    folder.mkdir()
    contents = [file.read_bytes() for file in sorted(corpus.glob("*/*.[fF][iI][tT]"))]
    whole = [c for c in contents if len(c) >= LEAST_BYTES and c[4:8] != bytes(4)]
    single = [c for c in whole if len(parts(c)) == 1 and not parts(c)[0].warnings]
    scans = [(c, walk(parts(c)[0].body)) for c in single]
    plain = [(c, scan) for c, scan in scans if not scan.stamps and not scan.warnings]
    for number in range(count):
        content, scan = plain[number % len(plain)]
        later = moved(content, scan, 86_400 * (number // len(plain)))
        (folder / f"{number:05d}.fit").write_bytes(later)
    return folder


def moved(content: bytes, scan: Scan, seconds: int) -> bytes:
    """Return a FIT file with all its times moved and its check sum set anew."""
    from fastcrc import crc16

    changed, first = bytearray(content), content[0]
    for track in scan.tracks:
        for slot in track.shape.slots:
            if slot.field.name in TIMES and slot.dtype[1:] == "u4":
                clock = struct.Struct(slot.dtype[0] + "I")
                for at in (track.starts + first + slot.at).tolist():
                    (time_s,) = clock.unpack_from(changed, at)
                    if time_s != slot.invalid:
                        clock.pack_into(changed, at, time_s + seconds)
    end = first + int.from_bytes(content[4:8], "little")
    changed[end : end + 2] = crc16.arc(bytes(changed[:end])).to_bytes(2, "little")
    return bytes(changed)


def some(folder: Path, fit: int, gpx: int) -> Path:
    """Write an archive of real files, else of hour-long runs at one record a second."""
    from kneeload.simulate import archive as writer

    if "KNEELOAD_CORPUS" in os.environ:
        return repeated(Path(os.environ["KNEELOAD_CORPUS"]), folder, fit)

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
        folder = options.folder or some(scratch / "archive", options.fit, options.gpx)
        files = sorted(folder.rglob("*.fit"))
        megabytes = sum(f.stat().st_size for f in folder.rglob("*") if f.is_file()) / 1e6
        print(f"{os.cpu_count()} cores, {len(files)} FIT files, {megabytes:.0f} MB\n")
        print("| what | seconds | of processors | |")
        print("|-|-|-|-|")
        compared(files, folder, scratch)
        again(many(scratch / "many", files, options.again), scratch)


def compared(files: list[Path], folder: Path, scratch: Path) -> None:
    """Print a whole import beside fitparse's bare decoding of the same files, and the floor."""
    sample = files[:: max(1, len(files) // SAMPLE)][:SAMPLE]
    share = size(sample) / size(files)
    bare = processor_s(decoded_by_fitparse, sample) / share
    floor = processor_s(summed, files)
    few = scratch / "few"
    few.mkdir()
    count = (
        bisect_left(list(accumulate(file.stat().st_size for file in files)), POOL_FROM_BYTES) + 1
    )
    for file in files[:count]:
        shutil.copy(file, few)
    start = quickest([scratch / f"few-{number}.db" for number in range(REPEATS)], few)
    whole = quickest([scratch / f"log-{number}.db" for number in range(REPEATS)], folder)
    rest = size(files) / size(files[count:])
    beyond = [(w - s) * rest for w, s in zip(whole[:2], start[:2], strict=True)]
    row(f"fitparse, bare decoding, {len(sample)} files scaled", bare, bare, "1 x")
    row(
        f"kneeload, whole import of {whole.files:.0f} files",
        *whole[:2],
        f"{bare / whole.seconds:.0f} x, {bare / whole.processor_s:.0f} x of processors,"
        f" largest process {whole.peak_mb:.0f} MB",
    )
    row(f"workers started and {count} files imported", *start[:2], "")
    remark = f"{bare / beyond[0]:.0f} x, {bare / beyond[1]:.0f} x of processors"
    row("the whole import beyond that start", *beyond, remark)
    row("floor: read and check sums", floor, floor, f"import {beyond[1] / floor:.1f} x")


def size(files: list[Path]) -> int:
    """Return the files' size [byte]."""
    return sum(file.stat().st_size for file in files)


def again(folder: Path, scratch: Path) -> None:
    """Print the import of many files, and of the same files once more."""
    first = imported(scratch / "many.db", folder)
    second = quickest(REPEATS * [scratch / "many.db"], folder)
    row(f"{first.files:.0f} small files", *first[:2], f"{first.peak_mb:.0f} MB")
    shares = (100 * s / f for s, f in zip(second[:2], first[:2], strict=True))
    remark = "{:.2f} % of the first time, {:.2f} % of processors".format(*shares)
    row("the same files again", *second[:2], remark)


def row(what: str, seconds: float, processors: float, remark: str) -> None:
    """Print one row of the table."""
    print(f"| {what} | {seconds:.2f} | {processors:.2f} | {remark} |")


if __name__ == "__main__":
    main()
