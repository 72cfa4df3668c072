"""The five sentences of the pain inbox, each as a property of any files that a phone may send."""

import datetime as dt
import unicodedata
from collections import Counter
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from kneeload.diary.inbox import Memory, Occurrence, arrivals
from kneeload.diary.lines import Line, Stamp, is_ahead, lines_of, normalised, stamp_of
from tests.strategies import inbox_lines


@dataclass
class Diary:
    """What a log would hold: every arrival applied, nothing else."""

    ever: set[str] = field(default_factory=set)
    standing: dict[str, Occurrence] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)
    files: dict[str, tuple[Line, ...]] = field(default_factory=dict)

    def read(self, files: dict[str, tuple[Line, ...]]) -> None:
        memory = Memory(self.ever, set(self.standing), self.touched, self.files)
        for each in arrivals(memory, files):
            assert each.line.name not in self.ever, "a line arrives once"
            self.ever.add(each.line.name)
            if each.kept:
                self.touched.add(each.line.name)
                continue
            self.standing.pop(each.replaces, None)
            self.standing[each.line.name] = each.line
        self.files |= files

    @property
    def texts(self) -> Counter[str]:
        return Counter(line.text for line in self.standing.values())


def whole(*texts: str) -> tuple[Line, ...]:
    return tuple(Line(n, text, complete=True) for n, text in enumerate(texts, 1))


def wanted(files: list[list[str]]) -> Counter[str]:
    """Return the first sentence's count, told another way than the code tells it."""
    most: dict[str, int] = {}
    for texts in files:
        for text in texts:
            count = 1 if "T" in text.split()[0] else texts.count(text)
            most[text] = max(most.get(text, 0), count)
    return Counter(most)


# 1. A line is its text -----------------------------------------------------------------------


@given(st.lists(st.lists(inbox_lines, max_size=6), min_size=1, max_size=4))
def test_clocked_text_counts_once_and_dated_text_by_the_most(
    files: list[list[str]],
) -> None:
    diary = Diary()
    diary.read({str(n): whole(*texts) for n, texts in enumerate(files)})
    assert diary.texts == wanted(files)


@given(
    st.lists(inbox_lines, min_size=1, max_size=5),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["", " ", "\t", "  "]),
    st.sampled_from(["NFC", "NFD"]),
)
def test_a_line_is_the_same_in_every_writing(
    texts: list[str], encoding: str, end: str, space: str, form: str
) -> None:
    if encoding == "cp1252":
        form = "NFC"  # it has no letters of two parts
    written = "".join(f"{space}{unicodedata.normalize(form, t)}{space}{end}" for t in texts)  # type: ignore[arg-type]
    assert [line.text for line in lines_of(written.encode(encoding))] == texts
    assert all(line.complete for line in lines_of(written.encode(encoding)))


def test_one_line_in_another_encoding_does_not_spoil_the_others() -> None:
    content = "2026-08-01 3 größer\n".encode() + "2026-08-02 4 größer\n".encode("cp1252")
    assert [line.text for line in lines_of(content)] == [
        "2026-08-01 3 größer",
        "2026-08-02 4 größer",
    ]


@given(st.binary(max_size=200))
def test_any_bytes_are_lines(content: bytes) -> None:
    for line in lines_of(content):
        assert line.text == normalised(line.text) != ""


# 2. The union of all lines ever read -----------------------------------------------------------


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.dictionaries(st.sampled_from("ab"), st.lists(inbox_lines, max_size=5)), max_size=5)
)
def test_the_diary_holds_the_union_less_what_was_edited(
    readings: list[dict[str, list[str]]],
) -> None:
    diary, union = Diary(), Counter[str]()
    for files in readings:
        diary.read({name: whole(*texts) for name, texts in files.items()})
        union |= wanted(list(files.values()))
    assert diary.texts <= union
    stamps = {str(stamp_of(text)[0]) for text in union}  # type: ignore[index]
    assert {str(stamp_of(t)[0]) for t in diary.texts} == stamps  # type: ignore[index]


class Sync(RuleBasedStateMachine):
    """Two phones append, and a sync tool does everything but edit: then nothing is ever lost."""

    snapshots = Bundle("snapshots")

    def __init__(self) -> None:
        super().__init__()
        self.files: dict[str, list[str]] = {"knee.txt": []}
        self.diary, self.again = Diary(), Diary()
        self.union: Counter[str] = Counter()
        self.minute = 0

    @rule(target=snapshots, name=st.sampled_from(["knee.txt", "other.txt"]), score=inbox_lines)
    def append(self, name: str, score: str) -> list[str]:
        # A phone writes one line a minute: two of one time are an edit, tested elsewhere.
        self.minute += 1
        day = dt.datetime(2026, 8, 1, tzinfo=dt.UTC) + dt.timedelta(minutes=self.minute)
        text = f"{day:%Y-%m-%dT%H:%M} {score.split(' ', 1)[1]}"
        self.files.setdefault(name, []).append(text)
        return list(self.files[name])

    @rule(name=st.sampled_from(["knee.txt", "other.txt"]), old=snapshots)
    def older_version_comes_back(self, name: str, old: list[str]) -> None:
        self.files[name] = list(old)

    @rule(old=snapshots)
    def conflict_copy(self, old: list[str]) -> None:
        self.files["knee.sync-conflict.txt"] = list(old)

    @rule(keep=st.integers(0, 3))
    def truncate(self, keep: int) -> None:
        self.files["knee.txt"] = self.files["knee.txt"][:keep]

    @rule()
    def rename(self) -> None:
        self.files["knee-2025.txt"] = self.files.pop("knee.txt")
        self.files["knee.txt"] = []

    @rule()
    def double(self) -> None:
        self.files["knee.txt"] = self.files["knee.txt"] * 2

    @rule()
    def reverse(self) -> None:
        self.files["knee.txt"] = self.files["knee.txt"][::-1]

    @rule()
    def read(self) -> None:
        files = {name: whole(*texts) for name, texts in self.files.items()}
        self.union |= wanted(list(self.files.values()))
        self.diary.read(files)
        self.again.read(files)
        self.again.read(files)  # a second machine that looks twice

    @invariant()
    def nothing_is_lost_or_doubled(self) -> None:
        assert self.diary.texts == self.again.texts == self.union


TestSync = Sync.TestCase
TestSync.settings = settings(max_examples=60, stateful_step_count=20, deadline=None)


def test_what_was_taken_back_never_comes_again() -> None:
    diary = Diary()
    files = {"a": whole("2026-08-01T07:00 L 3")}
    diary.read(files)
    diary.standing.clear()  # removed, or undone, in kneeload
    diary.read(files | {"copy": files["a"]})
    assert not diary.standing


# 3. Edits --------------------------------------------------------------------------------------

BEFORE, AFTER, OTHER = "2026-08-01T07:00 L 3", "2026-08-01T07:00 L 4", "2026-08-02T07:00 2"


@pytest.mark.parametrize("stamp", ["2026-08-01T07:00", "2026-08-01"])
def test_a_line_in_the_place_of_another_replaces_it(stamp: str) -> None:
    diary = Diary()
    diary.read({"a": whole(f"{stamp} L 3", OTHER)})
    diary.read({"a": whole(f"{stamp} L 4", OTHER)})
    assert diary.texts == Counter({f"{stamp} L 4": 1, OTHER: 1})
    diary.read({"a": whole(f"{stamp} L 3", OTHER)})  # the older version comes back
    assert diary.texts == Counter({f"{stamp} L 4": 1, OTHER: 1})


@pytest.mark.parametrize(
    "now",
    [
        {"a": whole(AFTER)},  # another line is gone as well: an older version, or a truncation
        {"a": whole(AFTER, "2026-08-01T07:00 R 4", OTHER)},  # which of the two?
        {"a": whole(AFTER, OTHER), "b": whole(BEFORE)},  # it still stands elsewhere
        {"a": whole("2026-08-01T07:01 L 4", OTHER)},  # another time
    ],
)
def test_in_doubt_both_stay(now: dict[str, tuple[Line, ...]]) -> None:
    diary = Diary()
    diary.read({"a": whole(BEFORE, OTHER)})
    diary.read(now)
    assert diary.texts[BEFORE] == 1


def test_what_was_edited_in_kneeload_stays() -> None:
    diary = Diary()
    diary.read({"a": whole(BEFORE)})
    diary.touched.add(Occurrence(BEFORE).name)
    for text in (AFTER, "2026-08-01T07:00 L 5"):
        diary.read({"a": whole(text)})
        assert diary.texts == Counter({BEFORE: 1})


# 4. A last line without its end ----------------------------------------------------------------


@given(st.integers(16, 25))
def test_a_longer_line_replaces_the_one_that_it_begins_with(cut: int) -> None:
    text = "2026-08-01T07:00 L 3 morning"
    diary = Diary()
    half = Line(1, normalised(text[:cut]), complete=False)
    diary.read({"a": (half,)})
    diary.read({"renamed": whole(text)})
    assert diary.texts == Counter({text: 1})


def test_a_whole_line_is_not_replaced_by_a_longer_one() -> None:
    diary = Diary()
    diary.read({"a": whole("2026-08-01T07:00 1")})
    diary.read({"a": whole("2026-08-01T07:00 1", "2026-08-01T07:00 10")})
    assert sum(diary.texts.values()) == 2


# 5. Offsets, zones and the clock ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "date", "utc"),
    [
        ("2026-11-29T23:30-05:00 3", "2026-11-29", "2026-11-30T04:30"),
        ("2026-11-29T00:10+13:00 3", "2026-11-29", "2026-11-28T11:10"),
        ("2026-11-29T07:02Z 3", "2026-11-29", "2026-11-29T07:02"),
        ("2026-11-29 07:02:11.5 +0100 3", "2026-11-29", "2026-11-29T06:02:11.500000"),
        ("2026-11-29 7:02 3", "2026-11-29", "2026-11-29T06:02"),
        ("2026-07-29 7:02 pm 3", "2026-07-29", "2026-07-29T17:02"),
        ("2026-07-29, 12:02 am L 3", "2026-07-29", "2026-07-28T22:02"),
    ],
)
def test_the_written_offset_else_the_zone_tells_the_day(text: str, date: str, utc: str) -> None:
    stamp, _ = stamp_of(text) or pytest.fail("no stamp")
    instant = stamp.instant("Europe/Berlin")
    assert instant is not None
    assert stamp.date == dt.date.fromisoformat(date)
    assert instant == dt.datetime.fromisoformat(utc).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "text", ["", "3", "L 3", "2026-13-01 3", "29.11.2026 3", "2026-11-29T25:00 3", "2026-11-291 3"]
)
def test_a_line_without_a_date_has_none(text: str) -> None:
    assert stamp_of(text) is None


NOW = dt.datetime(2026, 11, 29, 12, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("stamp", "ahead"),
    [
        (Stamp(dt.date(2026, 11, 30)), False),
        (Stamp(dt.date(2026, 12, 1)), True),
        (Stamp(dt.date(2026, 11, 30), dt.time(12), dt.timedelta(0)), False),
        (Stamp(dt.date(2026, 11, 30), dt.time(12, 0, 1), dt.timedelta(0)), True),
        (Stamp(dt.date(2026, 11, 30), dt.time(13), dt.timedelta(hours=1)), False),
    ],
)
def test_more_than_a_day_ahead_is_ahead(stamp: Stamp, ahead: bool) -> None:
    assert is_ahead(stamp, NOW, "UTC") is ahead
