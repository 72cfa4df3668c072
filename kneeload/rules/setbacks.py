"""What happened to one runner's knee, in order: amber and red runs, and setbacks.

A setback is where a return after pain begins or begins anew: a red run or day, the start of a noted
injury, or, outside a return, the run before a new spell of pain that had not settled by the next
morning (*assumption*).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from kneeload import formatting
from kneeload.calendar import date_of, day_numbers
from kneeload.frames import PLANNED
from kneeload.rules.spells import ONSET_SCORE, onsets
from kneeload.rules.zone_rows import knees_meant

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from kneeload.arrays import Bools, Floats, Ints, Texts
    from kneeload.settings import Settings

_LEVELS = {"green": 0, "unknown": 1, "amber": 2, "red": 3}
_AMBER, _RED = 2, 3
RESTED = ("before", "next_morning", "rest")
_KINDS = {
    "red": "the pain of {} (rated red)",
    "injury": "the injury of {}",
    "spell": "the pain of {}",
}
_NEAR_DAYS = 7
_KNOWN_ON = attrgetter("known_on")
_ELSEWHERE = re.compile(
    r"\b(?:shoulder|arm|elbow|wrist|hand|finger|neck|head|concussion|rib)s?\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Trouble:
    """An amber or red run, or day without one, as known from `known_on` on.

    `before` is the number of runs before it, `after` the place of the first run after it; `run` is
    its own place, -1 for a day.
    """

    day: int
    known_on: int
    before: int
    after: int
    run: int
    level: int
    knee: str


@dataclass(frozen=True)
class Setback:
    """Where a return begins: its day, the place of the first run after it, the run that hurt."""

    day: int
    known_on: int
    after: int
    hurt: int
    kind: str

    @property
    def words(self) -> str:
        """What it is, and of which day."""
        return _KINDS[self.kind].format(_day(self._felt_on))

    @property
    def _felt_on(self) -> int:
        return self.known_on if self.kind == "spell" else self.day

    @property
    def date(self) -> str:
        """Its day in words."""
        return _day(self.day)


class Scores(NamedTuple):
    """The pain scores, a row per knee: day number, NPRS, and the words of the diary."""

    day: Ints
    score: Floats
    moment: Texts
    knee: Texts
    run_id: Texts


@dataclass(frozen=True, eq=False)
class Story:
    """One runner's runs, scores, troubles and setbacks, by day.

    Parameters
    ----------
    day, km, level, planned
        Of each run: day number, distance [km] (0 where unknown), zone, and whether it is only
        asked about.
    limps
        Days of a noted limp or injury.
    """

    day: Ints
    km: Floats
    level: Ints
    planned: Bools
    scores: Scores
    limps: Ints
    troubles: tuple[Trouble, ...]
    setbacks: tuple[Setback, ...]

    def first_since(self, day: int) -> int:
        """Return the place of the first run on `day` or later."""
        return int(np.searchsorted(self.day, day))

    def is_green(self, run: int, day: int) -> bool:
        """Whether the run's zone was green on `day`; it needs the next morning."""
        return bool(self.level[run] == 0 and day > self.day[run])

    def worst(self, first: int, last: int) -> float:
        """Return the highest score of these days, both included; 0 without one."""
        inside = (self.scores.day >= first) & (self.scores.day <= last)
        return float(self.scores.score[inside].max(initial=0))

    def limped(self, first: int, last: int) -> bool:
        """Whether a limp or an injury was noted from `first` to `last`."""
        return bool(((self.limps >= first) & (self.limps <= last)).any())

    def troubled_before(self, setback: Setback, days: int) -> bool:
        """Whether another run or day was amber or red in the `days` before a setback."""
        return any(
            setback.day - days <= t.day <= setback.day
            and (t.after < setback.after or (t.run < 0 and t.day < setback.day))
            and t.run != setback.hurt
            for t in self.troubles[self._known_since(setback.day - days) :]
        )

    def troubled_between(self, first: int, end: int, day: int) -> bool:
        """Whether a day from `first` to before `end` was amber or red, as known on `day`."""
        return any(first <= t.day < end for t in self._known_between(first, day))

    def troubles_since(self, setback: Setback, run: int, day: int) -> list[Trouble]:
        """Return those between a setback and the run at `run`, as known on `day`."""
        return [
            t
            for t in self._known_between(setback.day, day)
            if t.before < run + (t.run < 0)
            and (t.run >= setback.after if t.run >= 0 else t.day > setback.known_on)
        ]

    def _known_since(self, day: int) -> int:
        """Return the place of the first trouble known on `day` or later; none is before its day."""
        return bisect_left(self.troubles, day, key=_KNOWN_ON)

    def _known_between(self, first: int, last: int) -> tuple[Trouble, ...]:
        """Return the troubles that became known on these days, both included."""
        return self.troubles[self._known_since(first) : self._known_since(last + 1)]

    def runs_between(self, first: int, end: int) -> Ints:
        """Return the days with a run from `first` to before `end`."""
        inside = self.day[(self.day >= first) & (self.day < end) & ~self.planned]
        return np.unique(inside)

    def resting(self, day: int, settings: Settings) -> Trouble | None:
        """Return the red run or day that has not settled by `day`, the newest of them.

        It has settled with a later score, before a run, of the next morning or at rest, of at most
        2, or 7 days after the last higher one.
        """
        counts = ((reds, bisect_right(reds, day, key=_KNOWN_ON)) for reds in self._reds.values())
        newest = (reds[count - 1] for reds, count in counts if count)
        unsettled = [t for t in newest if not self._settled(t, day, settings)]
        return max(unsettled, key=lambda t: t.known_on, default=None)

    def _settled(self, red: Trouble, day: int, settings: Settings) -> bool:
        most, days = (
            settings.threshold(f"return_from_break.settled_{name}") for name in ("score", "days")
        )
        high, low = self._high_and_low(red.knee, most)
        before, after = bisect_right(high, day), bisect_right(low, red.known_on)
        last = max(high[before - 1] if before else red.known_on, red.day)
        return day >= last + days or any(on <= day for on in low[after : after + 1])

    def _high_and_low(self, knee: str, most: float) -> tuple[list[int], list[int]]:
        """Return the days of a knee's scores above `most`, and of those at most so after a rest."""
        if (knee, most) not in self._knees:
            mine = np.flatnonzero(self.scores.knee == knee)
            mine = mine[np.argsort(self.scores.day[mine], kind="stable")]
            day, score = self.scores.day[mine], self.scores.score[mine]
            low = np.isin(self.scores.moment[mine], RESTED) & (score <= most)
            self._knees[knee, most] = day[score > most].tolist(), day[low].tolist()
        return self._knees[knee, most]

    @cached_property
    def _reds(self) -> dict[str, list[Trouble]]:
        """The red runs and days of each knee, by the day on which they were known."""
        by_knee: dict[str, list[Trouble]] = defaultdict(list)
        for trouble in self.troubles:
            if trouble.level == _RED:
                by_knee[trouble.knee].append(trouble)
        return by_knee

    @cached_property
    def _knees(self) -> dict[tuple[str, float], tuple[list[int], list[int]]]:
        return {}


def story(
    runs: pd.DataFrame,
    zones: pd.DataFrame,
    pain: pd.DataFrame,
    diary: pd.DataFrame,
    settings: Settings,
) -> Story:
    """Return what happened to one runner's knee.

    Parameters
    ----------
    runs
        As `kneeload.weeks.countable_runs` returns them, of one runner.
    zones
        As `kneeload.rules.pain_zones.zones` returns them.
    pain, diary
        Frames of the same names in `kneeload.frames`.
    """
    day = np.asarray(np.maximum.accumulate(day_numbers(runs["local_date"])), dtype=np.int64)
    places = {name: place for place, name in enumerate(runs["run_id"].tolist())}
    place = np.array([places.get(name, -1) for name in zones["run_id"].tolist()], dtype=np.int64)
    level = np.full(len(runs), _LEVELS["unknown"])
    levels = np.array([_LEVELS[zone] for zone in zones["zone"].tolist()], dtype=np.int64)
    # The worst knee makes the run; a run without a row keeps "unknown".
    level[place[place >= 0]] = 0
    np.maximum.at(level, place[place >= 0], levels[place >= 0])
    planned = runs["run_id"].to_numpy(dtype=object) == PLANNED
    troubles = tuple(_troubles(zones, place, levels, day, planned))
    row, knee = knees_meant(pain["knee"], settings)
    scores = Scores(
        day=day_numbers(pain["local_date"])[row],
        score=pain["score"].to_numpy(np.float64)[row],
        moment=pain["moment"].to_numpy(dtype=object)[row],
        knee=knee,
        run_id=pain["run_id"].to_numpy(dtype=object)[row],
    )
    injured = _injuries(diary)
    limps = diary.loc[(diary["kind"] == "symptom") & (diary["subject"] == "limp")]
    return Story(
        day=day,
        km=runs["distance_km"].fillna(0).to_numpy(),
        level=level,
        planned=planned,
        scores=scores,
        limps=np.sort(
            np.append(day_numbers(limps["local_date"]), day_numbers(injured["local_date"]))
        ),
        troubles=troubles,
        setbacks=_setbacks(places, day, planned, scores, troubles, injured, settings),
    )


def _troubles(
    zones: pd.DataFrame, place: Ints, levels: Ints, day: Ints, planned: Bools
) -> Iterator[Trouble]:
    """Return the amber and red rows of the zones, by the day on which they were known."""
    days = day_numbers(zones["local_date"])
    known_on = np.maximum(day_numbers(zones["judged_on"]), days)
    behind = np.searchsorted(day[~planned], days, side="right")
    is_run = place >= 0
    columns = (
        days,
        known_on,
        np.where(is_run, place, behind),
        np.where(is_run, place + 1, behind),
        place,
        levels,
    )
    order = np.lexsort((levels, days, known_on))
    rows = order[levels[order] >= _AMBER]
    numbers = (column[rows].tolist() for column in columns)
    return map(Trouble, *numbers, zones["knee"].iloc[rows].tolist())


def _injuries(diary: pd.DataFrame) -> pd.DataFrame:
    """Return the noted injuries of a knee or leg: all that do not name another part."""
    injuries = diary.loc[diary["kind"] == "injury"]
    return injuries.loc[~injuries["text"].str.contains(_ELSEWHERE) | (injuries["subject"] != "")]


def _setbacks(
    places: dict[str, int],
    day: Ints,
    planned: Bools,
    scores: Scores,
    troubles: tuple[Trouble, ...],
    injured: pd.DataFrame,
    settings: Settings,
) -> tuple[Setback, ...]:
    """Return all that may begin a return, by the day on which it was known."""
    reds = [Setback(t.day, t.known_on, t.after, t.run, "red") for t in troubles if t.level == _RED]
    real = day[~planned]
    injuries = [_injury(int(at), real) for at in day_numbers(injured["local_date"])]
    spells = _spells(places, real, scores, settings)
    return tuple(
        sorted([*injuries, *reds, *spells], key=lambda s: (s.known_on, s.after, s.kind == "spell"))
    )


def _injury(at: int, real: Ints) -> Setback:
    after = int(np.searchsorted(real, at, side="right"))
    hurt = after - 1 if after and real[after - 1] == at else -1
    return Setback(at, at, after, hurt, "injury")


def _spells(
    places: dict[str, int], real: Ints, scores: Scores, settings: Settings
) -> Iterator[Setback]:
    """Yield the run before each new spell of pain that had not settled by the next morning."""
    days, worst = _highest(scores, np.full(len(scores.day), fill_value=True))
    mornings = dict(zip(*_highest(scores, scores.moment == "next_morning"), strict=True))
    most = settings.threshold("return_from_break.settled_morning")
    for at in days[onsets(worst)].tolist():
        if mornings.get(at + 1, np.inf) <= most:
            continue
        high = np.flatnonzero((scores.day == at) & (scores.score >= ONSET_SCORE))
        run = min(_run_before(scores, row, places, real) for row in high.tolist())
        if run < 0 or real[run] < at - _NEAR_DAYS:
            after = int(np.searchsorted(real, at, side="right"))
            yield Setback(at, at, after, -1, "spell")
            continue
        yield Setback(int(real[run]), at, run + 1, run, "spell")


def _highest(scores: Scores, chosen: Bools) -> tuple[Ints, Floats]:
    """Return the days with one of the `chosen` scores, and the highest of each."""
    days, place = np.unique(scores.day[chosen], return_inverse=True)
    highest = np.zeros(len(days))
    np.maximum.at(highest, place, scores.score[chosen])
    return days, highest


def _run_before(scores: Scores, row: int, places: dict[str, int], real: Ints) -> int:
    """Return the place of the run that a score speaks of, else of the last one before it."""
    moment, day, run = scores.moment[row], scores.day[row], scores.run_id[row]
    if run in places and moment != "before":
        return places[run]
    # A score before a run or at rest speaks of the run of an earlier day.
    return int(np.searchsorted(real, day - (moment in RESTED), side="right")) - 1


def _day(day: int) -> str:
    return formatting.day(date_of(day))
