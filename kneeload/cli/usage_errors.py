"""Values that cannot be, told in one line: wrong ones with exit code 2, missing files with 1."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any

import click

from kneeload.cli.output import strip_control
from kneeload.errors import EntryError, how_to_install

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator
    from pathlib import Path

    from kneeload.errors import KneeloadError

_WORST = 10
_SCORE = re.compile(r"(\d{1,2})(?:\s*(?:/|of|out of)\s*10)?")
_BETWEEN = re.compile(r"(\d)[.,]\d+")
SUFFIXES = (".html", ".htm", ".md", ".json")


class BriefUsageError(click.UsageError):
    """A usage error as one line, and the command's example."""

    def show(self, file: IO[Any] | None = None) -> None:
        """Print both on stderr."""
        click.echo(f"Error: {strip_control(self.format_message())}", file=file, err=True)
        if example := _example(self.ctx):
            click.echo(f"Example: {example}", file=file, err=True)


@contextmanager
def brief_usage_errors() -> Iterator[None]:
    """Tell the usage errors of a block briefly; that a command was named alone shows its help."""
    try:
        yield
    except (click.exceptions.NoArgsIsHelpError, BriefUsageError):
        raise
    except click.UsageError as error:
        raise BriefUsageError(error.format_message(), error.ctx) from error


def pain_score(text: str) -> int:
    """Return the score that ``3`` or ``3/10`` is, or raise a usage error."""
    match = _SCORE.fullmatch(text.strip().lower())
    if match is None or int(match[1]) > _WORST:
        raise click.UsageError(
            f"a score is a whole number from 0 to 10, not {text!r}{_nearest(text)}"
        )
    return int(match[1])


@contextmanager
def usage_errors(refusal: type[KneeloadError] = EntryError) -> Iterator[None]:
    """Tell a value that cannot be, by default one of an entry, as a wrong use of the command."""
    try:
        yield
    except refusal as error:
        raise click.UsageError(str(error)) from None


class Existing(click.Path):
    """A path at which something is; where nothing is, that is a failure and no wrong usage."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path, or fail as with every file that is not there."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter as error:
            raise click.ClickException(strip_control(error.message)) from error


def _nearest(text: str) -> str:
    """Return the whole scores around a number between two of them."""
    between = _BETWEEN.fullmatch(text.strip())
    low = int(between[1]) if between else _WORST
    return f": {low} or {low + 1}?" if low < _WORST else ""


def not_in_future(day: dt.date, today: dt.date) -> dt.date:
    """Return `day`, or refuse what nobody can know yet."""
    if day > today:
        raise click.UsageError(f"{day} is in the future; today is {today}")
    return day


def check_page(output: Path | None, suffixes: tuple[str, ...] = SUFFIXES) -> None:
    """Refuse a file whose suffix promises what no page is."""
    if output and output.suffix and output.suffix.lower() not in suffixes:
        last = f" or {suffixes[-1]}"
        raise click.UsageError(
            f"{strip_control(output.name)}: name a file in {', '.join(suffixes[:-1])}{last}"
        )


def _example(ctx: click.Context | None) -> str:
    """Return the first example of the command's help."""
    epilog = (ctx and ctx.command.epilog) or ""
    lines = (line.strip().removeprefix("Example: ") for line in epilog.splitlines())
    return next((line for line in lines if line.startswith("kneeload ")), "")


@contextmanager
def needs_extra(name: str) -> Iterator[None]:
    """Say how to install what a command needs beyond the base."""
    try:
        yield
    except ImportError as error:  # pandas names no module where pyarrow is missing
        raise click.ClickException(
            f"this needs {error.name or 'pyarrow'}; {how_to_install(name)}"
        ) from error


def valid_week(text: str) -> str:
    """Return the week's label, or raise a usage error."""
    from kneeload.calendar import parse_week

    with usage_errors():
        parse_week(text)
    return text
