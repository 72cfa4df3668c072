"""Commands as their users give them, on the sample log's last day."""

from click.testing import CliRunner, Result

from kneeload.cli import program

LAST_DAY = "2026-03-29"


def invoke(*words: object) -> Result:
    """Run a command; a fault of the program fails the test."""
    result = CliRunner().invoke(program, [str(word) for word in words], prog_name="kneeload")
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    return result
