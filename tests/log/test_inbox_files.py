"""The pain inbox and the log: files as a synced folder brings them, and what becomes of them."""

import datetime as dt
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kneeload.cli.output import as_csv
from kneeload.log.score_tables import import_pain
from kneeload.log.training_log import TrainingLog
from kneeload.log.verify import examine

NOW = dt.datetime(2026, 11, 29, 12, 0, tzinfo=dt.UTC)
RUNS = """date,time,distance_km,duration_min
2026-11-27,07:00,8,60
2026-11-28,07:00,8,60
2026-11-29,07:00,8,60
"""


@pytest.fixture
def box(tmp_path: Path) -> Path:
    folder = tmp_path / "box"
    folder.mkdir()
    return folder


@pytest.fixture
def log(tmp_path: Path, box: Path) -> Iterator[TrainingLog]:
    (tmp_path / "runs.csv").write_text(RUNS)
    with TrainingLog(tmp_path / "log.db") as log:
        log.set("pain_inbox", str(box))
        log.set("time_zone", "UTC")
        yield log


def write(path: Path, text: str, at: dt.datetime = NOW - dt.timedelta(hours=1)) -> None:
    path.write_bytes(text.encode())
    os.utime(path, (at.timestamp(), at.timestamp()))


def scores(log: TrainingLog) -> list[tuple[str, str, str, int]]:
    rows = log.pain()[["local_date", "knee", "moment", "score"]].itertuples(index=False)
    return sorted((f"{day:%m-%d}", knee, moment, score) for day, knee, moment, score in rows)


def test_moment_and_run_follow_once_the_runs_are_there(
    log: TrainingLog, box: Path, tmp_path: Path
) -> None:
    write(
        box / "knee.txt",
        "2026-11-29T06:30 L 3\n"  # a run yesterday, before eleven
        "2026-11-29T10:59 L 2\n"  # within three hours of today's run, which ended at eight
        "2026-11-28T11:01 L 1\n"  # beyond three hours, beyond eleven
        "2026-11-29T07:30 4\n"  # while running
        "2026-11-28 2\n",
    )
    assert log.read_inbox(NOW).new == 5
    assert {moment for _, _, moment, _ in scores(log)} == {"unsure"}
    log.ingest([tmp_path / "runs.csv"], now=NOW)
    assert scores(log) == [
        ("11-28", "left", "unsure", 1),
        ("11-28", "unsure", "unsure", 2),
        ("11-29", "left", "after", 2),
        ("11-29", "left", "next_morning", 3),
        ("11-29", "unsure", "during", 4),
    ]
    runs = dict(zip(log.runs()["local_date"].dt.day, log.runs()["run_id"], strict=True))
    pain = log.pain().set_index("moment")["run_id"]
    assert pain["after"] == pain["during"] == runs[29]
    assert pain["next_morning"] == runs[28]


def test_what_the_runner_sets_stays(log: TrainingLog, box: Path, tmp_path: Path) -> None:
    write(box / "knee.txt", "2026-11-29T10:00 L 2\n2026-11-29T10:05 R 2\n")
    log.read_inbox(NOW)
    first, second = log.pain().sort_values("knee")["pain_id"]
    log.edit_pain(first, {"score": 5}, NOW)
    log.edit_pain(second, {"moment": "rest"}, NOW)
    log.ingest([tmp_path / "runs.csv"], now=NOW)
    assert scores(log) == [("11-29", "left", "after", 5), ("11-29", "right", "rest", 2)]
    assert set(log.pain()["origin"]) == {"phone"}


def test_a_last_line_waits_for_sixty_quiet_seconds(log: TrainingLog, box: Path) -> None:
    write(box / "knee.txt", "2026-11-29T10:00 1", NOW)
    assert log.read_inbox(NOW + dt.timedelta(seconds=59)).new == 0
    assert log.read_inbox(NOW + dt.timedelta(seconds=60)).new == 1
    write(box / "knee.txt", "2026-11-29T10:00 10 morning\n", NOW)
    assert log.read_inbox(NOW + dt.timedelta(seconds=90)).new == 1
    assert scores(log) == [("11-29", "unsure", "next_morning", 10)]


def test_a_phone_whose_clock_is_ahead_is_read_all_the_same(log: TrainingLog, box: Path) -> None:
    write(box / "knee.txt", "2026-11-29T10:00 1", NOW + dt.timedelta(hours=3))
    assert log.read_inbox(NOW).new == 0
    assert log.read_inbox(NOW + dt.timedelta(seconds=60)).new == 1


def test_a_line_ahead_of_the_clock_is_held_until_its_day(log: TrainingLog, box: Path) -> None:
    write(box / "knee.txt", "2026-12-03T10:00 L 1\n")
    reading = log.read_inbox(NOW)
    assert (reading.new, log.pain().empty) == (0, True)
    assert reading.notes == ("knee.txt, line 1: dated more than a day ahead; it waits until then.",)
    (box / "knee.txt").unlink()
    later = log.read_inbox(NOW + dt.timedelta(days=3))
    assert (later.notes, scores(log)) == ((), [("12-03", "left", "unsure", 1)])


def test_an_unreadable_line_is_named_until_mended_or_dismissed(log: TrainingLog, box: Path) -> None:
    write(box / "knee.txt", "2026-11-29 L 1\n\nknie links 2\n2026-11-29 3 weeks\n")
    for _ in range(2):
        third, fourth = log.read_inbox(NOW).notes
        assert third.startswith(
            "knee.txt, line 3 does not begin with a date such as 2026-03-14. Correct the line"
        )
        assert fourth.startswith("knee.txt, line 4 has no score from 0 to 10. Correct the line")
    log.remove_pain(fourth.rpartition(" ")[2], NOW)
    assert len(log.read_inbox(NOW).notes) == 1
    write(box / "knee.txt", "2026-11-29 L 1\n\n2026-11-28 knie links 2\n2026-11-29 3 weeks\n")
    assert log.read_inbox(NOW).notes == ()
    assert scores(log) == [("11-28", "left", "unsure", 2), ("11-29", "left", "unsure", 1)]


def test_undo_takes_back_an_edit_and_a_reading(log: TrainingLog, box: Path) -> None:
    write(box / "knee.txt", "2026-11-29T10:00 L 3\n")
    log.read_inbox(NOW)
    write(box / "knee.txt", "2026-11-29T10:00 L 7\n")
    log.read_inbox(NOW)
    assert [s for *_, s in scores(log)] == [7]
    log.undo()
    assert [s for *_, s in scores(log)] == [3]
    log.undo()
    log.read_inbox(NOW)
    assert scores(log) == []


def test_a_removal_is_remembered_by_the_line(log: TrainingLog, box: Path) -> None:
    write(box / "knee.txt", "2026-11-29T10:00 L before 1 after 3\n")
    log.read_inbox(NOW)
    log.remove_pain(log.pain()["pain_id"].iloc[0], NOW)
    write(box / "copy.txt", "2026-11-29T10:00 L before 1 after 3\n")
    assert log.read_inbox(NOW).new == 0
    assert [(m, s) for _, _, m, s in scores(log)] == [("after", 3)]


def test_an_edit_in_the_file_of_what_was_edited_here_is_listed(log: TrainingLog, box: Path) -> None:
    write(box / "knee.txt", "2026-11-29T10:00 L 3\n")
    log.read_inbox(NOW)
    log.edit_pain(log.pain()["pain_id"].iloc[0], {"score": 4}, NOW)
    write(box / "knee.txt", "2026-11-29T10:00 L 7\n")
    (note,) = log.read_inbox(NOW).notes
    assert note.startswith("knee.txt, line 1: changed after you edited its score in kneeload")
    assert [s for *_, s in scores(log)] == [4]
    log.remove_pain(note.rpartition(" ")[2], NOW)
    assert log.read_inbox(NOW).notes == ()


def test_two_scores_of_one_time_are_listed_not_guessed(log: TrainingLog, box: Path) -> None:
    write(box / "knee.txt", "2026-11-29T10:00 L 3\n")
    write(box / "knee.sync-conflict.txt", "2026-11-29T10:00 L 4\n2026-11-29T10:00 R 1\n")
    (note,) = log.read_inbox(NOW).notes
    assert "different scores for the same time" in note
    assert [s for *_, s in scores(log)] == [3, 4, 1]


def test_a_missing_folder_is_a_note(log: TrainingLog, box: Path) -> None:
    box.rmdir()
    (note,) = log.read_inbox(NOW).notes
    assert note == f"Pain inbox {box} is not there now; skipped."


def test_a_locked_log_is_a_note_and_the_lines_come_later(
    log: TrainingLog, box: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kneeload.log.inbox_files._PATIENCE_MS", 1)
    write(box / "knee.txt", "2026-11-29T10:00 L 3\n")
    with closing(sqlite3.connect(log.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        (note,) = log.read_inbox(NOW).notes
        assert note.startswith("The pain inbox was not read: ")
    assert log.read_inbox(NOW).new == 1


def test_hidden_half_synced_and_picture_files_are_skipped(log: TrainingLog, box: Path) -> None:
    for name in (".knee.txt", "~knee.txt", "knee.jpg", ".syncthing.knee.txt.tmp"):
        write(box / name, "2026-11-29T10:00 L 3\n")
    (box / "folder.txt").mkdir()
    assert log.read_inbox(NOW) == type(log.read_inbox(NOW))()


TRACKED = """FeatureName,Timestamp,Value,Note
Left knee,2026-11-29T10:00:00.432+01:00,3.0,ran 5 km on 2 hills
Left knee morning,2026-11-29T07:02:00+01:00,2.0:Sharp,
Knie,2026-11-28T21:00:00+01:00,0.0,
Weight,2026-11-29T07:00:00+01:00,7.0,
Knee strength,2026-11-29T07:00:00+01:00,7.0,
Left knee,2026-11-27T10:00:00Z,11.0,
Left knee,2026-11-27T10:00:00Z,2.5,
Left knee,2026-11-27T10:00:00Z,1:10:00,
"""


def test_the_export_of_track_and_graph_is_read_as_it_is(log: TrainingLog, box: Path) -> None:
    write(box / "export.csv", TRACKED)
    reading = log.read_inbox(NOW)
    assert scores(log) == [
        ("11-28", "unsure", "unsure", 0),
        ("11-29", "left", "next_morning", 2),
        ("11-29", "left", "unsure", 3),
    ]
    assert set(log.pain()["note"]) == {"", "Sharp", "ran 5 km on 2 hills"}
    assert reading.notes == (
        "export.csv: left out Weight, Knee strength (not named after a knee)",
        "export.csv, line 7: '11.0' is not a score from 0 to 10; skipped",
        "export.csv, line 8: '2.5' is not a score from 0 to 10; skipped",
        "export.csv, line 9: '1:10:00' is not a score from 0 to 10; skipped",
    )


def test_import_takes_both_kinds_of_tables(log: TrainingLog, tmp_path: Path) -> None:
    (tmp_path / "export.csv").write_text(TRACKED)
    (tmp_path / "knee.csv").write_text(
        "local_date,score,origin\n2026-11-28,3,\n2026-11-28,,marker\n"
    )
    (tmp_path / "bad.csv").write_text("local_date,score\n2026-11-28,11\n")
    files = [tmp_path / name for name in ("export.csv", "knee.csv", "bad.csv")]
    summary = log.ingest(files, now=NOW)
    assert (summary.read, summary.pain) == (2, {"new": 4, "known": 0})
    assert [entry["path"] for entry in summary.failed] == [str(tmp_path / "bad.csv")]
    assert log.ingest(files, now=NOW).pain == {"new": 0, "known": 4}
    assert len(log.pain()) == 4


def test_lines_go_through_export_import_rebuild_and_verify(
    log: TrainingLog, box: Path, tmp_path: Path
) -> None:
    write(box / "knee.txt", "2026-11-29T10:00 L 3\n2026-11-28 2\nknie 2\n")
    log.ingest([tmp_path / "runs.csv"], now=NOW)
    log.read_inbox(NOW)
    log.edit_pain(log.pain()["pain_id"].iloc[1], {"site": "front"}, NOW)
    log.remove_pain(log.pain()["pain_id"].iloc[0], NOW)
    log.rebuild(NOW)
    log.export(tmp_path / "all.zip", as_csv)
    table = as_csv(log.pain())
    assert examine(log.path).problems == ()
    with TrainingLog(tmp_path / "new.db") as new:
        new.ingest([tmp_path / "all.zip"], now=NOW)
        assert new.pain().equals(log.pain())
        assert import_pain(new, table, NOW) == (0, 1)
        assert new.read_inbox(NOW).new == 0, "the same lines from the same inbox"
