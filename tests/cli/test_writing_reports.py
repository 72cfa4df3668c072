"""The report command: where it writes, what it refuses, what it leaves alone."""

import json
from pathlib import Path

import pytest
from click.testing import Result

from tests.cli.invoking import invoke
from tests.modes import is_private


def _report(log: Path, *options: str, day: str = "2026-03-29") -> Result:
    return invoke("--log", log, "--as-of", day, "report", *options)


def test_the_suffix_says_the_format(sample_log: Path, tmp_path: Path) -> None:
    for name in ("week.md", "week.json"):
        assert _report(sample_log, "-o", str(tmp_path / name)).exit_code == 0
    assert (tmp_path / "week.md").read_text(encoding="utf-8").startswith("# ")
    told = json.loads((tmp_path / "week.json").read_text(encoding="utf-8"))
    assert told["load_and_pain"]["primary"].startswith("In your log, ")


def test_the_answer_stands_on_the_newest_page_only(sample_log: Path, tmp_path: Path) -> None:
    path = tmp_path / "old.json"
    _report(sample_log, "--week", "2026-W10", "-o", str(path))
    assert json.loads(path.read_text(encoding="utf-8"))["load_and_pain"] is None


def test_a_sheet_for_the_physio(sample_log: Path, tmp_path: Path) -> None:
    path = tmp_path / "physio.html"
    assert _report(sample_log, "--for", "physio", "--name", "Jo", "-o", str(path)).exit_code == 0
    page = path.read_text(encoding="utf-8")
    assert "Twelve weeks of running load and knee pain" in page
    assert ", Jo</p>" in page
    assert is_private(path)


def test_options_that_say_different_things(sample_log: Path, tmp_path: Path) -> None:
    for options in (
        ("--name", "Jo"),
        ("--all", "--week", "2026-W10"),
        ("--all", "--for", "physio"),
        ("-o", str(tmp_path)),
    ):
        assert _report(sample_log, *options).exit_code == 2


def test_all_weeks_again_only_where_something_changed(sample_log: Path, tmp_path: Path) -> None:
    folder = tmp_path / "weeks"
    early = ("--all", "-o", str(folder))
    assert _report(sample_log, *early, day="2025-09-20").exit_code == 0
    assert sorted(path.name for path in (folder / "weeks").iterdir()) == [
        "2025-W36.html", "2025-W37.html", "2025-W38.html",
    ]  # fmt: skip
    written = _times(folder)
    assert {"index.html", "years/2025.html"} <= set(written)
    _report(sample_log, *early, day="2025-09-20")
    assert _times(folder) == written
    _report(sample_log, *early, day="2025-09-21")
    changed = {name for name, time in _times(folder).items() if time != written.get(name)}
    weeks = {name for name in changed if name.startswith("weeks/")}
    assert weeks == {"weeks/2025-W38.html"}
    assert {"index.html", "years/2025.html"} <= changed
    newest, older = (
        (folder / "weeks" / name).read_text(encoding="utf-8")
        for name in ("2025-W38.html", "2025-W37.html")
    )
    assert "Load and pain in your diary" in newest
    assert "Load and pain in your diary" not in older


def _times(folder: Path) -> dict[str, int]:
    """Return when each page was written, by its name in the folder."""
    pages = folder.rglob("*.html")
    return {path.relative_to(folder).as_posix(): path.stat().st_mtime_ns for path in pages}


@pytest.mark.parametrize(
    "options",
    [
        ("--sections", "pain"),
        ("--since", "2026-01-01"),
        ("--for", "physio", "--sections", "pian"),
        ("--for", "physio", "--since", "2030-01-01"),
    ],
)
def test_options_of_the_sheet_are_checked(sample_log: Path, options: tuple[str, ...]) -> None:
    assert _report(sample_log, *options).exit_code == 2
