"""How fast `kneeload export` writes: invented FIT files of a point a second.

    python -m benchmarks.exporting [--files 400]

Printed are megabytes of original files for each processor second, beside the limit, and beside them
a single reading of what the log keeps, the floor; exit 1 below the limit.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import tempfile
import time
import zlib
from pathlib import Path

from kneeload.cli.output import as_csv
from kneeload.log.training_log import TrainingLog
from kneeload.simulate import archive

LEAST_MB_S = 50.0


def main() -> int:
    """Print the rates; exit 1 below the limit."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--files", type=int, default=400)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        archive.write(folder / "files", fit_files=options.files)
        with TrainingLog(folder / "log.db") as log:
            log.ingest([folder / "files"], now=dt.datetime.now(dt.UTC))
            begun = time.process_time()
            rows = log.database.execute("SELECT content FROM source")
            size_mb = sum(len(zlib.decompress(content)) for (content,) in rows) / 1e6
            floor_s = time.process_time() - begun
            begun = time.process_time()
            log.export(folder / "export.zip", as_csv)
            export_s = time.process_time() - begun
    rate = size_mb / export_s
    print(f"{options.files} files, {size_mb:.0f} MB")
    print(f"export {rate:8.0f} MB/s   at least {LEAST_MB_S:g}")
    print(f"floor  {size_mb / floor_s:8.0f} MB/s")
    return 0 if rate >= LEAST_MB_S else 1


if __name__ == "__main__":
    sys.exit(main())
