"""Limits: the numbers of the definitions, the reasons, and what stops any number."""

import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest

from kneeload.frames import DIARY, conform
from kneeload.planning import Plan, plan
from kneeload.settings import DEFAULTS, Settings, changed
from kneeload.weeks import weekly
from tests.diaries import diary

FOUR_WEEKS = "2026-W02..2026-W04 3x10 km\n2026-W05 2x10 km\n2026-01-31 16 km\n"
SCORED = "2026-02-09 knee 0 rest"


def planned(
    text: str, today: str, *, settings: Settings = DEFAULTS, run_km: float | None = None
) -> Plan:
    book, day = diary(text), dt.date.fromisoformat(today)
    weeks = weekly(book.runs, book.pain, settings=settings, today=day)
    return plan(
        weeks, book.runs, book.pain, book.diary, settings=settings, today=day, run_km=run_km
    )


def numbers(found: Plan) -> tuple[float | None, float | None, float | None]:
    return found.next_run_km, found.this_week_km, found.next_week_km


def test_the_longest_run_of_thirty_days_and_the_reference_week() -> None:
    """A long run more than a week old, then an easy week: 1.10 times each."""
    text = f"{FOUR_WEEKS}2026-W06 2x12 km\n{SCORED}"
    found = planned(text, "2026-02-10")
    assert numbers(found) == (17.6, 39.6, 39.6)
    assert found.reasons[0] == "Keep your next run to 17.6 km."
    assert "1.10 times the reference week (36.0 km)" in " ".join(found.reasons)


def test_a_longest_run_of_this_week_is_not_exceeded() -> None:
    found = planned(f"{FOUR_WEEKS}2026-02-02 knee 0", "2026-02-05")
    assert found.next_run_km == 16
    assert "(16.0 km) less than a week ago. Do not run further than that." in " ".join(
        found.reasons
    )


def test_two_runs_are_too_little_history() -> None:
    found = planned("2026-02-01 8 km\n2026-02-03 8 km, knee 0", "2026-02-04")
    assert found.next_run_km is None
    assert (
        "No number for your next run yet. You have 2 runs in the last 30 days, and kneeload needs "
        "three."
    ) in found.reasons


def test_a_week_whose_runs_all_lack_a_distance_stops_nothing() -> None:
    text = f"{FOUR_WEEKS}2026-W06 2x12 km\n{SCORED}\n2026-02-09 ? km"
    found = planned(text, "2026-02-10")
    assert (found.next_run_km, found.this_week_km) == (17.6, 39.6)
    assert planned("2026-02-09 ? km", "2026-02-09").next_run_km is None


def test_three_runs_are_enough() -> None:
    text = "2026-01-05 8 km\n2026-01-12 8 km\n2026-01-19 8 km\n2026-02-02 knee 0 rest"
    assert planned(text, "2026-01-28").next_run_km is not None


def test_no_runs_no_numbers() -> None:
    assert numbers(planned("", "2026-02-04")) == (None, None, None)
    book = diary("")
    assert plan(weekly(book.runs), book.runs).reasons == (
        "No number yet, because there are no runs.",
    )


def test_today_is_the_last_run_where_nobody_says() -> None:
    book = diary(FOUR_WEEKS)
    expected = planned(FOUR_WEEKS, "2026-01-31")
    assert plan(weekly(book.runs), book.runs) == expected


def test_an_easier_week_that_is_due_lowers_the_week() -> None:
    text = f"2026-W02..2026-W06 4x10 km\n{SCORED}"
    found = planned(text, "2026-02-09")
    assert found.this_week_km == 34
    assert found.next_week_km == 44  # after the easier week, against the week before it
    assert "A cutback week is due. Keep this week to 34.0 km, 0.85" in " ".join(found.reasons)


def test_what_is_left_of_the_week_limits_the_next_run() -> None:
    text = "2026-W02..2026-W04 4x10 km\n2026-01-26 16 km\n2026-01-28 16 km, knee 0"
    found = planned(text, "2026-01-29")
    assert (found.next_run_km, found.this_week_km) == (12, 44)
    assert "The limit for this week is 44.0 km, 32.0 km done so far." in found.reasons
    full = planned(text + "\n2026-01-29 20 km", "2026-01-30")
    assert full.next_run_km == 0
    over = "This week is 8.0 km over its limit of 44.0 km: no more running until Monday."
    assert full.reasons[0] == over
    sunday = planned(text + "\n2026-02-01 20 km", "2026-02-01")
    assert sunday.next_run_km == 20  # the run after today's falls into next week
    assert sunday.next_run_km <= (sunday.next_week_km or 0)


def test_the_longest_run_without_a_flag_is_exact() -> None:
    text = f"{FOUR_WEEKS}2026-W06 2x12 km\n{SCORED}"
    limit = planned(text, "2026-02-10").next_run_km
    assert limit is not None
    assert planned(text, "2026-02-10", run_km=limit).would_flag == ()
    over = planned(text, "2026-02-10", run_km=limit + 0.01)
    assert over.would_flag == ("long_run_spike",)
    far = planned(text, "2026-02-10", run_km=45)
    assert far.would_flag == ("long_run_spike", "week")  # the spike's flag tells the week too
    assert numbers(far) == numbers(over)


def test_the_old_name_of_the_limits_warns() -> None:
    with pytest.warns(DeprecationWarning, match="limits"):
        assert planned(FOUR_WEEKS, "2026-02-05").ceilings["Next run"] == "up to 16.0 km"


def test_a_week_already_over_is_flagged_by_any_further_run() -> None:
    text = "2026-W02..2026-W04 4x10 km\n2026-01-26 25 km\n2026-01-28 25 km, knee 0"
    assert planned(text, "2026-01-29", run_km=3).would_flag == ("week",)


MONTH = "2026-W02..2026-W05 4x10 km\n"


@pytest.mark.parametrize(
    ("today", "run", "week"),
    [
        ("2026-02-16", 5.0, 20.0),  # 14 days away: half of each
        ("2026-03-09", 3.3, 13.2),  # 35 days away: a third
        ("2026-02-12", 11.0, 30.0),  # 10 days away: the week only
    ],
)
def test_coming_back_from_a_break(today: str, run: float, week: float) -> None:
    found = planned(MONTH, today)
    assert (found.next_run_km, found.this_week_km) == (run, week)
    assert "a week that you ran before your break of" in " ".join(found.reasons)
    assert found.this_week_set_by == "return"


def test_too_little_before_a_break_is_no_number() -> None:
    found = planned("2026-01-05 2 km\n2026-01-30 1 km", "2027-02-16")
    assert numbers(found) == (None, None, None)
    assert found.reasons[0] == (
        "No number for your next run yet. You have no run in the last 30 days, and kneeload needs "
        "three."
    )


AMBER = "2026-02-09 10 km, left knee 0 before, left knee 4, onset 6.5 km"


def test_amber_pain_lowers_all_and_stays_below_the_onset() -> None:
    found = planned(MONTH + "2026-W06 4x10 km\n" + AMBER, "2026-02-10")
    assert (found.next_run_km, found.next_run_set_by) == (6.4, "pain")
    assert found.this_week_km == 34  # a cutback is due, which is less than no increase
    told = "Pain began at 6.5 km. Keep below that, flat and easy, until the knee has settled."
    assert told in found.reasons
    settled = AMBER.replace("knee 4", "knee 2") + "\n2026-02-10 left knee 0 next_morning"
    assert planned(MONTH + "2026-W06 4x10 km\n" + settled, "2026-02-10").next_run_km == 11


def test_amber_without_an_onset_takes_the_mean_run() -> None:
    found = planned(MONTH + AMBER.replace(", onset 6.5 km", ""), "2026-02-10")
    assert found.next_run_km == 8


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("2026-02-01 left knee 6", "No run for now. The left knee was rated red on 1 February. "),
        ("2026-02-01 symptom swelling", "A red flag is open (a swollen knee on 1 February)."),
    ],
)
def test_red_gives_no_number(entry: str, words: str) -> None:
    found = planned(MONTH + entry, "2026-02-03", run_km=30)
    assert numbers(found) == (None, None, None)
    assert found.reasons[0].startswith(words)
    assert found.would_flag[0] in {"pain_zone", "red_flag"}


def test_a_settled_knee_and_an_assessment_give_numbers_again() -> None:
    text = MONTH + "2026-02-01 left knee 6\n2026-02-01 symptom swelling\n2026-02-03 assessed\n"
    assert planned(text, "2026-02-03").next_run_km is None
    assert planned(text + "2026-02-03 left knee 3 rest", "2026-02-03").next_run_km is None
    assert planned(text + "2026-02-03 left knee 1 rest", "2026-02-03").next_run_km == 3
    assert planned(text, "2026-02-07").next_run_km is None
    assert planned(text, "2026-02-08").next_run_km == 3  # who rests as told gets a number again


@pytest.mark.parametrize("condition", ["after surgery", "Meniscus operation 2025"])
def test_after_surgery_there_are_no_limits(condition: str) -> None:
    found = planned(MONTH, "2026-02-02", settings=changed(DEFAULTS, "condition", condition))
    assert numbers(found) == (None, None, None)
    assert "After surgery the plan gives no numbers" in found.reasons[0]
    other = planned(MONTH, "2026-02-02", settings=changed(DEFAULTS, "condition", "runner's knee"))
    assert other.this_week_km is not None


def test_silence_allows_no_increase_where_scores_are_usual() -> None:
    text = "2026-W02..2026-W03 3x10 km\n2026-W04 3x11 km\n"
    assert planned(text, "2026-01-27").this_week_km == 36.3  # never scored: none is expected
    silent = planned(f"{text}2026-01-12 knee 1", "2026-01-27")
    assert silent.this_week_km == 33
    assert any("kneeload cannot tell how the knee is" in reason for reason in silent.reasons)
    assert planned(text + "2026-01-24 knee 1", "2026-01-27").this_week_km == 36.3


def test_limits_in_miles_are_rounded_down_in_miles() -> None:
    found = planned(f"{FOUR_WEEKS}{SCORED}", "2026-02-05", settings=Settings(units="mi"))
    assert found.limits["Next run"] == "up to 9.9 mi"  # 16 km are 9.94 mi
    assert found.next_run_km is not None
    assert found.next_run_km <= 16


def test_a_professionals_limits_go_before_all_but_red_flags() -> None:
    book = diary(MONTH + "2026-02-01 left knee 6")
    noted = {"kind": ["limits"], "local_date": pd.to_datetime(["2026-02-02"])}
    entries = {"run_km": [5.0], "week_km": [12.0], "no_downhill": [True]}
    own = conform(pd.DataFrame(noted | entries), DIARY)
    day = dt.date(2026, 2, 3)
    weeks = weekly(book.runs, book.pain, today=day)
    found = plan(weeks, book.runs, book.pain, own, today=day, run_km=7)
    assert numbers(found)[:2] == (5, 12)
    assert (found.next_run_set_by, found.this_week_set_by) == ("own", "own")
    assert "own_limits" in found.would_flag
    assert "Set by your physio on 2 February: no downhill." in found.reasons
    swollen = pd.concat([own, diary("2026-02-02 symptom swelling").diary], ignore_index=True)
    assert plan(weeks, book.runs, book.pain, swollen, today=day).next_run_km is None


STORIES = [
    (FOUR_WEEKS, "2026-02-05"),
    (MONTH, "2026-03-09"),
    (MONTH + AMBER, "2026-02-10"),
    (MONTH + "2026-02-01 left knee 6", "2026-02-02"),
    ("2026-02-01 8 km", "2026-02-01"),
]


@pytest.mark.parametrize(("text", "today"), STORIES)
def test_reasons_are_sentences_without_promises(text: str, today: str) -> None:
    found = planned(text, today)
    assert found.reasons
    for reason in found.reasons:
        assert reason.endswith((".", "%"))
        assert not any(word in reason.lower() for word in ("safe", "you can run", "risk", "nan"))


@pytest.mark.parametrize(("text", "today"), STORIES)
def test_what_lies_after_today_changes_nothing(text: str, today: str) -> None:
    later = f"{text}\n2026-05-01 40 km, knee 9\n2026-05-02 symptom swelling"
    assert planned(later, today) == replace(planned(text, today))
