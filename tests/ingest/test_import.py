"""Importing: once, whole, in any order, whatever the files are."""

import datetime as dt
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pandas as pd
import pytest

from kneeload.ingest import pipeline
from kneeload.ingest.measure import Context
from kneeload.log.training_log import TrainingLog
from kneeload.samples import samples_folder

NOW = dt.datetime(2026, 4, 1, 12, 0, tzinfo=dt.UTC)
SAMPLES = samples_folder()


def ingest(log: TrainingLog, *paths: Path, **options: Any) -> dict[str, Any]:
    return asdict(log.ingest(paths, now=NOW, **options))


def dump(path: Path) -> dict[str, list[Any]]:
    """Return every row that a clock did not write, in an order of its own."""
    columns = {
        "source": "digest, kind, path, file, sport, content, companion",
        "activity": "*",
        "journal": "verb, object, subject, payload, undone",
        "setting": "*",
    }
    with closing(sqlite3.connect(path)) as database:
        return {t: sorted(database.execute(f"SELECT {c} FROM {t}")) for t, c in columns.items()}


@pytest.fixture
def log(sample_log: Path) -> Iterator[TrainingLog]:
    """Return a log of all samples."""
    with TrainingLog(sample_log) as opened:
        yield opened


def test_the_samples_say_what_was_made_of_every_file(tmp_path: Path) -> None:
    files = [p for p in SAMPLES.rglob("*") if p.is_file()]
    with TrainingLog(tmp_path / "log.db") as log:
        summary = ingest(log, SAMPLES)
    reasons = {Path(e["path"]).name: e["reason"] for e in summary["failed"] + summary["skipped"]}
    assert len(summary["failed"]) == 1
    assert "cut short" in reasons["broken.fit"]
    assert reasons["workout.fit"] == "is a workout, not an activity"
    (copy,) = summary["duplicates"]
    assert Path(copy["path"]).name == "Long_run.gpx"
    assert Path(copy["of"]).suffix == ".fit"
    inside = sum(len(list_zip(p)) - 1 for p in files if p.suffix == ".zip")
    seen = summary["read"] + len(summary["skipped"]) + len(summary["failed"])
    assert seen == len(files) + inside


def list_zip(path: Path) -> list[str]:
    import zipfile

    with zipfile.ZipFile(path) as archive:
        return archive.namelist()


def test_every_week_is_the_expected_one(log: TrainingLog) -> None:
    from kneeload.weeks import weekly

    weeks = weekly(log.runs()).set_index("week")
    expected = pd.read_csv(SAMPLES / "expected_weeks.csv").set_index("week")
    assert list(weeks.index) == list(expected.index)
    assert weeks["runs"].tolist() == expected["runs"].tolist()
    for column in ("distance_km", "longest_run_km"):
        off = (weeks[column] / expected[column].replace(0.0, float("nan")) - 1).abs()
        assert off.max() <= 0.005, column


def test_every_run_is_on_the_day_it_was_run(log: TrainingLog) -> None:
    expected = pd.read_csv(SAMPLES / "expected_runs.csv")
    activities = log.activities()
    got = activities.groupby([activities["local_date"].dt.strftime("%Y-%m-%d"), "sport"]).size()
    assert got.to_dict() == expected.groupby(["local_date", "sport"]).size().to_dict()


def test_importing_again_adds_nothing(log: TrainingLog) -> None:
    before = dump(log.path)
    summary = ingest(log, SAMPLES)
    assert (summary["new"], summary["duplicates"]) == (0, [])
    assert summary["known"] == len(before["activity"])
    assert dump(log.path) == before


@pytest.mark.parametrize("jobs", [1, 2])
def test_neither_the_order_of_files_nor_the_workers_matter(
    tmp_path: Path, imported_samples: Path, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    monkeypatch.setattr(pipeline, "POOL_FROM_BYTES", 0)
    paths = sorted(p for p in SAMPLES.rglob("*") if p.is_file())
    random.Random(jobs).shuffle(paths)
    with TrainingLog(tmp_path / "log.db") as log, TrainingLog(imported_samples) as whole:
        ingest(log, *paths, jobs=jobs)
        left, right = log.activities(), whole.activities()
        pd.testing.assert_frame_equal(left, right)


def test_rebuilding_changes_nothing_that_was_right(log: TrainingLog) -> None:
    before = dump(log.path)
    log._database.execute("UPDATE activity SET distance_km = 1, profile = x''")
    assert log.rebuild(NOW).activities == len(before["activity"])
    assert dump(log.path) == before


def test_edits_and_removals_outlive_reimport_and_rebuild(log: TrainingLog) -> None:
    runs = log.runs()
    first, second = runs["run_id"][0], runs["run_id"][1]
    log.edit_run(first, {"distance_km": 7.5, "rpe": 6.0, "local_date": "2025-09-30"}, NOW)
    log.remove_run(second[:8], NOW)
    ingest(log, SAMPLES)
    log.rebuild(NOW)
    after = log.runs().set_index("run_id")
    assert second not in after.index
    assert after.loc[first, ["distance_km", "rpe", "distance_source"]].tolist() == [
        7.5,
        6.0,
        "edited",
    ]
    assert after.loc[first, "local_date"] == pd.Timestamp("2025-09-30")
    assert after.loc[first, "started_at"].date() == dt.date(2025, 9, 30)
    log.undo()
    log.undo()
    pd.testing.assert_frame_equal(log.runs(), runs)


def test_a_broken_file_changes_nothing(log: TrainingLog, tmp_path: Path) -> None:
    before = dump(log.path)
    broken = tmp_path / "new.fit"
    broken.write_bytes(next(SAMPLES.rglob("*-run.fit")).read_bytes()[:40])
    summary = ingest(log, broken)
    assert [Path(e["path"]).name for e in summary["failed"]] == ["new.fit"]
    assert dump(log.path) == before


def test_a_table_with_a_bad_row_is_left_out_whole(log: TrainingLog, tmp_path: Path) -> None:
    before = dump(log.path)
    table = tmp_path / "diary.csv"
    table.write_text("date,distance_km,duration_min\n2026-03-01,5,30\n2026-03-02,far,30\n")
    (failed,) = ingest(log, table)["failed"]
    assert "row 3" in failed["reason"]
    assert dump(log.path) == before
    table.write_text("date,distance_km,duration_min\n2026-03-01,5,30\n2026-03-01,5,30\n")
    summary = ingest(log, table)
    assert (summary["read"], summary["new"]) == (1, 2)
    assert ingest(log, table)["known"] == 2


def test_the_same_content_under_another_name_is_known(log: TrainingLog, tmp_path: Path) -> None:
    import gzip

    original = next(SAMPLES.rglob("*-run.fit"))
    (tmp_path / "copy.fit.gz").write_bytes(gzip.compress(original.read_bytes()))
    summary = ingest(log, tmp_path / "copy.fit.gz")
    assert (summary["read"], summary["new"], summary["known"]) == (1, 0, 1)


def test_the_same_broken_content_twice_fails_twice(tmp_path: Path) -> None:
    for name in ("a.fit", "b.fit"):
        (tmp_path / name).write_bytes(b"\x0e\x10\x00\x00\xff\x00\x00\x00.FIT\x00\x00rest")
    with TrainingLog(tmp_path / "log.db") as log:
        summary = ingest(log, tmp_path / "a.fit", tmp_path / "b.fit")
    assert [Path(e["path"]).name for e in summary["failed"]] == ["a.fit", "b.fit"]
    assert (summary["read"], summary["known"]) == (0, 0)


def test_an_activity_is_read_again_with_its_samples(log: TrainingLog) -> None:
    run = log.runs().iloc[0]
    activity = log.activity(run["run_id"])
    assert len(activity.samples) > 100
    assert activity.started_at == run["started_at"].to_pydatetime()


def test_progress_counts_every_file_once(tmp_path: Path) -> None:
    counted: list[int] = []
    with TrainingLog(tmp_path / "log.db") as log:
        summary = ingest(log, SAMPLES, progress=counted.append)
    assert sum(counted) == summary["read"] + len(summary["skipped"]) + len(summary["failed"])


KILLED = """
import datetime as dt, sys
from pathlib import Path
from kneeload.log.training_log import TrainingLog
now = dt.datetime(2026, 4, 1, 12, tzinfo=dt.UTC)
with TrainingLog(Path(sys.argv[1])) as log:
    log.ingest([Path(sys.argv[2])], now=now, jobs=1)
"""


@pytest.mark.posix
def test_a_kill_leaves_a_log_that_importing_again_completes(
    tmp_path: Path, imported_samples: Path
) -> None:
    path = tmp_path / "log.db"
    command = [sys.executable, "-c", KILLED, str(path), str(SAMPLES)]
    process = subprocess.Popen(command)
    while process.poll() is None and not has_rows(path):
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()
    partial = len(dump(path)["activity"])
    database = sqlite3.connect(path)
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    database.close()
    with TrainingLog(path) as log:
        ingest(log, SAMPLES)
    assert 0 < partial <= len(dump(imported_samples)["activity"])
    whole = dump(imported_samples)
    assert {t: dump(path)[t] for t in ("source", "activity")} == {
        t: whole[t] for t in ("source", "activity")
    }


def has_rows(path: Path) -> bool:
    try:
        return bool(dump(path)["activity"])
    except sqlite3.Error:
        return False


def copy_of_a_run(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return Path(shutil.copy(next(SAMPLES.rglob("2026-*-run.fit")), folder / "run.fit"))


def test_an_unchanged_file_is_not_opened_again(tmp_path: Path) -> None:
    run = copy_of_a_run(tmp_path / "watch")
    before = run.stat()
    with TrainingLog(tmp_path / "log.db") as log:
        ingest(log, run.parent)
        run.write_bytes(bytes(before.st_size))
        os.utime(run, ns=(before.st_atime_ns, before.st_mtime_ns))
        again = ingest(log, run.parent)
        assert (again["read"], again["known"], again["failed"]) == (1, 1, [])
        os.utime(run)
        assert len(ingest(log, run.parent)["failed"]) == 1
        assert len(ingest(log, run.parent)["failed"]) == 1  # a failed file gets another chance


def test_what_was_skipped_is_said_again(tmp_path: Path) -> None:
    folder = tmp_path / "watch"
    folder.mkdir()
    shutil.copy(SAMPLES / "2025" / "workout.fit", folder)
    with TrainingLog(tmp_path / "log.db") as log:
        first, second = (ingest(log, folder) for _ in range(2))
    assert first == second
    assert second["skipped"][0]["reason"] == "is a workout, not an activity"


def test_what_an_export_says_of_a_known_file_is_kept(tmp_path: Path) -> None:
    run = copy_of_a_run(tmp_path / "watch")
    export = tmp_path / "export"
    (export / "activities").mkdir(parents=True)
    shutil.copy(run, export / "activities" / "17.fit")
    (export / "activities.csv").write_text(
        "Activity ID,Activity Date,Activity Name,Activity Type,Activity Description,Filename\n"
        '17,"Jan 2, 2026, 7:00:00 AM",Windy,Run,L knee 4 front,activities/17.fit\n'
    )
    with TrainingLog(tmp_path / "log.db") as log:
        ingest(log, run.parent)
        before = log.runs()
        summary = ingest(log, export)
        assert (summary["new"], summary["known"], summary["duplicates"]) == (0, 1, [])
        (after,) = log.runs().to_dict("records")
        assert (after["name"], after["note"]) == ("Windy", "L knee 4 front")
        assert after["run_id"] == before["run_id"][0]
        log.rebuild(NOW)
        assert log.runs()["name"].tolist() == ["Windy"]


def test_two_imports_at_the_same_time_give_one_log(tmp_path: Path, imported_samples: Path) -> None:
    path = tmp_path / "log.db"
    command = [sys.executable, "-c", KILLED, str(path), str(SAMPLES)]
    processes = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(2)]
    assert [(p.communicate()[1], p.returncode) for p in processes] == [(b"", 0)] * 2
    whole = dump(imported_samples)
    assert {t: dump(path)[t] for t in ("source", "activity")} == {
        t: whole[t] for t in ("source", "activity")
    }


SCRIPT = """
import datetime as dt
import kneeload

with kneeload.open_log("script.db") as log:
    print(log.ingest([kneeload.samples_folder()], now=dt.datetime(2026, 4, 1, tzinfo=dt.UTC)).new)
"""


def test_a_script_without_a_main_guard_imports_once_and_quietly(tmp_path: Path) -> None:
    """A new process would run it again, and again."""
    script = tmp_path / "script.py"
    script.write_text(SCRIPT, encoding="utf-8")
    command = [sys.executable, str(script)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr, done.returncode) == ("109\n", "", 0)


@pytest.mark.parametrize(
    ("main", "jobs"),
    [
        (SimpleNamespace(__spec__=None), 7),  # a notebook, a prompt
        (SimpleNamespace(__spec__="pytest", __file__="pytest/__main__.py"), 7),  # python -m
        (SimpleNamespace(__spec__=None, __file__="script.py"), 1),
    ],
)
def test_all_cores_work_unless_a_script_is_run(
    monkeypatch: pytest.MonkeyPatch, main: SimpleNamespace, jobs: int
) -> None:
    asked: list[int] = []
    monkeypatch.setitem(sys.modules, "__main__", cast("Any", main))
    monkeypatch.setattr(pipeline, "cores", lambda: 7)
    monkeypatch.setattr(pipeline, "POOL_FROM_BYTES", 0)
    monkeypatch.setattr(pipeline, "measured", lambda *_, jobs: asked.append(jobs))
    pipeline.measured_in_parallel(iter(()), Context(NOW), None)
    pipeline.measured_in_parallel(iter(()), Context(NOW), 3)
    assert asked == [jobs, 3]
