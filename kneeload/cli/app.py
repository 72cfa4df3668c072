"""What every command shares: which log, which day, and the errors' way out."""

from __future__ import annotations

import datetime as dt
import os
import sys
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TextIO

import click

from kneeload import clock, formatting
from kneeload.cli.forms import typed_day
from kneeload.cli.output import strip_control, truncated
from kneeload.cli.usage_errors import brief_usage_errors
from kneeload.errors import KneeloadError
from kneeload.plugins import PluginWarning

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kneeload.analysis import Analysis
    from kneeload.log.training_log import TrainingLog
    from kneeload.settings import Settings


FLAGS_FOUND = 3
INTERRUPTED = 130


@dataclass
class App:
    """The options before the command: the log's path, and the day that stands in for today."""

    log_path: Path
    as_of: dt.date | None = None

    @property
    def now(self) -> dt.datetime:
        """The present instant."""
        return clock.now()

    def today(self, settings: Settings) -> dt.date:
        """Return `as_of`, else today in the runner's zone."""
        return self.as_of or clock.today(settings.time_zone or clock.machine_zone())

    def open(self, *, create: bool = True) -> TrainingLog:
        """Open the log; where it is missing and may be made, the first thing to keep makes it."""
        from kneeload.log.training_log import TrainingLog
        from kneeload.store.database import readable_errors, shared_by

        with readable_errors(self.log_path):
            is_new = not self.log_path.exists()
        log = TrainingLog(
            self.log_path, create=create, machine_zone=clock.machine_zone(), create_lazily=True
        )
        if is_new and (shares := shared_by(self.log_path)):
            click.echo(
                f"The new log is on {shares}: use it from one machine at a time, or keep it"
                " elsewhere with --log.",
                err=True,
            )
        return log

    def read(self) -> TrainingLog:
        """Open the log; in place of a missing one an empty one that leaves no file behind."""
        from kneeload.log.training_log import TrainingLog
        from kneeload.store.database import readable_errors

        with readable_errors(self.log_path):
            is_there = self.log_path.exists()
        if is_there:
            return self.open()
        log = TrainingLog(self.log_path, create_lazily=True)
        name = strip_control(str(self.log_path))
        click.echo(
            f"No training log at {name} yet. Create one with: kneeload import FOLDER", err=True
        )
        return log

    def analysis(
        self, log: TrainingLog, through: dt.date | None = None, *, metric: bool = False
    ) -> Analysis:
        """Return everything that follows from the log on `today`; later days are invisible.

        With `through`, as it stood when that day was over; `metric` for other programs, which
        read kilometres whatever the runner reads.
        """
        from kneeload.analysis import analyse_log

        today = self.today(log.settings)
        return analyse_log(log, today=today, through=through, units="km" if metric else None)


def read_inbox(app: App, log: TrainingLog) -> None:
    """Read what is new in the pain inbox; say on stderr what came and what needs a look."""
    if not log.settings.pain_inbox:  # the grammar of lines takes longer to load than this
        return
    reading = log.read_inbox(app.now)
    if reading.new:
        click.echo(f"Pain inbox: {formatting.count(reading.new, 'new score')}.", err=True)
    for note in truncated([*map(strip_control, reading.notes)], ""):
        click.echo(note, err=True)


def at_terminal() -> bool:
    """Return whether somebody can answer."""
    return sys.stdin.isatty()


pass_app = click.make_pass_decorator(App)


class Program(click.Group):
    """A group whose errors are one line on stderr and an exit code, never a traceback."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the options before the command."""
        with brief_usage_errors():
            return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; see `design: exit codes`."""
        try:
            with plugin_warnings(), brief_usage_errors():
                return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except KneeloadError as error:
            raise click.ClickException(strip_control(str(error))) from error
        except KeyboardInterrupt:
            click.echo("\nInterrupted. Everything finished so far has been saved.", err=True)
            raise click.exceptions.Exit(INTERRUPTED) from None
        except BrokenPipeError:
            # The reader went away (`kneeload runs | head`); that is no failure.
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            raise click.exceptions.Exit(0) from None
        except OSError as error:
            name = f"{error.filename}: " if error.filename else ""
            raise click.ClickException(strip_control(f"{name}{error.strerror or error}")) from error
        except Exception as error:
            if os.environ.get("KNEELOAD_DEBUG"):
                raise
            raise click.ClickException(
                f"kneeload hit a bug ({type(error).__name__}: {error})."
                " Please report it, with the output of KNEELOAD_DEBUG=1."
            ) from error


class Day(click.ParamType["dt.date"]):
    """A date in any usual form, see `typed_day`; today is what --as-of has it be."""

    name = "date"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> dt.date:
        """Return the date, or fail with what it should look like."""
        if isinstance(value, dt.date):
            return value
        app = ctx.find_object(App) if ctx else None
        today = (app and app.as_of) or dt.datetime.now().astimezone().date()
        try:
            return typed_day(str(value), today)
        except ValueError as error:
            self.fail(str(error), param, ctx)


DAY = Day()


def write_private(path: Path, text: str) -> None:
    """Write `text` to `path`, readable by its owner alone, whole or not at all."""
    from kneeload.store.private_files import replacing

    with replacing(path) as partial:
        partial.write_text(text, encoding="utf-8", newline="")


@contextmanager
def plugin_warnings() -> Iterator[None]:
    """Print each `PluginWarning` raised within; others go where they went before."""
    printed: set[str] = set()
    with warnings.catch_warnings():
        warnings.simplefilter("always", PluginWarning)
        default = warnings.showwarning

        def show(
            message: Warning | str,
            category: type[Warning],
            filename: str,
            lineno: int,
            file: TextIO | None = None,
            line: str | None = None,
        ) -> None:
            if not issubclass(category, PluginWarning):
                default(message, category, filename, lineno, file, line)
            elif str(message) not in printed:
                printed.add(str(message))
                click.echo(strip_control(f"Warning: {message}"), err=True)

        warnings.showwarning = show
        yield
