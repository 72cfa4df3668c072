"""Where in a run the pain began: kilometres to minutes and back, through the run's samples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kneeload import formatting
from kneeload.measures.tracks import as_track
from kneeload.records import Records

if TYPE_CHECKING:
    import datetime as dt

    import pandas as pd

    from kneeload.arrays import Floats
    from kneeload.formatting import Units


_ROUNDING_KM = 0.1
_KM_DECIMALS, _MIN_DECIMALS = 2, 1


def converted(
    samples: pd.DataFrame, onset_km: float | None, onset_min: float | None
) -> tuple[float | None, float | None]:
    """Return the onset as distance and as time, the missing one of the two read off the samples.

    Parameters
    ----------
    samples
        Columns of `kneeload.frames.SAMPLES`.
    onset_km, onset_min
        Distance [km] and time on the running clock, pauses taken out [min].

    Returns
    -------
    tuple of float or None
        Distance [km] and time [min]; a value that lies beyond the run or that no sample tells
        stays ``None``.
    """
    track = as_track(Records.of_frame(samples))
    km, minutes = track.way_m / 1000, track.clock_s / 60
    if onset_km is None and onset_min is not None:
        return _read_off(onset_min, minutes, km, _KM_DECIMALS), onset_min
    if onset_min is None and onset_km is not None:
        return onset_km, _read_off(onset_km, km, minutes, _MIN_DECIMALS)
    return onset_km, onset_min


def beyond(onset_km: float, day: dt.date, run_km: float, units: Units) -> str:
    """Return what is wrong with pain that begins beyond the end of its run, "" where nothing is.

    Parameters
    ----------
    onset_km, run_km
        Distances [km]; what lies within the rounding of the distance that people read is fine.
    """
    if not onset_km > run_km + _ROUNDING_KM:
        return ""
    began, length = (formatting.distance(km, units) for km in (onset_km, run_km))
    return (
        f"pain cannot begin at {began}: the run of {formatting.day_and_year(day)} was {length} long"
    )


def _read_off(value: float, along: Floats, values: Floats, decimals: int) -> float | None:
    """Return `values` at the first place where `along` reaches `value`."""
    measured = np.isfinite(along) & np.isfinite(values)
    along, values = along[measured], values[measured]
    if not along.size or value > along.max() or np.ptp(values) == 0:
        return None
    risen, first = np.unique(np.maximum.accumulate(along), return_index=True)
    return round(float(np.interp(value, risen, values[first])), decimals)
