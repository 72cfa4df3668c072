"""Hypothesis strategies: what the properties of the suite are tried on."""

import datetime as dt
import math
from dataclasses import replace
from zoneinfo import ZoneInfo

import pandas as pd
from hypothesis import strategies as st

from kneeload.diary.validation import CHOICES
from kneeload.frames import NUMBER, SAMPLES, conform
from kneeload.importers.fit.profile import wanted_messages
from kneeload.model import PainEntry
from kneeload.settings import DEFAULTS, Settings
from kneeload.simulate.runner import CENTRAL_PARK, FOREST, Kind, Session
from tests.importers import fitwriter
from tests.measures.building import START
from tests.random_diaries import Book

RUN_MOMENTS = ("before", "during", "after", "next_morning")
MOMENTS = (*RUN_MOMENTS, "rest", "unsure")
RECORD_FIELDS = {
    number: field
    for number, field in wanted_messages()[20].fields.items()
    if number not in {8, 73, 78}
}


def hundredths(low: int, high: int) -> st.SearchStrategy[float]:
    """Return kilometres of two decimals, from `low` to `high` hundredths."""
    return st.integers(low, high).map(lambda cents: cents / 100)


def week_km(low: int, high: int) -> st.SearchStrategy[float]:
    """Return the distance of a week [km], 0 or from `low` to `high` hundredths."""
    return st.just(0.0) | hundredths(low, high)


# Runs and scores

whole_kms = st.lists(st.integers(1, 12).map(float), max_size=15)
hours_and_cents = st.lists(
    st.tuples(st.integers(0, 24 * 90), st.integers(0, 4000)), min_size=1, max_size=60
)
"""Runs by the hour of their start and hundredths of a kilometre."""
days_of_week = st.integers(0, 6)
run_starts = st.lists(st.tuples(days_of_week, st.integers(0, 23), st.booleans()), max_size=8)
"""Runs by day and hour, and whether they are doubtful."""
scores_of_runs = st.lists(
    st.tuples(days_of_week, st.sampled_from(MOMENTS), st.none() | st.integers(0, 9)), max_size=8
)
"""Scores by day and moment, and the number of the run that they name."""
scores_by_moment = st.fixed_dictionaries({m: st.none() | st.integers(0, 10) for m in RUN_MOMENTS})
usual_scores = st.none() | st.integers(0, 10)
profiles = st.sampled_from([DEFAULTS, Settings(profile="cautious")])
scores_of_a_day = st.lists(
    st.tuples(st.sampled_from([*RUN_MOMENTS, "rest"]), st.just(0), st.integers(0, 7)), max_size=3
)
flag_rows = st.lists(st.tuples(st.sampled_from("ab"), st.integers(1, 4), st.integers(0, 60)))
"""Flags by rule, episode and day."""
score_rows = st.lists(st.tuples(st.integers(0, 70), st.integers(0, 5)))
"""Scores by day."""

# Diary

texts = st.text(st.characters(codec="utf-8", exclude_characters="\r\x00"), max_size=12).map(
    str.strip
)
pain_entries = st.builds(
    PainEntry,
    local_date=st.dates(dt.date(2015, 1, 1), dt.date(2030, 1, 1)),
    score=st.integers(0, 10),
    knee=st.sampled_from(CHOICES["knee"]),
    site=st.sampled_from(CHOICES["site"]),
    moment=st.sampled_from(CHOICES["moment"]),
    onset_km=st.none() | st.integers(1, 50_000).map(lambda metres: metres / 1000),
    onset_min=st.none() | st.integers(1, 500).map(float),
    provoked_by=st.sampled_from(["", "stairs", "stairs;downhill"]),
    painkillers=st.none() | st.booleans(),
    origin=st.sampled_from(CHOICES["origin"]),
    note=texts,
)
INBOX_STAMPS = [
    *(f"2026-08-{day:02}T07:{minute:02}+02:00" for day in (1, 2) for minute in (0, 5)),
    *("2026-08-01", "2026-08-02"),
]
inbox_lines = st.builds(
    "{} {}".format,
    st.sampled_from(INBOX_STAMPS),
    st.sampled_from(["L 3", "L 4 morning", "4", "R 2, größer"]),
)


@st.composite
def books(draw: st.DrawFn) -> Book:
    """Draw a diary: up to nine steady weeks, then runs of any length with any scores."""
    usual = draw(st.integers(4, 14))
    steady = [7 * week + day for week in range(draw(st.integers(0, 9))) for day in (0, 2, 5)]
    runs: list[tuple[int, float | None]] = [(day, usual + day % 7 / 2) for day in steady]
    scored = draw(st.booleans())
    scores = [(day, m, 0) for day in steady * scored for m in ("before", "during")]
    scores += [(day + 1, "next_morning", 0) for day in steady * scored]
    day = steady[-1] if steady else 0
    for gap in draw(st.lists(st.sampled_from([0, 1, 2, 2, 3, 4, 12, 20]), max_size=10)):
        day += gap
        km = draw(st.one_of(st.none(), st.integers(10, 260).map(lambda tenths: tenths / 10)))
        runs.append((day, km))
        moments = st.sampled_from([*RUN_MOMENTS, "rest"])
        for moment in draw(st.lists(moments, max_size=4, unique=True)):
            late = 1 if moment == "next_morning" else 0
            scores.append((day + late, moment, draw(st.sampled_from([0, 0, 1, 1, 2, 3, 4, 5, 7]))))
    runs = runs or [(0, float(usual))]
    today = max(runs[-1][0], *(at for at, _, _ in scores), 0) + draw(st.integers(1, 9))
    injured = draw(st.lists(st.integers(max(day - 9, 0), day), max_size=1))
    settings = Settings(
        units=draw(st.sampled_from(["km", "mi"])),
        week_start=draw(st.sampled_from(["monday", "sunday"])),
    )
    return Book(tuple(runs), tuple(scores), tuple(injured), today, settings)


# Files and what they hold

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=8,
)
_names = st.sampled_from("ab")
archive_paths = st.builds("/".join, st.lists(_names, min_size=1, max_size=4)) | st.builds(
    "/{}!{}".format, _names, _names
)
track_points = st.lists(
    st.lists(
        st.sampled_from(
            [
                "\n",
                "<ele>1.5</ele>",
                "<ele>x</ele>",
                "<time>2026-03-14T12:00:00Z</time>",
                "<hr>1</hr>",
                "<hr/>",
                "<e/>",
                "<e>\n</e>",
                "<e><hr>2</hr></e>",
                "<f>text</f>",
                "<x:cad>80</x:cad>",
            ]
        ),
        max_size=5,
    ).map("".join),
    max_size=8,
)
"""What each point of a track holds."""


@st.composite
def fit_records(
    draw: st.DrawFn,
) -> tuple[fitwriter.Kind, list[tuple[float | int | None, ...]]]:
    """Draw a record definition and the values of its messages, extremes and blanks included."""
    numbers = draw(st.lists(st.sampled_from(sorted(RECORD_FIELDS)), unique=True, min_size=1))
    base_names = st.sampled_from(sorted(fitwriter.BASES.keys() - {"byte"}))
    bases = {number: draw(base_names) for number in numbers}
    kind = fitwriter.Kind(draw(st.integers(0, 15)), 20, bases, big=draw(st.booleans()))
    row = st.tuples(*map(_fit_values, bases.values()))
    rows = draw(st.lists(row, min_size=1, max_size=5))
    return kind, rows * draw(st.sampled_from([1, 2, 60]))


def _fit_values(base: str) -> st.SearchStrategy[float | int | None]:
    _, code, invalid = fitwriter.BASES[base]
    if code in "fd":
        return st.none() | st.floats(-(2.0**60), 2.0**60, width=32 if code == "f" else 64)
    bits = 8 * {"b": 1, "h": 2, "i": 4, "q": 8}[code.lower()]
    low, high = (0, 2**bits - 1) if code.isupper() else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
    return st.none() | st.integers(low, high).filter(lambda value: value != invalid)


_odd_numbers = st.floats(-1e12, 1e12) | st.sampled_from([math.nan, math.inf, -math.inf, 0.0])
_likely_numbers = st.floats(-10, 300) | st.just(math.nan)
odd_totals = st.none() | _odd_numbers | st.floats(0, 1e5)


@st.composite
def odd_samples(draw: st.DrawFn) -> pd.DataFrame:
    """Draw a frame of the right shape with anything in it."""
    size = draw(st.integers(0, 40))
    column = st.lists(
        draw(st.sampled_from([_odd_numbers, _likely_numbers])), min_size=size, max_size=size
    )
    names = [name for name, column in SAMPLES.items() if column.dtype == NUMBER]
    frame = pd.DataFrame({name: draw(column) for name in names}, dtype="float64")
    seconds = st.one_of(st.integers(-100, 10**5), st.integers(-(10**9), 10**9), st.none())
    offsets = draw(st.lists(seconds, min_size=size, max_size=size))
    frame["time"] = pd.Series(
        [pd.NaT if s is None else pd.Timestamp(START) + pd.Timedelta(seconds=s) for s in offsets],
        dtype=SAMPLES["time"].dtype,
    )
    frame["segment"] = draw(st.lists(st.integers(0, 2), min_size=size, max_size=size))
    return conform(frame, SAMPLES)


# Simulated sessions

sessions = st.builds(
    Session,
    started_at=st.just(dt.datetime(2026, 1, 5, 18, tzinfo=ZoneInfo("Europe/Berlin"))),
    kind=st.sampled_from([Kind.EASY, Kind.LONG, Kind.TEMPO, Kind.INTERVALS, Kind.RETURN]),
    distance_m=st.integers(2_000, 30_000),
    moving_s=st.just(0),
    pause_s=st.sampled_from([0, 60, 900]),
    place=st.sampled_from([FOREST, CENTRAL_PARK]),
    seed=st.integers(0, 2**32 - 1),
).map(lambda session: replace(session, moving_s=round(session.distance_m / 2.7)))
