"""A figure as part of a page: same bytes, own ids, the page's colours, tooltips without script."""

import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from matplotlib.figure import Figure

from kneeload.charts import canvas
from kneeload.charts.svg import svg


def _figure(tip: str = "one") -> Figure:
    with canvas.style():
        figure, (axes,) = canvas.stacked(canvas.WIDE, [(60, 20)])
        axes.plot([0, 1], [0, 1], color=canvas.COLOURS["pain"])
        marks = axes.scatter([0.2, 0.8], [0.5, 0.5], color=canvas.COLOURS["hard"])
        canvas.set_tooltips(marks, "marks", [tip, "two"])
        canvas.caption(axes, "a < b & $c$")
    return figure


def _elements(text: str) -> ET.Element:
    return ET.fromstring(re.sub(r' xmlns="[^"]+"', "", text))


def test_same_figure_same_bytes() -> None:
    assert svg(_figure(), "a", "t", "d") == svg(_figure(), "a", "t", "d")


def test_title_and_description_name_the_image() -> None:
    root = _elements(svg(_figure(), "load", "What it shows", "12 km, 13 km"))
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "load-title load-desc"
    assert root.findtext("title[@id='load-title']") == "What it shows"
    assert root.findtext("desc[@id='load-desc']") == "12 km, 13 km"


def test_scales_by_its_view_box() -> None:
    root = _elements(svg(_figure(), "a", "t", "d"))
    assert root.get("viewBox") == "0 0 736 106"
    assert root.get("width") is None
    assert root.get("height") is None


def test_each_mark_of_a_scatter_has_its_own_tooltip() -> None:
    root = _elements(svg(_figure("14 March: 4/10"), "a", "t", "d"))
    assert [use.findtext("title") for use in root.iter("use")] == ["14 March: 4/10", "two"]


def test_a_week_tells_its_text_wherever_it_is_pointed_at() -> None:
    with canvas.style():
        figure, (axes,) = canvas.stacked(canvas.WIDE, [(60, 20)])
        axes.set_xlim(0, 14)
        canvas.hover_columns(axes, np.array([0.0, 7.0]), ["first", "second"])
    root = _elements(svg(figure, "a", "t", "d"))
    (unseen,) = [group for group in root.iter("g") if group.findtext("path/title") == "first"]
    assert [path.findtext("title") for path in unseen] == ["first", "second"]
    assert [path.get("d") for path in unseen] == [
        "M84 80V20H403V80z",
        "M403 80V20H722V80z",
    ]
    # An area with no fill at all is not hit by a pointer.
    assert unseen.get("style") == "fill: transparent"


def test_a_mark_without_its_text_is_an_error() -> None:
    figure = _figure()
    canvas.set_tooltips(figure.axes[0].collections[0], "marks", ["one", "two", "three"])
    with pytest.raises(ValueError, match="longer"):
        svg(figure, "a", "t", "d")


def test_what_reaches_beyond_a_panel_is_cut_off_there() -> None:
    root = _elements(svg(_figure(), "a", "t", "d"))
    line = next(g for g in root.iter("g") if "stroke: var(--pain" in str(g.get("style")))
    name = str(line.get("clip-path")).removeprefix("url(#").removesuffix(")")
    (shape,) = [clip for clip in root.iter("clipPath") if clip.get("id") == name]
    assert shape[0].get("d") == "M84 20H722V80H84z"


def test_each_line_and_name_of_a_scale_stands_at_its_height() -> None:
    with canvas.style():
        figure, (axes,) = canvas.stacked(canvas.WIDE, [(60, 20)])
        canvas.scale(axes, [0, 5], 10)
    root = _elements(svg(figure, "a", "t", "d"))
    assert [path.get("d") for path in root.iterfind("g/path")] == ["M84 80H722M84 50H722"]
    zero, five = root.iter("text")
    assert (zero.text, five.text) == ("0", "5")
    assert float(zero.get("y", 0)) - float(five.get("y", 0)) == pytest.approx(30)
    assert zero.get("x") == five.get("x") == "78"


def test_opacity_dashes_slant_and_rotation_are_kept() -> None:
    with canvas.style():
        figure, (axes,) = canvas.stacked(canvas.WIDE, [(60, 20)])
        axes.plot([0, 1], [0, 1], color=canvas.COLOURS["pain"], alpha=0.5, linestyle=(0, (2, 1)))
        axes.text(0, 0, "up", rotation=90, style="italic", fontweight="bold", va="bottom")
    drawn = svg(figure, "a", "t", "d")
    assert "stroke-opacity: 0.5" in drawn
    assert "stroke-dasharray: 3 1.5" in drawn
    assert "font-weight: 700; font-style: italic" in drawn
    assert 'transform="rotate(-90 ' in drawn


def test_a_tooltip_cannot_break_out_or_split() -> None:
    text = svg(_figure("</title><script>alert(1)</script>\nnext line"), "a", "t", "d")
    assert "<script" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; next line" in text


def test_ids_are_prefixed_and_only_those_in_use_are_left() -> None:
    root = _elements(svg(_figure(), "load", "t", "d"))
    ids = [str(element.get("id")) for element in root.iter() if element.get("id")]
    assert ids
    assert all(name.startswith("load-") for name in ids)
    referred = {element.get("href", "")[1:] for element in root.iter("use")}
    assert referred <= set(ids)


def test_two_figures_share_no_id() -> None:
    texts = [svg(_figure(), prefix, "t", "d") for prefix in ("a", "b")]
    first, second = (set(re.findall(r'id="([^"]+)"', text)) for text in texts)
    assert first
    assert not first & second


def test_colours_are_the_pages_own() -> None:
    text = svg(_figure(), "a", "t", "d")
    assert "var(--pain, #b4451c)" in text
    assert "var(--hard, #1f4f8f)" in text
    assert not re.search(r"(?<!, )#[0-9a-f]{6}\b", text)


def test_nothing_that_reaches_beyond_the_figure() -> None:
    text = svg(_figure(), "a", "t", "d")
    assert "<style" not in text
    assert "<metadata" not in text
    assert "font-family" not in text
    assert "http://" not in text.replace('xmlns="http://www.w3.org/2000/svg"', "")


def test_text_stays_text() -> None:
    assert "a &lt; b &amp; $c$" in svg(_figure(), "a", "t", "d")


def test_each_colour_has_one_meaning() -> None:
    assert len(set(canvas.COLOURS.values())) == len(canvas.COLOURS)


@pytest.mark.parametrize(
    ("highest", "ticks"),
    [
        (43.2, [0, 20, 40]),
        (10, [0, 5, 10]),
        (24, [0, 10, 20]),
        (0.9, [0, 0.2, 0.4, 0.6, 0.8]),
        (100, [0, 50, 100]),
    ],
)
def test_round_ticks(highest: float, ticks: list[float]) -> None:
    assert canvas.round_ticks(highest) == pytest.approx(ticks)
