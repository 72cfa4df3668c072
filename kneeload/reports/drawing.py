"""A picture drawn in both sizes, as the page holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kneeload.reports.report import Drawing

if TYPE_CHECKING:
    from kneeload.charts.canvas import Picture


def drawing(picture: Picture) -> Drawing:
    """Return `picture` as SVG in the size of a desk's screen and in that of a phone."""
    from kneeload.charts.canvas import NARROW, WIDE
    from kneeload.charts.svg import svg

    wide, narrow = (
        svg(picture.draw(size), f"{picture.key}-{name}", picture.title, picture.text)
        for name, size in (("wide", WIDE), ("narrow", NARROW))
    )
    return Drawing(
        key=picture.key,
        title=picture.title,
        text=picture.text,
        note=picture.note,
        wide=wide,
        narrow=narrow,
    )
