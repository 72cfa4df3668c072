"""Flags beside sessions: no look-ahead, the first flag's lead, what followed."""

import numpy as np
import pandas as pd
import pytest

from kneeload.cohort.alarms import Alarms, flag_counts
from kneeload.cohort.risk import STUDY, risk_set
from tests.cohort.building import daily, injuries

DAY = 20_000


def _alarms(*days: tuple[int, int, int]) -> Alarms:
    who, day, grade = np.array(days).T
    return Alarms(who, DAY + day, grade)


@pytest.mark.parametrize(
    ("ago", "before", "same_day"), [(0, 0, 2), (1, 2, 2), (7, 2, 2), (8, 0, 0), (-1, 0, 0)]
)
def test_a_flag_warns_from_the_day_after_for_seven_days(
    ago: int, before: int, same_day: int
) -> None:
    alarms = _alarms((0, -ago, 2))
    who, day = np.array([0]), np.array([DAY])
    assert alarms.before(who, day, 7, 1)[0].tolist() == [before]
    assert alarms.before(who, day, 7, 0)[0].tolist() == [same_day]


def test_the_worst_flag_counts_and_the_first_tells_the_lead() -> None:
    alarms = _alarms((0, -5, 1), (0, -2, 3), (0, -1, 2))
    worst, lead = alarms.before(np.array([0]), np.array([DAY]), 7, 1)
    assert (worst.tolist(), lead.tolist()) == ([3], [5])


def test_the_flags_of_others_do_not_warn() -> None:
    alarms = _alarms((0, 0, 3), (2, -3, 3))
    worst, lead = alarms.before(np.array([1, 2]), np.array([DAY, DAY]), 7, 1)
    assert worst.tolist() == [0, 3]
    assert lead.tolist() == [-1, 3]


def test_without_flags_nobody_is_warned() -> None:
    none = np.zeros(0, dtype=np.int64)
    worst, lead = Alarms(none, none, none).before(np.array([0]), np.array([DAY]), 7, 1)
    assert (worst.tolist(), lead.tolist()) == ([0], [-1])


def test_alarms_of_a_frame_are_those_of_one_rule_in_order() -> None:
    flags = pd.DataFrame(
        {
            "rule": ["x", "y", "x", "x"],
            "runner": [1, 0, 0, 0],
            "date": pd.to_datetime(["2026-01-05", "2026-01-01", "2026-01-09", "2026-01-02"]),
            "severity": ["note", "warn", "alert", "warn"],
        }
    )
    alarms = Alarms.of(flags, "x")
    assert alarms.who.tolist() == [0, 0, 1]
    assert alarms.grade.tolist() == [2, 3, 1]
    assert np.diff(alarms.day).tolist() == [7, -4]


def test_what_followed_a_flag() -> None:
    risk = risk_set(daily("a", "2026-01-01", 60), injuries("a 2026-02-10"), STUDY)
    first = int(risk.sessions["day"].iloc[0])
    injured = first + 40
    days = np.array([first + 5, injured - 8, injured - 7, injured, injured + 3, first + 58])
    alarms = Alarms(np.zeros(6, dtype=np.int64), days, np.ones(6, dtype=np.int64))
    _, (flags, settled, followed) = flag_counts(alarms, risk, 7)
    # before entry; too early; in time; the day itself; in the washout; in the washout
    assert flags.tolist() == [0, 1, 1, 1, 0, 0]
    assert settled.tolist() == [0, 1, 1, 1, 0, 0]
    assert followed.tolist() == [0, 0, 1, 0, 0, 0]


def test_a_flag_whose_week_is_not_over_is_not_settled() -> None:
    risk = risk_set(daily("a", "2026-01-01", 60), injuries(), STUDY)
    last = int(risk.sessions["day"].iloc[-1])
    alarms = Alarms(np.zeros(2, dtype=np.int64), np.array([last - 7, last - 6]), np.ones(2, int))
    _, (flags, settled, _) = flag_counts(alarms, risk, 7)
    assert (flags.tolist(), settled.tolist()) == ([1, 1], [1, 0])
