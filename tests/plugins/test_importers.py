"""Importers of other packages: asked last, believed only where they give what can be measured."""

import datetime as dt
import gzip
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from kneeload.cli.output import as_csv
from kneeload.errors import FileRefused
from kneeload.importers import read_activities
from kneeload.importers.discover import discover
from kneeload.importers.document import Document, Refusal
from kneeload.ingest.measure import ImportSummary
from kneeload.log.training_log import TrainingLog
from kneeload.plugins import PluginWarning
from tests.conftest import NOW
from tests.plugins.building import Offer, forget

GROUP = "kneeload.importers"
STEPS = b"steps 2026-03-14T07:00:00+01:00 5000 1500"
SOURCE = """
import datetime as dt
from types import SimpleNamespace
from kneeload.errors import FileRefused, FileSkipped
from kneeload.frames import SAMPLES, empty
from kneeload.model import Activity, Sport
def reads(head):
    {reads}
    return head.startswith(b"steps ")
def decode(content):
    _, start, metres, seconds = content.decode().split()
    fields = dict(sport=Sport.RUNNING, started_at=dt.datetime.fromisoformat(start),
                  samples=empty(SAMPLES), distance_m=float(metres), timer_s=float(seconds))
    {decode}
    return [Activity(**fields)]
steps = SimpleNamespace(reads=reads, decode=decode)
"""


def importer(reads: str = "", decode: str = "") -> str:
    return SOURCE.format(reads=reads, decode=decode)


def written(folder: Path, files: Mapping[str, bytes]) -> Path:
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def found(path: Path) -> dict[str, str]:
    """Return the kind of each document, and why there is none, by the file's name."""
    return {
        Path(item.path).name: item.kind if isinstance(item, Document) else item.reason
        for item in discover([path])
    }


def imported(log: Path, *paths: Path) -> ImportSummary:
    with TrainingLog(log) as opened:
        return opened.ingest(paths, now=NOW)


def test_it_is_asked_for_what_nobody_else_claims(offer: Offer, tmp_path: Path) -> None:
    offer(importer(), GROUP, "steps")
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("inner.steps", STEPS)
    files = {
        "a.steps": STEPS,
        "b.fit": STEPS,
        "c.csv": STEPS,
        "d.steps.gz": gzip.compress(STEPS),
        "e.zip": zipped.getvalue(),
        "f.gpx": b"<gpx/>",
        "g.txt": b"something else",
        "h.steps": b"",
    }
    folder = tmp_path / "files"
    folder.mkdir()
    assert found(written(folder, files)) == {
        **dict.fromkeys(["a.steps", "b.fit", "c.csv", "d.steps.gz", "e.zip!inner.steps"], "steps"),
        "f.gpx": "gpx",
        "g.txt": "is not an activity file",
        "h.steps": "is empty",
    }


def test_it_is_never_asked_about_what_kneeload_reads(offer: Offer, tmp_path: Path) -> None:
    offer(importer("return True"), GROUP, "steps")
    pain = b"local_date,score\n2026-03-14,3\n"
    written(tmp_path, {"a.gpx": b"<gpx/>", "b.csv": pain})
    kinds = found(tmp_path / "a.gpx") | found(tmp_path / "b.csv")
    assert kinds["a.gpx"] == "gpx"
    assert kinds["b.csv"] == "pain"


def test_its_runs_are_imported_numbered_and_in_utc(offer: Offer, tmp_path: Path) -> None:
    offer(importer(decode="return (Activity(**fields) for _ in range(2))"), GROUP, "steps")
    first, second = read_activities(written(tmp_path, {"a.steps": STEPS}) / "a.steps")
    assert first.started_at == dt.datetime(2026, 3, 14, 6, tzinfo=dt.UTC)
    assert first.started_at.utcoffset() == dt.timedelta()
    assert (first.distance_m, first.timer_s) == (5000, 1500)
    assert (first.session_index, second.session_index) == (0, 1)


def test_the_log_keeps_them_and_makes_them_again(offer: Offer, tmp_path: Path) -> None:
    offer(importer(), GROUP, "steps")
    written(tmp_path, {"a.steps": STEPS})
    summary = imported(tmp_path / "log.db", tmp_path / "a.steps")
    assert (summary.read, summary.new, summary.failed) == (1, 1, [])
    with TrainingLog(tmp_path / "log.db") as log:
        (run_id,) = log.runs()["run_id"]
        assert log.rebuild(NOW).activities == 1
        assert log.activity(run_id).distance_m == 5000
        assert log.runs()["distance_km"].tolist() == [5]


def test_what_it_read_stays_when_it_is_gone(
    offer: Offer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer(importer(), GROUP, "steps")
    written(tmp_path, {"a.steps": STEPS})
    imported(tmp_path / "log.db", tmp_path / "a.steps")
    monkeypatch.setattr("kneeload.importers.plugin_importers.available", dict)
    with TrainingLog(tmp_path / "log.db") as log:
        (run_id,) = log.runs()["run_id"]
        assert log.rebuild(NOW).activities == 1
        assert log.runs()["distance_km"].tolist() == [5]
        with pytest.raises(FileRefused, match="importer steps, which is not installed"):
            log.activity(run_id)


def test_files_skipped_before_are_asked_about_again(offer: Offer, tmp_path: Path) -> None:
    written(tmp_path, {"a.steps": STEPS, "b.jpg": b"\xff\xd8\xff"})
    paths = (tmp_path / "a.steps", tmp_path / "b.jpg")
    assert [e["reason"] for e in imported(tmp_path / "log.db", *paths).skipped] == [
        "is not an activity file"
    ] * 2
    offer(importer(), GROUP, "steps")
    forget()
    summary = imported(tmp_path / "log.db", *paths)
    assert (summary.new, len(summary.skipped)) == (1, 1)


def test_an_export_takes_them_to_another_log(offer: Offer, tmp_path: Path) -> None:
    offer(importer(), GROUP, "steps")
    written(tmp_path, {"a.steps": STEPS})
    imported(tmp_path / "log.db", tmp_path / "a.steps")
    with TrainingLog(tmp_path / "log.db") as log:
        log.export(tmp_path / "all.zip", as_csv)
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert [name for name in archive.namelist() if name.endswith(".steps")]
    assert imported(tmp_path / "new.db", tmp_path / "all.zip").new == 1


@pytest.mark.parametrize(
    ("decode", "reason"),
    [
        ("raise FileRefused('has no metres')", "has no metres"),
        ("1 / 0", "importer steps of brought 1.2: ZeroDivisionError: division by zero"),
        ("raise SystemExit", "importer steps of brought 1.2: SystemExit"),
        ("return None", "importer steps of brought 1.2: TypeError: 'NoneType' object is not iter"),
        ("return [fields]", "importer steps of brought 1.2: it gave a dict, not an Activity"),
        ("fields['sport'] = 'running'", "steps of brought 1.2: sport cannot be 'running'"),
        ("fields['distance_m'] = 'far'", "steps of brought 1.2: distance_m cannot be 'far'"),
        ("fields['timer_s'] = float('nan')", "steps of brought 1.2: timer_s cannot be nan"),
        ("fields['name'] = None", "steps of brought 1.2: name cannot be None"),
        ("fields['warnings'] = 'odd'", "steps of brought 1.2: warnings cannot be 'odd'"),
        ("fields['distance_source'] = 'guess'", "distance_source cannot be 'guess'"),
        ("fields['utc_offset_s'] = 1.5", "steps of brought 1.2: utc_offset_s cannot be 1.5"),
        ("fields['started_at'] = dt.datetime(2026, 3, 14)", "started_at cannot be datetime"),
        ("fields['samples'] = [1]", "steps of brought 1.2: AttributeError: "),
        ("fields['samples'] = fields['samples'].assign(time=['x'])", "steps of brought 1.2: "),
    ],
)
def test_one_that_fails_fails_its_file_alone(
    offer: Offer, tmp_path: Path, decode: str, reason: str
) -> None:
    offer(importer(decode=decode), GROUP, "steps")
    row = b"date,distance_km\n2026-03-15,7\n"
    written(tmp_path, {"a.steps": STEPS, "diary.csv": row})
    summary = imported(tmp_path / "log.db", tmp_path / "a.steps", tmp_path / "diary.csv")
    (failed,) = summary.failed
    assert reason in failed["reason"]
    assert "\n" not in failed["reason"]
    assert summary.new == 1


@pytest.mark.parametrize("decode", ["return []", "raise FileSkipped('holds no activity')"])
def test_a_file_without_a_run_is_skipped(offer: Offer, tmp_path: Path, decode: str) -> None:
    offer(importer(decode=decode), GROUP, "steps")
    summary = imported(tmp_path / "log.db", written(tmp_path, {"a.steps": STEPS}) / "a.steps")
    assert [entry["reason"] for entry in summary.skipped] == ["holds no activity"]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("import nothing_at_all", "ModuleNotFoundError: "),
        ("steps = 3", "it lacks the functions `reads` and `decode`"),
        (importer("raise OSError('no')"), "OSError: no"),
        (importer("import numpy; return numpy.zeros(2)"), "ValueError: "),
    ],
)
def test_one_that_cannot_be_asked_leaves_the_file_to_the_next(
    offer: Offer, tmp_path: Path, source: str, reason: str
) -> None:
    offer(source, GROUP, "steps", package="ant")
    offer(importer().replace("steps =", "paces ="), GROUP, "paces", package="zebra")
    written(tmp_path, {"a.steps": STEPS})
    with pytest.warns(PluginWarning) as told:
        assert found(tmp_path / "a.steps") == {"a.steps": "paces"}
    (line,) = (str(warning.message) for warning in told)
    assert line.startswith(f"importer steps of ant 1.2: {reason}")


def test_a_kind_of_kneeloads_own_is_left_out(offer: Offer, tmp_path: Path) -> None:
    offer(importer().replace("steps =", "gpx ="), GROUP, "gpx")
    written(tmp_path, {"a.steps": STEPS})
    with pytest.warns(PluginWarning, match="importer gpx of brought 1.2 is left out: kneeload has"):
        (refused,) = discover([tmp_path / "a.steps"])
    assert isinstance(refused, Refusal)
