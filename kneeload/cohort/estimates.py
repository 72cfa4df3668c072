"""Rates, shares and areas from counts, each with an interval that knows whose sessions they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

if TYPE_CHECKING:
    from kneeload.arrays import Floats
    from kneeload.cohort.blocks import Block

FEWEST = 5
"""Injuries below which nothing is said of a state, for the runners' privacy and for sense."""


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A number with its 95 % interval; NaN where it cannot be told.

    Parameters
    ----------
    p
        Two-sided, of no difference, where that is a question.
    """

    value: float = float("nan")
    low: float = float("nan")
    high: float = float("nan")
    p: float = float("nan")


UNKNOWN = Estimate()


def rate(block: Block, above: Floats, below: Floats, scale: float = 1.0) -> Estimate:
    """Return a ratio of two sums with an interval on the logarithmic scale.

    Parameters
    ----------
    above, below
        Weights of the counts, of the shape of `block.total`.
    scale
        What the ratio is multiplied with.
    """
    over, under = _sums(block, above, below)
    if over <= 0 or under <= 0:
        return UNKNOWN
    spread = _spread(block, above / over - below / under)
    value = scale * over / under
    return Estimate(value=value, low=value * np.exp(-spread), high=value * np.exp(spread))


def share(block: Block, above: Floats, below: Floats) -> Estimate:
    """Return a share, `above` being a part of `below`, with an interval on the logit scale."""
    over, under = _sums(block, above, below)
    rest = under - over
    if under <= 0:
        return UNKNOWN
    if over <= 0 or rest <= 0:
        return Estimate(value=over / under)
    spread = _spread(block, above / over - (below - above) / rest)
    logit = np.log(over / rest)
    low, high = (1 / (1 + np.exp(-(logit + sign * spread))) for sign in (-1, 1))
    return Estimate(value=over / under, low=float(low), high=float(high))


def mean(block: Block, above: Floats, below: Floats) -> Estimate:
    """Return a ratio of two sums with an interval on the scale itself."""
    over, under = _sums(block, above, below)
    if under <= 0:
        return UNKNOWN
    spread = _spread(block, above / under - below * over / under**2)
    value = over / under
    return Estimate(value=value, low=value - spread, high=value + spread)


def area(block: Block, quiet: Floats, injured: Floats, order: Floats) -> Estimate:
    """Return the area under the ROC curve of a score with few values.

    Parameters
    ----------
    quiet, injured
        Derivative of the number of sessions without and with an injury by each count; ties count
        one half. Shape of `block.total`.
    order
        Score of each cell, NaN for cells left out.

    References
    ----------
    Obuchowski NA. Biometrics 1997;53:567-578, doi:10.2307/2533958 (clustered data).
    """
    with np.errstate(invalid="ignore"):
        above = (order[:, None] > order) + 0.5 * (order[:, None] == order)
    without, hit = ((weights * block.total).sum(axis=0) for weights in (quiet, injured))
    inside = np.isfinite(order)
    m, n = without[inside].sum(), hit[inside].sum()
    if m <= 0 or n <= 0:
        return UNKNOWN
    # Pairs of a session with an injury and one without that the score puts in order, of all pairs.
    value = float(hit @ above @ without / (m * n))
    # How the area moves with one more session of each cell, without an injury and with one.
    by_hit = np.where(inside, (above @ without / m - value) / n, 0)
    by_quiet = np.where(inside, (hit @ above / n - value) / m, 0)
    influence = injured * by_hit + quiet * by_quiet
    spread = _spread(block, influence)
    return Estimate(value=value, low=value - spread, high=value + spread)


def t_limit(runners: int) -> float:
    """Return the 97.5 % point of Student's t with as many degrees of freedom as runners, less 1."""
    return float(stats.t.ppf(0.975, max(runners - 1, 1)))


def _sums(block: Block, above: Floats, below: Floats) -> tuple[float, float]:
    return float((above * block.total).sum()), float((below * block.total).sum())


def _spread(block: Block, influence: Floats) -> float:
    """Half the width of the interval."""
    variance = block.variance(influence[None])[0, 0]
    return float(t_limit(block.runners) * np.sqrt(max(variance, 0.0)))
