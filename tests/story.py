"""Hand-made frames of one invented runner, for the tests of charts and reports.

Flags and plan are written down, so that what a page must show does not depend on the rules.
"""

import datetime as dt
from dataclasses import replace
from functools import cache
from types import SimpleNamespace
from typing import Any, cast

import pandas as pd

from kneeload import frames
from kneeload.analysis import Analysis
from kneeload.diary.attribution import assign_runs
from kneeload.planning import PlanInputs
from kneeload.reports import Report, build
from kneeload.rules import derived_frames
from kneeload.settings import DEFAULTS
from kneeload.weeks import countable_runs, weekly

FIRST_MONDAY = pd.Timestamp("2025-10-06")
# Kilometres of the runs of each week; an empty tuple is a week without running.
WEEKS: tuple[tuple[float, ...], ...] = (
    (5, 6, 9), (5, 6, 10), (6, 7, 11), (4, 5, 8), (6, 7, 11), (6, 8, 12), (7, 8, 13),
    (5, 5, 9), (7, 8, 13), (6, 7, 8, 13), (7, 8, 8, 14), (), (), (4, 5, 6), (5, 6, 8),
    (6, 7, 10), (7, 7, 11), (7, 8, 12), (7, 8, 8, 13), (8, 8, 8, 14), (8, 8, 8, 19.2),
    (5, 5, 7), (5, 6, 6), (6, 8.2, 9.9),
)  # fmt: skip
TODAY = dt.date(2026, 3, 21)


def _monday(week: int) -> pd.Timestamp:
    return FIRST_MONDAY + pd.Timedelta(weeks=week)


def label(week: int) -> str:
    """Return the ISO label of the story's week."""
    return f"{_monday(week):%G-W%V}"


def _run(week: int, number: int, km: float) -> dict[str, object]:
    date = _monday(week) + pd.Timedelta(days=(1, 3, 4, 5)[number])
    minutes, with_heart = km * 5.8, number != 1 or week < 18
    return {
        "run_id": f"{week:02d}{number}",
        "started_at": date.tz_localize("UTC") + pd.Timedelta(hours=17),
        "local_date": date,
        "sport": "running",
        "distance_km": float(km),
        "moving_s": minutes * 60,
        "elapsed_s": minutes * 61,
        "descent_m": km * (6 + week % 4 * 4),
        "avg_hr_bpm": 148.0 if with_heart else None,
        "load": km * 9,
        "load_method": "banister" if with_heart else "~banister",
        "knee_load": km * (1.0 + 0.04 * (week % 3)),
        "easy_min": minutes * 0.7 if with_heart else None,
        "moderate_min": minutes * 0.2 if with_heart else None,
        "hard_min": minutes * 0.1 if with_heart else None,
        "source": f"/home/someone/activities/{week}{number}.fit",
    }


def runs() -> pd.DataFrame:
    """Return the story's runs, a copy to change."""
    return _runs().copy()


@cache
def _runs() -> pd.DataFrame:
    rows = [_run(w, n, km) for w, kms in enumerate(WEEKS) for n, km in enumerate(kms)]
    return frames.conform(pd.DataFrame(rows), frames.RUNS)


def pain() -> pd.DataFrame:
    """Return scores of the left knee from the too-long run on, one of the right before it."""
    return _pain().copy()


@cache
def _pain() -> pd.DataFrame:
    rows = [
        _score(18, 5, "right", "after", 1),
        _score(20, 5, "left", "before", 1),
        _score(20, 5, "left", "during", 4, onset_km=14.0),
        _score(20, 6, "left", "next_morning", 3),
        _score(21, 1, "left", "during", 4, onset_km=3.1),
        _score(21, 2, "left", "next_morning", 2),
        _score(22, 1, "left", "during", 2),
        _score(22, 5, "left", "during", 2, onset_km=5.5),
        _score(22, 6, "left", "next_morning", 1),
        _score(23, 1, "left", "before", 1),
        _score(23, 1, "left", "during", 2),
        _score(23, 2, "left", "next_morning", 1),
        _score(23, 3, "left", "before", 1),
        _score(23, 3, "left", "during", 4, onset_km=6.2, note="stairs <script>alert(1)</script>"),
        _score(23, 4, "left", "next_morning", 2),
    ]
    return assign_runs(pd.DataFrame(rows), _runs())


def _score(
    week: int, weekday: int, knee: str, moment: str, score: int, **more: object
) -> dict[str, object]:
    date = _monday(week) + pd.Timedelta(days=weekday)
    return {
        "pain_id": f"p{week}{weekday}{moment}", "local_date": date, "knee": knee, "site": "front",
        "moment": moment, "score": score, "origin": "entered", **more,
    }  # fmt: skip


def weeks() -> pd.DataFrame:
    """Return the weekly frame on the story's last day."""
    return _weeks().copy()


@cache
def _weeks() -> pd.DataFrame:
    return weekly(runs(), pain(), today=TODAY)


def flag(
    rule: str, week: int, severity: str, message: str, *, episode: int = 1, **more: object
) -> dict[str, object]:
    """Return one row of the flags frame."""
    return {
        "flag_id": f"{label(week)}-{rule}", "rule": rule, "week": label(week), "severity": severity,
        "date": _monday(week) + pd.Timedelta(days=6), "message": message, "episode": episode,
        "evidence": "cohort", "acknowledged": False, "value": 1.4, "limit": 1.1, "unit": "ratio",
        **more,
    }  # fmt: skip


def flags() -> pd.DataFrame:
    """Return the story's flags: the running week has three, two of the knee or its return."""
    rise = "The week held {} km, {} % over its reference week of {} km."
    rows = [
        flag("ten_percent", 5, "note", rise.format(26, 15, 24)),
        flag("ten_percent", 9, "note", rise.format(34, 21, 28), episode=2),
        flag("ten_percent", 14, "warn", rise.format(19, 27, 15), episode=3),
        flag("cutback_missing", 18, "note", "5 weeks in a row without a cutback."),
        flag("cutback_missing", 19, "warn", "6 weeks in a row without a cutback, and building."),
        flag("cutback_missing", 20, "warn", "7 weeks in a row without a cutback, and building."),
        flag("long_run_spike", 2, "warn", "The run of 11.0 km was 110 % of the 30-day longest."),
        flag("long_run_spike", 20, "warn", "The run of 19.2 km was 137 % of the 30-day longest.",
             episode=2),
        flag("pain_zone", 20, "warn", "Left knee: 4/10 during.",
             flag_id="pain_zone-2026-02-28-left"),
        flag("ten_percent", 23, "warn", rise.format(24.1, 42, 17), episode=4),
        flag("pain_zone", 23, "warn", "Left knee: worst 4/10 during, 2 next morning.",
             flag_id="pain_zone-2026-03-19-left", episode=2, date=pd.Timestamp("2026-03-19")),
    ]  # fmt: skip
    return frames.conform(pd.DataFrame(rows), frames.FLAGS)


def diary() -> pd.DataFrame:
    """Return two things tried and a strength session."""
    rows = [
        {"kind": "tried", "local_date": _monday(21), "subject": "taping"},
        {"kind": "shoe", "local_date": _monday(16), "subject": "Grey pair"},
        {"kind": "strength", "local_date": _monday(23), "value": 30.0},
    ]
    return frames.conform(pd.DataFrame(rows), frames.DIARY)


def plan(**changes: Any) -> Any:
    """Return a plan as `kneeload.planning` gives it."""
    values: dict[str, Any] = {
        "next_run_km": 6.2,
        "this_week_km": 18.7,
        "next_week_km": 19.3,
        "reasons": (
            "Keep your next run to 6.2 km.",
            "Amber: less distance, speed or downhill until it is at most 2 and settles overnight.",
            "Pain began at 6.2 km on 19 March; stay below it.",
        ),
        "would_flag": (),
        "next_run_set_by": "pain",
        "this_week_set_by": "usual",
        "next_week_set_by": "usual",
    }
    return SimpleNamespace(**(values | changes))


def activities() -> pd.DataFrame:
    """Return the runs and a ride of the running week."""
    ride = runs().tail(1).assign(run_id="ride", sport="cycling", moving_s=5400.0, distance_km=38.0)
    return pd.concat([runs(), ride], ignore_index=True)


def analysis(**changes: Any) -> Analysis:
    """Return the whole story on its last day, with what the test changes."""
    told = Analysis(
        activities=activities(), runs=runs(), pain=pain(), diary=diary(), weeks=weeks(),
        zones=pd.DataFrame(), signs=pd.DataFrame(), run_limits=pd.DataFrame(),
        week_limits=pd.DataFrame(), flags=flags(), plan=cast("Any", plan()),
        plan_inputs=cast("Any", None),
        settings=DEFAULTS, today=TODAY,
    )  # fmt: skip
    changed = replace(told, **changes)
    own = countable_runs(changed.runs)
    found = derived_frames(
        changed.weeks, own, changed.pain, changed.diary, settings=changed.settings
    )
    known = {"pain": found["pain"], "zones": found["zones"], "signs": found["signs"]}
    inputs = PlanInputs(
        weeks=changed.weeks, runs=countable_runs(changed.runs, also=frames.RUNS),
        diary=changed.diary, settings=changed.settings, today=changed.today, **known,
    )  # fmt: skip
    return replace(changed, **found, plan_inputs=inputs)


def as_of(today: str, **changes: Any) -> dict[str, Any]:
    """Return what changes where the story is told on an earlier day."""
    date, day = pd.Timestamp(today), dt.date.fromisoformat(today)
    own, scores, fired = runs(), pain(), flags()
    own, scores = own[own["local_date"] <= date], scores[scores["local_date"] <= date]
    return {
        "today": day,
        "runs": own,
        "activities": own,
        "pain": scores,
        "flags": fired[fired["date"] <= date],
        "weeks": weekly(own, scores, today=day),
    } | changes


def report(week: str | None = None, **changes: Any) -> Report:
    """Return the report of a week of the story, the newest by default, without its charts."""
    return build(analysis(**changes), week, drawings=False)
