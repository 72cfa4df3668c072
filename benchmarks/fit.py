"""FIT bytes -> samples and totals: kneeload beside its peers, on real runs of about an hour.

    KNEELOAD_CORPUS=... python benchmarks/fit.py

Peers are measured where they can be imported. Each gives the record messages as columns and the
session's totals; fitfast needs two passes for that, so one alone is shown beside it. fastcrc, which
only sums the bytes, is the floor. Times are of the processor, since machines are shared.
"""

from __future__ import annotations

import csv
import importlib.util
import io
import os
import statistics
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LEAST_S, MOST_S = 2700.0, 5400.0
BUDGET_S = 0.1


def main() -> None:
    """Measure every reader on every run and print the table."""
    runs = list(_runs(Path(os.environ["KNEELOAD_CORPUS"])))
    readers = {name: make() for name, make in READERS.items() if _installed(name)}
    print(f"{len(runs)} runs, {statistics.median(map(len, runs)) / 1e3:.0f} kB in the median\n")
    own = [_seconds(readers["kneeload"], run) for run in runs]
    print("| reader | runs read | median [ms] | kneeload is faster by, median (least) |")
    print("|-|-|-|-|")
    for name, read in readers.items():
        print(_row(name, [_seconds(read, run) for run in runs], own))


def _row(name: str, times: list[float | None], own: list[float | None]) -> str:
    pairs = [(t, o) for t, o in zip(times, own, strict=True) if t and o]
    ratios = [t / o for t, o in pairs]
    median_ms = 1e3 * statistics.median(t for t, _ in pairs)
    factor = f"{statistics.median(ratios):.3g} ({min(ratios):.3g})"
    return f"| {name} | {len(pairs)} | {median_ms:.3g} | {factor} |"


def _runs(corpus: Path) -> Iterator[bytes]:
    with (corpus / "manifest.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            hour = LEAST_S <= float(row["total_timer_s"] or 0) <= MOST_S
            if row["format"] == "fit" and row["sport"] == "running" and hour:
                yield (corpus / row["path"]).read_bytes()


def _seconds(read: Callable[[bytes], object], content: bytes) -> float | None:
    """Return the best time of as many rounds as the budget allows, none where it fails."""
    best, until = float("inf"), time.process_time() + BUDGET_S
    while best == float("inf") or time.process_time() < until:
        began = time.process_time()
        try:
            read(content)
        except Exception as error:
            print(f"failed: {error}"[:100], file=sys.stderr)
            return None
        best = min(best, time.process_time() - began)
    return best


def _installed(name: str) -> bool:
    return importlib.util.find_spec(name.partition(",")[0].replace("-", "_")) is not None


def _kneeload() -> Callable[[bytes], object]:
    from kneeload.importers.fit import decode

    return decode


def _fastcrc() -> Callable[[bytes], object]:
    from fastcrc import crc16

    check_sum: Callable[[bytes], int] = crc16.arc
    return check_sum


def _fitparse() -> Callable[[bytes], object]:
    import fitparse
    import pandas as pd

    def read(content: bytes) -> object:
        file = fitparse.FitFile(io.BytesIO(content))
        messages: list[Any] = list(file.get_messages({"record", "session"}))
        values = {
            name: [m.get_values() for m in messages if m.name == name]
            for name in ("record", "session")
        }
        return pd.DataFrame(values["record"]), values["session"]

    return read


def _fitdecode() -> Callable[[bytes], object]:
    import fitdecode
    import pandas as pd

    def read(content: bytes) -> object:
        values: dict[str, list[dict[str, object]]] = {"record": [], "session": []}
        for frame in fitdecode.FitReader(io.BytesIO(content)):
            if isinstance(frame, fitdecode.FitDataMessage) and frame.name in values:
                values[frame.name].append({field.name: field.value for field in frame.fields})
        return pd.DataFrame(values["record"]), values["session"]

    return read


def _garmin_fit_sdk() -> Callable[[bytes], object]:
    import garmin_fit_sdk as sdk
    import pandas as pd

    def read(content: bytes) -> object:
        stream = sdk.Stream.from_byte_array(bytearray(content))
        messages, errors = sdk.Decoder(stream).read()
        if errors:
            raise ValueError(errors)
        return pd.DataFrame(messages["record_mesgs"]), messages["session_mesgs"]

    return read


def _activity_parser() -> Callable[[bytes], object]:
    import activity_parser

    parser = activity_parser.ActivityParser()
    return lambda content: parser.parse(io.BytesIO(content), "fit")


def _fitfast() -> Callable[[bytes], object]:
    import fitfast
    import pandas as pd

    def read(content: bytes) -> object:
        return pd.DataFrame(fitfast.records(content)), fitfast.records(content, message="session")

    return read


def _fitfast_samples() -> Callable[[bytes], object]:
    import fitfast
    import pandas as pd

    return lambda content: pd.DataFrame(fitfast.records(content))


READERS: dict[str, Callable[[], Callable[[bytes], object]]] = {
    "kneeload": _kneeload,
    "fastcrc": _fastcrc,
    "fitparse": _fitparse,
    "fitdecode": _fitdecode,
    "garmin-fit-sdk": _garmin_fit_sdk,
    "activity-parser": _activity_parser,
    "fitfast": _fitfast,
    "fitfast, no totals": _fitfast_samples,
}

if __name__ == "__main__":
    main()
