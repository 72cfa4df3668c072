"""The page of the Python names: each has an example there that runs (test_python_blocks)."""

import inspect
import re
from pathlib import Path

import pytest

import kneeload
from kneeload import charts
from kneeload.answers import Log
from tests.docs.pages import blocks

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "api.md"
EXAMPLES = "".join(block.text for block in blocks(PAGE) if block.language == "python")
TYPED = (ROOT / "tests" / "typing_api.py").read_text(encoding="utf-8")
ANSWERS = [name for name in vars(Log) if not name.startswith("_")]
CHARTS = [name for name, _ in inspect.getmembers(charts, inspect.isfunction) if name[0] != "_"]
NAMES = [
    *(f"kneeload.{name}" for name in kneeload.__all__),
    *(f"log.{name}" for name in ANSWERS),
    *(f"charts.{name}" for name in CHARTS),
]


@pytest.mark.parametrize("name", NAMES)
def test_a_public_name_has_an_example_and_is_type_checked(name: str) -> None:
    used = re.compile(rf"\b{re.escape(name)}\b")
    assert used.search(EXAMPLES)
    assert used.search(TYPED)


def test_the_page_names_what_leaves() -> None:
    assert "`kneeload.report(log)`" in PAGE.read_text(encoding="utf-8")
