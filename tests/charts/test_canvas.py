"""The ground of the charts: names below the axis of time stay on the paper."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneeload.charts.canvas import NARROW, WIDE, Canvas, round_ticks, stacked, time_axis
from kneeload.charts.shapes import Words
from tests import sheets

LETTER = 0.6  # the mean width of one, in sizes of the font


def _named(canvas: Canvas, end: str | pd.Timestamp, weeks: int) -> list[tuple[float, str]]:
    """Return where each month's name begins [px], and the name."""
    last = pd.Timestamp(end)
    _, (panel,) = stacked(canvas, [(100, 0)])
    time_axis(canvas, [panel], last - pd.Timedelta(weeks=weeks), last)
    (names,) = sheets.of(Words, panel)
    return [*zip(panel.places(names)[0].tolist(), names.texts, strict=True)]


@pytest.mark.parametrize(
    ("end", "said"),
    [("2026-01-12", ["Nov", "Dec", "Jan"]), ("2026-02-02", ["Nov", "Dec", "Jan 2026"])],
)
def test_a_january_that_has_just_begun_has_no_room_for_its_year(end: str, said: list[str]) -> None:
    assert [name for _, name in _named(WIDE, end, 26)][-3:] == said[:3]


@given(
    st.datetimes(pd.Timestamp("2015-01-01"), pd.Timestamp("2030-01-01")),
    st.sampled_from([(WIDE, 26), (WIDE, 8), (NARROW, 16), (NARROW, 8)]),
)
def test_no_name_leaves_the_paper(end: pd.Timestamp, ground: tuple[Canvas, int]) -> None:
    canvas, weeks = ground
    for left, name in _named(canvas, pd.Timestamp(end).normalize(), weeks):
        assert left + LETTER * canvas.font * len(name) <= canvas.width + 1


@given(st.floats(1e-3, 1e6))
def test_a_scale_has_three_to_five_round_numbers(highest: float) -> None:
    ticks = round_ticks(highest)
    assert 3 <= len(ticks) <= 5
    assert ticks[0] == 0
    assert highest - ticks[1] * (1 + 1e-6) < ticks[-1] <= highest * (1 + 1e-6)
    assert f"{ticks[1]:.0e}"[0] in "125"
    assert ticks[1] == pytest.approx(float(f"{ticks[1]:.0e}"))
