"""How long a runner waits for the first word: fresh processes on a log of invented years.

    python -m benchmarks.startup [--years 14] [--times 10]

`pain` is asked through an empty pipe, so it ends with its first question. Printed are processor
seconds and wall seconds, the best of each, beside the limit on wall time, and below them what of it
goes into importing alone; exit 1 beyond a limit. Modules are compiled before, as an installation
has them. Judge it on an idle machine.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kneeload.diary.validation import validated_entry
from kneeload.log.training_log import TrainingLog
from kneeload.simulate import archive

if TYPE_CHECKING:
    from kneeload.model import PainEntry

WITHOUT_PYARROW = "import sys; sys.modules['pyarrow'] = None; "
RUN = "from kneeload.cli import main; main()"
TELL = "import atexit, sys; atexit.register(lambda: print(*sys.modules)); "
RECORD_EVERY_S = 10
RUNS_A_YEAR = 180


@dataclass(frozen=True)
class Wait:
    """A command and the longest that it may take [s]."""

    words: tuple[str, ...]
    limit_s: float


WAITS = (
    Wait(("--help",), 0.15),
    Wait(("pain",), 0.7),
    Wait(("pain", "add", "3"), 0.7),
    Wait(("status",), 0.7),
    Wait(("plan",), 0.7),
    Wait(("plan", "--run", "12"), 0.7),
)


def invented_log(folder: Path, years: int = 1, pain_every_days: int = 3) -> tuple[Path, dt.date]:
    """Write a log of some years of runs and pain scores; return it and its last day."""
    archive.write(folder / "files", fit_files=years * RUNS_A_YEAR, every_s=RECORD_EVERY_S)
    log = folder / "log.db"
    now = dt.datetime.now(dt.UTC)
    with TrainingLog(log) as opened:
        opened.ingest([folder / "files"], now=now)
        days = opened.runs()["local_date"].dt.date
        told = range(0, (days.max() - days.min()).days, pain_every_days)
        opened.add_pain([entry(days.min() + dt.timedelta(days=day)) for day in told], now)
    return log, days.max()


def entry(day: dt.date) -> PainEntry:
    """Return a pain score as the command line would enter it."""
    return validated_entry({"local_date": day.isoformat(), "score": day.day % 4, "knee": "left"})


def compiled(folder: Path) -> dict[str, str]:
    """Return an environment that keeps compiled modules in `folder`."""
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONPYCACHEPREFIX": str(folder)}


def timed(command: tuple[str, ...], env: dict[str, str]) -> tuple[float, float]:
    """Run a command in a fresh process: processor and wall time [s]."""
    before, begun = os.times(), time.perf_counter()
    nothing = subprocess.DEVNULL
    subprocess.run([sys.executable, *command], check=True, stdin=nothing, stdout=nothing, env=env)
    wall_s = time.perf_counter() - begun
    after = os.times()
    user_s = after.children_user - before.children_user
    return user_s + after.children_system - before.children_system, wall_s


def best(command: tuple[str, ...], times: int, env: dict[str, str]) -> tuple[float, float]:
    """Return the least processor and wall time of a command [s], compiled before."""
    timed(command, env)
    processor_s, wall_s = zip(*(timed(command, env) for _ in range(times)), strict=True)
    return min(processor_s), min(wall_s)


def imports(words: tuple[str, ...]) -> str:
    """Return code that imports the modules of kneeload that a command loads, and does no more."""
    command = [sys.executable, "-c", TELL + RUN, *words]
    said = subprocess.run(
        command, check=True, stdin=subprocess.DEVNULL, capture_output=True, text=True
    ).stdout
    names = said.splitlines()[-1].split()
    own = ", ".join(name for name in names if name.startswith("kneeload"))
    return f"{WITHOUT_PYARROW}import {own}"


def waited(wait: Wait, options: tuple[str, ...], times: int, env: dict[str, str]) -> bool:
    """Print two lines of the table; return whether it was too long."""
    words = (*options, *wait.words)
    processor_s, wall_s = best(("-c", RUN, *words), times, env)
    print(f"{' '.join(wait.words):20}{processor_s:10.2f}{wall_s:8.2f}{wait.limit_s:8.2f}")
    alone = best(("-c", imports(words)), times, env)
    print(f"{'  its imports':20}{alone[0]:10.2f}{alone[1]:8.2f}")
    return wall_s > wait.limit_s


def main() -> int:
    """Print the table; exit 1 beyond a limit."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--years", type=int, default=14)
    parser.add_argument("--times", type=int, default=10)
    options = parser.parse_args()
    print(f"{'command':20}{'processor':>10}{'wall':>8}{'limit':>8}")
    with tempfile.TemporaryDirectory() as folder:
        log, last = invented_log(Path(folder), options.years)
        shared = ("--log", str(log), "--as-of", last.isoformat())
        env = compiled(Path(folder) / "compiled")
        slow = [waited(wait, shared, options.times, env) for wait in WAITS]
    return 1 if any(slow) else 0


if __name__ == "__main__":
    sys.exit(main())
