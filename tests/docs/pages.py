"""The Markdown that a reader sees: its pages, links, code blocks and commands."""

import importlib.util
import shlex
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

TOP = Path(__file__).parents[2]
FRONT = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "sample_activities/README.md")
PAGES = [TOP / name for name in FRONT] + sorted((TOP / "docs").rglob("*.md"))
CODE = {"fence", "code_block"}


@dataclass(frozen=True)
class Block:
    """A fenced or indented block: its language (empty where it names none) and its text."""

    language: str
    text: str


def named(page: Path) -> str:
    """Return a page's name for the ids of tests."""
    return page.relative_to(TOP).as_posix()


def tokens(page: Path) -> Iterator[Token]:
    """Return the page's tokens, those within a line too."""
    for token in MarkdownIt().enable("table").parse(page.read_text(encoding="utf-8")):
        yield token
        yield from token.children or ()


def links(page: Path) -> list[str]:
    """Return what a page links to and the pictures that it shows."""
    found = (token.attrGet("href") or token.attrGet("src") for token in tokens(page))
    return [str(target) for target in found if target]


def blocks(page: Path) -> list[Block]:
    """Return the page's code blocks, in order."""
    return [Block(token.info, token.content) for token in tokens(page) if token.type in CODE]


def asides(page: Path) -> list[str]:
    """Return the page's code within sentences."""
    return [token.content for token in tokens(page) if token.type == "code_inline"]


def lines(page: Path) -> list[str]:
    """Return the lines of the blocks that name no language, less what follows ``#``."""
    plain = (block.text for block in blocks(page) if not block.language)
    return [line for text in plain for line in map(_bare, text.splitlines()) if line]


def words(line: str) -> list[str]:
    """Return a command's words as a shell would split them, the program's name left out."""
    return shlex.split(line)[1:]


def generated() -> Any:
    """Return the module that tells the pages what the code says."""
    name = "generated"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, TOP / "docs" / "generated.py")
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


def _bare(line: str) -> str:
    return line.partition(" # ")[0].strip()
