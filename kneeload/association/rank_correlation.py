"""Partial rank correlation of two short series, its chance distribution and its interval.

Everything works on the last axis: one runner is a vector, a simulated cohort a matrix.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from kneeload.arrays import Bools, Floats

    Numbers = NDArray[np.float64] | NDArray[np.uint16]

MIN_SHIFT = 3
WAVE_DAYS = 91
SPEARMAN_VARIANCE = 1.06
Z_95 = 1.959963984540054
_TIES = 1e-9
_erfc = np.vectorize(math.erfc, otypes=[np.float64])


@dataclass(frozen=True)
class Link:
    """How two series go together, one entry per runner; NaN where a series never varies.

    Parameters
    ----------
    rho
        Partial Spearman correlation.
    low, high
        95 % interval.
    p
        Two-sided, by circular shifts; never below 1 / (pairs - 4).
    interval_p
        Two-sided, of the interval; finer than shifts, and called a little too often.
    """

    rho: Floats
    low: Floats
    high: Floats
    p: Floats
    interval_p: Floats

    @property
    def positive(self) -> Bools:
        """Where more of the one went with more of the other."""
        return (self.rho > 0) & (self.p <= 0.05)

    @property
    def negative(self) -> Bools:
        """Where more of the one went with less of the other."""
        return (self.rho < 0) & (self.p <= 0.05)


def link(x: Floats, y: Floats, controls: Sequence[Floats], day: Floats) -> Link:
    """Return the Spearman correlation of `x` and `y`, partial on `controls` and time.

    Ranks are taken, the ranked controls and a smooth of time are regressed out of both, and the
    residuals correlated, over the last axis. The chance distribution shifts one residual series in
    a circle against the other, by at least three places, so that each keeps its own memory. Grade:
    *assumption*, chosen by simulation.

    Parameters
    ----------
    x, y
        Series in time order, complete; shape (n,) or (runners, n).
    controls
        Series of the same shape.
    day
        Time of each entry [d], rising; what drifts or follows the seasons goes with `smooth`.

    Returns
    -------
    Link
        Scalars as 0-d arrays for vectors, one entry per row for matrices.

    References
    ----------
    Bonett DG, Wright TA. Psychometrika 2000;65:23-28, doi:10.1007/BF02294183 (variance 1.06, or
    1 + rho^2 / 2 where that is more).
    Bartlett MS. J R Stat Soc 1935;98:536-543, doi:10.2307/2342284 (effective sample size).
    """
    # Ranks before the regression: a control may bend as it likes as long as it rises.
    basis = _basis([*(_centred_ranks(control) for control in controls), *smooth(day)])
    rx, ry = _residual(ranks(x), basis), _residual(ranks(y), basis)
    with np.errstate(invalid="ignore", divide="ignore"):
        rho = _normed(rx, ry)
        z, error = _fisher(rho, rx, ry, controls=basis.shape[-1] - 1)
    # The interval is symmetric on Fisher's scale, and so never leaves -1 to 1.
    low, high = np.tanh(z - Z_95 * error), np.tanh(z + Z_95 * error)
    return Link(rho, low, high, _shift_p(rho, rx, ry), normal_p(z / error))


def rank_correlation(x: Numbers, y: Numbers) -> Floats:
    """Return the plain Spearman correlation over the last axis, NaN where a series is constant."""
    rx, ry = _centred_ranks(x), _centred_ranks(y)
    with np.errstate(invalid="ignore", divide="ignore"):
        return _normed(rx, ry)


def smooth(day: Floats) -> list[Floats]:
    """Return slow waves over the length of a log, half a wave for every 91 days and at least one.

    Their sum follows a trend, a season or a bad spring, but not a single month. Grade:
    *assumption*, chosen by simulation.

    Parameters
    ----------
    day
        Time [d], rising over the last axis.
    """
    first, last = day[..., :1], day[..., -1:]
    # From 0 to 1 over the log; a log of one day divides by 1 rather than by 0.
    along = (day - first) / np.maximum(last - first, 1)
    waves = max(1, round(float((last - first).max()) / WAVE_DAYS))
    return [np.cos(np.pi * k * along) for k in range(1, waves + 1)]


def without_time(values: Floats, day: Floats) -> Floats:
    """Return the ranks of `values` less what a smooth of time tells of them."""
    return _residual(ranks(values), _basis(smooth(day)))


def ranks(values: Numbers) -> Floats:
    """Return the ranks over the last axis, from 1; equal values share the mean of theirs."""
    # Of each run of equal values, sorted, the first and the last place: their mean is the rank.
    order = np.argsort(values, axis=-1, kind="stable")
    ordered = np.take_along_axis(values, order, axis=-1)
    edge = np.ones((*values.shape[:-1], 1), dtype=np.bool_)
    rises = ordered[..., 1:] != ordered[..., :-1]
    place = np.arange(values.shape[-1])
    first = np.where(np.concatenate([edge, rises], axis=-1), place, 0)
    last = np.where(np.concatenate([rises, edge], axis=-1), place, len(place))
    # Every other place is 0 or beyond the end: the last rise so far is the run's first place, and
    # the next one, read backwards, its last.
    first = np.maximum.accumulate(first, axis=-1)
    last = np.minimum.accumulate(last[..., ::-1], axis=-1)[..., ::-1]
    places = np.empty(values.shape)
    np.put_along_axis(places, order, (first + last) / 2 + 1, axis=-1)
    return places


def _basis(controls: Sequence[Floats]) -> Floats:
    """Orthonormal columns that span a constant and the controls; spare ones are zero."""
    design = np.stack([np.ones_like(controls[0]), *controls], axis=-1)
    # Columns that only repeat others have no singular value of their own and become zero: with a
    # constant control, for one, least squares would have no single answer.
    u, s, _ = np.linalg.svd(design, full_matrices=False)
    return np.asarray(u * (s > _TIES * s[..., :1])[..., None, :], dtype=np.float64)


def _centred_ranks(values: Numbers) -> Floats:
    return np.asarray(ranks(values) - (values.shape[-1] + 1) / 2, dtype=np.float64)


def _residual(values: Floats, basis: Floats) -> Floats:
    """Return what the basis leaves of `values`; exactly zero where it leaves only rounding."""
    fitted = np.einsum("...nk,...k->...n", basis, np.einsum("...nk,...n->...k", basis, values))
    residual = values - fitted
    size = np.square(residual).sum(axis=-1, keepdims=True)
    return np.where(size > _TIES * np.square(values).sum(axis=-1, keepdims=True), residual, 0.0)


def _normed(a: Floats, b: Floats) -> Floats:
    product = (a * b).sum(axis=-1)
    size = np.sqrt(np.square(a).sum(axis=-1) * np.square(b).sum(axis=-1))
    return np.asarray(np.where(size > 0, product / size, np.nan), dtype=np.float64)


def _fisher(rho: Floats, rx: Floats, ry: Floats, *, controls: int) -> tuple[Floats, Floats]:
    """Fisher z and its error with as many observations as the two memories leave."""
    # Bartlett: two series that each remember yesterday hold fewer independent pairs than days.
    memory = _lag1(rx) * _lag1(ry)
    effective = rx.shape[-1] * (1 - memory) / (1 + memory)
    # Ranks vary more than Fisher's z allows for, and more so the closer they go together.
    variance = np.maximum(SPEARMAN_VARIANCE, 1 + np.square(rho) / 2)
    error = np.sqrt(variance / (effective - 3 - controls))
    return np.arctanh(np.clip(rho, -1 + _TIES, 1 - _TIES)), error


def normal_p(z: Floats) -> Floats:
    """Return the two-sided p of a standard normal deviate."""
    return np.asarray(_erfc(np.abs(z) / np.sqrt(2)), dtype=np.float64)


def _lag1(residual: Floats) -> Floats:
    lagged = (residual[..., 1:] * residual[..., :-1]).sum(axis=-1)
    return np.asarray(lagged / np.square(residual).sum(axis=-1), dtype=np.float64)


def _shift_p(rho: Floats, rx: Floats, ry: Floats) -> Floats:
    """Share of shifts that go together at least as closely, the real order counted among them."""
    n = rx.shape[-1]
    if n <= 2 * MIN_SHIFT:
        return np.full(rho.shape, np.nan)
    # Shifts below three places still line up neighbouring days, so they are no chance at all.
    together = circular(rx, ry)[..., [0, *range(MIN_SHIFT, n - MIN_SHIFT + 1)]]
    size = np.sqrt(np.square(rx).sum(axis=-1) * np.square(ry).sum(axis=-1))[..., None]
    # A hair below the real one counts as equal: the Fourier transform leaves rounding.
    as_close = np.abs(together) >= np.abs(together[..., :1]) - _TIES * size
    return np.asarray(np.where(np.isnan(rho), np.nan, as_close.mean(axis=-1)), dtype=np.float64)


def circular(fixed: Floats, moved: Floats) -> Floats:
    """Sum over i of fixed[i] * moved[i - s], for every shift s."""
    # A circular correlation is a product of Fourier transforms: n log n in place of n squared.
    product = np.fft.rfft(fixed) * np.conj(np.fft.rfft(moved))
    return np.asarray(np.fft.irfft(product, n=fixed.shape[-1]), dtype=np.float64)
