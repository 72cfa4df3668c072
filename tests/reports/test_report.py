"""The Report as a value: first lines, episodes, what comes next, the states without data."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from kneeload import frames, reports
from kneeload.errors import EntryError
from kneeload.reports import html, markdown
from kneeload.settings import DEFAULTS
from kneeload.weeks import weekly
from tests import story

if TYPE_CHECKING:
    from kneeload.analysis import Analysis
    from kneeload.reports import Report

NO_FLAGS = frames.empty(frames.FLAGS)
NO_PAIN = frames.empty(frames.PAIN)


def _build(week: str | None = None, **changes: Any) -> Report:
    return reports.build(story.analysis(**changes), week, drawings=False)


def _line(report: Report, kind: str) -> str:
    return next(line.text for line in report.lines if line.kind == kind)


def _scores(*rows: tuple[str, str, int]) -> pd.DataFrame:
    """Return scores of the left knee: date, moment, score."""
    frame = pd.DataFrame(rows, columns=["local_date", "moment", "score"])
    dated = frame.assign(local_date=pd.to_datetime(frame["local_date"]), knee="left")
    return frames.conform(dated, frames.PAIN)


def _with_pain(pain: pd.DataFrame) -> dict[str, Any]:
    return {"pain": pain, "weeks": weekly(story.runs(), pain, today=story.TODAY)}


def _as_of(today: str, **changes: Any) -> dict[str, Any]:
    """Return the story as it stood on a day."""
    date, day = pd.Timestamp(today), dt.date.fromisoformat(today)
    runs, pain = (f[f["local_date"] <= date] for f in (story.runs(), story.pain()))
    flags = story.flags()
    return {
        "today": day,
        "runs": runs,
        "activities": runs,
        "pain": pain,
        "flags": flags[flags["date"] <= date],
        "weeks": weekly(runs, pain, today=day),
    } | changes


# The first lines


def test_lines_come_in_their_fixed_order() -> None:
    assert [line.kind for line in _build().lines] == ["knee", "onset", "load", "flags", "next"]


def test_knee_line_has_the_worst_run_with_its_morning_and_before() -> None:
    line = _build().lines[0]
    assert line.label == "Left knee"
    assert line.text == "Worst 4/10 during, 2 next morning (before: 1). Scored 2 of 3 runs. Amber."
    assert line.colour == "amber"


def test_onset_line_has_this_time_and_the_last_ones() -> None:
    assert _line(_build(), "onset") == (
        "At 6.2 km on 19 March; before that at 5.5 km on 14 March, at 3.1 km on 3 March and "
        "at 14.0 km on 28 February."
    )


def test_load_line_has_the_numbers_so_far() -> None:
    # 43.2, 17, 17 and 38 km in the four weeks before; 19.2 km on 28 February
    assert _line(_build(), "load") == (
        "24.1 km in 3 runs so far; the four weeks before held 28.8 km on average. "
        "Longest run 9.9 km; the longest of the 30 days before it 19.2 km. "
        "A cutback week so far; it counts once the week is over."
    )


def test_a_complete_week_is_not_so_far() -> None:
    report = _build("2026-W11")
    assert report.complete
    assert "so far" not in report.title
    assert all("so far" not in line.text for line in report.lines)


def test_miles_everywhere() -> None:
    report = _build(settings=replace(DEFAULTS, units="mi"))
    assert _line(report, "load").startswith("15.0 mi in 3 runs so far")
    said = " ".join([report.title, *(line.text for line in report.lines)])
    said += " ".join(episode.message for episode in report.episodes)
    assert " km" not in said


def test_title_tells_load_and_knee() -> None:
    assert _build().title == "24.1 km so far, left knee at most 4/10"


def test_a_score_of_zero_is_said_as_such() -> None:
    pain = _scores(("2026-03-17", "during", 0), ("2026-03-18", "next_morning", 0))
    assert _build(**_with_pain(pain)).title == "24.1 km so far, left knee 0/10"


def test_next_line_has_the_ceiling_and_the_first_reason() -> None:
    assert _line(_build(), "next") == (
        "The longest run that would raise no flag is 6.2 km. "
        "Amber: less distance, speed or downhill until it is at most 2 and settles overnight."
    )


def test_no_number_says_why() -> None:
    plan = story.plan(
        next_run_km=None,
        this_week_km=None,
        next_week_km=None,
        reasons=("Too little history: 2 runs in 30 days.",),
    )
    report = _build(plan=plan)
    assert _line(report, "next") == (
        "No number for the next run. Too little history: 2 runs in 30 days."
    )
    assert report.next is not None
    assert report.next.ceilings == ()


def test_ceilings_bear_the_week_they_are_for() -> None:
    coming = _build().next
    assert coming is not None
    assert [(c.week_start, c.km, round(c.run_km, 1)) for c in coming.ceilings] == [
        (dt.date(2026, 3, 16), 18.7, 24.1),
        (dt.date(2026, 3, 23), 19.3, 0.0),
    ]


# The knee


def test_unscored_week_is_not_known_about() -> None:
    report = _build(**_as_of("2026-02-08", pain=NO_PAIN))
    assert report.lines[0].text == "Not scored in this week so far; nothing is known about it."
    assert report.title.endswith("the knee not scored")


def test_unscored_week_names_the_last_score() -> None:
    pain = story.pain()
    old = pain[pain["local_date"] < pd.Timestamp("2026-03-01")]
    assert (
        _build(**_with_pain(old)).lines[0].text.endswith("The last score is of 28 February 2026.")
    )


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
    assert _build(**_with_pain(_scores(*scored))).lines[0].text.endswith("3 of 3 runs. Green.")
    missing = _build(**_with_pain(_scores(*scored[:8]))).lines[0]
    assert missing.text.endswith("2 of 3 runs. Zone unknown, as a score is missing.")
    assert missing.colour == ""


def test_red_is_red() -> None:
    line = _build(**_with_pain(_scores(("2026-03-17", "during", 6)))).lines[0]
    assert line.text.startswith("Worst 6/10 during.")
    assert line.text.endswith("Red.")
    assert line.colour == "red"


def test_two_knees_have_a_line_each_the_worse_first() -> None:
    both = pd.concat(
        [
            _scores(("2026-03-17", "during", 2)),
            _scores(("2026-03-17", "during", 3)).assign(knee="right"),
        ],
        ignore_index=True,
    )
    labels = [line.label for line in _build(**_with_pain(both)).lines if line.kind == "knee"]
    assert labels == ["Right knee", "Left knee"]


def test_pain_rows_set_the_four_scores_of_a_run_side_by_side() -> None:
    first, second = _build().pain
    assert (first.before, first.during, first.after, first.next_morning) == (1, 2, None, 1)
    assert second.date == dt.date(2026, 3, 19)
    assert (second.before, second.during, second.next_morning) == (1, 4, 2)
    assert second.onset == "at 6.2 km"


def test_pain_rows_reach_back_to_the_run_of_a_next_morning() -> None:
    pain = _scores(
        ("2026-03-14", "during", 5),
        ("2026-03-15", "during", 3),
        ("2026-03-16", "next_morning", 2),
    )
    (row,) = _build(**_with_pain(pain)).pain
    assert (row.date, row.during, row.next_morning) == (dt.date(2026, 3, 15), 3, 2)


# Flags


def test_one_episode_is_one_line_with_its_history() -> None:
    report = _build(**_as_of("2026-03-01"))
    missing = next(e for e in report.episodes if e.rule == "cutback_missing")
    assert missing.severity == "warn"
    assert missing.since == "Since 15 February, in three weeks."
    assert missing.before == "The first time in 19 weeks with running."


@pytest.mark.parametrize(("flagged", "said"), [(8, "27 % of your weeks"), (7, "")])
def test_a_rule_that_speaks_in_more_than_every_fourth_week_says_so(flagged: int, said: str) -> None:
    mondays = pd.date_range("2025-09-01", periods=30, freq="7D", unit="us")
    runs = story.runs().tail(1).drop(columns=["local_date", "run_id", "started_at"])
    runs = pd.DataFrame({"local_date": mondays, "run_id": [f"r{n}" for n in range(30)]}).merge(
        runs, how="cross"
    )
    runs = frames.conform(
        runs.assign(started_at=mondays.tz_localize("UTC") + pd.Timedelta(hours=8)), frames.RUNS
    )
    last = mondays[-flagged:]
    flags = pd.DataFrame({"date": last, "week": [f"{d:%G-W%V}" for d in last]}).assign(
        rule="ten_percent", severity="note", message="More.", evidence="convention",
        flag_id=[f"f{n}" for n in range(flagged)], episode=range(1, flagged + 1),
    )  # fmt: skip
    today = (last[-1] + pd.Timedelta(days=6)).date()
    (episode,) = _build(
        runs=runs, activities=runs, pain=NO_PAIN, today=today,
        flags=frames.conform(flags, frames.FLAGS), weeks=weekly(runs, today=today),
    ).episodes  # fmt: skip
    assert ("so once more says little" in episode.before) == bool(said)
    assert said in episode.before


def test_episodes_say_how_often_the_rule_fired_before() -> None:
    before = {episode.rule: episode.before for episode in _build().episodes}
    assert before == {
        # 28 February; the scores of 1 and 3 March followed
        "pain_zone": "Fired once before in 22 weeks with running; 1 of 1 was followed by a score "
        "of 3 or more within 7 days.",
        "ten_percent": "Fired 3 times before in 22 weeks with running; the knee was not scored in "
        "the 7 days after.",
    }


def test_episodes_count_pain_only_where_the_knee_was_scored() -> None:
    spikes = [
        story.flag("long_run_spike", week, "warn", "Long.", episode=number)
        for number, week in enumerate((2, 17, 19, 23), 1)
    ]
    (episode,) = _build(flags=frames.conform(pd.DataFrame(spikes), frames.FLAGS)).episodes
    # nothing after week 2, a 1 in week 18, a 4 in week 20
    assert (episode.fired_before, episode.scored, episode.followed) == (3, 2, 1)
    assert episode.before.endswith(
        "; 1 of the 2 with a score was followed by a score of 3 or more within 7 days."
    )


def test_of_equal_severity_the_better_supported_leads_and_then_the_rarer() -> None:
    more = [
        story.flag("long_run_spike", 23, "warn", "Long.", episode=3),
        story.flag("monotony", 23, "warn", "Alike.", evidence="convention"),
        story.flag("run_streak", 23, "warn", "In a row.", evidence="assumption"),
        story.flag("ten_percent", 23, "warn", "More.", evidence="convention", episode=4),
    ]
    old = story.flags()
    flags = pd.concat([old[old["week"] != story.label(23)],
                       frames.conform(pd.DataFrame(more), frames.FLAGS)])  # fmt: skip
    rules = [e.rule for e in _build(flags=flags.reset_index(drop=True)).episodes]
    assert rules == ["long_run_spike", "monotony", "ten_percent", "run_streak"]


def test_episodes_rest_on_something_with_a_link() -> None:
    rise = next(e for e in _build().episodes if e.rule == "ten_percent")
    assert rise.source == "https://doi.org/10.1177/0363546507307505"
    assert "guideline" in rise.evidence


def test_the_heaviest_comes_first_and_the_seen_last() -> None:
    more = [
        story.flag("cutback_missing", 23, "alert", "9 weeks in a row."),
        story.flag("monotony", 23, "alert", "Alike.", acknowledged=True),
    ]
    flags = pd.concat([story.flags(), frames.conform(pd.DataFrame(more), frames.FLAGS)])
    rules = [e.rule for e in _build(flags=flags.reset_index(drop=True)).episodes]
    assert rules == ["cutback_missing", "pain_zone", "ten_percent", "monotony"]


def test_a_rule_from_elsewhere_has_its_id_for_a_name() -> None:
    flags = frames.conform(
        pd.DataFrame([story.flag("my_rule", 23, "note", "it fired")]), frames.FLAGS
    )
    (episode,) = _build(flags=flags).episodes
    assert (episode.title, episode.message, episode.source) == ("My rule", "It fired.", "")


def test_earlier_episodes_are_one_line_each_the_newest_first() -> None:
    earlier = _build().earlier
    assert [item.date for item in earlier] == sorted((e.date for e in earlier), reverse=True)
    assert sum("cutback" in item.message for item in earlier) == 1


def test_nothing_fired_is_said_in_exactly_these_words() -> None:
    report = _build(flags=NO_FLAGS)
    assert _line(report, "flags") == "No rule fired; that is not a safety check."


def _sign(date: str, subject: str = "swelling", kind: str = "symptom") -> dict[str, object]:
    return {"kind": kind, "local_date": pd.Timestamp(date), "subject": subject}


def _diary(*entries: dict[str, object]) -> pd.DataFrame:
    return frames.conform(pd.DataFrame(list(entries)), frames.DIARY)


def test_an_open_red_flag_comes_first() -> None:
    report = _build(diary=_diary(_sign("2026-03-10")))
    assert report.title == "A red flag is open"
    assert report.lines[0].kind == "red_flag"
    assert report.lines[0].text == ("A swollen knee on 10 March. See a professional within days.")


def test_an_assessed_red_flag_is_closed() -> None:
    diary = _diary(_sign("2026-03-10"), _sign("2026-03-12", "", "assessed"))
    assert _build(diary=diary).red_flags == ()


def test_a_sign_after_the_assessment_is_open() -> None:
    diary = _diary(_sign("2026-03-12", "", "assessed"), _sign("2026-03-13", "locked"))
    assert _build(diary=diary).red_flags == ("A locked knee on 13 March. See a doctor today.",)


# The week


def test_runs_of_the_week_without_paths() -> None:
    report = _build()
    assert [run.distance_km for run in report.runs] == [6.0, 8.2, 9.9]
    assert report.runs[1].avg_hr_bpm is None
    assert "/home" not in reports.as_json(report)


def test_besides_running() -> None:
    assert _build().besides == "strength once, bike 1.5 h"


def test_suspect_runs_are_shown_but_not_counted() -> None:
    runs = story.runs()
    runs.loc[runs.index[-1], "suspect"] = True
    runs.loc[runs.index[-1], "suspect_reason"] = "faster than the world record"
    report = _build(runs=runs, weeks=weekly(runs, story.pain(), today=story.TODAY))
    assert _line(report, "load").startswith("14.2 km in 2 runs so far")
    assert report.runs[-1].remark == "left out of the sums: faster than the world record"
    assert any("faster than the world record" in note for note in report.notes)


def test_data_notes_count_what_is_missing() -> None:
    assert _build().notes[:2] == (
        "1 of 3 runs without heart rate.",
        "1 of 3 runs with an estimated load.",
    )


def test_an_old_week_says_how_old_it_is() -> None:
    report = _build(today=dt.date(2026, 4, 27))
    assert report.week == "2026-W12"
    assert report.age == "As of 27 April 2026 this week ended 5 weeks ago; no run or score since."
    shown = (html.render(report), markdown.render(report), "\n".join(reports.status_lines(report)))
    for surface in shown:
        said = surface.replace("\u00a0", " ")
        assert 0 < said.index(report.age) < said.index("Worst 4/10")


@pytest.mark.parametrize(("today", "age"), [("2026-03-28", ""), ("2026-03-29", "1 week ago")])
def test_a_week_is_old_seven_days_after_its_end(today: str, age: str) -> None:
    told = _build(today=dt.date.fromisoformat(today)).age
    assert age in told
    assert bool(age) == bool(told)


def test_an_old_week_with_later_runs_is_not_the_last() -> None:
    assert _build("2026-W10").age == "As of 21 March 2026 this week ended 1 week ago."


def test_a_week_to_come_is_refused() -> None:
    with pytest.raises(EntryError, match="has not begun"):
        _build("2026-W20")


def test_sunday_weeks() -> None:
    settings = replace(DEFAULTS, week_start="sunday")
    weeks = weekly(story.runs(), story.pain(), settings=settings, today=story.TODAY)
    report = _build(settings=settings, weeks=weeks)
    assert report.days == "15\u201321 March 2026"
    assert [run.date.day for run in report.runs] == [17, 19, 20]


def test_an_empty_week_between() -> None:
    report = _build("2025-W52", **_as_of("2025-12-29"))
    assert report.title == "No runs, the knee not scored"
    assert _line(report, "load").startswith("No runs; the four weeks before held")


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
    report = _build(**_with_pain(NO_PAIN))
    assert [hint.title for hint in report.hints] == ["The knee is not scored yet"]
    assert report.hints[0].commands[0] == "kneeload pain"


def test_the_first_week_is_named() -> None:
    report = _build(**_as_of("2025-10-12"))
    assert [h.title for h in report.hints] == ["The log’s first week", "The knee is not scored yet"]
    assert "first week" in _line(report, "load")


def test_scores_without_runs() -> None:
    given = replace(_nothing(), pain=story.pain(), weeks=frames.empty(frames.WEEKS))
    report = reports.build(given)
    assert [hint.title for hint in report.hints] == ["No runs yet"]
    assert report.title == "No runs so far, left knee at most 4/10"
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
        "single-runs",
        "to-usual",
    ]
    assert "wide" not in value["drawings"][0]
    assert "NaN" not in reports.as_json(reports.build(story.analysis()))
