"""backup, restore, export and verify as a runner meets them: one line each, and an exit code."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import Result

from tests.cli.invoking import invoke


@pytest.fixture
def kneeload(
    sample_log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Result]:
    monkeypatch.chdir(tmp_path)
    return lambda *words: invoke("--log", sample_log, *words)


def line(result: Result, code: int = 0) -> str:
    assert result.exit_code == code, result.output
    (only,) = (result.stderr if code else result.stdout).splitlines()
    return only


def test_a_backup_restores_what_was_there(kneeload: Callable[..., Result]) -> None:
    before = kneeload("pain", "list", "--csv").stdout
    said = line(kneeload("backup", "copy.db"))
    assert re.fullmatch(r"Backed up \d+ files, \d+ activities, \d+ entries to copy\.db\.", said)
    kneeload("pain", "add", "9", "--date", "2026-03-14")
    said = line(kneeload("restore", "copy.db"))
    kept = re.search(r"The previous log: (\S+\.backup-1)$", said)
    assert kneeload("pain", "list", "--csv").stdout == before
    assert kept is not None
    line(kneeload("restore", kept[1]))
    assert kneeload("pain", "list", "--csv").stdout.count("\n") == before.count("\n") + 1


def test_an_export_is_imported_again(kneeload: Callable[..., Result], tmp_path: Path) -> None:
    said = line(kneeload("export", "mine.zip"))
    assert re.fullmatch(
        r"Exported \d+ activity files with your diary and settings to mine\.zip\.", said
    )
    options = ["--log", str(tmp_path / "new.db")]
    again = invoke(*options, "import", "mine.zip")
    assert again.exit_code == 0
    assert "Failed" not in again.output
    for words in (("runs", "--csv", "--all-sports"), ("pain", "list", "--csv"), ("settings",)):
        assert invoke(*options, *words).stdout == kneeload(*words).stdout


def test_an_export_is_named_like_one(kneeload: Callable[..., Result]) -> None:
    result = kneeload("export", "mine.db")
    assert result.exit_code == 2
    assert "mine.db.zip" in result.stderr


def test_the_keepers_tell_how_far_they_are_and_reach_the_end(
    kneeload: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: dict[str, list[tuple[int, int]]] = {}

    @contextmanager
    def recorded(label: str) -> Iterator[Callable[[int, int], None]]:
        reached = steps.setdefault(label, [])
        yield lambda done, total: reached.append((done, total))

    monkeypatch.setattr("kneeload.cli.maintenance.progress", recorded)
    for words in (("backup", "copy.db"), ("export", "mine.zip"), ("verify",)):
        assert kneeload(*words).exit_code == 0
    assert list(steps) == ["Copying", "Exporting", "Checking"]
    for reached in steps.values():
        assert reached == sorted(reached)
        assert reached[-1][0] == reached[-1][1] > 0


def test_a_bar_is_drawn_at_a_terminal_alone(
    kneeload: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert kneeload("verify").stderr == ""
    monkeypatch.setattr("kneeload.cli.output._at_terminal", lambda: True)
    assert kneeload("verify").stderr == "Checking\n"


def test_verify_says_what_it_looked_at(kneeload: Callable[..., Result], sample_log: Path) -> None:
    first, last = kneeload("verify").stdout.splitlines()
    assert re.fullmatch(rf"{sample_log}: \d+ files, \d+ activities, \d+ entries\.", first)
    assert last == "No problems found."


def test_verify_names_the_newest_backup_of_a_damaged_log(
    kneeload: Callable[..., Result], sample_log: Path
) -> None:
    kneeload("rebuild")
    kneeload("restore", f"{sample_log}.backup-1")
    content = sample_log.read_bytes()
    sample_log.write_bytes(content[:8192] + b"\xff" * 4096 + content[12288:])
    result = kneeload("verify")
    assert line(result, code=1).endswith(f"kneeload restore {sample_log}.backup-2")
    assert "- " in result.stdout
    assert "damaged-1" in line(kneeload("restore", f"{sample_log}.backup-2"))
    assert kneeload("verify").exit_code == 0


@pytest.mark.parametrize(
    ("words", "code"), [(("restore", "none.db"), 1), (("backup",), 2), (("export",), 2)]
)
def test_a_missing_file_fails_and_a_missing_name_is_wrong_usage(
    kneeload: Callable[..., Result], words: tuple[str, ...], code: int
) -> None:
    assert kneeload(*words).exit_code == code


def test_a_hostile_name_does_not_steer_the_terminal(
    kneeload: Callable[..., Result], tmp_path: Path
) -> None:
    name = "\x1b[2Jphoto.db"
    (tmp_path / name).write_bytes(b"\xff\xd8" * 100)
    for words in (("backup", name), ("restore", name), ("--log", name, "runs")):
        result = kneeload(*words)
        assert result.exit_code == 1
        assert "\x1b" not in result.output
