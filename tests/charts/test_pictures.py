"""Which charts a page has: none that would be empty."""

import datetime as dt
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from kneeload.charts.canvas import Picture
from kneeload.reports.drawings import pictures
from kneeload.settings import DEFAULTS
from kneeload.weeks import weekly
from tests import story

ALL = ["load-and-pain", "single-runs", "to-usual"]


def chosen(today: dt.date = story.TODAY, **measured: float) -> list[Picture]:
    runs = story.runs().assign(**measured)
    weeks = weekly(runs, story.pain(), today=today)
    return pictures(weeks, runs, story.pain(), story.flags(), story.diary(), DEFAULTS)


def keys(today: dt.date, **measured: float) -> list[str]:
    return [picture.key for picture in chosen(today, **measured)]


def test_an_empty_week_keeps_the_charts_of_the_older_ones() -> None:
    assert keys(story.TODAY + dt.timedelta(weeks=20)) == ALL


@pytest.mark.parametrize("weeks", [27, 200])
def test_charts_whose_weeks_are_all_empty_are_left_out(weeks: int) -> None:
    assert keys(story.TODAY + dt.timedelta(weeks=weeks)) == ALL[:1]


def test_a_page_is_drawn_without_matplotlib() -> None:
    """Whoever waits for a page should not wait for it to load."""
    code = """
import sys
from kneeload.reports.drawings import drawing
from tests.charts.test_pictures import chosen
drawings = [drawing(picture) for picture in chosen()]
assert len(drawings) == 3 and all("<svg" in d.wide for d in drawings)
sys.exit("matplotlib" in sys.modules)
"""
    root = Path(__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0


def test_runs_without_a_distance_have_no_chart_of_distances() -> None:
    assert "single-runs" not in keys(story.TODAY, distance_km=np.nan)
