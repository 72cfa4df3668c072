"""A Figure as SVG that belongs in a page: same bytes each time, the page's colours and typeface.

Matplotlib's own SVG repeats ids across figures, brings a style sheet that would apply to the whole
page, and fixes colours and fonts; so matplotlib draws straight into a page's elements here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import numpy as np
from matplotlib.backend_bases import RendererBase
from matplotlib.colors import to_hex
from matplotlib.font_manager import weight_dict
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from kneeload.charts.canvas import COLOURS

if TYPE_CHECKING:
    from matplotlib.backend_bases import GraphicsContextBase
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties
    from matplotlib.text import Text
    from matplotlib.transforms import Transform

_VARIABLES = {colour: f"var(--{name}, {colour})" for name, colour in COLOURS.items()}
_LETTERS = {Path.MOVETO: "M", Path.LINETO: "L", Path.CURVE3: "Q", Path.CURVE4: "C"}
_ANCHORS = {"left": "start", "center": "middle", "right": "end"}
_REGULAR = 400
_MEAN_WIDTH, _DESCENT = 0.6, 0.24  # of a letter, in sizes of the font


def svg(figure: Figure, prefix: str, title: str, text: str) -> str:
    """Return `figure` as an SVG element for a page.

    Parameters
    ----------
    figure
        A chart of `kneeload.charts`; marks named by `kneeload.charts.canvas.set_tooltips` get
        tooltips. Lines, areas, marks and texts are drawn; images and hatches are not.
    prefix
        Prefix of every id, unique on the page.
    title, text
        The text alternative: one sentence, and the numbers.

    Returns
    -------
    str
        The element, without width and height: the page decides, the ``viewBox`` keeps the shape.
    """
    width, height = figure.bbox.size
    root = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {_numbers(width, height)}",
            "role": "img",
            "aria-labelledby": f"{prefix}-title {prefix}-desc",
            "stroke-linejoin": "round",
        },
    )
    ET.SubElement(root, "title", {"id": f"{prefix}-title"}).text = title
    ET.SubElement(root, "desc", {"id": f"{prefix}-desc"}).text = text
    figure.draw(_Page(root, prefix, figure))
    return ET.tostring(root, encoding="unicode")


class _Page(RendererBase):
    """What matplotlib draws on: all it draws becomes elements, neighbours of one look a group."""

    def __init__(self, root: ET.Element, prefix: str, figure: Figure) -> None:
        super().__init__()
        self._root, self._defs, self._group = root, ET.SubElement(root, "defs"), root
        self._prefix, self._dpi, self._size = prefix, figure.dpi, figure.bbox.size
        self._flip = Affine2D().scale(1, -1).translate(0, figure.bbox.height)
        self._look: dict[str, str] = {}
        self._ids: dict[str, str] = {}
        self._tips, self._texts = _tips(figure), list[str]()
        self._marks: list[ET.Element] = []

    def get_canvas_width_height(self) -> tuple[float, float]:
        return self._size

    def points_to_pixels(self, points: Any) -> Any:
        return points * self._dpi / 72

    def get_text_width_height_descent(
        self,
        s: str,
        prop: FontProperties,
        ismath: Any,  # noqa: ARG002 - matplotlib names it
    ) -> tuple[float, float, float]:
        """Return a guess: how wide a line is only the page's own typeface knows."""
        size = self.points_to_pixels(prop.get_size_in_points())
        return _MEAN_WIDTH * len(s) * size, size, _DESCENT * size

    def open_group(self, _: str, gid: str | None = None) -> None:
        self._marks, self._texts = [], self._tips.get(gid or "", [])

    def close_group(self, _: str) -> None:
        if self._texts:
            for mark, text in zip(self._marks, self._texts, strict=True):
                ET.SubElement(mark, "title").text = text
        self._texts = []

    def draw_path(
        self, gc: GraphicsContextBase, path: Path, transform: Transform, face: Any = None
    ) -> None:
        # A mark that is not seen can be pointed at all the same; anything else is left out.
        unseen = {"fill": "transparent"} if self._texts else {}
        if look := _paint(gc, face) or unseen:
            self._add("path", {"d": _outline(path, transform + self._flip)}, look, gc)

    def draw_markers(
        self,
        gc: GraphicsContextBase,
        marker_path: Path,
        marker_trans: Transform,
        path: Path,
        trans: Transform,
        face: Any = None,
    ) -> None:
        shape = self._defined(_outline(marker_path, marker_trans + Affine2D().scale(1, -1)))
        look = _paint(gc, face)
        for vertices, _ in path.iter_segments(trans + self._flip, simplify=False):
            x, y = map(_number, vertices[-2:])
            self._add("use", {"href": f"#{shape}", "x": x, "y": y}, look, gc)

    def draw_text(
        self,
        gc: GraphicsContextBase,
        x: float,
        y: float,
        s: str,
        prop: FontProperties,
        angle: float,
        ismath: Any = None,  # noqa: ARG002 - matplotlib names it
        mtext: Text | None = None,
    ) -> None:
        """Write a line; the page's typeface is another, so an upright one keeps its anchor."""
        look = _typeface(prop, self.points_to_pixels(prop.get_size_in_points()))
        place = {}
        if angle:
            place = {"transform": f"rotate({_numbers(-angle, x, y)})"}
        elif mtext:
            x, _ = mtext.get_transform().transform(mtext.get_unitless_position())
            look["text-anchor"] = _ANCHORS[mtext.get_horizontalalignment()]
        look |= _fill_attributes(gc.get_rgb(), _alpha(gc))
        self._add("text", {"x": _number(x), "y": _number(y), **place}, look, gc).text = s

    def _add(
        self, tag: str, attributes: dict[str, str], look: dict[str, str], gc: GraphicsContextBase
    ) -> ET.Element:
        """Add an element to the group of its look: one and the same while that does not change."""
        style = {"style": "; ".join(f"{name}: {value}" for name, value in look.items())}
        whole = style | self._clipped(gc)
        if whole != self._look:
            self._group, self._look = ET.SubElement(self._root, "g", whole), whole
        mark = ET.SubElement(self._group, tag, attributes)
        self._marks.append(mark)
        return mark

    def _clipped(self, gc: GraphicsContextBase) -> dict[str, str]:
        box, height = gc.get_clip_rectangle(), self._size[1]
        if box is None:
            return {}
        left, right, top, bottom = map(_number, (box.x0, box.x1, height - box.y1, height - box.y0))
        outline = f"M{left} {top}H{right}V{bottom}H{left}z"
        return {"clip-path": f"url(#{self._defined(outline, 'clipPath')})"}

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


def _tips(figure: Figure) -> dict[str, list[str]]:
    drawn = (artist for axes in figure.axes for artist in axes.get_children())
    marked = (artist for artist in drawn if (artist.get_gid() or "").startswith("tip-"))
    return {str(a.get_gid()): str(a.get_label()).split("\n") for a in marked}


def _number(value: float) -> str:
    """Return a length to a hundredth of a pixel; never -0."""
    return f"{round(float(value), 2) + 0.0:g}"


def _numbers(*values: float) -> str:
    return " ".join(map(_number, values))


def _outline(path: Path, transform: Transform) -> str:
    """Return a path in SVG's letters; a level or upright line names one number only."""
    steps, x, y = [], "", ""
    for vertices, code in path.iter_segments(transform, simplify=False):
        if code not in _LETTERS:
            steps.append("z")
            continue
        numbers, is_line = [*map(_number, vertices)], code == Path.LINETO
        if is_line and numbers[0] == x:
            steps.append(f"V{numbers[1]}")
        elif is_line and numbers[1] == y:
            steps.append(f"H{numbers[0]}")
        else:
            steps.append(_LETTERS[code] + " ".join(numbers))
        x, y = numbers[-2:]
    return "".join(steps)


def _alpha(gc: GraphicsContextBase) -> float | None:
    return gc.get_alpha() if gc.get_forced_alpha() else None


def _fill_attributes(colour: Any, alpha: float | None, what: str = "fill") -> dict[str, str]:
    """Return a colour by the page's name for it, where it has one."""
    plain, colour_alpha = to_hex(colour), 1.0 if len(colour) == 3 else colour[3]
    opacity = colour_alpha if alpha is None else alpha
    dim = {} if opacity == 1 else {f"{what}-opacity": f"{opacity:g}"}
    return {what: _VARIABLES.get(plain, plain), **dim}


def _paint(gc: GraphicsContextBase, face: Any) -> dict[str, str]:
    """Return how a shape is filled and lined; nothing where it is neither."""
    line = _stroke(gc) if gc.get_linewidth() else {}
    if face is None:
        return {"fill": "none", **line} if line else {}
    return _fill_attributes(face, _alpha(gc)) | line


def _stroke(gc: GraphicsContextBase) -> dict[str, str]:
    offset, dashes = gc.get_dashes()
    unlike = {
        "stroke-width": (_number(gc.get_linewidth()), "1"),
        "stroke-linejoin": (gc.get_joinstyle(), "round"),
        "stroke-linecap": (gc.get_capstyle().replace("projecting", "square"), "butt"),
        "stroke-dasharray": (_numbers(*np.ravel(dashes or ())), ""),
        "stroke-dashoffset": (_number(offset), "0"),
    }
    attributes = {name: value for name, (value, default) in unlike.items() if value != default}
    return _fill_attributes(gc.get_rgb(), _alpha(gc), "stroke") | attributes


def _typeface(prop: FontProperties, size: float) -> dict[str, str]:
    weight = weight_dict.get(str(prop.get_weight()), prop.get_weight())
    bold = {} if weight == _REGULAR else {"font-weight": f"{weight}"}
    slant = {} if prop.get_style() == "normal" else {"font-style": prop.get_style()}
    return {"font-size": f"{_number(size)}px", **bold, **slant}
