"""What is not read is named, says what to export instead, and is counted."""

import io
import zipfile
from pathlib import Path

import pytest

from kneeload.importers import unread
from kneeload.importers.discover import discover
from kneeload.importers.document import Refusal

KML = b'<?xml version="1.0"?>\n<!-- x --><kml xmlns="http://www.opengis.net/kml/2.2"></kml>'
SAMSUNG = (
    b"com.samsung.shealth.exercise,6,1\n"
    b"com.samsung.health.exercise.start_time,com.samsung.health.exercise.exercise_type,x\n"
    b"2026-03-03 17:00:00,1002,1\n2026-03-04 17:00:00,1001,1\n2026-03-05 17:00:00,1002,1\n"
)
CASES = {
    "a.kml": (KML, "a KML file: kneeload reads FIT, GPX and TCX; export as GPX"),
    "b.pwx": (b"<pwx version='1.0'/>", "a PWX file (TrainingPeaks)"),
    "c.hrm": (b"[Params]\r\nVersion=106\r\n", "an HRM file (Polar)"),
    "d.sml": (b"<sml xmlns='x'>", "a Suunto file"),
    "e.json": (b'{"DeviceLog": {}}', "a Suunto file"),
    "f.7z": (b"7z\xbc\xaf\x27\x1c\0\0", "a 7z archive: unpack it first"),
    "g.json": (
        b'[{"logId":1,"activityName":"Run"},{"logId":2,"activityName":"Walk"}]',
        "a Fitbit export: kneeload reads FIT, GPX and TCX; export the activities as TCX"
        " (1 run in it not read)",
    ),
    "h.json": (
        b'{"type": "run", "start_epoch_ms": 1, "active_duration_ms": 2}',
        "a Nike Run Club export: kneeload reads FIT, GPX and TCX; export as GPX"
        " (1 run in it not read)",
    ),
    "i.json": (
        b'{"start_time": 1, "duration": 2, "sport_type_id": "1"}',
        "a Runtastic (Adidas Running) export",
    ),
    "j.csv": (SAMSUNG, "(2 runs in it not read)"),
    "k.fit": (KML, "a KML file"),
    "l.tar.bz2": (b"BZh91AY", "a bzip2 archive: unpack it first"),
}


@pytest.mark.parametrize("name", CASES)
def test_a_format_that_is_not_read_is_named(tmp_path: Path, name: str) -> None:
    content, reason = CASES[name]
    (tmp_path / name).write_bytes(content)
    (only,) = discover([tmp_path / name])
    assert isinstance(only, Refusal)
    assert only.verdict == "skipped"
    assert reason in only.reason


def test_a_kmz_is_named_as_such(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("doc.kml", KML)
    (tmp_path / "a.kmz").write_bytes(buffer.getvalue())
    (only,) = discover([tmp_path])
    assert isinstance(only, Refusal)
    assert only.reason.startswith("is a KMZ file: kneeload reads FIT, GPX and TCX")


@pytest.mark.parametrize("content", [b"", b"{}", b"<html/>", b"a,b\n", b"\x00" * 99])
def test_what_is_nothing_of_the_kind_has_no_name(content: bytes) -> None:
    assert unread.reason(content, lambda: content, "a") == ""
