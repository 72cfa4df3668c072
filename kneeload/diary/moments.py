"""When in a run a line was written: its moment and its run, from its words, its clock, the runs."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kneeload.diary.lines import Stamp
    from kneeload.model import Moment

AFTER = dt.timedelta(hours=3)
"""A score this soon after a run is of the time after it. (convention)"""
MORNING_ENDS = dt.time(11)
"""Until then a score may be of the morning after a run. (convention)"""

_DAY = dt.timedelta(days=1)


class RunTime(NamedTuple):
    """A run in time; one whose time is not known has none."""

    run_id: str
    start: dt.datetime | None
    end: dt.datetime | None


class Placed(NamedTuple):
    """The moment and the run of a score, the run empty where its day tells it."""

    moment: Moment
    run_id: str = ""


def placed(
    moment: Moment, stamp: Stamp, zone: str, runs: Mapping[dt.date, Sequence[RunTime]]
) -> Placed:
    """Return the moment and the run of a score of a line.

    Words win. Without any, a score during a run or within three hours of its end is of that run;
    one before eleven o'clock is the next morning's where there was a run the day before.

    Parameters
    ----------
    moment
        What the line's words say.
    stamp, zone
        When it was written, and the zone of a clock without an offset.
    runs
        By local date, in order of their start.
    """
    instant = stamp.instant(zone)
    if instant is None or moment in {"next_morning", "rest"}:
        return Placed(moment)
    near = [run for day in (-1, 0) for run in runs.get(stamp.date + day * _DAY, ()) if run.start]
    if moment == "before":
        return Placed(moment, _first_from(near, instant, runs.get(stamp.date, ())))
    run = _last_until(near, instant)
    lately = run is not None and run.end is not None and instant <= run.end + AFTER
    today = run is not None and run in runs.get(stamp.date, ())
    if moment != "unsure":
        return Placed(moment, run.run_id if run and (lately or today) else "")
    if run and lately and run.end:
        return Placed("during" if instant <= run.end else "after", run.run_id)
    if stamp.clock and stamp.clock < MORNING_ENDS and runs.get(stamp.date - _DAY):
        return Placed("next_morning")
    return Placed("unsure")


def _first_from(near: Iterable[RunTime], instant: dt.datetime, today: Sequence[RunTime]) -> str:
    """Return the first run of the day that begins then or later, else the last that began."""
    ahead = [run for run in today if run.start and run.start >= instant]
    if ahead:
        return ahead[0].run_id
    run = _last_until(near, instant)
    return run.run_id if run in today and run else ""


def _last_until(near: Iterable[RunTime], instant: dt.datetime) -> RunTime | None:
    begun = [run for run in near if run.start and run.start <= instant]
    return begun[-1] if begun else None
