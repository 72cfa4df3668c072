"""What was computed holds until somebody writes, and no longer."""

import threading
from pathlib import Path

from kneeload.log.training_log import TrainingLog
from kneeload.log.watching import Watch
from kneeload.serve.memo import MOST, Memo


def test_a_value_is_made_once_until_somebody_writes(sample_log: Path) -> None:
    memo, made = Memo(Watch(sample_log)), []

    def make() -> int:
        made.append(1)
        return len(made)

    assert [memo.get("a", make), memo.get("a", make), memo.get("b", make)] == [1, 1, 2]
    with TrainingLog(sample_log) as log:
        log.set("units", "mi")
        log.set("units", "km")
    assert memo.get("a", make) == 3
    memo.close()


def test_another_file_in_its_place_is_another_log(sample_log: Path, tmp_path: Path) -> None:
    watch = Watch(sample_log)
    before = watch.version()
    other = tmp_path / "other.db"
    other.write_bytes(sample_log.read_bytes())
    other.replace(sample_log)
    assert watch.version() != before
    sample_log.unlink()
    assert watch.version() == (0, 0, 0)
    watch.close()


def test_what_others_are_making_is_waited_for(sample_log: Path) -> None:
    memo, started, go_on = Memo(Watch(sample_log)), threading.Event(), threading.Event()
    made: list[str] = []

    def make() -> str:
        started.set()
        go_on.wait(30)
        made.append("once")
        return made[-1]

    askers = [threading.Thread(target=memo.get, args=("week", make)) for _ in range(3)]
    for asker in askers:
        asker.start()
    assert started.wait(30)
    go_on.set()
    for asker in askers:
        asker.join()
    assert made == ["once"]
    memo.close()


def test_it_does_not_grow_without_end(sample_log: Path) -> None:
    memo = Memo(Watch(sample_log))
    for number in range(3 * MOST):
        memo.get(number, lambda: 0)
    assert len(memo._values) <= MOST
    memo.close()
