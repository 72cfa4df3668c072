"""The journal: what stands is what its entries add up to, less the undone ones."""

import datetime as dt
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneeload.errors import EntryError
from kneeload.store.database import connect, in_memory
from kneeload.store.journal import (
    Change,
    active,
    find_entry,
    history,
    last_batch,
    record,
    redo,
    replay,
    undo,
)

AT = dt.datetime(2026, 3, 14, 18, 0, tzinfo=dt.UTC)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    connection = connect(tmp_path / "log.db")
    yield connection
    connection.close()


def add(**fields: Any) -> Change:
    return Change(verb="add", object="pain", payload=fields)


def edit(subject: str, **fields: Any) -> Change:
    return Change(verb="edit", object="pain", subject=subject, payload=fields)


def remove(subject: str) -> Change:
    return Change(verb="remove", object="pain", subject=subject, payload={})


def scores(log: sqlite3.Connection) -> dict[str, int]:
    return {subject: f["score"] for subject, f in active(replay(log), "pain").items()}


def test_add_edit_remove_and_undo_each(log: sqlite3.Connection) -> None:
    (name,) = record(log, [add(score=3)], AT)
    assert scores(log) == {name: 3}
    record(log, [edit(name, score=5)], AT)
    assert scores(log) == {name: 5}
    record(log, [remove(name)], AT)
    assert scores(log) == {}
    assert undo(log) == [remove(name)]
    assert scores(log) == {name: 5}
    assert undo(log) == [edit(name, score=5)]
    assert scores(log) == {name: 3}
    assert [change.payload for change in undo(log)] == [{"score": 3}]
    assert scores(log) == {}
    assert undo(log) == []


def test_a_batch_is_undone_while_nothing_it_changed_is_changed_again(
    log: sqlite3.Connection,
) -> None:
    one, other = record(log, [add(score=1), add(score=2)], AT)
    first = last_batch(log)
    record(log, [add(score=3)], AT)
    record(log, [edit(other, score=4)], AT)
    for batch in (first, 0, 99):
        with pytest.raises(EntryError, match="changed again"):
            undo(log, batch)
    assert undo(log, last_batch(log, other)) == [edit(other, score=4)]
    assert [change.subject for change in undo(log, first)] == [one, other]
    assert list(scores(log).values()) == [3]
    with pytest.raises(EntryError, match="changed again"):
        undo(log, first)
    assert redo(log) == []  # what was added since might contradict


def test_redo_brings_back_what_was_undone_last(log: sqlite3.Connection) -> None:
    record(log, [add(score=1)], AT)
    record(log, [add(score=2), add(score=3)], AT)
    undo(log)
    undo(log)
    assert [change.payload for change in redo(log)] == [{"score": 1}]
    assert [change.payload for change in redo(log)] == [{"score": 2}, {"score": 3}]
    assert redo(log) == []
    assert list(scores(log).values()) == [1, 2, 3]


def test_what_was_undone_before_a_new_change_stays_undone(log: sqlite3.Connection) -> None:
    record(log, [add(score=1)], AT)
    undo(log)
    record(log, [add(score=2)], AT)
    assert redo(log) == []
    undo(log)
    assert [change.payload for change in redo(log)] == [{"score": 2}]
    assert redo(log) == []
    assert list(scores(log).values()) == [2]


def test_a_log_without_marks_is_redone_from_its_oldest(
    log: sqlite3.Connection,
) -> None:
    record(log, [add(score=1)], AT)
    record(log, [add(score=2)], AT)
    log.execute("UPDATE journal SET undone = 1")
    assert [change.payload for change in (*redo(log), *redo(log))] == [{"score": 1}, {"score": 2}]


@given(st.lists(st.sampled_from(["record", "undo", "redo"]), max_size=20))
def test_redo_is_the_inverse_of_undo(steps: list[str]) -> None:
    """An oracle of two stacks, as every editor has them."""
    done: list[int] = []
    undone: list[int] = []
    with closing(in_memory(Path("log.db"))) as log:
        for number, step in enumerate(steps):
            if step == "record":
                record(log, [add(score=number)], AT)
                done.append(number)
                undone.clear()
            elif step == "undo":
                undo(log)
                undone += [done.pop()] if done else []
            else:
                redo(log)
                done += [undone.pop()] if undone else []
            assert list(scores(log).values()) == done
            assert [batch.changes[0].payload["score"] for batch in history(log, 20)] == done


def test_the_history_is_the_last_changes_with_the_newest_last(log: sqlite3.Connection) -> None:
    for score in range(5):
        record(log, [add(score=score)], AT)
    undo(log)
    last = history(log, 2)
    assert [batch.changes[0].payload["score"] for batch in last] == [2, 3]
    assert last[0].entered_at == "2026-03-14T18:00:00+00:00"
    assert history(log, 0) == []


def test_one_undo_takes_a_whole_batch_back(log: sqlite3.Connection) -> None:
    record(log, [add(score=1)], AT)
    record(log, [add(score=2), add(score=3)], AT)
    assert len(undo(log)) == 2
    assert list(scores(log).values()) == [1]


def test_subjects_are_never_used_twice(log: sqlite3.Connection) -> None:
    first = record(log, [add(score=1)], AT)
    undo(log)
    second = record(log, [add(score=2)], AT)
    assert first != second
    assert scores(log) == {second[0]: 2}


def test_an_edit_of_a_run_needs_no_entry_before_it(log: sqlite3.Connection) -> None:
    change = Change(verb="edit", object="run", subject="abc", payload={"rpe": 6.0})
    record(log, [change], AT)
    assert active(replay(log), "run")["abc"]["rpe"] == 6.0


def test_a_name_that_stands_for_nothing_is_an_error(log: sqlite3.Connection) -> None:
    (name,) = record(log, [add(score=1)], AT)
    record(log, [remove(name)], AT)
    for missing in (name, "p999"):
        with pytest.raises(EntryError, match="pain list"):
            find_entry(active(replay(log), "pain"), "pain", missing)


def test_the_beginning_of_a_long_id_will_do() -> None:
    entries: dict[str, dict[str, object]] = {"p12": {}, "3f2a.01": {}, "3f9b.02": {}}
    assert find_entry(entries, "pain", "p12")[0] == "p12"
    assert find_entry(entries, "pain", "3f2")[0] == "3f2a.01"
    with pytest.raises(EntryError, match="no pain entry has the id 'p1'"):
        find_entry(entries, "pain", "p1")
    with pytest.raises(EntryError, match="more than one"):
        find_entry(entries, "pain", "3f")


@given(steps=st.lists(st.tuples(st.integers(0, 10), st.booleans()), max_size=12))
def test_undo_is_the_inverse_of_every_change(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, bool]]
) -> None:
    log = connect(tmp_path_factory.mktemp("journal") / "log.db")
    seen = [scores(log)]
    for score, again in steps:
        names = list(scores(log))
        record(log, [edit(names[0], score=score) if again and names else add(score=score)], AT)
        seen.append(scores(log))
    for before in reversed(seen[:-1]):
        undo(log)
        assert scores(log) == before
    log.close()
