"""The week's load in words, its runs, and what was done besides running."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kneeload import formatting
from kneeload.model import RUNNING_SPORTS
from kneeload.reports.model import Line, RunRow, WeekRow
from kneeload.reports.week_view import rows
from kneeload.rules.distance import longest_before

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kneeload.reports.week_view import Row, Scope

_MEAN_WEEKS = 4
_SHOWN_KM = 0.05
_INFERRED = "came from a file that names no sport, and counted as running because of the speed"
_MEASURED = ("steps", "fast_km", "usual_cadence_spm")
_WEEK = (
    *("week_start", "complete", "runs", "distance_km", "reference_km", "longest_run_km"),
    *("cutback", "pain_max", "pain_scores", "limit_km"),
)
_SURFACES = {
    "running": "the road",
    "trail_running": "trails",
    "track_running": "the track",
    "treadmill_running": "the treadmill",
    "virtual_running": "the treadmill",
}
_SPORT_WORDS = {"cycling": "bike", "swimming": "swim", "hiking": "hike", "walking": "walk"}


def load_line(scope: Scope) -> Line:
    """Return kilometres, runs, the four-week mean, and the longest run against the window's."""
    parts = [_volume(scope), _doubtful(scope), _longest(scope), _cutback(scope)]
    text = " ".join(formatting.sentence(part) for part in parts if part)
    return Line(kind="load", label="Load", text=text)


def week_km(scope: Scope) -> float:
    """Return the week's distance [km]; a week the frame does not reach has none."""
    return scope.week["distance_km"] if scope.week else 0.0


def _volume(scope: Scope) -> str:
    if not scope.counted_runs:
        return f"no runs{scope.so_far}{_mean(scope)}"
    km = formatting.distance(week_km(scope), scope.units)
    return f"{km} in {formatting.count(len(scope.counted_runs), 'run')}{scope.so_far}{_mean(scope)}"


def _doubtful(scope: Scope) -> str:
    """Return how many runs the numbers leave out; the page's notes say why."""
    left_out = len(scope.all_runs) - len(scope.counted_runs)
    return f"{formatting.count(left_out, 'doubtful run')} left out" if left_out else ""


def _mean(scope: Scope) -> str:
    before = scope.weeks["distance_km"].iloc[: -1 if scope.week else None].tail(_MEAN_WEEKS)
    if before.empty:
        return ". This is the log’s first week, so there is nothing to compare it with"
    mean = formatting.distance(before.mean(), scope.units)
    if len(before) == 1:
        return f"; the previous week had {mean}"
    return f"; the previous {formatting.number_name(len(before))} weeks averaged {mean}"


def _longest(scope: Scope) -> str:
    window = scope.settings.threshold("long_run_spike.window_days")
    inside, km = scope.within(scope.runs), scope.runs["distance_km"].to_numpy()
    if not (inside & ~np.isnan(km)).any():
        return ""
    run = np.nanargmax(np.where(inside, km, np.nan))
    longest = f"longest run {formatting.distance(km[run], scope.units)}"
    before = longest_before(scope.runs, window)[run]
    if not formatting.is_finite(before):
        return f"{longest} (no other run in the previous {window:.0f} days)"
    before_it = formatting.distance(before, scope.units)
    return f"{longest} (longest in the previous {window:.0f} days: {before_it})"


def _cutback(scope: Scope) -> str:
    if scope.week is None:
        return ""
    if scope.week["provisional_cutback"]:
        return "a cutback week so far; it counts once the week is over"
    return "a cutback week" if scope.week["cutback"] else ""


def run_rows(scope: Scope) -> tuple[RunRow, ...]:
    """Return the week's runs in order, suspect ones marked."""
    return tuple(_row(run) for run in scope.all_runs)


def _row(run: Row) -> RunRow:
    return RunRow(
        run_id=run["run_id"],
        date=run["local_date"].date(),
        distance_km=formatting.none_if_nan(run["distance_km"]),
        moving_s=formatting.none_if_nan(run["moving_s"]),
        avg_hr_bpm=formatting.none_if_nan(run["avg_hr_bpm"]),
        descent_m=formatting.none_if_nan(run["descent_m"]),
        rpe=formatting.none_if_nan(run["rpe"]),
        knee_load_km=formatting.none_if_nan(run["knee_load"]),
        remark="; ".join(filter(None, [run["name"], _left_out(run)])),
        suspect=run["suspect"],
    )


def _left_out(run: Row) -> str:
    return f"not counted: {run['suspect_reason'] or 'suspect'}" if run["suspect"] else ""


def week_rows(scope: Scope, weeks: int) -> tuple[WeekRow, ...]:
    """Return the last weeks as a table, the newest first."""
    newest = np.arange(len(scope.weeks))[: -weeks - 1 : -1]
    return tuple(_week_row(row) for row in rows(scope.weeks, _WEEK, newest))


def _week_row(week: Row) -> WeekRow:
    return WeekRow(
        start=week["week_start"].date(),
        complete=week["complete"],
        runs=week["runs"],
        distance_km=week["distance_km"],
        limit_km=formatting.none_if_nan(week["limit_km"]),
        longest_run_km=formatting.none_if_nan(week["longest_run_km"]),
        cutback=week["cutback"],
        pain_max=formatting.none_if_nan(week["pain_max"]),
        pain_scores=week["pain_scores"],
    )


def besides(scope: Scope) -> str:
    """Return strength and other sports of the week in one line, empty where there were none."""
    done = scope.analysis.activities
    sessions = rows(done, ("sport", "moving_s", "suspect"), scope.within(done))
    other = [s for s in sessions if s["sport"] not in RUNNING_SPORTS and not s["suspect"]]
    strength = _noted_strength(scope) + sum(s["sport"] == "strength" for s in other)
    trained = [f"strength {formatting.how_often(strength)}"] if strength else []
    return ", ".join([*trained, *_other_sports(other)])


def _other_sports(sessions: list[Row]) -> Iterator[str]:
    for name in sorted({session["sport"] for session in sessions} - {"strength"}):
        others = (session["moving_s"] for session in sessions if session["sport"] == name)
        yield f"{_sport(name)} {formatting.hours(sum(filter(formatting.is_finite, others)) / 3600)}"


def facts(scope: Scope) -> str:
    """Return what was measured beside the knee's model: steps, fast kilometres, cadence."""
    if not {*_MEASURED} <= {*scope.runs}:
        return ""
    runs = rows(scope.runs, ("sport", *_MEASURED), scope.within(scope.runs))
    steps, fast_km, cadences = (
        [r[name] for r in runs if formatting.is_finite(r[name])] for name in _MEASURED
    )
    sports = Counter(run["sport"] for run in runs)
    measured = [
        f"took {formatting.number(sum(steps))} steps" if any(steps) else "",
        f"ran fast for {formatting.distance(sum(fast_km), scope.units)}"
        if sum(fast_km) >= _SHOWN_KM
        else "",
    ]
    did = formatting.join(filter(None, measured))
    runs_on = (f"{formatting.count(n, 'run')} on {_SURFACES[s]}" for s, n in sports.most_common())
    ran = f"On your {formatting.join(runs_on)}" if sports else "On your runs"
    sentences = (f"{ran} you {did}." if did else "", _cadence(cadences))
    return " ".join(filter(None, sentences))


def _cadence(cadences: list[float]) -> str:
    if not cadences:
        return ""
    spm = round(float(np.median(cadences)))
    return (
        f"At your usual pace you take {spm} steps a minute; 5 % more would be {1.05 * spm:.0f}, "
        f"and 10 % more {1.10 * spm:.0f}. In the laboratory, taking more steps a minute reduces "
        "the load on the knee. It is not proven that it reduces injuries."
    )


def _sport(name: str) -> str:
    return _SPORT_WORDS.get(name, formatting.humanise(name))


def _noted_strength(scope: Scope) -> int:
    diary = scope.analysis.diary
    return int((scope.within(diary) & (diary["kind"] == "strength").to_numpy()).sum())


def data_notes(scope: Scope) -> tuple[str, ...]:
    """Return what is missing, estimated or left out in the week's numbers, one sentence each."""
    ran = scope.counted_runs
    notes = [
        _share(
            [not formatting.is_finite(run["avg_hr_bpm"]) for run in ran], "came without heart rate"
        ),
        _share([run["load_method"].startswith("~") for run in ran], "came with an estimated load"),
        _share([run["sport_inferred"] for run in ran], _INFERRED),
        _share(
            [not run["clock_known"] for run in ran], "came without a clock time, so noon is assumed"
        ),
        *(
            f"{formatting.weekday(row.date)}: {row.remark}"
            for row in run_rows(scope)
            if row.suspect
        ),
    ]
    return tuple(formatting.sentence(note) for note in notes if note)


def _share(which: list[bool], what: str) -> str:
    n = sum(which)
    return f"{n} of {formatting.count(len(which), 'run')} {what}" if n else ""


def age(scope: Scope) -> str:
    """Return how old the week is where it lies back, else an empty text."""
    analysis = scope.analysis
    weeks = (analysis.today - scope.last).days // 7
    if weeks < 1:
        return ""
    end = pd.Timestamp(scope.last)
    later = any(frame["local_date"].max() > end for frame in (analysis.activities, analysis.pain))
    since = "" if later else "; no run or score since"
    day = formatting.day_and_year(analysis.today)
    return f"This week ended {formatting.count(weeks, 'week')} ago (as of {day}){since}."
