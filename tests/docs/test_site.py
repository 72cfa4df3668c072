"""The site builds without a warning, holds what the code says, and loads nothing from elsewhere."""

import os
import re
import subprocess
import sys
from collections.abc import Iterable
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import unquote

import nbformat
import pytest
from playwright.sync_api import Browser

import kneeload
from kneeload import frames
from kneeload.charts.interactive import Interactive
from kneeload.cli import program
from kneeload.measures.loads import METHODS
from kneeload.rules.catalogue import RULES
from kneeload.settings import KEYS
from kneeload.thresholds import THRESHOLDS
from tests.browsing import heard_on
from tests.docs.pages import TOP, generated

LOADS = {"script": "src", "img": "src", "iframe": "src", "link": "href", "source": "src"}
INERT = {"canonical", "search", "index", "next", "prev", "author"}
"""Relations of a ``link`` that a browser loads nothing for."""


class Page(HTMLParser):
    """What a page loads, where its links lead, and the anchors it has."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.text = path.read_text(encoding="utf-8")
        self.feed(self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        self.anchors.add(said.get("id") or "")
        target = said.get(LOADS.get(tag, "")) or ""
        if target and not set((said.get("rel") or "").split()) & INERT:
            self.loads.append(target)
        if tag == "a" and said.get("href"):
            self.links.append(said["href"] or "")


def built(source: Path, folder: Path, *options: str) -> Path:
    """Return the site of some pages, built as `make docs` builds it; no notebook is run."""
    build = (sys.executable, "-m", "sphinx", "-W", "-n", "-q", "-E", "-c", str(TOP / "docs"))
    always = ("-D", "nb_execution_mode=off", "-d", str(folder / "doctrees"))
    done = subprocess.run(
        [*build, *always, *options, str(source), str(folder / "site")],
        check=False,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert done.returncode == 0, done.stderr
    return folder / "site"


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the site; the notebooks' own test runs them."""
    return built(TOP, tmp_path_factory.mktemp("documentation"))


@pytest.fixture(scope="session")
def pages(site: Path) -> dict[Path, Page]:
    return {path: Page(path) for path in sorted(site.rglob("*.html"))}


def text(site: Path, page: str) -> str:
    """Return a page's words."""
    source = (site / f"{page}.html").read_text(encoding="utf-8")
    return unescape(re.sub(r"<[^>]+>", "", source)).replace("’", "'")


def lacking(said: str, wanted: Iterable[str]) -> list[str]:
    return [one for one in wanted if one not in said]


def test_everything_loaded_lies_in_the_site(site: Path, pages: dict[Path, Page]) -> None:
    for path, page in pages.items():
        for target in page.loads:
            assert not re.match(r"(\w+:)?//", target), (path, target)
            assert target.startswith("data:") or _place(path, target).is_file(), (path, target)


def test_style_sheets_load_nothing_from_elsewhere(site: Path) -> None:
    sheets = list(site.rglob("*.css"))
    assert site / "_static" / "site.css" in sheets
    for sheet in sheets:
        said = sheet.read_text(encoding="utf-8")
        assert not re.search(r"(url\(|@import)\s*['\"]?(https?:)?//", said), sheet


def test_links_lead_to_pages_and_anchors(pages: dict[Path, Page]) -> None:
    for path, page in pages.items():
        for link in page.links:
            if re.match(r"(\w+:)?//|mailto:", link):
                continue
            target = _place(path, link)
            assert target.is_file(), (path, link)
            anchor = unquote(link.partition("#")[2])
            assert not anchor or target not in pages or anchor in pages[target].anchors, link


def test_the_folder_leads_to_the_first_page(site: Path) -> None:
    assert 'url=docs/index.html"' in (site / "index.html").read_text(encoding="utf-8")
    assert (site / "docs" / "index.html").is_file()


def test_nothing_is_left_to_generate(pages: dict[Path, Page]) -> None:
    assert not any("generated:" in page.text for page in pages.values())


def test_every_page_of_the_repository_is_there(site: Path) -> None:
    sources = [*(TOP / "docs").rglob("*.md"), *(TOP / "notebooks").glob("*.ipynb")]
    names = [path.relative_to(TOP).with_suffix(".html") for path in sources]
    assert [name for name in names if not (site / name).is_file()] == []
    assert {"CONTRIBUTING.html", "CHANGELOG.html"} <= {path.name for path in site.glob("*.html")}


def test_the_catalogue_has_every_rule_threshold_and_source(site: Path) -> None:
    said = text(site, "docs/rules")
    for rule in RULES.values():
        evidence = rule.evidence
        assert lacking(said, {rule.id, rule.title, evidence.summary, evidence.grade}) == []
        assert lacking(said, evidence.sources) == []
    own = {
        name.partition(".")[2] for name in THRESHOLDS if not name.startswith(("bands.", "plan."))
    }
    assert lacking(said, own) == []


def test_every_load_method_has_its_section(site: Path) -> None:
    said = text(site, "docs/loads")
    assert lacking(said, {f": {name}" for name in METHODS}) == []
    assert "weights.k * np.exp(weights.b * fraction)" in said


def test_the_settings_are_all_told(site: Path) -> None:
    assert lacking(text(site, "docs/reference/settings"), {*KEYS, *THRESHOLDS}) == []


def test_every_command_has_its_help(site: Path) -> None:
    said = text(site, "docs/reference/commands")
    helps = dict(generated().helps(program, "kneeload"))
    assert len(helps) > 40
    assert lacking(said, {f"Usage: {path} [OPTIONS]" for path in helps}) == []


def test_every_column_is_told(site: Path) -> None:
    said = text(site, "docs/reference/frames")
    specs = (getattr(frames, name) for name in generated().FRAMES)
    assert lacking(said, {name for spec in specs for name in spec}) == []


def test_every_public_name_is_told(site: Path) -> None:
    page = Page(site / "docs" / "reference" / "api.html")
    told = {anchor.lower() for anchor in page.anchors}
    assert {f"kneeload-{name}".lower().replace("_", "-") for name in kneeload.__all__} <= told


def test_a_chart_that_answers_back_is_no_warning(tmp_path: Path) -> None:
    """Notebooks are run for the site; their charts come in forms that a page cannot draw."""
    drawing = Interactive(SimpleNamespace(to_dict=dict), [], [], [])
    shown = nbformat.v4.new_output("display_data", drawing._repr_mimebundle_())
    cell = nbformat.v4.new_code_cell("log.chart()", outputs=[shown], execution_count=1)
    source = tmp_path / "source"
    source.mkdir()
    book = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell("# A chart"), cell],
        metadata={"language_info": {"name": "python", "pygments_lexer": "python"}},
    )
    nbformat.write(book, source / "chart.ipynb")
    options = ("-D", "root_doc=chart", "-D", "include_patterns=chart.ipynb")
    pages = built(source, tmp_path, *options)
    assert repr(drawing) in text(pages, "chart")


@pytest.mark.browser
def test_no_page_is_wider_than_a_phone_or_asks_for_anything(
    browser: Browser, site: Path, pages: dict[Path, Page]
) -> None:
    view = browser.new_page(viewport={"width": 390, "height": 800})
    heard, wide = heard_on(view), []
    for path in set(pages) - {site / "index.html"}:  # that one only leads on
        view.goto(path.as_uri())
        if view.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append(path)
    view.close()
    assert wide == []
    assert [said for said in heard if not said.startswith(("file:", "data:"))] == []


def _place(page: Path, link: str) -> Path:
    """Return the file that a link on a page names."""
    path = unquote(link.partition("#")[0].partition("?")[0])
    return Path(os.path.normpath(page.parent / path)) if path else page
