"""The sheet for the physio: counts of twelve weeks, no name, nothing that was not noted."""

import datetime as dt
import re
from dataclasses import replace
from typing import Any

import pandas as pd

from kneeload import frames
from kneeload.reports.physio_sheet import PhysioReport, physio
from kneeload.reports.render import html
from kneeload.settings import DEFAULTS
from tests import story
from tests.surfaces import faults, seen

NASTY = "<script>alert('x')</script>"


def _sheet(name: str = "", **changes: Any) -> PhysioReport:
    found = physio(story.analysis(**changes), name=name)
    assert found is not None
    return found


def _diary(*rows: tuple[str, str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["kind", "local_date", "text"])
    return frames.conform(frame, frames.DIARY)


def test_twelve_weeks_up_to_the_newest() -> None:
    # the week of 29 December to the running one
    sheet = _sheet()
    assert sheet.days == "29 December 2025 \u2013 22 March 2026"
    assert sheet.summary[0].startswith("36 runs, ")


def test_moments_have_counts_median_worst_and_latest() -> None:
    during = next(m for m in _sheet().moments if m.moment == "during")
    # 4, 4, 2, 2, 2, 4
    assert (during.knee, during.scores, during.median) == ("Left knee", 6, 3.0)
    assert (during.worst, during.latest) == (4, 4)


def test_sites_and_provocations_are_counted_most_first() -> None:
    pain = story.pain()
    pain["provoked_by"] = ["stairs;downhill", "stairs", *[""] * (len(pain) - 2)]
    sheet = _sheet(pain=pain)
    assert sheet.provoked_by == "stairs (2), downhill (1)"
    assert sheet.sites == f"front ({len(pain)})"
    assert sheet.eased_by == ""


def test_painkillers_are_counted_among_the_entries_that_say_so() -> None:
    pain = story.pain()
    pain["painkillers"] = pd.array([True, False, False, *[None] * (len(pain) - 3)], "boolean")
    assert _sheet(pain=pain).painkillers == "taken before the run in 1 of 3 answers"
    assert _sheet().painkillers == ""


def test_where_pain_began_beside_the_runs_length() -> None:
    first = _sheet().began[0]
    assert (first.date, first.onset, first.run_km) == (dt.date(2026, 3, 19), "at 6.2 km", 8.2)


def test_questions_asked_before_an_assessment_are_answered() -> None:
    diary = _diary(
        ("question", "2026-02-01", "Is it the shoes?"),
        ("assessed", "2026-02-10", "physio"),
        ("question", "2026-03-01", "Downhill again?"),
    )
    assert _sheet(diary=diary).questions == ("Downhill again?",)


def test_strength_sleep_and_other_sports_are_said_or_left_blank() -> None:
    assert dict(_sheet().besides)["Sleep"] == ""
    diary = _diary(("strength", "2026-03-10", ""), ("strength", "2026-03-18", ""))
    nights = _diary(("sleep", "2026-03-10", ""), ("sleep", "2026-03-11", "")).assign(value=7.5)
    told = dict(_sheet(diary=pd.concat([diary, nights], ignore_index=True)).besides)
    assert told["Strength"] == "2 days, in 2 of 12 weeks"
    assert told["Sleep"] == "7.5 h a night, noted in 1 of 12 weeks"


def test_tried_and_shoes() -> None:
    sheet = _sheet()
    assert [(item.date, item.text) for item in sheet.tried] == [(dt.date(2026, 3, 2), "taping")]


def test_no_name_unless_asked() -> None:
    assert _sheet().name == ""
    assert "Jo Runner" in html.render_physio(_sheet(name="Jo Runner"))


def test_flags_of_the_twelve_weeks_by_episode() -> None:
    titles = [flag.title for flag in _sheet().flags]
    assert titles.count("Weekly 10 % guideline") == 2
    assert titles.count("No cutback week") == 1


def test_rules_that_are_off_are_not_said_to_have_found_nothing() -> None:
    off = replace(DEFAULTS, profile="off")
    page = html.render_physio(_sheet(settings=off, flags=frames.empty(frames.FLAGS)))
    assert "No rule fired" not in page
    assert "Rules are off (profile off)" in page


def test_an_episode_is_told_by_its_heaviest_flag() -> None:
    rows = [
        story.flag("pain_zone", 20, "warn", "First amber."),
        story.flag("pain_zone", 21, "alert", "Then red."),
        story.flag("pain_zone", 22, "warn", "Amber again."),
    ]
    (told,) = _sheet(flags=frames.conform(pd.DataFrame(rows), frames.FLAGS)).flags
    assert (told.severity, told.message) == ("alert", "Then red.")


def test_the_chart_speaks_of_all_twelve_weeks() -> None:
    drawing = _sheet().drawing
    assert drawing is not None
    assert re.fullmatch(
        r"[0-9.]+ km a week on average; the highest of [0-9]+ pain scores was 4/10.", drawing.title
    )


def test_an_empty_log_has_no_sheet() -> None:
    nothing = story.analysis(activities=frames.empty(frames.RUNS), pain=frames.empty(frames.PAIN))
    assert physio(nothing) is None


def test_the_sheet_keeps_to_the_rules_of_every_page() -> None:
    page = html.render_physio(_sheet())
    assert faults(page) == []
    assert "kneeload does not diagnose." in seen(page)
    assert "No rule fired; that is not a safety check." in html.render_physio(
        _sheet(flags=frames.empty(frames.FLAGS))
    )
    assert html.render_physio(_sheet()) == page


def test_markup_stays_text() -> None:
    diary = _diary(("question", "2026-03-01", NASTY), ("tried", "2026-03-02", NASTY))
    assert "<script" not in html.render_physio(_sheet(NASTY, diary=diary))


def test_unscored_weeks_say_that_nothing_is_known() -> None:
    page = html.render_physio(_sheet(pain=frames.empty(frames.PAIN)))
    assert "kneeload cannot say anything about the knee" in page
