"""The commands, gathered: each under its name, and none imported before it is asked for."""

import click
import pytest
from click.shell_completion import ShellComplete

from kneeload.cli import program
from kneeload.cli.program import TASKS
from tests.cli.invoking import invoke
from tests.fresh import printed


def test_every_command_is_called_what_it_is_listed_as() -> None:
    context = click.Context(program)
    for name in program.list_commands(context):
        command = program.get_command(context, name)
        assert command
        assert command.name == name


def test_a_command_imports_no_module_of_another() -> None:
    code = (
        "import sys\nfrom kneeload.cli.program import COMMANDS, program\n"
        "try: program(['plan', '--help'])\nexcept SystemExit: pass\n"
        "homes = {command.partition('.')[0] for command in COMMANDS.values()}\n"
        "print(sorted(home for home in homes if f'kneeload.cli.{home}' in sys.modules))"
    )
    assert printed(code)[-1] == "['plan']"


@pytest.mark.parametrize(("before", "after"), [("", "1"), ("3", "3")])
def test_linear_algebra_has_one_thread_unless_asked_otherwise(before: str, after: str) -> None:
    code = (
        "import os, sys\nos.environ.pop('OMP_NUM_THREADS', None)\n"
        f"os.environ.update({{'OMP_NUM_THREADS': {before!r}}} if {before!r} else {{}})\n"
        "from kneeload.cli import main\nsys.argv = ['kneeload', '--version']\n"
        "try: main()\nexcept SystemExit: print(os.environ['OMP_NUM_THREADS'])"
    )
    assert printed(code)[-1] == after


@pytest.mark.parametrize(("words", "left_out"), [(["rules"], True), (["simulate"], False)])
def test_pyarrow_is_imported_for_parquet_alone(words: list[str], left_out: bool) -> None:
    code = (
        f"import sys\nfrom kneeload.cli import main\nsys.argv = {['kneeload', *words]!r}\n"
        "try: main()\nexcept SystemExit: import pandas; print('pyarrow' not in sys.modules)"
    )
    assert printed(code)[-1] == str(left_out)


@pytest.mark.parametrize(("typed", "meant"), [("stat", "status"), ("runz", "runs")])
def test_a_slip_of_the_finger_is_told_what_was_meant(typed: str, meant: str) -> None:
    said = invoke(typed)
    assert said.exit_code == 2
    assert f"Did you mean '{meant}'?" in said.stderr


@pytest.mark.parametrize(
    ("words", "begun", "offered"),
    [
        ([], "re", {"rebuild", "redo", "report", "restore"}),
        (["pain"], "", {"add", "edit", "explain", "import", "list", "remove"}),
        (["report"], "--o", {"--output", "--open"}),
    ],
)
def test_a_shell_can_complete_what_is_begun(
    words: list[str], begun: str, offered: set[str]
) -> None:
    shell = ShellComplete(program, {}, "kneeload", "_KNEELOAD_COMPLETE")
    assert {item.value for item in shell.get_completions(words, begun)} == offered


def test_the_program_is_a_group_that_others_can_walk() -> None:
    context = click.Context(program)
    names = program.list_commands(context)
    assert names == sorted(names) == sorted(name for task in TASKS.values() for name in task)
    assert program.get_command(context, "frobnicate") is None
