"""Garmin Connect's ``Activities.csv``: no zone and no unit, other languages, thousands."""

from pathlib import Path

import pytest

from kneeload.importers.decode import decode
from kneeload.importers.discover import discover
from kneeload.importers.document import Document, Refusal
from kneeload.model import Activity, Sport

HEADER = (
    "Activity Type,Date,Favorite,Title,Distance,Calories,Time,Avg HR,Max HR,Avg Run Cadence,"
    "Avg Stride Length\n"
)
GERMAN = "Aktivitätstyp,Datum,Favorit,Titel,Distanz,Kalorien,Zeit\n"


def activities(folder: Path, table: str) -> list[Activity]:
    (folder / "Activities.csv").write_text(table)
    seen = [each for each in discover([folder]) if isinstance(each, Document)]
    return [activity for document in seen for activity in decode(document)]


def row(distance: str, time: str = "00:30:00", stride: str = "--", kind: str = "Running") -> str:
    cells = f'{kind},2026-03-03 18:00:00,false,Munich,"{distance}","1,300","{time}","150","170"'
    return f'{cells},"170","{stride}"\n'


def test_a_row_is_a_run_of_its_local_day(tmp_path: Path) -> None:
    (run,) = activities(tmp_path, HEADER + row("5.40"))
    assert (run.distance_m, run.timer_s, run.avg_hr_bpm, run.max_hr_bpm) == (5400, 1800, 150, 170)
    assert (run.started_at.isoformat(), run.utc_offset_s) == ("2026-03-03T18:00:00+00:00", 0)
    assert (run.sport, run.sport_inferred, run.name) == (Sport.RUNNING, False, "Munich")


@pytest.mark.parametrize(
    ("distance", "time", "stride", "metres"),
    [
        ("3.36", "00:30:00", "1.06", 5407.4),
        ("5.40", "00:30:00", "1.06", 5400),
        ("5,400.00", "00:30:00", "--", 5400),
        ("5,40", "00:30:00", "--", 5400),
        ("1,005.40", "120:30:00", "--", 1_005_400),
    ],
    ids=["miles by steps", "kilometres by steps", "metres by speed", "comma", "thousands"],
)
def test_the_unit(tmp_path: Path, distance: str, time: str, stride: str, metres: float) -> None:
    (run,) = activities(tmp_path, HEADER + row(distance, time, stride))
    assert run.distance_m == pytest.approx(metres, rel=1e-3)


def test_no_distance_is_none(tmp_path: Path) -> None:
    (run,) = activities(tmp_path, HEADER + row("--", kind="Treadmill Running"))
    assert (run.distance_m, run.sport) == (None, Sport.TREADMILL_RUNNING)


def test_a_german_table(tmp_path: Path) -> None:
    line = 'Laufen,2026-03-03 18:00:00,false,München,"5,40","300","00:30:00"\n'
    (run,) = activities(tmp_path, GERMAN + line)
    assert (run.distance_m, run.sport) == (5400, Sport.RUNNING)


def test_a_bad_date_is_named_and_an_empty_table_skipped(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(HEADER + row("5").replace("2026-03-03", "soon"))
    (tmp_path / "b.csv").write_text(HEADER)
    first, second = discover([tmp_path])
    assert isinstance(first, Refusal)
    assert isinstance(second, Refusal)
    assert first.reason == "row 2: date 'soon 18:00:00' cannot be read"
    assert (second.verdict, second.reason) == ("skipped", "lists no activity")
