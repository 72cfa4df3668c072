"""Load before pain and pain before load, on one axis."""

import pytest

from kneeload.association import Lag
from kneeload.association.lags import Direction
from kneeload.charts import lags
from kneeload.charts.canvas import NARROW, WIDE
from kneeload.charts.shapes import Marks
from tests import sheets


def _lags(rho: float | None = 0.1) -> list[Lag]:
    signs: dict[Direction, int] = {"load_then_pain": 1, "pain_then_load": -1}
    return [
        Lag(direction=direction, lag=days, rho=None if rho is None else rho * sign, days=60)
        for direction, sign in signs.items()
        for days in range(15)
    ]


def test_pain_first_stands_left_and_load_first_right() -> None:
    picture = lags.picture(_lags())
    assert picture is not None
    (panel,) = picture.draw(WIDE).panels
    (marks,) = sheets.of(Marks, panel)
    assert sorted(marks.x) == list(range(-14, 15))
    assert marks.y[marks.x < 0].tolist() == pytest.approx([-0.1] * 14)
    assert len(marks.tips) == len(marks.x)
    written = sheets.texts([panel])
    assert written[:3] == ["-0.5", "0", "0.5"]
    assert written[3:-2] == ["14", "7 days", "same day", "7 days", "14"]
    assert written[-2:] == ["Pain first", "Load first"]


def test_the_text_has_both_directions_with_their_days() -> None:
    picture = lags.picture(_lags())
    assert picture is not None
    assert "Load, pain 3 days later: 0.10 over 60 days." in picture.text
    assert "Pain, load 1 day later: -0.10 over 60 days." in picture.text


def test_a_diary_too_short_has_no_chart() -> None:
    assert lags.picture(_lags(None)) is None


def test_strong_links_widen_the_scale() -> None:
    picture = lags.picture(_lags(0.9))
    assert picture is not None
    assert picture.draw(NARROW).panels[0].y == pytest.approx((-0.99, 0.99))


def test_the_note_warns_of_reading_single_marks() -> None:
    assert "a row of high points proves no more than a single high point" in lags.NOTE
