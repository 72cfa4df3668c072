"""The commands, gathered."""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module
from importlib.abc import MetaPathFinder
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kneeload import __version__
from kneeload.cli.app import DAY, App, Program
from kneeload.log import default_path

if TYPE_CHECKING:
    import datetime as dt

EPILOG = """\b
Start here:
  kneeload demo
  kneeload import ~/Downloads/export_1234567.zip
  kneeload pain add 3 --knee left --moment after
  kneeload report --open

kneeload never connects to another computer. The page of `serve` opens only on this computer, unless
you also allow your own network.

Exit codes: 0 all well, 1 failure, 2 wrong usage or value, 3 flags found."""

_OBJECTS_BETWEEN_COLLECTIONS = 50_000
_SENTENCE = 200  # letters that the first sentence of a help never has; the formatter wraps it
TASKS = {
    "First": ("demo", "import"),
    "Every day": ("pain", "status", "plan", "note", "serve"),
    "Every week": ("update", "report", "why"),
    "Look deeper": (
        *("runs", "weeks", "flags", "rules", "shoes", "duplicates", "cohort", "simulate"),
    ),
    "Keep your log": (
        *("undo", "redo", "backup", "restore", "export", "verify", "rebuild", "settings"),
    ),
}
COMMANDS = {
    "backup": "maintenance.backup",
    "cohort": "cohort.cohort",
    "demo": "import_.demo",
    "duplicates": "duplicates.duplicates",
    "export": "maintenance.export",
    "flags": "flags.flags",
    "import": "import_.import_",
    "note": "note.note",
    "pain": "pain.pain",
    "plan": "plan.plan",
    "rebuild": "import_.rebuild",
    "redo": "undo.redo",
    "report": "report.report",
    "restore": "maintenance.restore",
    "rules": "rules.rules",
    "runs": "runs.runs",
    "serve": "serve.serve",
    "settings": "settings.settings",
    "shoes": "shoes.shoes",
    "simulate": "cohort.simulate",
    "status": "report.status",
    "undo": "undo.undo",
    "update": "import_.update",
    "verify": "maintenance.verify",
    "weeks": "weeks.weeks",
    "why": "pain.why",
}
"""Where each command lives below `kneeload.cli`."""
_READ_PARQUET = {"cohort", "simulate"}


class LazyGroup(Program):
    """The program, which imports a command that is asked for, and lists them by task."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - as click calls it
        """Return the names of all commands, in order."""
        return sorted(COMMANDS)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002 - as click calls it
        cmd_name: str,
    ) -> click.Command | None:
        """Import the command of that name; None where there is none."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name].partition(".")
        command: click.Command = getattr(import_module(f"kneeload.cli.{module}"), attribute)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that was typed; the error names those that are alike."""
        try:
            return super().resolve_command(ctx, args)
        except click.NoSuchCommand as error:
            raise click.NoSuchCommand(error.command_name, possibilities=COMMANDS, ctx=ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write each group of commands."""
        width = max(map(len, COMMANDS))
        for task, names in TASKS.items():
            commands = ((name, self.get_command(ctx, name)) for name in names)
            rows = [(n.ljust(width), c.get_short_help_str(_SENTENCE)) for n, c in commands if c]
            with formatter.section(task):
                formatter.write_dl(rows)


@click.group(cls=LazyGroup, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="kneeload")
@click.option(
    "--log",
    "log_path",
    type=click.Path(path_type=Path, dir_okay=False),
    envvar="KNEELOAD_LOG",
    default=default_path,
    show_default="in your user data folder",
    help="The training log, one file.",
)
@click.option(
    "--as-of", type=DAY, metavar="DATE", help="Pretend today is DATE; ignore later runs and scores."
)
@click.pass_context
def program(ctx: click.Context, log_path: Path, as_of: dt.date | None) -> None:
    """Your running load next to your knee pain, from the files your watch already writes."""
    ctx.obj = App(log_path, as_of)


class _WithoutPyarrow(MetaPathFinder):
    """Hide pyarrow, which pandas imports wherever it is: 0.1 s and 40 MB for Parquet alone."""

    def find_spec(self, fullname: str, *_: object) -> None:
        """Refuse pyarrow as if it were not installed; leave all else to the other finders."""
        if fullname == "pyarrow":
            raise ModuleNotFoundError(name=fullname)


def main() -> None:
    """Run the program; the console script's entry."""
    # Its matrices are small: several threads would spin in wait of each other, ten times as long.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    if not _READ_PARQUET & {*sys.argv}:
        sys.meta_path.insert(0, _WithoutPyarrow())
    # Nearly all that a command makes lives to its end: looking for garbage often finds nothing.
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a pipe of Windows may know no dash
    program(prog_name="kneeload")
