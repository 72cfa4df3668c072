"""Pack what loads need of an activity's samples into its profile: see `profile` for the layout."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kneeload.arrays import centred_mean, zero_where_nan
from kneeload.measures.heart_rate import peak_bpm
from kneeload.measures.intensity import grade_factor
from kneeload.measures.profile import (
    ADJUSTED_STEP_MPS,
    CADENCE_STEP_SPM,
    COLUMNS,
    GRADE_STEP,
    GRADE_ZERO,
    HEADER,
    SPEED_STEP_MPS,
    UNKNOWN,
    VERSION,
)
from kneeload.measures.resampling import STANDING_MPS, grades

if TYPE_CHECKING:
    from kneeload.arrays import Floats, Ints
    from kneeload.measures.heart_rate import Heart
    from kneeload.measures.resampling import Grid

SEGMENT_S = 10.0
ROLLING_HALF_S = 15.0
FASTEST_MPS = 10.0
_CELL_STEPS = np.array([[SPEED_STEP_MPS], [CADENCE_STEP_SPM], [GRADE_STEP]])
_CELL_ZEROS = np.array([[0], [0], [GRADE_ZERO]])


def pack(grid: Grid, heart: Heart) -> bytes:
    """Return the profile of one activity."""
    slope = grades(grid)
    heart_bpm, heart_s = _weighted(heart.bpm, heart.held_s)
    adjusted, ngp = _adjusted(grid, slope)
    codes, seconds = _weighted(adjusted / ADJUSTED_STEP_MPS, np.full(adjusted.size, grid.step_s))
    cells, counts, segment_s = _cells(grid, slope)
    header = (VERSION, heart_bpm.size, codes.size, counts.size)
    scalars = (segment_s, _step_count(grid), ngp, peak_bpm(heart))
    columns = (heart_bpm, heart_s, codes, seconds, *cells, counts)
    body = (c.astype(t).tobytes() for c, (_, t) in zip(columns, COLUMNS, strict=True))
    return HEADER.pack(*header, *scalars) + b"".join(body)


def _adjusted(grid: Grid, slope: Floats) -> tuple[Floats, float]:
    """Return grade-adjusted speeds while moving, and their normalised mean (fourth powers).

    Jumps of the position are cut to 10 m/s, or their fourth power would outweigh the run.
    """
    speed = np.minimum(grid.speed_mps, FASTEST_MPS) * grade_factor(zero_where_nan(slope))
    moving = speed[grid.speed_mps >= STANDING_MPS]
    if not moving.size:
        return moving, float("nan")
    rolling = centred_mean(moving, max(1, round(ROLLING_HALF_S / grid.step_s)))
    return moving, float(np.mean(rolling**4) ** 0.25)


def _cells(grid: Grid, slope: Floats) -> tuple[list[Ints], Ints, float]:
    """Return speed, cadence and slope codes of each kind of moving segment, and how many it has."""
    length = max(1, round(SEGMENT_S / grid.step_s))
    whole = grid.speed_mps.size // length * length
    steps = np.stack([v[:whole] for v in (grid.speed_mps, grid.cadence_spm, slope)])
    segments = _blockwise(steps, length)
    codes = _coded(segments[:, segments[0] >= STANDING_MPS] / _CELL_STEPS + _CELL_ZEROS)
    packed = (codes[0] << 16) | (codes[1] << 8) | codes[2]
    kinds, counts = np.unique(packed, return_counts=True)
    cells = [kinds >> 16, (kinds >> 8) & 0xFF, kinds & 0xFF]
    return cells, counts.astype(np.int64), length * grid.step_s


def _blockwise(values: Floats, length: int) -> Floats:
    """Return the mean of each block of a row over what is known in it, NaN where nothing is."""
    blocks = values.reshape(len(values), -1, length)
    finite = np.isfinite(blocks)
    count = finite.sum(axis=-1)
    sums = np.where(finite, blocks, 0.0).sum(axis=-1)
    return np.where(count > 0, sums / np.maximum(count, 1), np.nan)


def _coded(values: Floats) -> Ints:
    return np.where(np.isfinite(values), _rounded(values), UNKNOWN).astype(np.int64)


def _rounded(values: Floats) -> Floats:
    return np.clip(np.rint(values), 0, UNKNOWN - 1)


def _weighted(values: Floats, weights: Floats) -> tuple[Ints, Floats]:
    """Return the whole values that occur, and the sum of the weights of each."""
    finite = np.isfinite(values)
    codes = _rounded(values[finite]).astype(np.int64)
    sums = np.bincount(codes, weights=weights[finite])
    return np.flatnonzero(sums), sums[sums > 0].astype(np.float64)


def _step_count(grid: Grid) -> float:
    return float(np.nansum(grid.cadence_spm[grid.moving])) * grid.step_s / 60
