"""Verifying finds what is wrong with a log, and changes nothing."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from kneeload.errors import LogError
from kneeload.log.verify import MOST, examine
from tests.log.comparing import dump


def spoil(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as database:
        for statement in statements:
            database.execute(statement)
        database.commit()


def test_a_sound_log_has_no_problems_and_is_counted(sample_log: Path) -> None:
    rows = dump(sample_log)
    found = examine(sample_log)
    counted = (found.files, found.activities, found.entries, found.problems)
    assert counted == (len(rows["source"]), len(rows["activity"]), len(rows["journal"]), ())
    assert found.summary == f"{counted[0]} files, {counted[1]} activities, {counted[2]} entries"
    assert dump(sample_log) == rows


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        (
            "UPDATE source SET content = x'00' WHERE rowid = 1",
            "stored copy of .* is not what was imported",
        ),
        ("UPDATE source SET digest = 'x' || digest WHERE rowid = 1", "belongs to no source"),
        ("DELETE FROM activity WHERE rowid = 1", "has no activity; `kneeload rebuild`"),
        ("INSERT INTO setting VALUES ('units', 'yards')", "settings cannot be read: units is one"),
        (
            "INSERT INTO journal VALUES (9999, 9999, '2026-04-01T12:00:00+00:00', 'edit', 'run',"
            " 'x', '{\"distance_km\": \"far\"}', 0)",
            "cannot be read: could not convert",
        ),
        (
            'UPDATE journal SET payload = \'{"local_date": "2026-03-14", "score": 99}\'',
            "cannot be read: score is a whole number from 0 to 10",
        ),
        ("DROP TABLE journal", "no such table"),
    ],
)
def test_each_kind_of_damage_is_found(sample_log: Path, statement: str, problem: str) -> None:
    spoil(sample_log, statement)
    found = examine(sample_log)
    assert any(re.search(problem, text) for text in found.problems), found.problems
    assert not any("\n" in text for text in found.problems)


def test_a_damaged_page_is_found_wherever_it_is(sample_log: Path) -> None:
    spoil(sample_log, "PRAGMA wal_checkpoint(TRUNCATE)")
    pages = sample_log.stat().st_size // 4096
    content = sample_log.read_bytes()
    missed = []
    for page in range(1, pages, max(1, pages // 24)):
        start = page * 4096
        sample_log.write_bytes(content[:start] + b"\xff" * 4096 + content[start + 4096 :])
        if not examine(sample_log).problems:
            missed.append(page)
    assert missed == []


def test_many_problems_of_one_kind_are_told_in_few_lines(sample_log: Path) -> None:
    spoil(sample_log, "UPDATE source SET content = x'00'")
    problems = examine(sample_log).problems
    assert 0 < len(problems) <= MOST, problems


def test_what_is_no_log_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="there is no training log"):
        examine(tmp_path / "log.db")
    (tmp_path / "holiday.jpg").write_bytes(b"\xff\xd8" * 4096)
    with pytest.raises(LogError, match="not a kneeload log"):
        examine(tmp_path / "holiday.jpg")
