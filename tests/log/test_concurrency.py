"""Kills, crowds, full disks and mutated files: short versions of `make stress`."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from benchmarks import fuzz
from kneeload.diary.validation import validated_entry
from kneeload.log.training_log import TrainingLog
from kneeload.store.database import connect, transaction
from tests.conftest import NOW
from tests.log.comparing import faults

ROOT = Path(__file__).parents[2]


@pytest.mark.posix
def test_a_short_stress_loses_nothing() -> None:
    options = ["--kills", "2", "--files", "20", "--rounds", "1", "--mutants", "0"]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.stress", *options],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    lines = [line.rsplit(maxsplit=3) for line in done.stdout.splitlines()[1:]]
    table = {name: (int(tried), int(lost)) for name, tried, lost, _ in lines}
    assert done.returncode == 0, done.stdout + done.stderr
    table.pop("disk full, small tmpfs", None)  # only where one may be mounted
    assert table == {
        "kills of an import, cold log": (2, 0),
        "kills of an import, warm log": (2, 0),
        "kills of a rebuild": (2, 0),
        "kills of a restoration": (2, 0),
        "8 processes on one log": (8, 0),
        "disk full, by a limit on pages": (5, 0),
    }


def test_entries_from_many_sides_at_once_are_all_kept(tmp_path: Path) -> None:
    path = tmp_path / "log.db"

    def enter(score: int) -> None:
        with TrainingLog(path) as log:  # the first of them makes the log
            for _ in range(5):
                log.add_pain([validated_entry({"local_date": "2026-03-14", "score": score})], NOW)

    threads = [threading.Thread(target=enter, args=(score,)) for score in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with TrainingLog(path) as log:
        assert log.pain()["score"].value_counts().to_dict() == dict.fromkeys(range(8), 5)
        assert log.pain()["pain_id"].is_unique
    assert faults(path) == []


def test_a_reader_sees_a_log_that_is_being_written(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    writer = connect(path)
    with TrainingLog(path) as log, transaction(writer):
        writer.execute("INSERT INTO setting VALUES ('units', 'mi')")
        assert log.settings.units == "km"
        assert log.runs().empty
    writer.close()


@pytest.mark.parametrize("seed", [1, 2])
def test_mutated_files_are_refused_and_never_break_a_command(seed: int) -> None:
    tried, findings = fuzz.run(120, seed)
    assert tried == 120
    assert [(f.name, f.error) for f in findings] == []


def test_what_once_broke_a_command_is_refused(tmp_path: Path) -> None:
    found = [
        fuzz.Seed(path.name.partition("-")[2], path.read_bytes())
        for path in fuzz.FINDINGS.glob("*-*")
    ]
    assert [error for seed in found if (error := fuzz.tried(seed, tmp_path))] == []
