"""Values that cannot be: one line, an example, exit code 2, and nothing logged."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from tests.cli.invoking import invoke

TODAY = "2026-03-29"


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("pain add 3.5", "a score is a whole number from 0 to 10, not '3.5'"),
        ("pain add 11", "a score is a whole number from 0 to 10, not '11'"),
        ("pain edit p1 --score x", "a score is a whole number from 0 to 10, not 'x'"),
        ("pain add 3 --date 2026-03-30", "2026-03-30 is in the future; today is 2026-03-29"),
        ("pain edit p1 --date 2027-01-01", "2027-01-01 is in the future"),
        ("pain add 3 --onset-km -2", "-2"),
        ("note tried tape --date 2027-01-01", "2027-01-01 is in the future"),
        ("note sleep 30", "sleep is a number of hours from 0 to 24, not 30"),
        ("note sleep --value 25", "sleep is a number of hours from 0 to 24, not 25"),
        ("note strength 1441", "strength is a number of minutes from 0 to 1440, not 1441"),
        ("settings set units furlongs", "units is one of km, mi, not 'furlongs'"),
        ("settings set hr_max 900", "hr_max must be between 100 and 250, not 900"),
        ("report -o r.pdf", "r.pdf: name a file in .html, .htm, .md or .json"),
        ("report --for physio -o r.md", "r.md: name a file in .html or .htm"),
        ("demo -o r.txt", "r.txt: name a file in"),
        ("report --week 1999-W01", "there is no report before 2025-W36, the log's first week"),
        ("report --week 2025-W35", "there is no report before 2025-W36, the log's first week"),
        ("runs --csv --json", "use either --csv or --json, not both"),
    ],
)
def test_a_value_that_cannot_be_costs_a_line_and_an_example(
    kneeload: Callable[..., Result],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    told: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    said = [kneeload(name, "list", "--csv").stdout for name in ("pain", "note")]
    before = sorted(path.name for path in tmp_path.iterdir())
    result = kneeload(*command.split())
    assert result.exit_code == 2, result.output
    error, example = result.stderr.splitlines()
    assert error.startswith("Error: ")
    assert told in error
    assert example.startswith(f"Example: kneeload {command.split(maxsplit=1)[0]}")
    assert [kneeload(name, "list", "--csv").stdout for name in ("pain", "note")] == said
    assert sorted(path.name for path in tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    ("command", "score"),
    [
        ("pain add 0", 0),
        ("pain add 10 --date 2026-03-29", 10),
        ("pain add 7 --date today", 7),
    ],
)
def test_the_ends_of_the_scale_and_today_are_taken(
    kneeload: Callable[..., Result], command: str, score: int
) -> None:
    assert kneeload(*command.split()).exit_code == 0
    newest = max(
        json.loads(kneeload("pain", "list", "--json").stdout), key=lambda p: p["entered_at"]
    )
    assert (newest["score"], newest["local_date"]) == (score, TODAY)


def test_the_first_week_of_the_log_has_a_page(
    kneeload: Callable[..., Result], tmp_path: Path
) -> None:
    page = tmp_path / "first.htm"
    assert kneeload("report", "--week", "2025-W36", "-o", str(page)).exit_code == 0
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")


@pytest.mark.parametrize(
    "command",
    [
        "import nowhere",
        "pain import nowhere.csv",
        "restore nowhere.db",
        "cohort evaluate a b.csv",
    ],
)
def test_a_file_that_is_missing_is_a_failure(kneeload: Callable[..., Result], command: str) -> None:
    assert kneeload(*command.split()).exit_code == 1


@pytest.mark.parametrize("words", [("--as-of", "soon", "runs"), ("frobnicate",), ("--bad",)])
def test_the_options_before_the_command_fail_the_same_way(words: tuple[str, ...]) -> None:
    result = invoke(*words)
    assert result.exit_code == 2
    error, example = result.stderr.splitlines()
    assert error.startswith("Error: ")
    assert example == "Example: kneeload demo"


def test_the_help_states_the_exit_codes() -> None:
    (line,) = [line for line in invoke("--help").output.splitlines() if "Exit codes" in line]
    assert all(f" {code} " in line for code in (0, 1, 2, 3))
