"""The streaming reader: encodings, hostile and broken documents, and the short cut for points."""

import codecs
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kneeload.errors import FileRefused, FileSkipped
from kneeload.importers import column_builder, gpx, mending, point_regex, tcx, xml
from kneeload.importers.xml import Layout, Reading
from kneeload.model import Activity
from tests.strategies import track_points


def points(count: int, inside: str = "") -> str:
    return "\n".join(
        f'<trkpt lat="47.{n:04}" lon="8.5"><ele>4{n}</ele>'
        f"<time>2026-03-14T12:{n // 60:02}:{n % 60:02}Z</time>{inside}</trkpt>"
        for n in range(count)
    )


def gpx_of(body: str, name: str = "n") -> str:
    return f"<gpx><trk><name>{name}</name><trkseg>{body}</trkseg></trk></gpx>"


def only(content: bytes) -> Activity:
    (activity,) = gpx.decode(content)
    return activity


def parsed(content: bytes, layout: Layout = gpx.LAYOUT) -> Reading:
    """Read by the parser alone, without the short cut."""
    return xml._parsed(content, layout)


def assert_lifted_as_parsed(content: bytes, layout: Layout = gpx.LAYOUT) -> None:
    """The short cut is taken, and gives all that the parser gives."""
    lifted, slow = xml._lifted(content, layout), parsed(content, layout)
    assert lifted is not None
    assert (lifted.nodes, lifted.breaks) == (slow.nodes, slow.breaks)
    assert lifted.columns.records(lifted.breaks).frame.equals(
        slow.columns.records(slow.breaks).frame
    )


# Encodings


@pytest.mark.parametrize(
    "content",
    [
        codecs.BOM_UTF8 + gpx_of(points(3), "Läufe").encode(),
        codecs.BOM_UTF16_LE + gpx_of(points(3), "Läufe").encode("utf-16-le"),
        codecs.BOM_UTF16_BE + gpx_of(points(3), "Läufe").encode("utf-16-be"),
        codecs.BOM_UTF32_LE + gpx_of(points(3), "Läufe").encode("utf-32-le"),
        b'<?xml version="1.0" encoding="ISO-8859-1"?>' + gpx_of(points(3), "Läufe").encode("latin"),
        b"<?xml version='1.0' encoding='windows-1252'?>"
        + gpx_of(points(3), "Läufe").encode("cp1252"),
        b'<?xml version="1.0" encoding="utf-16"?>' + gpx_of(points(3), "Läufe").encode(),
        b'<?xml version="1.0" encoding="no-such"?>' + gpx_of(points(3), "Läufe").encode(),
        gpx_of(points(3), "Läufe").encode("cp1252"),
        b" \r\n\t" + gpx_of(points(3), "Läufe").encode() + b"\n\0\0\0",
        codecs.BOM_UTF8 + b"  " + gpx_of(points(3), "L&#228;ufe").encode(),
        gpx_of(points(3), "<![CDATA[Läufe]]>").encode(),
    ],
    ids=[
        "utf-8 mark",
        "utf-16 little",
        "utf-16 big",
        "utf-32",
        "latin-1",
        "windows-1252",
        "utf-16 is a lie",
        "unknown name",
        "utf-8 is a lie",
        "space and zero bytes",
        "mark, space, reference",
        "cdata",
    ],
)
def test_every_encoding_is_read(content: bytes) -> None:
    activity = only(content)
    assert activity.name == "Läufe"
    assert len(activity.samples) == 3


@pytest.mark.parametrize("name", ["punycode", "idna", "unicode_escape", "rot13", "base64", "zlib"])
def test_codecs_that_are_no_character_sets_are_refused(name: str) -> None:
    content = f'<?xml version="1.0" encoding="{name}"?>{gpx_of(points(3))}'.encode()
    with pytest.raises(FileRefused, match=f"^is encoded as {name}, which is not supported$"):
        gpx.decode(content)


# Hostile and broken documents

LAUGHS = '<!DOCTYPE gpx [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;&a;">]>' + gpx_of(points(3), "&b;")


@pytest.mark.parametrize("decode", [gpx.decode, tcx.decode])
@pytest.mark.parametrize(
    "content",
    [
        LAUGHS.encode(),
        b"<!DOCTYPE gpx SYSTEM 'file:///etc/passwd'><gpx/>",
        b'<?xml version="1.0"?>\n<!-- x --> <!DOCTYPE gpx>\n<gpx/>',
        codecs.BOM_UTF16_LE + LAUGHS.encode("utf-16-le"),
        b'<?xml version="1.0" encoding="cp037"?>' + LAUGHS.encode(),
    ],
    ids=["laughs", "external", "after a comment", "utf-16", "ebcdic by name"],
)
def test_any_doctype_is_refused_before_parsing(decode: object, content: bytes) -> None:
    assert callable(decode)
    with pytest.raises(FileRefused):
        decode(content)


def test_the_refusal_of_a_doctype_says_so_in_one_line() -> None:
    with pytest.raises(FileRefused) as error:
        gpx.decode(LAUGHS.encode())
    assert str(error.value) == "contains a DOCTYPE, which no activity needs; not read"


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("<gpx>\n<trk>\n</gpx>", 3),
        (gpx_of(points(5)).replace("</ele>", "</ele", 1), 1),
        (gpx_of(points(5)) + "\n<gpx/>", 6),
    ],
    ids=["mismatched tag", "broken tag", "two documents"],
)
def test_malformed_xml_is_refused_with_its_line(content: str, line: int) -> None:
    with pytest.raises(FileRefused, match=rf"^is not well-formed XML: [^\n]+ in line {line}$"):
        gpx.decode(content.encode())


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("a & b", "a & b"),
        ("a &&amp; b", "a && b"),
        ("Q&A; sum", "Q&A; sum"),
        ("a\x0bb", "ab"),
        ("a&#11;b", "ab"),
        ("a&#x0;b&#65534;", "ab"),
        ("a&#55296;b", "ab"),
        ("&#99999999999;", "&#99999999999;"),
        ("caf&eacute;&nbsp;!", "caf\u00e9\u00a0!"),
        ("1 < 2 <3", "1 < 2 <3"),
        ("&lt;b&gt; & &#228;", "<b> & \u00e4"),
        ("<![CDATA[a & b < c]]> & d", "a & b < c & d"),
        ("\uffff&", "&"),
    ],
)
def test_a_forbidden_character_costs_a_name_and_not_the_run(name: str, kept: str) -> None:
    content = gpx_of(points(5), name).encode()
    activity = only(content)
    assert (activity.name, len(activity.samples)) == (kept, 5)
    mended = [w for w in activity.warnings if "were repaired or removed" in w]
    assert mended == [activity.warnings[0]]


def test_mended_points_still_take_the_short_cut() -> None:
    assert_lifted_as_parsed(mending.mended(gpx_of(points(50), "a & b").encode()))


@given(st.text(alphabet="ab&;#<x1 \x0b", max_size=30))
def test_any_name_leaves_the_points(name: str) -> None:
    try:
        assert len(only(gpx_of(points(3), name).encode()).samples) == 3
    except FileRefused as refused:  # where it opens an element of its own
        assert "well-formed" in str(refused)  # noqa: PT017


@pytest.mark.parametrize("content", [b"", b"\0" * 50, b"   ", b"not xml", b"PK\x03\x04", b"\xff"])
@pytest.mark.parametrize("decode", [gpx.decode, tcx.decode])
def test_what_is_no_xml_is_refused(decode: object, content: bytes) -> None:
    assert callable(decode)
    with pytest.raises(FileRefused):
        decode(content)


def test_a_file_cut_short_keeps_what_is_whole_with_a_warning() -> None:
    whole = gpx_of(points(9))
    activity = only(whole[: whole.index("12:00:07Z")].encode())
    assert len(activity.samples) == 7
    assert activity.warnings == ("the file breaks off in line 8; what is before it is kept",)


def test_a_file_cut_short_before_two_points_is_refused() -> None:
    whole = gpx_of(points(9))
    with pytest.raises(FileRefused, match=r"^breaks off in line 2, before any track was read$"):
        gpx.decode(whole[: whole.index("12:00:01Z")].encode())


@settings(deadline=None)
@given(st.integers(min_value=0, max_value=len(gpx_of(points(6)))))
def test_wherever_a_file_is_cut_whole_points_stay(length: int) -> None:
    text = gpx_of(points(6))[:length]
    whole = text.count("</trkpt>")
    if whole < 2:
        with pytest.raises(FileRefused):
            gpx.decode(text.encode())
    else:
        assert len(only(text.encode()).samples) == whole


@pytest.mark.parametrize(
    "content",
    [
        b"<gpx>" + b"<a>" * 100_000 + b"</a>" * 100_000 + b"</gpx>",
        b"<gpx>" + b"<trk/>" * 90_000 + b"</gpx>",
        b"<gpx><trk>" + b"<trkseg/>" * 200_000 + b"</trk></gpx>",
        b"<gpx><trk><trkseg>" + b"<trkpt>" * 100_000 + b"</trkpt>" * 100_000,
        b"<gpx " + b" ".join(b'a%d="1"' % n for n in range(20_000)) + b"/>",
        b"<gpx>" + b"".join(b"<a%d/>" % n for n in range(100_000)) + b"</gpx>",
        b"<gpx><trkpt " + b"lat=" * 200_000,
        b"<gpx><trkpt" + b" " * 1_000_000,
        gpx_of("<trkpt>" + "<ele>" * 30 + "</ele>" * 30 + "</trkpt>").encode() * 500,
    ],
    ids=[
        "deep",
        "tracks",
        "segments",
        "nested points",
        "attributes",
        "names",
        "torn head",
        "space",
        "nested cells",
    ],
)
def test_hostile_documents_end_soon(content: bytes) -> None:
    begun = time.perf_counter()
    for decode in (gpx.decode, tcx.decode):
        with pytest.raises((FileRefused, FileSkipped)):
            decode(content)
    assert time.perf_counter() - begun < 20


def test_more_tracks_than_anybody_records_are_refused() -> None:
    content = b"<gpx>" + b"<trk/>" * (xml.MOST_NODES + 1) + b"</gpx>"
    with pytest.raises(FileRefused, match=r"^holds more than 100000 tracks or laps$"):
        gpx.decode(content)


def test_more_points_than_anybody_records_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(column_builder, "MOST_POINTS", 99)
    assert len(only(gpx_of(points(99)).encode()).samples) == 99
    with pytest.raises(FileRefused, match=r"^holds more than 99 track points$"):
        gpx.decode(gpx_of(points(100)).encode())


@pytest.mark.parametrize("odd", ["", "<!-- no short cut -->"])
def test_a_very_long_track_is_read_soon(odd: str) -> None:
    begun = time.perf_counter()
    content = gpx_of(odd + points(3600, "<hr>140</hr>") * 30 + points(1, odd)).encode()
    assert (xml._lifted(content, gpx.LAYOUT) is None) == bool(odd)
    assert len(only(content).samples) == 108_001
    assert time.perf_counter() - begun < 30


# The short cut for points of one shape


def test_blocks_and_chunks_join_without_a_seam(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(column_builder, "BLOCK", 7)
    monkeypatch.setattr(point_regex, "_CHUNK", 500)
    content = gpx_of(points(50)).encode()
    assert_lifted_as_parsed(content)
    assert only(content).samples["altitude_m"].tolist() == [float(f"4{n}") for n in range(50)]


@pytest.mark.parametrize(
    "inside",
    [
        "",
        "<extensions><x:hr>150</x:hr></extensions>",
        "<extensions><x:e a='1'><hr>1</hr></x:e></extensions>".replace("'", '"'),
        "<extensions><x:e/></extensions>",
        "<hdop>4</hdop><sat>undefined</sat>",
        "\n  <extensions>\n <hr>9</hr> \n</extensions> ",
        "<hr></hr>",
    ],
)
def test_plain_points_are_lifted_as_they_are_parsed(inside: str) -> None:
    assert_lifted_as_parsed(gpx_of(points(40, inside) + points(5)).encode())


@pytest.mark.parametrize(
    "inside",
    [
        "<!-- comment -->",
        "<hr><![CDATA[150]]></hr>",
        "<hr>&#49;50</hr>",
        "<hr/>",
        "<hr>150</hr><heartrate>151</heartrate>",
        "<hr>150</hr><x:hr>151</x:hr>",
        "<hr>1<b/>50</hr>",
        "mixed text",
        "<?pi?>",
    ],
)
def test_what_is_not_plain_is_left_to_the_parser(inside: str) -> None:
    content = gpx_of(points(3) + points(3, inside)).encode()
    assert xml._lifted(content, gpx.LAYOUT) is None
    slow = parsed(content)
    assert (
        xml.read(content, gpx.LAYOUT)
        .columns.records([0])
        .frame.equals(slow.columns.records([0]).frame)
    )


@pytest.mark.parametrize(
    "wrapped",
    [
        f"<!-- {points(2)} -->",
        f"<![CDATA[{points(2)}]]>",
        f"<!-- {points(2)} --><{point_regex.MARK}/><{point_regex.MARK}/>",
        f"<?pi {points(2)} ?>",
    ],
    ids=["comment", "cdata", "comment and marks", "instruction"],
)
def test_points_that_are_none_are_not_lifted(wrapped: str) -> None:
    content = gpx_of(points(3)).replace("<trkseg>", f"<trkseg>{wrapped}").encode()
    assert len(only(content).samples) == 3


@pytest.mark.parametrize("at", [0, 500, 999])
def test_an_element_of_a_single_point_is_lifted_with_the_rest(at: int) -> None:
    rows = points(1000).split("\n")
    rows[at] = rows[at].replace("</trkpt>", "<speed>2.5</speed></trkpt>")
    assert_lifted_as_parsed(gpx_of("\n".join(rows)).encode())


def test_points_of_which_none_has_all_elements_are_left_to_the_parser() -> None:
    body = points(500, "<speed>2</speed>") + points(500, "<hr>150</hr>")
    assert xml._lifted(gpx_of(body).encode(), gpx.LAYOUT) is None


def test_what_stands_between_points_stays_in_its_place() -> None:
    body = (
        f"{points(3)}<!-- a --><x>1</x>{points(2)}</trkseg>\n<trkseg>{points(1)} &amp; {points(4)}"
    )
    assert_lifted_as_parsed(gpx_of(body).encode())


def test_the_first_of_two_heart_rates_counts() -> None:
    inside = "<hr>150</hr><x:hr>151</x:hr>"
    assert only(gpx_of(points(3, inside)).encode()).samples["hr_bpm"].tolist() == [150.0] * 3


@settings(deadline=None)
@given(track_points)
def test_the_short_cut_never_disagrees_with_the_parser(insides: list[str]) -> None:
    body = "".join(f'<trkpt lat="1" lon="2">{inside}</trkpt>\n' for inside in insides)
    content = gpx_of(body).encode()
    slow, fast = parsed(content), xml.read(content, gpx.LAYOUT)
    assert fast.nodes == slow.nodes
    assert fast.columns.records(fast.breaks).frame.equals(slow.columns.records(slow.breaks).frame)
