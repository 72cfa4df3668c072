"""Load and pain on one axis of time: what is drawn, and what is said."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text

from kneeload import charts, formatting, frames
from kneeload.charts import canvas, overview
from kneeload.charts.canvas import Picture
from kneeload.settings import DEFAULTS, Settings
from tests import story

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


def _labels(figure: Figure) -> list[str]:
    """Return all that is written in panels or in the keys."""
    return [str(text.get_text()) for text in figure.findobj(Text)]


def _score(day: int, score: int) -> overview.Score:
    return overview.Score(day + 0.5, "left", "during", score, "")


def _tips(figure: Figure, key: str) -> list[str]:
    found = figure.findobj(lambda artist: artist.get_gid() == f"tip-{key}")
    return [tip for artist in found for tip in str(artist.get_label()).split("\n")]


def test_title_tells_the_week_with_its_numbers() -> None:
    assert _picture().title == "24.1 km so far, worst of 6 knee scores 4/10."


def test_title_of_a_complete_week_names_the_reference() -> None:
    weeks = story.weeks().iloc[:21]  # 43.2 km against 38 km
    title = _picture(weeks=weeks).title
    assert title.startswith("43.2 km, 14 % over the reference week, ")


def test_title_without_scores_says_not_scored() -> None:
    assert _picture(pain=frames.empty(frames.PAIN), weeks=story.weeks().iloc[:18]).title == (
        "27.0 km, 8 % over the reference week, no knee scores."
    )


def test_text_has_every_week_shown() -> None:
    text = _picture().text
    assert text.count("Week of ") == len(story.WEEKS)
    assert "Week of 22 December 2025: no runs." in text
    assert "Week of 27 October 2025: 17.0 km, 3 runs, 10 % guideline 26.4 km, cutback week" in text


def test_the_guideline_is_drawn_at_110_percent_of_the_reference() -> None:
    figure = _picture().draw(canvas.WIDE)
    dark = canvas.COLOURS["limit_line"]
    (lines,) = [line for line in figure.axes[0].lines if line.get_color() == dark]
    starts, ends, breaks = np.asarray(lines.get_ydata()).reshape(-1, 3).T
    assert (starts == ends).all()
    assert np.isnan(breaks).all()
    weeks = story.weeks()
    ran = weeks[weeks["runs"] > 0]
    assert starts == pytest.approx(1.1 * ran["reference_km"].dropna())


def test_pain_marks_stand_at_their_scores() -> None:
    figure = _picture().draw(canvas.WIDE)
    during = figure.findobj(lambda artist: artist.get_gid() == "tip-left-during")[0]
    assert isinstance(during, Line2D)
    assert during.get_ydata() == [4, 4, 2, 2, 2, 4]
    assert _tips(figure, "left-during")[-1] == "19 March: 4/10 during, from 6.2 km"


def test_each_knee_has_its_own_panel() -> None:
    captions = [t.get_text() for axes in _picture().draw(canvas.WIDE).axes for t in axes.texts]
    assert "Left knee: pain score, of 0 to 10" in captions
    assert "Right knee: pain score, of 0 to 10" in captions


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
    written = [text.get_text() for text in _picture().draw(canvas.WIDE).axes[-1].texts]
    counts = written[written.index("scores") + 1 :]
    assert counts[-6:] == ["1", "0", "3", "2", "3", "6"]
    assert len(counts) == sum(bool(week) for week in story.WEEKS)


def test_distance_and_worst_score_stand_under_each_week() -> None:
    axes = _picture().draw(canvas.WIDE).axes
    written = [text.get_text() for panel in axes for text in panel.texts]
    weeks = story.weeks()
    some = (weeks["runs"] > 0) | (weeks["pain_scores"] > 0)
    after = {name: written[written.index(name) + 1 :][: some.sum()] for name in ("km", "worst")}
    assert after["km"] == [f"{km:.0f}" for km in weeks.loc[some, "distance_km"]]
    assert after["worst"] == [formatting.number(worst) for worst in weeks.loc[some, "pain_max"]]


def test_weeks_without_running_are_named() -> None:
    load = _picture().draw(canvas.WIDE).axes[0]
    assert [t.get_text() for t in load.texts].count("no runs") == 1


def test_without_scores_there_is_no_pain_panel() -> None:
    drawn = _picture(pain=frames.empty(frames.PAIN)).draw(canvas.WIDE)
    assert "scores" not in _labels(drawn)
    assert len(drawn.axes) == 2


def test_nothing_but_load() -> None:
    figure = charts.load_and_pain(story.weeks().head(1))
    assert len(figure.axes) == 1
    assert "distance" not in _labels(figure)


def test_narrow_holds_fewer_weeks_at_a_readable_size() -> None:
    figure = _picture().draw(canvas.NARROW)
    assert len(_tips(figure, "weeks")) == canvas.NARROW.weeks
    sizes = {float(text.get_fontsize()) for text in figure.findobj(Text)}
    shown_at_390 = (390 - 32) / canvas.NARROW.width
    assert min(sizes) * shown_at_390 >= 11


def test_miles() -> None:
    picture = _picture(settings=MILES)
    assert picture.title.startswith("15.0 mi so far")
    captions = [t.get_text() for t in picture.draw(canvas.WIDE).axes[0].texts]
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
