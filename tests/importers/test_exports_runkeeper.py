"""Runkeeper's export: the unit stands in the header, times are local, GPX files lie beside."""

import datetime as dt
from pathlib import Path

import pytest

from kneeload.importers.decode import decode
from kneeload.importers.discover import discover
from kneeload.importers.document import Document, Refusal
from kneeload.model import Activity, Sport

METRIC = (
    "Activity Id,Date,Type,Route Name,Distance (km),Duration,Average Pace,Average Speed (km/h),"
    "Calories Burned,Climb (m),Average Heart Rate (bpm),Friend's Tagged,Notes,GPX File\n"
)
IMPERIAL = (
    METRIC.replace("(km)", "(mi)").replace("(km/h)", "(mph)").replace("Climb (m)", "Climb (ft)")
)
ROW = (
    'a-1,2019-05-04 16:35:09,Running,Lake,5.20,{time},5:29,10.9,350,40,151,"","said ""hi"",\nran",'
)
TRACK = b"""<gpx xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>
<trkpt lat="47.0" lon="8.0"><time>2019-05-04T14:35:09Z</time></trkpt>
<trkpt lat="47.001" lon="8.0"><time>2019-05-04T14:35:49Z</time></trkpt>
<trkpt lat="47.002" lon="8.0"><time>2019-05-04T14:36:29Z</time></trkpt>
</trkseg></trk></gpx>"""


def activities(folder: Path, table: str) -> list[Activity]:
    (folder / "cardioActivities.csv").write_text(table)
    seen = [each for each in discover([folder]) if isinstance(each, Document)]
    return [activity for document in seen for activity in decode(document)]


def test_a_row_without_a_file(tmp_path: Path) -> None:
    (run,) = activities(tmp_path, METRIC + ROW.format(time="28:30"))
    assert (run.distance_m, run.timer_s, run.distance_source) == (5200, 1710, "export")
    assert (run.ascent_m, run.avg_hr_bpm, run.sport) == (40, 151, Sport.RUNNING)
    assert (run.name, run.private_note) == ("Lake", 'said "hi",\nran')


def test_the_unit_stands_in_the_header(tmp_path: Path) -> None:
    (run,) = activities(tmp_path, IMPERIAL + ROW.format(time="1:05:12"))
    assert run.distance_m == pytest.approx(8368.589)
    assert run.ascent_m == pytest.approx(12.192)
    assert run.timer_s == 3912


def test_the_date_is_local_and_stays(tmp_path: Path) -> None:
    late = ROW.format(time="28:30").replace("16:35:09", "23:50:00")
    (run,) = activities(tmp_path, METRIC + late)
    assert run.started_at == dt.datetime(2019, 5, 4, 23, 50, tzinfo=dt.UTC)
    assert run.utc_offset_s == 0


def test_a_gpx_beside_it_is_joined(tmp_path: Path) -> None:
    (tmp_path / "2019-05-04-163509.gpx").write_bytes(TRACK)
    row = ROW.format(time="28:30") + "2019-05-04-163509.gpx\n"
    (run,) = activities(tmp_path, METRIC + row)
    assert run.started_at == dt.datetime(2019, 5, 4, 14, 35, 9, tzinfo=dt.UTC)
    assert (run.distance_m, run.name, run.sport_inferred) == (5200, "Lake", False)
    assert len(run.samples) == 3


def test_a_date_that_cannot_be_read_is_a_warning(tmp_path: Path) -> None:
    table = METRIC + ROW.format(time="28:30").replace("2019-05-04 16:35:09", "04/05/2019")
    (tmp_path / "cardioActivities.csv").write_text(table)
    (only,) = discover([tmp_path])
    assert isinstance(only, Refusal)
    assert (only.verdict, only.reason) == ("warning", "row 2: date '04/05/2019' cannot be read")
