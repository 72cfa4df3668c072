"""Links between pages lead somewhere, on the repository's site as on the built one."""

import re
from pathlib import Path

import pytest

from tests.docs.pages import PAGES, TOP, links, named, tokens

ELSEWHERE = re.compile(r"[a-z]+:")


def anchors(page: Path) -> set[str]:
    """Return the anchors that a page's headings get."""
    found, is_heading = set(), False
    for token in tokens(page):
        if is_heading:
            words = re.sub(r"[^\w\- ]", "", token.content.lower())
            found.add(words.replace(" ", "-"))
        is_heading = token.type == "heading_open"
    return found


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_lead_to_files_and_headings(page: Path) -> None:
    for link in links(page):
        if ELSEWHERE.match(link):
            assert link.startswith("https://"), link
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.is_file(), link
        assert target.is_relative_to(TOP), link
        assert not anchor or anchor in anchors(target), link


def test_the_readme_leads_to_the_first_page_and_the_rest() -> None:
    said = set(links(TOP / "README.md"))
    assert said >= {"docs/index.md", "docs/getting-started.md", "CONTRIBUTING.md", "CHANGELOG.md"}


def test_anchors_are_those_of_the_headings() -> None:
    assert "your-own-report-in-five-minutes" in anchors(TOP / "README.md")
    assert "1-install" in anchors(TOP / "docs" / "getting-started.md")
