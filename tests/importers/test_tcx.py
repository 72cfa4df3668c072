"""TCX: each trap seen in real files, on small inline files that show it."""

import datetime as dt
from collections.abc import Iterable

import pytest

from kneeload import frames
from kneeload.errors import FileRefused, FileSkipped
from kneeload.importers.tcx import decode
from kneeload.model import Activity, Sport

NOON = dt.datetime(2026, 3, 14, 12, tzinfo=dt.UTC)


def stamp(second: float) -> str:
    return (NOON + dt.timedelta(seconds=second)).strftime("%Y-%m-%dT%H:%M:%SZ")


def point(second: float, inside: str = "") -> str:
    """Return a point of a run due north at 3 m/s."""
    latitude = f"{47 + second * 3 / 111_195:.7f}"
    return (
        f"<Trackpoint><Time>{stamp(second)}</Time><Position><LatitudeDegrees>{latitude}"
        "</LatitudeDegrees><LongitudeDegrees>8.5</LongitudeDegrees></Position>"
        f"<DistanceMeters>{second * 3}</DistanceMeters>{inside}</Trackpoint>"
    )


def track(seconds: Iterable[float], inside: str = "") -> str:
    return f"<Track>{''.join(point(second, inside) for second in seconds)}</Track>"


def lap(start: float, seconds: float, metres: float, inside: str = "") -> str:
    return (
        f'<Lap StartTime="{stamp(start)}"><TotalTimeSeconds>{seconds}</TotalTimeSeconds>'
        f"<DistanceMeters>{metres}</DistanceMeters>{inside}</Lap>"
    )


def activity(*inside: str, sport: str = "Running") -> str:
    return f'<Activity Sport="{sport}"><Id>{stamp(0)}</Id>{"".join(inside)}</Activity>'


def tcx(*inside: str) -> bytes:
    space = "http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"
    body = "".join(inside)
    return (
        f'<TrainingCenterDatabase xmlns="{space}"><Activities>{body}</Activities>'
        "</TrainingCenterDatabase>"
    ).encode()


def only(content: bytes) -> Activity:
    (found,) = decode(content)
    return found


def test_totals_are_the_sums_over_the_laps() -> None:
    hearts = "<AverageHeartRateBpm><Value>{}</Value></AverageHeartRateBpm>"
    highest = "<MaximumHeartRateBpm><Value>{}</Value></MaximumHeartRateBpm>"
    found = only(
        tcx(
            activity(
                lap(0, 300, 1000, hearts.format(140) + highest.format(171) + track(range(5))),
                lap(300, 100, 400, hearts.format(160) + highest.format(168) + track(range(5, 9))),
                "<Notes>windy</Notes><Creator><Name>Forerunner</Name></Creator>",
            )
        )
    )
    assert (found.distance_m, found.distance_source) == (1400, "device")
    assert (found.timer_s, found.elapsed_s) == (400, None)
    assert (found.avg_hr_bpm, found.max_hr_bpm) == (145, 171)
    assert (found.sport, found.sport_inferred) == (Sport.RUNNING, False)
    assert (found.description, found.device) == ("windy", "Forerunner")
    assert found.started_at == NOON
    assert found.warnings == ()
    assert [str(d) for d in found.samples.dtypes] == [c.dtype for c in frames.SAMPLES.values()]
    assert found.samples["distance_m"].tolist() == [3.0 * n for n in range(9)]


@pytest.mark.parametrize(
    "inside",
    [
        "<AltitudeMeters>9</AltitudeMeters><HeartRateBpm><Value>140</Value></HeartRateBpm>"
        "<Extensions><ns3:TPX><ns3:Speed>3.0</ns3:Speed><ns3:RunCadence>86</ns3:RunCadence>"
        "</ns3:TPX></Extensions>",
        "<AltitudeMeters>9</AltitudeMeters><HeartRateBpm><Value>140</Value></HeartRateBpm>"
        '<Extensions><TPX xmlns="http://www.garmin.com/xmlschemas/ActivityExtension/v2">'
        "<RunCadence>86</RunCadence><Speed>3.0</Speed></TPX></Extensions>",
        "<AltitudeMeters>9</AltitudeMeters><HeartRateBpm xsi:type='x'><Value>140</Value>"
        "</HeartRateBpm><Cadence>86</Cadence><SensorState>Present</SensorState>"
        "<Extensions><x:TPX><Speed>3.0</Speed></x:TPX></Extensions>",
    ],
    ids=["garmin, undeclared ns3", "strava", "polar"],
)
def test_heart_rate_cadence_and_speed_from_every_writer(inside: str) -> None:
    samples = only(tcx(activity(lap(0, 9, 27, track(range(9), inside))))).samples
    assert samples["hr_bpm"].tolist() == [140.0] * 9
    assert samples["speed_mps"].tolist() == [3.0] * 9
    assert samples["altitude_m"].tolist() == [9.0] * 9
    assert samples["cadence_spm"].tolist() == [172.0] * 9


def test_a_laps_heart_rate_is_not_a_points() -> None:
    inside = "<AverageHeartRateBpm><Value>150</Value></AverageHeartRateBpm>"
    samples = only(tcx(activity(lap(0, 9, 27, inside + track(range(9)))))).samples
    assert samples["hr_bpm"].isna().all()


def test_treadmill_laps_without_points_keep_their_totals() -> None:
    found = only(tcx(activity(lap(0, 600, 2000), lap(600, 600, 2100))))
    assert (found.distance_m, found.timer_s) == (4100, 1200)
    assert found.samples.empty
    assert list(found.samples.columns) == list(frames.SAMPLES)


def test_totals_of_zero_are_not_measured() -> None:
    found = only(tcx(activity(lap(0, 0, 0, track(range(9))))))
    assert (found.distance_m, found.distance_source, found.timer_s) == (None, None, None)


@pytest.mark.parametrize("text", ["", "undefined", "nan", "-5", "1e999"])
def test_a_total_that_is_no_number_is_not_measured(text: str) -> None:
    laps = [lap(0, 300, 1000).replace(">1000<", f">{text}<"), lap(300, 300, 900)]
    assert only(tcx(activity(*laps, track(range(3))))).distance_m == 900


def test_a_lap_that_is_there_twice_counts_once() -> None:
    one = lap(0, 300, 1000, track(range(5)))
    found = only(tcx(activity(one, one, lap(300, 300, 1000, track(range(300, 305))))))
    assert (found.distance_m, found.timer_s, len(found.samples)) == (2000, 600, 10)
    assert found.warnings == (
        "a segment repeats earlier points and was counted once",
        "laps that repeat were counted once",
    )


def test_equal_laps_without_a_start_are_two() -> None:
    bare = lap(0, 300, 1000).replace(f' StartTime="{stamp(0)}"', "")
    assert only(tcx(activity(bare, bare))).distance_m == 2000


def test_a_new_lap_is_no_pause_but_a_second_track_is() -> None:
    laps = [
        lap(0, 10, 30, track(range(3)) + track(range(8, 10))),
        lap(10, 10, 30, track(range(10, 12))),
        lap(20, 10, 30, track(range(42, 44))),
    ]
    samples = only(tcx(activity(*laps))).samples
    assert samples["segment"].tolist() == [0, 0, 0, 1, 1, 1, 1, 2, 2]


@pytest.mark.parametrize(("gap", "segments"), [(30, 1), (31, 2), (-1, 2)])
def test_a_lap_is_torn_off_where_time_jumps(gap: int, segments: int) -> None:
    laps = [lap(0, 10, 30, track(range(3))), lap(10, 10, 30, track([2 + gap, 3 + gap, 4 + gap]))]
    assert only(tcx(activity(*laps))).samples["segment"].nunique() == segments


def test_several_activities_and_multisport_are_several() -> None:
    legs = [
        activity(lap(0, 60, 800, track(range(9))), sport="Biking"),
        activity(lap(60, 60, 200, track(range(60, 69))), sport="Running"),
    ]
    multisport = (
        f"<MultiSportSession><FirstSport>{legs[0]}</FirstSport><NextSport>{legs[1]}</NextSport>"
        "</MultiSportSession>"
    )
    for content in (tcx(*legs), tcx(multisport)):
        ride, run = decode(content)
        assert [ride.sport, run.sport] == [Sport.CYCLING, Sport.RUNNING]
        assert [ride.session_index, run.session_index] == [0, 1]
        assert (run.started_at, run.distance_m) == (NOON + dt.timedelta(seconds=60), 200)
        assert [len(ride.samples), len(run.samples)] == [9, 9]
        assert run.samples["segment"].tolist() == [0] * 9


def test_other_is_a_sport_and_its_speeds_do_not_make_it_a_run() -> None:
    found = only(tcx(activity(lap(0, 9, 27, track(range(9))), sport="Other")))
    assert (found.sport, found.sport_inferred) == (Sport.OTHER, False)


def test_an_activity_without_sport_is_judged_by_its_speeds() -> None:
    found = only(tcx(activity(lap(0, 9, 27, track(range(9))), sport="")))
    assert (found.sport, found.sport_inferred) == (Sport.RUNNING, True)


def test_the_offset_of_the_start_is_kept() -> None:
    body = activity(lap(0, 9, 27, track(range(9)))).replace("12:00:00Z", "12:00:00.000+01:00")
    found = only(tcx(body))
    assert found.started_at == NOON - dt.timedelta(hours=1)
    assert found.utc_offset_s == 3600


def test_a_start_without_zone_is_utc() -> None:
    body = activity(lap(0, 9, 27, track(range(9)))).replace("Z</Time>", "</Time>")
    found = only(tcx(body.replace('Z">', '">')))
    assert found.started_at == NOON
    assert found.warnings == ("some times have no zone and were taken as UTC",)


def test_the_start_is_of_the_lap_else_the_id_else_the_point() -> None:
    start, number = f'StartTime="{stamp(5)}"', f"<Id>{stamp(0)}</Id>"
    body = activity(lap(5, 9, 27, track(range(9, 12))))
    assert only(tcx(body)).started_at == NOON + dt.timedelta(seconds=5)
    body = body.replace(start, 'StartTime="undefined"')
    assert only(tcx(body)).started_at == NOON
    body = body.replace(number, "")
    assert only(tcx(body)).started_at == NOON + dt.timedelta(seconds=9)


def test_an_activity_without_any_time_is_refused() -> None:
    body = f"<Activity Sport='Running'>{lap(0, 9, 27).replace(stamp(0), '')}</Activity>"
    with pytest.raises(FileRefused, match=r"^the start time of an activity is missing$"):
        decode(tcx(body))


def test_a_clock_of_1989_is_kept_for_the_measures_to_judge() -> None:
    body = activity(lap(0, 9, 27, track(range(9)))).replace("2026-03-14", "1989-12-31")
    assert only(tcx(body)).started_at == dt.datetime(1989, 12, 31, 12, tzinfo=dt.UTC)


def test_strava_begins_with_ten_spaces() -> None:
    content = b" " * 10 + b'<?xml version="1.0" encoding="UTF-8"?>' + tcx(activity(lap(0, 9, 27)))
    assert only(content).distance_m == 27


def test_an_undeclared_prefix_is_no_fault() -> None:
    creator = '<Creator xsi:type="Device_t"><Name>Forerunner 410</Name></Creator>'
    assert only(tcx(activity(lap(0, 9, 27), creator))).device == "Forerunner 410"


def test_points_of_a_course_are_not_the_activitys() -> None:
    content = tcx(activity(lap(0, 9, 27, track(range(9)))), f"<Course>{track(range(99))}</Course>")
    assert len(only(content).samples) == 9


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (tcx(), "holds no activity"),
        (tcx(activity()), "its activities are empty"),
        (tcx(activity(lap(0, 0, 0))), "its activities are empty"),
        (
            tcx(f"<Courses><Course>{track(range(9))}</Course></Courses>"),
            "is a course, not a recording",
        ),
        (tcx("<Workouts><Workout/></Workouts>"), "is a planned workout, not a recording"),
    ],
)
def test_what_is_no_recording_is_skipped_with_the_reason(content: bytes, reason: str) -> None:
    with pytest.raises(FileSkipped) as error:
        decode(content)
    assert str(error.value) == reason
