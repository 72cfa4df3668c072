"""A Figure as SVG that belongs in a page: same bytes each time, the page's colours and fonts.

Matplotlib's own output carries ids that repeat across figures, a style sheet that would apply to
the whole page, and fixed colours; none of that is left.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from kneeload.charts.canvas import COLOURS, style

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.figure import Figure

_VARIABLES = {colour: f"var(--{name}, {colour})" for name, colour in COLOURS.items()}
_COLOUR = re.compile("|".join(_VARIABLES))
_FAMILY = re.compile(r"font-family: [^;]*(; ?|$)")
_UPRIGHT = re.compile(r"rotate\(-?0 ")
_REFERENCE = re.compile(r"#([\w-]+)")
_DROPPED = {"metadata", "style"}


def svg(figure: Figure, prefix: str, title: str, text: str) -> str:
    """Return `figure` as an SVG element for a page.

    Parameters
    ----------
    figure
        A chart of `kneeload.charts`; marks named by `kneeload.charts.canvas.tips` get tooltips.
    prefix
        Prefix of every id, unique on the page.
    title, text
        The text alternative: one sentence, and the numbers.

    Returns
    -------
    str
        The element, without width and height: the page decides, the ``viewBox`` keeps the shape.
    """
    root = ET.fromstring(_drawn(figure))  # noqa: S314 - our own drawing, not a stranger's file
    _strip(root)
    _hover(root, _tips(figure))
    _identify(root, prefix)
    _restyle(root)
    _name(root, prefix, title, text)
    return ET.tostring(root, encoding="unicode")


def _drawn(figure: Figure) -> str:
    buffer = io.StringIO()
    with style():
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return buffer.getvalue()


def _strip(root: ET.Element) -> None:
    """Drop namespaces, metadata, the style sheet, empty groups and rotations by nothing."""
    for element in list(root.iter()):
        element.tag = _local(element.tag)
        element.attrib = {_local(name): value for name, value in element.attrib.items()}
        if _UPRIGHT.match(element.get("transform", "")):
            del element.attrib["transform"]
        element.text = (element.text or "").strip() or None
        element.tail = None
    _prune(root)


def _prune(element: ET.Element) -> None:
    for child in list(element):
        _prune(child)
        if child.tag in _DROPPED or (child.tag in {"g", "defs"} and not len(child)):
            element.remove(child)


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _tips(figure: Figure) -> dict[str, list[str]]:
    drawn = (artist for axes in figure.axes for artist in axes.get_children())
    marked = (artist for artist in drawn if (artist.get_gid() or "").startswith("tip-"))
    return {str(a.get_gid()): str(a.get_label()).split("\n") for a in marked}


def _hover(root: ET.Element, tips: dict[str, list[str]]) -> None:
    for group in [g for g in root.iter("g") if g.get("id") in tips]:
        texts = tips[group.attrib["id"]]
        marks = [group] if len(texts) == 1 else list(group.iter("use")) or list(group.iter("path"))
        for mark, text in zip(marks, texts, strict=True):
            title = ET.Element("title")
            title.text = text
            mark.insert(0, title)


def _identify(root: ET.Element, prefix: str) -> None:
    """Drop ids that nothing refers to and prefix the rest."""
    used = set(_references(root))
    for element in root.iter():
        own = element.attrib.pop("id", None)
        if own in used:
            element.set("id", f"{prefix}-{own}")
        for name in ("href", "clip-path"):
            if name in element.attrib:
                element.set(name, _REFERENCE.sub(rf"#{prefix}-\1", element.attrib[name]))


def _references(root: ET.Element) -> Iterator[str]:
    for element in root.iter():
        for name in ("href", "clip-path"):
            yield from _REFERENCE.findall(element.get(name, ""))


def _restyle(root: ET.Element) -> None:
    """Let the page choose colours and the typeface."""
    for element in root.iter():
        declared = element.get("style")
        if declared is None:
            continue
        plain = _FAMILY.sub("", declared)
        element.set("style", _COLOUR.sub(lambda match: _VARIABLES[match[0]], plain))


def _name(root: ET.Element, prefix: str, title: str, text: str) -> None:
    for name in ("width", "height", "version"):
        root.attrib.pop(name, None)
    labels = {"title": title, "desc": text}
    for position, (tag, words) in enumerate(labels.items()):
        element = ET.Element(tag, {"id": f"{prefix}-{tag}"})
        element.text = words
        root.insert(position, element)
    root.attrib |= {
        "xmlns": "http://www.w3.org/2000/svg",
        "role": "img",
        "aria-labelledby": f"{prefix}-title {prefix}-desc",
        "stroke-linejoin": "round",
    }
