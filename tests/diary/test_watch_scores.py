"""What a watch tells of pain, in the log: scores at once, marked places once they are asked for."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from kneeload.log.training_log import TrainingLog
from tests.cli.invoking import invoke
from tests.importers.fitwriter import SESSION, fit, identity, records
from tests.importers.test_fit_pain import FELT, SESSION_ROW, described, file, laps, with_field

NOW = dt.datetime(2024, 11, 9, 12, 0, tzinfo=dt.UTC)
TODAY = "2024-11-09"


def log_with(tmp_path: Path, content: bytes) -> Path:
    (tmp_path / "run.fit").write_bytes(content)
    with TrainingLog(tmp_path / "log.db") as log:
        log.ingest([tmp_path / "run.fit"], now=NOW)
        log.set("knee", "left")
        log.set("site", "front")
    return tmp_path / "log.db"


def listed(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(
        invoke("--log", path, "--as-of", TODAY, "pain", "list", "--json").stdout
    )
    return found


@pytest.fixture
def marked(tmp_path: Path) -> Path:
    return log_with(tmp_path, file(laps((200, 0), (205, 0))))


def test_two_quick_laps_mean_nothing_unless_asked_for(marked: Path) -> None:
    assert listed(marked) == []


def test_a_marked_place_is_listed_without_a_score_and_asked_for(marked: Path) -> None:

    invoke("--log", marked, "settings", "set", "pain_marker", "double_lap")
    (row,) = listed(marked)
    told = (row["moment"], row["score"], row["onset_km"], row["onset_min"], row["origin"])
    assert told == ("during", None, 0.6, 3.3, "marker")
    csv = invoke("--log", marked, "--as-of", TODAY, "pain", "list", "--csv").stdout
    assert ",left,unsure,during,,0.6,3.3," in csv
    with TrainingLog(marked) as log:
        assert log.pain().empty
    shown = invoke("--log", marked, "--as-of", TODAY, "pain", typed="\n\n4\n\x1b\n").output
    assert "worst during, marked at 0.6 km? 4" in shown
    (row,) = listed(marked)
    told = (row["score"], row["onset_km"], row["onset_min"], row["origin"], row["site"])
    assert told == (4, 0.6, 3.3, "marker", "front")
    invoke("--log", marked, "undo")
    assert [row["score"] for row in listed(marked)] == [None]


def test_a_marked_place_can_be_scored_or_removed_by_its_id(marked: Path) -> None:
    invoke("--log", marked, "settings", "set", "pain_marker", "double_lap")
    name = listed(marked)[0]["pain_id"]
    assert invoke("--log", marked, "pain", "edit", name, "--score", "3").exit_code == 0
    assert [(row["score"], row["origin"]) for row in listed(marked)] == [(3, "marker")]
    assert invoke("--log", marked, "pain", "remove", name).exit_code == 0
    assert listed(marked) == []


def test_a_field_of_an_app_is_a_score_of_the_run(tmp_path: Path) -> None:
    told = described("Knee Pain") + with_field(SESSION, (SESSION_ROW, 3))
    path = log_with(tmp_path, fit(identity(), records(600), told))
    (row,) = listed(path)
    assert (row["knee"], row["moment"], row["score"], row["origin"]) == (
        "left",
        "during",
        3,
        "watch",
    )
    with TrainingLog(path) as log:
        log.rebuild(NOW)
        assert row["run_id"] == log.runs()["run_id"].iloc[0]
        log.remove_pain(row["pain_id"], NOW)
        assert log.pain().empty


def test_how_it_felt_is_a_column_of_runs(tmp_path: Path) -> None:
    told = FELT.definition() + FELT.data(*SESSION_ROW, 75, 40)
    path = log_with(tmp_path, fit(identity(), records(600), told))
    (run,) = json.loads(invoke("--log", path, "--as-of", TODAY, "runs", "--json").stdout)
    assert (run["workout_feel"], run["rpe"]) == (75, 4)
