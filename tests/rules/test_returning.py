"""The return after pain: the tables of the documentation, and properties of random diaries."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tests.returns import DAY, GREEN, HURT, RED, STORIES, Runner
from tests.strategies import scores_of_a_day

PAGE = Path(__file__).parents[2] / "docs" / "plan.md"


def told() -> dict[str, str]:
    """Return the stories that the page tells, and their runs."""
    rows = (line.strip("| \n").split(" | ") for line in PAGE.read_text("utf-8").splitlines())
    return {row[0]: row[1] for row in rows if row[0] in STORIES}


def test_the_page_tells_every_story() -> None:
    assert [*told()] == [*STORIES]


@pytest.mark.parametrize("name", STORIES)
def test_the_runs_of_each_story_are_those_of_the_page(name: str) -> None:
    weeks = told()[name]
    assert "; ".join(" ".join(week) for week in STORIES[name]()) == weeks


def test_nothing_is_said_of_runs_until_red_pain_has_settled() -> None:
    runner = Runner(20, RED[:3])
    days = [HURT + n * DAY for n in range(1, 9)]
    assert [runner.plan(day).next_run_km for day in days] == [None] * 7 + [3]


@pytest.mark.parametrize(
    ("day", "km", "told"),
    [
        (
            0,
            4.8,
            "4.87 km. Do not run further than that until you know how your knee is the morning "
            "after your latest run.",
        ),
        (1, 5.8, "4.87 km. The next run may be up to 1 km longer."),
    ],
)
def test_a_run_that_a_limit_starts_from_is_never_rounded_up(day: int, km: float, told: str) -> None:
    runner, ran = Runner(20, RED), HURT + 10 * DAY
    runner.run(ran - 2 * DAY, 4.87, GREEN)
    runner.run(ran, 4.87, GREEN)
    found = runner.plan(ran + day * DAY)
    assert found.next_run_km == km
    assert any(
        reason.endswith(f"your longest run without trouble was {told}") for reason in found.reasons
    )


def test_a_longest_run_that_the_limit_repeats_is_never_rounded_up_either() -> None:
    runner = Runner(13, GREEN)
    runner.run(HURT + 5 * DAY, 17.76, GREEN)
    found = runner.plan(HURT + 7 * DAY)
    assert found.next_run_km == 17.7
    assert (
        "You ran your longest run of the last 30 days (17.76 km) less than a week ago."
        in " ".join(found.reasons)
    )


def test_a_settled_three_is_no_return() -> None:
    new = [("during", 0, 3), ("next_morning", 1, 1)]
    assert Runner(13, new).plan(HURT + 7 * DAY).next_run_set_by == "pain"
    assert Runner(13, [("during", 0, 3)]).plan(HURT + 2 * DAY).next_run_set_by == "return"


def test_the_run_that_hurt_is_no_longest() -> None:
    runner = Runner(24, RED)
    assert (runner.plan(HURT + 7 * DAY).next_run_km or 0) == 3
    assert runner.plan(HURT + 7 * DAY, run_km=12).would_flag == ("return_from_break",)


@examples(max_examples=8, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 4), st.integers(2, 20), scores_of_a_day), max_size=6))
def test_what_is_filled_to_its_limit_breaks_nothing(
    steps: list[tuple[int, int, list[tuple[str, int, int]]]],
) -> None:
    runner, day = Runner(18, RED), HURT
    for days, km, written in steps:
        day += dt.timedelta(days=days)
        runner.run(day, km, [(m, int(m == "next_morning"), score) for m, _, score in written])
    found = runner.plan(day + DAY)
    if found.next_run_km:
        assert found.this_week_km is None or found.next_run_km <= found.this_week_km + 1e-9
        assert runner.plan(day + DAY, run_km=found.next_run_km).would_flag == ()
        assert runner.plan(day + DAY, run_km=found.next_run_km + 0.1).would_flag != ()


@examples(max_examples=6, deadline=None)
@given(st.sampled_from(["during", "next_morning"]), st.integers(1, 7), st.integers(1, 9))
def test_a_lower_score_of_the_last_run_never_lowers_a_limit(
    moment: str, score: int, days: int
) -> None:
    limits = []
    for value in (score, score - 1):
        kept = [entry for entry in GREEN if entry[0] != moment]
        runner = Runner(13, [*kept, (moment, int(moment == "next_morning"), value)])
        limits.append(runner.plan(HURT + days * DAY).next_run_km or 0)
    assert limits[1] >= limits[0]
