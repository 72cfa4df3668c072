"""What a device recorded: one array per column, and a frame for those who ask for one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from kneeload.arrays import Bools, Floats, Ints

Instants = npt.NDArray[np.datetime64]

MICROSECONDS = np.dtype("datetime64[us]")


@dataclass(frozen=True, kw_only=True, eq=False)
class Records:
    """The records of one activity in the file's order; NaN and NaT are "not measured".

    Columns and units are those of `kneeload.frames.SAMPLES`; times are in UTC. Arrays may be
    shared, so they are never written to.
    """

    time: Instants
    latitude: Floats
    longitude: Floats
    distance_m: Floats
    speed_mps: Floats
    altitude_m: Floats
    hr_bpm: Floats
    cadence_spm: Floats
    segment: Ints

    @classmethod
    def of(cls, count: int, columns: Mapping[str, npt.NDArray[Any]]) -> Records:
        """Return `count` records of some columns; the others were not measured."""
        missing = np.full(count, np.nan)
        blanks: dict[str, npt.NDArray[Any]] = {
            "time": np.full(count, np.datetime64("NaT", "us")),
            "segment": np.zeros(count, dtype=np.int64),
        }
        return cls(**{f: columns.get(f, blanks.get(f, missing)) for f in COLUMNS})

    @classmethod
    def of_frame(cls, samples: pd.DataFrame) -> Records:
        """Return a frame like `SAMPLES` as arrays; columns that it lacks were not measured."""
        dtypes = {"time": MICROSECONDS, "segment": np.dtype(np.int64)}
        columns = {
            name: samples[name].to_numpy(dtypes.get(name, np.dtype(np.float64)))
            for name in COLUMNS
            if name in samples
        }
        records = cls.of(len(samples), columns)
        records.__dict__["frame"] = samples
        return records

    def __len__(self) -> int:
        return len(self.time)

    def __getitem__(self, rows: slice | Bools | Ints) -> Records:
        """Return some of the records."""
        return Records(**{name: getattr(self, name)[rows] for name in COLUMNS})

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The records as a frame, columns as in `kneeload.frames.SAMPLES`."""
        import pandas as pd

        columns = {name: getattr(self, name) for name in COLUMNS}
        return pd.DataFrame(columns | {"time": pd.DatetimeIndex(self.time).tz_localize("UTC")})

    @cached_property
    def timed(self) -> Bools:
        """Which records have a time."""
        return ~np.isnat(self.time)

    @cached_property
    def placed(self) -> Bools:
        """Which records have a latitude."""
        return ~np.isnan(self.latitude)

    @property
    def first_time(self) -> dt.datetime:
        """The first time there is."""
        first: dt.datetime = self.time[self.timed][0].astype(dt.datetime)
        return first.replace(tzinfo=dt.UTC)

    @property
    def seconds(self) -> Floats:
        """Times since 1970 [s], NaN where there is none."""
        return np.where(self.timed, self.time.astype(np.int64) / 1e6, np.nan)


COLUMNS = tuple(f.name for f in fields(Records))
