"""Nobody is locked in: everything out in open formats, and the same log back."""

import csv
import datetime as dt
import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from kneeload.cli.output import as_csv
from kneeload.diary.validation import validated_entry
from kneeload.errors import LogError
from kneeload.importers.exports import own
from kneeload.log.training_log import TrainingLog
from kneeload.model import Sport
from kneeload.samples import samples_folder
from kneeload.store.journal import Change
from tests.log.comparing import dump
from tests.modes import is_private

NOW = dt.datetime(2026, 4, 1, 12, 0, tzinfo=dt.UTC)
SAMPLES = samples_folder()
BY_HAND = SAMPLES / "treadmill_and_manual.csv"
DIARY = "date,distance_km,duration_min,note\n2026-03-30,5,30,=SUM(A1)\n2026-03-31,6,36,'quoted\n"
POINTS = "".join(
    f'<trkpt lat="47.{n:04}" lon="8.5"><time>2026-02-01T08:{n // 60:02}:{n % 60:02}Z</time></trkpt>'
    for n in range(200)
)
BARE_GPX = f'<gpx version="1.1" creator="t"><trk><trkseg>{POINTS}</trkseg></trk></gpx>'


@pytest.fixture
def full_log(tmp_path: Path) -> Path:
    """Return a small log in which every kind of thing has been said."""
    (tmp_path / "diary.csv").write_text(DIARY)
    (tmp_path / "bare.gpx").write_text(BARE_GPX)
    with TrainingLog(tmp_path / "log.db") as log:
        log.ingest([*sorted((SAMPLES / "2026").glob("*-run.fit"))[:3], BY_HAND], now=NOW)
        log.ingest([tmp_path / "diary.csv"], now=NOW)
        log.ingest([tmp_path / "bare.gpx"], now=NOW, sport=Sport.CYCLING)
        first, second, third = log.runs()["run_id"].head(3)
        log.set("home", "-33.8,151.2")
        log.set("import_folders", "/home/me/garmin\n=cmd")
        (pain,) = log.add_pain([validated_entry({"local_date": "2026-03-14", "score": 3})], NOW)
        log.edit_pain(pain, {"score": 4, "note": '+1 \u2018curly\u2019\nand a line, "quoted"'}, NOW)
        log.edit_run(first, {"distance_km": 7.5, "local_date": "2025-09-30"}, NOW)
        log.remove_run(second, NOW)
        note = {"kind": "note", "local_date": "2026-03-14", "text": "@home"}
        log.record([Change(verb="add", object="diary", payload=note)], NOW)
        keep = Change(verb="add", object="pair", subject=third, payload={"keep": True})
        log.record([keep], NOW)
        seen = Change(verb="add", object="flag", subject="2026-W12-x", payload={"note": "-"})
        log.record([seen], NOW)
        log.undo()
    return tmp_path / "log.db"


@pytest.fixture
def zipped(full_log: Path, tmp_path: Path) -> Path:
    with TrainingLog(full_log) as log:
        log.export(tmp_path / "e.zip", as_csv)
    return tmp_path / "e.zip"


def ingest(path: Path, *paths: Path) -> dict[str, Any]:
    with TrainingLog(path) as log:
        return asdict(log.ingest(paths, now=NOW, jobs=1))


def test_an_export_imported_into_an_empty_log_is_the_same_log(
    full_log: Path, zipped: Path, tmp_path: Path
) -> None:
    summary = ingest(tmp_path / "new" / "log.db", zipped)
    assert dump(tmp_path / "new" / "log.db") == dump(full_log)
    assert (summary["failed"], summary["skipped"]) == ([], [])
    assert summary["read"] == len(dump(full_log)["source"])


def test_an_unpacked_export_is_the_same_log_too(
    full_log: Path, zipped: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(zipped) as archive:
        archive.extractall(tmp_path / "unpacked")
    ingest(tmp_path / "new.db", tmp_path / "unpacked")
    assert dump(tmp_path / "new.db") == dump(full_log)


def test_an_export_among_other_files_is_found(full_log: Path, zipped: Path, tmp_path: Path) -> None:
    folder = tmp_path / "stick"
    folder.mkdir()
    zipped.rename(folder / zipped.name)
    (folder / "letter.txt").write_text("Dear runner")
    ingest(tmp_path / "new.db", folder)
    assert dump(tmp_path / "new.db") == dump(full_log)


def test_every_number_shown_is_the_same(full_log: Path, zipped: Path, tmp_path: Path) -> None:
    ingest(tmp_path / "new.db", zipped)
    with TrainingLog(full_log) as old, TrainingLog(tmp_path / "new.db") as new:
        assert as_csv(new.activities()) == as_csv(old.activities())
        assert as_csv(new.pain()) == as_csv(old.pain())
        assert as_csv(new.diary()) == as_csv(old.diary())
        assert new.settings == old.settings
        assert new.acknowledged() == old.acknowledged()


def test_the_zip_holds_original_files_and_plain_tables(full_log: Path, zipped: Path) -> None:
    with zipfile.ZipFile(zipped) as archive:
        names = archive.namelist()
        originals = {hashlib.sha256(archive.read(n)).hexdigest() for n in names if "/" in n}
        runs = list(csv.DictReader(io.TextIOWrapper(archive.open("runs.csv"), "utf-8")))
    assert originals == {row[0] for row in dump(full_log, "source")["source"]}
    with TrainingLog(full_log) as log:
        assert [row["run_id"] for row in runs] == list(log.activities()["run_id"])
    tables = ["runs", "pain", "diary", "settings", "decisions", "files"]
    assert {f"{name}.csv" for name in tables} < set(names)


def test_an_original_goes_in_as_the_log_keeps_it(full_log: Path, zipped: Path) -> None:
    with TrainingLog(full_log) as log:
        kept = dict(log.database.execute("SELECT digest, content FROM source"))
    with zipfile.ZipFile(zipped) as archive:
        packed = {i.filename[6:18]: i for i in archive.infolist() if i.filename[:6] == own.FOLDER}
        assert archive.testzip() is None
        for digest, stream in kept.items():
            info = packed[digest[:12]]
            assert info.compress_size == len(stream) - 6  # the head and the check sum of zlib
            assert hashlib.sha256(archive.read(info)).hexdigest() == digest


def test_no_cell_begins_like_a_formula(zipped: Path) -> None:
    with zipfile.ZipFile(zipped) as archive:
        for name in archive.namelist():
            if name.endswith(".csv"):
                text = archive.read(name).decode()
                cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
                numbers = [cell for cell in cells if cell.lstrip("-").replace(".", "").isdigit()]
                risky = [c for c in cells if c.startswith(("=", "+", "-", "@", "\t"))]
                assert set(risky) <= set(numbers), name


def test_the_same_log_gives_the_same_private_bytes(full_log: Path, tmp_path: Path) -> None:
    with TrainingLog(full_log) as log:
        for name in ("a.zip", "b.zip"):
            log.export(tmp_path / "x" / name, as_csv)
    first, second = sorted((tmp_path / "x").iterdir())
    assert first.read_bytes() == second.read_bytes()
    assert is_private(first)


def test_importing_it_again_adds_nothing(full_log: Path, zipped: Path, tmp_path: Path) -> None:
    ingest(tmp_path / "new.db", zipped)
    for path in (tmp_path / "new.db", full_log):
        again = ingest(path, zipped)
        assert (again["new"], again["failed"], again["warnings"]) == (0, [], [])
        assert again["known"] == len(dump(full_log)["activity"])
    assert dump(tmp_path / "new.db") == dump(full_log)


def test_two_diaries_are_never_mixed(zipped: Path, tmp_path: Path) -> None:
    with TrainingLog(tmp_path / "mine.db") as log:
        log.add_pain([validated_entry({"local_date": "2026-01-01", "score": 1})], NOW)
    before = dump(tmp_path / "mine.db", "journal", "setting")
    summary = ingest(tmp_path / "mine.db", zipped)
    assert [w["reason"] for w in summary["warnings"] if "this log has its own" in w["reason"]]
    assert summary["read"] > 0
    assert dump(tmp_path / "mine.db", "journal", "setting") == before


def test_another_file_is_not_replaced_an_older_export_is(full_log: Path, tmp_path: Path) -> None:
    (tmp_path / "photos.zip").write_bytes(b"PK\x05\x06" + bytes(18))
    with TrainingLog(full_log) as log:
        with pytest.raises(LogError, match="already exists and is not a kneeload export"):
            log.export(tmp_path / "photos.zip", as_csv)
        assert log.export(tmp_path / "e.zip", as_csv) == log.export(tmp_path / "e.zip", as_csv)
    assert (tmp_path / "photos.zip").stat().st_size == 22


def rewritten(zipped: Path, name: str, change: Callable[[str], str | None]) -> Path:
    """Return a copy of an export in which a table was changed, or left out."""
    forged = zipped.with_name("forged.zip")
    with zipfile.ZipFile(zipped) as old, zipfile.ZipFile(forged, "w") as new:
        for member in old.namelist():
            if member != name:
                new.writestr(member, old.read(member))
            elif (text := change(old.read(member).decode())) is not None:
                new.writestr(member, text)
    return forged


def decision(**payload: Any) -> str:
    out = io.StringIO()
    at = "2026-04-01T12:00:00+00:00"
    cells = [9999, 9999, at, "add", payload.pop("object"), "x", json.dumps(payload), 0]
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue()


@pytest.mark.parametrize(
    "row",
    [
        decision(object="pain", local_date="2026-03-14", score=99),
        decision(object="pain", local_date="soon", score=1),
        decision(object="run", distance_km="far"),
        decision(object="run", sport="teleporting"),
        decision(object="diary", kind="note", local_date="31.12.2025"),
        decision(object="spell"),
        "1,2,3\n",
        "x,1,now,add,pain,p,{},0\n",
    ],
)
def test_forged_decisions_are_left_out_and_the_log_stays_usable(
    zipped: Path, tmp_path: Path, row: str
) -> None:
    summary = ingest(tmp_path / "new.db", rewritten(zipped, own.DECISIONS, lambda t: t + row))
    assert [w for w in summary["warnings"] if "were left out" in w["reason"]]
    with TrainingLog(tmp_path / "new.db") as log:
        assert len(log.runs()) > 0
        assert log.pain().empty


@pytest.mark.parametrize(
    ("name", "change", "reason"),
    [
        (own.FILES, lambda _: None, "files.csv is missing"),
        (own.DECISIONS, lambda _: None, "decisions.csv is missing"),
        (own.SETTINGS, lambda text: text.replace("key", "name"), "lacks columns"),
        (own.FILES, lambda text: text.replace("files/", "../"), "there is no ../"),
        (
            own.FILES,
            lambda text: text.replace(",fit,", ",os.system,"),
            "that never occurs in an export",
        ),
        (
            own.FILES,
            lambda text: text.replace("cycling", "flying"),
            "that never occurs in an export",
        ),
        (own.FILES, lambda text: text.replace(",fit,", ",diary,"), "is not a row of an export"),
    ],
)
def test_a_forged_export_fails_by_name(
    zipped: Path, tmp_path: Path, name: str, change: Callable[[str], str | None], reason: str
) -> None:
    summary = ingest(tmp_path / "new.db", rewritten(zipped, name, change))
    assert [entry for entry in summary["failed"] if reason in entry["reason"]]


def test_forged_settings_are_left_out(zipped: Path, tmp_path: Path) -> None:
    forged = rewritten(zipped, own.SETTINGS, lambda text: text + "units,yards\n")
    summary = ingest(tmp_path / "new.db", forged)
    assert [w for w in summary["warnings"] if "units is one of" in w["reason"]]
    with TrainingLog(tmp_path / "new.db") as log:
        assert log.settings.units == "km"


def test_the_samples_folder_holds_no_export() -> None:
    assert list(own.words(SAMPLES)) == []
