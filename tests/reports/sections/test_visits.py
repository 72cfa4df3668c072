"""Visit against visit, kept limits, and the sections of the sheet."""

import datetime as dt
from typing import Any

import pandas as pd
import pytest

from kneeload import frames
from kneeload.reports.physio_sheet import SECTIONS, PhysioReport, physio
from kneeload.reports.render import html
from tests import story
from tests.surfaces import faults, seen


def _sheet(changes: dict[str, Any] | None = None, **asked: Any) -> PhysioReport:
    found = physio(story.analysis(**(changes or {})), **asked)
    assert found is not None
    return found


def test_since_a_visit_beside_as_many_days_before_it() -> None:
    # 10 to 21 March is twelve days, 26 February to 9 March the twelve before
    rows = {row.name: row for row in _sheet(visit=dt.date(2026, 3, 10)).visits}
    assert (rows["Longest run"].before, rows["Longest run"].since) == ("19.2 km", "9.9 km")
    assert (rows["Worst score"].before, rows["Worst score"].since) == ("4", "4")
    assert rows["Runs"].since == "6"


def test_without_a_visit_nothing_is_compared() -> None:
    assert _sheet().visits == ()
    assert "Since the visit" not in html.render_physio(_sheet())


def test_a_physios_limits_and_how_they_were_kept() -> None:
    row = {"kind": "limits", "local_date": pd.Timestamp("2026-03-09"), "run_km": 6.0}
    diary = frames.conform(pd.DataFrame([row]), frames.DIARY)
    theirs, plan = _sheet({"diary": diary}).kept
    # 5, 6, 6 and 6, 8.2, 9.9 km since the 9th
    assert theirs.text.startswith("6.0 km a run, from 9 March")
    assert theirs.kept == "within the limit: 4 of 6 runs"
    assert plan.whose == "The plan"


def test_what_was_not_noted_is_one_line() -> None:
    sheet = _sheet()
    assert "painkillers" in sheet.not_noted
    assert seen(html.render_physio(sheet)).count("Not noted") == 1
    assert "not noted</dd>" not in html.render_physio(sheet)


@pytest.mark.parametrize("section", SECTIONS)
def test_a_section_alone_leaves_the_others_out(section: str) -> None:
    page = html.render_physio(_sheet(sections=(section,)))
    assert ("Scores, 0 to 10" in page) == (section == "pain")
    assert ("Rules that fired" in page) == (section == "rules")
    assert ("Limits, and what stayed within them" in page) == (section == "limits")
    assert faults(page) == []
