"""What GPX and TCX share once their points are records: repeats, cadence, broken-off files."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from kneeload.arrays import median
from kneeload.errors import FileRefused
from kneeload.importers.sport import FOOT_SPORTS

if TYPE_CHECKING:
    from kneeload.arrays import Bools, Floats
    from kneeload.importers.xml import Reading
    from kneeload.model import Sport
    from kneeload.records import Records

MOST_SESSIONS = 5000
RUNNING_ONE_LEG_BELOW_SPM = 120.0
WALKING_ONE_LEG_BELOW_SPM = 80.0


def warnings_of(reading: Reading, records: Records) -> tuple[str, ...]:
    """Return what was odd about a document that can be used nevertheless.

    Raises
    ------
    FileRefused
        If it breaks off before two points with a time.
    """
    warnings = []
    if reading.cut_at is not None:
        if records.timed.sum() < 2:
            raise FileRefused(f"breaks off in line {reading.cut_at}, before any track was read")
        warnings.append(f"the file breaks off in line {reading.cut_at}; what is before it is kept")
    if reading.mended:
        warnings.append(
            "characters that XML forbids were repaired or removed; a name may have lost some"
        )
    warnings += reading.columns.oddities()
    if reading.columns.zoneless:
        warnings.append("some times have no zone and were taken as UTC")
    return tuple(warnings)


def first_seen(records: Records) -> tuple[Bools, tuple[str, ...]]:
    """Tell the segments that do not repeat earlier ones; say how many others there were.

    Points are the same where time and position are. A single shared point, as between a segment's
    end and the next one's start, is no repetition; nor are points without a time.
    """
    segment = records.segment
    if not np.diff(segment).any():
        return np.ones(len(records), dtype=np.bool_), ()
    located = np.flatnonzero(records.timed & records.placed)
    same = (records.time[located], records.latitude[located], records.longitude[located])
    order = np.lexsort((segment[located], *same))
    ordered = [column[order] for column in same]
    differs = [column[1:] != column[:-1] for column in ordered]
    starts = np.concatenate(([0], np.flatnonzero(np.any(differs, axis=0)) + 1))[: len(located)]
    rows = located[order]
    earliest = np.repeat(segment[rows[starts]], np.diff(starts, append=len(rows)))
    points = np.bincount(segment)
    again = np.bincount(segment[rows][earliest < segment[rows]], minlength=points.size)
    repeated = (again == points) & (points >= 2)
    if not (lost := int(repeated.sum())):
        return ~repeated[segment], ()
    count = f"{lost} segments repeat" if lost > 1 else "a segment repeats"
    return ~repeated[segment], (f"{count} earlier points and was counted once",)


def require_few(sessions: int) -> None:
    """Raise where a file holds more sessions than a runner records, so that time is bounded."""
    if sessions > MOST_SESSIONS:
        raise FileRefused(f"holds {sessions} recordings; a file may hold at most {MOST_SESSIONS}")


def finished(records: Records, sport: Sport) -> Records:
    """Return one session's records, segments counted from 0, cadence in steps."""
    segment = np.cumsum(np.diff(records.segment, prepend=records.segment[:1]) != 0)
    return replace(records, segment=segment, cadence_spm=steps_spm(records.cadence_spm, sport))


def steps_spm(cadence: Floats, sport: Sport) -> Floats:
    """Return cadence in steps of both feet per minute, NaN for wheels and water.

    GPX and TCX do not say whether they count one leg or both. An activity whose median cadence
    (of values above zero) is below 120 per minute for running, 80 for walking and hiking, counted
    one leg and is doubled. Evidence: *assumption*; runners take 150 to 200 steps per minute, so
    that 120 lies between one leg (75 to 100) and both; walkers take 90 to 130.
    """
    if sport not in FOOT_SPORTS:
        return np.full(cadence.size, np.nan)
    limit = RUNNING_ONE_LEG_BELOW_SPM if sport.is_running else WALKING_ONE_LEG_BELOW_SPM
    moving = cadence[cadence > 0]
    return cadence * 2 if moving.size and median(moving) < limit else cadence
