"""What a flag's earlier episodes were followed by, against counting them one by one."""

import pandas as pd
from hypothesis import given

from kneeload.rules.past_episodes import fired_before
from tests.strategies import flag_rows, score_rows

FIRST = pd.Timestamp("2026-01-05")
Flag = tuple[str, int, int]
Score = tuple[int, int]


def _flags(rows: list[Flag]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["rule", "episode", "day"]).astype({"episode": "int64"})
    return frame.assign(date=FIRST + pd.to_timedelta(frame["day"].astype("int64"), unit="D"))


def _pain(rows: list[Score]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["day", "score"]).astype("int64")
    return frame.assign(local_date=FIRST + pd.to_timedelta(frame["day"], unit="D"))


def _before(flags: list[Flag], flag: Flag) -> list[int]:
    """Return the first day of each earlier episode of the flag's rule."""
    own = [f for f in flags if f[0] == flag[0] and f[1] < flag[1]]
    return [min(day for _, n, day in own if n == number) for number in {f[1] for f in own}]


def _felt(first: int, scores: list[Score], least: int) -> bool:
    return any(first < day <= first + 7 and score >= least for day, score in scores)


@given(flag_rows, score_rows)
def test_counts_are_those_of_counting_one_by_one(flags: list[Flag], scores: list[Score]) -> None:
    counts = fired_before(_flags(flags), _pain(scores))
    assert counts["episodes"].tolist() == [episode - 1 for _, episode, _ in flags]
    for column, least in (("scored", 0), ("followed", 3)):
        expected = [sum(_felt(f, scores, least) for f in _before(flags, flag)) for flag in flags]
        assert counts[column].tolist() == expected


def test_flags_stay_as_they_are() -> None:
    flags = _flags([("b", 1, 3), ("a", 1, 1)])
    pd.testing.assert_frame_equal(fired_before(flags)[[*flags]], flags)
