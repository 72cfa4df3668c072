"""Load and pain on one axis of time: what is drawn, and what is said."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kneeload import charts, formatting, frames
from kneeload.charts import canvas, overview
from kneeload.charts.canvas import Picture
from kneeload.charts.shapes import Lines, Marks, Words
from kneeload.settings import DEFAULTS, Settings
from tests import sheets, story

MILES = replace(DEFAULTS, units="mi")


def _picture(
    weeks: pd.DataFrame | None = None,
    pain: pd.DataFrame | None = None,
    settings: Settings = DEFAULTS,
) -> Picture:
    return overview.picture(
        story.weeks() if weeks is None else weeks,
        story.pain() if pain is None else pain,
        story.flags(),
        story.diary(),
        settings,
    )


def _score(day: int, score: int) -> overview.Score:
    return overview.Score(day + 0.5, "left", "during", score, "")


def test_title_tells_the_week_with_its_numbers() -> None:
    assert _picture().title == "24.1 km so far; the highest of 6 pain scores was 4/10."


def test_title_of_a_complete_week_names_the_reference() -> None:
    weeks = story.weeks().iloc[:21]  # 43.2 km against 38 km
    title = _picture(weeks=weeks).title
    assert title.startswith("43.2 km, 14 % above the reference week; ")


def test_title_without_scores_says_not_scored() -> None:
    assert _picture(pain=frames.empty(frames.PAIN), weeks=story.weeks().iloc[:18]).title == (
        "27.0 km, 8 % above the reference week; no knee scores."
    )


def test_text_has_every_week_shown() -> None:
    text = _picture().text
    assert text.count("Week of ") == len(story.WEEKS)
    assert "Week of 22 December 2025: no runs." in text
    assert "Week of 27 October 2025: 17.0 km, 3 runs, 10 % guideline 26.4 km, cutback week" in text


def test_the_guideline_is_drawn_at_110_percent_of_the_reference() -> None:
    load = _picture().draw(canvas.WIDE).panels[0]
    (lines,) = [line for line in sheets.of(Lines, load) if line.colour == "limit_line"]
    starts, ends, breaks = lines.y.reshape(-1, 3).T
    assert (starts == ends).all()
    assert np.isnan(breaks).all()
    weeks = story.weeks()
    ran = weeks[weeks["runs"] > 0]
    assert starts == pytest.approx(1.1 * ran["reference_km"].dropna())


def test_pain_marks_stand_at_their_scores() -> None:
    left = _picture().draw(canvas.WIDE).panels[2]
    (during,) = [
        marks for marks in sheets.of(Marks, left) if marks.tips and "4/10 during" in marks.tips[0]
    ]
    assert during.y.tolist() == [4, 4, 2, 2, 2, 4]
    assert during.tips[-1] == "19 March: 4/10 during, from 6.2 km"


def test_each_knee_has_its_own_panel() -> None:
    *_, left, right = _picture().draw(canvas.WIDE).panels
    assert "Left knee: pain score, from 0 to 10" in sheets.texts([left])
    assert "Right knee: pain score, from 0 to 10" in sheets.texts([right])


def test_the_line_breaks_where_scores_are_missing() -> None:
    scores = [_score(day, score) for day, score in [(0, 1), (4, 2), (4, 0), (59, 3)]]
    days, line = overview._worst(scores)
    assert days == [0.5, 4.5, 59, 59.5]
    assert line == pytest.approx([1, 2, np.nan, 3], nan_ok=True)


@pytest.mark.parametrize(("days", "holes"), [(10, 0), (11, 1)])
def test_ten_days_without_a_score_are_not_yet_a_hole(days: int, holes: int) -> None:
    _, line = overview._worst([_score(0, 1), _score(days, 1)])
    assert np.isnan(line).sum() == holes


def test_number_of_scores_stands_under_each_week() -> None:
    written = sheets.texts([_picture().draw(canvas.WIDE).panels[-1]])
    counts = written[written.index("scores") + 1 :]
    assert counts[-6:] == ["1", "0", "3", "2", "3", "6"]
    assert len(counts) == sum(bool(week) for week in story.WEEKS)


def test_distance_and_worst_score_stand_under_each_week() -> None:
    written = sheets.texts(_picture().draw(canvas.WIDE).panels)
    weeks = story.weeks()
    some = (weeks["runs"] > 0) | (weeks["pain_scores"] > 0)
    after = {name: written[written.index(name) + 1 :][: some.sum()] for name in ("km", "worst")}
    assert after["km"] == [f"{km:.0f}" for km in weeks.loc[some, "distance_km"]]
    assert after["worst"] == [formatting.number(worst) for worst in weeks.loc[some, "pain_max"]]


def test_weeks_without_running_are_named() -> None:
    load = _picture().draw(canvas.WIDE).panels[0]
    assert sheets.texts([load]).count("no runs") == 1


def test_without_scores_there_is_no_pain_panel() -> None:
    panels = _picture(pain=frames.empty(frames.PAIN)).draw(canvas.WIDE).panels
    assert "scores" not in sheets.texts(panels)
    assert len(panels) == 2


def test_nothing_but_load() -> None:
    figure = charts.load_and_pain(story.weeks().head(1))
    (axes,) = figure.axes
    written = [text.get_text() for text in axes.texts]
    assert "Kilometres a week" in written
    assert not {"Flags and notes", "worst", "scores"} & set(written)


def test_narrow_holds_fewer_weeks_at_a_readable_size() -> None:
    sheet = _picture().draw(canvas.NARROW)
    assert len(sheets.told(sheet)[0]) == canvas.NARROW.weeks
    sizes = {words.size for words in sheets.of(Words, *sheet.panels)}
    shown_at_390 = (390 - 32) / canvas.NARROW.width
    assert min(sizes) * shown_at_390 >= 11


def test_miles() -> None:
    picture = _picture(settings=MILES)
    assert picture.title.startswith("15.0 mi so far")
    captions = sheets.texts(picture.draw(canvas.WIDE).panels)
    assert "Miles a week" in captions
    assert "15.0 mi so far" in captions


def test_fresh_log_keeps_bars_slender() -> None:
    figure = charts.load_and_pain(story.weeks().head(1))
    low, high = figure.axes[0].get_xlim()
    assert high - low == 8 * 7


def test_no_pyplot() -> None:
    code = (
        "import sys; from tests import story; from kneeload import charts;"
        "charts.load_and_pain(story.weeks()); sys.exit('matplotlib.pyplot' in sys.modules)"
    )
    root = Path(__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0
