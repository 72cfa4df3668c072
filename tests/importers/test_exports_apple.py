"""Apple Health's export: workouts cut out of a stream, routes joined, decoys left."""

import datetime as dt
import io
import tracemalloc
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneeload.importers import size_limits
from kneeload.importers.decode import decode
from kneeload.importers.discover import discover
from kneeload.importers.document import Document, Found, Refusal
from kneeload.importers.exports import apple
from kneeload.model import Activity, Sport

PROLOGUE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE HealthData [
<!-- HealthKit Export Version: 14 -->
<!ELEMENT HealthData (ExportDate,Me,(Record|Workout)*)>
<!ATTLIST Workout workoutActivityType CDATA #REQUIRED
]>
<HealthData locale="en_GB">
 <Record type="HKQuantityTypeIdentifierStepCount" value="12"/>
"""
OLD = (
    ' <Workout workoutActivityType="HKWorkoutActivityTypeRunning" duration="30.5"'
    ' durationUnit="min" totalDistance="{distance}" totalDistanceUnit="{unit}"'
    ' sourceName="Watch" startDate="2026-08-01 06:00:00 -0600"'
    ' endDate="2026-08-01 06:40:00 -0600"/>\n'
)
NEW = """ <Workout workoutActivityType="HKWorkoutActivityType{sport}" duration="30.5"
  durationUnit="min" sourceName="Watch > mine" startDate="2026-08-01 06:00:00 -0600"
  endDate="2026-08-01 06:40:00 -0600">
  <MetadataEntry key="HKIndoorWorkout" value="{indoor}"/>
  {zone}
  <WorkoutEvent type="HKWorkoutEventTypePause" date="2026-08-01 06:10:00 -0600"/>
  <WorkoutActivity uuid="x"><WorkoutStatistics
    type="HKQuantityTypeIdentifierDistanceWalkingRunning" sum="1" unit="km"/></WorkoutActivity>
  <WorkoutStatistics type="HKQuantityTypeIdentifierActiveEnergyBurned" sum="300" unit="kcal"/>
  <WorkoutStatistics type="HKQuantityTypeIdentifierDistanceWalkingRunning" sum="5.2" unit="{unit}"/>
  <WorkoutStatistics type="HKQuantityTypeIdentifierHeartRate" average="150.5" minimum="90"
    maximum="175" unit="count/min"/>
  {route}
 </Workout>
"""
ROUTE = '<WorkoutRoute><FileReference path="/workout-routes/route_1.gpx"/></WorkoutRoute>'
TRACK = b"""<gpx xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>
<trkpt lat="47.0" lon="8.0"><time>2026-08-01T12:00:00Z</time></trkpt>
<trkpt lat="47.001" lon="8.0"><time>2026-08-01T12:00:40Z</time></trkpt>
<trkpt lat="47.002" lon="8.0"><time>2026-08-01T12:01:20Z</time></trkpt>
</trkseg></trk></gpx>"""


def new(
    sport: str = "Running", indoor: int = 0, unit: str = "km", route: str = "", zone: str = ""
) -> str:
    entry = f'<MetadataEntry key="HKTimeZone" value="{zone}"/>' if zone else ""
    return NEW.format(sport=sport, indoor=indoor, unit=unit, route=route, zone=entry)


def export(folder: Path, *workouts: str, **files: bytes) -> Path:
    path = folder / "export.zip"
    body = PROLOGUE + "".join(workouts) + "</HealthData>\n"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("apple_health_export/export.xml", body)
        archive.writestr("apple_health_export/export_cda.xml", "<ClinicalDocument/>")
        archive.writestr("apple_health_export/electrocardiograms/ecg.csv", "Name,Me\n")
        for name, content in files.items():
            archive.writestr(f"apple_health_export/workout-routes/{name}.gpx", content)
    return path


def found(folder: Path, *workouts: str, **files: bytes) -> list[Found]:
    return list(discover([export(folder, *workouts, **files)]))


def activity(folder: Path, *workouts: str, **files: bytes) -> Activity:
    seen = found(folder, *workouts, **files)
    (document,) = (each for each in seen if isinstance(each, Document))
    (only,) = decode(document)
    return only


@pytest.mark.parametrize(("unit", "metres"), [("km", 5200), ("mi", 8368.5888), ("m", 5.2)])
def test_distance_comes_in_kilometres_or_miles(tmp_path: Path, unit: str, metres: float) -> None:
    for workout in (OLD.format(distance="5.2", unit=unit), new(unit=unit)):
        run = activity(tmp_path, workout)
        assert run.distance_m == pytest.approx(metres)
        assert run.distance_source == "export"


def test_a_workout_without_a_route(tmp_path: Path) -> None:
    run = activity(tmp_path, new())
    assert run.started_at == dt.datetime(2026, 8, 1, 12, tzinfo=dt.UTC)
    assert (run.timer_s, run.elapsed_s, run.utc_offset_s) == (1830, 2400, -6 * 3600)
    assert (run.avg_hr_bpm, run.max_hr_bpm) == (150.5, 175)
    assert (run.sport, run.device) == (Sport.RUNNING, "Watch > mine")


def test_an_indoor_run_is_on_a_treadmill(tmp_path: Path) -> None:
    assert activity(tmp_path, new(indoor=1)).sport == Sport.TREADMILL_RUNNING
    assert activity(tmp_path, new("Cycling", indoor=1)).sport == Sport.CYCLING
    assert activity(tmp_path, new("TraditionalStrengthTraining")).sport == Sport.STRENGTH


def test_the_workouts_own_time_zone_wins_over_the_exports(tmp_path: Path) -> None:
    """Apple writes every date in the zone of the day of the export."""
    assert activity(tmp_path, new(zone="Europe/Zurich")).utc_offset_s == 7200
    assert activity(tmp_path, new(zone="Nowhere/At_All")).utc_offset_s == -6 * 3600
    assert activity(tmp_path, new(zone="../../etc/passwd")).utc_offset_s == -6 * 3600


def test_an_export_from_another_zone_is_the_same_run(tmp_path: Path) -> None:
    here, there = (
        next(each for each in found(tmp_path, text) if isinstance(each, Document))
        for text in (
            new(),
            new().replace(":00 -0600", ":00 +0200").replace("08-01 06:", "08-01 14:"),
        )
    )
    assert here.digest == there.digest


def test_a_route_is_the_document_and_the_workout_its_companion(tmp_path: Path) -> None:
    seen = found(tmp_path, new(route=ROUTE), route_1=TRACK)
    (document,) = (each for each in seen if isinstance(each, Document))
    assert (document.kind, document.content) == ("gpx", TRACK)
    (run,) = decode(document)
    assert (run.sport, run.sport_inferred) == (Sport.RUNNING, False)
    assert (run.distance_m, run.distance_source, run.timer_s) == (5200, "export", 1830)
    assert (run.avg_hr_bpm, len(run.samples)) == (150.5, 3)


def test_a_route_that_is_missing_leaves_the_workout(tmp_path: Path) -> None:
    assert activity(tmp_path, new(route=ROUTE)).distance_m == 5200


def test_decoys_are_skipped(tmp_path: Path) -> None:
    seen = found(tmp_path, new(route=ROUTE), route_1=TRACK)
    reasons = {r.path.rpartition("/")[2]: r.reason for r in seen if isinstance(r, Refusal)}
    assert reasons == {
        "export.xml": "lists only workouts that have a route file of their own",
        "export_cda.xml": "is not an activity file",
        "ecg.csv": "is not an activity file",
    }


def test_a_workout_that_cannot_be_read_is_a_warning(tmp_path: Path) -> None:
    bad = [new().replace("2026-08-01 06:00:00 -0600", "soon"), new().replace('"km"', '"km')]
    seen = found(tmp_path, *bad, new())
    verdicts = [e.verdict if isinstance(e, Refusal) else e.kind for e in seen]
    assert verdicts == ["warning", "warning", "apple_workout", "skipped", "skipped"] or sorted(
        verdicts
    ) == ["apple_workout", "skipped", "skipped", "warning", "warning"]


@pytest.mark.parametrize("name", ["Tom & Co", "a\x0bb", "a&#11;b", "a&nbsp;b", "1 <3 km"])
def test_a_forbidden_character_costs_no_workout(tmp_path: Path, name: str) -> None:
    bad = new().replace('sourceName="', f'sourceName="{name}')
    assert [e for e in found(tmp_path, bad) if isinstance(e, Document)]


def test_an_entity_is_never_expanded(tmp_path: Path) -> None:
    text = PROLOGUE.replace("<!ELEMENT", '<!ENTITY x SYSTEM "file:///etc/passwd">\n<!ELEMENT')
    path = tmp_path / "export.xml"
    path.write_text(text + new(sport="&x;") + "</HealthData>")
    (only,) = discover([path])
    assert isinstance(only, Refusal)
    assert "contains XML entities" in only.reason


def test_a_file_cut_short_keeps_what_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "export.xml"
    path.write_text(PROLOGUE + new() + new()[:300])
    first, second = discover([path])
    assert isinstance(first, Document)
    assert second == Refusal(str(path), "warning", "is cut short within a workout")


def test_an_endless_workout_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(size_limits, "MAX_ROW_BYTES", 100_000)
    path = tmp_path / "export.xml"
    path.write_text(PROLOGUE + new()[:300] + "<WorkoutEvent/>" * 200_000)
    (only,) = discover([path])
    assert isinstance(only, Refusal)
    assert only.reason == "holds a workout that does not end"


def test_gigabytes_are_streamed(tmp_path: Path) -> None:
    records = ' <Record type="HKQuantityTypeIdentifierStepCount" value="123"/>\n' * 1000
    path = tmp_path / "export.xml"
    with path.open("w") as file:
        file.write(PROLOGUE)
        for _ in range(1200):
            file.write(records)
        file.write(new() + "</HealthData>")
    assert path.stat().st_size > size_limits.MAX_FILE_BYTES
    tracemalloc.start()
    assert [isinstance(each, Document) for each in discover([path])] == [True]
    assert tracemalloc.get_traced_memory()[1] < 16 << 20
    tracemalloc.stop()


@given(st.lists(st.integers(1, 900), max_size=40), st.integers(0, 3), st.booleans())
def test_workouts_are_found_wherever_the_stream_is_cut(
    cuts: list[int], count: int, self_closing: bool
) -> None:
    one = OLD.format(distance="5", unit="km") if self_closing else new()
    body = io.BytesIO((PROLOGUE + one * count + "</HealthData>").encode())

    def chunks() -> Iterator[bytes]:
        yield from (body.read(size) for size in cuts)
        yield body.read()

    fragments = list(apple._fragments(chunks()))
    assert fragments == [one.strip().encode()] * count


PART = (
    '<WorkoutActivity startDate="2026-08-01 {start}:00 -0600" endDate="2026-08-01 {end}:00 -0600"'
    ' duration="{minutes}" durationUnit="min"><WorkoutStatistics sum="{km}" unit="km"'
    ' type="HKQuantityTypeIdentifierDistance{sport}"/></WorkoutActivity>'
)


def test_the_parts_of_a_multisport_workout_are_activities(tmp_path: Path) -> None:
    swim = PART.format(start="06:00", end="06:10", minutes=10, km=0.4, sport="Swimming")
    run = PART.format(start="06:12", end="06:40", minutes=28, km=5.2, sport="WalkingRunning")
    workout = new(sport="SwimBikeRun").replace("</Workout>", f"{swim}{run}</Workout>")
    workout = workout.replace('<WorkoutActivity uuid="x">', "<Other>", 1)
    workout = workout.replace("</WorkoutActivity>", "</Other>", 1)
    (document,) = (e for e in found(tmp_path, workout) if isinstance(e, Document))
    activities = decode(document)
    assert [(a.sport, a.distance_m, a.timer_s) for a in activities] == [
        (Sport.SWIMMING, 400.0, 600.0),
        (Sport.RUNNING, 5200.0, 1680.0),
    ]
    assert [(a.session_index, a.utc_offset_s) for a in activities] == [(0, -21600), (1, -21600)]
