"""One is one: a count and its noun agree, whatever the number."""

from pathlib import Path

from kneeload.log.verify import Findings
from tests.cli.invoking import invoke
from tests.cli.test_commands import SAMPLES


def test_one_file_and_one_copy(tmp_path: Path) -> None:
    log = ("--log", tmp_path / "log.db")
    first = min(SAMPLES.rglob("*.gpx"))
    again = tmp_path / "again.gpx"
    again.write_bytes(first.read_bytes() + b"\n")
    told = invoke(*log, "import", first).output, invoke(*log, "export", tmp_path / "all.zip").output
    assert told[0].startswith("Read 1 file: 1 new activity, 0 already in the log.")
    assert told[1].startswith("Exported 1 activity file with")
    said = invoke(*log, "import", again).output
    assert said.startswith(
        "Read 1 file: 0 new activities, 0 already in the log. 1 duplicate was not counted."
    )


def test_what_a_log_holds() -> None:
    assert Findings(files=1, activities=1, entries=1).summary == "1 file, 1 activity, 1 entry"
    assert Findings(files=2, activities=0, entries=1200).summary == (
        "2 files, 0 activities, 1,200 entries"
    )
