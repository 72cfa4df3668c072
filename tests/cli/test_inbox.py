"""The inbox at the command line: read first, told on stderr, and never in a command's way."""

import json
from pathlib import Path

import pytest
from click.testing import Result

from tests.cli.invoking import invoke


class Inbox:
    """A log with an inbox of one file."""

    def __init__(self, folder: Path) -> None:
        self.log, self.box = folder / "log.db", folder / "box"
        self.box.mkdir()
        (folder / "runs.csv").write_text("date,time,distance_km\n2026-03-28,07:00,8\n")
        self.run("import", folder / "runs.csv")
        self.run("settings", "set", "pain_inbox", self.box)

    def run(self, *words: object) -> Result:
        return invoke("--log", self.log, "--as-of", "2026-03-29", *words)

    def scores(self) -> list[int]:
        return [row["score"] for row in json.loads(self.run("pain", "list", "--json").stdout)]


@pytest.fixture
def inbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Inbox:
    monkeypatch.chdir(tmp_path)
    return Inbox(tmp_path)


@pytest.mark.parametrize("words", ["update", "status", "status --json", "report", "pain list"])
def test_new_lines_are_read_first(inbox: Inbox, words: str) -> None:
    (inbox.box / "knee.txt").write_text("2026-03-29T07:02 L 3 morning\nknie 2\n")
    result = inbox.run(*words.split())
    assert "Pain inbox: 1 new score.\n" in result.stderr
    assert "knee.txt, line 2 does not begin with a date such as 2026-03-14." in result.stderr
    assert "inbox" not in result.stdout.replace("from the inbox", "")
    assert inbox.scores() == [3]


def test_reading_does_not_follow_as_of_but_showing_does(inbox: Inbox) -> None:
    (inbox.box / "knee.txt").write_text("2026-03-29T07:02 L 3\n2026-04-02T07:02 L 5\n")
    assert "2 new scores" in inbox.run("status").stderr
    assert inbox.scores() == [3]


def test_a_folder_that_is_not_there_stops_nothing(inbox: Inbox) -> None:
    inbox.box.rmdir()
    result = inbox.run("update")
    assert result.exit_code == 0
    assert "not there now" in result.stderr
