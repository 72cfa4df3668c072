"""The ground every chart stands on: sizes, colours, stacked panels, the axis of time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kneeload import formatting
from kneeload.charts.shapes import Boxes, Lines, Marks, Panel, Sheet, Words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from kneeload.arrays import Floats
    from kneeload.charts.shapes import Align


# Each colour is used for one thing only, so that the SVG can name it by a CSS variable and the
# page can change it for dark screens and grey paper. Blues grow darker with effort: the order
# survives colour blindness and a grey printer.
COLOURS = {
    "ink": "#1c2430",
    "muted": "#5a6573",
    "line": "#dde2e8",
    "band": "#f1f3f6",
    "easy": "#b5cfea",
    "moderate": "#6a9fd4",
    "hard": "#1f4f8f",
    "plain": "#c3cad3",
    "limit_line": "#2a3342",
    "pain": "#b4451c",
    "over": "#1c2431",
    "paper": "#fefefe",
}


@dataclass(frozen=True)
class Canvas:
    """One size of drawing; its unit is the CSS pixel where the page has room for it.

    Parameters
    ----------
    width, left, right
        Whole width and the margins beside the panels [px].
    font
        Size of text [px].
    weeks
        How many weeks the axis of time holds.
    key_left
        Where the entries of a key begin [px].
    """

    width: float
    left: float
    right: float
    font: float
    weeks: int
    key_left: float


WIDE = Canvas(width=736, left=84, right=14, font=12.5, weeks=26, key_left=84)
NARROW = Canvas(width=350, left=76, right=8, font=12, weeks=16, key_left=0)
_YEAR_PX = 62.0  # of "Jan 2026"
CAPTION_PX = 27.0
_FEWEST_WEEKS = 8
_WEEK, _BAR_INSET = 7.0, 0.9
_PAD_PX, _ABOVE_PX = 6.0, 7.0


@dataclass(frozen=True)
class Picture:
    """What a chart shows, in words, and how to draw it in either size.

    Parameters
    ----------
    key
        Prefix of its ids, unique on a page.
    title
        The sentence that says what it shows.
    text
        The numbers in words, for those who do not see the drawing.
    note
        What has to be known to read it; one or two sentences.
    """

    key: str
    title: str
    text: str
    note: str
    draw: Callable[[Canvas], Sheet]


def stacked(
    canvas: Canvas, panels: Sequence[tuple[float, float]], bottom: float = 26
) -> tuple[Sheet, list[Panel]]:
    """Return a sheet with panels one above the other, and these panels, still empty.

    Parameters
    ----------
    canvas
        The ground.
    panels
        From the top, each panel's height and the room above it [px].
    bottom
        Room for the names of months [px].
    """
    width = canvas.width - canvas.left - canvas.right
    lower, stack = 0.0, []
    for height, above in panels:
        stack.append(Panel(canvas.left, lower + above, width, height, canvas.font))
        lower += above + height
    return Sheet(canvas.width, lower + bottom, stack), stack


def days(dates: pd.Series) -> Floats:
    """Return dates as days since 1970, which is matplotlib's own count."""
    return _days(dates.to_numpy())


def _days(dates: NDArray[Any]) -> Floats:
    return dates.astype("datetime64[D]").astype(np.float64)


def time_axis(
    canvas: Canvas, panels: Sequence[Panel], first: pd.Timestamp, last: pd.Timestamp
) -> None:
    """Give all panels one axis of time from `first` to before `last`, months named below.

    A month that begins in the last week has no room for its name, a January before that perhaps
    none for its year.
    """
    starts = pd.date_range(first, last - pd.Timedelta(weeks=1), freq="MS")
    (low, high), months = _days(np.array([first, last])).tolist(), _days(starts.to_numpy())
    for panel in panels:
        panel.x = (low, high)
        vlines(panel, months)
    lowest = panels[-1]
    rooms = canvas.width - lowest.left - lowest.width * lowest.across(months)
    x_labels(lowest, months, [*map(_month, starts, rooms.tolist())], "left")


def lines(
    panel: Panel,
    left: Floats | float,
    low: Floats | float,
    right: Floats | float,
    high: Floats | float,
    colour: str,
    *,
    width: float = 1.0,
    zorder: float = 0.5,
    **look: Any,
) -> None:
    """Draw straight lines, fine ones below all else; `look` as in `line`."""
    lefts, lows, rights, highs = np.broadcast_arrays(left, low, right, high)
    breaks = np.full(lefts.shape, np.nan)
    x = np.stack([lefts, rights, breaks], -1).ravel()
    y = np.stack([lows, highs, breaks], -1).ravel()
    line(panel, x, y, colour, width=width, zorder=zorder, **look)


def line(
    panel: Panel,
    x: Floats | Sequence[float],
    y: Floats | Sequence[float],
    colour: str,
    **look: Any,
) -> None:
    """Draw a line from place to place; `look` as in `kneeload.charts.shapes.Lines`."""
    x, y = (np.asarray(at, dtype=np.float64) for at in (x, y))
    panel.shapes.append(Lines(x=x, y=y, colour=colour, **look))


def hlines(panel: Panel, heights: Sequence[float], colour: str = "line", **look: Any) -> None:
    """Draw a line from side to side at each height."""
    at = np.array(heights, dtype=np.float64)
    lines(panel, 0, at, 1, at, colour, shares="x", **look)


def vlines(panel: Panel, places: Floats) -> None:
    """Draw a fine line from bottom to top at each place."""
    lines(panel, places, 0, places, 1, "line", shares="y")


def write(
    panel: Panel,
    x: Floats | Sequence[float] | float,
    y: Floats | Sequence[float] | float,
    texts: Sequence[str],
    *,
    colour: str = "ink",
    size: float | None = None,
    zorder: float = 3,
    **look: Any,
) -> None:
    """Write words, each at its place; `look` as in `kneeload.charts.shapes.Words`."""
    x, y = (np.broadcast_to(np.asarray(at, dtype=np.float64), len(texts)) for at in (x, y))
    size = size or panel.font
    panel.shapes.append(
        Words(x=x, y=y, texts=texts, colour=colour, size=size, zorder=zorder, clip=False, **look)
    )


def x_labels(panel: Panel, places: Floats, labels: Sequence[str], align: Align = "center") -> None:
    """Write names below a panel."""
    write(
        panel, places, 0, labels, shares="y", shift=(0, -_PAD_PX), stand="top", align=align,
        colour="muted",
    )  # fmt: skip


def time_limits(weeks: pd.DataFrame) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the ends of the axis of time, never shorter than a few weeks."""
    end = weeks["week_start"].iloc[-1] + pd.Timedelta(weeks=1)
    return min(weeks["week_start"].iloc[0], end - pd.Timedelta(weeks=_FEWEST_WEEKS)), end


def _month(start: pd.Timestamp, room: float) -> str:
    """Return a month's name, January's with its year where there is so much room [px]."""
    name = formatting.MONTHS[start.month - 1][:3]
    return f"{name} {start.year}" if start.month == 1 and room >= _YEAR_PX else name


def scale(panel: Panel, ticks: Sequence[float], top: float, labels: Sequence[str] = ()) -> None:
    """Give a panel a vertical scale from zero, with a fine line at each tick."""
    panel.y = (0.0, top)
    gridlines(panel, ticks, labels or [f"{tick:g}" for tick in ticks])


def gridlines(panel: Panel, ticks: Sequence[float], labels: Sequence[str]) -> None:
    """Draw a fine line at each height, named at its left."""
    hlines(panel, ticks)
    y_labels(panel, ticks, labels)


def y_labels(panel: Panel, heights: Sequence[float], labels: Sequence[str]) -> None:
    """Write names at the left of a panel."""
    write(
        panel, 0, heights, labels, shares="x", shift=(-_PAD_PX, 0), stand="center_baseline",
        align="right", colour="muted",
    )  # fmt: skip


def round_ticks(highest: float) -> list[float]:
    """Return three to five round numbers from 0 that reach up to `highest`."""
    half = max(highest, 1e-9) / 2 * (1 + 1e-9)
    power = 10 ** np.floor(np.log10(half))
    step = float(power * max(m for m in (1, 2, 5) if m * power <= half))
    return [float(tick) for tick in np.arange(0, highest + step * 1e-6, step)]


def caption(panel: Panel, text: str, *, at: float = 0, bold: bool = True) -> None:
    """Write what a panel measures above its upper left corner, or its right one by ``at=1``."""
    align = "right" if at else "left"
    write(panel, at, 1, [text], shares="xy", shift=(0, _ABOVE_PX), align=align, bold=bold)


def bars(panel: Panel, lefts: Floats, base: Floats, heights: Floats, colour: str) -> None:
    """Draw the bar of each week from its base."""
    drawn = heights > 0
    left, low = lefts[drawn] + _BAR_INSET, base[drawn]
    boxes(panel, left, left + _WEEK - 2 * _BAR_INSET, low, low + heights[drawn], colour)


def hover_columns(panel: Panel, lefts: Floats, texts: Sequence[str]) -> None:
    """Lay an unseen column over each week, so that hovering anywhere in it tells its text."""
    boxes(panel, lefts, lefts + _WEEK, 0, 1, "paper", shares="y", zorder=7, tips=texts, opacity=0)


def bands(panel: Panel, lefts: Floats, rights: Floats) -> None:
    """Shade stretches of time from bottom to top, below all else."""
    boxes(panel, lefts, rights, 0, 1, "band", shares="y", zorder=-1)


def boxes(
    panel: Panel,
    left: Floats | float,
    right: Floats | float,
    low: Floats | float,
    high: Floats | float,
    colour: str,
    *,
    zorder: float = 2,
    **look: Any,
) -> None:
    """Draw filled boxes; `look` as in `kneeload.charts.shapes.Boxes`."""
    lefts, rights, lows, highs = np.broadcast_arrays(*np.atleast_1d(left, right, low, high))
    x, y = np.column_stack([lefts, rights]), np.column_stack([lows, highs])
    panel.shapes.append(Boxes(x=x, y=y, colour=colour, zorder=zorder, **look))


def marks(
    panel: Panel,
    x: Floats | Sequence[float],
    y: Floats | Sequence[float],
    marker: str,
    face: str,
    edge: str,
    **look: Any,
) -> None:
    """Draw a mark at each place; `look` as in `kneeload.charts.shapes.Marks`."""
    x, y = (np.asarray(at, dtype=np.float64) for at in (x, y))
    panel.shapes.append(Marks(x=x, y=y, marker=marker, face=face, colour=edge, **look))
