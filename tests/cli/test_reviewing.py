"""Doubtful runs, and runs of several recordings: what the runner decides outlives everything."""

import csv
import datetime as dt
import io
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from kneeload.diary.validation import validated_entry
from kneeload.log.training_log import TrainingLog
from tests.cli.invoking import invoke

NOW = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)


def track(start: str, seconds: int, metres_per_s: float, name: str = "") -> str:
    """Return a run northwards from a full hour on, as GPX."""
    points = "".join(
        f'<trkpt lat="{47 + at * metres_per_s / 111_195:.6f}" lon="8.5">'
        f"<time>{start}:{at // 60:02}:{at % 60:02}Z</time></trkpt>"
        for at in range(0, seconds + 1, 10)
    )
    return (
        '<gpx version="1.1" creator="t"><trk>'
        f"<name>{name}</name><type>running</type><trkseg>{points}</trkseg></trk></gpx>"
    )


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Return a log of a short recording, and of a run that a watch and a phone recorded."""
    (tmp_path / "short.gpx").write_text(track("2026-03-10T17", 60, 3.0))
    (tmp_path / "watch.gpx").write_text(track("2026-03-11T17", 3000, 3.0))
    (tmp_path / "phone.gpx").write_text(track("2026-03-11T17", 2400, 2.5, "knee 3/10 after"))
    (tmp_path / "next.gpx").write_text(track("2026-03-11T19", 1800, 3.0))
    invoke("--log", tmp_path / "log.db", "import", tmp_path)
    return tmp_path / "log.db"


def rows(log: Path, *more: object) -> list[dict[str, str]]:
    said = invoke("--log", log, *more, "runs", "--csv").stdout
    return list(csv.DictReader(io.StringIO(said)))


def counted(log: Path, *more: object) -> list[tuple[str, str]]:
    return [
        (row["local_date"], f"{float(row['distance_km']):.1f}")
        for row in rows(log, *more)
        if row["suspect"] == "false"
    ]


def undo(log: Path) -> None:
    with TrainingLog(log) as opened:
        opened.undo()


TWO = [("2026-03-11", "9.0"), ("2026-03-11", "5.4")]


def test_a_review_names_the_reason_and_the_commands(log: Path) -> None:
    assert counted(log) == TWO
    text = invoke("--log", log, "runs", "--review").stdout
    short = rows(log)[0]["run_id"]
    assert "only 60 s long" in text
    assert f"kneeload runs accept {short}" in text
    assert f"kneeload runs remove {short}" in text
    assert (
        json.loads(invoke("--log", log, "runs", "--suspect", "--json").stdout)[0]["run_id"] == short
    )


def test_an_accepted_run_counts_until_that_is_undone(log: Path, tmp_path: Path) -> None:
    short = rows(log)[0]["run_id"]
    invoke("--log", log, "runs", "accept", short)
    three = [("2026-03-10", "0.2"), *TWO]
    assert counted(log) == three
    assert counted(log, "--as-of", "2026-03-10") == three[:1]
    invoke("--log", log, "import", tmp_path)
    invoke("--log", log, "rebuild")
    assert counted(log) == three
    invoke("--log", log, "export", tmp_path / "all.zip")
    invoke("--log", tmp_path / "again.db", "import", tmp_path / "all.zip")
    assert counted(tmp_path / "again.db") == three
    invoke("--log", log, "export", tmp_path / "share.zip", "--private-positions")
    invoke("--log", tmp_path / "shared.db", "import", tmp_path / "share.zip")
    assert counted(tmp_path / "shared.db") == three
    undo(log)
    assert counted(log) == TWO


def test_a_removed_run_stays_away_with_all_its_recordings(log: Path, tmp_path: Path) -> None:
    watch = next(row["run_id"] for row in rows(log) if float(row["distance_km"]) > 8)
    invoke("--log", log, "runs", "remove", watch)
    assert counted(log) == TWO[1:]
    (tmp_path / "tablet.gpx").write_text(track("2026-03-11T17", 2900, 2.9))
    invoke("--log", log, "import", tmp_path)
    invoke("--log", log, "rebuild")
    assert counted(log) == TWO[1:]
    undo(log)
    assert counted(log) == TWO


def test_runs_of_a_source_move_together(log: Path) -> None:
    before = {row["run_id"]: row["started_at"] for row in rows(log)}
    said = invoke("--log", log, "runs", "shift", "--source", "next", "--hours", "-1").stdout
    assert said.startswith("Moved 1 run by -1 hours.")
    (moved,) = (row for row in rows(log) if before[row["run_id"]] != row["started_at"])
    assert moved["started_at"].startswith("2026-03-11T18:00:00")
    invoke("--log", log, "runs", "shift", "--source", "next", "--hours", "24")
    assert ("2026-03-12", "5.4") in counted(log)
    invoke("--log", log, "rebuild")
    assert ("2026-03-12", "5.4") in counted(log)
    nothing = invoke("--log", log, "runs", "shift", "--source", "none", "--hours", "1")
    assert nothing.exit_code == 1
    assert "no run comes from 'none'" in nothing.stderr


def test_duplicates_name_both_distances(log: Path) -> None:
    (link,) = json.loads(invoke("--log", log, "duplicates", "--json").stdout)
    assert link["reason"] == "same start time, distances differ: 9.0 km and 6.0 km"


def test_a_score_answered_on_the_copy_stays_answered(log: Path) -> None:
    def pain() -> list[dict[str, Any]]:
        told = invoke("--log", log, "pain", "list", "--json").stdout
        scores: list[dict[str, Any]] = json.loads(told)
        return scores

    watch = next(row["run_id"] for row in rows(log) if float(row["distance_km"]) > 8)
    assert [(p["score"], p["run_id"]) for p in pain()] == [(3, watch)]


def test_an_import_says_what_the_log_holds(log: Path, tmp_path: Path) -> None:
    text = invoke("--log", tmp_path / "new.db", "import", tmp_path / "watch.gpx").stdout
    assert "Your log: 1 run on 11 March 2026, 9.0 km in all." in text
    text = invoke("--log", log, "import", tmp_path).stdout
    assert "Your log: 2 runs on 11 March 2026, 14.4 km in all." in text
    assert "1 run looks implausible" in text


def test_what_was_guessed_is_told(tmp_path: Path) -> None:
    for hour in (7, 9):
        bare = track(f"2026-03-1{hour}T17", 1800, 3.0).replace("<type>running</type>", "")
        (tmp_path / f"{hour}.gpx").write_text(bare)
    walk = track("2026-03-11T17", 1800, 1.2).replace("<type>running</type>", "")
    (tmp_path / "walk.gpx").write_text(walk)
    text = invoke("--log", tmp_path / "log.db", "import", tmp_path).stdout
    assert "3 files name no sport: 2 counted as runs and 1 counted as a walk." in text
    assert "kneeload runs edit ID --sport running" in text


def test_a_rebuild_of_an_older_log_says_what_became_one_run(log: Path) -> None:
    with TrainingLog(log) as opened:
        (copy,), (watch,) = opened.duplicates()[["run_id", "of"]].to_numpy().T.tolist()
        opened.edit_run(copy, {"rpe": 7.0}, NOW)
        score = {"local_date": "2026-03-11", "moment": "after", "score": 5, "run_id": copy}
        opened.add_pain([validated_entry(score)], NOW)
    with closing(sqlite3.connect(log)) as database:  # as a kneeload without spans wrote it
        database.execute("UPDATE activity SET moved_from_s = NULL, moved_until_s = NULL")
        database.commit()
    said = invoke("--log", log, "rebuild").stdout
    assert f"{copy} (2026-03-11, 6.0 km) is now a duplicate of {watch}: same start time" in said
    with TrainingLog(log) as opened:
        run = opened.runs().set_index("run_id").loc[watch]
        assert run["rpe"] == 7.0
        assert set(opened.pain()["run_id"]) == {watch}
    assert "No run changed." in invoke("--log", log, "rebuild").stdout


def test_an_apple_workout_of_two_routes_is_one_run(tmp_path: Path) -> None:
    export = tmp_path / "apple_health_export"
    (export / "workout-routes").mkdir(parents=True)
    for name, start in (("one", "2026-03-03T17"), ("two", "2026-03-03T18")):
        route = track(start, 1200, 3.0).replace("<type>running</type>", "")
        (export / "workout-routes" / f"{name}.gpx").write_text(route)
    workout = (
        '<Workout workoutActivityType="HKWorkoutActivityTypeRunning" duration="{minutes}"'
        ' durationUnit="min" totalDistance="{km}" totalDistanceUnit="km" sourceName="{source}"'
        ' startDate="2026-03-03 17:00:00 +0000" endDate="2026-03-03 18:20:00 +0000">'
        "{routes}</Workout>"
    )
    routes = "".join(
        f'<WorkoutRoute><FileReference path="/workout-routes/{name}.gpx"/></WorkoutRoute>'
        for name in ("one", "two")
    )
    watch = workout.format(minutes=75, km=13.2, source="Watch", routes=routes)
    phone = workout.format(minutes=74, km=12.1, source="Strava", routes="")
    (export / "export.xml").write_text(f"<HealthData>{watch}{phone}</HealthData>")
    invoke("--log", tmp_path / "log.db", "import", export)
    assert counted(tmp_path / "log.db") == [("2026-03-03", "13.2")]
    assert len(json.loads(invoke("--log", tmp_path / "log.db", "duplicates", "--json").stdout)) == 3
