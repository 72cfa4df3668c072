"""The page as text: escaped, self-contained, the same bytes each time, and careful in its words."""

import re
from dataclasses import replace
from functools import cache
from typing import Any

import pandas as pd
import pytest

from kneeload import frames, reports
from kneeload.reports import Report
from kneeload.reports.render import html, markdown
from kneeload.settings import DEFAULTS
from kneeload.weeks import weekly
from tests import story
from tests.surfaces import BANNED, PYTHON, seen

NASTY = "<script>alert('x')</script> & \"quotes\" | `code` <img src=x onerror=y>"


def _nasty() -> Report:
    """Return a report whose every free text tries to be markup."""
    runs, pain = story.runs(), story.pain()
    diary = pd.DataFrame(
        [{"kind": "tried", "local_date": pd.Timestamp("2026-03-17"), "subject": NASTY}]
    )
    flags = pd.DataFrame([story.flag("mine<b>", 23, "warn", NASTY)])
    runs = runs.assign(name=NASTY, note=NASTY, shoe=NASTY, suspect_reason=NASTY)
    return reports.build(
        story.analysis(
            runs=runs,
            activities=runs,
            pain=pain.assign(note=NASTY),
            diary=frames.conform(diary, frames.DIARY),
            flags=frames.conform(flags, frames.FLAGS),
            plan=story.plan(reasons=("", NASTY)),
        )
    )


def _open_red_flag() -> Report:
    said = "A swollen knee on 18 March. See a professional within days. kneeload does not diagnose."
    flags = frames.conform(pd.DataFrame([story.flag("red_flag", 23, "alert", said)]), frames.FLAGS)
    plan = story.plan(next_run_km=None, this_week_km=None, next_week_km=None, reasons=())
    return reports.build(story.analysis(flags=flags, plan=plan))


def _without(**changes: Any) -> Report:
    return reports.build(story.analysis(**changes))


def _empty() -> Report:
    blank = {"activities": "RUNS", "runs": "RUNS", "pain": "PAIN", "weeks": "WEEKS"}
    return _without(
        **{name: frames.empty(getattr(frames, spec)) for name, spec in blank.items()},
        flags=frames.empty(frames.FLAGS),
    )


PAGES = {
    "story": lambda: reports.build(story.analysis()),
    "complete": lambda: reports.build(story.analysis(), "2026-W09"),
    "miles": lambda: _without(settings=replace(DEFAULTS, units="mi")),
    "unscored": lambda: _without(
        pain=frames.empty(frames.PAIN), weeks=weekly(story.runs(), today=story.TODAY)
    ),
    "quiet": lambda: _without(flags=frames.empty(frames.FLAGS)),
    "red_flag": _open_red_flag,
    "empty": _empty,
    "nasty": _nasty,
}


@pytest.fixture(scope="module", params=list(PAGES))
def report(request: pytest.FixtureRequest) -> Report:
    """Return each kind of report in turn."""
    return _page(request.param)


@cache
def _page(name: str) -> Report:
    return PAGES[name]()


def test_no_surface_uses_a_banned_word(report: Report) -> None:
    for text in (*_read(report), reports.as_json(report)):
        assert re.findall(BANNED, text, re.IGNORECASE) == []


def test_what_is_missing_is_never_a_word_of_python(report: Report) -> None:
    for text in _read(report):
        assert re.findall(PYTHON, text) == []


def _read(report: Report) -> tuple[str, str, str]:
    """Return what a reader of the page, the Markdown and the terminal sees."""
    return (
        seen(html.render(report)),
        markdown.render(report),
        "\n".join(reports.status_lines(report)),
    )


def test_every_surface_says_that_it_does_not_diagnose(report: Report) -> None:
    assert "kneeload does not diagnose." in html.render(report)
    assert "kneeload does not diagnose." in markdown.render(report)
    assert "kneeload does not diagnose." in reports.status_lines(report)


def test_no_script_and_no_request(report: Report) -> None:
    page = html.render(report)
    assert not re.search(r"<script|<img|<iframe|<object|javascript:|@import|url\((?!#)", page)
    outside = re.findall(r'(?:src|href)="(?!#)([^"]+)"', page)
    assert all(re.match(r"https://doi\.org/10\.|data:,$", address) for address in outside)


def test_policy_allows_styles_and_data_images_only(report: Report) -> None:
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    assert f'http-equiv="Content-Security-Policy" content="{policy}"' in html.render(report)


def test_no_path_and_no_position(report: Report) -> None:
    for text in (html.render(report), markdown.render(report), reports.as_json(report)):
        assert "/home/" not in text
        assert ".fit" not in text
        assert "latitude" not in text


def test_ids_are_unique_on_the_page(report: Report) -> None:
    ids = re.findall(r'\bid="([^"]+)"', html.render(report))
    assert len(ids) == len(set(ids))


def test_same_report_same_bytes(report: Report) -> None:
    assert html.render(report) == html.render(report)


def test_two_builds_have_the_same_bytes() -> None:
    first, second = (html.render(reports.build(story.analysis())) for _ in range(2))
    assert first == second


def test_markup_in_names_and_notes_stays_text() -> None:
    page = html.render(_page("nasty"))
    assert "&lt;script&gt;alert(" in page
    assert "onerror=y&gt;" in page
    assert "<b>" not in page


def test_markup_stays_text_in_markdown() -> None:
    text = markdown.render(_page("nasty"))
    assert "\\<script\\>" in text
    assert not re.search(r"(?<!\\)<", text)
    table = [line for line in text.splitlines() if line.startswith("| ")]
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in table} <= {8, 10, 6}


def test_nothing_fired_is_said_on_the_page() -> None:
    page = html.render(_page("quiet"))
    assert "<p>No rule fired; that is not a safety check.</p>" in page


def test_the_empty_page_names_the_next_command() -> None:
    page = html.render(_page("empty"))
    assert "kneeload import FOLDER" in page
    assert "<svg" not in page


def test_numbers_stay_with_their_units() -> None:
    page = html.render(_page("story"))
    assert "24.1\u00a0km so far" in page
    assert "3\u00a0runs" in page


def test_each_chart_has_a_text_alternative_in_every_size() -> None:
    page = html.render(_page("story"))
    assert page.count('role="img"') == 6
    wide = ("load-and-pain-wide", "without-pain-wide")
    narrow = ("load-and-pain", "without-pain", "single-runs", "to-usual")
    for key in (*wide, *(f"{name}-narrow" for name in narrow)):
        assert f'aria-labelledby="{key}-title {key}-desc"' in page


def test_tooltips_tell_values() -> None:
    page = html.render(_page("story"))
    assert "<title>19 March: 4/10 during, from 6.2 km</title>" in page
    assert "<title>Week of 23 February: 43.2 km, 4 runs, 10 % guideline 41.8 km" in page


def test_a_limit_that_is_reached_is_no_number() -> None:
    reasons = ("This week's limit of 20.0 km is reached: no more running until Monday.",)
    built = _without(plan=story.plan(next_run_km=0.0, reasons=reasons))
    assert "<dd>none this week</dd>" in html.render(built)
    assert built.lines[-1].text == reasons[0]


def test_empty_cells_where_nothing_was_measured() -> None:
    page = html.render(_page("story"))
    assert '<td class="n" data-label="heart rate"></td>' in page


def test_markdown_has_the_same_numbers() -> None:
    text = markdown.render(_page("story"))
    assert text.startswith("# 24.1 km so far, left knee up to 4/10\n")
    assert "| Thu 19 March | 8.2 km | 47:34 | 5:48/km | \u2013 | 148 m |" in text
    assert text.endswith("\n")
