"""Everything kneeload says on the samples, held by snapshots whose diff is read.

    .venv/bin/python -m pytest tests/test_rendered.py --snapshot-update

writes them again; the diff of `tests/__snapshots__` is then what people will read differently.
"""

import re
from pathlib import Path
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from tests.cli.invoking import LAST_DAY, invoke
from tests.surfaces import seen

COMMANDS = (
    *("status", "plan", "plan --run 18", "weeks", "flags", "rules", "runs", "runs --suspect"),
    *("pain list", "pain explain", "settings", "duplicates", "note", "shoes", "verify"),
)
REPORTS = {
    "newest week": (),
    "week of the long run": ("--week", "2026-W04"),
    "sheet for the physio": ("--for", "physio"),
}


class TextFile(SingleFileSnapshotExtension):
    """One readable file for each surface."""

    _write_mode = WriteMode.TEXT
    file_extension = "txt"


@pytest.fixture
def surface(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(TextFile)


@pytest.fixture
def log(sample_log: Path) -> tuple[Any, ...]:
    return ("--log", sample_log, "--as-of", LAST_DAY)


def lines(page: str) -> str:
    """Return what a page says beside its drawings, a line for each element that holds text."""
    page = re.sub(r"<svg.*?</svg>", "", page, flags=re.DOTALL)
    text = (line.strip() for line in re.sub(r"[ \t]+", " ", seen(page)).splitlines())
    return "\n".join(line for line in text if line) + "\n"


@pytest.mark.parametrize("words", COMMANDS)
def test_a_command_on_the_samples(
    words: str, log: tuple[Any, ...], surface: SnapshotAssertion
) -> None:
    output = invoke(*log, *words.split()).output
    assert output.replace(str(log[1]), "LOG") == surface


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_on_the_samples(
    name: str, log: tuple[Any, ...], tmp_path: Path, surface: SnapshotAssertion
) -> None:
    invoke(*log, "report", *REPORTS[name], "-o", tmp_path / "report.html")
    assert lines((tmp_path / "report.html").read_text(encoding="utf-8")) == surface


def test_the_report_as_markdown(
    log: tuple[Any, ...], tmp_path: Path, surface: SnapshotAssertion
) -> None:
    invoke(*log, "report", "-o", tmp_path / "report.md")
    assert (tmp_path / "report.md").read_text(encoding="utf-8") == surface


def test_a_demo(tmp_path: Path, surface: SnapshotAssertion) -> None:
    output = invoke("demo", "-o", tmp_path / "demo.html").output
    assert output.replace(str(tmp_path), "FOLDER") == surface
