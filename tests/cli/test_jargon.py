"""What a table calls by a name of its own, it explains below."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from kneeload.cli.program import COMMANDS, program
from kneeload.formatting import GRADES, REFERENCE_WEEK, grades
from tests.cli.invoking import LAST_DAY, invoke

CONVENTION = "convention: what coaches and clinicians commonly do"


@pytest.mark.parametrize("command", ["weeks", "flags", "rules", "plan", "settings"])
def test_the_reference_week_is_explained_where_it_is_named(sample_log: Path, command: str) -> None:
    # In March the sample runner returns from pain, and the plan speaks of no reference week.
    day = "2026-01-18" if command == "plan" else LAST_DAY
    above, below = told(sample_log, command, day=day).rsplit("\n\n", 1)
    assert "reference" in above
    assert " ".join(below.split()).startswith(REFERENCE_WEEK)
    assert max(map(len, below.splitlines())) <= 80


@pytest.mark.parametrize("command", ["flags", "rules", "settings"])
def test_grades_of_evidence_are_explained(sample_log: Path, command: str) -> None:
    lines = told(sample_log, command).splitlines()
    assert lines[-2:] == ["cohort: a study that followed many runners", CONVENTION]


def test_nothing_is_explained_that_is_not_there(sample_log: Path) -> None:
    assert "reference" not in told(sample_log, "plan", day="2020-01-01")
    assert (
        told(sample_log, "flags", "--week", "2026-W06")
        == "No rule fired; that is not a safety check.\n"
    )
    amber = told(sample_log, "flags", "--week", "2026-W07")
    assert "reference" not in amber
    assert amber.splitlines()[-1] == CONVENTION


def test_settings_speak_no_abbreviation_of_the_clinic(sample_log: Path) -> None:
    text = told(sample_log, "settings")
    assert not any(word in text for word in ("NPRS", "HRmax", "Foster"))


def test_grades_that_say_what_they_are_need_no_line() -> None:
    assert grades(["trial", "laboratory", "assumption", "trial"]) == []
    assert grades(["convention", "trial", "convention"]) == [CONVENTION]
    assert len(grades(GRADES)) == 3


@pytest.mark.parametrize("group", ["pain", "note", "runs", "flags", "settings", "cohort"])
def test_the_lists_of_commands_cut_no_sentence_off(group: str) -> None:
    _, listed = invoke(*group.split(), "--help").output.split("Commands:\n")
    assert "..." not in listed.partition("\n\n")[0]


def test_the_first_page_lists_every_command_once_by_task() -> None:
    page = invoke("--help").output
    assert "..." not in page.partition("\n")[2]
    tasks = [line[:-1] for line in page.splitlines() if re.fullmatch(r"\w[\w ]+:", line)]
    assert tasks == ["Options", "First", "Every day", "Every week", "Look deeper", "Keep your log"]
    listed = re.findall(r"^  ([a-z]\w+)  ", page, re.MULTILINE)
    assert sorted(listed) == sorted(COMMANDS)
    first = page.partition("Start here:")[2].split("\n\n")[0]
    assert [line.split()[1] for line in first.splitlines()[1:]] == [
        *("demo", "import", "pain", "report"),
    ]


def told(log: Path, *words: str, day: str = LAST_DAY) -> str:
    result = invoke("--log", log, "--as-of", day, *words)
    assert result.exit_code == 0, result.output
    return result.output


def parameters(command: click.Command, path: str = "kneeload") -> Iterator[tuple[str, str]]:
    """Yield each option that is shown, with its help."""
    for option in command.params:
        if isinstance(option, click.Option) and not option.hidden:
            yield f"{path} {option.opts[0]}", option.help or ""
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            if below := command.get_command(context, name):
                yield from parameters(below, f"{path} {name}")


def test_every_option_says_what_it_takes() -> None:
    found = dict(parameters(program))
    assert len(found) > 100
    assert [name for name, text in found.items() if not text.endswith((".", "]"))] == []
