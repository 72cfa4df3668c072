"""Every week of a log as a page of its own; only what changed is made again."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pandas as pd

from kneeload import __version__, calendar, formatting
from kneeload.analysis import Analysis, analyse
from kneeload.formatting import KNEES
from kneeload.measures.baselines import is_running
from kneeload.reports.builder import build
from kneeload.reports.sections.flags import title
from kneeload.reports.week_view import rows
from kneeload.rules.plugin_rules import installed_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from kneeload.association import Explanation
    from kneeload.formatting import Units
    from kneeload.reports.week_view import Row
    from kneeload.settings import Settings

T = TypeVar("T")
WEEK = dt.timedelta(days=7)
_BATCH, _DIGITS = 4, 32


@dataclass(frozen=True, kw_only=True, eq=False)
class Archive:
    """The log's frames as they are on `today`; what every page is made from."""

    activities: pd.DataFrame
    pain: pd.DataFrame
    diary: pd.DataFrame
    settings: Settings
    today: dt.date
    acknowledged: Collection[str]

    @property
    def runs(self) -> pd.DataFrame:
        """The running ones of the activities."""
        return self.activities[is_running(self.activities)]

    def upto(self, last: dt.date) -> Archive:
        """Return the archive as it stood when the day `last` was over."""
        end = pd.Timestamp(last)
        activities, pain, diary = (
            frame[frame["local_date"] <= end] for frame in (self.activities, self.pain, self.diary)
        )
        today = min(self.today, last + dt.timedelta(days=1))
        return replace(self, activities=activities, pain=pain, diary=diary, today=today)

    def analysis(self) -> Analysis:
        """Return everything that follows from the frames."""
        return analyse(
            self.activities,
            self.pain,
            self.diary,
            settings=self.settings,
            today=self.today,
            acknowledged=self.acknowledged,
        )


@dataclass(frozen=True, kw_only=True)
class Place:
    """A week's page among the others: its own digest, and the labels beside it, empty at an end.

    Parameters
    ----------
    year
        The year that lists it: that of its first day, or of the log's first day after that.
    """

    label: str
    first: dt.date
    year: int
    digest: str
    before: str
    after: str

    @property
    def last(self) -> dt.date:
        """The week's last day."""
        return self.first + WEEK - dt.timedelta(days=1)

    @property
    def file(self) -> str:
        """The page's name in the folder of all."""
        return f"weeks/{self.label}.html"


def places(given: Archive) -> list[Place]:
    """Return every week from the first run or score to the last, with what its page rests on."""
    dates = pd.concat([given.activities["local_date"], given.pain["local_date"]]).dropna()
    dates = dates[dates <= pd.Timestamp(given.today)]
    if dates.empty:
        return []
    start = given.settings.week_start
    first, last = (calendar.first_day_of(d.date(), start) for d in (dates.min(), dates.max()))
    firsts = [first + n * WEEK for n in range((last - first) // WEEK + 1)]
    labels = ["", *(calendar.week_label(first) for first in firsts), ""]
    digests = _digests(given, firsts)
    beside = zip(labels, labels[1:], labels[2:], firsts, digests, strict=False)
    return [
        Place(
            label=own,
            first=first,
            year=max(first.year, dates.min().year),
            digest=digest,
            before=before,
            after=after,
        )
        for before, own, after, first, digest in beside
    ]


def digest(*rests: object) -> str:
    """Return a digest of what a page rests on, this version of kneeload included."""
    return hashlib.sha256(repr((__version__, *rests)).encode()).hexdigest()[:_DIGITS]


def _digests(given: Archive, firsts: list[dt.date]) -> list[str]:
    """Return what each week's page rests on, as a digest: all that was known at the week's end."""
    ends = np.array([first + WEEK for first in firsts], dtype="datetime64[us]")
    brought = [(rule.id, rule.package) for rule in installed_rules().values() if rule.package]
    known = (__version__, brought, given.settings, sorted(given.acknowledged))
    running = hashlib.sha256(repr(known).encode())
    frames = (_rows_by_week(f, ends) for f in (given.activities, given.pain, given.diary))
    found = []
    for hashes in zip(*frames, strict=True):
        running.update(b"|".join(hashes))
        found.append(running.hexdigest()[:_DIGITS])
    # The newest page tells the day, and what the whole diary says.
    running.update(f"newest on {given.today}".encode())
    return [*found[:-1], running.hexdigest()[:_DIGITS]]


def _rows_by_week(frame: pd.DataFrame, ends: np.ndarray) -> Iterator[bytes]:
    """Yield the hashes of the rows before the first end, then before each next one."""
    ordered = frame.sort_values("local_date", kind="stable")
    rows = pd.util.hash_pandas_object(ordered, index=False).to_numpy()
    until = np.searchsorted(ordered["local_date"].to_numpy("datetime64[us]"), ends)
    for start, end in zip([0, *until[:-1]], until, strict=True):
        yield rows[start:end].tobytes()


def pages(
    given: Archive, wanted: Iterable[Place], explanation: Explanation | None, jobs: int
) -> Iterator[tuple[Place, str]]:
    """Return the pages of `wanted` as HTML, in order, made by `jobs` processes.

    Parameters
    ----------
    given
        What the pages are made from.
    wanted
        Some of `places`.
    explanation
        For the newest page only.
    """
    return made(partial(_page, given, explanation), list(wanted), jobs)


def made(work: Callable[[T], str], wanted: Sequence[T], jobs: int) -> Iterator[tuple[T, str]]:
    """Yield each of `wanted` with the page that `work` makes of it, in order."""
    from kneeload.ingest.measure import pool

    if jobs <= 1 or len(wanted) <= _BATCH:
        yield from zip(wanted, map(work, wanted), strict=True)
        return
    with pool(jobs) as workers:
        yield from zip(wanted, workers.map(work, wanted, chunksize=_BATCH), strict=True)


def _page(given: Archive, explanation: Explanation | None, place: Place) -> str:
    from kneeload.reports.render import html

    known = (given.upto(place.last) if place.after else given).analysis()
    report = build(known, place.label, explanation=None if place.after else explanation)
    return html.render(report, place)


@dataclass(frozen=True, kw_only=True)
class DayMark:
    """One day of a week's small chart: what was run [km] and the worst score, None without one."""

    km: float
    score: int | None


@dataclass(frozen=True, kw_only=True)
class WeekLine:
    """One week of a list, under the year in which it begins."""

    label: str
    year: int
    file: str
    days: str
    load: str
    knee: str
    rules: str
    marks: tuple[DayMark, ...]


def week_lines(known: Analysis, found: list[Place]) -> list[WeekLine]:
    """Return the weeks of `found`, the newest first, from the analysis on the log's today."""
    pain, units = known.pain, known.settings.units
    days = calendar.day_numbers(pain["local_date"])
    of_score = calendar.week_labels(calendar.first_days(days, known.settings.week_start))
    scores = _by_week(of_score, rows(pain, ("knee", "score"), slice(None)))
    fired = _by_week(known.flags["week"], known.flags["rule"])
    marks = _marks(known, found)
    lines = [
        _line(place, own, scores[place.label], fired[place.label], units)
        for place, own in zip(found, marks, strict=True)
    ]
    return lines[::-1]


def _by_week(labels: Iterable[str], things: Iterable[T]) -> dict[str, list[T]]:
    found: dict[str, list[T]] = defaultdict(list)
    for label, thing in zip(labels, things, strict=True):
        found[label].append(thing)
    return found


def _marks(known: Analysis, found: list[Place]) -> list[tuple[DayMark, ...]]:
    """Return distance and worst score of every day, week by week."""
    runs = known.runs[~known.runs["suspect"]]
    days = pd.date_range(found[0].first, found[-1].last, unit="us")
    km = runs.groupby("local_date")["distance_km"].sum().reindex(days, fill_value=0.0)
    score = known.pain.groupby("local_date")["score"].max().reindex(days)
    marks = [
        DayMark(km=km, score=None if np.isnan(score) else int(score))
        for km, score in zip(km.tolist(), score.tolist(), strict=True)
    ]
    return [tuple(marks[n : n + WEEK.days]) for n in range(0, len(marks), WEEK.days)]


def _line(
    place: Place, marks: tuple[DayMark, ...], scores: list[Row], fired: list[str], units: Units
) -> WeekLine:
    km = sum(mark.km for mark in marks)
    return WeekLine(
        label=place.label,
        year=place.year,
        file=place.file,
        days=formatting.date_range(place.first, place.last),
        load=formatting.distance(km, units) if km else "no runs",
        knee=_knee(scores),
        rules=", ".join(sorted(title(rule) for rule in set(fired))),
        marks=marks,
    )


def _knee(scores: list[Row]) -> str:
    """Return the week's highest score, of equal ones the last, and how many there were."""
    if not scores:
        return "no scores"
    worst = max(reversed(scores), key=itemgetter("score"))
    number = formatting.count(len(scores), "score")
    highest = f"up to {worst['score']}/10" if worst["score"] else "0/10"
    return f"{KNEES[worst['knee']].lower()} {highest}, {number}"
