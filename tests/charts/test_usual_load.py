"""Knee load and downhill metres beside what was usual."""

import numpy as np
import pandas as pd
import pytest

from kneeload import charts, frames
from kneeload.charts import usual_load
from kneeload.charts.canvas import WIDE
from kneeload.charts.svg import svg
from tests import sheets


def _weeks(knee: list[float | None], runs: list[int] | None = None) -> pd.DataFrame:
    starts = pd.date_range("2026-01-05", periods=len(knee), freq="7D")
    frame = pd.DataFrame(
        {
            "week_start": starts,
            "complete": True,
            "runs": runs or [3] * len(knee),
            "knee_load": knee,
        }
    )
    return frames.conform(frame, frames.WEEKS)


def test_usual_is_the_mean_of_the_four_weeks_before() -> None:
    ratios = usual_load.to_usual(_weeks([10, 20, 30, 40, 50]))["knee_load"]
    assert np.isnan(ratios.iloc[:2]).all()
    assert ratios.iloc[2:].tolist() == pytest.approx([2.0, 2.0, 2.0])


def test_an_empty_week_counts_as_zero_and_has_no_bar() -> None:
    ratios = usual_load.to_usual(_weeks([10, 10, None, 10], [3, 3, 0, 3]))["knee_load"]
    assert np.isnan(ratios.iloc[2])
    assert ratios.iloc[3] == pytest.approx(10 / (20 / 3))


def test_a_week_that_was_not_measured_does_not_count() -> None:
    ratios = usual_load.to_usual(_weeks([10, 10, None, 10]))["knee_load"]
    assert np.isnan(ratios.iloc[2])
    assert ratios.iloc[3] == pytest.approx(1.0)


def test_after_four_empty_weeks_nothing_is_usual() -> None:
    ratios = usual_load.to_usual(_weeks([10, None, None, None, None, 10], [3, 0, 0, 0, 0, 3]))
    assert np.isnan(ratios["knee_load"].iloc[-1])


def _runs(weeks: pd.DataFrame, **forms: list[float]) -> pd.DataFrame:
    """Return one run a week, with the forms of knee load named."""
    frame = pd.DataFrame(
        {"local_date": weeks["week_start"], "sport": "running", "knee_load": weeks["knee_load"]}
    )
    return frames.conform(frame, frames.RUNS).assign(**forms)


def _told(m4: list[float], impulse: list[float]) -> str:
    weeks = _weeks([10, 10, 10, 10, 13])
    picture = usual_load.picture(weeks, _runs(weeks, knee_load_m4=m4, knee_impulse=impulse))
    assert picture is not None
    return picture.title


def test_what_every_form_says_is_said_with_its_range() -> None:
    title = _told([10, 10, 10, 10, 16], [10, 10, 10, 10, 12])
    assert title == "Knee load was 1.2 to 1.6 times your usual level."


def test_one_number_where_the_forms_agree_on_it() -> None:
    same = [10.0, 10, 10, 10, 13]
    assert _told(same, same) == "Knee load was 1.3 times your usual level."


@pytest.mark.parametrize("impulse", [11.0, 9.0])
def test_what_one_form_denies_is_not_said(impulse: float) -> None:
    title = _told([10, 10, 10, 10, 16], [10, 10, 10, 10, impulse])
    assert title == "Knee load was about as usual."


def test_a_missing_form_says_nothing() -> None:
    weeks = _weeks([10, 10, 10, 10, 13])
    picture = usual_load.picture(weeks, _runs(weeks))
    assert picture is not None
    assert picture.text.endswith("Week of 2 February: knee load about as usual.")


def test_what_was_never_measured_has_no_chart() -> None:
    assert charts.beside_usual(_weeks([None, None, None])) is None


def test_only_measured_panels_are_drawn() -> None:
    picture = usual_load.picture(_weeks([10, 10, 10, 10]), frames.empty(frames.RUNS))
    assert picture is not None
    (panel,) = picture.draw(WIDE).panels
    assert sheets.texts([panel]) == ["Jan 2026", "0", "usual", "2 times", "3 times", "Knee load"]


def test_each_panel_tells_its_own_numbers() -> None:
    weeks = _weeks([10, 10, 10, 10]).assign(descent_m=[100.0, 100, 100, 200])
    picture = usual_load.picture(weeks, frames.empty(frames.RUNS))
    assert picture is not None
    drawn = svg(picture.draw(WIDE), "a", "t", "d")
    assert "<title>Week of 26 January: knee load about as usual.</title>" in drawn
    assert "<title>Week of 26 January: downhill metres 2.0 times your usual level.</title>" in drawn


def test_a_bar_beyond_the_panel_tells_its_ratio() -> None:
    figure = charts.beside_usual(_weeks([10, 10, 10, 52]))
    assert figure is not None
    assert "5.2" in [t.get_text() for t in figure.axes[0].texts]


def test_the_models_limits_are_said() -> None:
    assert "No limit for it is known" in usual_load.NOTE
    assert "no study" in usual_load.NOTE
