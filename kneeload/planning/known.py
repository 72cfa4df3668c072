"""What a plan looks at: the log up to a day, the state of the knees, and a ceiling with reasons."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kneeload import frames, words
from kneeload.rules.pain import worst_of_days
from kneeload.rules.wording import days_in_words
from kneeload.weeks import EPS, first_day_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kneeload.settings import Settings
    from kneeload.weeks import Bools

PLANNED = "planned"
FRESH_DAYS = 7
RECENT_DAYS = 28
AMBER_SHARE = 0.8
_RUN = {name: frames.RUNS[name] for name in ("run_id", "started_at", "local_date", "distance_km")}
SILENT = (
    "No pain score for a week of running: nothing is known about the knee, so no increase. A score "
    "after the next run changes that."
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Known:
    """What the plan looks at, all of it up to `today`."""

    weeks: pd.DataFrame
    runs: pd.DataFrame
    pain: pd.DataFrame
    zones: pd.DataFrame
    signs: pd.DataFrame
    settings: Settings
    today: dt.date
    which: str = "this week"

    @cached_property
    def marked(self) -> pd.DataFrame:
        """Return what ceilings look at of the runs, and a run of no length on `today`."""
        return with_run(self.runs[list(_RUN)], self.today, 0)

    def told(self, km: float) -> str:
        """Return a distance [km] in the runner's units."""
        return words.distance(km, self.settings.units)

    @property
    def first_day(self) -> dt.date:
        """Return the first day of the week that holds `today`."""
        return first_day_of(self.today, self.settings.week_start)

    @property
    def so_far_km(self) -> float:
        """Return what is run of that week [km]."""
        return float(self.weeks["distance_km"].iloc[-1])

    @property
    def reference_km(self) -> float:
        """Return its reference week [km], NaN where it has none."""
        return float(self.weeks["reference_km"].iloc[-1])

    def recent(self, frame: pd.DataFrame, days: int) -> Bools:
        """Return which rows are of the last `days` days, today's included."""
        return frame["local_date"].to_numpy() > np.datetime64(self.today - dt.timedelta(days=days))

    def recent_km(self, days: int) -> pd.Series:
        """Return the distances of the runs of the last `days` days [km]."""
        return self.runs["distance_km"][self.recent(self.runs, days)]


@dataclass(frozen=True)
class Ceiling:
    """A number [km], or none, and why; `plain` where it is the weekly guideline's alone."""

    km: float | None
    reasons: tuple[str, ...]
    plain: bool = False

    def capped(self, km: float, reason: str) -> Ceiling:
        """Return the ceiling lowered to `km` where that is less; what sets it is said first."""
        if self.km is None:
            return self
        if km < self.km:
            return Ceiling(km, (reason, *self.reasons))
        return Ceiling(self.km, (*self.reasons, reason), self.plain)


@dataclass(frozen=True)
class State:
    """What is known of the knees: the last judged zone of each, and whether nothing was said."""

    knees: pd.DataFrame
    silent: bool
    today: dt.date

    @property
    def amber(self) -> pd.DataFrame:
        """Return the knees whose last judged zone is amber."""
        return self.knees.loc[self.knees["zone"] == "amber"]


def state_of(known: Known) -> State:
    """Return the last judged zone of each knee in four weeks, and whether it was silent."""
    zones = worst_of_days(known.zones)
    judged = known.recent(zones, RECENT_DAYS) & (zones["zone"] != "unknown")
    ran, scored = (known.recent(frame, FRESH_DAYS).any() for frame in (known.runs, known.pain))
    return State(
        knees=zones.loc[judged].drop_duplicates("knee", keep="last"),
        silent=bool(ran and not scored),
        today=known.today,
    )


def with_days(rows: pd.DataFrame, today: dt.date) -> Iterator[tuple[Any, str]]:
    """Return rows with their day in words."""
    return zip(rows.itertuples(), days_in_words(rows["local_date"], today), strict=True)


def with_run(runs: pd.DataFrame, date: dt.date, distance_km: float) -> pd.DataFrame:
    """Return counted `runs` and one of `distance_km` [km] on `date`, after all the others."""
    noon = pd.Timestamp(date, tz="UTC") + pd.Timedelta(hours=12)
    start = max(noon, runs["started_at"].max() + pd.Timedelta(minutes=1))
    run = {"run_id": PLANNED, "started_at": start, "local_date": date, "distance_km": distance_km}
    return pd.concat([runs, frames.conform(pd.DataFrame([run]), _RUN)], ignore_index=True)


def least(*values: float | None) -> float | None:
    """Return the smallest of the values that are known."""
    known = [value for value in values if value is not None and math.isfinite(value)]
    return min(known) if known else None


def floored(km: float) -> float:
    """Round down to 0.01 km, so that the number itself raises nothing."""
    return math.floor(km * 100 + EPS * 10) / 100
