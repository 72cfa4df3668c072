"""Flags told by episode: the heaviest first, with what became of earlier ones; red flags."""

import re

import pandas as pd
import pytest

from kneeload import frames, reports
from kneeload.analysis import analyse
from kneeload.reports import Report
from kneeload.settings import DEFAULTS
from kneeload.weeks import weekly
from tests import story


def test_one_episode_is_one_line_with_its_history() -> None:
    report = story.report(**story.as_of("2026-03-01"))
    missing = next(e for e in report.episodes if e.rule == "cutback_missing")
    assert missing.severity == "warn"
    assert missing.since == "It has come up in three different weeks since 15 February."
    assert missing.before == "This has not happened before in 19 weeks of running."


@pytest.mark.parametrize(("flagged", "said"), [(8, "27 % of your weeks of running"), (7, "")])
def test_a_rule_that_speaks_often_says_so(flagged: int, said: str) -> None:
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
    (episode,) = story.report(
        runs=runs, activities=runs, pain=frames.empty(frames.PAIN), today=today,
        flags=frames.conform(flags, frames.FLAGS), weeks=weekly(runs, today=today),
    ).episodes  # fmt: skip
    assert ("so one more says little" in episode.before) == bool(said)
    assert said in episode.before


def test_episodes_say_how_often_the_rule_fired_before() -> None:
    episodes = story.report().episodes
    before = {
        episode.rule: re.sub(r"expect \d\.\d", "expect n", episode.before) for episode in episodes
    }
    assert before == {
        # 28 February; the scores of 1 and 3 March followed
        "pain_zone": "It came up once before in 5 weeks with scores; 1 of 1 was followed by a "
        "score of 3 or more within 7 days (by chance you would expect n).",
        "ten_percent": "It came up 3 times before in 22 weeks of running; you gave no "
        "score in the 7 days after.",
    }


def test_episodes_count_pain_only_where_the_knee_was_scored() -> None:
    spikes = [
        story.flag("long_run_spike", week, "warn", "Long.", episode=number)
        for number, week in enumerate((2, 17, 19, 23), 1)
    ]
    (episode,) = story.report(flags=frames.conform(pd.DataFrame(spikes), frames.FLAGS)).episodes
    # nothing after week 2, a 1 in week 18, a 4 in week 20
    assert (episode.fired_before, episode.scored, episode.followed) == (3, 2, 1)
    assert (
        "; 1 of the 2 with a score was followed by a score of 3 or more within 7 days (by chance "
        "you would expect "
    ) in episode.before
    assert 0 < episode.by_chance <= 2


def test_of_equal_severity_the_better_supported_leads() -> None:
    more = [
        story.flag("long_run_spike", 23, "warn", "Long.", episode=3),
        story.flag("monotony", 23, "warn", "Alike.", evidence="convention"),
        story.flag("run_streak", 23, "warn", "In a row.", evidence="assumption"),
        story.flag("ten_percent", 23, "warn", "More.", evidence="convention", episode=4),
    ]
    old = story.flags()
    flags = pd.concat([old[old["week"] != story.label(23)],
                       frames.conform(pd.DataFrame(more), frames.FLAGS)])  # fmt: skip
    rules = [e.rule for e in story.report(flags=flags.reset_index(drop=True)).episodes]
    assert rules == ["long_run_spike", "monotony", "ten_percent", "run_streak"]


def test_episodes_rest_on_something_with_a_link() -> None:
    rise = next(e for e in story.report().episodes if e.rule == "ten_percent")
    assert rise.source == "https://doi.org/10.1177/0363546507307505"
    assert "guideline" in rise.evidence


def test_the_heaviest_comes_first_and_the_seen_last() -> None:
    more = [
        story.flag("cutback_missing", 23, "alert", "9 weeks in a row."),
        story.flag("monotony", 23, "alert", "Alike.", acknowledged=True),
    ]
    flags = pd.concat([story.flags(), frames.conform(pd.DataFrame(more), frames.FLAGS)])
    rules = [e.rule for e in story.report(flags=flags.reset_index(drop=True)).episodes]
    assert rules == ["cutback_missing", "pain_zone", "ten_percent", "monotony"]


def test_a_rule_from_elsewhere_has_its_id_for_a_name() -> None:
    flags = frames.conform(
        pd.DataFrame([story.flag("my_rule", 23, "note", "it fired")]), frames.FLAGS
    )
    (episode,) = story.report(flags=flags).episodes
    assert (episode.title, episode.message, episode.source) == ("My rule", "It fired.", "")


def test_earlier_episodes_are_one_line_each_the_newest_first() -> None:
    earlier = story.report().earlier
    assert [item.date for item in earlier] == sorted((e.date for e in earlier), reverse=True)
    assert sum("cutback" in item.message for item in earlier) == 1


def test_a_knee_that_hurts_without_running_is_told_too() -> None:
    hurt = [
        story.flag("pain_zone", 20, "warn", "Left knee: 4/10."),
        story.flag("pain_zone", 23, "warn", "Left knee: 4/10.", episode=2),
    ]
    no_runs, no_weeks = frames.empty(frames.RUNS), frames.empty(frames.WEEKS)
    (episode,) = story.report(
        activities=no_runs, runs=no_runs, weeks=no_weeks,
        flags=frames.conform(pd.DataFrame(hurt), frames.FLAGS),
    ).episodes  # fmt: skip
    assert episode.before.startswith("It came up once before in 5 weeks with scores; ")


def test_the_first_lines_say_what_happened_best_evidence_first() -> None:
    fired = [
        story.flag("cutback_missing", 23, "alert", "Nine weeks without a cutback.",
                   evidence="convention"),
        story.flag("long_run_spike", 23, "warn", "Your 24.0 km was 1.5 times the longest."),
    ]  # fmt: skip
    report = story.report(flags=frames.conform(pd.DataFrame(fired), frames.FLAGS))
    said = next(line.text for line in report.lines if line.kind == "flags")
    assert said == "Your 24.0 km was 1.5 times the longest. Nine weeks without a cutback."


def test_nothing_fired_is_said_in_exactly_these_words() -> None:
    report = story.report(flags=frames.empty(frames.FLAGS))
    said = next(line.text for line in report.lines if line.kind == "flags")
    assert said == "No rule fired; that is not a safety check."


def _with_signs(*entries: tuple[str, str, str]) -> Report:
    """Return the report of the story with these in its diary: date, kind, subject."""
    diary = pd.DataFrame(entries, columns=["local_date", "kind", "subject"])
    known = analyse(
        story.activities(), story.pain(), frames.conform(diary, frames.DIARY),
        settings=DEFAULTS, today=story.TODAY,
    )  # fmt: skip
    return reports.build(known, drawings=False)


def test_an_open_red_flag_comes_first() -> None:
    report = _with_signs(("2026-03-10", "symptom", "swelling"))
    assert report.title == "A red flag is open"
    assert report.lines[0].kind == "red_flag"
    assert report.lines[0].text == "A swollen knee on 10 March. See a professional within days."


def test_an_assessed_red_flag_is_closed() -> None:
    signs = ("2026-03-10", "symptom", "swelling"), ("2026-03-12", "assessed", "")
    assert _with_signs(*signs).red_flags == ()


def test_signs_after_the_assessment_are_open_the_newest_first() -> None:
    signs = (
        ("2026-03-12", "assessed", ""),
        ("2026-03-13", "symptom", "locked"),
        ("2026-03-14", "symptom", "breathless"),
    )
    assert _with_signs(*signs).red_flags == (
        "Breathlessness or chest pain on 14 March. This is an emergency: call an ambulance now.",
        "A locked knee on 13 March. See a doctor today.",
    )
