"""What happened to a knee, in order of the day on which it was known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given

from kneeload.frames import RUNS
from kneeload.rules import knee_frames
from kneeload.rules.setbacks import Story, Trouble, story
from kneeload.weeks import countable_runs
from tests.strategies import books

if TYPE_CHECKING:
    from kneeload.settings import Settings
    from tests.random_diaries import Book

RED = 3
RESTED = {"before", "next_morning", "rest"}


def _story(book: Book) -> Story:
    runs, pain, diary = book.frames
    own = countable_runs(runs, also=RUNS)
    knee = knee_frames(own, pain, diary, settings=book.settings)
    return story(own, knee["zones"], knee["pain"], diary, book.settings)


def _has_settled(told: Story, red: Trouble, day: int, settings: Settings) -> bool:
    """Ask every score: a low one after it at rest, or days enough since the last high one."""
    most, days = (
        settings.threshold(f"return_from_break.settled_{name}") for name in ("score", "days")
    )
    columns = (getattr(told.scores, name) for name in ("day", "score", "moment", "knee"))
    scores = [row[:3] for row in zip(*columns, strict=True) if row[3] == red.knee]
    high = [on for on, score, _ in scores if on <= day and score > most]
    low = [
        on
        for on, score, moment in scores
        if red.known_on < on <= day and score <= most and moment in RESTED
    ]
    return bool(low) or day >= max(max(high, default=red.known_on), red.day) + days


@given(books())
def test_troubles_and_setbacks_are_in_order_of_the_day_they_were_known_on(book: Book) -> None:
    told = _story(book)
    for things in (told.troubles, told.setbacks):
        assert [t.known_on for t in things] == sorted(t.known_on for t in things)
    assert all(t.known_on >= t.day for t in told.troubles)


@given(books())
def test_the_red_run_that_rests_is_the_newest_unsettled_one(book: Book) -> None:
    told = _story(book)
    last = max((t.known_on for t in told.troubles), default=0)
    first = min((t.day for t in told.troubles), default=0)
    for day in range(first - 1, last + 10):
        newest = {t.knee: t for t in told.troubles if t.level == RED and t.known_on <= day}
        open_ = [t for t in newest.values() if not _has_settled(told, t, day, book.settings)]
        expected = max(open_, key=lambda t: t.known_on, default=None)
        assert told.resting(day, book.settings) == expected


@given(books())
def test_a_stretch_holds_what_the_whole_story_holds_of_it(book: Book) -> None:
    told = _story(book)
    for setback in told.setbacks:
        for day in range(setback.day, setback.day + 40, 3):
            run = told.first_since(day)
            assert told.troubles_since(setback, run, day) == [
                t
                for t in told.troubles
                if t.known_on <= day
                and t.before < run + (t.run < 0)
                and (t.run >= setback.after if t.run >= 0 else t.day > setback.known_on)
            ]
            assert told.troubled_between(setback.day, day, day) == any(
                setback.day <= t.day < day and t.known_on <= day for t in told.troubles
            )
