"""The kilometre at which pain began: its trend against scipy's Theil-Sen estimate."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import theilslopes

from kneeload.association.painfree import theil_sen

POINTS = st.lists(
    st.tuples(st.integers(0, 400), st.integers(10, 300)), min_size=3, max_size=40
).filter(lambda points: len({x for x, _ in points}) > 1)


@given(POINTS)
def test_the_slope_and_its_interval_are_those_of_scipy(points: list[tuple[int, int]]) -> None:
    x, y = (np.array(values, dtype=float) for values in zip(*points, strict=True))
    with np.errstate(invalid="ignore"):
        expected = theilslopes(y / 10, x)
    assert theil_sen(x, y / 10) == pytest.approx(
        (expected.slope, expected.low_slope, expected.high_slope), nan_ok=True
    )


def test_a_straight_line_has_its_slope_alone() -> None:
    x = np.arange(12.0)
    assert theil_sen(x, 3 - 0.25 * x) == (-0.25, -0.25, -0.25)
