"""Random diaries for properties: runs, scores, an injury, own limits, units and week starts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import pandas as pd

from kneeload.frames import DIARY, PAIN, RUNS, conform
from kneeload.planning import Plan, plan
from kneeload.settings import Settings
from kneeload.weeks import weekly

FIRST = dt.date(2026, 1, 5)
Score = tuple[int, str, int]
"""Day since the first, moment, score."""


@dataclass(frozen=True)
class Book:
    """One runner's diary: runs by day since the first [km], scores, and the day it is read on."""

    runs: tuple[tuple[int, float | None], ...]
    scores: tuple[Score, ...]
    injured: tuple[int, ...]
    today: int
    settings: Settings

    def plan(self, run_km: float | None = None) -> Plan:
        """Return the plan of the day."""
        runs, pain, diary = self.frames
        today = _date(self.today).date()
        weeks = weekly(runs, pain, settings=self.settings, today=today)
        also = {"settings": self.settings, "today": today, "run_km": run_km}
        return plan(weeks, runs, pain, diary, **also)  # type: ignore[arg-type]

    @property
    def frames(self) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
        """Return the runs, the scores and the diary."""
        runs = pd.DataFrame(
            [(f"r{n}", _date(day), km, "running") for n, (day, km) in enumerate(self.runs)],
            columns=["run_id", "local_date", "distance_km", "sport"],
        )
        pain = pd.DataFrame(
            [(_date(day), moment, score, "left") for day, moment, score in self.scores],
            columns=["local_date", "moment", "score", "knee"],
        )
        diary = pd.DataFrame(
            [("injury", _date(day)) for day in self.injured], columns=["kind", "local_date"]
        )
        return conform(runs, RUNS), conform(pain, PAIN), conform(diary, DIARY)

    @property
    def last_scores(self) -> list[int]:
        """Return the places of the scores during, after or the morning after the last run."""
        last = self.runs[-1][0]
        return [
            place
            for place, (day, moment, score) in enumerate(self.scores)
            if score > 0
            and (
                (moment in {"during", "after"} and day == last)
                or (moment == "next_morning" and day == last + 1)
            )
        ]

    def lowered(self, place: int, score: int) -> Book:
        """Return the diary with one score replaced."""
        day, moment, _ = self.scores[place]
        scores = (*self.scores[:place], (day, moment, score), *self.scores[place + 1 :])
        return replace(self, scores=scores)


def _date(day: int) -> pd.Timestamp:
    return pd.Timestamp(FIRST + dt.timedelta(days=day))
