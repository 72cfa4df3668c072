"""A log of every released schema opens in the newest, with nothing lost."""

import re
import shutil
from contextlib import closing
from pathlib import Path

import pytest

from kneeload.log.training_log import TrainingLog
from kneeload.log.verify import examine
from kneeload.store.database import connect_to_read
from kneeload.store.schema import VERSION
from tests.fixtures.make_schema import NOW, SCHEMAS, write
from tests.log.comparing import dump

RELEASED = sorted(SCHEMAS.glob("*.db"))


def test_every_schema_has_its_log() -> None:
    assert [path.stem for path in RELEASED] == [str(n) for n in range(1, VERSION + 1)]
    for path in RELEASED:
        with closing(connect_to_read(path)) as database:
            assert database.execute("PRAGMA user_version").fetchone() == (int(path.stem),)


@pytest.mark.parametrize("released", RELEASED, ids=lambda path: f"schema-{path.stem}")
def test_a_log_of_every_release_is_opened_with_nothing_lost(released: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(released, tmp_path / "log.db"))
    path.chmod(0o600)
    write(tmp_path / "expected.db", tmp_path)
    with TrainingLog(path) as old, TrainingLog(tmp_path / "expected.db") as new:
        old.rebuild(NOW)  # the numbers of then may differ, what was said and kept may not
        columns = ["run_id", "distance_km", "rpe", "shoe", "local_date", "sport"]
        assert old.runs()[columns].equals(new.runs()[columns])
        assert old.pain().drop(columns="run_id").equals(new.pain().drop(columns="run_id"))
        assert old.diary().equals(new.diary())
        assert old.settings == new.settings
        assert old.acknowledged() == new.acknowledged()
    old_said, new_said = (dump(p, "journal", "setting") for p in (path, tmp_path / "expected.db"))
    assert old_said["setting"] == new_said["setting"]
    assert [row[:6] for row in old_said["journal"]] == [row[:6] for row in new_said["journal"]]
    digests = [
        [row[0] for row in dump(p, "source")["source"]] for p in (path, tmp_path / "expected.db")
    ]
    assert digests[0] == digests[1]
    assert examine(path).problems == ()


def test_released_logs_hold_nothing_of_a_machine() -> None:
    for path in RELEASED:
        assert {row[2] for row in dump(path, "source")["source"]} == {
            "watch/diary.csv",
            "watch/run.gpx",
            "watch/copy.gpx",
        }
        assert not re.search(rb"/tmp/|/home/", path.read_bytes())
