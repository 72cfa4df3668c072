"""What a FIT file tells of pain: two quick laps, and fields of apps that say so."""

import struct

import pytest

from kneeload.importers.fit import decode
from kneeload.model import WatchPain
from tests.importers.fitwriter import SESSION, T0, Kind, fit, identity, records, session

LAP = Kind(3, 19, {253: "uint32", 2: "uint32", 9: "uint32", 24: "enum"})
FELT = Kind(2, 18, dict(SESSION.fields) | {192: "uint8", 193: "uint8"})
MANUAL, DISTANCE = 0, 2
RUN_S = 600


def described(name: str, base: int = 0x02, units: str = "") -> bytes:
    """Return the description of developer field 0 of app 0, as an app writes it."""
    size = 24
    head = struct.pack("<BBBHB", 0x40 | 7, 0, 0, 206, 5)
    head += struct.pack("15B", 0, 1, 2, 1, 1, 2, 2, 1, 2, 3, size, 7, 8, 8, 7)
    texts = name.encode().ljust(size, b"\0") + units.encode().ljust(8, b"\0")
    return head + struct.pack("BBBB", 7, 0, 0, base) + texts


def with_field(kind: Kind, *messages: tuple[tuple[int | None, ...], int], size: int = 1) -> bytes:
    """Return messages of `kind` with one developer field behind each."""
    own = Kind(kind.local, kind.message, kind.fields, developer=((0, size, 0),))
    parts = [own.definition()]
    for values, raw in messages:
        parts.append(own.data(*values)[:-size] + raw.to_bytes(size, "little"))
    return b"".join(parts)


def laps(*presses: tuple[int, int]) -> bytes:
    rows = (LAP.data(T0 + at, T0, 30000, trigger) for at, trigger in presses)
    return LAP.definition() + b"".join(rows)


def file(*more: bytes) -> bytes:
    return fit(identity(), records(RUN_S), *more, session(elapsed_s=RUN_S, metres=1800.0))


def marks(content: bytes) -> tuple[WatchPain, ...]:
    (activity,) = decode(content)
    return activity.watch_pain


def test_two_quick_laps_mark_where_pain_began() -> None:
    assert marks(file(laps((200, MANUAL), (209, MANUAL)))) == (WatchPain(None, 0.6, 3.3),)


@pytest.mark.parametrize(
    "presses",
    [
        ((200, MANUAL), (210, MANUAL)),  # ten seconds are not less than ten
        ((200, MANUAL), (205, DISTANCE)),
        ((200, DISTANCE), (205, DISTANCE)),
        ((200, MANUAL),),
        ((205, None), (207, None)),
    ],
)
def test_other_laps_mark_nothing(presses: tuple[tuple[int, int], ...]) -> None:
    assert marks(file(laps(*presses))) == ()


def test_the_first_of_several_marks_counts() -> None:
    pressed = laps((100, MANUAL), (104, MANUAL), (400, MANUAL), (404, MANUAL))
    assert marks(file(pressed)) == (WatchPain(None, 0.3, 1.7),)


SESSION_ROW = (T0 + RUN_S, T0, 1, 0, RUN_S * 1000, RUN_S * 1000, 180000)


@pytest.mark.parametrize("name", ["Knee Pain", "pain", "niggle", "Schmerz Knie", "douleur"])
@pytest.mark.parametrize("score", [0, 4, 10])
def test_a_session_field_that_speaks_of_pain_is_a_score(name: str, score: int) -> None:
    content = fit(
        identity(), records(RUN_S), described(name), with_field(SESSION, (SESSION_ROW, score))
    )
    assert marks(content) == (WatchPain(score, None, None),)


@pytest.mark.parametrize(
    ("name", "raw", "units"),
    [
        ("Knee Pain", 11, ""),  # beyond the scale: no score of ours
        ("Knee Pain", 255, ""),  # not measured
        ("Knee angle", 4, ""),
        ("knee", 4, "deg"),
        ("Painting", 4, ""),
        ("Power", 4, ""),
    ],
)
def test_other_fields_are_no_scores(name: str, raw: int, units: str) -> None:
    told = described(name, units=units), with_field(SESSION, (SESSION_ROW, raw))
    assert marks(fit(identity(), records(RUN_S), *told)) == ()


RECORD = Kind(1, 20, {253: "uint32", 5: "uint32"})


def test_records_give_the_worst_score_and_where_it_began() -> None:
    rows = [((T0 + s, 300 * s), 0 if s < 300 else 3 if s < 400 else 5) for s in range(RUN_S)]
    content = fit(
        identity(), described("Pain"), with_field(RECORD, *rows), session(elapsed_s=RUN_S)
    )
    assert marks(content) == (WatchPain(5, 0.9, 5.0),)


def test_records_that_were_never_touched_are_no_zero() -> None:
    rows = [((T0 + s, 300 * s), 0) for s in range(RUN_S)]
    content = fit(
        identity(), described("Pain"), with_field(RECORD, *rows), session(elapsed_s=RUN_S)
    )
    assert marks(content) == ()


def test_a_file_cut_short_within_its_fields_is_still_read() -> None:
    rows = [((T0 + s, 300 * s), 3) for s in range(RUN_S)]
    content = fit(identity(), described("Pain"), with_field(RECORD, *rows))
    assert marks(content[:-700]) == (WatchPain(3, 0.0, 0.0),)


@pytest.mark.parametrize(("raw", "feel"), [(0, 0.0), (75, 75.0), (100, 100.0), (None, None)])
def test_how_it_felt_stands_beside_the_exertion(raw: int | None, feel: float | None) -> None:
    told = FELT.definition() + FELT.data(*SESSION_ROW, raw, 40)
    (activity,) = decode(fit(identity(), records(RUN_S), told))
    assert (activity.workout_feel, activity.rpe, activity.watch_pain) == (feel, 4.0, ())
