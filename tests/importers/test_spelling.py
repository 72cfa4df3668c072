"""Numbers and times as other countries spell them: one reading, or none."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kneeload.importers import spelling


def arabic(text: str) -> str:
    """Return a text in Arabic-Indic digits."""
    return text.translate({ord("0") + n: 0x660 + n for n in range(10)})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("48.1", 48.1),
        ("48,1000000", 48.1),
        ("-0,5", -0.5),
        ("\u22120.5", -0.5),
        ("\u0664\u0668\u066b\u0661", 48.1),
        ("४८.१", 48.1),
        ("1,234.5", 1234.5),
        ("1.234,5", 1234.5),
        ("1e3", 1000.0),
    ],
)
def test_a_number_of_another_country(text: str, value: float) -> None:
    assert spelling.number(text) == value


@pytest.mark.parametrize("text", ["", "undefined", "1,2,3", "48°", "--", "1 2"])
def test_no_number(text: str) -> None:
    assert math.isnan(spelling.number(text))


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2026-03-03T17:00:00ZZ", "2026-03-03T17:00:00+00:00"),
        ("2026-03-03T17:00:00z", "2026-03-03T17:00:00+00:00"),
        ("2026-03-03T17:00:00.5 UTC", "2026-03-03T17:00:00.500000+00:00"),
        ("2026-03-03T17:00:00+00:00Z", "2026-03-03T17:00:00+00:00"),
        ("2026-03-03 17:00:00 GMT", "2026-03-03T17:00:00+00:00"),
        ("2026/03/03 17:00:00", "2026-03-03T17:00:00"),
        (
            arabic("2026-03-03T17:00:00Z"),
            "2026-03-03T17:00:00+00:00",
        ),
        ("2569-03-03T17:00:00Z", "2026-03-03T17:00:00+00:00"),
        ("2026-03-03T5:00:00 PMZ", "2026-03-03T17:00:00+00:00"),
        ("2026-03-03T05:00:00 p. m.Z", "2026-03-03T17:00:00+00:00"),
        ("2026-03-03T12:00:00 AM", "2026-03-03T00:00:00"),
        ("2026-03-03T12:00:00PM", "2026-03-03T12:00:00"),
        ("2026-03-03T05:00:00 下午Z", "2026-03-03T17:00:00+00:00"),
        ("2026-03-03T05:00:00 مZ", "2026-03-03T17:00:00+00:00"),
        ("2026-03-03T17:00:00,5Z", "2026-03-03T17:00:00.500000+00:00"),
        ("2026-3-4T5:06:07\u22120130", "2026-03-04T05:06:07-01:30"),
    ],
)
def test_a_time_of_another_country(text: str, iso: str) -> None:
    found = spelling.time(text)
    assert found is not None
    assert found.isoformat() == iso


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "1447-09-14T17:00:00Z",
        "0008-03-03T17:00:00Z",
        "2026-03-03T17:00:00 PM",
        "x" * 99,
    ],
)
def test_no_time(text: str) -> None:
    assert spelling.time(text) is None


def test_the_year_of_another_calendar_is_named() -> None:
    assert spelling.year("1447-09-14T17:00:00Z") == 1447
    assert spelling.year(arabic("2569-03-03T17:00:00Z")) == 2569
    assert spelling.year("soon") is None


@settings(deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_a_time_or_none(text: str) -> None:
    found = spelling.time(text)
    assert found is None or 1900 <= found.year < 2200
    assert isinstance(spelling.number(text), float)
