"""A picture drawn in the sizes that a page needs of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kneeload.reports.model import Drawing

if TYPE_CHECKING:
    from kneeload.charts.canvas import Picture


def drawing(picture: Picture, *, half: bool = False) -> Drawing:
    """Return `picture` as SVG: as wide as a page and as a phone, or `half` a page, as a phone."""
    from kneeload.charts.canvas import NARROW, WIDE
    from kneeload.charts.svg import svg

    sizes = {"narrow": NARROW} if half else {"narrow": NARROW, "wide": WIDE}
    drawn = {
        name: svg(picture.draw(size), f"{picture.key}-{name}", picture.title, picture.text)
        for name, size in sizes.items()
    }
    return Drawing(
        key=picture.key,
        title=picture.title,
        text=picture.text,
        note=picture.note,
        **drawn,
    )
