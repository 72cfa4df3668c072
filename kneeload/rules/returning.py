"""Return after pain: what each run and week may hold until the knee bears the old distance again.

The 30-day longest run and the reference week still hold the run that hurt, so a return builds on
what the knee has taken without trouble since. Physiotherapists' practice; every number is a setting
of grade *assumption* unless it says otherwise.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from itertools import takewhile
from typing import TYPE_CHECKING

import numpy as np

from kneeload import formatting
from kneeload.calendar import EPS

if TYPE_CHECKING:
    from kneeload.arrays import Bools, Floats, Ints
    from kneeload.rules.setbacks import Setback, Story
    from kneeload.settings import Settings

_WEEK = 7
_WINDOW_DAYS = 30
_MEAN_DAYS = 28
_WEEKS_OF_LARGEST = 4
_FEWEST_WEEKS_RUN = 2


@dataclass(frozen=True)
class Allowed:
    """A limit of one run or week: how much [km], and what it rests on in a sentence.

    `resting` marks a run for which no number is given, since red pain had not settled; `opening`
    the week in which a return began, to which the ordinary rules still speak.
    """

    km: float
    basis: str
    resting: bool = False
    opening: bool = False


@dataclass(frozen=True, eq=False)
class Weeks:
    """One runner's weeks: first days (day numbers), distance and reference [km]."""

    start: Ints
    km: Floats
    reference_km: Floats
    complete: Bools


@dataclass
class Returns:
    """One runner's limits by the place of run or week, and the runs that hurt."""

    runs: dict[int, Allowed] = field(default_factory=dict)
    weeks: dict[int, Allowed] = field(default_factory=dict)
    hurt: set[int] = field(default_factory=set)


@dataclass(frozen=True, eq=False)
class Return:
    """One return after pain: what it goes back to, and the setbacks that opened or renewed it.

    Parameters
    ----------
    old_run_km, old_week_km
        Longest run of the 30 days before the first setback, the run that hurt left out, and the
        reference of its week [km].
    mean_km
        Mean run of the four weeks up to the first setback [km].
    """

    story: Story
    weeks: Weeks
    settings: Settings
    setbacks: tuple[Setback, ...]
    old_run_km: float
    old_week_km: float
    mean_km: float

    @property
    def newest(self) -> Setback:
        """The setback with which it last began."""
        return self.setbacks[-1]

    def is_small(self, day: int, run: int) -> bool:
        """Whether it is a single niggle so far: no score above 3 and no other trouble."""
        first = self.setbacks[0]
        quiet = _WEEK * int(self._number("small_quiet_weeks"))
        return (
            len(self.setbacks) == 1
            and self.story.worst(first.day, day) <= self._number("small_score")
            and not self.story.limped(first.day - quiet, day)
            and not self.story.troubled_before(first, quiet)
            and not self.story.troubles_since(first, run, day)
        )

    def run(self, day: int, run: int) -> Allowed:
        """Return the limit of a run on `day` at the place `run`."""
        small = self.is_small(day, run)
        first = self._first(small=small)
        if self.story.resting(day, self.settings):
            return Allowed(first.km, first.basis, resting=True)
        longest, place = self.tolerated(day, run)
        longest = formatting.shown_down(longest, self.settings.units)
        if not longest > 0:
            return first
        km, reason = self._step(day, run, longest, small=small)
        old = self._round_down(self.old_run_km)
        if km >= old:
            before = self._format_km(old)
            km, reason = old, f". Do not run further than before the pain ({before})"
        if km <= first.km:
            return first
        whole = longest >= self._round_down(float(self.story.km[place])) - EPS
        own_km = float(self.story.km[place]) if whole else longest
        worth = formatting.base_distance(own_km, self.settings.units)
        verb = "was" if whole else "counted as"
        basis = f"Since {self.newest.date} your longest run without trouble {verb} {worth}"
        return Allowed(self._round_down(km), f"{basis}{reason}.")

    def tolerated(self, day: int, run: int) -> tuple[float, int]:
        """Return what the best run since counts for [km], and its place."""
        troubles = self.story.troubles_since(self.newest, run, day)
        bad, newest = {t.run for t in troubles}, max((t.before for t in troubles), default=0)
        first = max(self.newest.after, self.story.first_since(day - _WINDOW_DAYS))
        worth = {
            i: self._worth(i, day) * (self._number("amber_share") if i < newest else 1)
            for i in range(first, run)
            if i not in bad and not self.story.planned[i]
        }
        best = max(worth, key=lambda i: (worth[i], i), default=-1)
        return worth.get(best, 0.0), best

    def _worth(self, i: int, day: int) -> float:
        """Return what run `i` counts for on `day`: whole where green or old enough."""
        km = float(self.story.km[i])
        return km if self._is_whole(i, day) else self._number("unscored_share") * km

    def _is_whole(self, i: int, day: int) -> bool:
        """Whether run `i` is green or, its own day the first, in its eighth day.

        Somebody without scores who fills the limit three times a week then gains 1 km a week.
        """
        old = day - self.story.day[i] >= self._number("unscored_days")
        return bool(old) or self.story.is_green(i, day)

    def _first(self, *, small: bool) -> Allowed:
        """Return the limit of the first run, below which none falls."""
        old, start = (
            self._round_down(self.old_run_km),
            f"After {self.newest.words}, start again with",
        )
        if small:
            km = self._number("small_first_share") * old
            basis = f"{start} half of your longest run before it ({self._format_km(old)})."
        else:
            km = min(self._number("pain_first_share") * old, self._number("pain_first_km"))
            basis = f"{start} a short run that includes walking breaks."
        # NaN is never the lesser: without a mean run the share stands.
        return Allowed(self._round_down(min(km, self._amber_km)), basis)

    @property
    def _amber_km(self) -> float:
        """What amber pain alone would have left: a return never allows more to begin with."""
        return self.settings.threshold("plan.amber_share") * self._round_down(self.mean_km)

    def _step(self, day: int, run: int, longest: float, *, small: bool) -> tuple[float, str]:
        """Return the limit of the next run [km], and how the sentence on the longest run ends."""
        if self._awaits_green(day, run):
            return (
                longest,
                ". Do not run further than that until a run after the amber one is rated green",
            )
        if self._ran_it_today(day, run, longest):
            return (
                longest,
                ". Do not run further than that until you know how your knee is the morning after "
                "your latest run",
            )
        ratio = self._number("small_step_ratio" if small else "pain_step_ratio")
        by_km = self._number("pain_step_km")
        if ratio * longest > longest + by_km:
            return ratio * longest, f". The next run may be up to {ratio:.2f} times as long"
        return longest + by_km, f". The next run may be up to {self._format_step(by_km)} longer"

    def _awaits_green(self, day: int, run: int) -> bool:
        """Whether no run since the newest amber is green or old enough."""
        troubles = self.story.troubles_since(self.newest, run, day)
        since = range(max((t.after for t in troubles), default=run), run)
        return bool(troubles) and not any(self._is_whole(i, day) for i in since)

    def _ran_it_today(self, day: int, run: int, longest: float) -> bool:
        """Whether a run of that length is of `day`: its next morning has not passed."""
        today = range(max(self.newest.after, self.story.first_since(day)), run)
        return any(self.story.km[i] >= longest - EPS for i in today)

    def week(self, place: int) -> Allowed | None:
        """Return the limit of the week at `place`, as it stands when that week begins."""
        old = self._round_down(self.old_week_km)
        if not old > 0:
            return None
        start = int(self.weeks.start[place])
        small = self.is_small(start, self.story.first_since(start))
        share = self._number("small_week_share" if small else "pain_week_share")
        largest = self._round_down(self._largest(place, start))
        ratio = self._number("pain_week_ratio")
        before = f"your weekly distance before the pain ({self._format_km(old)})"
        if ratio * largest >= old:
            return Allowed(old, f"as much as {before}")
        if ratio * largest > share * old:
            basis = (
                f"{ratio:.2f} times the {self._format_km(largest)} of your largest trouble-free "
                f"week since {self.newest.date}"
            )
            return Allowed(self._round_down(ratio * largest), basis)
        return Allowed(self._round_down(share * old), f"{100 * share:.0f} % of {before}")

    def own_week(self) -> Allowed | None:
        """Return the limit of the week in which it began: nothing rises."""
        old = self._round_down(self.old_week_km)
        basis = (
            f"no more than your reference week ({self._format_km(old)}) after {self.newest.words}"
        )
        return Allowed(old, basis, opening=True) if old > 0 else None

    def _largest(self, place: int, day: int) -> float:
        """Return the largest of the last four weeks that were quiet [km]."""
        last = range(max(place - _WEEKS_OF_LARGEST, 0), place)
        return max((self._quiet_km(w, day) for w in last), default=0.0)

    def _quiet_km(self, place: int, day: int) -> float:
        """Return a week's distance [km]; 0 where it was troubled or is not after the setback's."""
        start = int(self.weeks.start[place])
        if start <= self.newest.day or self.story.troubled_between(start, start + _WEEK, day):
            return 0.0
        return float(np.nan_to_num(self.weeks.km[place]))

    def ends_with(self, place: int) -> bool:
        """Whether it is over once the week at `place` is."""
        start = int(self.weeks.start[place])
        if start <= self.newest.day:
            return False
        day, share = start + _WEEK, self._number("done_share")
        longest, _ = self.tolerated(day, self.story.first_since(day))
        first = int(np.searchsorted(self.weeks.start, self.newest.day, side="right"))
        week = max(self._quiet_km(w, day) for w in range(first, place + 1))
        borne = longest >= share * self.old_run_km - EPS
        if borne and not week < share * self.old_week_km - EPS:
            return True
        return day - self.newest.day >= _WEEK * self._number("done_weeks") and self._is_quiet(day)

    def _is_quiet(self, day: int) -> bool:
        """Whether the last four weeks had runs, and neither amber nor red."""
        first = day - _WEEK * _WEEKS_OF_LARGEST
        run = len(np.unique((self.story.runs_between(first, day) - first) // _WEEK))
        return run >= _FEWEST_WEEKS_RUN and not self.story.troubled_between(first, day, day)

    def _number(self, name: str) -> float:
        return self.settings.threshold(f"return_from_break.{name}")

    def _round_down(self, km: float) -> float:
        return formatting.shown_down(km, self.settings.units)

    def _format_km(self, km: float) -> str:
        return formatting.distance(km, self.settings.units)

    def _format_step(self, km: float) -> str:
        return "1 km" if km == 1 and self.settings.units == "km" else self._format_km(km)


def returns(story: Story, weeks: Weeks, settings: Settings) -> Returns:
    """Return the limits of every run and week of one runner's returns after pain.

    Parameters
    ----------
    story
        What happened to the knee, by day.
    weeks
        The runner's weeks, one after the other.
    """
    walk = _Walk(story, weeks, settings, waiting=list(story.setbacks))
    first = min((setback.day for setback in story.setbacks), default=math.inf)
    for place in np.flatnonzero(weeks.start + _WEEK > first):
        walk.week(int(place))
    return walk.returns


@dataclass
class _Walk:
    """A walk through the weeks: what waits, the return that lasts, and the limits so far."""

    story: Story
    weeks: Weeks
    settings: Settings
    waiting: list[Setback]
    current: Return | None = None
    returns: Returns = field(default_factory=Returns)

    def week(self, place: int) -> None:
        """Walk through one week: its own limit, those of its runs, and what its end changes."""
        start = int(self.weeks.start[place])
        self._limit_week(place)
        for run in range(*map(self.story.first_since, (start, start + _WEEK))):
            day = int(self.story.day[run])
            self._meet(day, run, place)
            if self.current is not None:
                self.returns.runs[run] = self.current.run(day, run)
        self._meet(start + _WEEK, self.story.first_since(start + _WEEK), place)
        if self.current and self.weeks.complete[place] and self.current.ends_with(place):
            self.current = None

    def _limit_week(self, place: int) -> None:
        limit = self.current.week(place) if self.current else None
        if limit is not None:
            self.returns.weeks[place] = limit

    def _meet(self, day: int, run: int, place: int) -> None:
        """Take in the setbacks before the run at `run` that were known on `day`."""
        if not self.waiting or self.waiting[0].known_on > day:
            return
        due = list(takewhile(lambda s: s.known_on <= day, self.waiting))
        met = [s for s in due if s.after <= run]
        self.waiting[: len(due)] = [s for s in due if s.after > run]
        for setback in met:
            if self.current is None:
                self._open(setback, place)
            elif setback.kind != "spell" and setback.day >= self.current.newest.day:
                self._note_hurt(setback)
                newest = (*self.current.setbacks, setback)
                self.current = replace(self.current, setbacks=newest)

    def _open(self, setback: Setback, place: int) -> None:
        self._note_hurt(setback)
        self.current = self._return(setback)
        if self.current is None:
            return
        if setback.day < self.weeks.start[place]:
            self._limit_week(place)
        elif limit := self.current.own_week():
            self.returns.weeks.setdefault(place, limit)

    def _note_hurt(self, setback: Setback) -> None:
        if setback.hurt >= 0:
            self.returns.hurt.add(setback.hurt)

    def _return(self, setback: Setback) -> Return | None:
        """Return what a setback opens; None where nothing is known to go back to."""
        story, day = self.story, setback.day
        before = range(story.first_since(day - _WINDOW_DAYS), setback.after)
        usable = [i for i in before if i not in self.returns.hurt and not story.planned[i]]
        old = max((float(story.km[i]) for i in usable), default=0.0)
        if not old > 0 and setback.hurt >= 0:
            old = float(story.km[setback.hurt]) / 2
        if not old > 0:
            return None
        # The reference is that of the setback's own week, which may lie before this one.
        week_row = int(np.searchsorted(self.weeks.start, day, side="right")) - 1
        lately = story.km[story.first_since(day - _MEAN_DAYS + 1) : setback.after]
        mean = float(lately[lately > 0].mean()) if (lately > 0).any() else math.nan
        old_week = float(self.weeks.reference_km[week_row]) if week_row >= 0 else math.nan
        return Return(story, self.weeks, self.settings, (setback,), old, old_week, mean)
