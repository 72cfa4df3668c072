"""Ten percent, missing cutback and long run spike, at their exact edges."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from kneeload import formatting
from kneeload.rules import check
from kneeload.rules.distance import longest_before
from kneeload.settings import DEFAULTS, Settings
from kneeload.weeks import countable_runs, weekly
from tests.diaries import diary
from tests.slow_rules import Week, slow_cutback_missing, slow_ten_percent, slow_weeks
from tests.strategies import hours_and_cents, hundredths, week_km

MONDAY = dt.date(2026, 1, 5)


def fired(
    rule: str, text: str, *, today: str = "", settings: Settings = DEFAULTS
) -> list[tuple[str, str]]:
    """Return (week, severity) of the flags of `rule` in a diary."""
    flags = flags_of(text, today=today, settings=settings)
    found = flags.loc[flags["rule"] == rule]
    return list(zip(found["week"], found["severity"], strict=True))


def flags_of(text: str, *, today: str = "", settings: Settings = DEFAULTS) -> pd.DataFrame:
    book = diary(text)
    day = dt.date.fromisoformat(today) if today else None
    weeks = weekly(book.runs, book.pain, settings=settings, today=day)
    return check(weeks, book.runs, book.pain, book.diary, settings=settings, today=day)


def in_weeks(distances: list[float], run_km: float = 8) -> str:
    """Return the diary of these weekly kilometres from 2026-W02 on, in runs of `run_km` and a rest.

    Larger weeks have more runs, not longer ones: no run leads with a flag of its own.
    """
    lines = []
    for i, km in enumerate(distances):
        day = MONDAY + dt.timedelta(days=7 * i)
        full, rest = divmod(round(1000 * km), round(1000 * run_km))
        lines += [f"{day} {full}x{run_km} km"] * bool(full)
        lines += [f"{day + dt.timedelta(days=1)} {rest / 1000} km"] * bool(rest)
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("distances", "severity"),
    [
        pytest.param([40, 44], "", id="10.0 %"),
        pytest.param([40, 44.01], "note", id="just above 10 %"),
        pytest.param([40, 52], "note", id="30.0 %"),
        pytest.param([40, 52.01], "warn", id="just above 30 %"),
        pytest.param([40, 64], "warn", id="60.0 %"),
        pytest.param([40, 64.01], "alert", id="just above 60 %"),
        pytest.param([10, 12.99], "", id="29.9 %, but less than 3 km"),
        pytest.param([10, 13], "note", id="3 km exactly"),
        pytest.param([4, 5], "", id="from 4 to 5 km means nothing"),
        pytest.param([60], "", id="the first week"),
        pytest.param([40, 40, 30, 44], "", id="after a cutback, against the week before it"),
        pytest.param([40, 40, 30, 44.01], "note", id="after a cutback, above"),
        pytest.param([40, 40, 30, 30, 44], "", id="after two easy weeks"),
        pytest.param([40, 40, 30, 30, 30, 35.75], "", id="after three easy weeks: mean 32.5"),
        pytest.param([40, 40, 30, 30, 30, 35.76], "note", id="after three easy weeks, above"),
        pytest.param([40, 40, 0, 44], "", id="after an empty week"),
        pytest.param([40, 40, 0, 44.01], "note", id="after an empty week, above"),
        pytest.param([40, 40, 0, 0, 0, 16.01], "note", id="after three empty weeks: mean 10"),
        pytest.param([40, 0, 0, 0, 0, 40], "", id="after four empty weeks: no reference"),
    ],
)
def test_ten_percent(distances: list[float], severity: str) -> None:
    last = MONDAY + dt.timedelta(days=7 * (len(distances) - 1))
    found = [s for week, s in fired("ten_percent", in_weeks(distances)) if week == label(last)]
    assert found == ([severity] if severity else [])


def label(monday: dt.date) -> str:
    return f"2026-W{monday.isocalendar().week:02d}"


def test_the_textbook_form_takes_last_week_and_no_guard() -> None:
    strict = Settings(thresholds={"ten_percent.strict": 1})
    assert fired("ten_percent", in_weeks([4, 4.41]), settings=strict) == [("2026-W03", "note")]
    assert fired("ten_percent", in_weeks([4, 4.4]), settings=strict) == []
    after_cutback = fired("ten_percent", in_weeks([40, 40, 20, 40]), settings=strict)
    assert after_cutback == [("2026-W05", "note")]
    assert fired("ten_percent", in_weeks([40, 0, 40]), settings=strict) == []


def test_a_week_is_flagged_on_the_day_that_crossed_the_limit() -> None:
    """The limit of 44 km is passed on Saturday, the guard of 3 km is met before.

    2026-W02 5x8 km
    2026-01-13 4x8 km
    2026-01-15 8 km, 4 km
    2026-01-17 0.5 km
    2026-01-18 8 km, 1.1 km
    """
    flag = only("ten_percent", test_a_week_is_flagged_on_the_day_that_crossed_the_limit.__doc__)
    assert flag["date"] == pd.Timestamp("2026-01-17")
    assert flag["flag_id"] == "2026-W03-ten_percent"
    assert (flag["value"], flag["unit"], flag["evidence"]) == (53.6, "km", "convention")
    assert flag["limit"] == pytest.approx(44)
    assert flag["message"] == (
        "You ran 53.6 km in the week of 12 January, 34.0 % more than in its reference week "
        "(40.0 km)"
    )


def only(rule: str, text: str | None) -> pd.Series:
    flags = flags_of(text or "")
    found = flags.loc[flags["rule"] == rule]
    assert len(found) == 1
    return found.iloc[0]


def test_a_running_week_may_already_be_over() -> None:
    text = "2026-W02..2026-W06 5x8 km\n2026-02-09 6x8 km, 2 km"
    assert fired("ten_percent", text, today="2026-02-09") == [("2026-W07", "note")]
    assert fired("cutback_missing", text, today="2026-02-09") == [("2026-W06", "note")]


@pytest.mark.parametrize(
    ("distances", "expected"),
    [
        pytest.param([40] * 4, [], id="four weeks"),
        pytest.param([40] * 5, ["note"], id="the fifth"),
        pytest.param([40] * 7, ["note"] * 3, id="each week while it lasts"),
        pytest.param([40, 40, 40, 42, 42], ["note"], id="exactly 1.05 is not building"),
        pytest.param([40, 40, 40, 42, 42.02], ["warn"], id="just above 1.05 is"),
        pytest.param([40, 40, 0, 40, 40, 40, 40], [], id="an empty week ends the streak"),
        pytest.param([40, 40, 40, 34, 40, 40, 40, 40], [], id="a cutback ends the streak"),
        pytest.param(
            [30, 32, 34, 36, 38, 40, 42, 44],
            ["warn", "warn", "warn", "alert"],
            id="building for eight weeks",
        ),
        pytest.param([40] * 9, ["note"] * 5, id="eight weeks without building"),
    ],
)
def test_cutback_missing(distances: list[float], expected: list[str]) -> None:
    end = MONDAY + dt.timedelta(days=7 * len(distances))
    found = fired("cutback_missing", in_weeks(distances), today=end.isoformat())
    assert [severity for _, severity in found] == expected


def test_cutback_missing_names_length_and_start() -> None:
    found = flags_of(in_weeks([30, 32, 34, 36, 38, 20]), today="2026-02-20")
    flag = found.loc[found["rule"] == "cutback_missing"].iloc[0]
    assert flag["flag_id"] == "2026-W06-cutback_missing"
    assert flag["date"] == pd.Timestamp("2026-02-08")
    assert (flag["value"], flag["limit"], flag["unit"]) == (5, 5, "weeks")
    assert (
        "5 weeks in a row without a cutback week, starting with the week of 5 January"
        in flag["message"]
    )


def test_the_cautious_profile_asks_for_a_cutback_sooner() -> None:
    cautious = Settings(profile="cautious")
    text = in_weeks([40] * 4)
    assert fired("cutback_missing", text, today="2026-02-02", settings=cautious) == [
        ("2026-W05", "note")
    ]


@pytest.mark.parametrize(
    ("before", "run", "severity"),
    [
        ("2026-01-01 10 km", "2026-01-10 11 km", ""),
        ("2026-01-01 10 km", "2026-01-10 11.01 km", "warn"),
        ("2026-01-01 10 km", "2026-01-10 20 km", "warn"),
        ("2026-01-01 10 km", "2026-01-10 20.01 km", "alert"),
        ("2026-01-01 10 km", "2026-01-31 12 km", "warn"),  # day 30
        ("2026-01-01 10 km", "2026-02-01 12 km", ""),  # day 31: no reference
        ("2026-01-01 11:59 10 km", "2026-01-31 12 km", "warn"),  # calendar days
        ("2026-01-01 2 km", "2026-01-10 3 km", ""),  # up to 3 km nothing is judged
        ("2026-01-01 2 km", "2026-01-10 3.01 km", "warn"),
        ("2026-01-10 11:00 10 km", "2026-01-10 12:00 12 km", "warn"),  # twice on a day
        ("2026-01-01 ? km", "2026-01-10 12 km", ""),
        ("2026-01-01 suspect 10 km", "2026-01-10 12 km", ""),
    ],
)
def test_long_run_spike(before: str, run: str, severity: str) -> None:
    """Two runs of unknown length make three runs of the month before."""
    text = f"{before}\n2026-01-09 2x? km\n{run}"
    found = [severity for _, severity in fired("long_run_spike", text)]
    assert found == ([severity] if severity else [])


@pytest.mark.parametrize(("run", "severity"), [("20 km", ""), ("20.01 km", "alert")])
def test_two_runs_are_too_little_history_for_a_warning(run: str, severity: str) -> None:
    text = "2026-01-01 10 km\n2026-01-05 10 km\n2026-01-10 "
    assert [s for _, s in fired("long_run_spike", text + run)] == ([severity] if severity else [])


@pytest.mark.parametrize(
    ("steps", "severity"),
    [
        ("2026-02-14 11 km\n2026-02-16 12.1 km", "note"),  # the second step of a week
        ("2026-02-14 11 km\n2026-02-16 11 km", ""),
        ("2026-02-09 11 km\n2026-02-16 12.1 km", ""),  # a week ago is no step
        ("2026-02-16 11 km", ""),
    ],
)
def test_a_rise_in_steps_is_noted(steps: str, severity: str) -> None:
    text = f"2026-01-20 10 km\n2026-01-27 10 km\n2026-02-03 10 km\n{steps}"
    assert [s for _, s in fired("long_run_spike", text)] == ([severity] if severity else [])


def test_a_spike_tells_its_numbers() -> None:
    flag = only(
        "long_run_spike", "2026-03-01 16 km\n2026-03-05 9 km\n2026-03-08 9 km\n2026-03-14 24.1 km"
    )
    assert flag["message"] == (
        "You ran 24.1 km on 14 March, 1.51 times the longest run of the previous 30 days (16.0 "
        "km). That brought the week to 24.1 km, 33.9 % more than in its reference week (18.0 km)"
    )
    assert flag["flag_id"] == f"long_run_spike-{flag['run_id']}"
    assert (flag["value"], flag["week"], flag["evidence"]) == (24.1, "2026-W11", "cohort")


@examples(max_examples=25, deadline=None)
@given(hours_and_cents)
def test_the_longest_before_is_that_of_a_plain_loop(drawn: list[tuple[int, int]]) -> None:
    start = pd.Timestamp("2026-01-01", tz="UTC")
    times = [start + pd.Timedelta(hours=hour) for hour, _ in drawn]
    runs = countable_runs(
        pd.DataFrame(
            {
                "local_date": [time.tz_localize(None).normalize() for time in times],
                "started_at": times,
                "distance_km": [cents / 100 for _, cents in drawn],
            }
        )
    )
    log = list(zip(runs["local_date"], runs["distance_km"], strict=True))
    month = pd.Timedelta(days=30)
    slow = [
        max((km for then, km in log[:n] if now - month <= then), default=np.nan)
        for n, (now, _) in enumerate(log)
    ]
    np.testing.assert_array_equal(longest_before(runs, 30), slow)


@examples(max_examples=25, deadline=None)
@given(st.lists(week_km(2000, 6000), min_size=1, max_size=30))
def test_week_rules_agree_with_their_slow_reading(distances: list[float]) -> None:
    distances = [max(distances[0], 10.0), *distances[1:]]
    slow = slow_weeks([Week(km) for km in distances])
    end = MONDAY + dt.timedelta(days=7 * len(distances))
    no_returns = Settings(thresholds={"return_from_break.min_days": 28})
    flags = flags_of(in_weeks(distances), today=end.isoformat(), settings=no_returns)
    for rule, oracle in (
        ("ten_percent", slow_ten_percent),
        ("cutback_missing", slow_cutback_missing),
    ):
        found = flags.loc[flags["rule"] == rule]
        expected = {
            label(MONDAY + dt.timedelta(days=7 * t)): oracle(slow, t)
            for t in range(len(slow))
            if oracle(slow, t)
        }
        assert dict(zip(found["week"], found["severity"], strict=True)) == expected


@examples(max_examples=25, deadline=None)
@given(st.lists(st.integers(40, 400), min_size=2, max_size=25), st.integers(2, 4))
def test_ratio_rules_do_not_change_with_scale(distances: list[int], factor: int) -> None:
    """From 40 km a week on no guard in kilometres bites, nor a run of less than 3 km."""
    ids = [
        set(flags_of(in_weeks([float(times * km) for km in distances], 8 * times))["flag_id"])
        for times in (1, factor)
    ]
    assert ids[0] == ids[1]


@examples(max_examples=25, deadline=None)
@given(km=hundredths(330, 4500), earlier=hundredths(50, 290))
def test_a_message_says_miles_as_every_other_surface_does(km: float, earlier: float) -> None:
    """Each number is converted once, from what was measured, never from its own rounding."""
    miles = Settings(units="mi")
    text = f"2026-03-02 {earlier:.3f} km\n2026-03-09 {km:.3f} km"
    found = flags_of(text, settings=miles)
    message = found.loc[found["rule"] == "long_run_spike", "message"]
    shown = [formatting.distance(each, "mi") for each in diary(text).runs["distance_km"]]
    if 1.1 * earlier < km <= 2 * earlier:
        assert message.empty  # two runs are too little history for more than an alert
        return
    assert message.iloc[0].startswith(f"You ran {shown[1]} on ")
    assert f"({shown[0]})" in message.iloc[0]
