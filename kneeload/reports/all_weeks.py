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
from kneeload.charts.year_days import every_day
from kneeload.formatting import KNEES
from kneeload.frames import upto
from kneeload.measures.baselines import is_running
from kneeload.reports.builder import build, reached
from kneeload.reports.sections.flags import title
from kneeload.reports.week_view import rows
from kneeload.rules.plugin_rules import installed_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from kneeload.association import Explanation
    from kneeload.charts.year_days import Day
    from kneeload.formatting import Units
    from kneeload.log.training_log import TrainingLog
    from kneeload.reports.model import Report
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

    @classmethod
    def of(cls, log: TrainingLog, today: dt.date) -> Archive:
        """Return the frames of a log, without what is later than `today`."""
        frames = {"activities": log.activities(), "pain": log.pain(), "diary": log.diary()}
        past = {name: upto(frame, today) for name, frame in frames.items()}
        acknowledged = frozenset(log.acknowledged())
        return cls(**past, settings=log.settings, today=today, acknowledged=acknowledged)

    @property
    def runs(self) -> pd.DataFrame:
        """The running ones of the activities."""
        return self.activities[is_running(self.activities)]

    def upto(self, last: dt.date) -> Archive:
        """Return the archive as it stood when the day `last` was over."""
        activities, pain, diary = (
            upto(frame, last) for frame in (self.activities, self.pain, self.diary)
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
class WeekPage:
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


def week_pages(archive: Archive) -> list[WeekPage]:
    """Return every week from the first run or score to the last, with what its page rests on."""
    dates = pd.concat([archive.activities["local_date"], archive.pain["local_date"]]).dropna()
    dates = dates[dates <= pd.Timestamp(archive.today)]
    if dates.empty:
        return []
    start = archive.settings.week_start
    first, last = (calendar.first_day_of(d.date(), start) for d in (dates.min(), dates.max()))
    firsts = [first + n * WEEK for n in range((last - first) // WEEK + 1)]
    labels = ["", *(calendar.week_label(first) for first in firsts), ""]
    digests = _digests(archive, firsts)
    neighbours = zip(labels, labels[1:], labels[2:], firsts, digests, strict=False)
    return [
        WeekPage(
            label=label,
            first=first,
            year=max(first.year, dates.min().year),
            digest=digest,
            before=before,
            after=after,
        )
        for before, label, after, first, digest in neighbours
    ]


def digest(*rests: object) -> str:
    """Return a digest of what a page rests on, this version of kneeload included."""
    return hashlib.sha256(repr((__version__, *rests)).encode()).hexdigest()[:_DIGITS]


def _digests(archive: Archive, firsts: list[dt.date]) -> list[str]:
    """Return what each week's page rests on, as a digest: all that was known at the week's end."""
    ends = np.array([first + WEEK for first in firsts], dtype="datetime64[us]")
    brought = [(rule.id, rule.package) for rule in installed_rules().values() if rule.package]
    constants = (__version__, brought, archive.settings, sorted(archive.acknowledged))
    running = hashlib.sha256(repr(constants).encode())
    frames = (_rows_by_week(f, ends) for f in (archive.activities, archive.pain, archive.diary))
    digests = []
    for hashes in zip(*frames, strict=True):
        running.update(b"|".join(hashes))
        digests.append(running.hexdigest()[:_DIGITS])
    # The newest page tells the day, and what the whole diary says.
    running.update(f"newest on {archive.today}".encode())
    return [*digests[:-1], running.hexdigest()[:_DIGITS]]


def _rows_by_week(frame: pd.DataFrame, ends: np.ndarray) -> Iterator[bytes]:
    """Yield the hashes of the rows before the first end, then before each next one."""
    ordered = frame.sort_values("local_date", kind="stable")
    rows = pd.util.hash_pandas_object(ordered, index=False).to_numpy()
    until = np.searchsorted(ordered["local_date"].to_numpy("datetime64[us]"), ends)
    for start, end in zip([0, *until[:-1]], until, strict=True):
        yield rows[start:end].tobytes()


def pages(
    archive: Archive, chosen: Iterable[WeekPage], explanation: Explanation | None, jobs: int
) -> Iterator[tuple[WeekPage, str]]:
    """Return the pages of `chosen` as HTML, in order, made by `jobs` processes.

    Parameters
    ----------
    archive
        What the pages are made from.
    chosen
        Some of `week_pages`.
    explanation
        For the newest page only.
    """
    return render_all(partial(_page, archive, explanation), list(chosen), jobs)


def render_all(work: Callable[[T], str], chosen: Sequence[T], jobs: int) -> Iterator[tuple[T, str]]:
    """Yield each of `chosen` with the page that `work` makes of it, in order."""
    from kneeload.ingest.workers import pool

    if jobs <= 1 or len(chosen) <= _BATCH:
        yield from zip(chosen, map(work, chosen), strict=True)
        return
    with pool(jobs) as workers:
        yield from zip(chosen, workers.map(work, chosen, chunksize=_BATCH), strict=True)


def _page(archive: Archive, explanation: Explanation | None, place: WeekPage) -> str:
    from kneeload.reports.render import html

    return html.render(week_report(archive, place, explanation), place)


def week_report(
    archive: Archive, place: WeekPage, explanation: Explanation | None = None
) -> Report:
    """Return the report of a week as it stood at its end; the newest one has `explanation`."""
    analysis = (archive.upto(place.last) if place.after else archive).analysis()
    return build(analysis, place.label, explanation=None if place.after else explanation)


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
    marks: list[Day]


def week_lines(analysis: Analysis, weeks: list[WeekPage]) -> list[WeekLine]:
    """Return the weeks of `weeks`, the newest first, from the analysis on the log's today."""
    pain, units = analysis.pain, analysis.settings.units
    days = calendar.day_numbers(pain["local_date"])
    of_score = calendar.week_labels(calendar.first_days(days, analysis.settings.week_start))
    scores = _by_week(of_score, rows(pain, ("knee", "score"), slice(None)))
    fired = _by_week(analysis.flags["week"], analysis.flags["rule"])
    runs = analysis.runs[~analysis.runs["suspect"]]
    marks = every_day(runs, pain, weeks[0].first, weeks[-1].last)
    lines = [
        _line(place, marks[7 * n : 7 * n + 7], scores[place.label], fired[place.label], units)
        for n, place in enumerate(weeks)
    ]
    return lines[::-1]


def _by_week(labels: Iterable[str], things: Iterable[T]) -> dict[str, list[T]]:
    groups: dict[str, list[T]] = defaultdict(list)
    for label, thing in zip(labels, things, strict=True):
        groups[label].append(thing)
    return groups


def _line(
    place: WeekPage, marks: list[Day], scores: list[Row], fired: list[str], units: Units
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
    return f"{KNEES[worst['knee']].lower()} {reached(worst['score'])}, {number}"
