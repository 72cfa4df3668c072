"""Scores read from imported notes: marked, found once, rejected for good, never counted twice."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from kneeload.cli.output import as_csv
from kneeload.errors import EntryError
from kneeload.log.score_tables import import_pain
from kneeload.log.training_log import TrainingLog

AT = dt.datetime(2026, 3, 15, 7, 0, tzinfo=dt.UTC)
RUNS = """date,time,distance_km,duration_min,name,note
2026-03-10,07:30,8,48,Easy,"R knee: before 0/10, during 3/10. Next morning 2/10"
2026-03-12,07:30,6,36,Knie 2,knee high 3 sets
2026-03-14,07:30,12,70,Long run,3x10 hills and no complaints
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "runs.csv"
    path.write_text(RUNS, encoding="utf-8")
    return path


@pytest.fixture
def log(tmp_path: Path, table: Path) -> Iterator[TrainingLog]:
    with TrainingLog(tmp_path / "log.db") as opened:
        opened.ingest([table], now=AT)
        yield opened


def said(log: TrainingLog) -> list[tuple[str, str, str, int, str]]:
    columns = ["local_date", "knee", "moment", "score", "origin"]
    frame = log.pain()[columns].astype({"local_date": "str"})
    return [tuple(row) for row in frame.to_numpy().tolist()]


def test_notes_become_entries_marked_as_parsed(log: TrainingLog) -> None:
    assert said(log) == [
        ("2026-03-10", "right", "before", 0, "parsed"),
        ("2026-03-10", "right", "during", 3, "parsed"),
        ("2026-03-11", "right", "next_morning", 2, "parsed"),
        ("2026-03-12", "unsure", "unsure", 2, "parsed"),
    ]
    first = log.runs()["run_id"][0]
    assert log.pain()["run_id"].tolist()[:3] == [first] * 3
    assert log.pain()["note"].tolist()[2] == "Next morning 2/10"


def test_they_were_entered_when_their_run_came_in(log: TrainingLog, tmp_path: Path) -> None:
    later = tmp_path / "later.csv"
    later.write_text("date,distance_km,name\n2026-03-20,5,Knee 1\n", encoding="utf-8")
    log.ingest([later], now=AT + dt.timedelta(days=6))
    entered = log.pain()["entered_at"].dt.strftime("%m-%d").tolist()
    assert entered == ["03-15"] * 4 + ["03-21"]


def test_their_ids_come_from_the_run(log: TrainingLog, table: Path, tmp_path: Path) -> None:
    with TrainingLog(tmp_path / "other.db") as other:
        other.ingest([table], now=AT + dt.timedelta(days=9))
        assert other.pain()["pain_id"].tolist() == log.pain()["pain_id"].tolist()
    before = log.pain()
    log.rebuild(AT)
    assert log.pain().equals(before)


def test_a_rejected_one_stays_away(log: TrainingLog, table: Path) -> None:
    name = log.pain()["pain_id"].tolist()[3]
    log.remove_pain(name, AT)
    assert len(log.pain()) == 3
    log.ingest([table], now=AT)
    log.rebuild(AT)
    assert name not in set(log.pain()["pain_id"])
    with pytest.raises(EntryError, match="no pain entry"):
        log.remove_pain(name, AT)
    log.undo()
    assert len(log.pain()) == 4


def test_a_corrected_one_is_the_runners_own(log: TrainingLog) -> None:
    name = log.pain()["pain_id"].tolist()[3]
    log.edit_pain(name[:13], {"score": 4, "knee": "left"}, AT)
    assert said(log)[3] == ("2026-03-12", "left", "unsure", 4, "entered")
    log.undo()
    assert said(log)[3] == ("2026-03-12", "unsure", "unsure", 2, "parsed")


def test_their_csv_adds_nothing_twice(log: TrainingLog, table: Path, tmp_path: Path) -> None:
    text = as_csv(log.pain())
    assert import_pain(log, text, AT) == (0, 4)
    log.remove_pain(log.pain()["pain_id"].tolist()[0], AT)
    assert import_pain(log, text, AT) == (0, 4)
    with TrainingLog(tmp_path / "other.db") as other:
        assert import_pain(other, text, AT) == (4, 0)
        other.ingest([table], now=AT)
        assert len(other.pain()) == 4
        assert set(other.pain()["origin"]) == {"parsed"}


def test_what_the_runner_notes_later_is_read_too(log: TrainingLog) -> None:
    last = log.runs()["run_id"].tolist()[-1]
    log.edit_run(last, {"note": "left knee 5/10 after"}, AT)
    assert said(log)[-1] == ("2026-03-14", "left", "after", 5, "parsed")
    log.remove_run(last, AT)
    assert len(log.pain()) == 4
