"""The chart that answers back: the page's numbers, linked by run and day, drawn offline."""

import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

import kneeload
from kneeload import formatting
from kneeload.answers import Log
from kneeload.charts.interactive import Interactive
from kneeload.errors import KneeloadError

AS_OF = "2026-03-29"


@pytest.fixture(scope="module")
def log(imported_samples: Path) -> Iterator[Log]:
    with kneeload.open_log(imported_samples, AS_OF) as opened:
        yield opened


@pytest.fixture(scope="module")
def chart(log: Log) -> Interactive:
    pytest.importorskip("altair")
    return log.chart()


def test_its_weeks_are_the_logs(log: Log, chart: Interactive) -> None:
    total: dict[str, float] = defaultdict(float)
    for row in chart.weeks:
        total[row["id"]] += row["distance"]
    weeks = log.weeks().set_index("week")["distance_km"]
    assert total == pytest.approx(weeks[weeks > 0].to_dict())
    assert chart.weeks[-1]["limit"] == pytest.approx(log.plan().this_week_km)
    assert {row["runs"] for row in chart.weeks} == {"other runs", "longest run"}
    flagged = {row["id"]: row["rules"] for row in chart.weeks}
    assert "long_run_spike" in flagged["2026-W04"]


def test_its_runs_and_scores_are_linked(log: Log, chart: Interactive) -> None:
    runs = log.runs().set_index("run_id")["distance_km"]
    assert {row["id"]: row["distance"] for row in chart.runs} == pytest.approx(runs.to_dict())
    (over,) = [row for row in chart.runs if row["over"]]
    assert over["words"] == "25 January 2026: 24.0 km"
    morning = [row for row in chart.scores if row["id"] == over["id"] and row["score"] == 5]
    assert [row["moment"] for row in morning] == [formatting.humanise("next_morning")]
    assert len(chart.scores) == len(log.pain())


def test_it_speaks_the_runners_units(sample_log: Path) -> None:
    pytest.importorskip("altair")
    with kneeload.open_log(sample_log, AS_OF) as log:
        log.set("units", "miles")
        chart = log.chart()
    longest = max(row["distance"] for row in chart.runs)
    assert longest == pytest.approx(24 / formatting.KM_PER_MILE, abs=0.05)
    assert "Miles a week" in json.dumps(chart.chart.to_dict())


def test_an_empty_log_has_an_empty_chart(tmp_path: Path) -> None:
    pytest.importorskip("altair")
    with kneeload.open_log(tmp_path / "log.db", AS_OF) as log:
        chart = log.chart()
    assert (chart.weeks, chart.runs, chart.scores) == ([], [], [])
    assert chart.chart.to_dict()["vconcat"]


def test_a_notebook_draws_it_itself(chart: Interactive) -> None:
    bundle = chart._repr_mimebundle_()
    assert bundle["text/plain"] == f"<Interactive: 29 weeks, 107 runs, {len(chart.scores)} scores>"
    for version in (5, 6):
        spec = bundle[f"application/vnd.vegalite.v{version}+json"]
        assert spec["$schema"].endswith(f"/v{version}.json")
        assert spec["vconcat"]


def test_without_altair_one_line_says_what_to_install(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "altair", None)
    with pytest.raises(KneeloadError, match=r"need altair;.*pip install '\.\[notebooks\]'$"):
        log.chart()


PAGE = "<!doctype html><div id=v></div><script type=module>{}</script>"
SHOW = "vegaEmbed('#v', {}, {{renderer: 'svg', actions: false}}).then(() => window.drawn = true)"


def _marks(page: Page) -> int:
    return int(page.locator("svg .mark-symbol.role-mark path").count())


@pytest.fixture
def page(chart: Interactive, browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """Return the chart in a browser without a network; what it cannot draw fails the test."""
    bundler = pytest.importorskip("vl_convert")
    spec = chart._repr_mimebundle_()["application/vnd.vegalite.v6+json"]
    script = bundler.javascript_bundle(SHOW.format(json.dumps(spec)))
    (tmp_path / "chart.html").write_text(PAGE.format(script), encoding="utf-8")
    opened = browser.new_context(offline=True, viewport={"width": 900, "height": 800}).new_page()
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.goto((tmp_path / "chart.html").as_uri())
    opened.wait_for_function("window.drawn")
    yield opened
    assert not problems


PLACE = """words => {
    const marks = [...document.querySelectorAll('svg .mark-symbol.role-mark path')];
    const box = marks.find(mark => mark.__data__.datum.words === words).getBoundingClientRect();
    return [box.x + box.width / 2, box.y + box.height / 2];
}"""


RUNS = """() => [...document.querySelectorAll('svg .mark-symbol.role-mark path')]
    .map(mark => mark.__data__.datum).filter(row => 'time' in row).map(row => row.id)"""


@pytest.mark.browser
def test_hovering_over_a_run_tells_its_date_and_distance(chart: Interactive, page: Page) -> None:
    (over,) = [row for row in chart.runs if row["over"]]
    page.mouse.move(*page.evaluate(PLACE, over["words"]))
    told = page.locator("#vg-tooltip-element.visible")
    told.wait_for()
    assert "25 January 2026: 24.0 km" in told.inner_text()
    page.mouse.move(5, 5)
    told.wait_for(state="detached")


@pytest.mark.browser
def test_brushing_weeks_leaves_their_runs(chart: Interactive, page: Page) -> None:
    began = sum(row["onset"] is not None for row in chart.runs)
    assert _marks(page) == len(chart.scores) + len(chart.runs) + began
    box = page.locator("svg").first.bounding_box()
    assert box
    page.mouse.move(box["x"] + 450, box["y"] + 120)
    page.mouse.down()
    page.mouse.move(box["x"] + 620, box["y"] + 140, steps=5)
    page.mouse.up()
    page.wait_for_function(
        f"document.querySelectorAll('svg .mark-symbol.role-mark path').length < {len(chart.runs)}"
    )
    left = set(page.evaluate(RUNS))
    each = [row["id"] for row in chart.runs]
    first, last = (each.index(run_id) for run_id in sorted(left, key=each.index)[:: len(left) - 1])
    assert 10 < len(left) < len(each)
    assert left == {*each[first : last + 1]}
