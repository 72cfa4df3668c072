"""The key above a panel: a mark and a word for each thing drawn, row by row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kneeload.charts.canvas import CAPTION_PX, marks, write
from kneeload.charts.shapes import AREA

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kneeload.charts.canvas import Canvas
    from kneeload.charts.shapes import Panel

_ROW_PX, _OVER_ALL = 19.0, 9.0
# In sizes of the font: below the line, a mark's height, and the room after mark and word.
_DESCENT, _HIGH, _AFTER_MARK, _AFTER_WORD = 0.24, 0.7, 0.45, 1.6
# How wide letters are in DejaVu Sans, a wide typeface, in sizes of the font; and all others.
_WIDTHS = {
    "ijl": 0.278, " .,:’": 0.318, "f-": 0.355, "t": 0.392, "r": 0.411, "s": 0.521, "c": 0.55,
    "kvxy": 0.592, "aeo": 0.613, "w": 0.818, "%": 0.95, "m": 0.974,
}  # fmt: skip
_WIDTH_OF = {letter: width for letters, width in _WIDTHS.items() for letter in letters}
_OTHERS_WIDTH = 0.635


@dataclass(frozen=True)
class Entry:
    """One word of a key, and how what it means is drawn: as a mark, or as an area."""

    label: str
    colour: str
    marker: str = AREA
    filled: bool = True
    size: float = 6.0
    line: float = 1.0


def key_room(canvas: Canvas, entries: Sequence[Entry]) -> float:
    """Return the room above a panel [px] that its caption and key need."""
    rows = {row for _, row in _places(entries, canvas)}
    return CAPTION_PX + _ROW_PX * len(rows)


def key(panel: Panel, canvas: Canvas, entries: Sequence[Entry]) -> None:
    """Write the key above a panel and its caption, from the sheet's left edge."""
    font = canvas.font
    top = key_room(canvas, entries) - _ROW_PX + _DESCENT * font
    for entry, (left, row) in zip(entries, _places(entries, canvas), strict=True):
        x, y = left - panel.left, top - row * _ROW_PX
        size, line = (font, 0.0) if entry.marker == AREA else (entry.size, entry.line)
        marks(
            panel, [0], [1], entry.marker, entry.colour if entry.filled else "paper", entry.colour,
            size=size, line=line, shares="xy", shift=(x + font / 2, y + _HIGH * font / 2),
            zorder=_OVER_ALL, clip=False,
        )  # fmt: skip
        after_mark = x + (1 + _AFTER_MARK) * font
        write(
            panel, 0, 1, [entry.label], shares="xy", shift=(after_mark, y), colour="muted",
            zorder=_OVER_ALL,
        )  # fmt: skip


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


def _width(text: str, font: float) -> float:
    """Return about how wide a word is [px]: only the page's own typeface knows."""
    return font * sum(_WIDTH_OF.get(letter, _OTHERS_WIDTH) for letter in text)
