"""Every week as a page: which there are, what makes one stale, the same bytes each time."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pandas as pd

from kneeload import frames, reports
from kneeload.reports import all_weeks
from kneeload.reports.all_weeks import Archive
from kneeload.reports.render import html
from kneeload.settings import DEFAULTS
from tests import story
from tests.surfaces import faults


def _archive(**changes: Any) -> Archive:
    given = Archive(
        activities=story.activities(), pain=story.pain(), diary=story.diary(),
        settings=DEFAULTS, today=story.TODAY, acknowledged=frozenset(),
    )  # fmt: skip
    return replace(given, **changes)


def _stale(changed: Archive) -> list[str]:
    """Return the labels of the pages that a change makes stale."""
    before = {place.label: place.digest for place in all_weeks.week_pages(_archive())}
    return [p.label for p in all_weeks.week_pages(changed) if before.get(p.label) != p.digest]


def test_a_page_for_each_week_linked_to_those_beside_it() -> None:
    found = all_weeks.week_pages(_archive())
    assert len(found) == len(story.WEEKS)
    assert (found[0].label, found[0].before, found[0].after) == ("2025-W41", "", "2025-W42")
    assert (found[-1].label, found[-1].after) == ("2026-W12", "")
    assert found[-1].last == dt.date(2026, 3, 22)


def test_an_empty_log_has_no_pages() -> None:
    blank = _archive(activities=frames.empty(frames.RUNS), pain=frames.empty(frames.PAIN))
    assert all_weeks.week_pages(blank) == []


def test_nothing_is_stale_where_nothing_changed() -> None:
    assert _stale(_archive()) == []


def test_a_new_day_makes_only_the_newest_stale() -> None:
    assert _stale(_archive(today=dt.date(2026, 3, 22))) == ["2026-W12"]


def test_a_score_makes_its_week_and_those_after_it_stale() -> None:
    pain = story.pain()
    pain.loc[pain["local_date"] == pd.Timestamp("2026-03-10"), "score"] = 1
    assert _stale(_archive(pain=pain)) == ["2026-W11", "2026-W12"]


def test_a_setting_makes_every_page_stale() -> None:
    changed = _archive(settings=replace(DEFAULTS, units="mi"))
    assert len(_stale(changed)) == len(story.WEEKS)


def test_a_new_week_links_the_one_before_it() -> None:
    later = story.runs().tail(1).assign(run_id="new", local_date=pd.Timestamp("2026-03-24"))
    grown = pd.concat([story.activities(), later], ignore_index=True)
    changed = _archive(activities=grown, today=dt.date(2026, 3, 24))
    assert _stale(changed) == ["2026-W12", "2026-W13"]


def test_a_past_page_is_the_report_as_of_its_weeks_end() -> None:
    given = _archive()
    place = next(p for p in all_weeks.week_pages(given) if p.label == "2026-W09")
    ((_, page),) = all_weeks.pages(given, [place], None, jobs=1)
    alone = html.render(reports.build(given.upto(place.last).analysis(), "2026-W09"), place)
    assert page == alone
    assert faults(page) == []
    for link in ("2026-W08.html", "2026-W10.html", "../index.html", "../years/2026.html"):
        assert f'href="{link}"' in page
    assert 'href="../runs/' in page
    assert "so far" not in page


def test_workers_make_the_same_pages() -> None:
    given = _archive()
    some = all_weeks.week_pages(given)[-6:]
    alone = list(all_weeks.pages(given, some, None, jobs=1))
    assert list(all_weeks.pages(given, some, None, jobs=2)) == alone


def test_a_year_lists_its_weeks_with_a_chart_each() -> None:
    given = _archive()
    newest = all_weeks.week_lines(given.analysis(), all_weeks.week_pages(given))[0]
    assert (newest.days, newest.load) == ("16\u201322 March 2026", "24.1 km")
    assert newest.knee == "left knee up to 4/10, 6 scores"
    assert [round(mark.km, 1) for mark in newest.marks] == [0, 6, 0, 8.2, 9.9, 0, 0]
    assert [mark.worst for mark in newest.marks] == [None, 2, 1, 4, 2, None, None]
