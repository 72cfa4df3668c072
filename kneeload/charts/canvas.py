"""The ground every chart is drawn on: sizes, colours, stacked panels, the axis of time.

No pyplot and no global state: figures are `Figure` objects of their own, drawn inside `style()`.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.markers import MarkerStyle

from kneeload import formatting

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.transforms import Transform
    from numpy.typing import NDArray

    from kneeload.arrays import Floats


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
_PAD_PX = 6.0


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
    draw: Callable[[Canvas], Figure]


_STYLE: dict[Any, Any] = {
    "text.parse_math": False,
    "font.family": "DejaVu Sans",
    "text.color": COLOURS["ink"],
    "path.simplify": False,
    "axes.facecolor": "none",
    **{f"axes.spines.{side}": False for side in ("left", "right", "top", "bottom")},
}


def style(canvas: Canvas = WIDE) -> AbstractContextManager[None]:
    """Return the matplotlib settings under which a chart is drawn and saved."""
    return mpl.rc_context(_STYLE | {"font.size": canvas.font})


def stacked(
    canvas: Canvas, panels: Sequence[tuple[float, float]], bottom: float = 26
) -> tuple[Figure, list[Axes]]:
    """Return a figure with panels one above the other.

    Their axes draw nothing: a tick of matplotlib is five artists, so lines and names are drawn
    all at once by `scale` and `time_axis`.

    Parameters
    ----------
    canvas
        The ground.
    panels
        From the top, each panel's height and the room above it [px].
    bottom
        Room for the names of months [px].
    """
    total = sum(height + above for height, above in panels) + bottom
    figure = Chart(figsize=(canvas.width / 72, total / 72), dpi=72)
    figure.patch.set_visible(False)
    width = (canvas.width - canvas.left - canvas.right) / canvas.width
    lower, drawn = total, []
    for height, above in panels:
        lower -= height + above
        box = (canvas.left / canvas.width, lower / total, width, height / total)
        drawn.append(figure.add_axes(box))
        drawn[-1].xaxis.set_visible(False)
        drawn[-1].yaxis.set_visible(False)
    return figure, drawn


def days(dates: pd.Series) -> Floats:
    """Return dates as days since 1970, which is matplotlib's own count."""
    return _days(dates.to_numpy())


def _days(dates: NDArray[Any]) -> Floats:
    return dates.astype("datetime64[D]").astype(np.float64)


def time_axis(panels: Sequence[Axes], first: pd.Timestamp, last: pd.Timestamp) -> None:
    """Give all panels one axis of time from `first` to before `last`, months named below.

    A month that begins in the last week has no room for its name, a January before that perhaps
    none for its year.
    """
    starts = pd.date_range(first, last - pd.Timedelta(weeks=1), freq="MS")
    limits, months = _days(np.array([first, last])), _days(starts.to_numpy())
    for axes in panels:
        axes.set_xlim(*limits)
        vlines(axes, months)
    bottom_axes, edge = panels[-1], panels[-1].figure.bbox.x1
    left_px = bottom_axes.transData.transform(np.column_stack([months, 0 * months]))[:, 0]
    names = map(_month, starts, (edge - left_px).tolist())
    x_labels(bottom_axes, months, list(names), "left")


def lines(
    axes: Axes,
    left: Floats | float,
    low: Floats | float,
    right: Floats | float,
    high: Floats | float,
    colour: str,
    *,
    width: float = 1.0,
    zorder: float = 0.5,
    across: Transform | None = None,
) -> None:
    """Draw straight lines, fine ones below all else; `across` for the whole width or height."""
    lefts, lows, rights, highs = np.broadcast_arrays(left, low, right, high)
    breaks = np.full(lefts.shape, np.nan)
    axes.add_artist(
        Line2D(
            np.column_stack([lefts, rights, breaks]).ravel(),
            np.column_stack([lows, highs, breaks]).ravel(),
            transform=across or axes.transData,
            color=COLOURS[colour],
            linewidth=width,
            zorder=zorder,
            solid_capstyle="butt",
        )
    )


def hlines(axes: Axes, heights: Sequence[float], colour: str = "line", **look: float) -> None:
    """Draw a line from side to side at each height."""
    at = np.array(heights, dtype=np.float64)
    lines(axes, 0, at, 1, at, colour, across=axes.get_yaxis_transform(), **look)


def vlines(axes: Axes, places: Floats) -> None:
    """Draw a fine line from bottom to top at each place."""
    lines(axes, places, 0, places, 1, "line", across=axes.get_xaxis_transform())


def x_labels(axes: Axes, places: Floats, labels: Sequence[str], align: str = "center") -> None:
    """Write names below a panel."""
    under, va, _ = axes.get_xaxis_text1_transform(_PAD_PX)
    for place, label in zip(places, labels, strict=True):
        axes.text(place, 0, label, transform=under, va=va, ha=align, color=COLOURS["muted"])


def time_limits(weeks: pd.DataFrame) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the ends of the axis of time, never shorter than a few weeks."""
    end = weeks["week_start"].iloc[-1] + pd.Timedelta(weeks=1)
    return min(weeks["week_start"].iloc[0], end - pd.Timedelta(weeks=_FEWEST_WEEKS)), end


def _month(start: pd.Timestamp, room: float) -> str:
    """Return a month's name, January's with its year where there is so much room [px]."""
    name = formatting.MONTHS[start.month - 1][:3]
    return f"{name} {start.year}" if start.month == 1 and room >= _YEAR_PX else name


def scale(axes: Axes, ticks: Sequence[float], top: float, labels: Sequence[str] = ()) -> None:
    """Give a panel a vertical scale from zero, with a fine line at each tick."""
    axes.set_ylim(0, top)
    gridlines(axes, ticks, labels or [f"{tick:g}" for tick in ticks])


def gridlines(axes: Axes, ticks: Sequence[float], labels: Sequence[str]) -> None:
    """Draw a fine line at each height, named at its left."""
    hlines(axes, ticks)
    y_labels(axes, ticks, labels)


def y_labels(axes: Axes, heights: Sequence[float], labels: Sequence[str]) -> None:
    """Write names at the left of a panel."""
    before, va, ha = axes.get_yaxis_text1_transform(_PAD_PX)
    for height, label in zip(heights, labels, strict=True):
        axes.text(0, height, label, transform=before, va=va, ha=ha, color=COLOURS["muted"])


def round_ticks(highest: float) -> list[float]:
    """Return three to five round numbers from 0 that reach up to `highest`."""
    half = max(highest, 1e-9) / 2 * (1 + 1e-9)
    power = 10 ** np.floor(np.log10(half))
    step = float(power * max(m for m in (1, 2, 5) if m * power <= half))
    return [float(tick) for tick in np.arange(0, highest + step * 1e-6, step)]


def caption(axes: Axes, text: str, *, at: float = 0) -> None:
    """Write what a panel measures above its upper left corner, or its right one by ``at=1``."""
    axes.annotate(
        text,
        (at, 1),
        xycoords="axes fraction",
        xytext=(0, 7),
        textcoords="offset points",
        ha="right" if at else "left",
        fontweight="bold",
        color=COLOURS["ink"],
    )


def set_tooltips(artist: Artist, key: str, texts: Sequence[str]) -> None:
    """Give a mark, or each mark of a scatter in order, the text that shows on hovering."""
    artist.set_gid(f"tip-{key}")
    artist.set_label("\n".join(" ".join(text.split()) for text in texts))


def bars(axes: Axes, lefts: Floats, base: Floats, heights: Floats, colour: str) -> None:
    """Draw the bar of each week from its base; as one collection, which is many times faster."""
    drawn = heights > 0
    boxes = _boxes(lefts[drawn] + _BAR_INSET, _WEEK - 2 * _BAR_INSET, base[drawn], heights[drawn])
    axes.add_collection(
        PolyCollection(boxes, facecolor=COLOURS[colour], linewidth=0, zorder=2), autolim=False
    )


def hover_columns(axes: Axes, lefts: Floats, texts: Sequence[str], key: str = "weeks") -> None:
    """Lay an unseen column over each week, so that hovering anywhere in it tells its text."""
    base, top = axes.get_ylim()
    boxes = _boxes(lefts, _WEEK, np.full(len(lefts), base), np.full(len(lefts), top - base))
    unseen = PolyCollection(boxes, facecolor=COLOURS["paper"], alpha=0, linewidth=0, zorder=7)
    axes.add_collection(unseen, autolim=False)
    set_tooltips(unseen, key, texts)


def marks(
    axes: Axes,
    x: Floats | Sequence[float],
    y: Floats | Sequence[float],
    marker: str,
    face: str,
    edge: str,
    *,
    size: float,
    line: float,
    **look: Any,
) -> Line2D:
    """Draw a mark at each place; a line of marks only, which is many times faster than a scatter.

    Parameters
    ----------
    axes, x, y, marker
        Where, and matplotlib's name of the shape.
    face, edge
        Names of colours.
    size, line
        Of the mark and of its edge [px].
    look
        Further properties of the line.
    """
    drawn = Line2D(
        x,
        y,
        linestyle="none",
        marker=MarkerStyle(marker, joinstyle="round"),
        markersize=size,
        markerfacecolor=COLOURS[face],
        markeredgecolor=COLOURS[edge],
        markeredgewidth=line,
        **look,
    )
    axes.add_artist(drawn)
    return drawn


def bands(axes: Axes, lefts: Floats, rights: Floats) -> None:
    """Shade stretches of time from bottom to top, below all else."""
    boxes = _boxes(lefts, rights - lefts, np.zeros(len(lefts)), np.ones(len(lefts)))
    shade = PolyCollection(
        boxes,
        facecolor=COLOURS["band"],
        linewidth=0,
        zorder=-1,
        transform=axes.get_xaxis_transform(),
    )
    axes.add_collection(shade, autolim=False)


def _boxes(lefts: Floats, width: Floats | float, base: Floats, heights: Floats) -> list[Floats]:
    corners = np.array([(0, 0), (0, 1), (1, 1), (1, 0)], dtype=float)
    low = np.column_stack([lefts, base])[:, None]
    size = np.column_stack([np.broadcast_to(width, lefts.shape), heights])[:, None]
    return list(low + corners * size)


SHARP = 2


"""Dots of the image for each pixel of its size on the page."""


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
