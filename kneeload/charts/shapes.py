"""What a chart is made of: a sheet with panels, and on them lines, boxes, marks and words.

Nothing is drawn here: `kneeload.charts.svg` writes a sheet for a page, `kneeload.charts.figure`
makes a matplotlib figure of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kneeload.arrays import Floats

    Align = Literal["left", "center", "right"]
    Stand = Literal["baseline", "center", "center_baseline", "top"]
    Shares = Literal["", "x", "y", "xy"]

AREA = "area"
"""The mark that stands in a key for a filled area; all others have matplotlib's names."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Shape:
    """Something at places of a panel, in one look.

    Parameters
    ----------
    x, y
        Where, on the panel's scales.
    shares
        Which of the two are shares of the panel's width and height instead.
    shift
        How far right and up of these places it stands [px].
    colour
        A name in `kneeload.charts.canvas.COLOURS`.
    zorder
        Higher ones lie over lower ones of the same panel.
    clip
        Whether it ends where the panel ends.
    """

    x: Floats
    y: Floats
    shares: Shares = ""
    shift: tuple[float, float] = (0.0, 0.0)
    colour: str
    zorder: float
    clip: bool = True


@dataclass(frozen=True, kw_only=True, eq=False)
class Lines(Shape):
    """A line from place to place, with a hole where one is not a number; `width` in pixels."""

    width: float
    opacity: float = 1.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Boxes(Shape):
    """Filled boxes: a row of `x` holds left and right, of `y` low and high.

    Parameters
    ----------
    opacity
        From 0, for boxes that are only there to be pointed at, to 1.
    tips
        What hovering over each box tells.
    """

    opacity: float = 1.0
    tips: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Marks(Shape):
    """A mark at each place.

    Parameters
    ----------
    marker
        Matplotlib's name of its form, or `AREA`.
    face
        Name of the colour within; `colour` is that of its edge.
    size, line
        Of the mark and of its edge [px].
    tips
        What hovering over each mark tells.
    """

    marker: str
    face: str
    size: float
    line: float
    tips: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Words(Shape):
    """A word at each place.

    Parameters
    ----------
    size
        Of the font [px].
    align, stand
        Which side and which height of a word is at its place.
    upright
        Whether it is turned around its place, to read from bottom to top.
    pad
        Room around it [px] that hides what lies below; None hides nothing.
    """

    texts: Sequence[str]
    size: float
    bold: bool = False
    align: Align = "left"
    stand: Stand = "baseline"
    upright: bool = False
    pad: float | None = None


@dataclass(eq=False)
class Panel:
    """A part of the sheet with two scales of its own, and what stands on it.

    Parameters
    ----------
    left, top, width, height
        Where it is on the sheet, from the upper left corner [px].
    font
        Usual size of text [px].
    x, y
        Ends of the scales: left and right, bottom and top.
    """

    left: float
    top: float
    width: float
    height: float
    font: float
    x: tuple[float, float] = (0.0, 1.0)
    y: tuple[float, float] = (0.0, 1.0)
    shapes: list[Shape] = field(default_factory=list)

    def across(self, x: Floats) -> Floats:
        """Return numbers of the lower scale as shares of the panel's width."""
        return (x - self.x[0]) / (self.x[1] - self.x[0])

    def places(self, shape: Shape) -> tuple[Floats, Floats]:
        """Return where a shape stands, from the sheet's upper left corner [px]."""
        right, up = shape.shift
        x = shape.x if "x" in shape.shares else self.across(shape.x)
        y = shape.y if "y" in shape.shares else (shape.y - self.y[0]) / (self.y[1] - self.y[0])
        return self.left + right + self.width * x, self.top - up + self.height * (1 - y)


@dataclass(frozen=True, eq=False)
class Sheet:
    """A whole chart: its size [px] and its panels."""

    width: float
    height: float
    panels: Sequence[Panel]
