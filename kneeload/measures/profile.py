"""A run's profile: all that loads need of its samples, in about a kilobyte, free of settings.

Layout of version 1, little-endian: version (uint8), three counts (uint16), `SCALARS` (float32);
heart rates (uint8) and their seconds (float32); grade-adjusted speeds (uint8) and their seconds
(float32); cells of 10-s segments: speeds, cadences, slopes (uint8) and how many (uint16). It is not
compressed: there is little to gain, and thousands are read at a time.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from kneeload.errors import LogError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from kneeload.arrays import Floats, Ints

VERSION = 1
ADJUSTED_STEP_MPS = 0.05
SPEED_STEP_MPS = 0.1
CADENCE_STEP_SPM = 2.0
GRADE_STEP = 0.01
GRADE_ZERO = 100
UNKNOWN = 255
SCALARS = ("segment_s", "steps", "ngp_mps", "peak_bpm")

HEADER = struct.Struct(f"<B3H{len(SCALARS)}f")
_HEART = (np.dtype("u1"), np.dtype("<f4"))
_ADJUSTED = (np.dtype("u1"), np.dtype("<f4"))
_CELLS = (np.dtype("u1"), np.dtype("u1"), np.dtype("u1"), np.dtype("<u2"))
COLUMNS = [*((0, t) for t in _HEART), *((1, t) for t in _ADJUSTED), *((2, t) for t in _CELLS)]


@dataclass(frozen=True, kw_only=True, eq=False)
class Profiles:
    """The profiles of many runs, each kind of entry in one array, with the run it belongs to.

    Parameters
    ----------
    runs
        How many runs there are; the arrays named ``..._run`` count them from 0.
    scalars
        One value per run for each of `SCALARS`: length of a segment [s], steps of both feet,
        normalised grade-adjusted speed [m/s], highest 30-s median heart rate [1/min].
    heart_bpm, heart_s
        Seconds at each heart rate.
    adjusted_mps, adjusted_s
        Seconds at each grade-adjusted speed while moving.
    cell_speed, cell_cadence, cell_grade
        Codes of the cells, see `speeds_mps`, `cadences_spm` and `slopes`.
    cell_s
        Seconds spent in each cell.
    """

    runs: int
    scalars: dict[str, Floats]
    heart_run: Ints
    heart_bpm: Ints
    heart_s: Floats
    adjusted_run: Ints
    adjusted_mps: Floats
    adjusted_s: Floats
    cell_run: Ints
    cell_speed: Ints
    cell_cadence: Ints
    cell_grade: Ints
    cell_s: Floats

    def parts(self, cells: int) -> list[slice]:
        """Return runs that follow each other, at least one at a time, with about so many cells."""
        before = np.searchsorted(self.cell_run, np.arange(self.runs))
        cuts = np.flatnonzero(np.diff(before // cells, prepend=0)).tolist()
        return [slice(*ends) for ends in pairwise([0, *cuts, self.runs])]

    def of(self, runs: slice) -> Profiles:
        """Return some runs that follow each other."""
        arrays: dict[str, Any] = {}
        for kind in ("heart", "adjusted", "cell"):
            owner = getattr(self, f"{kind}_run")
            entries = slice(*np.searchsorted(owner, (runs.start, runs.stop)))
            names = (field.name for field in fields(self) if field.name.startswith(kind))
            arrays |= {name: getattr(self, name)[entries] for name in names}
            arrays[f"{kind}_run"] = owner[entries] - runs.start
        scalars = {name: values[runs] for name, values in self.scalars.items()}
        return Profiles(runs=runs.stop - runs.start, scalars=scalars, **arrays)

    def total(self, run: Ints, values: Floats) -> Floats:
        """Return the sum of `values` for each run."""
        return np.bincount(run, weights=values, minlength=self.runs).astype(np.float64)


def unpack(blobs: Sequence[bytes]) -> Profiles:
    """Return the profiles of many runs; an empty blob is a run of which nothing was recorded.

    Raises
    ------
    LogError
        If a profile is of another version.
    """
    headers = np.array([_header(blob) for blob in blobs], dtype=np.float64)
    headers = headers.reshape(len(blobs), 3 + len(SCALARS))
    counts = headers[:, :3].astype(np.int64)
    columns = _columns(blobs, counts)
    owner = [np.repeat(np.arange(len(blobs)), counts[:, kind]) for kind in range(3)]
    scalars = {name: headers[:, 3 + i] for i, name in enumerate(SCALARS)}
    return Profiles(
        runs=len(blobs),
        scalars=scalars,
        heart_run=owner[0],
        heart_bpm=columns[0].astype(np.int64),
        heart_s=columns[1].astype(np.float64),
        adjusted_run=owner[1],
        adjusted_mps=columns[2] * ADJUSTED_STEP_MPS,
        adjusted_s=columns[3].astype(np.float64),
        cell_run=owner[2],
        cell_speed=columns[4].astype(np.int64),
        cell_cadence=columns[5].astype(np.int64),
        cell_grade=columns[6].astype(np.int64),
        cell_s=columns[7] * scalars["segment_s"][owner[2]],
    )


def speeds_mps() -> Floats:
    """Return the speed that each code of a cell stands for [m/s]."""
    return np.arange(UNKNOWN + 1, dtype=np.float64) * SPEED_STEP_MPS


def cadences_spm() -> Floats:
    """Return the cadence that each code stands for [steps of both feet/min], NaN for unknown."""
    return np.append(np.arange(UNKNOWN) * CADENCE_STEP_SPM, np.nan)


def slopes() -> Floats:
    """Return the slope that each code stands for as a fraction, NaN for unknown."""
    return np.append((np.arange(UNKNOWN) - GRADE_ZERO) * GRADE_STEP, np.nan)


def _header(blob: bytes) -> tuple[float, ...]:
    """Return counts and scalars."""
    if not blob:
        return (0, 0, 0, *[float("nan")] * len(SCALARS))
    version, *rest = HEADER.unpack_from(blob)
    if version != VERSION:
        raise LogError("the log was written by another version of kneeload: run `kneeload rebuild`")
    return tuple(rest)


def _columns(blobs: Sequence[bytes], counts: Ints) -> list[npt.NDArray[Any]]:
    """Return each column of `COLUMNS`, joined over all blobs."""
    kinds, dtypes = zip(*COLUMNS, strict=True)
    sizes = counts[:, kinds] * [dtype.itemsize for dtype in dtypes]
    ends = (HEADER.size + np.cumsum(sizes, axis=1)).T.tolist()
    starts = [[HEADER.size] * len(blobs), *ends[:-1]]
    return [
        np.frombuffer(_cut(blobs, start, end), dtype=dtype)
        for start, end, dtype in zip(starts, ends, dtypes, strict=True)
    ]


def _cut(blobs: Sequence[bytes], starts: list[int], ends: list[int]) -> bytes:
    """Return the piece of each blob, joined."""
    return b"".join([blob[a:b] for blob, a, b in zip(blobs, starts, ends, strict=True)])
