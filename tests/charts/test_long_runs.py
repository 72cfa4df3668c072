"""Single runs against the longest of the days before."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from kneeload import frames
from kneeload.charts import canvas, long_runs
from kneeload.charts.shapes import Marks
from kneeload.diary.attribution import assign_runs
from kneeload.settings import DEFAULTS
from tests import sheets, story

NO_PAIN = frames.empty(frames.PAIN)


def _runs(*days_and_km: tuple[int, float]) -> pd.DataFrame:
    start = pd.Timestamp("2026-01-01")
    dates = [start + pd.Timedelta(days=day) for day, _ in days_and_km]
    return frames.conform(
        pd.DataFrame(
            {
                "run_id": [f"r{n}" for n in range(len(dates))],
                "started_at": pd.Series(dates).dt.tz_localize("UTC"),
                "local_date": dates,
                "sport": "running",
                "distance_km": [km for _, km in days_and_km],
            }
        ),
        frames.RUNS,
    )


def _over(*days_and_km: tuple[int, float]) -> list[bool]:
    return list(long_runs.with_limits(_runs(*days_and_km), NO_PAIN, DEFAULTS)["over"])


def test_exactly_110_percent_is_not_over() -> None:
    assert _over((0, 10), (5, 11)) == [False, False]
    assert _over((0, 10), (5, 11.01)) == [False, True]


def test_day_30_counts_and_day_31_does_not() -> None:
    assert _over((0, 10), (30, 12)) == [False, True]
    assert _over((0, 10), (31, 12)) == [False, False]


def test_runs_under_three_kilometres_are_not_judged() -> None:
    assert _over((0, 1), (1, 2.99)) == [False, False]
    assert _over((0, 1), (1, 3)) == [False, True]


def test_without_a_run_before_there_is_no_line() -> None:
    judged = long_runs.with_limits(_runs((0, 10), (40, 12)), NO_PAIN, DEFAULTS)
    assert judged["limit"].isna().all()


def test_onset_comes_from_the_scores_that_rate_the_run() -> None:
    runs = _runs((0, 10), (2, 8), (4, 5))
    pain = frames.conform(
        pd.DataFrame(
            {
                "local_date": pd.to_datetime(["2026-01-02", "2026-01-03", "2026-01-05"]),
                "run_id": ["r0", "r1", "r2"],
                "onset_km": [6.0, 3.0, 9.0],
                "score": [3, 3, 3],
            }
        ),
        frames.PAIN,
    )
    onset = long_runs.with_limits(runs, pain, DEFAULTS)["onset"]
    assert onset.iloc[:2].tolist() == [6.0, 3.0]
    assert np.isnan(onset.iloc[2])  # beyond the end of the run


def test_title_tells_the_run_that_went_over() -> None:
    weeks = story.weeks().iloc[:21]
    runs = story.runs()
    before = runs[runs["local_date"] <= weeks["week_start"].iloc[-1] + pd.Timedelta(days=6)]
    title = long_runs.picture(weeks, before, NO_PAIN, DEFAULTS).title
    assert title == (
        "The run of 19.2 km on 28 February was 137 % of the longest in the previous 30 days."
    )


def test_title_of_a_week_within_the_line() -> None:
    title = long_runs.picture(story.weeks(), story.runs(), story.pain(), DEFAULTS).title
    assert title == (
        "The longest run, 9.9 km on 20 March, was 52 % of the longest in the previous 30 days."
    )


def test_title_of_a_week_without_runs() -> None:
    weeks = story.weeks().iloc[:12]
    runs = story.runs()
    before = runs[runs["local_date"] < weeks["week_start"].iloc[-1]]
    assert long_runs.picture(weeks, before, NO_PAIN, DEFAULTS).title == (
        "This week has no run that can be compared."
    )


def test_marks_and_tooltips() -> None:
    scores = assign_runs(story.pain(), story.runs())
    picture = long_runs.picture(story.weeks(), story.runs(), scores, DEFAULTS)
    marks = sheets.of(Marks, *picture.draw(canvas.WIDE).panels)
    (over,) = [m for m in marks if m.marker == "D" and m.tips]
    assert over.tips[-1] == "28 February: 19.2 km, line at 15.4, pain from 14.0 km."
    assert over.y[-1] == pytest.approx(19.2)


def test_miles() -> None:
    settings = replace(DEFAULTS, units="mi")
    judged = long_runs.with_limits(_runs((0, 16.09344), (5, 8)), NO_PAIN, settings)
    assert judged["km"].iloc[0] == pytest.approx(10)
    assert judged["limit"].iloc[1] == pytest.approx(11)


def test_a_first_run_can_be_drawn() -> None:
    picture = long_runs.picture(story.weeks().head(1), story.runs().head(1), NO_PAIN, DEFAULTS)
    assert picture.title == "There was no run in the previous 30 days to compare with."
    assert picture.draw(canvas.NARROW).panels[0].shapes
