"""The analysis of a day: all frames, nothing later."""

import datetime as dt

import pandas as pd

from kneeload.analysis import analyse
from kneeload.planning import plan
from kneeload.rules import check
from kneeload.settings import DEFAULTS
from kneeload.weeks import weekly
from tests.diaries import diary

TEXT = """
2026-W02..2026-W06 3x10 km
2026-02-11 ride 40 km, suspect 90 km, 20 km, left knee 4
2026-03-01 12 km, knee 1
2026-03-02 symptom swelling
"""


def test_an_analysis_holds_what_the_functions_say() -> None:
    book, today = diary(TEXT), dt.date(2026, 2, 12)
    found = analyse(book.runs, book.pain, book.diary, settings=DEFAULTS, today=today)
    weeks = weekly(book.runs, book.pain, today=today)
    pd.testing.assert_frame_equal(found.weeks[weeks.columns], weeks)
    flags = check(weeks, book.runs, book.pain, book.diary, today=today)
    pd.testing.assert_frame_equal(found.flags, flags)
    assert found.plan == plan(weeks, book.runs, book.pain, book.diary, today=today)


def test_runs_are_the_running_activities_up_to_today() -> None:
    book, today = diary(TEXT), dt.date(2026, 2, 12)
    found = analyse(book.runs, book.pain, book.diary, settings=DEFAULTS, today=today)
    assert len(found.activities) == 18
    assert set(found.runs["sport"]) == {"running"}
    assert found.runs["suspect"].sum() == 1
    assert found.activities["local_date"].max() <= pd.Timestamp(today)
    assert len(found.pain) == 1
    assert found.diary.empty


def test_acknowledged_flags_are_marked() -> None:
    book = diary(TEXT)
    found = analyse(
        book.runs,
        book.pain,
        book.diary,
        settings=DEFAULTS,
        today=dt.date(2026, 3, 5),
        acknowledged=frozenset({"pain_zone-2026-02-11-left", "red_flag-2026-03-02-swelling"}),
    )
    marked = found.flags.set_index("flag_id")["acknowledged"]
    assert marked["pain_zone-2026-02-11-left"]
    assert not marked["red_flag-2026-03-02-swelling"]


def test_an_empty_log_has_an_analysis() -> None:
    book = diary("")
    found = analyse(book.runs, book.pain, book.diary, settings=DEFAULTS, today=dt.date(2026, 3, 5))
    assert found.weeks.empty
    assert found.flags.empty
    assert found.plan.next_run_km is None
