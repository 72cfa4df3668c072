"""The pain-free distance, drawn: its numbers, its words, and the labels that stand on it."""

from dataclasses import replace

import pytest

from kneeload.association.pain_free import PainFree
from kneeload.charts import pain_free as chart
from kneeload.charts.canvas import NARROW, WIDE, Canvas
from kneeload.charts.svg import svg
from tests.association.building import months

NONE = float("nan")
NOW = [(9, 3, 6.2), (9, 3, 6.2), (8, 2, 5), (8, 0, NONE), (10, 0, NONE), (5, 4, NONE)]
BEFORE = [(6, 3, 3.5), (6, 3, 3.5), (6, 3, 2), (6, 3, 3.5), (4, 0, NONE), (4, 0, NONE)]


def drawn(given: PainFree, canvas: Canvas = WIDE, units: str = "km") -> str:
    picture = chart.picture(given, "mi" if units == "mi" else "km")
    return svg(picture.draw(canvas), picture.key, picture.title, picture.text)


def test_its_text_tells_every_month_with_its_interval() -> None:
    first, second = chart.picture(months(NOW, BEFORE), "km").text.split(". ")[:2]
    assert first == (
        "2\u201331 March 2026: 6 scored runs, 4 with pain; about half would hurt "
        "within 6.2 km (95 % interval from 5.0 km up)"
    )
    assert second.startswith(
        "31 January \u2013 1 March 2026: 6 scored runs, 4 with pain; about half would hurt "
    )
    all_hurt = chart.picture(months([(9, 3, km) for km in range(1, 9)]), "km").text
    assert all_hurt.endswith(
        "; about half would hurt within 4.0 km (95 % interval 1.0 km to 7.0 km)."
    )


def test_each_months_median_stands_on_its_line() -> None:
    shown = months(NOW, BEFORE).months[:2]
    assert [month.median_km for month in shown] == [6.2, 3.5]
    for canvas in (NARROW, WIDE):
        page = drawn(months(NOW, BEFORE), canvas)
        for label in ("6.2", "3.5", "Kilometres without pain"):
            assert f">{label}</text>" in page


def test_in_miles_the_labels_are_miles() -> None:
    page = drawn(months(NOW, BEFORE), units="mi")
    assert ">3.9</text>" in page
    assert ">Miles without pain</text>" in page


def test_the_key_names_what_is_drawn_and_nothing_else() -> None:
    page = drawn(months(NOW, BEFORE))
    names = ("without pain at all", "pain began", "hurt somewhere")
    assert all(f">{name}</text>" in page for name in names)
    hurt = [(9, 3, 6.2)] * 6
    page = drawn(months(hurt))
    assert [f">{name}</text>" in page for name in names] == [False, True, False]


def test_a_month_without_a_median_has_no_line_and_says_why() -> None:
    few = chart.picture(months(NOW[:3]), "km")
    assert "3 scored runs, 3 with pain, too few for a distance." in few.text
    assert ">6.2</text>" not in drawn(months(NOW[:3]))
    calm = chart.picture(months([(9, 3, 6.2)] + [(10, 0, NONE)] * 5), "km")
    assert "more than half of them without pain at all." in calm.text
    open_ = chart.picture(months([(8, 3, NONE)] * 5 + [(3, 0, NONE)]), "km")
    assert "; half would hurt by some point between 3.0 km and 8.0 km." in open_.text


@pytest.mark.parametrize(("canvas", "shown"), [(NARROW, 4), (WIDE, 6)])
def test_as_many_months_as_there_is_room_for_back_to_the_first_with_a_run(
    canvas: Canvas, shown: int
) -> None:
    long = months(*[NOW] * 6)
    assert len(chart._months_that_fit(long, canvas)) == shown
    gap = replace(long, months=(*long.months[:2], *months(NOW).months[1:2] * 4))
    assert len(chart._months_that_fit(gap, canvas)) == 2


def test_marks_of_runs_tell_what_they_are_on_hovering() -> None:
    page = drawn(months(NOW, BEFORE))
    for told in ("31 March: 6.2 km, pain began", "28 March: 8.0 km, without pain at all",
                 "26 March: 5.0 km, hurt somewhere"):  # fmt: skip
        assert page.count(f"<title>{told}</title>") == 1
    assert page.count("</title></use>") == len(NOW) + len(BEFORE)
