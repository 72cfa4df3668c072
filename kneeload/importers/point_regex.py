"""Track points of one shape, lifted out of a document by one pattern instead of one by one.

A recorder writes all points alike, but for elements that are sometimes missing. The fullest point
of a sample becomes a regular expression in which every element is optional; its matches become
columns at once and leave one mark for all that follow each other, so that only the small rest needs
an XML parser. Where a fuller point is left over, that is the shape. What does not fit it to the
last character is not certain, and the whole document is then parsed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING
from xml.parsers import expat

from kneeload.importers.column_builder import Columns

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MARK = "kneeload-point"

_SAMPLE = 32
_LONGEST_POINT = 4000
_MOST_TAGS = 80
_MOST_SHAPES = 3
_CHUNK = 1 << 22
_TEXT = "[^<>&]*+"
_TAG = re.compile(
    r"<(?P<slash>/?)(?P<name>[\w.:-]+)(?P<attributes>(?:\s+[\w.:-]+=\"[^\"<>&]*\")*)\s*(?P<empty>/?)>"
    rf"(?P<text>{_TEXT})",
    re.ASCII,
)
_POSITION = re.compile(r"\s(lat|lon)=\"")
_UNCERTAIN = ("", "")  # no piece of a shape


@dataclass(frozen=True)
class Shape:
    """A pattern that matches whole points, and the column that each of its groups fills."""

    pattern: re.Pattern[str]
    columns: tuple[str, ...]


class Marks:
    """Counts the points that marks stand for."""

    def __init__(self) -> None:
        self.count = 0

    def add(self, mark: dict[str, str]) -> None:
        """Count the points of one mark."""
        self.count += int(mark["count"])


def lifted(content: bytes, point: str, cells: Mapping[str, str]) -> tuple[bytes, Columns] | None:
    """Return the document with marks in place of its points, and the points' columns.

    Parameters
    ----------
    content
        A document in UTF-8.
    point, cells
        As in `kneeload.importers.xml.Layout`.

    Returns
    -------
    tuple of bytes and Columns, or None
        None where some point is not of the common shape, or a mark would be ambiguous.
    """
    if MARK.encode() in content:
        return None
    try:
        example = _fullest(content, point)
        for _ in range(_MOST_SHAPES):
            if not (shape := learned(example, cells)):
                break
            rest, columns = _lifted(content, point, shape)
            if point.encode() not in rest:
                return rest, columns
            example = _fullest(rest, point)
    except UnicodeDecodeError:
        pass
    return None


def _lifted(content: bytes, point: str, shape: Shape) -> tuple[bytes, Columns]:
    """Return the rest and the points, up to where points are left over."""
    columns = Columns()
    rest = []
    for chunk in _chunks(content, point):
        rest.append(_rest(chunk, shape, columns))
        if point in rest[-1]:
            break
    return "".join(rest).encode(), columns


def learned(point: str, cells: Mapping[str, str]) -> Shape | None:
    """Return the shape of a point given as text, None where it is not plain."""
    tags = list(_TAG.finditer(point))
    if not 2 <= len(tags) <= _MOST_TAGS or "".join(tag[0] for tag in tags) != point:
        return None
    names = _POSITION.findall(tags[0]["attributes"])
    pieces = [_piece(*pair, cells) for pair in pairwise(tags[1:])]
    columns = (*names, *(column for _, column in pieces if column))
    if _UNCERTAIN in pieces or len(set(columns)) < len(columns) or not _is_element(point):
        return None
    head = "".join(rf'\s++{name}="([^"<>&]*+)"' for name in names)
    body = "".join(pattern for pattern, _ in pieces)
    tag = re.escape(tags[0]["name"])
    return Shape(re.compile(rf"<{tag}{head}\s*+>\s*+{body}</{tag}\s*+>\s*+"), columns)


def _piece(tag: re.Match[str], after: re.Match[str], cells: Mapping[str, str]) -> tuple[str, str]:
    """Return the pattern of a tag and the text behind it, and the column that the text fills."""
    name, column = re.escape(tag["name"]), cells.get(local(tag["name"]), "")
    opening = rf"(?:<{name}{re.escape(tag['attributes'])}\s*+"
    if not tag["slash"] and not tag["empty"] and after["slash"]:
        return f"{opening}>({_TEXT})" if column else f"{opening}>{_TEXT}", column
    if tag["text"].strip() or (column and not tag["slash"]):
        return _UNCERTAIN
    if tag["slash"]:
        return rf"</{name}\s*+>\s*+)?+", ""
    return rf"{opening}/>\s*+)?+" if tag["empty"] else rf"{opening}>\s*+", ""


def _is_element(text: str) -> bool:
    try:
        expat.ParserCreate().Parse(text, True)  # noqa: FBT003 - expat takes no keyword
    except expat.ExpatError:
        return False
    return True


def local(name: str) -> str:
    """Return a name without its prefix."""
    return name.rpartition(":")[2]


def _fullest(content: bytes, point: str) -> str:
    """Return the point with the most elements among some from all over the document."""
    opening, closing = f"<{point}".encode(), _closing(point)
    points = [b""]
    for number in range(_SAMPLE):
        start = content.find(opening, len(content) * number // _SAMPLE)
        stop = content.find(closing, start, start + _LONGEST_POINT) if start >= 0 else -1
        if stop >= 0:
            points.append(content[start : stop + len(closing)])
    return max(points, key=lambda text: text.count(b"<")).decode()


def _chunks(content: bytes, point: str) -> Iterator[str]:
    """Cut the document behind points, so that no memory holds all of it twice."""
    closing = _closing(point)
    start = 0
    while start < len(content):
        end = content.find(closing, start + _CHUNK)
        stop = end + len(closing) if end >= 0 else len(content)
        yield content[start:stop].decode()
        start = stop


def _rest(text: str, shape: Shape, columns: Columns) -> str:
    """Move the points of `text` into `columns`; return what is left, marked."""
    parts = shape.pattern.split(text)
    step = len(shape.columns) + 1
    cells = {name: parts[number::step] for number, name in enumerate(shape.columns, 1)}
    columns.extend(cells, len(parts) // step)
    return _marked(parts[::step])


def _marked(texts: list[str]) -> str:
    """Join the texts around points, with a mark for all points between one text and the next."""
    within = (at for at, text in enumerate(texts[1:-1], 1) if text)
    places = pairwise(dict.fromkeys((0, *within, len(texts) - 1)))
    marks = (f'<{MARK} count="{after - before}"/>{texts[after]}' for before, after in places)
    return texts[0] + "".join(marks)


def _closing(point: str) -> bytes:
    return f"</{point}>".encode()
