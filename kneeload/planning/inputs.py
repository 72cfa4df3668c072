"""What a plan looks at: the log up to a day, the state of the knees, and a limit with reasons."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kneeload import formatting, frames
from kneeload.calendar import date_of, day_number, day_numbers, first_day_of
from kneeload.frames import PLANNED
from kneeload.rules.findings import days_in_words
from kneeload.rules.limits import Limits, after_pain
from kneeload.rules.own_limits import OwnLimits, in_force
from kneeload.rules.setbacks import story

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kneeload.arrays import Bools, Ints
    from kneeload.rules.setbacks import Story
    from kneeload.settings import Settings

MEAN_DAYS = 28
_RUN = {
    name: frames.RUNS[name]
    for name in ("run_id", "started_at", "local_date", "distance_km", "moving_s")
}
_WEEK = 7


@dataclass(frozen=True, kw_only=True, eq=False)
class PlanInputs:
    """What the plan looks at, all of it up to `today`."""

    weeks: pd.DataFrame
    runs: pd.DataFrame
    pain: pd.DataFrame
    diary: pd.DataFrame
    zones: pd.DataFrame
    signs: pd.DataFrame
    settings: Settings
    today: dt.date
    which: str = "this week"

    @property
    def bare_runs(self) -> pd.DataFrame:
        """Return what limits look at of the runs."""
        return self.runs[[name for name in _RUN if name in self.runs]]

    @cached_property
    def runs_with_today(self) -> pd.DataFrame:
        """Return `bare_runs` and a run of no length on `today`."""
        return with_run(self.bare_runs, self.today, 0)

    @cached_property
    def _limits(self) -> Limits:
        pained = after_pain(self.story, self.weeks, self.settings)
        return Limits(pained, self.weeks, self.runs_with_today, self.diary, self.settings)

    @property
    def run_limit(self) -> pd.Series:
        """Return the row of `run_limits` of a run on `today`."""
        return self._limits.of_runs.iloc[-1]

    @property
    def week_limits(self) -> pd.DataFrame:
        """Return `week_limits`, today's last."""
        return self._limits.of_weeks

    @cached_property
    def story(self) -> Story:
        """Return what happened to the knee."""
        return story(self.runs_with_today, self.zones, self.pain, self.diary, self.settings)

    @cached_property
    def own_limits(self) -> OwnLimits | None:
        """Return a professional's limits in force."""
        return in_force(self.diary, self.today)

    def format_km(self, km: float) -> str:
        """Return a distance [km] in the runner's units."""
        return formatting.distance(km, self.settings.units)

    def down(self, km: float) -> float:
        """Return a distance [km] rounded down as it is read."""
        return formatting.shown_down(km, self.settings.units)

    @property
    def first_day(self) -> dt.date:
        """Return the first day of the week that holds `today`."""
        return first_day_of(self.today, self.settings.week_start)

    @property
    def day_number(self) -> int:
        """Return `today` as days since 1970."""
        return day_number(self.today)

    @property
    def so_far_km(self) -> float:
        """Return what is run of that week [km], rounded up as it is read."""
        km = float(np.nan_to_num(self.weeks["distance_km"].iloc[-1]))
        return formatting.shown_up(km, self.settings.units)

    @property
    def reference_km(self) -> float:
        """Return its reference week [km] as it is read, NaN where it has none to compare with."""
        km = float(self.weeks["reference_km"].iloc[-1])
        enough = km >= self.settings.threshold("ten_percent.min_base_km")
        return self.down(km) if enough else np.nan

    @property
    def mean_km(self) -> float:
        """Return the mean of the four weeks before it [km], NaN where the log is younger."""
        before = self.weeks["distance_km"].iloc[:-1].tail(4).fillna(0)
        return self.down(float(before.mean())) if len(before) > 1 else np.nan

    def recent(self, frame: pd.DataFrame, days: int) -> Bools:
        """Return which rows are of the last `days` days, today's included."""
        return frame["local_date"].to_numpy() > np.datetime64(self.today - dt.timedelta(days=days))

    def number(self, name: str) -> float:
        """Return a threshold of the plan."""
        return self.settings.threshold(f"plan.{name}")


@dataclass(frozen=True)
class Limit:
    """How much [km], or None; what it rests on in sentences; and who or what set it.

    `set_by` is ``usual``, ``return``, ``cutback``, ``pain``, ``silence``, ``week`` or ``own`` (a
    professional); empty without a number.
    """

    km: float | None
    reasons: tuple[str, ...]
    set_by: str = ""

    def capped(self, km: float, reason: str, set_by: str) -> Limit:
        """Return the limit lowered to `km` where that is less; what sets it is said first."""
        if self.km is None or not km < self.km:
            return self
        return Limit(km, (reason, *self.reasons), set_by)


@dataclass(frozen=True)
class Amber:
    """An amber spell of one knee: its newest row of the zones, its first day, and the mean run."""

    row: Any
    day: str
    since: dt.date
    mean_km: float


@dataclass(frozen=True)
class State:
    """What is known of the knees: those in an amber spell, and whether nothing was said."""

    amber: tuple[Amber, ...]
    no_recent_scores: bool


def state_of(inputs: PlanInputs) -> State:
    """Return the amber spells that last, and whether the diary was silent.

    A spell ends with a green run, or with 28 days without amber.
    """
    days, weeks = int(inputs.number("silent_days")), int(inputs.number("silent_weeks"))
    ran, scored = (inputs.recent(frame, days).any() for frame in (inputs.runs, inputs.pain))
    scores = inputs.recent(inputs.pain, _WEEK * weeks).any()
    knee = inputs.zones["knee"].to_numpy(dtype=object)
    of_knees = (np.flatnonzero(knee == name) for name in sorted(set(knee)))
    spells = [spell for rows in of_knees if (spell := _spell(inputs, rows)) is not None]
    return State(amber=tuple(spells), no_recent_scores=bool(ran and scores and not scored))


def _spell(inputs: PlanInputs, rows: Ints) -> Amber | None:
    """Return the amber spell of one knee, whose zones are in `rows`; None where it has ended."""
    zone, run_id = (inputs.zones[name].to_numpy(dtype=object)[rows] for name in ("zone", "run_id"))
    ended = int(np.max(np.flatnonzero((zone == "green") & (run_id != "")), initial=-1))
    amber = rows[ended + 1 :][zone[ended + 1 :] == "amber"]
    days = day_numbers(inputs.zones["local_date"])[amber]
    most = inputs.number("amber_days")
    if not len(amber) or inputs.day_number - days[-1] >= most:
        return None
    apart = np.flatnonzero(np.diff(days) >= most) + 1
    first = int(days[np.max(apart, initial=0)])
    ran = day_numbers(inputs.runs["local_date"])
    inside = (ran <= first) & (ran > first - MEAN_DAYS)
    last = inputs.zones.iloc[amber[-1:]]
    return Amber(
        row=next(last.itertuples()),
        day=days_in_words(last["local_date"], inputs.today)[0],
        since=date_of(first),
        mean_km=inputs.down(float(inputs.runs.loc[inside, "distance_km"].mean())),
    )


def with_days(rows: pd.DataFrame, today: dt.date) -> Iterator[tuple[Any, str]]:
    """Return rows with their day in words."""
    return zip(rows.itertuples(), days_in_words(rows["local_date"], today), strict=True)


def with_run(runs: pd.DataFrame, date: dt.date, distance_km: float) -> pd.DataFrame:
    """Return counted `runs` and one of `distance_km` [km] on `date`, after all the others."""
    noon = pd.Timestamp(date, tz="UTC") + pd.Timedelta(hours=12)
    start = max(noon, runs["started_at"].max() + pd.Timedelta(minutes=1))
    run = {"run_id": PLANNED, "started_at": start, "local_date": date, "distance_km": distance_km}
    if "sport" in runs:
        run["sport"] = "running"  # else it would not count as a run
    return pd.concat([runs, frames.conform(pd.DataFrame([run]), _RUN)], ignore_index=True)
