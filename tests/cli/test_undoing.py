"""undo and redo as a runner meets them, and lists of settings."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from tests.cli.invoking import LAST_DAY, invoke


def scores(kneeload: Callable[..., Result]) -> list[int]:
    return [entry["score"] for entry in json.loads(kneeload("pain", "list", "--json").stdout)]


def test_the_last_twenty_changes_are_listed_newest_last(empty: Callable[..., Result]) -> None:
    assert empty("undo", "--list").output.endswith("No changes yet.\n")
    for day in range(1, 23):
        empty("pain", "add", "3", "--symptom", "limp", "--date", f"2026-03-{day:02}")
    empty("pain", "edit", "p2", "--score", "5")
    lines = empty("undo", "--list").output.splitlines()
    assert len(lines) == 20
    assert lines[-1].endswith("  changed the score of 5 on 1 March")
    assert lines[-2].endswith("  logged the symptom note of 22 March, and 1 more")


def test_undo_and_redo_take_turns(empty: Callable[..., Result]) -> None:
    assert empty("redo").stdout == "Nothing to redo.\n"
    empty("pain", "add", "3")
    empty("undo")
    assert scores(empty) == []
    assert empty("redo").output == "Redone: brought back the score of 3 on 29 March.\n"
    assert scores(empty) == [3]
    assert empty("redo").output == "Nothing to redo.\n"


@pytest.mark.parametrize(("typed", "left"), [("n\n", [3]), ("y\n", []), ("\n", [])])
def test_at_a_terminal_undo_asks_first(
    empty: Callable[..., Result],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    typed: str,
    left: list[int],
) -> None:
    empty("pain", "add", "3")
    monkeypatch.setattr("kneeload.cli.undo.at_terminal", lambda: True)
    asked = invoke("--log", tmp_path / "new.db", "--as-of", LAST_DAY, "undo", typed=typed)
    assert asked.exit_code == 0
    assert asked.output.startswith("logged the score of 3 on 29 March\nUndo this? [Y/n]")
    assert scores(empty) == left


def test_a_list_of_folders_grows_and_shrinks(
    empty: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def folders() -> list[str]:
        stored: list[str] = json.loads(empty("settings", "--json").stdout)["import_folders"]
        return stored

    monkeypatch.chdir(tmp_path)
    for name in ("garmin", "polar", "garmin"):
        assert empty("settings", "add", "import_folders", name).exit_code == 0
    assert folders() == [str(tmp_path / "garmin"), str(tmp_path / "polar")]
    empty("settings", "drop", "import_folders", "garmin")
    assert folders() == [str(tmp_path / "polar")]
    missing = empty("settings", "drop", "import_folders", "garmin")
    assert (missing.exit_code, "is not in import_folders" in missing.stderr) == (2, True)
    no_list = empty("settings", "add", "units", "mi")
    assert (no_list.exit_code, "'units' is not a list" in no_list.stderr) == (2, True)


def test_what_was_stored_before_as_typed_is_dropped_as_typed(empty: Callable[..., Result]) -> None:
    empty("settings", "set", "import_folders", "garmin")
    assert empty("settings", "drop", "import_folders", "garmin").exit_code == 0
    assert json.loads(empty("settings", "--json").stdout)["import_folders"] == []
