"""How long a runner of ten years waits for a report: fresh processes on an invented log.

    python -m benchmarks.reports [--years 10] [--times 5]

Printed are wall seconds beside their limits: the weekly report with nothing compiled and no file in
the cache that the report itself could have left (cold), then the best of some (warm); a page of
every week by two processes; and the same again when nothing changed. Exit 1 beyond a limit. Judge
it on an idle machine.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.startup import RUN, compiled, invented_log, timed

LIMITS_S = {"cold": 5.0, "warm": 2.0, "all": 180.0, "again": 2.0}


def measured(folder: Path, years: int, times: int) -> dict[str, float]:
    """Return the wall time of each kind of report [s]."""
    log, last = invented_log(folder, years, pain_every_days=1)
    asked = ("-c", RUN, "--log", str(log), "--as-of", last.isoformat(), "report")
    week = (*asked, "-o", str(folder / "week.html"))
    every = (*asked, "--all", "-o", str(folder / "weeks"))
    env = compiled(folder / "compiled")
    return {
        "cold": timed(week, env)[1],
        "warm": min(timed(week, env)[1] for _ in range(times)),
        "all": timed(every, env)[1],
        "again": min(timed(every, env)[1] for _ in range(times)),
    }


def main() -> int:
    """Print the table; exit 1 beyond a limit."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--years", type=int, default=10)
    parser.add_argument("--times", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = measured(Path(folder), options.years, options.times)
        pages = len(list(Path(folder, "weeks").glob("*-W*.html")))
    print(f"{options.years} years, {pages} weeks")
    for name, seconds in found.items():
        print(f"{name:8}{seconds:8.2f} s   limit {LIMITS_S[name]:g}")
    return 1 if any(found[name] > limit for name, limit in LIMITS_S.items()) else 0


if __name__ == "__main__":
    sys.exit(main())
