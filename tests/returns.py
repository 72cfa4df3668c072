"""Runners who fill every limit after pain, for the tables of the documentation."""

import datetime as dt
from collections.abc import Callable

import pandas as pd

from kneeload import frames
from kneeload.planning import Plan, plan
from kneeload.weeks import weekly

Scores = list[tuple[str, int, int]]
"""Moment, days after the run, and score."""

HURT = dt.date(2026, 3, 2)  # a Monday
USUAL = (11.0, 13.0, 16.0)
RUN_DAYS = (0, 2, 5)
GREEN: Scores = [("before", 0, 0), ("during", 0, 0), ("next_morning", 1, 0)]
RED: Scores = [("before", 0, 0), ("during", 0, 2), ("next_morning", 1, 4), ("rest", 5, 0)]
DAY = dt.timedelta(days=1)


class Runner:
    """Ten weeks of 40 km in three scored runs of up to 16 km, then the day that hurt."""

    def __init__(self, hurt_km: float, scores: Scores, *, injured: bool = False) -> None:
        self.runs: list[tuple[dt.date, float]] = []
        self.pain: list[tuple[dt.date, str, int]] = []
        for week in range(10, 0, -1):
            for weekday, km in zip(RUN_DAYS, USUAL, strict=True):
                self.run(HURT + (weekday - 7 * week) * DAY, km, GREEN)
        self.run(HURT, hurt_km, scores)
        self.injured = injured

    def run(self, day: dt.date, km: float, scores: Scores) -> None:
        """Write down a run and its scores."""
        self.runs.append((day, km))
        self.pain += [(day + after * DAY, moment, score) for moment, after, score in scores]

    def plan(self, today: dt.date, run_km: float | None = None) -> Plan:
        """Return the plan of a day, on which nothing later is known."""
        runs = frames.conform(
            pd.DataFrame(
                {
                    "run_id": [f"r{n}" for n in range(len(self.runs))],
                    "local_date": [day for day, _ in self.runs],
                    "distance_km": [km for _, km in self.runs],
                    "sport": "running",
                }
            ),
            frames.RUNS,
        )
        known = [entry for entry in self.pain if entry[0] <= today]
        pain = pd.DataFrame(known, columns=["local_date", "moment", "score"]).assign(knee="left")
        entries = [{"kind": "injury", "local_date": pd.Timestamp(HURT)}] if self.injured else []
        diary = pd.DataFrame(entries, columns=["kind", "local_date"])
        scores, notes = frames.conform(pain, frames.PAIN), frames.conform(diary, frames.DIARY)
        weeks = weekly(runs, scores, today=today)
        return plan(weeks, runs, scores, notes, today=today, run_km=run_km)


def table(runner: Runner, weeks: int, scores: Callable[[int], Scores]) -> list[list[str]]:
    """Return what each run was kept to, week by week, by a runner who fills every limit."""
    found, count = [], 0
    for week in range(1, weeks + 1):
        row = []
        for weekday in RUN_DAYS:
            day = HURT + (7 * week + weekday) * DAY
            km = runner.plan(day).next_run_km
            row.append("-" if km is None else f"{km:g}" if km else "0")
            if km:
                runner.run(day, km, scores(count))
                count += 1
        found.append(row)
    return found


AMBER_MORNING: Scores = [("before", 0, 1), ("during", 0, 3), ("next_morning", 1, 1)]
STORIES: dict[str, Callable[[], list[list[str]]]] = {
    "a niggle": lambda: table(
        Runner(13, [("before", 0, 0), ("during", 0, 0), ("next_morning", 1, 2), ("rest", 5, 0)]),
        3,
        lambda _: GREEN,
    ),
    "red, then quiet": lambda: table(Runner(20, RED), 6, lambda _: GREEN),
    "amber on every run": lambda: table(
        Runner(13, [("before", 0, 1), ("during", 0, 3), ("next_morning", 1, 2)]),
        5,
        lambda _: AMBER_MORNING,
    ),
    "one score a week": lambda: table(Runner(20, RED), 9, lambda run: [] if run % 3 else GREEN),
    "an injury without scores": lambda: table(Runner(20, [], injured=True), 9, lambda _: []),
    "two relapses": lambda: table(
        Runner(20, RED), 13, lambda run: RED if run in {7, 15} else GREEN
    ),
    "a settled 3 in a return": lambda: table(
        Runner(20, RED),
        5,
        lambda run: (
            [("before", 0, 0), ("during", 0, 3), ("next_morning", 1, 0)] if run == 8 else GREEN
        ),
    ),
}
