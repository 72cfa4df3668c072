"""A run along its way: the panels, their scales, their words, and where pain began."""

import numpy as np
import pytest

from kneeload import formatting
from kneeload.charts import along_run as chart
from kneeload.charts.canvas import NARROW, WIDE, Canvas
from kneeload.charts.svg import svg
from kneeload.measures.along import Along

KM = np.arange(0.05, 10, 0.1)


def run(**changes: np.ndarray) -> Along:
    """Return ten kilometres, ever slower, with a steady heart and nothing else."""
    nothing = np.full(KM.size, np.nan)
    values = {
        "km": KM, "pace_s": np.linspace(330, 390, KM.size), "hr_bpm": np.full(KM.size, 140.0),
        "cadence_spm": nothing, "grade": nothing, "knee": nothing,
    }  # fmt: skip
    return Along(**(values | changes))


def drawn(onset_km: float | None = None, canvas: Canvas = WIDE, **changes: np.ndarray) -> str:
    picture = chart.picture(run(**changes), onset_km, "km")
    assert picture is not None
    return svg(picture.draw(canvas), picture.key, picture.title, picture.text)


def test_a_panel_for_each_quantity_that_was_measured_in_order() -> None:
    assert [quantity.name for quantity in chart.quantities(run(), "km")] == ["Pace", "Heart rate"]
    every = run(cadence_spm=KM + 160, grade=KM / 100, knee=KM / KM)
    names = [quantity.name for quantity in chart.quantities(every, "km")]
    assert names == ["Pace", "Heart rate", "Cadence", "Slope", "Knee load"]


@pytest.mark.parametrize(("stretches", "there"), [(2, False), (3, True)])
def test_a_quantity_of_fewer_than_three_stretches_has_no_panel(stretches: int, there: bool) -> None:
    some = np.where(np.arange(KM.size) < stretches, 150.0, np.nan)
    names = [quantity.name for quantity in chart.quantities(run(hr_bpm=some), "km")]
    assert ("Heart rate" in names) is there


def test_nothing_measured_is_no_picture() -> None:
    nothing = np.full(KM.size, np.nan)
    assert chart.picture(run(pace_s=nothing, hr_bpm=nothing), None, "km") is None


def test_its_words_are_the_means_and_where_most_values_lie() -> None:
    picture = chart.picture(run(), 3.5, "km")
    assert picture is not None
    assert picture.title == "Pace and heart rate along the run; pain began at 3.5 km."
    low, high = (
        formatting.duration(float(end))
        for end in np.percentile(np.linspace(330, 390, 100), (2, 98))
    )
    assert picture.text == (
        f"Pace: 6:00/km on average, mostly {low}/km to {high}/km. "
        "Heart rate: 140 a minute on average, mostly 140 a minute to 140 a minute."
    )


def test_pace_in_miles_is_of_a_mile() -> None:
    (pace, _) = chart.quantities(run(), "mi")
    assert pace.written(float(np.mean(pace.values))) == "9:39/mi"
    assert pace.values == pytest.approx(run().pace_s * formatting.KM_PER_MILE)


def test_noise_does_not_fill_a_panel_and_a_wide_range_is_cut_where_few_values_lie() -> None:
    pace, heart = chart.quantities(run(), "km")
    assert chart._range(heart) == (130, 150)
    low, high = chart._range(pace)
    assert low == pytest.approx(330.0, abs=2)
    assert high == pytest.approx(390.0, abs=2)
    assert high - low == pytest.approx(60)


@pytest.mark.parametrize("canvas", [NARROW, WIDE])
def test_names_means_and_ends_stand_on_the_panels(canvas: Canvas) -> None:
    page = drawn(canvas=canvas)
    for label in ("Pace", "6:00/km on average", "Heart rate", "130", "150", "10 km"):
        assert f">{label}</text>" in page
    assert "pain began" not in page


def test_pain_is_marked_in_every_panel_and_named_once() -> None:
    page = drawn(3.5)
    assert page.count(">pain began</text>") == 1
    looks = [part for part in page.split("<g ") if "stroke: var(--pain" in part]
    assert [look.count('d="M') for look in looks] == [1, 1]


def test_faster_is_higher() -> None:
    page = drawn(pace_s=np.linspace(390, 330, KM.size), hr_bpm=np.full(KM.size, np.nan))
    (line,) = [part for part in page.split("<g ") if "stroke: var(--hard" in part]
    heights = [float(step.split()[1]) for step in line.split('d="M')[1].split('"')[0].split("L")]
    assert heights[0] > heights[-1]
    assert heights == sorted(heights, reverse=True)
