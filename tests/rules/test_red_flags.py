"""Red flags: open until assessed, silenced by nothing else."""

import datetime as dt

import pandas as pd
import pytest

from kneeload.rules import check
from kneeload.rules.red_flags import ADVICE, SIGNS, SYMPTOMS, red_flags
from kneeload.settings import DEFAULTS, Settings
from kneeload.weeks import weekly
from tests.diaries import diary
from tests.rules.test_distance import flags_of

SWELLING = "2026-03-10 10 km\n2026-03-14 symptom swelling"


@pytest.mark.parametrize(
    ("symptom", "urgency"),
    [
        ("breathless", "emergency"),
        ("deformity", "emergency"),
        ("hot_joint", "same_day"),
        ("fever", "same_day"),
        ("cannot_bear_weight", "same_day"),
        ("locked", "same_day"),
        ("calf_swelling", "same_day"),
        ("swelling", "within_days"),
        ("giving_way", "within_days"),
        ("night_pain", "within_days"),
        ("bone_spot", "within_days"),
        ("limp", "within_days"),
        ("something_else", "within_days"),
    ],
)
def test_how_soon_a_sign_wants_a_professional(symptom: str, urgency: str) -> None:
    book = diary(f"2026-03-14 symptom {symptom}")
    found = red_flags(book.diary, book.pain, DEFAULTS)
    assert found["urgency"].tolist() == [urgency]
    flag = flags_of(f"2026-03-10 10 km\n2026-03-14 symptom {symptom}").iloc[-1]
    assert flag["flag_id"] == f"red_flag-2026-03-14-{symptom}"
    assert flag["severity"] == "alert"
    assert ADVICE[found["urgency"].iloc[0]] in flag["message"]


def test_the_diary_takes_the_twelve_symptoms() -> None:
    assert len(SYMPTOMS) == 12
    assert set(SYMPTOMS) < set(SIGNS)
    assert "lasting_pain" not in SYMPTOMS


@pytest.mark.parametrize(
    ("assessed", "still_open"), [("2026-03-13", True), ("2026-03-14", False), ("2026-03-20", False)]
)
def test_an_assessment_closes_what_lies_before_it(assessed: str, still_open: bool) -> None:
    book = diary(f"{SWELLING}\n{assessed} assessed")
    assert red_flags(book.diary, book.pain, DEFAULTS)["open"].tolist() == [still_open]
    flags = flags_of(f"{SWELLING}\n{assessed} assessed")
    assert flags["acknowledged"].tolist() == [not still_open]


def test_an_assessment_to_come_closes_nothing() -> None:
    book = diary(f"{SWELLING}\n2026-03-20 assessed")
    today = dt.date(2026, 3, 19)
    found = check(weekly(book.runs), book.runs, diary=book.diary, today=today)
    assert found["acknowledged"].tolist() == [False]


def test_nothing_silences_a_red_flag() -> None:
    book = diary(SWELLING)
    settings = Settings(profile="off")
    weeks = weekly(book.runs)
    flags = check(
        weeks,
        book.runs,
        book.pain,
        book.diary,
        settings=settings,
        acknowledged={"red_flag-2026-03-14-swelling"},
    )
    assert flags["rule"].tolist() == ["red_flag"]
    assert not flags["acknowledged"].any()


@pytest.mark.parametrize(("born", "sign"), [(None, "limp"), (2007, "young_limp"), (2006, "limp")])
def test_a_limping_teenager_sees_a_doctor_today(born: int | None, sign: str) -> None:
    book = diary("2026-03-14 symptom limp")
    found = red_flags(book.diary, book.pain, Settings(birth_year=born))
    assert found["sign"].tolist() == [sign]


@pytest.mark.parametrize(
    ("born", "what", "count"),
    [(None, "trauma", 0), (1971, "trauma", 1), (1972, "trauma", 0), (1971, "injury", 0)],
)
def test_a_fall_from_55_on_is_one_and_an_injury_by_itself_none(
    born: int | None, what: str, count: int
) -> None:
    book = diary(f"2026-03-14 {what} left")
    assert len(red_flags(book.diary, book.pain, Settings(birth_year=born))) == count


@pytest.mark.parametrize(
    ("today", "further", "until", "still_open"),
    [
        (14, "", None, True),
        (21, "", None, True),  # seven days later
        (22, "", None, False),
        (16, "\n2026-03-15 assessed", None, False),
        (16, "\n2026-03-13 assessed", None, True),
        (16, "", 15, False),  # healed
        (16, "", 16, True),
        (17, "\n2026-03-14 trauma right", 15, True),  # one of two is healed
    ],
)
def test_a_fall_wants_a_doctor_for_a_week(
    today: int, further: str, until: int | None, still_open: bool
) -> None:
    book = diary(f"2026-03-14 trauma left{further}")
    noted = book.diary.copy()
    if until:
        noted.loc[0, "until"] = pd.Timestamp(2026, 3, until)
    day = dt.date(2026, 3, today)
    found = red_flags(noted, book.pain, Settings(birth_year=1960), day)
    assert found["sign"].tolist() == ["injury_at_55"]
    assert found["open"].tolist() == [still_open]


def test_a_healed_injury_of_three_years_ago_says_nothing() -> None:
    book = diary("2023-03-14 trauma left\n2026-03-14 symptom swelling")
    found = red_flags(book.diary, book.pain, Settings(birth_year=1960), dt.date(2026, 3, 14))
    assert found.loc[found["open"], "sign"].tolist() == ["swelling"]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2026-03-01 knee 6\n2026-03-08 knee 7\n2026-03-15 knee 6\n2026-03-16 knee 6", [15]),
        ("2026-03-01 knee 6\n2026-03-08 knee 7\n2026-03-14 knee 6", []),  # thirteen days
        ("2026-03-01 knee 6\n2026-03-08 knee 7\n2026-03-15 knee 5", []),  # not above five
        ("2026-03-01 knee 6\n2026-03-15 knee 6", []),  # two days only
        ("2026-03-01 knee 6\n2026-03-15 knee 6\n2026-03-15 knee 7 after", []),  # still two
        ("2026-03-01 knee 6\n2026-03-08 knee 6\n2026-03-21 knee 6", [21]),  # the last 21 days
        ("2026-03-01 knee 6\n2026-03-08 knee 6\n2026-03-22 knee 6", []),
        # lower scores between do not end it, nor another knee's 0
        ("2026-03-01 knee 6\n2026-03-05 knee 0\n2026-03-08 knee 6\n2026-03-15 knee 6", [15]),
        (
            "2026-03-01 left knee 6\n2026-03-08 left knee 6\n2026-03-09 right knee 0\n"
            "2026-03-15 both knee 6",
            [15],
        ),
        # one knee's pain is not the other's
        ("2026-03-01 left knee 6\n2026-03-08 right knee 6\n2026-03-15 left knee 6", []),
        # an assessment ends it; what it looked at does not count again
        (
            "2026-03-01 knee 6\n2026-03-08 knee 6\n2026-03-14 assessed\n2026-03-15 knee 6\n"
            "2026-03-20 knee 6\n2026-03-28 knee 6\n2026-03-29 knee 6",
            [29],
        ),
    ],
)
def test_pain_above_five_for_two_weeks_is_one(text: str, days: list[int]) -> None:
    book = diary(text)
    found = red_flags(book.diary, book.pain, DEFAULTS)
    assert found["local_date"].dt.day.tolist() == days
    assert (found["sign"] == "lasting_pain").all()


def test_an_unsure_knee_is_the_one_of_the_settings() -> None:
    book = diary("2026-03-01 left knee 6\n2026-03-08 knee 6\n2026-03-15 left knee 6")
    assert red_flags(book.diary, book.pain, DEFAULTS).empty
    assert len(red_flags(book.diary, book.pain, Settings(knee="left"))) == 1


def test_each_runner_has_their_own_assessments() -> None:
    book = diary(
        "anna: 2026-03-14 symptom swelling\nzoe: 2026-03-14 symptom swelling\n"
        "zoe: 2026-03-15 assessed\nanna: 2026-03-10 5 km\nanna: 2026-03-10 knee 2"
    )
    found = red_flags(book.diary, book.pain, DEFAULTS)
    assert dict(zip(found["runner"], found["open"], strict=True)) == {"anna": True, "zoe": False}
