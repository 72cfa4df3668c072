"""GPX: each trap seen in real files, on small inline files that show it."""

import datetime as dt
import re
from collections.abc import Iterable

import numpy as np
import pandas as pd
import pytest

from kneeload import frames
from kneeload.errors import FileRefused, FileSkipped
from kneeload.importers.gpx import decode
from kneeload.model import Activity, Sport

NOON = dt.datetime(2026, 3, 14, 12, tzinfo=dt.UTC)
GPX_1_1 = 'xmlns="http://www.topografix.com/GPX/1/1"'


def point(second: float, *, inside: str = "", latitude: str = "", zone: str = "Z") -> str:
    """Return a point of a run due north at 3 m/s."""
    at = latitude or f"{47 + second * 3 / 111_195:.7f}"
    time = (NOON + dt.timedelta(seconds=second)).replace(tzinfo=None).isoformat()
    return f'<trkpt lat="{at}" lon="8.5"><time>{time}{zone}</time>{inside}</trkpt>'


def segment(points: Iterable[str]) -> str:
    return f"<trkseg>{''.join(points)}</trkseg>"


def gpx(*tracks: str, root: str = GPX_1_1, before: str = "") -> bytes:
    """Return a file of tracks, each given by what is inside it."""
    body = "".join(f"<trk>{track}</trk>" for track in tracks)
    return f'<gpx version="1.1" creator="Watch" {root}>{before}{body}</gpx>'.encode()


def run(seconds: Iterable[float] = range(10), **kwargs: str) -> str:
    return segment(point(second, **kwargs) for second in seconds)


def only(content: bytes) -> Activity:
    (activity,) = decode(content)
    return activity


def test_a_plain_file_gives_everything_it_says() -> None:
    inside = "<ele>400.5</ele>"
    activity = only(
        gpx(f"<name>Evening</name><desc>easy</desc><type>running</type>{run(inside=inside)}")
    )
    assert (activity.name, activity.description, activity.device) == ("Evening", "easy", "Watch")
    assert (activity.sport, activity.sport_inferred) == (Sport.RUNNING, False)
    assert activity.started_at == NOON
    assert activity.started_at.tzinfo is dt.UTC
    assert activity.distance_m is None
    assert activity.distance_source is None
    assert activity.warnings == ()
    samples = activity.samples
    assert list(samples.columns) == list(frames.SAMPLES)
    assert [str(d) for d in samples.dtypes] == [c.dtype for c in frames.SAMPLES.values()]
    assert samples["altitude_m"].tolist() == [400.5] * 10
    assert samples["hr_bpm"].isna().all()
    assert samples["segment"].tolist() == [0] * 10


@pytest.mark.parametrize(
    "extension",
    [
        "<gpxtpx:TrackPointExtension><gpxtpx:atemp>21</gpxtpx:atemp><gpxtpx:hr>140</gpxtpx:hr>"
        "<gpxtpx:cad>85</gpxtpx:cad><gpxtpx:speed>3.1</gpxtpx:speed></gpxtpx:TrackPointExtension>",
        "<ns3:TrackPointExtension><ns3:speed>3.1</ns3:speed><ns3:hr>140</ns3:hr>"
        "<ns3:cad>85</ns3:cad></ns3:TrackPointExtension>",
        "<gpxdata:hr>140</gpxdata:hr><gpxdata:cadence>85</gpxdata:cadence><speed>3.1</speed>",
        "<heartrate>140</heartrate><cadence>85</cadence><speed>3.1</speed>",
        "<power>200</power><TrackPointExtension><hr> 140 </hr><cad>85.0</cad><speed>3.1</speed>"
        "</TrackPointExtension>",
    ],
    ids=["garmin v1 and v2", "undeclared ns3", "cluetrust gpxdata", "bare", "strava"],
)
def test_heart_rate_cadence_and_speed_from_every_extension(extension: str) -> None:
    inside = f"<extensions>{extension}</extensions>"
    samples = only(gpx(f"<type>9</type>{run(inside=inside)}")).samples
    assert samples["hr_bpm"].tolist() == [140.0] * 10
    assert samples["speed_mps"].tolist() == [3.1] * 10
    assert samples["cadence_spm"].tolist() == [170.0] * 10


def test_apple_health_has_speed_outside_its_extension() -> None:
    inside = "<ele>4</ele><extensions><speed>3.1</speed><course>9</course></extensions>"
    samples = only(gpx(run(inside=inside))).samples
    assert samples["hr_bpm"].isna().all()
    assert samples["speed_mps"].tolist() == [3.1] * 10


@pytest.mark.parametrize(
    ("name", "counted", "steps"),
    [
        ("running", 85, 170),
        ("running", 119.5, 239),
        ("running", 120, 120),
        ("running", 172, 172),
        ("walking", 55, 110),
        ("walking", 80, 80),
        ("hiking", 110, 110),
    ],
)
def test_cadence_of_one_leg_is_doubled(name: str, counted: float, steps: float) -> None:
    inside = f"<extensions><cad>{counted}</cad></extensions>"
    samples = only(gpx(f"<type>{name}</type>{run(inside=inside)}")).samples
    assert samples["cadence_spm"].tolist() == [steps] * 10


def test_cadence_of_wheels_is_no_cadence() -> None:
    inside = "<extensions><cad>85</cad></extensions>"
    samples = only(gpx(f"<type>cycling</type>{run(inside=inside)}")).samples
    assert samples["cadence_spm"].isna().all()


def test_standing_still_does_not_decide_which_leg_is_counted() -> None:
    points = [point(s, inside=f"<cad>{170 if s > 7 else 0}</cad>") for s in range(10)]
    samples = only(gpx(f"<type>running</type>{segment(points)}")).samples
    assert samples["cadence_spm"].tolist() == [0.0] * 8 + [170.0] * 2


def test_a_file_that_names_no_sport_is_judged_by_its_speeds() -> None:
    activity = only(gpx(run()))
    assert (activity.sport, activity.sport_inferred) == (Sport.RUNNING, True)


def test_a_links_type_is_not_the_tracks_type() -> None:
    link = '<link href="x"><text>t</text><type>cycling</type></link>'
    activity = only(gpx(f"<name>a</name>{link}<type>trail_running</type>{run()}"))
    assert activity.sport is Sport.TRAIL_RUNNING


def test_waypoints_do_not_name_the_track() -> None:
    waypoint = '<wpt lat="1" lon="2"><time>2001-01-01T00:00:00Z</time><name>pub</name></wpt>'
    activity = only(gpx(run(), before=waypoint))
    assert activity.name == ""
    assert activity.started_at == NOON
    named = only(gpx(run(), before="<metadata><name>Tour</name></metadata>"))
    assert named.name == "Tour"


@pytest.mark.parametrize(
    "root",
    [
        'xmlns="http://www.garmin.com/xmlschemas/TrackPointExtension/v1"',
        "",
        'xsi:schemaLocation="undeclared prefix"',
        'xmlns="http://www.topografix.com/GPX/1/0"',
    ],
    ids=["default namespace is an extension", "none", "undeclared xsi", "gpx 1.0"],
)
def test_namespaces_do_not_hide_the_track(root: str) -> None:
    assert len(only(gpx(run(), root=root)).samples) == 10


def test_prefixed_elements_are_read() -> None:
    body = (gpx(run()).decode()).replace("</", "</g:").replace("<t", "<g:t").replace("<g:/", "</")
    content = body.replace("<gpx", "<g:gpx").encode()
    assert b"<g:trkpt" in content
    assert len(only(content).samples) == 10


def test_times_without_zone_are_utc_with_a_warning() -> None:
    activity = only(gpx(run(zone="")))
    assert activity.started_at == NOON
    assert activity.utc_offset_s is None
    assert activity.warnings == ("some times have no zone and were taken as UTC",)


def test_times_with_an_offset_are_utc_and_tell_the_offset() -> None:
    activity = only(gpx(run(zone="+05:30")))
    assert activity.started_at == NOON - dt.timedelta(hours=5, minutes=30)
    assert activity.utc_offset_s == 19_800
    assert only(gpx(run(zone="+00:00"))).utc_offset_s is None


def test_times_with_and_without_zone_in_one_track_are_one_clock() -> None:
    points = [point(0), point(1, zone=""), point(2, zone="-08:00")]
    times = only(gpx(segment(points))).samples["time"]
    expected = [NOON, NOON + dt.timedelta(seconds=1), NOON + dt.timedelta(hours=8, seconds=2)]
    assert times.tolist() == [pd.Timestamp(time) for time in expected]


@pytest.mark.parametrize(
    ("text", "microsecond"),
    [
        ("2026-03-14T12:00:00.5Z", 500_000),
        ("2026-03-14T12:00:00.123456789Z", 123_456),
        ("2026-03-14 12:00:00Z", 0),
        ("2026-3-14T12:0:0Z", 0),
        ("20260314T120000Z", 0),
        (" 2026-03-14T12:00:00Z ", 0),
    ],
)
def test_every_spelling_of_a_time(text: str, microsecond: int) -> None:
    points = [f'<trkpt lat="47.{n}" lon="8"><time>{text}</time></trkpt>' for n in range(2)]
    assert only(gpx(segment(points))).started_at == NOON.replace(microsecond=microsecond)


@pytest.mark.parametrize(
    "text", ["", "undefined", "now", "todayZ", "2026-02-30T00:00:00Z", "0000-01-01T00:00:00Z"]
)
def test_what_is_no_time_is_missing(text: str) -> None:
    odd = f'<trkpt lat="47" lon="8"><time>{text}</time></trkpt>'
    samples = only(gpx(segment([point(0), odd, point(2)]))).samples
    assert samples["time"].isna().tolist() == [False, True, False]
    assert samples["latitude"].notna().all()


def test_a_clock_of_1970_is_kept_for_the_measures_to_judge() -> None:
    points = [
        f'<trkpt lat="47.{n}" lon="8"><time>1970-01-01T00:00:0{n}Z</time></trkpt>' for n in range(3)
    ]
    assert only(gpx(segment(points))).started_at == dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@pytest.mark.parametrize("latitude", ["nan", "undefined", "", "91", "-100", "inf", "1e400"])
def test_a_position_that_is_none_is_missing(latitude: str) -> None:
    odd = f'<trkpt lat="{latitude}" lon="8.5"><time>{NOON.isoformat()}</time></trkpt>'
    samples = only(gpx(segment([point(0), odd, point(9)]))).samples
    assert samples["latitude"].isna().tolist() == [False, True, False]
    assert samples["longitude"].isna().tolist() == [False, True, False]
    assert samples["time"].notna().all()


def test_position_zero_zero_is_no_fix() -> None:
    lost = f'<trkpt lat="0.0" lon="0"><time>{NOON.isoformat()}</time></trkpt>'
    samples = only(gpx(segment([lost, point(1), point(2)]))).samples
    assert samples["latitude"].isna().tolist() == [True, False, False]


def test_a_point_without_position_keeps_its_row() -> None:
    bare = "<trkpt><ele>31.2</ele><time>2026-03-14T12:00:00Z</time></trkpt>"
    samples = only(gpx(segment([bare, point(1), point(2)]))).samples
    assert samples["latitude"].isna().tolist() == [True, False, False]
    assert samples["altitude_m"].iloc[0] == 31.2


@pytest.mark.parametrize("text", ["", "undefined", "nan", "bad data", "1e999", "--"])
def test_numbers_that_are_none_are_missing(text: str) -> None:
    points = [point(s, inside=f"<ele>{text if s else 7}</ele>") for s in range(3)]
    altitude = only(gpx(segment(points))).samples["altitude_m"]
    assert altitude.tolist()[0] == 7.0
    assert np.isnan(altitude.tolist()[1:]).all()


def test_segments_are_numbered_and_empty_ones_leave_no_trace() -> None:
    activity = only(gpx(run(range(3)) + "<trkseg></trkseg>" + run(range(60, 63))))
    assert activity.samples["segment"].tolist() == [0, 0, 0, 1, 1, 1]


def test_a_segment_that_repeats_earlier_ones_counts_once() -> None:
    whole = run(range(6))
    activity = only(gpx(run(range(3)) + run(range(3, 6)) + whole + run(range(90, 93))))
    assert len(activity.samples) == 9
    assert activity.samples["segment"].tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    assert activity.warnings == ("a segment repeats earlier points and was counted once",)


def test_a_track_that_is_there_twice_counts_once() -> None:
    activity = only(gpx(run(), run()))
    assert len(activity.samples) == 10
    assert "counted once" in activity.warnings[0]


def test_segments_that_share_a_point_are_no_repetition() -> None:
    activity = only(gpx(run(range(4)) + run(range(3, 8)) + run([7])))
    assert len(activity.samples) == 10
    assert activity.warnings == ()


def test_laps_of_a_track_are_no_repetition() -> None:
    lap = [point(s, latitude=f"47.{s % 5}") for s in range(5)]
    again = [point(s, latitude=f"47.{s % 5}") for s in range(5, 10)]
    assert len(only(gpx(segment(lap) + segment(again))).samples) == 10


def test_tracks_minutes_apart_are_one_session() -> None:
    activity = only(gpx(run(range(10)), run(range(609, 620))))
    assert activity.samples["segment"].tolist() == [0] * 10 + [1] * 11


def test_tracks_further_apart_are_sessions_in_order_of_time() -> None:
    later, earlier = decode(gpx(run(range(1000, 1010)), run(range(10))))[::-1]
    assert [earlier.session_index, later.session_index] == [0, 1]
    assert earlier.started_at == NOON
    assert later.started_at == NOON + dt.timedelta(seconds=1000)


def test_tracks_that_overlap_are_one_session() -> None:
    assert len(only(gpx(run(range(0, 100, 2)), run(range(1, 100, 2)))).samples) == 100


def test_tracks_of_another_type_are_sessions_of_their_own() -> None:
    sessions = decode(
        gpx(f"<type>walking</type>{run(range(9))}", f"<type>running</type>{run(range(9, 20))}")
    )
    assert [session.sport for session in sessions] == [Sport.WALKING, Sport.RUNNING]
    assert [len(session.samples) for session in sessions] == [9, 11]


def test_tracks_without_times_are_left_out_with_a_warning() -> None:
    planned = '<trkpt lat="47" lon="8"/><trkpt lat="47.1" lon="8"/>'
    activity = only(gpx(segment([planned]), run(), segment([point(9999)])))
    assert len(activity.samples) == 10
    assert activity.warnings == ("tracks left out because they have no times or only one point: 2",)


def test_totals_of_the_recorder_are_kept() -> None:
    stats = (
        "<extensions><gpxtrkx:TrackStatsExtension><gpxtrkx:Distance>5012.5</gpxtrkx:Distance>"
        "<gpxtrkx:TimerTime>1500</gpxtrkx:TimerTime><gpxtrkx:Ascent>0</gpxtrkx:Ascent>"
        "<gpxtrkx:Descent>33</gpxtrkx:Descent></gpxtrkx:TrackStatsExtension></extensions>"
    )
    activity = only(gpx(stats + run()))
    assert (activity.distance_m, activity.distance_source) == (5012.5, "device")
    assert (activity.timer_s, activity.ascent_m, activity.descent_m) == (1500, None, 33)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<gpx/>", "holds no track"),
        (b'<gpx><wpt lat="1" lon="2"/></gpx>', "holds only waypoints, not a recording"),
        (b'<gpx><rte><rtept lat="1" lon="2"/></rte></gpx>', "holds only routes, not a recording"),
        (b"<gpx><wpt/><rte/></gpx>", "holds only waypoints and routes, not a recording"),
        (b"<gpx><trk><trkseg/></trk></gpx>", "its tracks hold no points"),
        (gpx(segment([point(0)])), "has a single point with time and position, not a recording"),
        (
            b'<gpx><trk><trkseg><trkpt lat="1" lon="2"/></trkseg></trk></gpx>',
            "no track point has a time: a planned route, not a recording",
        ),
    ],
)
def test_what_is_no_recording_is_skipped_with_the_reason(content: bytes, reason: str) -> None:
    with pytest.raises(FileSkipped) as error:
        decode(content)
    assert str(error.value) == reason


def test_a_track_without_any_position_is_refused() -> None:
    points = [point(s, latitude="undefined") for s in range(3)]
    with pytest.raises(FileRefused, match=r"^none of its 3 track points has a position$"):
        decode(gpx(segment(points)))


def test_more_sessions_than_anybody_records_are_refused() -> None:
    tracks = [run([n * 1000, n * 1000 + 1]) for n in range(5001)]
    with pytest.raises(FileRefused, match="holds 5001 recordings"):
        decode(gpx(*tracks))


def respelled(old: str, new: str, count: int = 4) -> bytes:
    return gpx(segment([point(s) for s in range(count)])).replace(old.encode(), new.encode())


def test_a_decimal_comma_is_read() -> None:
    (activity,) = decode(gpx(segment([point(s) for s in range(4)])))
    text = gpx(segment([point(s) for s in range(4)])).decode()
    comma = re.sub(r'((?:lat|lon)="\d+)\.', r"\1,", text).encode()
    (other,) = decode(comma)
    assert other.samples["latitude"].tolist() == activity.samples["latitude"].tolist()


def test_a_clock_of_the_buddhist_calendar_is_read_and_named() -> None:
    (activity,) = decode(respelled(">2026-", ">2569-"))
    assert activity.started_at.year == 2026
    assert activity.warnings == ("the clock says 2569, in the Buddhist calendar: 2026",)


@pytest.mark.parametrize("year", ["1447", "0008"])
def test_times_of_another_calendar_are_no_planned_route(year: str) -> None:
    with pytest.raises(FileRefused, match=f"none of its times can be read.*the year {int(year)}"):
        decode(respelled(">2026-", f">{year}-"))


def test_a_doubled_zone_letter_is_read_without_a_word() -> None:
    (activity,) = decode(respelled("Z</time>", "ZZ</time>"))
    assert not activity.warnings


def test_an_unread_latitude_is_named() -> None:
    with pytest.raises(FileRefused, match="the first latitude is '47 deg'"):
        decode(re.sub(rb'lat="[^"]*"', b'lat="47 deg"', respelled("", "")))
