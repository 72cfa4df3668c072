"""Every week of a log as a page of its own, and the list of them; only what changed is made."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kneeload import __version__, words
from kneeload import weeks as calendar
from kneeload.analysis import Analysis, analyse
from kneeload.reports import html
from kneeload.reports.composing import build
from kneeload.reports.episodes import title
from kneeload.reports.knee import KNEES
from kneeload.rules.installed import installed_rules

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from kneeload.association import Explanation
    from kneeload.settings import Settings, Units

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
    """A week's page among the others: its own digest, and the labels beside it, empty at an end."""

    label: str
    first: dt.date
    digest: str
    before: str
    after: str

    @property
    def last(self) -> dt.date:
        """The week's last day."""
        return self.first + WEEK - dt.timedelta(days=1)

    @property
    def file(self) -> str:
        """The page's name in its folder."""
        return f"{self.label}.html"


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
        Place(label=own, first=first, digest=digest, before=before, after=after)
        for before, own, after, first, digest in beside
    ]


def _digests(given: Archive, firsts: list[dt.date]) -> list[str]:
    """Return what each week's page rests on, as a digest: all that was known at the week's end."""
    ends = np.array([first + WEEK for first in firsts], dtype="datetime64[us]")
    brought = [(rule.id, rule.package) for rule in installed_rules().values() if rule.package]
    known = (__version__, brought, given.settings, sorted(given.acknowledged))
    running = hashlib.sha256(repr(known).encode())
    frames = (_rows_by_week(f, ends) for f in (given.activities, given.pain, given.diary))
    found = []
    for rows in zip(*frames, strict=True):
        running.update(b"|".join(rows))
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
    """Yield the pages of `wanted` as HTML, in order, made by `jobs` processes.

    Parameters
    ----------
    given
        What the pages are made from.
    wanted
        Some of `places`.
    explanation
        For the newest page only.
    """
    from kneeload.log.ingest import pool

    work, asked = partial(_page, given, explanation), list(wanted)
    if jobs <= 1 or len(asked) <= _BATCH:
        yield from zip(asked, map(work, asked), strict=True)
        return
    with pool(jobs) as workers:
        yield from zip(asked, workers.map(work, asked, chunksize=_BATCH), strict=True)


def _page(given: Archive, explanation: Explanation | None, place: Place) -> str:
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
    """One week of the list."""

    label: str
    file: str
    days: str
    load: str
    knee: str
    rules: str
    marks: tuple[DayMark, ...]


@dataclass(frozen=True, kw_only=True)
class Index:
    """The list of all weeks, the newest first; `most_km` is the longest day of all."""

    digest: str
    units: Units
    lines: tuple[WeekLine, ...]
    most_km: float


def index(known: Analysis, found: list[Place]) -> Index:
    """Return the list of the weeks of `found`, from the analysis on the log's today."""
    km = _by_day(known, found)
    lines = tuple(_line(known, place, km) for place in reversed(found))
    return Index(
        digest=found[-1].digest,
        units=known.settings.units,
        lines=lines,
        most_km=float(km["km"].max()) if len(km) else 0.0,
    )


def _by_day(known: Analysis, found: list[Place]) -> pd.DataFrame:
    """Return distance and worst score of every day of these weeks."""
    runs = known.runs[~known.runs["suspect"]]
    days = pd.date_range(found[0].first, found[-1].last, unit="us")
    return pd.DataFrame(
        {
            "km": runs.groupby("local_date")["distance_km"].sum().reindex(days, fill_value=0.0),
            "score": known.pain.groupby("local_date")["score"].max().reindex(days),
        }
    )


def _line(known: Analysis, place: Place, days: pd.DataFrame) -> WeekLine:
    own = days.loc[pd.Timestamp(place.first) : pd.Timestamp(place.last)]
    return WeekLine(
        label=place.label,
        file=place.file,
        days=words.span(place.first, place.last),
        load=_load(own["km"], known.settings.units),
        knee=_knee(known.pain, place),
        rules=_rules(known.flags, place),
        marks=tuple(
            DayMark(km=km, score=None if np.isnan(score) else int(score))
            for km, score in zip(own["km"].tolist(), own["score"].tolist(), strict=True)
        ),
    )


def _load(km: pd.Series, units: Units) -> str:
    return words.distance(km.sum(), units) if km.any() else "no runs"


def _knee(pain: pd.DataFrame, place: Place) -> str:
    """Return the week's highest score and how many there were."""
    scores = pain[_inside(pain, place)]
    if scores.empty:
        return "not scored"
    worst = scores.sort_values("score", kind="stable").iloc[-1]
    number = words.count(len(scores), "score")
    return f"{KNEES[worst['knee']].lower()} at most {worst['score']}/10, {number}"


def _rules(flags: pd.DataFrame, place: Place) -> str:
    """Return which rules fired in the week, each once."""
    own = flags.loc[flags["week"] == place.label, "rule"].unique()
    return ", ".join(sorted(title(str(rule)) for rule in own))


def _inside(frame: pd.DataFrame, place: Place) -> pd.Series:
    return frame["local_date"].between(pd.Timestamp(place.first), pd.Timestamp(place.last))
