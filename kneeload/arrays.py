"""Small numpy helpers that several measures share."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Texts = npt.NDArray[np.object_]


def window_edges(size: int, half: int) -> tuple[Ints, Ints]:
    """Return first and last index of the centred window of each element, cut at the ends."""
    index = np.arange(size)
    return np.maximum(index - half, 0), np.minimum(index + half, size - 1)


def centred_mean(values: Floats, half: int) -> Floats:
    """Return the moving mean over `half` elements to either side, windows cut at the ends."""
    first, last = window_edges(values.size, half)
    total = np.concatenate(([0.0], np.cumsum(values)))
    mean: Floats = (total[last + 1] - total[first]) / (last + 1 - first)
    return mean


def spans(mask: Bools) -> tuple[Ints, Ints]:
    """Return start and end (exclusive) of each stretch of True."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], mask, [False])).astype(np.int8)))
    return edges[::2], edges[1::2]


def covered(starts: Ints, ends: Ints, size: int) -> Bools:
    """Return which elements lie in one of the stretches, whose ends are exclusive."""
    edges = np.bincount(starts, minlength=size + 1) - np.bincount(ends, minlength=size + 1)
    mask: Bools = np.cumsum(edges)[:size] > 0
    return mask


def ratio(over: Floats, under: Floats) -> Floats:
    """Divide, NaN where the divisor is not a positive number."""
    positive = under > 0
    return np.where(positive, over, np.nan) / np.where(positive, under, 1.0)
