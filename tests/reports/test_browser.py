"""The page in a real browser: silent, alone, never wider than the screen, two printed pages."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Browser

from kneeload import frames, reports
from kneeload.association import explain
from kneeload.log.training_log import TrainingLog
from kneeload.reports import Report, all_weeks, years
from kneeload.reports.physio_sheet import OnsetRow, physio
from kneeload.reports.render import html
from kneeload.reports.run_pages import build_run_page, run_places
from kneeload.settings import DEFAULTS
from kneeload.weeks import weekly
from tests import story
from tests.browsing import assert_never_wider, heard_on, violations
from tests.cli.invoking import LAST_DAY, invoke

pytestmark = pytest.mark.browser

PAPER_PX, LEAST_PT = 688, 7  # between the margins of A4
CHART_TEXT_PT = """
[...document.querySelectorAll('figure svg text')].filter(text => text.checkVisibility()).map(text =>
    0.75 * parseFloat(getComputedStyle(text).fontSize) * text.ownerSVGElement.getScreenCTM().a)
"""
CUT_OFF = """
[...document.querySelectorAll('td, th, dd, li')].filter(cell => cell.checkVisibility())
    .filter(cell => cell.scrollWidth > cell.clientWidth + 1 && cell.clientWidth)
    .map(cell => cell.textContent)
"""


def _busy() -> Report:
    """Return a week of eight runs and five flags, with long names."""
    runs = story.runs()
    last = runs.tail(3)
    later = [
        last.assign(
            run_id=last["run_id"] + f"-{hours}",
            started_at=last["started_at"] + pd.Timedelta(hours=hours),
        )
        for hours in (1, 2)
    ]
    runs = pd.concat([runs, *later], ignore_index=True).iloc[:-1]
    long = "8 weeks in a row without one of at most 85 % of its reference, the volume growing."
    more = [story.flag(r, 23, "warn", long) for r in ("monotony", "cutback_missing", "run_streak")]
    flags = pd.concat([story.flags(), frames.conform(pd.DataFrame(more), frames.FLAGS)])
    return reports.build(
        story.analysis(
            runs=runs,
            activities=runs,
            flags=flags.reset_index(drop=True),
            weeks=weekly(runs, story.pain(), today=story.TODAY),
        )
    )


def _named(name: str) -> Report:
    runs = story.runs().assign(name=name)
    return reports.build(story.analysis(runs=runs, activities=runs))


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the busy week's page as a file."""
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(html.render(_busy()), encoding="utf-8")
    return path


def _answered() -> str:
    """Return the busy week's page with what the diary answers."""
    known = story.analysis()
    found = explain(
        known.runs, known.pain, known.flags, known.weeks, known.diary,
        settings=known.settings, today=known.today,
    )  # fmt: skip
    answer = reports.build(known, explanation=found).load_and_pain
    return html.render(replace(_busy(), load_and_pain=answer))


def _sheet() -> str:
    known = story.analysis()
    sheet = physio(known, name="A name that is long enough to be broken over lines")
    assert sheet is not None
    return html.render_physio(sheet)


def _archive() -> all_weeks.Archive:
    return all_weeks.Archive(
        activities=story.activities(), pain=story.pain(), diary=story.diary(),
        settings=DEFAULTS, today=story.TODAY, acknowledged=frozenset(),
    )  # fmt: skip


def _list() -> str:
    given = _archive()
    found = years.calendars(given.runs, given.pain, given.today, DEFAULTS.units)
    return html.render_index(years.index(found, "digest"))


def _year() -> str:
    given = _archive()
    weeks = all_weeks.week_pages(given)
    found = years.calendars(given.runs, given.pain, given.today, DEFAULTS.units)
    lines = all_weeks.week_lines(given.analysis(), weeks)
    place = years.year_places(found, weeks)[-1]
    return html.render_year(years.year_page(place, found, lines))


def _run(log: Path) -> str:
    """Return the run of 24 km, in the longer units."""
    with TrainingLog(log, create=False) as opened:
        archive = all_weeks.Archive.of(opened, story.TODAY)
        archive = replace(archive, settings=replace(DEFAULTS, units="mi"))
        place = max(run_places(archive), key=lambda place: place.run["distance_km"] or 0)
        return html.render_run(build_run_page(opened, place), place)


@pytest.fixture(scope="module", params=[_answered, _sheet, _list, _year, _run])
def other_page(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, imported_samples: Path
) -> Path:
    """Return each of the other pages as a file."""
    path = tmp_path_factory.mktemp("other") / "page.html"
    given = (imported_samples,) if request.param is _run else ()
    path.write_text(request.param(*given), encoding="utf-8")
    return path


def test_other_pages_are_silent_and_never_wider_than_the_screen(
    browser: Browser, other_page: Path
) -> None:
    page = browser.new_page()
    heard = heard_on(page)
    page.goto(other_page.as_uri())
    assert_never_wider(page)
    assert heard == [other_page.as_uri()]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_other_pages_are_accessible(browser: Browser, other_page: Path, scheme: str) -> None:
    assert violations(browser, other_page, 390, scheme) == []


def test_silent_and_alone(browser: Browser, page_file: Path) -> None:
    page = browser.new_page()
    heard = heard_on(page)
    page.goto(page_file.as_uri())
    assert heard == [page_file.as_uri()]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_never_wider_than_the_screen(browser: Browser, page_file: Path, scheme: str) -> None:
    context = browser.new_context(color_scheme="dark" if scheme == "dark" else "light")
    page = context.new_page()
    page.goto(page_file.as_uri())
    assert_never_wider(page)


@pytest.mark.parametrize(("width", "wide"), [(390, 0), (720, 2), (1280, 2)])
def test_charts_are_shown_once_at_a_readable_size(
    browser: Browser, page_file: Path, width: int, wide: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(page_file.as_uri())
    assert page.locator("figure svg:visible").count() == 4
    assert page.locator("figure .wide svg:visible").count() == wide
    heights = page.eval_on_selector_all(
        "figure svg text",
        "texts => texts.filter(t => t.checkVisibility())"
        ".map(t => t.getBoundingClientRect().height)",
    )
    assert min(heights) >= 11


def test_a_script_in_a_name_is_text(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "named.html"
    path.write_text(html.render(_named("<script>document.title='owned'</script>")), "utf-8")
    page = browser.new_page()
    heard = heard_on(page)
    page.goto(path.as_uri())
    assert page.title() != "owned"
    assert page.get_by_text("<script>document.title='owned'</script>").first.is_visible()
    assert heard == [path.as_uri()]


def test_hovering_a_mark_tells_its_value(browser: Browser, page_file: Path) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(page_file.as_uri())
    told = page.eval_on_selector_all("figure title", "titles => titles.map(t => t.textContent)")
    assert "19 March: 4/10 during, from 6.2 km" in told


def test_colours_follow_the_scheme(browser: Browser, page_file: Path) -> None:
    seen = set()
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme="dark" if scheme == "dark" else "light")
        page = context.new_page()
        page.goto(page_file.as_uri())
        seen.add(page.eval_on_selector("svg text", "text => getComputedStyle(text).fill"))
    assert len(seen) == 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_accessible_contrast_included(
    browser: Browser, page_file: Path, width: int, scheme: str
) -> None:
    assert violations(browser, page_file, width, scheme) == []


def _full_sheet() -> str:
    """Return a sheet with every section, two knees, a long story and a visit."""
    pain = story.pain()
    right = pain.assign(knee="right", pain_id="r" + pain["pain_id"])
    pain = pd.concat([pain, right]).assign(
        provoked_by="stairs;downhill;sitting", eased_by="rest;ice", painkillers=True
    )
    rows = [
        ("question", "2026-03-01", "Is it the shoes, and would a softer pair be worth its price?"),
        ("question", "2026-03-02", "How far may I go downhill before the race in June?"),
        ("question", "2026-03-03", "Is swimming all right in between?"),
        ("injury", "2026-02-28", "left knee, after the long run in the hills"),
        ("tried", "2026-03-02", "taping for a week"),
        ("tried", "2026-03-05", "shorter steps, and ten minutes of warming up"),
        ("strength", "2026-03-10", "squats"),
        ("limits", "2026-03-12", "no more than the physio said"),
    ]
    diary = frames.conform(
        pd.DataFrame(rows, columns=["kind", "local_date", "text"]).assign(
            local_date=lambda found: pd.to_datetime(found["local_date"]),
            value=[float("nan")] * 7 + [6.0],
        ),
        frames.DIARY,
    )
    diary = pd.concat([diary, story.diary()], ignore_index=True)
    signs = story.flag("red_flag", 23, "alert", "The left knee locked on 19 March: see a doctor.")
    flags = pd.concat([story.flags(), frames.conform(pd.DataFrame([signs]), frames.FLAGS)])
    known = story.analysis(pain=pain, diary=diary, flags=flags.reset_index(drop=True))
    sheet = physio(known, name="Jo Runner", visit=dt.date(2026, 2, 20))
    assert sheet is not None
    assert sheet.visits
    assert len(sheet.kept) == 2
    long = replace(sheet.story[0], text=" and ".join([sheet.story[0].text] * 2))
    week = OnsetRow(
        date=dt.date(2026, 2, 28), score=4, week_km=43.2, usual_km=28.8, descent_m=540.0,
        usual_descent_m=410.0, hard_min=31.0, usual_hard_min=18.0,
    )  # fmt: skip
    full = replace(sheet, story=(long, *sheet.story[1:]), onsets=(week, week))
    return html.render_physio(full)


def _of_samples(log: Path, *words: str) -> str:
    """Return what `kneeload report` writes of the samples."""
    invoke("--log", log, "--as-of", LAST_DAY, "report", *words, "-o", log.with_suffix(".html"))
    return log.with_suffix(".html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("pages", "made"),
    [
        pytest.param(2, lambda _: _answered(), id="eight runs and five flags"),
        pytest.param(2, _of_samples, id="samples, newest week"),
        pytest.param(2, lambda log: _of_samples(log, "--week", "2026-W05"), id="samples, pain"),
        pytest.param(1, lambda _: _sheet(), id="sheet"),
        pytest.param(1, lambda log: _of_samples(log, "--for", "physio"), id="samples, sheet"),
        pytest.param(
            1,
            lambda log: _of_samples(log, "--for", "physio", "--since", "2026-02-20"),
            id="samples, sheet since a visit",
        ),
        pytest.param(1, lambda _: _full_sheet(), id="sheet with every section"),
        pytest.param(1, lambda _: _list(), id="years"),
        pytest.param(1, lambda _: _year(), id="year"),
        pytest.param(2, _run, id="run of 24 km"),
    ],
)
def test_what_is_printed_keeps_to_its_pages_and_can_be_read(
    browser: Browser, sample_log: Path, pages: int, made: Callable[[Path], str]
) -> None:
    file = sample_log.with_name("printed.html")
    file.write_text(made(sample_log), encoding="utf-8")
    assert file.stat().st_size < 250_000
    page = browser.new_page(viewport={"width": PAPER_PX, "height": 1000})
    page.goto(file.as_uri())
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == pages
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") == PAPER_PX
    assert page.evaluate(CUT_OFF) == []
    sizes = page.evaluate(CHART_TEXT_PT)
    assert min(sizes, default=LEAST_PT) >= LEAST_PT
