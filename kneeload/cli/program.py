"""The commands, gathered."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kneeload import __version__
from kneeload.cli import cohort, diary, explain, files, notes, plan, report, shoes, tables, upkeep
from kneeload.cli.app import DAY, App, Program
from kneeload.log import default_path

if TYPE_CHECKING:
    import datetime as dt

EPILOG = """\b
Examples:
  kneeload demo
  kneeload import ~/Downloads/export_1234567.zip
  kneeload pain add 3 --knee left --moment after
  kneeload report --open

Everything stays on this machine: kneeload makes no network connection.

Exit codes: 0 fine, 1 failure, 2 wrong usage or value, 3 flags found."""


MANY_OBJECTS = 50_000  # imports make lasting objects: to look them through often costs a tenth


@click.group(cls=Program, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
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
@click.option("--as-of", type=DAY, help="Stand in for today: later runs and pain are invisible.")
@click.pass_context
def program(ctx: click.Context, log_path: Path, as_of: dt.date | None) -> None:
    """Training load beside knee pain, from the files your watch already writes. Offline."""
    ctx.obj = App(log_path, as_of)


for command in (
    *files.COMMANDS,
    *tables.COMMANDS,
    *diary.COMMANDS,
    *notes.COMMANDS,
    *shoes.COMMANDS,
    *report.COMMANDS,
    *plan.COMMANDS,
    *upkeep.COMMANDS,
    *cohort.COMMANDS,
):
    program.add_command(command)

diary.pain.add_command(explain.explain)


def main() -> None:
    """Run the program; the console script's entry."""
    gc.set_threshold(MANY_OBJECTS)
    program(prog_name="kneeload")
