"""Random diaries for properties: runs, scores, an injury, own limits, units and week starts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd
from hypothesis import strategies as st

from kneeload.frames import DIARY, PAIN, RUNS, conform
from kneeload.planning import Plan, plan
from kneeload.settings import Settings
from kneeload.weeks import weekly

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn

FIRST = dt.date(2026, 1, 5)
MOMENTS = ("before", "during", "after", "next_morning", "rest")
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


@st.composite
def books(draw: DrawFn) -> Book:
    """Draw a diary: up to nine steady weeks, then runs of any length with any scores."""
    usual = draw(st.integers(4, 14))
    steady = [7 * week + day for week in range(draw(st.integers(0, 9))) for day in (0, 2, 5)]
    runs: list[tuple[int, float | None]] = [(day, usual + day % 7 / 2) for day in steady]
    scored = draw(st.booleans())
    scores: list[Score] = [(day, m, 0) for day in steady * scored for m in ("before", "during")]
    scores += [(day + 1, "next_morning", 0) for day in steady * scored]
    day = steady[-1] if steady else 0
    for gap in draw(st.lists(st.sampled_from([0, 1, 2, 2, 3, 4, 12, 20]), max_size=10)):
        day += gap
        km = draw(st.one_of(st.none(), st.integers(10, 260).map(lambda tenths: tenths / 10)))
        runs.append((day, km))
        for moment in draw(st.lists(st.sampled_from(MOMENTS), max_size=4, unique=True)):
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
