"""A sheet as a matplotlib figure, for notebooks and print: no pyplot, no global state."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.markers import MarkerStyle
from matplotlib.transforms import ScaledTranslation

from kneeload.charts.canvas import COLOURS
from kneeload.charts.shapes import AREA, Boxes, Lines, Marks, Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.transforms import Transform

    from kneeload.charts.shapes import Shape, Sheet

SHARP = 2
"""Dots of the image for each pixel of its size on the page."""
_DPI = 72
_STYLE: dict[Any, Any] = {
    "text.parse_math": False,
    "font.family": "DejaVu Sans",
    "path.simplify": False,
    "axes.facecolor": "none",
    **{f"axes.spines.{side}": False for side in ("left", "right", "top", "bottom")},
}


class Chart(Figure):
    """A matplotlib figure, yours to change; the last expression of a cell shows it.

    Jupyter draws a plain figure only once pyplot has been imported.
    """

    def _repr_png_(self) -> tuple[bytes, dict[str, int]]:
        """Return the image, with all that was added around it, and its size on the page [px]."""
        image = BytesIO()
        self.savefig(image, format="png", dpi=SHARP * self.dpi, bbox_inches="tight")
        width, height = (int.from_bytes(image.getvalue()[at : at + 4]) for at in (16, 20))
        return image.getvalue(), {"width": width // SHARP, "height": height // SHARP}


def figure(sheet: Sheet) -> Chart:
    """Return a sheet as a figure with axes for each panel, on white: a notebook may be dark."""
    size = (sheet.width / _DPI, sheet.height / _DPI)
    with mpl.rc_context(_STYLE):
        chart = Chart(figsize=size, dpi=_DPI, facecolor=COLOURS["paper"])
        for panel in sheet.panels:
            low = sheet.height - panel.top - panel.height
            axes = chart.add_axes(
                (
                    panel.left / sheet.width, low / sheet.height,
                    panel.width / sheet.width, panel.height / sheet.height,
                )
            )  # fmt: skip
            axes.xaxis.set_visible(False)
            axes.yaxis.set_visible(False)
            axes.set(xlim=panel.x, ylim=panel.y)
            for shape in panel.shapes:
                _add(axes, shape)
    return chart


def _add(axes: Axes, shape: Shape) -> None:
    look: dict[str, Any] = {
        "transform": _transform(axes, shape), "zorder": shape.zorder, "clip_on": shape.clip,
    }  # fmt: skip
    colour = COLOURS[shape.colour]
    match shape:
        case Lines():
            look |= {"linewidth": shape.width, "alpha": shape.opacity}
            axes.add_artist(Line2D(shape.x, shape.y, color=colour, solid_capstyle="butt", **look))
        case Boxes() if shape.opacity:
            corners = [
                [(left, low), (left, high), (right, high), (right, low)]
                for (left, right), (low, high) in zip(shape.x, shape.y, strict=True)
            ]
            look |= {"facecolor": colour, "alpha": shape.opacity, "linewidth": 0}
            axes.add_collection(PolyCollection(corners, **look), autolim=False)
        case Marks():
            axes.add_artist(
                Line2D(
                    shape.x, shape.y, linestyle="none", marker=_marker(shape.marker),
                    markersize=shape.size, markeredgewidth=shape.line, markeredgecolor=colour,
                    markerfacecolor=COLOURS[shape.face], **look,
                )
            )  # fmt: skip
        case Words():
            _write(axes, shape, look | {"color": colour})


def _transform(axes: Axes, shape: Shape) -> Transform:
    base = {
        "": axes.transData, "x": axes.get_yaxis_transform(), "y": axes.get_xaxis_transform(),
        "xy": axes.transAxes,
    }[shape.shares]  # fmt: skip
    right, up = shape.shift
    return base + ScaledTranslation(right / _DPI, up / _DPI, axes.figure.dpi_scale_trans)


def _marker(name: str) -> MarkerStyle:
    area = [(-0.5, -0.35), (-0.5, 0.35), (0.5, 0.35), (0.5, -0.35)]
    return MarkerStyle(area if name == AREA else name, joinstyle="round")


def _write(axes: Axes, words: Words, look: dict[str, Any]) -> None:
    look |= {
        "fontsize": words.size,
        "fontweight": "bold" if words.bold else "normal",
        "ha": words.align,
        "va": words.stand,
        "rotation": 90 if words.upright else 0,
        "rotation_mode": "anchor",
    }
    if words.pad is not None:
        look["bbox"] = {"facecolor": COLOURS["paper"], "edgecolor": "none", "pad": words.pad}
    for x, y, text in zip(words.x.tolist(), words.y.tolist(), words.texts, strict=True):
        axes.text(x, y, text, **look)
