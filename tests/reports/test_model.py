"""The Report as a value: first lines, episodes, what comes next, the states without data."""

import datetime as dt
import json
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from kneeload import frames, reports
from kneeload.analysis import Analysis
from kneeload.errors import EntryError
from kneeload.reports import Report
from kneeload.reports.render import html, markdown
from kneeload.settings import DEFAULTS
from kneeload.weeks import weekly
from tests import story

NO_FLAGS = frames.empty(frames.FLAGS)
NO_PAIN = frames.empty(frames.PAIN)


def _line(report: Report, kind: str) -> str:
    return next(line.text for line in report.lines if line.kind == kind)


def _scores(*rows: tuple[str, str, int]) -> pd.DataFrame:
    """Return scores of the left knee: date, moment, score."""
    frame = pd.DataFrame(rows, columns=["local_date", "moment", "score"])
    return frames.conform(frame.assign(knee="left"), frames.PAIN)


def _with_pain(pain: pd.DataFrame) -> dict[str, Any]:
    return {"pain": pain, "weeks": weekly(story.runs(), pain, today=story.TODAY)}


# The first lines


def test_lines_come_in_their_fixed_order() -> None:
    assert [line.kind for line in story.report().lines] == [
        "knee",
        "onset",
        "pain_free",
        "load",
        "flags",
        "next",
    ]


def test_the_knee_line_has_the_worst_run() -> None:
    line = story.report().lines[0]
    assert line.label == "Left knee"
    assert line.text == (
        "Worst pain 4/10 during the run, 2 the next morning (1 before the run). You gave scores "
        "for 2 of 3 runs. Rated amber."
    )
    assert line.colour == "amber"


def test_onset_line_has_this_time_and_the_last_ones() -> None:
    assert _line(story.report(), "onset") == (
        "At 6.2 km on 19 March, at 5.5 km on 14 March, at 3.1 km on 3 March and at 14.0 km on 28 "
        "February."
    )


def test_load_line_has_the_numbers_so_far() -> None:
    # 43.2, 17, 17 and 38 km in the four weeks before; 19.2 km on 28 February
    assert _line(story.report(), "load") == (
        "24.1 km in 3 runs so far; the previous four weeks averaged 28.8 km. "
        "Longest run 9.9 km (longest in the previous 30 days: 19.2 km). "
        "A cutback week so far; it counts once the week is over."
    )


def test_a_complete_week_is_not_so_far() -> None:
    report = story.report("2026-W11")
    assert report.complete
    assert "so far" not in report.title
    assert all("so far" not in line.text for line in report.lines)


def test_miles_everywhere() -> None:
    report = story.report(settings=replace(DEFAULTS, units="mi"))
    assert _line(report, "load").startswith("15.0 mi in 3 runs so far")
    said = " ".join([report.title, *(line.text for line in report.lines)])
    said += " ".join(episode.message for episode in report.episodes)
    assert " km" not in said


def test_title_tells_load_and_knee() -> None:
    assert story.report().title == "24.1 km so far, left knee up to 4/10"


def test_a_score_of_zero_is_said_as_such() -> None:
    pain = _scores(("2026-03-17", "during", 0), ("2026-03-18", "next_morning", 0))
    assert story.report(**_with_pain(pain)).title == "24.1 km so far, left knee 0/10"


def test_next_line_has_the_limit_and_the_first_reason() -> None:
    assert _line(story.report(), "next") == (
        "Keep your next run to 6.2 km. "
        "Amber: less distance, speed or downhill until it is at most 2 and settles overnight."
    )


def test_no_number_says_why() -> None:
    plan = story.plan(
        next_run_km=None,
        this_week_km=None,
        next_week_km=None,
        reasons=("Too little history: 2 runs in 30 days.",),
    )
    report = story.report(plan=plan)
    assert _line(report, "next") == ("Too little history: 2 runs in 30 days.")
    assert report.next is not None
    assert report.next.limits == ()


def test_limits_bear_the_week_they_are_for() -> None:
    coming = story.report().next
    assert coming is not None
    assert [(c.week_start, c.km, round(c.run_km, 1)) for c in coming.limits] == [
        (dt.date(2026, 3, 16), 18.7, 24.1),
        (dt.date(2026, 3, 23), 19.3, 0.0),
    ]


# The knee


def test_unscored_week_is_not_known_about() -> None:
    report = story.report(**story.as_of("2026-02-08", pain=NO_PAIN))
    assert report.lines[0].text == "No scores yet this week."
    assert report.title.endswith("no knee scores")


def test_unscored_week_names_the_last_score() -> None:
    pain = story.pain()
    old = pain[pain["local_date"] < pd.Timestamp("2026-03-01")]
    assert story.report(**_with_pain(old)).lines[0].text.endswith("Last score: 28 February 2026.")


def test_green_needs_every_run_scored() -> None:
    scored = [
        row
        for day in (17, 19, 20)
        for row in (
            (f"2026-03-{day}", "before", 0),
            (f"2026-03-{day}", "during", 1),
            (f"2026-03-{day}", "after", 0),
            (f"2026-03-{day + 1}", "next_morning", 0),
        )
    ]
    whole = story.report(**_with_pain(_scores(*scored))).lines[0]
    assert "You gave scores for 3 of 3 runs. Rated green." in whole.text
    missing = story.report(**_with_pain(_scores(*scored[:8]))).lines[0]
    assert missing.text.endswith(
        "2 of 3 runs. Not rated green, amber or red yet, because a score is missing."
    )
    assert missing.colour == ""


def test_red_is_red() -> None:
    line = story.report(**_with_pain(_scores(("2026-03-17", "during", 6)))).lines[0]
    assert line.text.startswith("Worst pain 6/10 during the run.")
    assert line.text.endswith("Rated red.")
    assert line.colour == "red"


def test_two_knees_have_a_line_each_the_worse_first() -> None:
    both = pd.concat(
        [
            _scores(("2026-03-17", "during", 2)),
            _scores(("2026-03-17", "during", 3)).assign(knee="right"),
        ],
        ignore_index=True,
    )
    labels = [line.label for line in story.report(**_with_pain(both)).lines if line.kind == "knee"]
    assert labels == ["Right knee", "Left knee"]


def test_pain_rows_set_the_four_scores_of_a_run_side_by_side() -> None:
    first, second = story.report().pain
    assert (first.before, first.during, first.after, first.next_morning) == (1, 2, None, 1)
    assert second.date == dt.date(2026, 3, 19)
    assert (second.before, second.during, second.next_morning) == (1, 4, 2)
    assert second.onset == "at 6.2 km"


def test_pain_rows_reach_back_to_the_run_of_a_next_morning() -> None:
    pain = _scores(
        ("2026-03-12", "during", 5),
        ("2026-03-13", "during", 3),
        ("2026-03-16", "next_morning", 2),
    )
    pain.loc[2, "run_id"] = "222"  # of Friday 13 March
    (row,) = story.report(**_with_pain(pain)).pain
    assert (row.date, row.during, row.next_morning) == (dt.date(2026, 3, 13), 3, 2)


def test_a_morning_after_no_run_has_a_row_of_its_own_day() -> None:
    pain = _scores(("2026-03-15", "during", 3), ("2026-03-16", "next_morning", 2))
    (row,) = story.report(**_with_pain(pain)).pain
    assert (row.date, row.during, row.next_morning) == (dt.date(2026, 3, 16), None, 2)


# The week


def test_runs_of_the_week_without_paths() -> None:
    report = story.report()
    assert [run.distance_km for run in report.runs] == [6.0, 8.2, 9.9]
    assert report.runs[1].avg_hr_bpm is None
    assert "/home" not in reports.as_json(report)


def test_besides_running() -> None:
    assert story.report().besides == "strength once, bike 1.5 h"


def test_suspect_runs_are_shown_but_not_counted() -> None:
    runs = story.runs()
    runs.loc[runs.index[-1], "suspect"] = True
    runs.loc[runs.index[-1], "suspect_reason"] = "faster than the world record"
    report = story.report(runs=runs, weeks=weekly(runs, story.pain(), today=story.TODAY))
    assert _line(report, "load").startswith("14.2 km in 2 runs so far")
    assert "averaged 28.8 km. 1 doubtful run left out. Longest" in _line(report, "load")
    assert report.runs[-1].remark == "not counted: faster than the world record"
    assert any("faster than the world record" in note for note in report.notes)


def test_data_notes_count_what_is_missing() -> None:
    assert story.report().notes[:2] == (
        "1 of 3 runs came without heart rate.",
        "1 of 3 runs came with an estimated load.",
    )


def test_an_old_week_says_how_old_it_is() -> None:
    report = story.report(today=dt.date(2026, 4, 27))
    assert report.week == "2026-W12"
    assert report.age == "This week ended 5 weeks ago (as of 27 April 2026); no run or score since."
    shown = (html.render(report), markdown.render(report), "\n".join(reports.status_lines(report)))
    for surface in shown:
        said = surface.replace("\u00a0", " ")
        assert 0 < said.index(report.age) < said.index("Worst pain 4/10")


@pytest.mark.parametrize(
    ("today", "age"),
    [("2026-03-28", ""), ("2026-03-29", "This week ended 1 week ago (as of 29 March 2026)")],
)
def test_a_week_is_old_seven_days_after_its_end(today: str, age: str) -> None:
    told = story.report(today=dt.date.fromisoformat(today)).age
    assert age in told
    assert bool(age) == bool(told)


def test_an_old_week_with_later_runs_is_not_the_last() -> None:
    assert story.report("2026-W10").age == "This week ended 1 week ago (as of 21 March 2026)."


def test_a_week_to_come_is_refused() -> None:
    with pytest.raises(EntryError, match="had not begun"):
        story.report("2026-W20")


def test_sunday_weeks() -> None:
    settings = replace(DEFAULTS, week_start="sunday")
    weeks = weekly(story.runs(), story.pain(), settings=settings, today=story.TODAY)
    report = story.report(settings=settings, weeks=weeks)
    assert report.days == "15\u201321 March 2026"
    assert [run.date.day for run in report.runs] == [17, 19, 20]


def test_an_empty_week_between() -> None:
    report = story.report("2025-W52", **story.as_of("2025-12-29"))
    assert report.title == "No runs, no knee scores"
    assert _line(report, "load").startswith("No runs; the previous four weeks averaged")


# Without data


def _nothing() -> Analysis:
    return story.analysis(
        activities=frames.empty(frames.RUNS),
        runs=frames.empty(frames.RUNS),
        pain=NO_PAIN,
        diary=frames.empty(frames.DIARY),
        weeks=frames.empty(frames.WEEKS),
        flags=NO_FLAGS,
    )


def test_an_empty_log_says_what_to_run() -> None:
    report = reports.build(_nothing())
    assert report.title == "Nothing to show yet"
    assert report.hints[0].commands[0] == "kneeload import FOLDER"
    assert report.drawings == ()


def test_runs_without_scores_invite_to_score() -> None:
    report = story.report(**_with_pain(NO_PAIN))
    assert [hint.title for hint in report.hints] == ["No knee scores yet"]
    assert report.hints[0].commands[0] == "kneeload pain"


def test_the_first_week_is_named() -> None:
    report = story.report(**story.as_of("2025-10-12"))
    assert [h.title for h in report.hints] == ["The log’s first week", "No knee scores yet"]
    assert "first week" in _line(report, "load")


def test_who_has_folders_set_is_not_told_to_import_one() -> None:
    settings = replace(DEFAULTS, import_folders=("garmin",))
    first = story.report(**story.as_of("2025-10-12"), settings=settings)
    assert [hint.title for hint in first.hints] == ["No knee scores yet"]
    assert reports.build(replace(_nothing(), settings=settings)).hints == ()


def test_scores_without_runs() -> None:
    given = replace(_nothing(), pain=story.pain(), weeks=frames.empty(frames.WEEKS))
    report = reports.build(given)
    assert [hint.title for hint in report.hints] == ["No runs yet"]
    assert report.title == "No runs so far, left knee up to 4/10"
    assert report.drawings == ()


# As data


def test_same_analysis_same_report() -> None:
    assert reports.build(story.analysis()) == reports.build(story.analysis())


def test_json_holds_the_values_and_the_charts_words() -> None:
    value = json.loads(reports.as_json(reports.build(story.analysis())))
    assert value["week"] == "2026-W12"
    assert value["today"] == "2026-03-21"
    assert value["runs"][1]["avg_hr_bpm"] is None
    assert [drawing["key"] for drawing in value["drawings"]] == [
        "load-and-pain",
        "without-pain",
        "single-runs",
        "to-usual",
    ]
    assert "wide" not in value["drawings"][0]
    assert "NaN" not in reports.as_json(reports.build(story.analysis()))
