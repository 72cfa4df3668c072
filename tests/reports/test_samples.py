"""The report of the sample log: its numbers are those of the table made without the importers."""

import datetime as dt
import re
from pathlib import Path

import pandas as pd
import pytest

from kneeload import reports
from kneeload.analysis import Analysis, analyse
from kneeload.log.training_log import TrainingLog
from kneeload.reports.render import html
from kneeload.samples import samples_folder

LAST_DAY = dt.date(2026, 3, 29)


def _analysis(path: Path, today: dt.date) -> Analysis:
    with TrainingLog(path) as log:
        frames = log.activities(), log.pain(), log.diary()
        return analyse(*frames, settings=log.settings, today=today)


@pytest.fixture(scope="module")
def analysis(imported_samples: Path) -> Analysis:
    """Return the sample log's analysis on the day after its last."""
    return _analysis(imported_samples, LAST_DAY + dt.timedelta(days=1))


def test_every_week_of_the_page_has_the_expected_numbers(analysis: Analysis) -> None:
    expected = pd.read_csv(samples_folder() / "expected_weeks.csv").set_index("week")
    report = reports.build(analysis, "2026-W13", drawings=False)
    shown = {f"{week.start:%G-W%V}": week for week in report.weeks}
    assert len(shown) == 26
    for label, week in expected.loc[expected.index.isin(shown)].iterrows():
        row = shown[str(label)]
        assert row.runs == week["runs"]
        assert row.distance_km == pytest.approx(week["distance_km"], abs=0.02, rel=0.01)


def test_the_too_long_run_leads_its_weeks_report(imported_samples: Path) -> None:
    report = reports.build(_analysis(imported_samples, dt.date(2026, 1, 26)), "2026-W04")
    assert "long_run_spike" in {episode.rule for episode in report.episodes}
    single = next(drawing for drawing in report.drawings if drawing.key == "single-runs")
    assert single.title == (
        "The run of 24.0 km on 25 January was 150 % of the longest in the previous 30 days."
    )


def test_the_morning_after_the_too_long_run_is_red(imported_samples: Path) -> None:
    # the run was on Sunday, the morning's 5 after a 0 before it is Monday's
    report = reports.build(_analysis(imported_samples, dt.date(2026, 1, 26)), drawings=False)
    assert report.week == "2026-W05"
    assert report.lines[0].label == "Left knee"
    assert report.lines[0].colour == "red"
    assert [(e.rule, e.severity) for e in report.episodes] == [("pain_zone", "alert")]


def test_the_sore_week_names_where_pain_began(imported_samples: Path) -> None:
    report = reports.build(_analysis(imported_samples, dt.date(2026, 1, 29)), drawings=False)
    assert next(line for line in report.lines if line.kind == "onset").text.startswith("At 3.5 km")


def test_no_path_of_a_source_reaches_the_page(analysis: Analysis) -> None:
    page = html.render(reports.build(analysis))
    assert str(samples_folder()) not in page
    assert not re.search(r"\.(fit|gpx|tcx|csv)\b", page)


def test_a_complete_week_tells_the_next_ones_limit(
    analysis: Analysis,
) -> None:
    report = reports.build(analysis, "2026-W13", drawings=False)
    assert report.complete
    assert report.next is not None
    assert report.next.limits[0].week_start == dt.date(2026, 3, 30)
    assert report.next.limits[0].run_km == 0
