"""The watch's clock set right where its file tells how: before the first fix, after a rollover."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kneeload.model import Activity

ROLLOVER = dt.timedelta(weeks=1024)
"""GPS counts weeks in ten bits; an old receiver then begins again."""

JUMP_S = 12 * 3600.0
_JUMP = np.timedelta64(int(JUMP_S), "s")
LONGEST_WRONG_S = 600.0
LARGEST_WRONG_SHARE = 0.2
BEFORE_FIX = np.datetime64("1995", "us")
FIRST_FIT = dt.datetime(2008, 1, 1, tzinfo=dt.UTC)
_NEAR_NAME = dt.timedelta(hours=36)
_NAMED_DATE = re.compile(r"(?<!\d)(20\d\d)([-_.]?)([01]\d)\2([0-3]\d)(?!\d{4})")


def set_right(activity: Activity, name: str, kind: str) -> Activity:
    """Return an activity on the clock that most of its records, or its file's name, tell.

    Parameters
    ----------
    activity
        As decoded.
    name
        The file's name, which often holds the date.
    kind
        The decoder's name; no FIT file is older than the format.
    """
    return _after_rollover(_by_majority(activity), name, kind)


def _by_majority(activity: Activity) -> Activity:
    """Move the few records from before the first fix to those after it, and the start with them.

    A clock that was wrong until then jumps by more than half a day. What is less than a fifth of
    the records and lasts at most ten minutes, or lies before 1995, is moved. (assumptions)
    """
    times = activity.records.time
    if len(times) < 3:
        return activity
    jumps = np.flatnonzero(np.abs(np.diff(times)) > _JUMP) + 1
    moved = _moved(times, jumps) if jumps.size else times
    dated = moved[~np.isnat(moved)]
    if not dated.size:
        return activity
    first, last = dated.min(), dated.max()
    start = first.astype(dt.datetime).replace(tzinfo=dt.UTC)
    astray = abs((activity.started_at - start).total_seconds()) > JUMP_S
    if moved is times and not (astray and first > BEFORE_FIX):
        return activity
    records = activity.records
    if moved is not times:
        records = replace(records, time=moved, segment=_joined(records.segment, jumps))
    warning = f"the clock was wrong at first; dated {start:%Y-%m-%d} as most of its records are"
    span_s = float((last - first) / np.timedelta64(1, "s"))
    sound = activity.elapsed_s is None or activity.elapsed_s <= span_s + JUMP_S
    return activity.replaced(
        samples=records,
        started_at=start if astray else activity.started_at,
        elapsed_s=activity.elapsed_s if sound else None,
        warnings=(*activity.warnings, warning),
    )


def _moved(times: NDArray[np.datetime64], jumps: NDArray[np.intp]) -> NDArray[np.datetime64]:
    """Return times in which the blocks before the largest lead up to it; the same array if none."""
    edges = [0, *jumps.tolist(), len(times)]
    sizes = np.diff(edges)
    main = int(np.argmax(sizes))
    wrong = range(main)
    if not main or not all(_is_wrong(times[edges[b] : edges[b + 1]], len(times)) for b in wrong):
        return times
    moved = times.copy()
    for block in reversed(wrong):
        low, high = edges[block], edges[block + 1]
        lead = moved[high] - np.nanmedian(np.diff(times[edges[main] : edges[main + 1]]))
        moved[low:high] += lead - np.nanmax(times[low:high])
    return moved


def _is_wrong(block: NDArray[np.datetime64], count: int) -> bool:
    dated = block[~np.isnat(block)]
    if not dated.size or dated.max() < BEFORE_FIX:
        return len(block) * 2 < count
    short = (dated.max() - dated.min()) / np.timedelta64(1, "s") <= LONGEST_WRONG_S
    return bool(short) and len(block) < LARGEST_WRONG_SHARE * count


def _joined(segment: NDArray[np.int64], jumps: NDArray[np.intp]) -> NDArray[np.int64]:
    """Return segments without those that began at a jump of the clock."""
    begins = np.diff(segment, prepend=segment[:1]) != 0
    begins[jumps] = False
    numbers: NDArray[np.int64] = np.cumsum(begins)
    return numbers


def _after_rollover(activity: Activity, name: str, kind: str) -> Activity:
    """Move a start that is 1,024 weeks before the date in the file's name; doubt an older FIT."""
    late = activity.started_at + ROLLOVER
    if any(abs(late - date) <= _NEAR_NAME for date in _dates(name)):
        text = f"the clock was 1,024 weeks early (GPS week rollover); dated {late:%Y-%m-%d} as its"
        records = activity.records
        records = replace(records, time=records.time + np.timedelta64(ROLLOVER))
        warnings = (*activity.warnings, f"{text} file's name says")
        return activity.replaced(samples=records, started_at=late, warnings=warnings)
    if kind == "fit" and dt.datetime(1995, 1, 1, tzinfo=dt.UTC) < activity.started_at < FIRST_FIT:
        year = activity.started_at.year
        text = f"the clock says {year}, before FIT files existed; 1,024 weeks (a GPS week rollover)"
        return activity.replaced(doubt=f"{text} later is {late:%Y-%m-%d}")
    return activity


def _dates(name: str) -> list[dt.datetime]:
    """Return the noons of the dates that a file's name holds."""
    dates = []
    for year, _, month, day in _NAMED_DATE.findall(name):
        try:
            dates.append(dt.datetime(int(year), int(month), int(day), 12, tzinfo=dt.UTC))
        except ValueError:
            continue
    return dates
