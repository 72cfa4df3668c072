"""Mutated files against every command that reads one: it may refuse them, never break.

    python -m benchmarks.fuzz --seconds 600          as long as told
    python -m benchmarks.fuzz --count 100000 --jobs 2

A mutant that raises anything but an error meant for the runner, or takes longer than
`PATIENCE_S`, is a finding: it is kept in ``tests/fixtures/fuzz`` and tried by the tests from then
on. Seeds are the samples, an export, a log and, where ``KNEELOAD_CORPUS`` names some, real files;
what is made of those is real people's and kept in the temporary folder, never in the repository.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gzip
import hashlib
import io
import os
import signal
import struct
import sys
import tempfile
import time
import warnings
import zipfile
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from fastcrc import crc16

from kneeload.cli.output import as_csv
from kneeload.diary.pain_csv import read_pain
from kneeload.errors import KneeloadError
from kneeload.importers.discover import discover
from kneeload.importers.document import Document
from kneeload.ingest.measure import Context, measure
from kneeload.log.backup import back_up
from kneeload.log.training_log import TrainingLog
from kneeload.log.verify import examine
from kneeload.samples import samples_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

NOW = dt.datetime(2026, 4, 1, 12, tzinfo=dt.UTC)
PATIENCE_S = 10
LARGEST_SEED = 300_000  # bytes; larger files find nothing that smaller ones do not
FINDINGS = Path(__file__).parents[1] / "tests" / "fixtures" / "fuzz"
ACTIVITY_ENDINGS = (".fit", ".gpx", ".tcx", ".gz", ".csv", ".zip", ".json", ".xml")

EXTREMES = (b"\x00", b"\xff", b"\x7f", b"\x80", b"\xff\xff\xff\x7f", b"\x00\x00\x00\x80")
WORDS = (
    *(b"nan", b"inf", b"-1", b"0", b"1e999", b"99999999999999999999", b"", b"\x00", b"\xff\xfe"),
    *(b"<!ENTITY a 'b'>", b"&a;", b"]]>", b"<x>", b"=cmd", b"\x1b[2J", b'"', b",", b";", b"null"),
    *(b"0001-01-01T00:00:00Z", b"9999-12-31T23:59:59Z", b"\n", b"{", b"[[[[[["),
)


class TooSlow(Exception):  # noqa: N818 - a finding, not a fault of the harness
    """A mutant took longer than `PATIENCE_S`."""


@dataclass(frozen=True)
class Seed:
    """A sound file, by the name under which it is tried."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Finding:
    """A mutant that broke something."""

    name: str
    content: bytes
    error: str


def seeds(folder: Path) -> list[Seed]:
    """Return the sound files that mutants are made of; `folder` is to work in."""
    found = [Seed(path.name, path.read_bytes()) for path in _small_files(samples_folder())]
    with TrainingLog(folder / "seed.db") as log:
        log.ingest(
            [samples_folder() / "2026", samples_folder() / "treadmill_and_manual.csv"], now=NOW
        )
        log.set("home", "47.05,8.31")
        log.export(folder / "export.zip", as_csv)
    back_up(folder / "seed.db", folder / "backup.db")
    found += [Seed(name, (folder / name).read_bytes()) for name in ("export.zip", "backup.db")]
    corpus = os.environ.get("KNEELOAD_CORPUS")
    real = _small_files(Path(corpus)) if corpus else iter(())
    return found + [Seed(path.name, path.read_bytes()) for path in real]


def mutant(seed: Seed, others: Sequence[Seed], rng: np.random.Generator) -> Seed:
    """Return a damaged seed; in archives, as often the member as the archive."""
    if rng.random() < 0.5 and (repacked := _repacked(seed, others, rng)):
        return repacked
    content = seed.content
    for _ in range(rng.integers(1, 5)):
        content = MUTATIONS[int(rng.integers(len(MUTATIONS)))](content, rng, others)
    if seed.name.endswith(".fit") and rng.random() < 0.7:
        content = _with_checksum(content)
    return Seed(seed.name, content)


def tried(seed: Seed, folder: Path) -> str:
    """Try a file on the commands that would read it; return what broke, or nothing."""
    path = folder / seed.name
    path.write_bytes(seed.content)
    try:
        with _patience():
            _reader(seed.name)(path)
    except KneeloadError:
        return ""
    except Exception as error:  # whatever it is, it is a finding
        return f"{type(error).__name__}: {error}"
    return ""


def run(count: int, seed: int = 0, *, seconds: float = float("inf")) -> tuple[int, list[Finding]]:
    """Try `count` mutants, or as many as the time allows; return their number and findings."""
    rng = np.random.default_rng(seed)
    until = time.monotonic() + seconds
    findings: dict[str, Finding] = {}
    done = 0
    with tempfile.TemporaryDirectory() as name, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sound = seeds(Path(name))
        while done < count and time.monotonic() < until:
            made = mutant(sound[int(rng.integers(len(sound)))], sound, rng)
            done += 1
            if error := tried(made, Path(name)):
                findings.setdefault(error[:60], Finding(made.name, made.content, error))
    return done, list(findings.values())


def run_in_parallel(
    count: int, seed: int, jobs: int, seconds: float = float("inf")
) -> tuple[int, list[Finding]]:
    """Share the work out among processes."""
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        work = partial(run, seconds=seconds)
        parts = list(pool.map(work, repeat(-(-count // jobs), jobs), range(seed, seed + jobs)))
    unique = {f.error[:60]: f for _, found in parts for f in found}
    return sum(done for done, _ in parts), list(unique.values())


def kept(finding: Finding) -> Path:
    """Keep a finding for the tests, or aside where real files had a part in it."""
    is_real = "KNEELOAD_CORPUS" in os.environ
    folder = Path(tempfile.gettempdir()) / "kneeload-fuzz" if is_real else FINDINGS
    folder.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256(finding.content).hexdigest()[:12]
    path = folder / f"{digest}-{finding.name}"
    path.write_bytes(finding.content)
    return path


def _small_files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in ACTIVITY_ENDINGS and 0 < path.stat().st_size <= LARGEST_SEED:
            yield path


def _reader(name: str) -> Callable[[Path], object]:
    if name.endswith(".db"):
        return _as_log
    if name.endswith("export.zip"):
        return _as_export
    return _as_pain if name.endswith("pain.csv") else _as_activity


def _as_activity(path: Path) -> None:
    for found in discover([path]):
        if isinstance(found, Document):
            measure(found, Context(NOW))


def _as_pain(path: Path) -> None:
    read_pain(path.read_bytes().decode("utf-8", "replace"))


def _as_export(path: Path) -> None:
    with tempfile.TemporaryDirectory() as folder, TrainingLog(Path(folder) / "log.db") as log:
        log.ingest([path], now=NOW, jobs=1)
        log.activities()
        log.pain()
        log.diary()


def _as_log(path: Path) -> None:
    for work in (examine, _opened):
        try:
            work(path)
        except KneeloadError:
            continue


def _opened(path: Path) -> None:
    with TrainingLog(path) as log:
        log.activities()
        log.pain()


@contextmanager
def _patience() -> Iterator[None]:
    def out_of_patience(*_: object) -> None:
        raise TooSlow(f"more than {PATIENCE_S} s of computing")

    if not hasattr(signal, "SIGVTALRM"):
        yield
        return
    before = signal.signal(signal.SIGVTALRM, out_of_patience)
    signal.setitimer(signal.ITIMER_VIRTUAL, PATIENCE_S)  # of this process, however busy others are
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _flip(content: bytes, rng: np.random.Generator, _: Sequence[Seed]) -> bytes:
    changed = bytearray(content)
    for at in rng.integers(len(content), size=rng.integers(1, 9)) if content else ():
        changed[at] ^= 1 << int(rng.integers(8))
    return bytes(changed)


def _cut(content: bytes, rng: np.random.Generator, _: Sequence[Seed]) -> bytes:
    return content[: int(rng.integers(len(content) + 1))]


def _drop(content: bytes, rng: np.random.Generator, _: Sequence[Seed]) -> bytes:
    start, end = _span(content, rng)
    return content[:start] + content[end:]


def _repeat(content: bytes, rng: np.random.Generator, _: Sequence[Seed]) -> bytes:
    start, end = _span(content, rng)
    return content[:end] + content[start:end] * int(rng.integers(1, 4)) + content[end:]


def _splice(content: bytes, rng: np.random.Generator, others: Sequence[Seed]) -> bytes:
    other = others[int(rng.integers(len(others)))].content
    start, end = _span(other, rng)
    at = int(rng.integers(len(content) + 1))
    return content[:at] + other[start:end] + content[at:]


def _extreme(content: bytes, rng: np.random.Generator, _: Sequence[Seed]) -> bytes:
    value = EXTREMES[int(rng.integers(len(EXTREMES)))]
    at = int(rng.integers(len(content) + 1))
    return content[:at] + value + content[at + len(value) :]


def _word(content: bytes, rng: np.random.Generator, _: Sequence[Seed]) -> bytes:
    """Put a word that parsers stumble over in the place of a number, or anywhere."""
    word = WORDS[int(rng.integers(len(WORDS)))]
    at = int(rng.integers(len(content) + 1))
    digits = next(
        (i for i in range(at, min(at + 200, len(content))) if content[i : i + 1].isdigit()), at
    )
    end = digits
    while end < len(content) and content[end : end + 1] in b"0123456789.-:TZ":
        end += 1
    return content[:digits] + word + content[end:]


MUTATIONS = (_flip, _cut, _drop, _repeat, _splice, _extreme, _word, _word)


def _span(content: bytes, rng: np.random.Generator) -> tuple[int, int]:
    start = int(rng.integers(len(content) + 1))
    return start, min(len(content), start + int(rng.integers(1, 400)))


def _repacked(seed: Seed, others: Sequence[Seed], rng: np.random.Generator) -> Seed | None:
    """Return an archive with a damaged member."""
    if seed.name.endswith(".gz"):
        inner = mutant(Seed(seed.name[:-3], gzip.decompress(seed.content)), others, rng)
        return Seed(seed.name, gzip.compress(inner.content, 1))
    if not seed.name.endswith(".zip"):
        return None
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(seed.content)) as old, zipfile.ZipFile(out, "w") as new:
        names = old.namelist()
        chosen = names[int(rng.integers(len(names)))]
        for name in names:
            member = Seed(name, old.read(name))
            new.writestr(
                name, mutant(member, others, rng).content if name == chosen else member.content
            )
    return Seed(seed.name, out.getvalue())


def _with_checksum(content: bytes) -> bytes:
    """Make a damaged FIT file pass its checksum, so that what lies behind it is reached."""
    if len(content) < 16 or content[0] not in {12, 14}:
        return content
    head = bytearray(content[: content[0]])
    body = content[content[0] : -2]
    head[4:8] = struct.pack("<I", len(body))
    if len(head) == 14:
        head[12:14] = struct.pack("<H", crc16.arc(bytes(head[:12])))
    whole = bytes(head) + body
    return whole + struct.pack("<H", crc16.arc(whole))


def main() -> int:
    """Run for as long as told; exit 1 where something was found."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=sys.maxsize)
    parser.add_argument("--seconds", type=float, default=float("inf"))
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    done, findings = run_in_parallel(options.count, options.seed, options.jobs, options.seconds)
    print(f"{done} mutants, {len(findings)} findings (seed {options.seed})")
    for finding in findings:
        print(f"{kept(finding)}: {finding.error[:200]}")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
