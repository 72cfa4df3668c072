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
from pathlib import PurePath
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Any

import click

from kneeload import formatting
from kneeload.importers.csv_rows import FORMULA

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import pandas as pd


WIDTH = 80
SHOWN = 12  # of a list of any length
DECIMALS = 3  # a metre of a kilometre
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def harmless(text: str) -> str:
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


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows as plain values: None where missing, dates and instants as ISO 8601."""
    columns = {name: _plain(frame[name]) for name in frame.columns}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def table(rows: Sequence[Sequence[str]], header: Sequence[str], right: str = "") -> str:
    """Return aligned columns; those whose letter in `right` is ``r`` are flush right."""
    cells = [list(header), *([harmless(cell) for cell in row] for row in rows)]
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


def first(lines: Sequence[str], more: str) -> list[str]:
    """Return the first of many lines, and how many more there are, with the word on them."""
    left = len(lines) - SHOWN
    return [*lines[:SHOWN], *([f"and {left} more{more}"] if left > 0 else [])]


def notes(grades: Iterable[str] = (), *, reference: bool) -> str:
    """Return what the words of a table mean, below it: the reference week, evidence grades."""
    width = min(WIDTH, get_terminal_size().columns)
    said = [textwrap.fill(formatting.REFERENCE_WEEK, width)] if reference else []
    return "\n".join(["", *said, *formatting.grades(grades)])


def formats(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --csv and --json to a command."""
    command = click.option("--json", "as_json_", is_flag=True, help="Print JSON.")(command)
    return click.option("--csv", "as_csv_", is_flag=True, help="Print CSV.")(command)


def emit(frame: pd.DataFrame, *, as_csv_: bool, as_json_: bool, text: Callable[[], str]) -> None:
    """Print `frame` in the format asked for, else what `text` makes of it for people."""
    if as_csv_ and as_json_:
        raise click.UsageError("--csv and --json exclude each other")
    if as_json_:
        click.echo(as_json(records(frame)))
    elif as_csv_:
        click.echo(as_csv(frame), nl=False)
    else:
        click.echo(text())


def _at_terminal() -> bool:
    return sys.stderr.isatty()


def _plain(values: pd.Series) -> list[Any]:
    kind = str(values.dtype)
    if kind.startswith("datetime64"):
        shown = values.dt.strftime("%Y-%m-%dT%H:%M:%SZ" if "UTC" in kind else "%Y-%m-%d")
    else:
        shown = values.round(DECIMALS) if kind == "float64" else values
    plain: list[Any] = shown.astype("object").where(values.notna(), None).tolist()
    return plain


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    if isinstance(value, float):
        return f"{value:.3f}".rstrip("0").rstrip(".") if "e" in text else text
    return f"'{text}" if text.lstrip("'").startswith(FORMULA) and isinstance(value, str) else text


def shortened(paths: Iterable[str], given: Iterable[PurePath], here: PurePath) -> dict[str, str]:
    """Return for each path the shortest name that no other of them could bear.

    Parameters
    ----------
    paths
        Files, or members of archives (``archive.zip!inner/name.fit``).
    given
        The files and folders in which they were found.
    here
        The current folder.
    """
    folders = set(given)
    names = {path: [*_below(PurePath(path), folders, here), path] for path in paths}
    bearers = Counter(name for own in names.values() for name in set(own))
    return {
        path: min((name for name in own if bearers[name] == 1), key=len, default=path)
        for path, own in names.items()
    }


def _below(path: PurePath, given: Iterable[PurePath], here: PurePath) -> Iterator[str]:
    """Yield the path as seen from what was given, from the folder that is in, and from `here`."""
    around = [each for each in given if path.is_relative_to(each) or _is_member(path, each)]
    yield from (str(path).removeprefix(f"{each}!") for each in around if _is_member(path, each))
    for folder in (*around, *(each.parent for each in around), here):
        if path != folder and path.is_relative_to(folder):
            yield str(path.relative_to(folder))


def _is_member(path: PurePath, archive: PurePath) -> bool:
    return str(path).startswith(f"{archive}!")
