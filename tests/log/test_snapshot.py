"""What was read serves until somebody writes: this connection, another one, or a taken-back try."""

import datetime as dt
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kneeload.diary.validation import validated_entry
from kneeload.frames import MEASURED, PAIN, RUNS, STORED
from kneeload.log.snapshot import Reading
from kneeload.log.training_log import TrainingLog
from kneeload.store.database import connect, in_memory, snapshot

AT = dt.datetime(2026, 3, 15, 7, 0, tzinfo=dt.UTC)
RUNS_CSV = """date,time,distance_km,duration_min,name
2026-03-10,07:30,8,48,Easy
2026-03-12,07:30,6,36,Knee 2
"""
SCORE = validated_entry({"local_date": "2026-03-14", "score": 3})
_SAY_MILES = "INSERT OR REPLACE INTO setting VALUES ('units', 'mi')"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "log.db"


@pytest.fixture
def log(path: Path) -> Iterator[TrainingLog]:
    table = path.with_name("runs.csv")
    table.write_text(RUNS_CSV, encoding="utf-8")
    with TrainingLog(path) as opened:
        opened.ingest([table], now=AT)
        yield opened


def test_a_reading_holds_while_nobody_writes(log: TrainingLog, path: Path) -> None:
    with closing(connect(path)) as database:
        read = Reading(database)
        assert len(read.activities) == 2
        with closing(connect(path)) as other:
            assert len(Reading(other).activities) == 2
        assert read.is_current(database)


def test_a_commit_of_another_ends_it(log: TrainingLog, path: Path) -> None:
    with closing(connect(path)) as database:
        read = Reading(database)
        log.add_pain([SCORE], AT)
        assert not read.is_current(database)


def test_a_change_of_ones_own_ends_it_committed_or_not(log: TrainingLog, path: Path) -> None:
    with closing(connect(path)) as database:
        read = Reading(database)
        database.execute("BEGIN")
        database.execute(_SAY_MILES)
        assert not read.is_current(database)
        database.execute("ROLLBACK")
        assert not read.is_current(database)


def test_what_a_transaction_sees_ends_with_it(log: TrainingLog, path: Path) -> None:
    with closing(connect(path)) as database:
        database.execute("BEGIN")
        database.execute(_SAY_MILES)
        read = Reading(database)
        assert read.settings.units == "mi"
        database.execute("ROLLBACK")
        assert not read.is_current(database)
        assert Reading(database).settings.units == "km"


def test_a_reading_is_of_one_connection(path: Path) -> None:
    with closing(in_memory(path)) as first, closing(in_memory(path)) as second:
        assert Reading(first).is_current(first)
        assert not Reading(first).is_current(second)


def test_the_frames_are_made_once(log: TrainingLog) -> None:
    assert log._reading() is log._reading()
    assert log._reading().once is log._reading().once


def test_every_write_is_seen_in_the_next_frame(log: TrainingLog, path: Path) -> None:
    first, second = log.runs()["run_id"]
    assert log.pain()["score"].tolist() == [2]
    (name,) = log.add_pain([SCORE], AT)
    assert log.pain()["score"].tolist() == [2, 3]
    log.edit_pain(name, {"score": 5}, AT)
    assert log.pain()["score"].tolist() == [2, 5]
    log.edit_run(first, {"distance_km": 9.0}, AT)
    assert log.activities()["distance_km"].tolist() == [9.0, 6.0]
    log.undo()
    assert log.activities()["distance_km"].tolist() == [8.0, 6.0]
    log.remove_run(second, AT)
    assert log.runs()["run_id"].tolist() == [first]
    assert log.pain()["score"].tolist() == [5]
    log.set("load_method", "srpe")
    assert log.settings.load_method == "srpe"
    assert set(log.runs()["load_method"]) == {""}


def test_what_another_process_writes_is_seen_in_the_next_frame(
    log: TrainingLog, path: Path
) -> None:
    assert len(log.pain()) == 1
    with TrainingLog(path) as other:
        other.add_pain([SCORE], AT)
        assert len(log.pain()) == 2
        other.remove_run(log.runs()["run_id"][1], AT)
    assert len(log.runs()) == 1
    assert len(log.pain()) == 1


def test_within_a_snapshot_the_frames_are_of_one_moment(log: TrainingLog, path: Path) -> None:
    with TrainingLog(path) as other:
        with snapshot(log._database):
            assert len(log.pain()) == 1
            other.add_pain([SCORE], AT)
            assert len(log.pain()) == 1
        assert len(log.pain()) == 2


def test_a_log_that_is_made_later_is_read_anew(path: Path) -> None:
    with TrainingLog(path, create_lazily=True) as log:
        assert log.pain().empty
        log.add_pain([SCORE], AT)
        assert log.pain()["score"].tolist() == [3]


def test_a_frame_handed_out_is_the_callers_own(log: TrainingLog) -> None:
    for read in (log.activities, log.pain, log.runs):
        frame = read()
        frame.loc[0, "note"] = "mine"
        frame["further"] = 1
        assert "mine" not in read()["note"].tolist()
        assert "further" not in read()


def test_the_columns_are_those_that_the_frames_describe(log: TrainingLog) -> None:
    assert list(log.activities()) == [*RUNS, *STORED, *MEASURED]
    assert list(log.pain()) == list(PAIN)
