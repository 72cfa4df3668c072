"""What people type for a value: every usual form is taken, the ambiguous is refused with both."""

import datetime as dt
import json
from collections.abc import Callable
from contextlib import suppress

import pytest
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as st

from kneeload.cli.forms import OTHER_WORDS, stored_name, symptoms, typed_day
from kneeload.diary.validation import CHOICES
from kneeload.rules.red_flags import SYMPTOMS
from kneeload.settings import KEYS, setting_meanings
from tests.cli.invoking import invoke

TODAY = dt.date(2026, 8, 1)
NAMES = CHOICES | {"symptom": SYMPTOMS}


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-07-20", "2026-07-20"),
        ("2026/7/20", "2026-07-20"),
        ("20.7.2026", "2026-07-20"),
        ("3.4.2026", "2026-04-03"),
        ("20.7.26", "2026-07-20"),
        ("20.7.", "2026-07-20"),
        ("20.9.", "2025-09-20"),
        ("1.8.", "2026-08-01"),
        ("29.2.", "2024-02-29"),
        ("20/7/2026", "2026-07-20"),
        ("7/20/2026", "2026-07-20"),
        ("5/5/2026", "2026-05-05"),
        ("20 July", "2026-07-20"),
        ("jul 20, 2025", "2025-07-20"),
        ("today", "2026-08-01"),
        ("Yesterday", "2026-07-31"),
    ],
)
def test_a_date_in_any_usual_form(typed: str, day: str) -> None:
    assert typed_day(typed, TODAY) == dt.date.fromisoformat(day)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("3/4/2026", "'3/4/2026' could be 2026-03-04 or 2026-04-03"),
        ("ju 1", "is not a date like 2026-03-14, 14.3.2026 or yesterday"),
        ("soon", "'soon' is not a date like"),
        ("31.2.2026", "'31.2.2026' is not a date like"),
        ("2026-13-01", "is not a date like"),
        ("", "'' is not a date like"),
    ],
)
def test_a_date_that_is_none_or_two_is_refused(typed: str, told: str) -> None:
    with pytest.raises(ValueError, match=r"date|could") as refused:
        typed_day(typed, TODAY)
    assert told in str(refused.value)


@given(st.dates(dt.date(2001, 1, 1), dt.date(2099, 12, 31)))
def test_every_date_is_read_as_it_is_written(day: dt.date) -> None:
    forms = (f"{day.day}.{day.month}.{day.year}", f"{day.day} {day:%B} {day.year}", str(day))
    assert {typed_day(form, TODAY) for form in forms} == {day}


@given(st.text(max_size=12))
def test_no_text_breaks_a_date(typed: str) -> None:
    with suppress(ValueError):
        assert typed_day(typed, TODAY).year > 0


@pytest.mark.parametrize(
    ("what", "typed", "name"),
    [
        ("knee", "l", "left"),
        ("knee", "RIGHT", "right"),
        ("moment", "morning", "next_morning"),
        ("moment", "next morning", "next_morning"),
        ("moment", "afterwards", "after"),
        ("site", "above", "above_kneecap"),
        ("site", "lateral", "outer"),
        ("symptom", "swollen", "swelling"),
        ("symptom", "swelling", "swelling"),
        ("symptom", "giving-way", "giving_way"),
        ("symptom", "weight", "cannot_bear_weight"),
    ],
)
def test_a_name_is_recognised(what: str, typed: str, name: str) -> None:
    assert stored_name(what, typed, NAMES[what]) == name


@pytest.mark.parametrize(
    ("what", "typed", "told"),
    [
        ("site", "kneecap", "site 'kneecap' could be below_kneecap or above_kneecap"),
        (
            "knee",
            "lfet",
            "not 'lfet'; did you mean left?",
        ),
        ("knee", "", "not ''"),
        ("moment", "zzz", "not 'zzz'"),
    ],
)
def test_a_name_that_is_none_or_two_is_refused(what: str, typed: str, told: str) -> None:
    with pytest.raises(ValueError, match=what) as refused:
        stored_name(what, typed, NAMES[what])
    assert str(refused.value).endswith(told)


def test_other_words_lead_to_names_there_are() -> None:
    for what, meanings in OTHER_WORDS.items():
        assert set(meanings.values()) <= set(NAMES[what])
        assert not set(meanings) & set(NAMES[what])


@pytest.mark.parametrize(("typed", "score"), [("3/10", 3), ("10 / 10", 10), ("7 out of 10", 7)])
def test_a_score_out_of_ten(kneeload: Callable[..., Result], typed: str, score: int) -> None:
    assert kneeload("pain", "add", typed, "--note", "typed").exit_code == 0
    (entry,) = [
        p for p in json.loads(kneeload("pain", "list", "--json").stdout) if p["note"] == "typed"
    ]
    assert entry["score"] == score


@pytest.mark.parametrize("typed", ["3/5", "11/10", "2-3", "3,5", "/10"])
def test_a_score_out_of_anything_else_is_refused(
    kneeload: Callable[..., Result], typed: str
) -> None:
    refused = kneeload("pain", "add", typed)
    assert (refused.exit_code, "a whole number from 0 to 10" in refused.stderr) == (2, True)
    assert ("3 or 4?" in refused.stderr) == (typed == "3,5")


@pytest.mark.parametrize(
    ("key", "typed", "stored"),
    [("units", "miles", "mi"), ("units", "Kilometres", "km"), ("week_start", "sun", "sunday")],
)
def test_a_setting_is_recognised(
    empty: Callable[..., Result], key: str, typed: str, stored: str
) -> None:
    assert empty("settings", "set", key, typed).output == f"Set {key} to {stored}.\n"


def test_a_symptom_is_recognised_and_called_by_its_name(empty: Callable[..., Result]) -> None:
    for words in (("pain", "add", "--symptom", "swollen"), ("note", "symptom", "swollen", "knee")):
        assert "See a professional within days." in empty(*words).output
    assert empty("note", "list", "--csv").stdout.count(",symptom,swelling,") == 2


def test_the_help_describes_symptoms_and_settings() -> None:
    page = invoke("pain", "add", "--help").output
    assert [name for name, _ in symptoms()] == list(SYMPTOMS)
    assert all(f"  {name}" in page and words in page for name, words in symptoms())
    page = invoke("settings", "--help").output
    assert all(setting_meanings().values())
    assert all(f"\n  {key}  " in page for key in KEYS)
