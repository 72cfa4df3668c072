"""What stands on a chart's sheet, for the tests of charts."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from kneeload.charts.shapes import Boxes, Marks, Panel, Shape, Sheet, Words

S = TypeVar("S", bound=Shape)


def of(kind: type[S], *panels: Panel) -> list[S]:
    """Return the shapes of a kind on the panels, in the order in which they were drawn."""
    return [shape for panel in panels for shape in panel.shapes if isinstance(shape, kind)]


def texts(panels: Iterable[Panel]) -> list[str]:
    """Return all that is written on the panels, keys too."""
    return [text for words in of(Words, *panels) for text in words.texts]


def told(sheet: Sheet) -> list[Sequence[str]]:
    """Return the tooltips of each kind of mark or box that has them."""
    boxes, marks = of(Boxes, *sheet.panels), of(Marks, *sheet.panels)
    return [tips for tips in (*(b.tips for b in boxes), *(m.tips for m in marks)) if tips]
