"""Every Python block of every page runs, in its page's order."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.docs.pages import PAGES, blocks, named

PYTHON = [page for page in PAGES if any(block.language == "python" for block in blocks(page))]


@pytest.mark.parametrize("page", PYTHON, ids=named)
def test_blocks_run(
    page: Path, tmp_path: Path, imported_samples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(imported_samples, tmp_path / "running.db")
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    for block in blocks(page):
        if block.language == "python":
            exec(compile(block.text, named(page), "exec"), names)
    assert names


def test_the_readme_leads_to_flags(
    tmp_path: Path, imported_samples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(imported_samples, tmp_path / "running.db")
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    exec(next(b.text for b in blocks(PAGES[0]) if b.language == "python"), names)
    assert set(names["flags"]["rule"]) >= {"long_run_spike", "cutback_missing", "pain_zone"}
