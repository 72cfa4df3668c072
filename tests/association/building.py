"""Small diaries written down by hand, as the frames that `explain` takes."""

import datetime as dt
from collections.abc import Sequence

import pandas as pd

from kneeload import frames
from kneeload.association.pain_free import MONTH_DAYS, PainFree, pain_free

FIRST = pd.Timestamp("2026-01-05")
TODAY = dt.date(2026, 3, 31)


def day(number: int) -> pd.Timestamp:
    """Return the date of a day, the first being 0."""
    return FIRST + pd.Timedelta(days=number)


def runs(*rows: tuple[int, float], **columns: object) -> pd.DataFrame:
    """Return runs by (day, km), named r0, r1, ...; further columns hold for all of them."""
    table = [
        {
            "run_id": f"r{number}",
            "local_date": day(on),
            "started_at": day(on).tz_localize("UTC") + pd.Timedelta(hours=7, minutes=number),
            "sport": "running",
            "distance_km": km,
            **columns,
        }
        for number, (on, km) in enumerate(rows)
    ]
    return frames.conform(pd.DataFrame(table), frames.RUNS) if table else frames.empty(frames.RUNS)


def pain(*rows: tuple[int, str, int], **columns: object) -> pd.DataFrame:
    """Return entered scores by (day, moment, score); further columns hold for all of them."""
    table = [
        {"local_date": day(on), "moment": moment, "score": score, "origin": "entered", **columns}
        for on, moment, score in rows
    ]
    return frames.conform(pd.DataFrame(table), frames.PAIN) if table else frames.empty(frames.PAIN)


def flags(**days: tuple[int, ...]) -> pd.DataFrame:
    """Return flags by rule, on the days given."""
    table = [{"rule": rule, "date": day(on)} for rule, all_ in days.items() for on in all_]
    known = frames.conform(pd.DataFrame(table), frames.FLAGS) if table else None
    return frames.empty(frames.FLAGS) if known is None else known


def diary(*rows: dict[str, object]) -> pd.DataFrame:
    """Return diary entries, one mapping each."""
    return frames.conform(pd.DataFrame(list(rows)), frames.DIARY)


def months(*each: Sequence[tuple[float, float, float]]) -> PainFree:
    """Return the pain-free distance of months of runs, newest first: km, during, onset km."""
    rows = [
        (pd.Timestamp(TODAY) - pd.Timedelta(days=MONTH_DAYS * back + n), *run)
        for back, runs in enumerate(each)
        for n, run in enumerate(runs)
    ]
    columns = ["local_date", "distance_km", "during", "onset_km"]
    return pain_free(pd.DataFrame(rows, columns=columns).sort_values("local_date"), TODAY)
