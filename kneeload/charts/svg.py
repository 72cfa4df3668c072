"""A sheet as SVG that belongs in a page: same bytes each time, the page's colours and typeface.

Written here rather than by matplotlib, whose SVG repeats ids across figures, brings a style sheet
that would apply to the whole page, fixes colours and fonts, and takes several times as long.
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import numpy as np

from kneeload.charts.canvas import COLOURS
from kneeload.charts.shapes import AREA, Boxes, Lines, Marks, Words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kneeload.arrays import Floats
    from kneeload.charts.shapes import Panel, Shape, Sheet

_ANCHORS = {"left": "start", "center": "middle", "right": "end"}
# In sizes of the font: how far below its place a word's line runs, its height and what is below.
_BELOW = {"baseline": 0.0, "center": 0.26, "center_baseline": 0.38, "top": 0.76}
_ASCENT, _DESCENT, _MEAN_WIDTH = 0.76, 0.24, 0.6
_BOLD = 700
_UNSEEN = {"fill": "transparent"}  # an area with no fill at all is not hit by a pointer
# Corners of marks, in their sizes from their middle, downwards as in SVG; the last two are lines.
_TURNS, _REACHES = np.pi / 5 * np.arange(10), np.tile([0.5, 0.191], 5)
_CORNERS = {
    "s": ((-0.5, 0.5), (0.5, 0.5), (0.5, -0.5), (-0.5, -0.5)),
    "D": ((0, 0.7071), (0.7071, 0), (0, -0.7071), (-0.7071, 0)),
    "^": ((0, -0.5), (-0.5, 0.5), (0.5, 0.5)),
    "v": ((0, 0.5), (0.5, -0.5), (-0.5, -0.5)),
    ">": ((0.5, 0), (-0.5, -0.5), (-0.5, 0.5)),
    "X": (
        *((-0.25, 0.5), (0, 0.25), (0.25, 0.5), (0.5, 0.25), (0.25, 0), (0.5, -0.25)),
        *((0.25, -0.5), (0, -0.25), (-0.25, -0.5), (-0.5, -0.25), (-0.25, 0), (-0.5, 0.25)),
    ),
    "*": tuple(zip(_REACHES * np.sin(_TURNS), -_REACHES * np.cos(_TURNS), strict=True)),
    AREA: ((-0.5, 0.35), (-0.5, -0.35), (0.5, -0.35), (0.5, 0.35)),
    "|": ((0, 0.5), (0, -0.5)),
    "_": ((0.5, 0), (-0.5, 0)),
}


def svg(sheet: Sheet, prefix: str, title: str, text: str) -> str:
    """Return `sheet` as an SVG element for a page.

    Parameters
    ----------
    sheet
        What a picture of `kneeload.charts` draws.
    prefix
        Prefix of every id, unique on the page.
    title, text
        The text alternative: one sentence, and the numbers.

    Returns
    -------
    str
        The element, without width and height: the page decides, the ``viewBox`` keeps the shape.
    """
    root = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {_number(sheet.width)} {_number(sheet.height)}",
            "role": "img",
            "aria-labelledby": f"{prefix}-title {prefix}-desc",
            "stroke-linejoin": "round",
        },
    )
    ET.SubElement(root, "title", {"id": f"{prefix}-title"}).text = title
    ET.SubElement(root, "desc", {"id": f"{prefix}-desc"}).text = text
    page = _Page(root, prefix)
    for panel in sheet.panels:
        for shape in sorted(panel.shapes, key=attrgetter("zorder")):
            page.draw(panel, shape)
    return ET.tostring(root, encoding="unicode")


class _Page:
    """The element as it grows: neighbours of one look are a group."""

    def __init__(self, root: ET.Element, prefix: str) -> None:
        self._root, self._defs, self._group = root, ET.SubElement(root, "defs"), root
        self._prefix = prefix
        self._look: dict[str, str] = {}
        self._ids: dict[str, str] = {}

    def draw(self, panel: Panel, shape: Shape) -> None:
        """Add a shape of a panel."""
        x, y = panel.places(shape)
        clip = {"clip-path": f"url(#{self._frame(panel)})"} if shape.clip else {}
        match shape:
            case Lines():
                look = {"fill": "none"} | _stroke(shape.colour, shape.width, shape.opacity)
                self._add(look, clip, "path", [{"d": _outline(x, y)}])
            case Boxes():
                look = _fill(shape.colour, shape.opacity) if shape.opacity else _UNSEEN
                self._add(look, clip, "path", _paths(_box_outlines(x, y), shape.tips), shape.tips)
            case Marks():
                form = self._defined(_form(shape.marker, shape.size))
                line = _stroke(shape.colour, shape.line) if shape.line else {}
                uses = [{"href": f"#{form}", **place} for place in _points(x, y)]
                self._add(_fill(shape.face) | line, clip, "use", uses, shape.tips)
            case Words():
                self._write(shape, x, y)

    def _write(self, words: Words, x: Floats, y: Floats) -> None:
        """Write words; how wide they are only the page's own typeface knows."""
        below = _BELOW[words.stand] * words.size
        x, y = (x + below, y) if words.upright else (x, y + below)
        if words.pad is not None:
            boxes = _box_outlines(*_hidden(words, x, y))
            self._add(_fill("paper"), {}, "path", _paths(boxes))
        bold = {"font-weight": f"{_BOLD}"} if words.bold else {}
        look = {
            "font-size": f"{_number(words.size)}px", **bold,
            "text-anchor": _ANCHORS[words.align], **_fill(words.colour),
        }  # fmt: skip
        places = _points(x, y)
        if words.upright:
            places = [p | {"transform": f"rotate(-90 {p['x']} {p['y']})"} for p in places]
        for element, text in zip(self._add(look, {}, "text", places), words.texts, strict=True):
            element.text = text

    def _add(
        self,
        look: dict[str, str],
        clip: dict[str, str],
        tag: str,
        elements: Sequence[dict[str, str]],
        tips: Sequence[str] = (),
    ) -> list[ET.Element]:
        """Add elements to the group of their look: one and the same while that does not change."""
        whole = {"style": "; ".join(f"{name}: {value}" for name, value in look.items())} | clip
        if whole != self._look:
            self._group, self._look = ET.SubElement(self._root, "g", whole), whole
        added = [ET.SubElement(self._group, tag, attributes) for attributes in elements]
        if tips:
            for element, tip in zip(added, tips, strict=True):
                ET.SubElement(element, "title").text = " ".join(tip.split())
        return added

    def _frame(self, panel: Panel) -> str:
        """Return the id of the shape that cuts off what reaches beyond a panel."""
        x, y = np.array([[panel.left, panel.left + panel.width]]), panel.top
        (outline,) = _box_outlines(x, np.array([[y + panel.height, y]]))
        return self._defined(outline, "clipPath")

    def _defined(self, outline: str, around: str = "") -> str:
        """Return the id of a shape that is used more than once."""
        existing = self._ids.get(around + outline)
        if existing:
            return existing
        new_id = self._ids[around + outline] = f"{self._prefix}-{len(self._ids)}"
        parent, name = self._defs, {"id": new_id}
        if around:
            parent, name = ET.SubElement(parent, around, name), {}
        ET.SubElement(parent, "path", {**name, "d": outline})
        return new_id


def _number(value: float) -> str:
    """Return a length to a hundredth of a pixel; never -0."""
    return f"{round(value, 2) + 0.0:g}"


def _numbers(values: Floats) -> list[str]:
    return [f"{value:g}" for value in (values.round(2) + 0.0).tolist()]


def _points(x: Floats, y: Floats) -> list[dict[str, str]]:
    return [{"x": left, "y": top} for left, top in zip(_numbers(x), _numbers(y), strict=True)]


def _paths(outlines: Sequence[str], tips: Sequence[str] = ()) -> list[dict[str, str]]:
    """Return a path for each outline that has something to tell, else one of them all."""
    return [{"d": outline} for outline in (outlines if tips else ["".join(outlines)]) if outline]


def _box_outlines(x: Floats, y: Floats) -> list[str]:
    sides = (_numbers(side) for side in (*x.T, *y.T))
    return [
        f"M{left} {low}V{high}H{right}V{low}z"
        for left, right, low, high in zip(*sides, strict=True)
    ]


def _hidden(words: Words, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Return the boxes that words hide; their widths are a guess."""
    pad = words.pad or 0.0
    widths = _MEAN_WIDTH * words.size * np.array([*map(len, words.texts)])
    left = x - {"left": 0.0, "center": 0.5, "right": 1.0}[words.align] * widths
    low, high = y + _DESCENT * words.size + pad, y - _ASCENT * words.size - pad
    return np.column_stack([left - pad, left + widths + pad]), np.column_stack([low, high])


def _outline(x: Floats, y: Floats) -> str:
    """Return lines in SVG's letters, broken at holes; a level or upright one names one number."""
    steps, last_x, last_y = [], "", ""
    for left, top in zip(_numbers(x), _numbers(y), strict=True):
        if "nan" in (left, top):
            last_x = last_y = ""
            continue
        if not last_x:
            steps.append(f"M{left} {top}")
        elif left == last_x:
            steps.append(f"V{top}")
        elif top == last_y:
            steps.append(f"H{left}")
        else:
            steps.append(f"L{left} {top}")
        last_x, last_y = left, top
    return "".join(steps)


def _form(marker: str, size: float) -> str:
    """Return the outline of a mark around its place."""
    if marker == "o":
        radius, across = _number(size / 2), _number(size)
        arc = f"a{radius} {radius} 0 0 1"
        return f"M-{radius} 0{arc} {across} 0{arc} -{across} 0z"
    corners = _CORNERS[marker]
    return _outline(*size * np.array(corners).T) + ("z" if len(corners) > 2 else "")


def _fill(colour: str, opacity: float = 1.0, what: str = "fill") -> dict[str, str]:
    """Return a colour by the page's name for it."""
    dim = {} if opacity == 1 else {f"{what}-opacity": f"{opacity:g}"}
    return {what: f"var(--{colour}, {COLOURS[colour]})", **dim}


def _stroke(colour: str, width: float, opacity: float = 1.0) -> dict[str, str]:
    wide = {} if width == 1 else {"stroke-width": _number(width)}
    return _fill(colour, opacity, "stroke") | wide
