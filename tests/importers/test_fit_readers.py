"""The fast reader and fitparse's agree, and both read back what the tiny writer wrote."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kneeload.errors import FileRefused
from kneeload.importers.fit import columnar, container, decode, reference
from kneeload.importers.fit.scan import Uncertain, walk
from kneeload.importers.fit.tables import Table, Tables, count, first, rows
from tests.importers.fitwriter import (
    EVENT,
    LAP,
    RECORD,
    T0,
    Kind,
    fit,
    identity,
    records,
    session,
)
from tests.strategies import RECORD_FIELDS, fit_records


def fast(body: bytes) -> Tables:
    return columnar.read(body, walk(body))


def assert_equal(one: Tables, other: Tables) -> None:
    """Compare every field of every message; a column without a value counts as no column."""
    assert measured(one).keys() == measured(other).keys()
    for message, table in measured(one).items():
        twin = measured(other)[message]
        assert table.keys() == twin.keys(), message
        for name, values in table.items():
            np.testing.assert_array_equal(values, twin[name], err_msg=f"{message}.{name}")


def measured(tables: Tables) -> dict[str, Table]:
    kept = {
        message: {name: values for name, values in table.items() if np.isfinite(values).any()}
        for message, table in tables.items()
    }
    return {message: table for message, table in kept.items() if table}


def messages(*, big: bool) -> bytes:
    """Return a body that mixes definitions, developer fields and runs of records."""
    plain = Kind(0, 20, {253: "uint32", 3: "uint8", 5: "uint32"}, big=big)
    rich = Kind(1, 20, {99: "uint16", 2: "uint16", 253: "uint32"}, big=big, developer=((0, 7, 0),))
    hrv = Kind(2, 78, {0: "uint16*5"}, big=big)
    body = plain.definition() + rich.definition() + hrv.definition()
    for second in range(0, 900, 3):
        body += plain.data(T0 + second, 140 + second % 20, second * 300)
        body += hrv.data((400, 410, 420, None, None)) * (second % 4)
        body += rich.data(17, 5 * (500 + second), T0 + second + 1) * 2
    return body


@pytest.mark.parametrize("big", [False, True])
def test_definitions_byte_orders_and_developer_fields(*, big: bool) -> None:
    record = fast(messages(big=big))["record"]
    times = np.array(
        [T0 + s for second in range(0, 900, 3) for s in (second, second + 1, second + 1)]
    )
    np.testing.assert_array_equal(record["timestamp"], times)
    np.testing.assert_array_equal(record["heart_rate"][:4], [140, np.nan, np.nan, 143])
    np.testing.assert_array_equal(record["altitude"][1:4], [0, 0, np.nan])
    np.testing.assert_array_equal(record["distance"][::3], np.arange(0, 900, 3) * 3.0)


def test_a_local_number_that_is_defined_anew() -> None:
    heart = Kind(1, 20, {253: "uint32", 3: "uint8"})
    cadence = Kind(1, 20, {4: "uint8", 253: "uint32"}, big=True)
    body = (
        heart.definition() + heart.data(T0, 150) + cadence.definition() + cadence.data(85, T0 + 1)
    )
    body += heart.definition() + heart.data(T0 + 2, 152)
    assert rows(fast(body), "record") == [
        {"timestamp": T0, "heart_rate": 150},
        {"timestamp": T0 + 1, "cadence": 85},
        {"timestamp": T0 + 2, "heart_rate": 152},
    ]
    assert_equal(fast(body), reference.read(body))


def test_compressed_timestamps_roll_over() -> None:
    event = Kind(0, 21, {253: "uint32", 0: "enum", 1: "enum"})
    record = Kind(1, 20, {3: "uint8"})
    start = T0 - T0 % 32 + 30
    body = event.definition() + record.definition() + event.data(start, 0, 0)
    body += b"".join(record.compressed((30 + i) % 32, 150 + i) for i in range(70))
    body += event.data(start + 500, 0, 4) + record.compressed((start + 501) % 32, 99)
    times = fast(body)["record"]["timestamp"]
    np.testing.assert_array_equal(times, [*range(start, start + 70), start + 501])
    assert_equal(fast(body), reference.read(body))


@pytest.mark.parametrize(
    "body",
    [
        Kind(1, 20, {3: "uint8"}).definition() + Kind(1, 20, {3: "uint8"}).compressed(3, 150),
        Kind(1, 20, {253: "uint32"}).definition() + Kind(1, 20, {253: "uint32"}).compressed(3, T0),
        Kind(1, 20, {253: "uint32", 5: "uint32*2"}).definition()
        + Kind(1, 20, {253: "uint32", 5: "uint32*2"}).data(T0, (None, 700)),
    ],
    ids=["clock unknown", "two clocks", "array"],
)
def test_forms_that_are_left_to_fitparse(body: bytes) -> None:
    with pytest.raises(Uncertain):
        fast(body)
    assert count(reference.read(body), "record") == 1


@pytest.mark.parametrize("twice", [False, True])
def test_compressed_speed_and_distance(*, twice: bool) -> None:
    kind = Kind(1, 20, {253: "uint32", 6: "uint16", 8: "byte*3"})
    raw = [(None, 0xFFFFFF), (None, 300 | 4000 << 12), (2500, 310 | 10 << 12), (None, 0xFFFFFF)]
    rows_written = [
        kind.data(T0 + i, speed, tuple(bits.to_bytes(3, "little")))
        for i, (speed, bits) in enumerate(raw)
    ]
    other = Kind(2, 20, kind.fields)
    body = kind.definition() + other.definition() * twice + b"".join(rows_written)
    if twice:  # fitparse begins to count anew, and only fitparse is asked
        with pytest.raises(Uncertain):
            fast(body)
        return
    record = fast(body)["record"]
    np.testing.assert_array_equal(record["speed"], [np.nan, 3.0, 2.5, np.nan])
    np.testing.assert_array_equal(record["distance"], [np.nan, 250.0, (4096 + 10) / 16, np.nan])
    assert_equal(fast(body), reference.read(body))


def test_decode_reads_by_fitparse_what_the_fast_reader_declines() -> None:
    pair = Kind(1, 20, {253: "uint32", 5: "uint32*2"})
    body = pair.definition() + pair.data(T0, (None, 700)) + session()
    (activity,) = decode(fit(identity(), body))
    assert list(activity.samples["distance_m"]) == [7.0]


def test_a_large_file_is_not_left_to_fitparse_for_minutes() -> None:
    pair = Kind(1, 20, {253: "uint32", 5: "uint32*2"})
    body = pair.definition() + pair.data(T0, (None, 700)) * 90_000
    with pytest.raises(FileRefused, match="uses an unsupported layout"):
        decode(fit(identity(), body, crc=0))


def test_fields_of_a_size_that_fits_no_number_are_not_measured() -> None:
    odd = bytes.fromhex("41 00 00 1400 02 fd0486 050386") + b"\x01" + T0.to_bytes(4, "little")
    assert first(fast(odd + b"\1\2\3"), "record") == {"timestamp": T0}


def test_developer_fields_do_not_leak_between_files() -> None:
    described = Kind(0, 207, {3: "uint8"}), Kind(0, 206, {0: "uint8", 1: "uint8", 2: "uint8"})
    user = Kind(1, 20, {253: "uint32"}, developer=((0, 1, 0),))
    describing = described[0].definition() + described[0].data(0)
    describing += described[1].definition() + described[1].data(0, 0, 2)
    body = user.definition() + user.data(T0)
    assert count(reference.read(describing + body), "record") == 1
    with pytest.raises(FileRefused, match="fitparse cannot read"):
        reference.read(body)
    assert count(fast(body), "record") == 1


def test_without_an_envelope_the_parts_are_the_messages() -> None:
    content = fit(identity(), records(2), session())
    assert [part.body for part in container.parts(content + content)] == [content[14:-2]] * 2


@given(fit_records())
@settings(max_examples=100, deadline=None)
def test_what_is_written_is_read_back_exactly(
    drawn: tuple[Kind, list[tuple[float | int | None, ...]]],
) -> None:
    kind, data = drawn
    body = kind.definition() + b"".join(kind.data(*row) for row in data)
    record = fast(body).get("record", {})
    for position, number in enumerate(kind.fields):
        field = RECORD_FIELDS[number]
        expected = [
            np.nan
            if row[position] is None
            else float(row[position] or 0) / field.scale - field.offset
            for row in data
        ]
        np.testing.assert_array_equal(record[field.name], expected)


@given(fit_records())
@settings(max_examples=25, deadline=None)
def test_both_readers_agree_on_anything_written(
    drawn: tuple[Kind, list[tuple[float | int | None, ...]]],
) -> None:
    kind, data = drawn
    body = kind.definition() + b"".join(kind.data(*row) for row in data)
    assert_equal(fast(body), reference.read(body))


def test_a_long_run_is_stepped_over_at_a_stride() -> None:
    body = records(1000)
    (track,) = walk(body).tracks
    assert track.count == len(track.starts) == 1000
    assert len(track.runs) == 8 * 3
    assert not track.singles
    assert track.size == len(RECORD.data(*[None] * len(RECORD.fields)))


MESSAGES = (RECORD, LAP, EVENT)


@given(
    turn=st.lists(st.integers(0, 2), min_size=1, max_size=10),
    turns=st.integers(1, 300),
    rest=st.lists(st.integers(0, 2), max_size=40),
    cut=st.integers(0, 30),
)
def test_messages_that_come_in_turns_are_all_there(
    turn: list[int], turns: int, rest: list[int], cut: int
) -> None:
    body = b"".join(kind.definition() for kind in MESSAGES)
    starts: dict[str, list[int]] = {"record": [], "lap": [], "event": []}
    for place in turn * turns + rest:
        message = MESSAGES[place].data(*[None] * len(MESSAGES[place].fields))
        starts[("record", "lap", "event")[place]].append(len(body))
        body += message
    whole = len(body) - cut
    scan = walk(body[:whole])
    for track in scan.tracks:
        kept = [at for at in starts[track.shape.message] if at + track.size <= whole]
        assert track.starts.tolist() == kept


def test_turns_are_stepped_over() -> None:
    body = RECORD.definition() + EVENT.definition()
    body += (RECORD.data(*[None] * 8) + EVENT.data(*[None] * 3)) * 1000
    assert max(len(track.runs) // 3 + len(track.singles) for track in walk(body).tracks) < 60
