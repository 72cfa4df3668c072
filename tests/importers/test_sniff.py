"""What a file is, by content: no test here gives a name."""

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneeload.importers import sniff

GPX = b'<?xml version="1.0"?>\n<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1"/>'


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\x0e\x10\x5d\x08\x00\x00\x00\x00.FIT\x00\x00", "fit"),
        (GPX, "gpx"),
        (b"          " + GPX, "gpx"),
        (b"\xef\xbb\xbf" + GPX, "gpx"),
        (GPX.decode().encode("utf-16"), "gpx"),
        (b"<!-- written > by hand --><g:gpx xmlns:g='x'>", "gpx"),
        (b'<?xml version="1.0"?><TrainingCenterDatabase>', "tcx"),
        (b"<!DOCTYPE gpx [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><gpx>", "gpx"),
        (b'<?xml version="1.0"?><!DOCTYPE HealthData [\n<!ELEMENT Workout ANY>', "apple_health"),
        (b'<ClinicalDocument xmlns="urn:hl7-org:v3">', None),
        (b"<kml><gpx/></kml>", None),
        (b"<html><body>gpx</body></html>", None),
        (gzip.compress(GPX, mtime=0), "gzip"),
        (b"PK\x03\x04rest", "zip"),
        (b"PK\x05\x06" + bytes(18), "zip"),
        (b'[{"summarizedActivitiesExport":[]}]', "garmin_summaries"),
        (b'{"startTime":"2026-01-01T10:00:00","exercises":[]}', "polar"),
        (b'{"exercises":[]}', None),
        (b"date,distance_km,duration_min\n", "diary"),
        (b"\xef\xbb\xbfDate;distance_mi;note\n", "diary"),
        (b"local_date,score\n2026-01-01,3\n", "pain"),
        (b"date,weight\n2026-01-01,70\n", None),
        (b"Activity Id,Date,Type,Route Name,Distance (km),GPX File\n", "runkeeper"),
        (b"", None),
        (b" \n", None),
        (b"<", None),
        (bytes(4096), None),
        (b"\x89PNG\r\n\x1a\n", None),
    ],
)
def test_kind_is_told_by_content(content: bytes, kind: str | None) -> None:
    assert sniff.kind(content) == kind


def test_real_strava_headers_of_seven_ages_are_known(corpus: Path) -> None:
    headers = sorted((corpus / "strava_headers").glob("*.csv"))
    assert [sniff.kind(file.read_bytes()) for file in headers] == ["strava"] * 7


@given(st.binary(max_size=400))
def test_any_bytes_have_a_kind_or_none(content: bytes) -> None:
    assert sniff.kind(content) is None or isinstance(sniff.kind(content), str)


@given(st.text(max_size=200))
def test_any_text_has_a_kind_or_none(text: str) -> None:
    sniff.kind(text.encode("utf-8", "surrogatepass"))
