"""A runner's diary as text, read into the frames that kneeload's functions take.

One line is one week or one day, then what happened, separated by commas::

    2026-W02              20 km
    2026-W03..2026-W05    3x8 km, descent 120 m
    2026-03-14 07:30      16 km, 95 min, load 80, hard 20 min, easy 60 min
    2026-03-14            knee 3, left knee 4 after, onset 6 km, painkillers
    2026-03-15            left knee 2 next_morning
    2026-03-16            ride 40 km, suspect 90 km
    2026-03-17            symptom swelling
    2026-03-18            injury left, trauma left
    2026-03-20            assessed

The runs of a week lie on Wednesday if there is one, else spread from Monday; all start at noon
unless told. ``NxD km`` is N runs; a line without items is an empty week. Lines of several runners
begin with ``name:``.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from kneeload.calendar import parse_week
from kneeload.frames import DIARY, PAIN, RUNS, conform

Row = dict[str, Any]
_SPREAD = {1: (2,), 2: (1, 5), 3: (0, 2, 5), 4: (0, 2, 4, 6), 5: (0, 1, 3, 4, 6)}
_LINE = re.compile(r"(?:(?P<runner>\w+):\s+)?(?P<when>\S+)(?:\s+(?P<time>\d\d:\d\d))?(?P<items>.*)")
_RUN = re.compile(r"(?:(?P<kind>ride|suspect|trail) )?(?:(?P<times>\d+)x)?(?P<km>[\d.]+|\?) km")
_KNEE = re.compile(r"(?:(?P<knee>left|right|both) )?knee (?P<score>\d+)(?: (?P<moment>\w+))?")
_MEASURE = re.compile(r"(?P<name>descent|load|hard|easy|moderate|onset)? ?(?P<value>[\d.]+) ?\w*")
_COLUMNS = {
    "descent": "descent_m",
    "load": "load",
    "hard": "hard_min",
    "easy": "easy_min",
    "moderate": "moderate_min",
}
_SPORTS = {"ride": "cycling", "trail": "trail_running"}


@dataclass(frozen=True, eq=False)
class Diary:
    """The frames that a diary makes."""

    runs: pd.DataFrame
    pain: pd.DataFrame
    diary: pd.DataFrame


@dataclass
class _Book:
    runs: list[Row] = field(default_factory=list)
    pain: list[Row] = field(default_factory=list)
    diary: list[Row] = field(default_factory=list)


def diary(text: str) -> Diary:
    """Return the frames of `text`; prose (no week or day in front) is passed over."""
    book = _Book()
    for line in text.splitlines():
        match = _LINE.fullmatch(line.strip())
        if match and re.match(r"\d{4}-(W\d\d|\d\d-\d\d)", match["when"]):
            for days in _dates(match["when"]):
                _write(book, match, days)
    for number, run in enumerate(book.runs):
        run.setdefault("run_id", f"run{number}")
    return Diary(
        _frame(book.runs, RUNS), _frame(book.pain, PAIN, "score"), _frame(book.diary, DIARY)
    )


def _frame(rows: list[Row], spec: Any, *needed: str) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=None if rows else ["local_date", *needed])
    return conform(frame, spec)


def _dates(when: str) -> Iterator[list[dt.date]]:
    """Yield the seven days of each week, or the one day."""
    if "W" not in when:
        yield [dt.date.fromisoformat(when)]
        return
    first, _, last = when.partition("..")
    monday, end = parse_week(first), parse_week(last or first)
    while monday <= end:
        yield [monday + dt.timedelta(days=i) for i in range(7)]
        monday += dt.timedelta(days=7)


def _write(book: _Book, match: re.Match[str], days: list[dt.date]) -> None:
    runner = {"runner": match["runner"]} if match["runner"] else {}
    items = [item.strip() for item in match["items"].split(",") if item.strip()]
    runs: list[Row] = []
    for item in items:
        run = _RUN.fullmatch(item)
        if run:
            runs += [row | runner for row in _runs(run, days, match["time"] or "12:00")]
    for item in items:
        _note(book, item, days, runs, runner)
    book.runs += runs


def _runs(run: re.Match[str], days: list[dt.date], time: str) -> list[Row]:
    count = int(run["times"] or 1)
    places = _SPREAD.get(count, range(count)) if len(days) > 1 else [0] * count
    return [
        {
            "local_date": pd.Timestamp(days[place]),
            "started_at": pd.Timestamp(f"{days[place]}T{time}", tz="UTC") + pd.Timedelta(hours=n),
            "distance_km": float("nan") if run["km"] == "?" else float(run["km"]),
            "sport": _SPORTS.get(run["kind"] or "", "running"),
            "suspect": run["kind"] == "suspect",
        }
        for n, place in enumerate(places)
    ]


def _note(book: _Book, item: str, days: list[dt.date], runs: list[Row], runner: Row) -> None:
    """Write down what an item other than a run says."""
    day = runs[0]["local_date"] if runs else pd.Timestamp(days[min(2, len(days) - 1)])
    knee = _KNEE.fullmatch(item)
    if knee:
        said = {"knee": knee["knee"] or "unsure", "moment": knee["moment"] or "during"}
        book.pain.append({"local_date": day, "score": int(knee["score"])} | said | runner)
    elif item == "painkillers":
        book.pain[-1]["painkillers"] = True
    elif item.split(maxsplit=1)[0] in {"symptom", "assessed", "injury", "trauma"}:
        kind, _, subject = item.partition(" ")
        noted = {"kind": "injury", "trauma": True} if kind == "trauma" else {"kind": kind}
        book.diary.append({"local_date": day, "subject": subject} | noted | runner)
    elif not _RUN.fullmatch(item):
        _measure(book, item, runs)


def _measure(book: _Book, item: str, runs: list[Row]) -> None:
    match = _MEASURE.fullmatch(item)
    if match is None:
        raise ValueError(f"the diary does not know {item!r}")
    if match["name"] == "onset":
        book.pain[-1]["onset_km"] = float(match["value"])
        return
    column, factor = (_COLUMNS[match["name"]], 1) if match["name"] else ("moving_s", 60)
    for run in runs:
        run[column] = factor * float(match["value"])
