"""Apple's effort scores: records that stand apart from the workouts they are of."""

import zipfile
from pathlib import Path

import pytest

from kneeload.importers import read_activities
from kneeload.importers.exports.apple_effort import EffortScores

RECORD = (
    '<Record type="HKQuantityTypeIdentifier{kind}" unit="appleEffortScore"'
    ' startDate="{start}" endDate="{start}" value="{value}"/>\n'
)
WORKOUT = (
    '<Workout workoutActivityType="HKWorkoutActivityTypeRunning" duration="40" durationUnit="min"'
    ' totalDistance="8" totalDistanceUnit="km" startDate="2026-03-14 07:00:00 +0100"'
    ' endDate="2026-03-14 07:40:00 +0100"></Workout>\n'
)


def rpe(tmp_path: Path, *records: str) -> float | None:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        text = f"<?xml version='1.0'?>\n<HealthData>\n{''.join(records)}{WORKOUT}</HealthData>"
        archive.writestr("apple_health_export/export.xml", text)
    (run,) = read_activities(path)
    return run.rpe


def record(kind: str = "WorkoutEffortScore", at: str = "07:00:00", value: str = "6") -> str:
    return RECORD.format(kind=kind, start=f"2026-03-14 {at} +0100", value=value)


def test_the_score_of_a_workout_is_its_exertion(tmp_path: Path) -> None:
    assert rpe(tmp_path, record(), record(at="12:00:00", value="9")) == 6


def test_the_last_of_several_counts(tmp_path: Path) -> None:
    assert rpe(tmp_path, record(value="6"), record(at="07:40:00", value="7")) == 7


@pytest.mark.parametrize(
    "other",
    [
        record("EstimatedWorkoutEffortScore"),
        record(at="06:58:59"),
        record(at="07:41:01"),
        record(value="0"),
        record(value="11"),
        record(value="high"),
    ],
)
def test_what_nobody_entered_for_it_is_left_out(tmp_path: Path, other: str) -> None:
    assert rpe(tmp_path, other) is None


@pytest.mark.parametrize("size", [1, 7, 64, 4096])
def test_a_record_may_be_torn_anywhere(size: int) -> None:
    text, efforts = (record() * 3).encode(), EffortScores()
    chunks = (text[at : at + size] for at in range(0, len(text), size))
    assert b"".join(efforts.watching(chunks)) == text
    assert list(efforts.scores.values()) == [6.0]
