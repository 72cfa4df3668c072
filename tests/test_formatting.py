"""Numbers, dates and units as every surface writes them."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneeload import formatting
from kneeload.formatting import Units

DASH = "\u2013"


@pytest.mark.parametrize(
    ("km", "units", "text"),
    [
        (5.2, "km", "5.2 km"),
        (5.0, "mi", "3.1 mi"),
        (42.195, "mi", "26.2 mi"),
        (0.0, "km", "0.0 km"),
        (None, "km", DASH),
        (float("nan"), "mi", DASH),
    ],
)
def test_distance(km: float | None, units: Units, text: str) -> None:
    assert formatting.distance(km, units) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0:00"), (59.6, "1:00"), (2530, "42:10"), (3599.5, "1:00:00"), (3723, "1:02:03")],
)
def test_duration(seconds: float, text: str) -> None:
    assert formatting.duration(seconds) == text


def test_pace_in_both_units() -> None:
    assert formatting.pace(3400, 10, "km") == "5:40/km"
    assert formatting.pace(3400, 10, "mi") == "9:07/mi"  # 340 s times 1.609344 is 547 s


@pytest.mark.parametrize(("seconds", "km"), [(None, 5), (1500, None), (1500, 0), (1500, -1)])
def test_no_pace_without_time_and_distance(seconds: float | None, km: float | None) -> None:
    assert formatting.pace(seconds, km) == DASH


def test_height() -> None:
    assert formatting.height(1234.4) == "1,234 m"
    assert formatting.height(310, "mi") == "1,017 ft"
    assert formatting.height(None) == DASH


def test_numbers_and_counts() -> None:
    assert formatting.number(148.4) == "148"
    assert formatting.number(None) == DASH
    assert formatting.percent(1.1) == "110 %"
    assert formatting.count(1, "run") == "1 run"
    assert formatting.count(1200, "run") == "1,200 runs"
    assert formatting.how_often(1) == "once"
    assert formatting.how_often(2) == "twice"
    assert formatting.how_often(3) == "3 times"
    assert formatting.number_name(4) == "four"
    assert formatting.number_name(12) == "12"
    assert formatting.hours(1.5) == "1.5 h"
    assert formatting.hours(0.5) == "30 min"


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        ("2026-03-16", "2026-03-22", f"16{DASH}22 March 2026"),
        ("2026-03-30", "2026-04-05", f"30 March {DASH} 5 April 2026"),
        ("2025-12-29", "2026-01-04", f"29 December 2025 {DASH} 4 January 2026"),
    ],
)
def test_span_names_each_month_and_year_once(first: str, last: str, text: str) -> None:
    assert formatting.date_range(dt.date.fromisoformat(first), dt.date.fromisoformat(last)) == text


def test_days() -> None:
    date = dt.date(2026, 3, 14)
    assert formatting.day(date) == "14 March"
    assert formatting.day_and_year(date) == "14 March 2026"
    assert formatting.weekday(date) == "Sat 14 March"


@pytest.mark.parametrize(
    ("parts", "text"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "", "b", "c"], "a, b and c")],
)
def test_listed(parts: list[str], text: str) -> None:
    assert formatting.join(parts) == text


def test_sentence() -> None:
    assert formatting.sentence("amber") == "Amber."
    assert formatting.sentence(" 5 km. ") == "5 km."
    assert formatting.sentence("") == ""


def test_converted_speaks_miles_wherever_kilometres_stood() -> None:
    said = "The run of 16.1 km was over 1,000 km in 30 days; the kmart is 5 kmh away."
    assert formatting.convert_km_in_text(said, "km") == said
    assert formatting.convert_km_in_text(said, "mi") == (
        "The run of 10.0 mi was over 621.4 mi in 30 days; the kmart is 5 kmh away."
    )


@given(st.floats(0.01, 1000))
def test_miles_and_kilometres_agree(km: float) -> None:
    assert formatting.in_units(km, "mi") * 1.609344 == pytest.approx(km)


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_what_was_not_measured_is_never_a_number(value: float) -> None:
    assert (formatting.number(value) == DASH) == (not formatting.is_finite(value))
    assert (formatting.none_if_nan(value) is None) == (not formatting.is_finite(value))


@pytest.mark.parametrize(
    ("km", "units", "text"),
    [
        (8.87, "km", "8.87 km"),
        (8.9, "km", "8.9 km"),
        (8.84, "km", "8.8 km"),
        (16, "km", "16.0 km"),
        (8.0, "mi", "4.97 mi"),
        (8.1, "mi", "5.0 mi"),
        (2.5703, "mi", "1.59 mi"),
    ],
)
def test_a_run_that_a_limit_starts_from(km: float, units: Units, text: str) -> None:
    assert formatting.base_distance(km, units) == text


@given(st.floats(0.1, 200), st.sampled_from(["km", "mi"]))
def test_no_limit_looks_smaller_than_the_run_that_it_repeats(km: float, units: Units) -> None:
    limit = formatting.in_units(formatting.shown_down(km, units), units)
    shown = float(formatting.base_distance(km, units).split()[0])
    assert int(shown * 10 + 0.001) / 10 == pytest.approx(limit, abs=1e-6)
