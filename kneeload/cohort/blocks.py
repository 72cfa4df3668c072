"""Counts by runner, kept as their sums and the sums of their products: all that intervals need.

Every estimate here is a smooth function of summed counts, so that its runner-clustered variance
is a quadratic form in those sums of products. They add up over any partition of the runners, and
whole numbers add up exactly: the same result on one machine and on a thousand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kneeload.arrays import Floats, Ints


@dataclass(frozen=True, eq=False)
class Block:
    """Counts in cells: how much of each measure all runners have, and how runners differ.

    Parameters
    ----------
    total
        Sum over runners; shape (measures, cells).
    moment
        Sum over runners of the products of their counts, flattened; shape (size, size).
    runners
        Runners counted, those with nothing left out.
    """

    total: Floats
    moment: Floats
    runners: int

    def __add__(self, other: Block) -> Block:
        """Return the counts of both sets of runners, which must not overlap."""
        return Block(
            self.total + other.total, self.moment + other.moment, self.runners + other.runners
        )

    def variance(self, influence: Floats) -> Floats:
        """Return the clustered covariance of estimates from their derivatives.

        Parameters
        ----------
        influence
            Derivative of each estimate by each total; shape (estimates, measures, cells), such
            that its product with the totals is 0 (estimates do not change with scale).

        References
        ----------
        Liang KY, Zeger SL. Biometrika 1986;73:13-22, doi:10.1093/biomet/73.1.13, with the usual
        correction G/(G - 1) for G runners.
        """
        flat = influence.reshape(len(influence), -1)
        correction = self.runners / max(self.runners - 1, 1)
        return np.asarray(correction * (flat @ self.moment @ flat.T))


def block(who: Ints, cell: Ints, cells: int, measures: Sequence[Floats], runners: int) -> Block:
    """Return the counts of `measures` in `cells` of the runners 0 to `runners` - 1.

    Parameters
    ----------
    who, cell
        The runner and the cell of each row.
    measures
        What each row adds to each measure; whole numbers keep sums exact.
    """
    # One number for runner and cell, so that one count sorts all rows into the table.
    place = who * cells + cell
    sums = [np.bincount(place, measure, minlength=runners * cells) for measure in measures]
    table = np.array(sums, dtype=np.float64).reshape(len(measures), runners, cells)
    flat = table.transpose(1, 0, 2).reshape(runners, -1)
    # A runner with nothing to count tells nothing of how runners differ.
    flat = flat[flat.any(axis=1)]
    return Block(table.sum(axis=1), flat.T @ flat, len(flat))
