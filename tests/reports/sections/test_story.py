"""The opening sentence: from the data alone, clause by clause, each linked to its picture."""

import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest

from kneeload import frames, reports
from kneeload.reports.render import html
from kneeload.reports.sections.story import Story, clauses, story
from kneeload.reports.week_view import Scope, scope
from kneeload.settings import DEFAULTS
from tests import story as told


def _scope(pain: pd.DataFrame) -> Scope:
    found = scope(told.analysis(pain=pain), None)
    assert found is not None
    return found


def _scores(*rows: tuple[str, str, int]) -> pd.DataFrame:
    """Return scores of the left knee: date, moment, score."""
    frame = pd.DataFrame(rows, columns=["local_date", "moment", "score"])
    names = [f"p{n}" for n in range(len(frame))]
    return frames.conform(frame.assign(knee="left", origin="entered", pain_id=names), frames.PAIN)


# The long run of 19.2 km was on 28 February, the longest of the 30 days before it 14 km.
SETTLED = (
    ("2026-02-28", "during", 4), ("2026-03-01", "next_morning", 5), ("2026-03-03", "during", 3),
    ("2026-03-05", "during", 2), ("2026-03-08", "rest", 1),
)  # fmt: skip


def _story(*rows: tuple[str, str, int]) -> Story | None:
    return story(_scope(_scores(*rows)))


def test_how_it_began_went_and_settled() -> None:
    found = _story(*SETTLED)
    assert found is not None
    assert (found.began, found.run_km) == (dt.date(2026, 2, 28), 19.2)
    assert found.ratio is not None
    assert round(found.ratio, 2) == 1.37
    assert (found.worst, found.moment, found.worst_on) == (5, "next_morning", found.began)
    assert found.settled_days == 8


def test_the_sentence_in_words() -> None:
    week = _scope(_scores(*SETTLED))
    found = story(week)
    assert found is not None
    texts = [clause.text for clause in clauses(found, week)]
    assert texts[:3] == [
        "Your last spell of pain followed the run of 19.2 km on 28 February, 1.4 times the longest "
        "in the previous 30 days.",
        "It was worst the morning after the run (5/10).",
        "It settled within eight days.",
    ]


@pytest.mark.parametrize(
    ("later", "settled", "words"),
    [
        (
            (),
            None,
            "You have not scored the knee at rest since the last score of 3 or more on 3 March.",
        ),
        (
            (("2026-03-03", "rest", 0),),
            None,
            "You have not scored the knee at rest since the last score of 3 or more on 3 March.",
        ),
        (
            (("2026-03-05", "during", 0),),
            None,
            "You have not scored the knee at rest since the last score of 3 or more on 3 March.",
        ),
        ((("2026-03-04", "before", 2),), 4, "It settled within four days."),
        ((("2026-03-04", "next_morning", 2),), 4, "It settled within four days."),
        (
            (("2026-03-04", "after", 2), ("2026-03-05", "rest", 2)),
            5,
            "It settled within five days.",
        ),
        (
            (("2026-03-04", "rest", 2), ("2026-03-14", "after", 3)),
            None,
            "You have not scored the knee at rest since",
        ),
        (
            (("2026-03-14", "after", 3), ("2026-03-15", "before", 0)),
            15,
            "It settled within 15 days.",
        ),
        (
            (("2026-03-15", "after", 3), ("2026-03-16", "before", 0)),
            None,
            "It has not settled yet (last score of 3",
        ),
    ],
)
def test_it_has_settled_with_a_later_score_at_rest_of_at_most_two(
    later: tuple[tuple[str, str, int], ...], settled: int | None, words: str
) -> None:
    week = _scope(_scores(*SETTLED[:3], *later))
    found = story(week)
    assert found is not None
    assert found.settled_days == settled
    assert clauses(found, week)[2].text.startswith(words)


def test_it_settles_as_the_settings_of_the_plan_say() -> None:
    strict = replace(DEFAULTS, thresholds={"return_from_break.settled_score": 1.0})
    pain = _scores(*SETTLED[:3], ("2026-03-04", "before", 2))
    week = scope(told.analysis(pain=pain, settings=strict), None)
    assert week is not None
    found = story(week)
    assert found is not None
    assert (
        clauses(found, week)[2].text
        == "It has not settled yet (last score of 3 or more on 3 March)."
    )


def test_more_than_four_weeks_apart_are_two_spells() -> None:
    earlier = ("2026-01-30", "during", 6)
    apart, joined = (_story((day, "rest", 6), *SETTLED) for day in ("2026-01-30", "2026-01-31"))
    assert apart is not None
    assert joined is not None
    assert (apart.began, joined.began) == (dt.date(2026, 2, 28), dt.date(2026, 1, 31))
    assert earlier[2] > apart.worst


def test_scores_below_three_begin_nothing() -> None:
    assert _story(("2026-03-05", "during", 2)) is None
    assert story(_scope(frames.empty(frames.PAIN))) is None


def test_each_clause_leads_to_a_picture_of_the_page() -> None:
    page = html.render(reports.build(told.analysis()))
    for key in ("single-runs", "load-and-pain"):
        assert f'<a href="#{key}">' in page
        assert f'id="{key}"' in page


@pytest.mark.parametrize(
    ("green", "words"),
    [
        ("2026-02-26", "No run since then is rated green."),
        ("2026-03-17", "The longest run rated green since then is 6.0 km."),
    ],
)
def test_a_green_run_from_before_the_pain_says_nothing_of_now(green: str, words: str) -> None:
    """8 km on 26 February, 6 km on 17 March; the long run of 28 February began the spell."""
    calm = ((green, "during", 0), (f"{green[:8]}{int(green[8:]) + 1:02d}", "next_morning", 0))
    week = _scope(_scores(*SETTLED[:3], *calm))
    found = story(week)
    assert found is not None
    assert clauses(found, week)[3].text == words
