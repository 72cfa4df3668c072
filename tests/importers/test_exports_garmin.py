"""Garmin's account export: summaries in centimetres and milliseconds, files in nested zips."""

import datetime as dt
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from kneeload.importers import size_limits
from kneeload.importers.decode import decode
from kneeload.importers.discover import discover
from kneeload.importers.document import Document, Found, Refusal
from kneeload.model import Activity, Sport

SUMMARIES = "DI_CONNECT/DI-Connect-Fitness/me@example.org_0_summarizedActivities.json"
GEAR = "DI_CONNECT/DI-Connect-Fitness/me@example.org_gear.json"
UPLOADS = "DI_CONNECT/DI-Connect-Uploaded-Files/UploadedFiles_0-_Part1.zip"
FIT = b"\x0e\x10\x5d\x08\x00\x00\x00\x00.FIT\x00\x00"

RUN = {
    "activityId": 111, "name": "Morning Run", "activityType": "treadmill_running",
    "sportType": "RUNNING", "beginTimestamp": 1700000000000, "startTimeGmt": 1700000000000.0,
    "startTimeLocal": 1700003600000.0, "distance": 500000.0, "duration": 1800000.0,
    "movingDuration": 1700000.0, "elapsedDuration": 1900000.0, "elevationGain": 4200.0,
    "elevationLoss": 4100.0, "avgHr": 140.0, "maxHr": 170.0, "avgRunCadence": 85.0,
    "avgSpeed": 0.2777, "splits": [{"lapIndex": 1}],
}  # fmt: skip


def exported(*summaries: dict[str, Any]) -> bytes:
    return json.dumps([{"summarizedActivitiesExport": list(summaries)}]).encode()


def export(folder: Path, members: dict[str, bytes]) -> Path:
    path = folder / "garmin.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def found(folder: Path, *summaries: dict[str, Any], **others: bytes) -> list[Found]:
    members = {SUMMARIES: exported(*summaries)}
    names = {"gear": GEAR, "uploads": UPLOADS}
    return list(discover([export(folder, members | {names[k]: v for k, v in others.items()})]))


def documents(folder: Path, *summaries: dict[str, Any], **others: bytes) -> list[Document]:
    return [e for e in found(folder, *summaries, **others) if isinstance(e, Document)]


def activity(folder: Path, summary: dict[str, Any], **others: bytes) -> Activity:
    (document,) = documents(folder, summary, **others)
    assert document.kind == "garmin_summary"
    (only,) = decode(document)
    return only


def test_lengths_are_centimetres_and_times_milliseconds(tmp_path: Path) -> None:
    """Taken as metres it would be a run of 500 km."""
    run = activity(tmp_path, RUN)
    assert (run.distance_m, run.distance_source) == (5000, "export")
    assert (run.timer_s, run.elapsed_s) == (1800, 1900)
    assert (run.ascent_m, run.descent_m) == (42, 41)
    assert (run.avg_hr_bpm, run.max_hr_bpm, run.name) == (140, 170, "Morning Run")
    assert run.sport == Sport.TREADMILL_RUNNING


def test_local_time_comes_shifted(tmp_path: Path) -> None:
    run = activity(tmp_path, RUN)
    assert run.started_at == dt.datetime(2023, 11, 14, 22, 13, 20, tzinfo=dt.UTC)
    assert run.utc_offset_s == 3600


def test_begin_timestamp_stands_in_for_a_missing_start(tmp_path: Path) -> None:
    summary = {key: value for key, value in RUN.items() if not key.startswith("startTime")}
    run = activity(tmp_path, summary)
    assert run.started_at == dt.datetime(2023, 11, 14, 22, 13, 20, tzinfo=dt.UTC)
    assert run.utc_offset_s is None


@pytest.mark.parametrize(
    ("cadence", "spm"),
    [
        ({"avgRunCadence": 85.0}, 170),
        ({"avgRunCadence": 170.0}, 170),
        ({"avgRunCadence": 85.0, "avgDoubleCadence": 171.5}, 171.5),
        ({"avgRunCadence": None}, None),
    ],
)
def test_cadence_is_steps_of_both_feet(
    tmp_path: Path, cadence: dict[str, Any], spm: float | None
) -> None:
    assert activity(tmp_path, RUN | cadence).avg_cadence_spm == spm


def test_shoes_come_from_the_gear_file(tmp_path: Path) -> None:
    gear = [
        {
            "gearDTOS": [{"gearPk": 7, "customMakeModel": "Red Shoe", "displayName": "x"}],
            "gearActivityDTOs": {"7": [{"activityId": 111}], "8": [{"activityId": 111}]},
        }
    ]
    assert activity(tmp_path, RUN, gear=json.dumps(gear).encode()).gear == "Red Shoe"
    assert activity(tmp_path, RUN, gear=json.dumps(gear[0]).encode()).gear == "Red Shoe"


@pytest.mark.parametrize(
    "gear", [b"", b"{", b"[]", b"3", b'{"gearDTOS": 3}', b'[{"gearDTOS":[{}]}]']
)
def test_a_broken_gear_file_costs_only_the_shoes(tmp_path: Path, gear: bytes) -> None:
    assert activity(tmp_path, RUN, gear=gear).gear == ""


def test_files_lie_in_zips_within_the_zip(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("me@example.org_1.fit", FIT)
        archive.writestr("me@example.org_2.txt", b"no")
    seen = found(tmp_path, RUN, uploads=buffer.getvalue())
    kinds = [e.kind if isinstance(e, Document) else e.reason for e in seen]
    assert sorted(kinds) == ["fit", "garmin_summary", "is not an activity file"]


def test_a_multisport_parent_does_not_count_twice(tmp_path: Path) -> None:
    children = [RUN | {"activityId": at, "parentId": 1} for at in (2, 3)]
    assert len(documents(tmp_path, RUN | {"activityId": 1, "parent": True}, *children)) == 2


def test_names_of_any_kind_become_text(tmp_path: Path) -> None:
    assert activity(tmp_path, RUN | {"name": "\ud800 run"}).name == "? run"
    assert activity(tmp_path, RUN | {"name": {"a": 1}}).name == "{'a': 1}"
    assert activity(tmp_path, RUN | {"name": None}).name == ""


def test_a_new_name_is_the_same_run(tmp_path: Path) -> None:
    (before,) = documents(tmp_path, RUN)
    (after,) = documents(tmp_path, RUN | {"name": "Other", "splits": []})
    assert before.digest == after.digest


def test_long_summaries_are_streamed(tmp_path: Path) -> None:
    note = "ä" * 40_000
    runs = [RUN | {"activityId": at, "padding": note} for at in range(60)]
    assert [json.loads(d.content)["activityId"] for d in documents(tmp_path, *runs)] == list(
        range(60)
    )


def test_several_lists_in_one_file(tmp_path: Path) -> None:
    text = b'[\n {"summarizedActivitiesExport" : [ ] } , ' + exported(RUN, RUN)[1:]
    path = tmp_path / "a.json"
    path.write_bytes(text)
    assert len(list(discover([path]))) == 2


def test_a_file_cut_short_keeps_what_is_whole_and_warns(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(exported(RUN, RUN | {"activityId": 2})[:-50])
    first, second = discover([path])
    assert isinstance(first, Document)
    assert second == Refusal(str(path), "warning", "is cut short or damaged")


def test_a_list_of_nothing_is_skipped(tmp_path: Path) -> None:
    (only,) = found(tmp_path)
    assert isinstance(only, Refusal)
    assert (only.verdict, only.reason) == ("skipped", "lists no activity")


@pytest.mark.parametrize("junk", ["3", '"x"', "null", "[[[[", '{"a":' * 2000])
def test_junk_in_the_list_is_refused(tmp_path: Path, junk: str) -> None:
    path = tmp_path / "a.json"
    path.write_text('[{"summarizedActivitiesExport":[' + junk)
    (only,) = discover([path])
    assert isinstance(only, Refusal)
    assert only.verdict == "failed"


def test_one_endless_object_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(size_limits, "MAX_ROW_BYTES", 100_000)
    path = tmp_path / "a.json"
    path.write_text('[{"summarizedActivitiesExport":[{"a":"' + "x" * 5_000_000)
    (only,) = discover([path])
    assert isinstance(only, Refusal)
    assert only.verdict == "failed"
