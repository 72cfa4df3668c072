"""The key above a panel: a mark and a word for each thing drawn, row by row."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, cast

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
    rows = {row for _, row in _places(entries, canvas)}
    return CAPTION_PX + _ROW_PX * len(rows)


def key(axes: Axes, canvas: Canvas, entries: Sequence[Entry]) -> None:
    """Write the key above a panel and its caption, from the figure's left edge.

    Matplotlib's own legend measures every word some eight times.
    """
    figure = cast("Figure", axes.figure)
    corner = ScaledTranslation(0, 1, cast("Affine2DBase", axes.transAxes))
    px = Affine2D().scale(1 / 72) + figure.dpi_scale_trans + corner
    top = key_room(canvas, entries) - _ROW_PX + _DESCENT * canvas.font
    for entry, (left, row) in zip(entries, _places(entries, canvas), strict=True):
        x, y = left - canvas.left, top - row * _ROW_PX
        figure.add_artist(_mark(entry, x, y, canvas.font, px))
        x += (1 + _AFTER_MARK) * canvas.font
        figure.text(x, y, entry.label, transform=px, color=COLOURS["muted"])


def _places(entries: Sequence[Entry], canvas: Canvas) -> list[tuple[float, int]]:
    """Return where each entry begins [px] and in which row: as many in one as there is room for."""
    x, row, places = canvas.key_left, 0, []
    for entry in entries:
        width = (1 + _AFTER_MARK) * canvas.font + _width(entry.label, canvas.font)
        if x > canvas.key_left and x + width > canvas.width:
            x, row = canvas.key_left, row + 1
        places.append((x, row))
        x += width + _AFTER_WORD * canvas.font
    return places


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
