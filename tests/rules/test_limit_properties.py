"""One limit everywhere: what the plan says, what rules flag, and how scores move it."""

import os
from dataclasses import replace

import numpy as np
from hypothesis import assume, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from kneeload import formatting
from kneeload.planning import Plan
from tests.random_diaries import Book
from tests.strategies import books

MANY = int(os.environ.get("KNEELOAD_EXAMPLES", "1"))
EPS = 1e-9


def tenth(book: Book) -> float:
    """Return the smallest step that people read [km]."""
    return 0.1 / formatting.in_units(1, book.settings.units)


@examples(max_examples=15 * MANY, deadline=None)
@given(books())
def test_the_limit_raises_nothing_and_more_breaks_something(book: Book) -> None:
    found = book.plan()
    if not found.next_run_km:
        return
    assert (
        found.this_week_km is None
        or found.next_run_km <= max(found.this_week_km, found.next_week_km or 0) + EPS
    )
    assert book.plan(found.next_run_km).would_flag == ()
    assert book.plan(found.next_run_km + tenth(book)).would_flag != ()


def smallest(found: Plan) -> tuple[float, float]:
    return found.next_run_km or 0, found.this_week_km or 0


def largest(found: Plan) -> tuple[float, float]:
    """Return the limits, infinite where only a short history leaves none: that forbids nothing."""
    said = " ".join(found.reasons)
    run = np.inf if "No number for your next run" in said else 0
    week = np.inf if "No number for this week" in said else 0
    return (
        run if found.next_run_km is None else found.next_run_km,
        week if found.this_week_km is None else found.this_week_km,
    )


@examples(max_examples=25 * MANY, deadline=None)
@given(books(), st.data())
def test_a_lower_score_of_the_last_run_never_lowers_a_limit(
    book: Book, data: st.DataObject
) -> None:
    assume(book.last_scores)
    place = data.draw(st.sampled_from(book.last_scores))
    lower = book.lowered(place, data.draw(st.integers(0, book.scores[place][2] - 1)))
    for more, less in zip(largest(lower.plan()), smallest(book.plan()), strict=True):
        assert more >= less - EPS


@examples(max_examples=15 * MANY, deadline=None)
@given(books())
def test_no_limit_jumps_overnight_without_another_reason(book: Book) -> None:
    evening, morning = book.plan(), replace(book, today=book.today + 1).plan()
    for before, after in zip(smallest(evening), smallest(morning), strict=True):
        if abs(after - before) > max(1, 0.3 * max(before, after)) + EPS:
            assert set(morning.reasons[1:]) != set(evening.reasons[1:])
