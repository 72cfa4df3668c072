"""Frames out of the program: CSV and JSON for other programs, plain tables for people."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
import textwrap
from collections import Counter
from contextlib import contextmanager
from functools import reduce, wraps
from pathlib import PurePath
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Any, Literal

import click

from kneeload import formatting
from kneeload.frames import records
from kneeload.importers.csv_rows import FORMULA

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import pandas as pd

    Command = Callable[..., Any]

Format = Literal["csv", "json", "text"]
WIDTH = 80
TO_UNDO = "To undo: kneeload undo"
SHOWN = 12  # of a list of any length
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def echo_undoable(text: str) -> None:
    """Say what was changed, and how to take it back."""
    click.echo(f"{text} {TO_UNDO}")


def strip_control(text: str) -> str:
    """Return `text` without the characters that steer a terminal."""
    return _CONTROL.sub(" ", text)


def as_csv(frame: pd.DataFrame) -> str:
    """Return `frame` as CSV: missing empty, booleans true and false, instants in UTC with Z."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(frame.columns)
    writer.writerows([_cell(value) for value in row.values()] for row in records(frame))
    return out.getvalue()


def as_json(value: object) -> str:
    """Return JSON, indented, with other alphabets as they are."""
    return json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False)


def table(rows: Sequence[Sequence[str]], header: Sequence[str], right: str = "") -> str:
    """Return aligned columns; those whose letter in `right` is ``r`` are flush right."""
    cells = [list(header), *([strip_control(cell) for cell in row] for row in rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(header))]
    sides = right.ljust(len(header), "l")
    return "\n".join(
        "  ".join(
            cell.rjust(width) if side == "r" else cell.ljust(width)
            for cell, width, side in zip(row, widths, sides, strict=True)
        ).rstrip()
        for row in cells
    )


@contextmanager
def progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """Show a bar at a terminal; what it yields takes how much is done, and of how much."""
    hidden = not _at_terminal()
    with click.progressbar(length=1, label=label, file=sys.stderr, hidden=hidden) as bar:

        def reached(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        yield reached


def truncated(lines: Sequence[str], more: str) -> list[str]:
    """Return the first of many lines, and how many more there are, with the word on them."""
    hidden = len(lines) - SHOWN
    return [*lines[:SHOWN], *([f"and {hidden} more{more}"] if hidden > 0 else [])]


def width() -> int:
    """Return the columns that sentences take: those of the terminal, at most 80."""
    return min(WIDTH, get_terminal_size().columns)


def glossary(grades: Iterable[str] = (), *, terms: Iterable[str] = ()) -> str:
    """Return what the words of a table mean, below it: those `terms`, then evidence grades."""
    lines = (textwrap.fill(term, width()) for term in terms)
    return "\n".join(["", *lines, *formatting.grades(grades)])


def named_terms(lines: Iterable[str]) -> list[str]:
    """Return what the terms mean that `lines` name: the reference week, the ratings."""
    text = " ".join(lines)
    return [meaning for name, meaning in formatting.TERMS.items() if name in text]


def options(*decorators: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """Return a decorator that adds options, in the order in which the help lists them."""
    return lambda command: reduce(lambda decorated, add: add(decorated), decorators[::-1], command)


json_option = click.option("--json", "as_json_", is_flag=True, help="Print JSON.")
_csv_option = click.option("--csv", "as_csv_", is_flag=True, help="Print CSV.")


def formats(command: Command) -> Command:
    """Add --csv and --json to a command, which gets the `Format` asked for as ``form``."""

    @wraps(command)
    def formatted(*args: Any, as_csv_: bool, as_json_: bool, **kwargs: Any) -> Any:
        if as_csv_ and as_json_:
            raise click.UsageError("use either --csv or --json, not both")
        form: Format = "csv" if as_csv_ else "json" if as_json_ else "text"
        return command(*args, form=form, **kwargs)

    return options(_csv_option, json_option)(formatted)


def emit(frame: pd.DataFrame, form: Format, text: Callable[[], str]) -> None:
    """Print `frame` in the format asked for; `text` makes of it what people read."""
    if form == "json":
        click.echo(as_json(records(frame)))
    elif form == "csv":
        click.echo(as_csv(frame), nl=False)
    else:
        click.echo(text())


def _at_terminal() -> bool:
    return sys.stderr.isatty()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    if isinstance(value, float):
        return f"{value:.3f}".rstrip("0").rstrip(".") if "e" in text else text
    return f"'{text}" if text.lstrip("'").startswith(FORMULA) and isinstance(value, str) else text


def shortened(paths: Iterable[str], roots: Iterable[PurePath], here: PurePath) -> dict[str, str]:
    """Return for each path the shortest name that no other of them could bear.

    Parameters
    ----------
    paths
        Files, or members of archives (``archive.zip!inner/name.fit``).
    roots
        The files and folders in which they were found.
    here
        The current folder.
    """
    folders = set(roots)
    names = {path: [*_below(PurePath(path), folders, here), path] for path in paths}
    bearers = Counter(name for candidates in names.values() for name in set(candidates))
    return {
        path: min((name for name in candidates if bearers[name] == 1), key=len, default=path)
        for path, candidates in names.items()
    }


def _below(path: PurePath, roots: Iterable[PurePath], here: PurePath) -> Iterator[str]:
    """Yield the path as seen from what was given, from the folder that is in, and from `here`."""
    around = [root for root in roots if path.is_relative_to(root) or _is_member(path, root)]
    yield from (str(path).removeprefix(f"{root}!") for root in around if _is_member(path, root))
    for folder in (*around, *(root.parent for root in around), here):
        if path != folder and path.is_relative_to(folder):
            yield str(path.relative_to(folder))


def _is_member(path: PurePath, archive: PurePath) -> bool:
    return str(path).startswith(f"{archive}!")
