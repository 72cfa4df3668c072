"""CSV as it really comes: quoted newlines, backslash quotes, semicolons, byte order marks."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from kneeload.errors import FileRefused

if TYPE_CHECKING:
    from collections.abc import Iterator

Row = list[str]
Cells = dict[str, str]

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings of a cell that a spreadsheet takes for a formula; ours bear an apostrophe before."""

_BACKSLASH_QUOTE = re.compile(r'(?<!\\)((?:\\\\)*)\\"')


def rows(content: bytes) -> Iterator[Row]:
    """Yield the rows of a table, header first, cells stripped of surrounding space.

    Raises
    ------
    FileRefused
        If it is not a table.
    """
    text = decoded(content)
    mark = _delimiter(text)
    if '\\"' in text:
        text = _fitting(text, _BACKSLASH_QUOTE.sub(r'\1""', text), mark)
    yield from _parsed(text, mark)


def records(content: bytes) -> Iterator[tuple[int, Cells]]:
    """Yield each row that is not blank by its lower-case column names, numbered as a spreadsheet.

    Raises
    ------
    FileRefused
        If it is not a table.
    """
    table = rows(content)
    columns = [name.casefold() for name in next(table, [])]
    for at, row in enumerate(table, 2):
        if any(row):
            yield at, dict(zip(columns, row, strict=False))


def header(head: bytes) -> Row:
    """Return the cells of the first line, or none where it is not one of a table."""
    first = _first_line(decoded(head))
    try:
        return next(_parsed(first, _delimiter(first)), [])
    except FileRefused:
        return []


def decoded(content: bytes) -> str:
    """Return the text of `content`: UTF-8 or UTF-16 with or without a mark, else Windows-1252."""
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def unshielded(cell: str) -> str:
    """Take off the apostrophe that keeps a spreadsheet from taking text for a formula."""
    bare = cell.lstrip("'")
    return cell[1:] if bare != cell and bare.startswith(FORMULA) else cell


def _first_line(text: str) -> str:
    return next(iter(text.lstrip().splitlines()), "")


def _delimiter(text: str) -> str:
    return max(",;\t", key=_first_line(text[:65_536]).count)


def _parsed(text: str, delimiter: str) -> Iterator[Row]:
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            yield [cell.strip() for cell in row]
    except csv.Error as error:
        raise FileRefused(f"is not a readable table: {error}") from None


def _fitting(plain: str, unescaped: str, delimiter: str) -> str:
    r"""Return the reading of a backslash before a quote in which fewer rows are out of step.

    Strava writes ``\"`` for a quote inside a quoted cell; elsewhere a cell may end in a backslash.
    """
    return min(unescaped, plain, key=lambda text: _misfits(text, delimiter))


def _misfits(text: str, delimiter: str) -> int:
    widths = [len(row) for row in _parsed(text, delimiter) if any(row)]
    return sum(width != widths[0] for width in widths)
