"""One streaming pass over a GPX or TCX file: track points to columns, the rest to a few facts.

Names are matched without their prefix, so that a wrong default namespace or an undeclared prefix
does not hide the track. No tree is built, and no DOCTYPE is ever parsed.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from xml.parsers import expat  # DOCTYPEs are refused before parsing

from kneeload.errors import FileRefused
from kneeload.importers import mending, point_regex, spelling
from kneeload.importers.column_builder import Columns

if TYPE_CHECKING:
    from collections.abc import Mapping

_BOMS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",  # before UTF-16, whose mark it begins with
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9_.:-]{1,40})[\"']")
_TEXT_CODECS = re.compile(r"utf|iso|cp|latin|ascii|gb|big5|shift|euc|koi8|mac|tis", re.ASCII)
_SPACE = b" \t\r\n"
_DEEPEST_FACT = 4
MOST_NODES = 100_000
_CUT_SHORT = frozenset(
    expat.errors.codes[message]
    for message in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )
)


@dataclass(frozen=True)
class Layout:
    """What to read of a format.

    Parameters
    ----------
    point
        The element that becomes a row; its attributes are the row's first cells.
    cells
        Elements inside a point, and the column that each fills. The first of a column counts.
    break_
        The element that starts a new segment.
    nodes
        Elements whose attributes and texts are kept as facts.
    """

    point: str
    cells: Mapping[str, str]
    break_: str
    nodes: frozenset[str]


@dataclass(frozen=True)
class Node:
    """An element around the points: its facts by path, and the number of points before it."""

    name: str
    depth: int
    row: int
    facts: dict[str, str]

    def text(self, *paths: str) -> str:
        """Return the first of the facts that is there, else an empty text."""
        return next((self.facts[path] for path in paths if path in self.facts), "")

    def number(self, path: str) -> float | None:
        """Return a fact as a positive number, None where it is not one."""
        value = spelling.number(self.facts.get(path, ""))
        return value if 0 < value < float("inf") else None


@dataclass
class Reading:
    """What one pass found: the points, where segments begin, the elements around them.

    ``seen`` has the names of all elements around the points; ``cut_at`` is the line at which the
    file breaks off, None for a whole file; ``mended`` says that it held forbidden characters.
    """

    columns: Columns = field(default_factory=Columns)
    breaks: list[int] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    cut_at: int | None = None
    mended: bool = False


def read(content: bytes, layout: Layout) -> Reading:
    """Read a document in one pass.

    A byte order mark, space before the declaration, zero bytes at the end, encodings other than
    UTF-8 and undeclared prefixes are read; a document that breaks off is read up to there, and
    forbidden characters are mended.

    Parameters
    ----------
    content
        The file's bytes.
    layout
        What to read.

    Returns
    -------
    Reading
        Points and facts.

    Raises
    ------
    FileRefused
        If there is a DOCTYPE, or the document is not well-formed other than cut short.
    """
    text = _as_utf8(content)
    try:
        return _lifted(text, layout) or _parsed(text, layout)
    except expat.ExpatError:
        mended = mending.mended(text)
    try:
        reading = _lifted(mended, layout) or _parsed(mended, layout)
    except expat.ExpatError as error:
        raise _malformed(error) from None
    reading.mended = mending.is_utf8(text)
    return reading


def _lifted(content: bytes, layout: Layout) -> Reading | None:
    """Read a document whose points are all of one shape; None where that is not certain."""
    lifted = point_regex.lifted(content, layout.point, layout.cells)
    if lifted is None:
        return None
    rest, columns = lifted
    marks = point_regex.Marks()
    try:
        reading = _parsed(rest, replace(layout, point=point_regex.MARK, cells={}), marks)
    except expat.ExpatError:
        return None
    if reading.cut_at is not None or marks.count != columns.count:
        return None
    reading.columns = columns
    return reading


def _malformed(error: expat.ExpatError) -> FileRefused:
    reason = expat.ErrorString(error.code)
    return FileRefused(f"is not well-formed XML: {reason} in line {error.lineno}")


def _parsed(content: bytes, layout: Layout, marks: point_regex.Marks | None = None) -> Reading:
    if b"<!DOCTYPE" in content:
        raise FileRefused("contains a DOCTYPE, which no activity needs; not read")
    parser = expat.ParserCreate("UTF-8")
    parser.buffer_text = True
    reading = Reading()
    _attach(parser, layout, reading, marks or reading.columns)
    try:
        parser.Parse(content, True)  # noqa: FBT003 - expat takes no keyword
    except expat.ExpatError as error:
        if error.code not in _CUT_SHORT:
            raise
        reading.cut_at = error.lineno
    return reading


def _as_utf8(content: bytes) -> bytes:
    """Return the document in UTF-8, without byte order mark and padding."""
    for mark, name in _BOMS.items():
        if content.startswith(mark):
            return (
                _recoded(content[len(mark) :], name).strip("\0 \t\r\n").encode("utf-8", "replace")
            )
    content = content.lstrip(_SPACE).rstrip(b"\0")
    declared = _DECLARED.match(content)
    name = declared[1].decode("ascii").lower() if declared else "utf-8"
    if name.startswith(("utf", "us-ascii", "ascii")):  # UTF-16 would not have matched as ASCII
        return content
    return _recoded(content, name).encode("utf-8", "replace")


def _recoded(content: bytes, name: str) -> str:
    """Decode by the codec of that name, by UTF-8 where there is none."""
    try:
        codec = codecs.lookup(name).name
    except LookupError:
        codec = "utf-8"
    if not _TEXT_CODECS.match(codec):
        raise FileRefused(f"is encoded as {name}, which is not supported")
    return content.decode(codec, "replace")


class _Targets(dict[str, str]):
    """Where an element's text goes, by its name as written: remembered without the prefix."""

    def __init__(self, cells: Mapping[str, str]) -> None:
        super().__init__()
        self._cells = cells

    def __missing__(self, name: str) -> str:
        target = self._cells.get(point_regex.local(name), "")
        self[name] = target
        return target


def _attach(
    parser: expat.XMLParserType,
    layout: Layout,
    reading: Reading,
    points: Columns | point_regex.Marks,
) -> None:
    """Let `parser` fill `reading` and `points`: inside a point each event costs one look-up."""
    around = _Around(layout, reading, points)
    targets = _Targets({**layout.cells, layout.point: layout.point})
    point, add = layout.point, points.add
    row: dict[str, str] | None = None
    text: list[str] = []
    clear = text.clear

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal row
        clear()
        if row is not None:
            return
        if targets[name] == point:
            row = attributes
        else:
            around.opened(point_regex.local(name), attributes)

    def end(name: str) -> None:
        nonlocal row
        if row is None:
            around.closed(text)
        elif target := targets[name]:
            if target == point:
                add(row)
                row = None
                clear()
            elif target not in row:
                row[target] = "".join(text)

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text.append


class _Around:
    """Keeps the facts of the elements around the points."""

    def __init__(
        self, layout: Layout, reading: Reading, points: Columns | point_regex.Marks
    ) -> None:
        self._layout = layout
        self._reading = reading
        self._points = points
        self._path: list[str] = []
        self._open: list[Node] = []

    def opened(self, name: str, attributes: dict[str, str]) -> None:
        reading = self._reading
        self._path.append(name)
        reading.seen.add(name)
        if name == self._layout.break_:
            reading.breaks.append(self._points.count)
        elif name in self._layout.nodes:
            node = Node(name, len(self._path), self._points.count, attributes)
            reading.nodes.append(node)
            if len(reading.nodes) > MOST_NODES:
                raise FileRefused(f"holds more than {MOST_NODES} tracks or laps")
            self._open.append(node)

    def closed(self, text: list[str]) -> None:
        depth = len(self._path)
        if self._open and depth > self._open[-1].depth:
            self._keep(self._open[-1], depth, text)
        elif self._open:
            self._open.pop()
        del self._path[-1:]

    def _keep(self, node: Node, depth: int, text: list[str]) -> None:
        fact = "".join(text).strip()
        text.clear()
        if fact and depth - node.depth <= _DEEPEST_FACT:
            node.facts.setdefault("/".join(self._path[node.depth :]), fact)
