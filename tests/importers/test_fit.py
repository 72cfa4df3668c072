"""What a FIT file's bytes become: the traps of real files, each on bytes built here."""

import datetime as dt

import numpy as np
import pytest

from kneeload import frames
from kneeload.errors import FileRefused, FileSkipped
from kneeload.importers.fit import container, decode, scan
from kneeload.model import Activity, Sport
from tests.importers.fitwriter import (
    ACTIVITY,
    EVENT,
    LAP,
    RECORD,
    SESSION,
    SPORT,
    T0,
    Kind,
    fit,
    identity,
    records,
    session,
    timer,
)

STARTED = dt.datetime(2024, 11, 8, 11, 33, 20, tzinfo=dt.UTC)


def one(*messages: bytes) -> Activity:
    (activity,) = decode(fit(identity(), *messages))
    return activity


def column(activity: Activity, name: str) -> list[float]:
    return [float(value) for value in activity.samples[name]]


def recorded(fields: dict[int, str], *rows: tuple[float | int | None, ...]) -> Activity:
    """Return an activity whose records have a time and the given fields."""
    kind = Kind(1, 20, {253: "uint32", **fields})
    data = [kind.data(T0 + second, *row) for second, row in enumerate(rows)]
    return one(kind.definition(), *data, session())


def test_a_run_with_everything() -> None:
    activity = one(records(60), session())
    assert activity.sport is Sport.RUNNING
    assert not activity.sport_inferred
    assert activity.started_at == STARTED
    assert (activity.distance_m, activity.distance_source) == (180.0, "device")
    assert (activity.timer_s, activity.elapsed_s) == (60.0, 60.0)
    assert activity.device == "garmin 3291"
    assert activity.warnings == ()
    last = activity.samples.iloc[-1]
    assert last["time"].to_pydatetime() == STARTED + dt.timedelta(seconds=59)
    assert last["latitude"] == pytest.approx((560_000_000 + 321 * 59) * 180 / 2**31, abs=1e-12)
    assert last["longitude"] == pytest.approx(99_000_000 * 180 / 2**31, abs=1e-12)
    assert list(last[3:]) == [177.0, 3.0, 400.0, 150.0, 170.0, 0]


def test_samples_are_as_specified() -> None:
    for activity in (one(records(3), session()), one(session())):
        assert {n: str(t) for n, t in activity.samples.dtypes.items()} == {
            name: spec.dtype for name, spec in frames.SAMPLES.items()
        }


def test_header_checksum_0_is_legal_and_12_byte_headers_too() -> None:
    content = fit(identity(), records(3), session())
    assert decode(content)[0].warnings == ()
    body = content[14:-2]
    short = b"\x0c" + content[1:12] + body
    assert len(decode(short + b"\0\0")[0].samples) == 3


def test_a_bad_checksum_is_a_warning_and_the_records_are_kept() -> None:
    (activity,) = decode(fit(identity(), records(3), session(), crc=1))
    assert len(activity.samples) == 3
    assert "checksum" in activity.warnings[0]


def test_data_size_0_of_a_watch_that_never_closed_its_file() -> None:
    (activity,) = decode(fit(identity(), records(3), session(), size=0))
    assert (activity.distance_m, len(activity.samples)) == (180.0, 3)
    assert "never closed" in activity.warnings[0]


def test_a_file_cut_short_anywhere_keeps_the_whole_records() -> None:
    head, rows = identity() + RECORD.definition(), records(5)[len(RECORD.definition()) :]
    size = len(rows) // 5
    content = fit(head, rows, session())
    for cut in range(2 * size + 14 + len(head), 14 + len(head) + len(rows)):
        (activity,) = decode(content[:cut])
        assert len(activity.samples) == (cut - 14 - len(head)) // size
        assert activity.warnings[0] == "the file is cut short, its end is missing"


def test_without_a_session_the_totals_come_from_the_records() -> None:
    (activity,) = decode(fit(identity(), records(61), timer((T0 + 10, 4), (T0 + 30, 0))))
    assert (activity.elapsed_s, activity.timer_s) == (60.0, 59.0)
    assert (activity.distance_m, activity.distance_source) == (None, None)
    assert activity.sport is Sport.RUNNING
    assert activity.sport_inferred
    assert "no totals" in activity.warnings[-1]


def test_damage_ends_the_reading_but_not_what_came_before() -> None:
    activity = one(records(3), session(), b"\x0f\x00\x00")
    assert len(activity.samples) == 3
    assert activity.warnings[0].startswith("damaged at byte")


def test_trailing_bytes_are_told_and_padding_is_not() -> None:
    content = fit(identity(), records(3), session())
    assert decode(content + bytes(7))[0].warnings == ()
    assert decode(content + b"PK\3\4")[0].warnings == ("4 bytes after its end are not FIT",)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"PK\3\4 a zip named .fit", "is not a FIT file"),
        (b"\x0e\x20\0\0\0\0\0\0.FIT\0\0", "holds no activity that can be read"),
        (fit(identity())[:20], "holds no activity that can be read"),
    ],
)
def test_what_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(FileRefused, match=reason):
        decode(content)


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (2, "is settings, not an activity"),
        (5, "is a workout, not an activity"),
        (6, "is a course, not an activity"),
        (32, "is daily monitoring, not an activity"),
        (44, "is a FIT file of type 44, not an activity"),
    ],
)
def test_the_file_type_decides_whatever_it_holds(kind: int, reason: str) -> None:
    with pytest.raises(FileSkipped, match=reason):
        decode(fit(identity(kind), records(3), session()))


def test_a_sound_file_without_sessions_and_records_is_skipped() -> None:
    with pytest.raises(FileSkipped, match="neither a session nor records"):
        decode(fit(identity(), timer((T0, 0))))


def test_the_session_distance_is_the_truth() -> None:
    lap = LAP.definition() + LAP.data(T0 + 60, T0, 999_00)
    activity = one(records(3), lap, session(metres=180))
    assert (activity.distance_m, activity.distance_source) == (180.0, "device")


def test_laps_stand_in_for_a_session_without_distance() -> None:
    laps = LAP.definition() + LAP.data(T0 + 30, T0, 100_00) + LAP.data(T0 + 60, T0 + 30, 81_00)
    activity = one(laps, session(metres=None))
    assert (activity.distance_m, activity.distance_source) == (181.0, "laps")


def laps_only(*spans: tuple[int, int, int]) -> bytes:
    kind = Kind(3, 19, {253: "uint32", 2: "uint32", 9: "uint32", 7: "uint32", 25: "enum"})
    rows = [kind.data(T0 + b, T0 + a, 100 * m, 1000 * (b - a), 1) for a, b, m in spans]
    return kind.definition() + b"".join(rows)


def test_laps_stand_in_for_a_missing_session() -> None:
    activity = one(laps_only((0, 600, 1800), (600, 1200, 1800)))
    assert (activity.distance_m, activity.distance_source) == (3600.0, "laps")
    assert (activity.elapsed_s, activity.sport) == (1200.0, Sport.RUNNING)
    assert activity.warnings == ("the file has no totals; they were added up from its laps",)


def test_laps_cut_short_leave_the_totals_to_the_records() -> None:
    activity = one(laps_only((0, 1, 3)), records(61))
    assert activity.distance_m is None
    assert activity.elapsed_s == 60.0


def test_no_distance_anywhere_is_none_and_never_zero() -> None:
    activity = one(records(3), LAP.definition(), LAP.data(T0, T0, None), session(metres=None))
    assert (activity.distance_m, activity.distance_source) == (None, None)


def test_a_treadmill_run_without_records_keeps_its_session() -> None:
    activity = one(session(metres=5000, elapsed_s=1800, sub_sport=1))
    assert activity.sport is Sport.TREADMILL_RUNNING
    assert (activity.distance_m, len(activity.samples)) == (5000.0, 0)


def test_timer_time_is_kept_apart_from_elapsed_time() -> None:
    row = SESSION.data(T0 + 600, T0, 1, 0, 600_000, 480_500, 150_000)
    activity = one(SESSION.definition(), row)
    assert (activity.timer_s, activity.elapsed_s) == (480.5, 600.0)


@pytest.mark.parametrize(
    ("offset", "expected"),
    [
        (7200, 7200),
        (-12600, -12600),
        (20700, 20700),
        (3600 - 59, 3600),
        (3600 - 61, None),
        (14 * 3600, 14 * 3600),
        (14 * 3600 + 900, None),
        (-40_000_000, None),
        (None, None),
    ],
)
def test_utc_offset_only_where_it_can_be_a_time_zone(
    offset: int | None, expected: int | None
) -> None:
    local = None if offset is None else T0 + offset
    activity = one(session(), ACTIVITY.definition(), ACTIVITY.data(T0, local))
    assert activity.utc_offset_s == expected


def test_relative_timestamps_are_kept_as_given() -> None:
    start = 0x0FFF_FFFF - 100
    activity = one(records(5, start), session(start))
    assert activity.started_at == dt.datetime(1998, 7, 3, 21, 22, 35, tzinfo=dt.UTC)
    assert activity.samples["time"].iloc[0].to_pydatetime() == activity.started_at


def test_a_session_without_a_start_begins_with_its_records() -> None:
    row = SESSION.data(None, None, 1, 0, 60_000, 60_000, 180_00)
    assert one(records(3), SESSION.definition(), row).started_at == STARTED
    end = SESSION.data(T0 + 60, None, 1, 0, 60_000, 60_000, 180_00)
    assert one(SESSION.definition(), end).started_at == STARTED
    assert one(SESSION.definition(), row).started_at == STARTED, "the file's creation"
    with pytest.raises(FileRefused, match="has no session time"):
        decode(fit(SESSION.definition(), row))


def triathlon() -> bytes:
    swim, change, run = T0, T0 + 100, T0 + 120
    laps = [LAP.data(0, start, 100 * m) for start, m in ((swim, 50), (run, 20), (run + 9, 30))]
    return fit(
        identity(),
        records(200),
        LAP.definition(),
        *laps,
        session(swim, 100, 400, sport=5),
        session(change, 20, 30, sport=3),
        session(run, 80, None, sport=1),
    )


def test_a_triathlon_is_several_activities() -> None:
    swim, change, run = decode(triathlon())
    assert [a.sport for a in (swim, change, run)] == [
        Sport.SWIMMING,
        Sport.TRANSITION,
        Sport.RUNNING,
    ]
    assert [len(a.samples) for a in (swim, change, run)] == [100, 20, 80]
    assert [a.session_index for a in (swim, change, run)] == [0, 1, 2]
    assert run.samples["time"].iloc[0].to_pydatetime() == run.started_at
    assert (run.distance_m, run.distance_source) == (50.0, "laps")
    assert swim.samples["cadence_spm"].isna().all(), "strokes are no steps"
    assert run.samples["cadence_spm"].eq(170).all()


def test_chained_files_give_a_session_each() -> None:
    part = fit(identity(), records(5), session())
    settings = fit(identity(2))
    first, second = decode(part + settings + part)
    assert (len(first.samples), len(second.samples)) == (5, 5)
    assert (first.session_index, second.session_index) == (0, 1)
    assert first.warnings == second.warnings == ()


def test_a_chained_part_that_cannot_be_read_is_told() -> None:
    part = fit(identity(), records(5), session())
    (activity,) = decode(part + fit(identity())[:25])
    assert activity.warnings[0].startswith("a chained part holds no activity that can be read")


@pytest.mark.parametrize(
    ("sport", "sub_sport", "expected"),
    [
        (1, None, Sport.RUNNING),
        (1, 2, Sport.RUNNING),
        (1, 3, Sport.TRAIL_RUNNING),
        (1, 4, Sport.TRACK_RUNNING),
        (1, 45, Sport.TREADMILL_RUNNING),
        (1, 58, Sport.VIRTUAL_RUNNING),
        (2, 58, Sport.CYCLING),
        (4, 1, Sport.TREADMILL_RUNNING),
        (4, 6, Sport.CYCLING),
        (10, 20, Sport.STRENGTH),
        (10, 26, Sport.OTHER),
        (11, 0, Sport.WALKING),
        (17, 0, Sport.HIKING),
        (37, 0, Sport.OTHER),
    ],
)
def test_sports_by_number(sport: int, sub_sport: int | None, expected: Sport) -> None:
    activity = one(session(sport=sport, sub_sport=sub_sport))
    assert (activity.sport, activity.sport_inferred) == (expected, False)


@pytest.mark.parametrize("sport", [0, None])
def test_a_session_that_names_no_sport(sport: int | None) -> None:
    inferred = one(records(100), session(sport=sport))
    assert (inferred.sport, inferred.sport_inferred) == (Sport.RUNNING, True)
    message = SPORT.definition() + SPORT.data(2, 0)
    named = one(records(100), message, session(sport=sport))
    assert (named.sport, named.sport_inferred) == (Sport.CYCLING, False)


def test_a_distance_survives_an_empty_compressed_one() -> None:
    activity = recorded({5: "uint32", 8: "byte*3"}, (12_34, None), (15_34, None))
    assert column(activity, "distance_m") == [12.34, 15.34]


def test_a_full_compressed_speed_distance_counts_round() -> None:
    # 12 bits of speed [1/100 m/s] below 12 bits of distance [1/16 m] that count round
    raw = [(300, 4000), (310, 4090), (320, 10)]
    rows = [(v | d << 12).to_bytes(3, "little") for v, d in raw]
    activity = recorded({8: "byte*3"}, *(((*row,),) for row in rows))  # type: ignore[arg-type]
    assert column(activity, "speed_mps") == [3.0, 3.1, 3.2]
    assert column(activity, "distance_m") == [4000 / 16, 4090 / 16, (4096 + 10) / 16]


def test_enhanced_fields_win_over_plain_ones() -> None:
    fields = {6: "uint16", 73: "uint32", 2: "uint16", 78: "uint32"}
    activity = recorded(fields, (3000, 3123, 4500, 4510), (3000, None, 4500, None))
    assert column(activity, "speed_mps") == [3.123, 3.0]
    assert column(activity, "altitude_m") == [402.0, 400.0]


def test_heart_rates_of_0_and_255_are_not_measured() -> None:
    activity = recorded({3: "uint8"}, (150,), (0,), (255,))
    wide = recorded({3: "uint16"}, (255,), (254,))
    assert column(activity, "hr_bpm") == pytest.approx([150, np.nan, np.nan], nan_ok=True)
    assert column(wide, "hr_bpm") == pytest.approx([np.nan, 254], nan_ok=True)


def test_cadence_of_one_leg_is_doubled_and_of_both_legs_is_not() -> None:
    one_leg = recorded({4: "uint8", 53: "uint8"}, (85, 64), (0, 0), (86, None))
    assert column(one_leg, "cadence_spm") == [171.0, 0.0, 172.0]
    assert column(recorded({4: "uint8"}, (170,), (174,)), "cadence_spm") == [170.0, 174.0]


@pytest.mark.parametrize(("counted", "steps"), [(85, 171.0), (170, 170.5), (0, None), (None, None)])
def test_average_cadence_is_in_steps(counted: int | None, steps: float | None) -> None:
    kind = Kind(2, 18, {2: "uint32", 5: "enum", 18: "uint8", 92: "uint8"})
    fraction = 64 if counted else 0
    assert one(kind.definition(), kind.data(T0, 1, counted, fraction)).avg_cadence_spm == steps
    assert one(kind.definition(), kind.data(T0, 2, counted, fraction)).avg_cadence_spm is None


@pytest.mark.parametrize(("raw", "rpe"), [(70, 7.0), (10, 1.0), (0, None), (101, None)])
def test_perceived_exertion_is_written_in_tenths(raw: int, rpe: float | None) -> None:
    kind = Kind(2, 18, {2: "uint32", 5: "enum", 193: "uint8", 16: "uint8", 17: "uint8"})
    activity = one(kind.definition(), kind.data(T0, 1, raw, 0, 171))
    assert activity.rpe == rpe
    assert (activity.avg_hr_bpm, activity.max_hr_bpm) == (None, 171.0)


def test_ascent_and_descent() -> None:
    kind = Kind(2, 18, {2: "uint32", 5: "enum", 22: "uint16", 23: "uint16"})
    activity = one(kind.definition(), kind.data(T0, 1, 120, 0))
    assert (activity.ascent_m, activity.descent_m) == (120.0, 0.0)


def test_segments_rise_where_the_timer_was_started_again() -> None:
    paused = timer((T0, 0), (T0 + 2, 4), (T0 + 4, 0), (T0 + 7, 4))
    assert column(one(records(7), paused, session()), "segment") == [0, 0, 0, 0, 1, 1, 1]
    restarted = timer((T0, 0), (T0 + 3, 0))
    assert column(one(records(5), restarted, session()), "segment") == [0] * 5
    other = EVENT.definition() + EVENT.data(T0 + 1, 8, 4) + EVENT.data(T0 + 2, 8, 0)
    assert column(one(records(5), other, session()), "segment") == [0] * 5


def test_segments_rise_at_holes_of_minutes() -> None:
    assert column(one(records(3, step_s=300), session()), "segment") == [0, 0, 0]
    assert column(one(records(3, step_s=301), session()), "segment") == [0, 1, 2]


def test_records_without_a_time_are_left_out() -> None:
    kind = Kind(1, 20, {253: "uint32", 5: "uint32"})
    times = (T0 + 2, None, T0)
    rows = b"".join(kind.data(t, 100 * i) for i, t in enumerate(times))
    activity = one(kind.definition(), rows, session())
    assert column(activity, "distance_m") == [0.0, 2.0]


def test_positions_off_the_globe_and_at_0_0_are_no_positions() -> None:
    good = (560_000_000, 99_000_000)
    activity = recorded({0: "sint32", 1: "sint32"}, good, (0, 0), (1_200_000_000, 0), (0, 5))
    assert list(activity.samples["latitude"].isna()) == [False, True, True, False]
    assert list(activity.samples["longitude"].isna()) == [False, True, True, False]


def test_an_unknown_maker_is_no_name() -> None:
    file_id = Kind(0, 0, {0: "enum", 1: "uint16"})
    (activity,) = decode(fit(file_id.definition(), file_id.data(4, 60_000), session()))
    assert activity.device == ""


def test_more_than_any_watch_writes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    tiny = Kind(1, 20, {3: "uint8"})
    many = tiny.definition() + tiny.data(150) * (scan.MAX_MESSAGES + 1)
    sessions = session() * (scan.MAX_SESSIONS + 1)
    for body in (many, sessions):
        with pytest.raises(FileRefused, match="more messages than any watch"):
            one(body)
    with pytest.raises(FileRefused, match="joins more than 100"):
        decode(fit(identity(2)) * (container.MAX_PARTS + 1))
    monkeypatch.setattr(scan, "MAX_STEPS", 3)
    with pytest.raises(FileRefused, match="more messages than any watch"):
        one(records(3), session())
    monkeypatch.setattr(container, "MAX_FILE_BYTES", 1 << 20)
    with pytest.raises(FileRefused, match="is 2 MB"):
        decode(bytes(2 << 20))
