"""A log that is not there: readers name it and leave no file; only what is said makes one."""

import json
from pathlib import Path

import pytest
from click.testing import Result

from kneeload.samples import samples_folder
from tests.cli.invoking import invoke
from tests.modes import is_private

READERS = (
    "runs",
    "weeks",
    "flags",
    "rules",
    "duplicates",
    "status",
    "plan",
    "pain list",
    "pain explain",
    "note list",
    "shoes",
    "settings",
    "settings show",
    "undo",
    "undo --list",
    "redo",
)
LISTS = ("runs", "weeks", "flags", "duplicates", "pain list", "note list", "shoes")
EDITS = (
    "runs edit 3f2a --rpe 3",
    "runs remove 3f2a",
    "pain edit p1 --score 3",
    "pain remove p1",
    "note edit d1 --text x",
    "note remove d1",
    "flags ack 2026-W12-monotony --note x",
    "rebuild",
    "export x.zip",
    "backup x.db",
    "verify",
)


REFUSED = (
    "pain add 99",
    "pain add 3 --date 2026-03-15",
    "pain add 3 --symptom sadness",
    "pain add 3 --run 3f2a",
    "pain import scores.csv",
    "note sleep 30",
    "note tried tape --date 2026-03-15",
    "note injury x --date 2026-03-01 --until 2026-02-01",
    "note symptom sadness",
    "settings set units furlongs",
    "settings set colour red",
    "why 2026-13 knee",
    "why 2026-W12 knee",
    "import scores.csv",
    "import broken.fit",
    "import empty",
    "import typo.zip",
)


@pytest.fixture
def missing(tmp_path: Path) -> Path:
    """Return a log that is missing, in a folder that is missing as well."""
    return tmp_path / "nowhere" / "typo.db"


def ask(log: Path, command: str, typed: str = "") -> Result:
    return invoke("--log", log, "--as-of", "2026-03-14", *command.split(), typed=typed)


@pytest.mark.parametrize("command", READERS)
def test_a_reader_names_the_missing_log_and_makes_none(missing: Path, command: str) -> None:
    result = ask(missing, command)
    assert result.exit_code == 0, result.output
    assert result.stderr == (
        f"No training log at {missing} yet. Create one with: kneeload import FOLDER\n"
    )
    assert not missing.parent.exists()


@pytest.mark.parametrize("command", LISTS)
def test_json_of_a_missing_log_is_that_of_an_empty_one(missing: Path, command: str) -> None:
    assert json.loads(ask(missing, f"{command} --json").stdout) == []


@pytest.mark.parametrize("command", EDITS)
def test_what_changes_or_copies_a_log_needs_one(missing: Path, command: str) -> None:
    result = ask(missing, command)
    assert result.exit_code == 1
    assert f"there is no training log at {missing}" in result.stderr
    assert not missing.parent.exists()


def test_update_says_what_to_set_first(missing: Path) -> None:
    result = ask(missing, "update")
    assert result.exit_code == 2
    assert "kneeload settings add import_folders FOLDER" in result.stderr
    assert not missing.parent.exists()


def test_questions_make_a_log_with_the_first_answer(missing: Path) -> None:
    assert "Nothing logged." in ask(missing, "pain", "\n").output
    assert not missing.parent.exists()
    assert "Logged 1 score." in ask(missing, "pain", "3\n").output
    assert missing.exists()


@pytest.mark.parametrize("command", REFUSED)
def test_what_is_refused_makes_no_log(
    missing: Path, command: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "scores.csv").write_text("local_date,score\n2026-03-01,99\n")
    (tmp_path / "broken.fit").write_bytes(b"\x0e\x10\0\0\xff\0\0\0.FIT")
    (tmp_path / "empty").mkdir()
    assert ask(missing, command).exit_code in {1, 2}
    assert not missing.parent.exists()


def test_the_first_activity_makes_a_log(missing: Path) -> None:
    (run,) = samples_folder().glob("platform/*.gpx")
    assert "1 new" in ask(missing, f"import {run}").output
    assert is_private(missing)
    assert len(json.loads(ask(missing, "runs --json").stdout)) == 1
    again = ask(missing, f"import {run}").output
    assert "0 new activities, 1 already in the log" in again


def test_a_diary_without_runs_makes_a_log(missing: Path, tmp_path: Path) -> None:
    first, export = tmp_path / "first.db", tmp_path / "all.zip"
    ask(first, "pain add 3")
    ask(first, f"export {export}")
    ask(missing, f"import {export}")
    assert ask(missing, "pain list").output == ask(first, "pain list").output


@pytest.mark.parametrize("command", ["pain add 3", "note sleep 7", "settings set units mi"])
def test_what_is_said_makes_a_log(missing: Path, command: str) -> None:
    assert ask(missing, command).exit_code == 0
    assert missing.exists()
