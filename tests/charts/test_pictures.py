"""Which charts a page has: none that would be empty."""

import datetime as dt

import numpy as np
import pytest

from kneeload.reports.drawings import pictures
from kneeload.settings import DEFAULTS
from kneeload.weeks import weekly
from tests import story

ALL = ["load-and-pain", "single-runs", "to-usual"]


def keys(today: dt.date, **measured: float) -> list[str]:
    runs = story.runs().assign(**measured)
    weeks = weekly(runs, story.pain(), today=today)
    given = (weeks, runs, story.pain(), story.flags(), story.diary(), DEFAULTS)
    return [picture.key for picture in pictures(*given)]


def test_an_empty_week_keeps_the_charts_of_the_older_ones() -> None:
    assert keys(story.TODAY + dt.timedelta(weeks=20)) == ALL


@pytest.mark.parametrize("weeks", [27, 200])
def test_charts_whose_weeks_are_all_empty_are_left_out(weeks: int) -> None:
    assert keys(story.TODAY + dt.timedelta(weeks=weeks)) == ALL[:1]


def test_runs_without_a_distance_have_no_chart_of_distances() -> None:
    assert "single-runs" not in keys(story.TODAY, distance_km=np.nan)
