"""A sheet as part of a page: same bytes, own ids, the page's colours, tooltips without script."""

import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from kneeload.charts import canvas, figure
from kneeload.charts.legend import Entry, key
from kneeload.charts.shapes import AREA, Panel, Sheet
from kneeload.charts.svg import svg


def _empty() -> tuple[Sheet, Panel]:
    sheet, (panel,) = canvas.stacked(canvas.WIDE, [(60, 20)])
    return sheet, panel


def _sheet(*tips: str) -> Sheet:
    sheet, panel = _empty()
    canvas.line(panel, [0, 1], [0, 1], "pain", width=1.5, zorder=2)
    x, y = [0.2, 0.8], [0.5, 0.5]
    canvas.marks(
        panel, x, y, "o", "hard", "hard", size=6, line=0, zorder=3, tips=tips or ("one", "two")
    )
    canvas.caption(panel, "a < b & $c$")
    return sheet


def _elements(text: str) -> ET.Element:
    return ET.fromstring(re.sub(r' xmlns="[^"]+"', "", text))


def test_same_sheet_same_bytes() -> None:
    assert svg(_sheet(), "a", "t", "d") == svg(_sheet(), "a", "t", "d")


def test_title_and_description_name_the_image() -> None:
    root = _elements(svg(_sheet(), "load", "What it shows", "12 km, 13 km"))
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "load-title load-desc"
    assert root.findtext("title[@id='load-title']") == "What it shows"
    assert root.findtext("desc[@id='load-desc']") == "12 km, 13 km"


def test_scales_by_its_view_box() -> None:
    root = _elements(svg(_sheet(), "a", "t", "d"))
    assert root.get("viewBox") == "0 0 736 106"
    assert root.get("width") is None
    assert root.get("height") is None


def test_each_mark_has_its_own_tooltip() -> None:
    root = _elements(svg(_sheet("14 March: 4/10", "two"), "a", "t", "d"))
    assert [use.findtext("title") for use in root.iter("use")] == ["14 March: 4/10", "two"]


def test_a_week_tells_its_text_wherever_it_is_pointed_at() -> None:
    sheet, panel = _empty()
    panel.x = (0, 14)
    canvas.hover_columns(panel, np.array([0.0, 7.0]), ["first", "second"])
    root = _elements(svg(sheet, "a", "t", "d"))
    (unseen,) = [group for group in root.iter("g") if group.findtext("path/title") == "first"]
    assert [path.findtext("title") for path in unseen] == ["first", "second"]
    assert [path.get("d") for path in unseen] == [
        "M84 80V20H403V80z",
        "M403 80V20H722V80z",
    ]
    # An area with no fill at all is not hit by a pointer.
    assert unseen.get("style") == "fill: transparent"


def test_boxes_with_nothing_to_tell_are_one_path() -> None:
    sheet, panel = _empty()
    panel.x, panel.y = (0, 14), (0, 10)
    canvas.bars(panel, np.array([0.0, 7.0]), np.zeros(2), np.array([5.0, 0.0]), "easy")
    (path,) = _elements(svg(sheet, "a", "t", "d")).iterfind("g/path")
    assert path.get("d") == "M125.01 80V50H361.99V80z"


@pytest.mark.parametrize("tips", [("one",), ("one", "two", "three")])
def test_a_mark_without_its_text_is_an_error(tips: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="zip"):
        svg(_sheet(*tips), "a", "t", "d")


def test_what_reaches_beyond_a_panel_is_cut_off_there() -> None:
    root = _elements(svg(_sheet(), "a", "t", "d"))
    line = next(g for g in root.iter("g") if "stroke: var(--pain" in str(g.get("style")))
    name = str(line.get("clip-path")).removeprefix("url(#").removesuffix(")")
    (shape,) = [clip for clip in root.iter("clipPath") if clip.get("id") == name]
    assert shape[0].get("d") == "M84 80V20H722V80z"


def test_what_may_reach_beyond_a_panel_is_whole() -> None:
    sheet, panel = _empty()
    canvas.marks(panel, [0], [0], "o", "pain", "pain", size=6, line=0, zorder=3, clip=False)
    assert "clip" not in svg(sheet, "a", "t", "d")


def test_each_line_and_name_of_a_scale_stands_at_its_height() -> None:
    sheet, panel = _empty()
    canvas.scale(panel, [0, 5], 10)
    root = _elements(svg(sheet, "a", "t", "d"))
    assert [path.get("d") for path in root.iterfind("g/path")] == ["M84 80H722M84 50H722"]
    zero, five = root.iter("text")
    assert (zero.text, five.text) == ("0", "5")
    assert float(zero.get("y", 0)) - float(five.get("y", 0)) == pytest.approx(30)
    assert zero.get("x") == five.get("x") == "78"


def test_a_scale_may_fall() -> None:
    sheet, panel = _empty()
    panel.y = (10, 0)
    canvas.gridlines(panel, [0, 2.5], ["0", "2.5"])
    root = _elements(svg(sheet, "a", "t", "d"))
    assert [path.get("d") for path in root.iterfind("g/path")] == ["M84 20H722M84 35H722"]


def test_opacity_weight_rotation_and_what_words_hide() -> None:
    sheet, panel = _empty()
    canvas.line(panel, [0, 1, 2], [0, np.nan, 1], "pain", width=1, opacity=0.5, zorder=2)
    canvas.write(panel, 0, 0, ["up"], upright=True, stand="center", bold=True, size=10, pad=1)
    drawn = svg(sheet, "a", "t", "d")
    assert "stroke-opacity: 0.5" in drawn
    assert "font-weight: 700" in drawn
    assert 'transform="rotate(-90 86.6 80)"' in drawn
    assert "fill: var(--paper" in drawn


def test_a_line_breaks_where_a_number_is_missing() -> None:
    sheet, panel = _empty()
    panel.x = (0, 4)
    canvas.line(panel, range(5), [0, 1, np.nan, 1, 0.5], "pain", width=1, zorder=2)
    (path,) = _elements(svg(sheet, "a", "t", "d")).iterfind("g/path")
    assert path.get("d") == "M84 80L243.5 20M562.5 20L722 50"


def test_what_lies_over_others_is_drawn_later() -> None:
    sheet, panel = _empty()
    for zorder, colour in ((3, "pain"), (1, "easy"), (2, "hard")):
        canvas.line(panel, [0, 1], [0, 1], colour, width=1, zorder=zorder)
    drawn = svg(sheet, "a", "t", "d")
    assert re.findall(r"stroke: var\(--(\w+)", drawn) == ["easy", "hard", "pain"]


@pytest.mark.parametrize("marker", ["o", "s", "D", "^", "v", ">", "X", "*", "|", "_", AREA])
def test_a_mark_is_the_one_that_matplotlib_draws(marker: str) -> None:
    """The outline of each mark has the corners, or the extent, of matplotlib's."""
    sheet, panel = _empty()
    canvas.marks(panel, [0], [0], marker, "pain", "pain", size=8, line=1, zorder=3)
    (outline,) = re.findall(r'<path id="\S+" d="([^"]+)"', svg(sheet, "a", "t", "d"))
    form = figure._marker(marker)
    theirs = 8 * np.asarray(form.get_path().transformed(form.get_transform()).vertices)
    if marker == "o":
        assert outline == "M-4 0a4 4 0 0 1 8 0a4 4 0 0 1 -8 0z"
        assert np.abs(theirs).max() == pytest.approx(4)
        return
    ours, place = [], [0.0, 0.0]
    for letter, numbers in re.findall(r"([MLHV])([-\d. ]+)", outline):
        values = [float(number) for number in numbers.split()]
        place = {"H": [*values, place[1]], "V": [place[0], *values]}.get(letter, values)
        ours.append((place[0], -place[1]))
    assert {*ours} == {(x, y) for x, y in (theirs.round(2) + 0.0).tolist()}


def test_a_key_stands_above_its_panel_and_is_never_cut_off() -> None:
    sheet, panel = _empty()
    key(panel, canvas.WIDE, [Entry("run", "hard"), Entry("line", "pain", "_")])
    root = _elements(svg(sheet, "a", "t", "d"))
    assert [text.text for text in root.iter("text")] == ["run", "line"]
    assert all(float(text.get("y", 99)) < panel.top for text in root.iter("text"))
    assert root.find("g[@clip-path]") is None


def test_a_tooltip_cannot_break_out_or_split() -> None:
    text = svg(_sheet("</title><script>alert(1)</script>\nnext line", "two"), "a", "t", "d")
    assert "<script" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; next line" in text


def test_ids_are_prefixed_and_only_those_in_use_are_left() -> None:
    root = _elements(svg(_sheet(), "load", "t", "d"))
    ids = [str(element.get("id")) for element in root.iter() if element.get("id")]
    assert ids
    assert all(name.startswith("load-") for name in ids)
    referred = {element.get("href", "")[1:] for element in root.iter("use")}
    assert referred <= set(ids)


def test_two_sheets_share_no_id() -> None:
    texts = [svg(_sheet(), prefix, "t", "d") for prefix in ("a", "b")]
    first, second = (set(re.findall(r'id="([^"]+)"', text)) for text in texts)
    assert first
    assert not first & second


def test_colours_are_the_pages_own() -> None:
    text = svg(_sheet(), "a", "t", "d")
    assert "var(--pain, #b4451c)" in text
    assert "var(--hard, #1f4f8f)" in text
    assert not re.search(r"(?<!, )#[0-9a-f]{6}\b", text)


def test_nothing_that_reaches_beyond_the_element() -> None:
    text = svg(_sheet(), "a", "t", "d")
    assert "<style" not in text
    assert "<metadata" not in text
    assert "font-family" not in text
    assert "http://" not in text.replace('xmlns="http://www.w3.org/2000/svg"', "")


def test_text_stays_text() -> None:
    assert "a &lt; b &amp; $c$" in svg(_sheet(), "a", "t", "d")


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
