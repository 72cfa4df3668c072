"""Commands as their users give them, on the sample log's last day."""

import click
from click.testing import CliRunner, Result

from kneeload.cli import program

LAST_DAY = "2026-03-29"


def invoke(*words: object, typed: str | None = None) -> Result:
    """Run a command and type answers; a fault of the program fails the test."""
    given = [str(word) for word in words]
    result = CliRunner().invoke(program, given, input=typed, prog_name="kneeload")
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    return result


def every_command(group: click.Group, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Return the words of each command below a group."""
    found: list[tuple[str, ...]] = []
    context = click.Context(group)
    for name in group.list_commands(context):
        found.append((*path, name))
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            found += every_command(command, (*path, name))
    return found
