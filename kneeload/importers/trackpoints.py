"""What GPX and TCX share once their points are samples: repeats, cadence, broken-off files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kneeload import frames
from kneeload.errors import FileRefused
from kneeload.importers.sport import FOOT_SPORTS

if TYPE_CHECKING:
    import pandas as pd

    from kneeload.importers.xml import Reading
    from kneeload.model import Sport

MOST_SESSIONS = 5000
RUNNING_ONE_LEG_BELOW_SPM = 120.0
WALKING_ONE_LEG_BELOW_SPM = 80.0

_SAME_POINT = ["time", "latitude", "longitude"]


def timed(samples: pd.DataFrame) -> int:
    """Return the number of points with a time."""
    return int(samples["time"].notna().sum())


def warnings_of(reading: Reading, samples: pd.DataFrame) -> tuple[str, ...]:
    """Return what was odd about a document that can be used nevertheless.

    Raises
    ------
    FileRefused
        If it breaks off before two points with a time.
    """
    warnings = []
    if reading.cut_at is not None:
        if timed(samples) < 2:
            raise FileRefused(f"breaks off in line {reading.cut_at}, before any track was read")
        warnings.append(f"the file breaks off in line {reading.cut_at}; what is before it is kept")
    if reading.mended:
        warnings.append("characters that XML forbids were mended; a name may have lost some")
    warnings += reading.columns.oddities()
    if reading.columns.zoneless:
        warnings.append("some times have no zone and were taken as UTC")
    return tuple(warnings)


def first_seen(samples: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Drop segments all of whose points are in earlier segments; say how many there were.

    Points are the same where time and position are. A single shared point, as between a segment's
    end and the next one's start, is no repetition; nor are points without a time.
    """
    segment = samples["segment"]
    if segment.nunique() < 2:
        return samples, ()
    known = samples["time"].notna() & samples["latitude"].notna()
    earliest = samples[known].groupby(_SAME_POINT)["segment"].transform("min")
    again = (earliest < segment[known]).reindex(samples.index, fill_value=False)
    per_segment = again.groupby(segment).agg(["all", "size"])
    repeated = per_segment.index[per_segment["all"] & (per_segment["size"] >= 2)]
    if repeated.empty:
        return samples, ()
    count = f"{len(repeated)} segments repeat" if len(repeated) > 1 else "a segment repeats"
    return samples[~segment.isin(repeated)], (f"{count} earlier points and was counted once",)


def require_few(sessions: int) -> None:
    """Raise where a file holds more sessions than a runner records, so that time is bounded."""
    if sessions > MOST_SESSIONS:
        raise FileRefused(f"holds {sessions} recordings; a file may hold {MOST_SESSIONS}")


def finished(samples: pd.DataFrame, sport: Sport) -> pd.DataFrame:
    """Return one session's samples with the columns of `SAMPLES`, segments counted from 0."""
    kept = samples[list(frames.SAMPLES)].reset_index(drop=True)
    segment = kept["segment"].to_numpy()
    kept["segment"] = (np.diff(segment, prepend=segment[:1]) != 0).cumsum()
    kept["cadence_spm"] = steps_spm(kept["cadence_spm"], sport)
    return kept


def steps_spm(cadence: pd.Series, sport: Sport) -> pd.Series | float:
    """Return cadence in steps of both feet per minute, NaN for wheels and water.

    GPX and TCX do not say whether they count one leg or both. An activity whose median cadence
    (of values above zero) is below 120 per minute for running, 80 for walking and hiking, counted
    one leg and is doubled. Evidence: *assumption*; runners take 150 to 200 steps per minute, so
    that 120 lies between one leg (75 to 100) and both; walkers take 90 to 130.
    """
    if sport not in FOOT_SPORTS:
        return float("nan")
    limit = RUNNING_ONE_LEG_BELOW_SPM if sport.is_running else WALKING_ONE_LEG_BELOW_SPM
    return cadence * 2 if cadence[cadence > 0].median() < limit else cadence
