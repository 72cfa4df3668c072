"""The key above a panel: a mark and a word for each thing drawn, row by row in columns."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, cast

import numpy as np
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.textpath import text_to_path
from matplotlib.transforms import Affine2D, ScaledTranslation

from kneeload.charts.canvas import CAPTION_PX, COLOURS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.transforms import Affine2DBase, Transform

    from kneeload.arrays import Floats
    from kneeload.charts.canvas import Canvas

_ROW_PX = 19.0
# In sizes of the font: below the line, a mark's height, and the room after mark and word.
_DESCENT, _HIGH, _AFTER_MARK, _AFTER_WORD = 0.24, 0.7, 0.45, 1.6


@dataclass(frozen=True)
class Entry:
    """One word of a key, and how what it means is drawn: as a marker, or as an area without one."""

    label: str
    colour: str
    marker: str = ""
    filled: bool = True
    size: float = 6.0
    line: float = 1.0


def key_room(canvas: Canvas, entries: Sequence[Entry]) -> float:
    """Return the room above a panel [px] that its caption and key need."""
    return CAPTION_PX + _ROW_PX * -(-len(entries) // _lefts(entries, canvas).size)


def key(axes: Axes, canvas: Canvas, entries: Sequence[Entry]) -> None:
    """Write the key above a panel and its caption, from the figure's left edge.

    Matplotlib's own legend measures every word some eight times.
    """
    figure, lefts = cast("Figure", axes.figure), _lefts(entries, canvas)
    across = lefts.size
    corner = ScaledTranslation(0, 1, cast("Affine2DBase", axes.transAxes))
    px = Affine2D().scale(1 / 72) + figure.dpi_scale_trans + corner
    top = key_room(canvas, entries) - _ROW_PX + _DESCENT * canvas.font
    for number, entry in enumerate(entries):
        x, y = lefts[number % across] - canvas.left, top - number // across * _ROW_PX
        figure.add_artist(_mark(entry, x, y, canvas.font, px))
        x += (1 + _AFTER_MARK) * canvas.font
        figure.text(x, y, entry.label, transform=px, color=COLOURS["muted"])


def _lefts(entries: Sequence[Entry], canvas: Canvas) -> Floats:
    """Return where each column begins [px]: as many as fit, each as wide as its widest word."""
    around = (1 + _AFTER_MARK + _AFTER_WORD) * canvas.font
    widths = [around + _width(entry.label, canvas.font) for entry in entries]
    room = canvas.width + _AFTER_WORD * canvas.font
    for across in range(len(entries), 1, -1):
        columns = [max(widths[column::across]) for column in range(across)]
        if canvas.key_left + sum(columns) <= room:
            return canvas.key_left + np.cumsum([0.0, *columns[:-1]])
    return np.array([canvas.key_left])


@cache
def _width(text: str, font: float) -> float:
    measured = text_to_path.get_text_width_height_descent(
        text, FontProperties(size=font), ismath=False
    )
    return measured[0]


def _mark(entry: Entry, x: float, y: float, font: float, px: Transform) -> Artist:
    colour = COLOURS[entry.colour]
    if not entry.marker:
        return Rectangle((x, y), font, _HIGH * font, facecolor=colour, linewidth=0, transform=px)
    return Line2D(
        [x + font / 2],
        [y + _HIGH * font / 2],
        linestyle="none",
        marker=entry.marker,
        color=colour,
        markerfacecolor=colour if entry.filled else COLOURS["paper"],
        markersize=entry.size,
        markeredgewidth=entry.line,
        transform=px,
    )
