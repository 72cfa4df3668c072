"""Small helpers on arrays against loops that anybody can check."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kneeload.arrays import covered, highest, lowest, spans


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=8))
def test_covered_is_the_union_of_the_stretches(stretches: list[tuple[int, int]]) -> None:
    ordered = [(min(pair), max(pair)) for pair in stretches]
    expected = [any(low <= at < high for low, high in ordered) for at in range(30)]
    starts, ends = (np.array([pair[n] for pair in ordered], dtype=np.int64) for n in range(2))
    assert covered(starts, ends, 30).tolist() == expected


@given(st.lists(st.booleans(), max_size=40))
def test_spans_cover_what_they_were_made_of(mask: list[bool]) -> None:
    starts, ends = spans(np.array(mask, dtype=np.bool_))
    assert covered(starts, ends, len(mask)).tolist() == mask


@given(st.lists(st.one_of(st.floats(0, 1e7), st.just(float("nan"))), max_size=40))
def test_the_highest_and_the_lowest_pass_over_what_is_missing(values: list[float]) -> None:
    known = [value for value in values if value == value]
    array = np.array(values, dtype=np.float64)
    assert highest(array) == max(known, default=0.0)
    assert lowest(array) == min(known, default=np.inf)
