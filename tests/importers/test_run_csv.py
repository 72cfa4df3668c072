"""A runner's own table: its text is the input of each test."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneeload.importers import json_rows
from kneeload.importers.decode import decode
from kneeload.importers.discover import discover
from kneeload.importers.document import Document, Found, Refusal
from kneeload.model import Activity, Sport


def found(tmp_path: Path, text: str | bytes) -> list[Found]:
    file = tmp_path / "diary.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(discover([file]))


def documents(tmp_path: Path, text: str | bytes) -> list[Document]:
    seen = found(tmp_path, text)
    assert all(isinstance(each, Document) for each in seen), seen
    return [each for each in seen if isinstance(each, Document)]


def activities(tmp_path: Path, text: str | bytes) -> list[Activity]:
    return [each for document in documents(tmp_path, text) for each in decode(document)]


def refusal(tmp_path: Path, text: str | bytes) -> Refusal:
    (only,) = found(tmp_path, text)
    assert isinstance(only, Refusal)
    return only


def test_a_run_without_a_time_is_at_noon(tmp_path: Path) -> None:
    (run,) = activities(tmp_path, "date,distance_km,duration_min\n2026-03-14,10.5,61\n")
    assert run.started_at == dt.datetime(2026, 3, 14, 12, tzinfo=dt.UTC)
    assert (run.utc_offset_s, run.clock_known) == (0, False)
    assert (run.distance_m, run.distance_source, run.timer_s) == (10500, "manual", 3660)
    assert (run.sport, run.sport_inferred) == (Sport.RUNNING, False)
    assert run.samples.empty
    assert run.elapsed_s is None
    assert run.rpe is None


def test_every_column_is_read(tmp_path: Path) -> None:
    text = (
        "date,time,distance_mi,duration_min,rpe,sport,note,name,shoe\n"
        '2026-03-14,06:30,3,30.5,7,trail run,"knee ""ok"",\nthen sore",Hills,Red ones\n'
    )
    (run,) = activities(tmp_path, text)
    assert run.started_at == dt.datetime(2026, 3, 14, 6, 30, tzinfo=dt.UTC)
    assert run.clock_known
    assert run.distance_m == pytest.approx(4828.032)
    assert (run.timer_s, run.rpe, run.sport) == (1830, 7, Sport.TRAIL_RUNNING)
    assert run.private_note == 'knee "ok",\nthen sore'
    assert (run.name, run.gear) == ("Hills", "Red ones")


@pytest.mark.parametrize(
    "text",
    [
        "date;distance_km;duration_min\n2026-03-14;10,5;61\n",
        'date,distance_km,duration_min\n2026-03-14,"10,5",61\n',
        "date\tdistance_km\tduration_min\n2026-03-14\t10.50\t61.0\n",
        "\ufeffdate,distance_km,duration_min\r\n2026-03-14,10.5,61\r\n",
        " Date , Distance_KM,Duration_min\n\n2026-03-14 , 10.5 ,61\n,,\n",
        "duration_min,date,distance_km,mood\n61,2026-03-14,10.5,fine\n",
    ],
)
def test_spreadsheets_write_one_table_in_many_ways(tmp_path: Path, text: str) -> None:
    plain = "date,distance_km,duration_min\n2026-03-14,10.5,61\n"
    assert documents(tmp_path, text)[0].digest == documents(tmp_path, plain)[0].digest


def test_windows_letters_are_read(tmp_path: Path) -> None:
    (run,) = activities(tmp_path, "date;distance_km;note\n2026-03-14;5;müde\n".encode("cp1252"))
    assert run.private_note == "müde"


def test_two_equal_rows_are_two_runs_and_stay_two(tmp_path: Path) -> None:
    text = "date,distance_km,duration_min\n" + "2026-03-14,5,30\n" * 2
    first, second = documents(tmp_path, text)
    assert first.digest != second.digest
    assert [d.digest for d in documents(tmp_path, text)] == [first.digest, second.digest]
    longer = documents(tmp_path, text + "2026-03-15,6,36\n2026-03-14,5,30\n")
    assert [d.digest for d in longer[:2]] == [first.digest, second.digest]
    assert len({d.digest for d in longer}) == 4


def test_a_note_written_later_makes_no_other_run(tmp_path: Path) -> None:
    (before,) = documents(tmp_path, "date,distance_km,rpe,note\n2026-03-14,5,,\n")
    (after,) = documents(tmp_path, "date,distance_km,rpe,note\n2026-03-14,5,4,knee 2\n")
    assert before.digest == after.digest
    assert before.companion != after.companion


def test_rows_count_under_their_file(tmp_path: Path) -> None:
    (only,) = documents(tmp_path, "date,distance_km\n2026-03-14,5\n")
    assert (only.path, only.file, only.kind) == (
        str(tmp_path / "diary.csv"),
        str(tmp_path / "diary.csv"),
        "diary",
    )


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("2026-03-14,abc,30,,,", "row 3: distance 'abc' is not a number"),
        ("2026-03-14,nan,30,,,", "row 3: distance 'nan' is not a number"),
        ("2026-03-14,1e999,30,,,", "row 3: distance '1e999' is not a number"),
        ("2026-03-14,-5,30,,,", "row 3: distance '-5' is negative"),
        ("2026-03-14,5,1:30,,,", "row 3: duration '1:30' is not a number"),
        ("2026-03-14,,,,,", "row 3: neither a distance nor a duration"),
        ("14.03.2026,5,30,,,", "row 3: date '14.03.2026' is not written like 2026-03-14"),
        ("2026-02-30,5,30,,,", "row 3: date '2026-02-30' is not written like 2026-03-14"),
        (",5,30,,,", "row 3: date '' is not written like 2026-03-14"),
        ("2026-03-14,5,30,6 am,,", "row 3: time '6 am' is not written like 07:30"),
        ("2026-03-14,5,30,,11,", "row 3: rpe '11' is not between 0 and 10"),
        ("2026-03-14,5,30,,,quidditch", "row 3: unknown sport 'quidditch'"),
    ],
)
def test_a_bad_row_refuses_the_whole_file(tmp_path: Path, row: str, reason: str) -> None:
    text = f"date,distance_km,duration_min,time,rpe,sport\n2026-03-13,5,30,,,\n{row}\n"
    assert refusal(tmp_path, text).verdict == "failed"
    assert refusal(tmp_path, text).reason.startswith(reason)


def test_a_diary_without_rows_is_skipped(tmp_path: Path) -> None:
    assert refusal(tmp_path, "date,distance_km\n").verdict == "skipped"


def test_missing_is_never_zero(tmp_path: Path) -> None:
    text = "date,distance_km,duration_min\n2026-03-14,,45\n2026-03-15,0,45\n"
    for run in activities(tmp_path, text):
        assert (run.distance_m, run.distance_source) == (None, None)


@given(
    day=st.dates(dt.date(1990, 1, 1), dt.date(2100, 1, 1)),
    km=st.floats(0.01, 300),
    minutes=st.floats(0.1, 2000),
)
def test_numbers_survive_the_way(
    tmp_path_factory: pytest.TempPathFactory, day: dt.date, km: float, minutes: float
) -> None:
    text = f"date,distance_km,duration_min\n{day},{km!r},{minutes!r}\n"
    (run,) = activities(tmp_path_factory.mktemp("diary"), text)
    assert run.started_at.date() == day
    assert run.distance_m == pytest.approx(km * 1000, abs=0.001)
    assert run.timer_s == pytest.approx(minutes * 60, abs=0.001)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("28:30", 1710),
        ("1:05:12", 3912),
        ("0:00", 0),
        ("90", None),
        ("1:2:3:4", None),
        ("a:b", None),
    ],
)
def test_clock_durations(text: str, seconds: float | None) -> None:
    assert json_rows.clock_seconds(text) == seconds
