"""How long a runner of many years waits for a report: fresh processes on an invented log.

    python -m benchmarks.reports [--years 14] [--times 5]

Printed are wall seconds beside their limits: the first weekly report of all, which also compiles
every module, as after an installation by uv (pip compiles as it installs); one whose files must all
come from the disk (cold); the best of some (warm); all years, weeks and runs by two processes; and
the same again when nothing changed; and the largest process of all [MB]. Exit 1 beyond a limit.
Judge it on an idle machine.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

from benchmarks.startup import RUN, compiled, invented_log, timed

LIMITS_S = {"cold": 5.0, "warm": 2.0, "all": 180.0, "again": 1.0}
LARGEST_MB = 250.0


def measured(folder: Path, years: int, times: int) -> dict[str, float]:
    """Return the wall time of each kind of report [s]."""
    log, last = invented_log(folder, years, pain_every_days=1)
    asked = ("-c", RUN, "--log", str(log), "--as-of", last.isoformat(), "report")
    week = (*asked, "-o", str(folder / "week.html"))
    every = (*asked, "--all", "-o", str(folder / "weeks"))
    env = compiled(folder / "compiled")
    first_s = timed(week, env)[1]
    for used in (Path(sys.prefix), Path(sys.base_prefix), folder):
        forget(used)
    return {
        "first": first_s,
        "cold": timed(week, env)[1],
        "warm": min(timed(week, env)[1] for _ in range(times)),
        "all": timed(every, env)[1],
        "again": min(timed(every, env)[1] for _ in range(times)),
    }


def forget(folder: Path) -> None:
    """Ask the system to keep no file below `folder` in memory; only Linux can be asked."""
    for path in filter(Path.is_file, folder.rglob("*")):
        with path.open("rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def main() -> int:
    """Print the table; exit 1 beyond a limit."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--years", type=int, default=14)
    parser.add_argument("--times", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = measured(Path(folder), options.years, options.times)
        pages = len(list(Path(folder, "weeks", "weeks").glob("*.html")))
    print(f"{options.years} years, {pages} weeks")
    for name, seconds in found.items():
        limit = f"limit {LIMITS_S[name]:g}" if name in LIMITS_S else ""
        print(f"{name:8}{seconds:8.2f} s   {limit}".rstrip())
    largest_mb = getrusage(RUSAGE_CHILDREN).ru_maxrss / 1000
    print(f"{'largest':8}{largest_mb:8.0f} MB  limit {LARGEST_MB:g}")
    slow = any(found[name] > limit for name, limit in LIMITS_S.items())
    return 1 if slow or largest_mb > LARGEST_MB else 0


if __name__ == "__main__":
    sys.exit(main())
