"""The week's load in words, its runs, and what was done besides running."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from kneeload import words
from kneeload.model import RUNNING_SPORTS
from kneeload.reports.report import Line, RunRow, WeekRow
from kneeload.rules.distance import longest_before

if TYPE_CHECKING:
    from kneeload.reports.scope import Scope

_MEAN_WEEKS = 4
_SHOWN_KM = 0.05
_SURFACES = {
    "running": "road",
    "trail_running": "trails",
    "track_running": "the track",
    "treadmill_running": "the treadmill",
    "virtual_running": "the treadmill",
}
_SPORT_WORDS = {"cycling": "bike", "swimming": "swim", "hiking": "hike", "walking": "walk"}


def load_line(scope: Scope) -> Line:
    """Return kilometres, runs, the four-week mean, and the longest run against the window's."""
    parts = [_volume(scope), _longest(scope), _cutback(scope)]
    text = " ".join(words.sentence(part) for part in parts if part)
    return Line(kind="load", label="Load", text=text)


def week_km(scope: Scope) -> float:
    """Return the week's distance [km]; a week the frame does not reach has none."""
    return 0.0 if scope.week is None else float(scope.week["distance_km"])


def _volume(scope: Scope) -> str:
    runs = len(scope.within(scope.runs))
    if not runs:
        return f"no runs{scope.so_far}{_mean(scope)}"
    km = words.distance(week_km(scope), scope.units)
    return f"{km} in {words.count(runs, 'run')}{scope.so_far}{_mean(scope)}"


def _mean(scope: Scope) -> str:
    before = scope.weeks[scope.weeks["week"] != scope.label].tail(_MEAN_WEEKS)["distance_km"]
    if before.empty:
        return "; the log’s first week, so there is none to set it beside"
    mean = words.distance(before.mean(), scope.units)
    if len(before) == 1:
        return f"; the week before held {mean}"
    return f"; the {words.number_name(len(before))} weeks before held {mean} on average"


def _longest(scope: Scope) -> str:
    window = scope.settings.threshold("long_run_spike.window_days")
    before = longest_before(scope.runs, window)
    runs = scope.within(scope.runs.assign(before=before)).dropna(subset=["distance_km"])
    if runs.empty:
        return ""
    run = runs.nlargest(1, "distance_km").iloc[0]
    longest = f"longest run {words.distance(run['distance_km'], scope.units)}"
    if not words.known(run["before"]):
        return f"{longest}, the first in {window:.0f} days"
    before_it = words.distance(run["before"], scope.units)
    return f"{longest}; the longest of the {window:.0f} days before it {before_it}"


def _cutback(scope: Scope) -> str:
    if scope.week is None:
        return ""
    if scope.week["provisional_cutback"]:
        return "a cutback week so far; it counts once the week is over"
    return "a cutback week" if scope.week["cutback"] else ""


def run_rows(scope: Scope) -> tuple[RunRow, ...]:
    """Return the week's runs in order, suspect ones marked."""
    runs = scope.within(scope.analysis.runs).sort_values("started_at", kind="stable")
    return tuple(_row(row) for row in runs.to_dict("records"))


def _row(run: dict[Any, Any]) -> RunRow:
    return RunRow(
        date=run["local_date"].date(),
        distance_km=words.optional(run["distance_km"]),
        moving_s=words.optional(run["moving_s"]),
        avg_hr_bpm=words.optional(run["avg_hr_bpm"]),
        descent_m=words.optional(run["descent_m"]),
        rpe=words.optional(run["rpe"]),
        knee_load_km=words.optional(run["knee_load"]),
        remark="; ".join(filter(None, [run["name"], _left_out(run)])),
        suspect=bool(run["suspect"]),
    )


def _left_out(run: dict[Any, Any]) -> str:
    return f"left out of the sums: {run['suspect_reason'] or 'suspect'}" if run["suspect"] else ""


def week_rows(scope: Scope, weeks: int) -> tuple[WeekRow, ...]:
    """Return the last weeks as a table, the newest first."""
    ratio = 1 + scope.settings.threshold("ten_percent.note_pct") / 100
    rows = scope.weeks.tail(weeks).iloc[::-1].to_dict("records")
    return tuple(_week_row(row, ratio) for row in rows)


def _week_row(week: dict[Any, Any], ratio: float) -> WeekRow:
    return WeekRow(
        start=week["week_start"].date(),
        complete=bool(week["complete"]),
        runs=int(week["runs"]),
        distance_km=float(week["distance_km"]),
        ceiling_km=words.optional(ratio * week["reference_km"]),
        longest_run_km=words.optional(week["longest_run_km"]),
        cutback=bool(week["cutback"]),
        pain_max=words.optional(week["pain_max"]),
        pain_scores=int(week["pain_scores"]),
    )


def besides(scope: Scope) -> str:
    """Return strength and other sports of the week in one line, empty where there were none."""
    week = scope.within(scope.analysis.activities)
    other = week[~week["sport"].isin(RUNNING_SPORTS) & ~week["suspect"]]
    sessions = len(other[other["sport"] == "strength"]) + _noted_strength(scope)
    strength = [f"strength {words.how_often(sessions)}"] if sessions else []
    hours = other[other["sport"] != "strength"].groupby("sport")["moving_s"].sum() / 3600
    sports = [f"{_sport(str(name))} {words.hours(float(h))}" for name, h in hours.items()]
    return ", ".join(strength + sports)


def facts(scope: Scope) -> str:
    """Return what was measured beside the knee's model: steps, fast kilometres, cadence."""
    runs = scope.within(scope.runs)
    if not {"steps", "fast_km", "usual_cadence_spm"} <= set(runs.columns):
        return ""
    measured = [
        f"{words.number(runs['steps'].sum())} steps" if runs["steps"].gt(0).any() else "",
        f"{words.distance(runs['fast_km'].sum(), scope.units)} fast"
        if runs["fast_km"].sum() >= _SHOWN_KM
        else "",
        *(
            f"{words.count(n, 'run')} on {_SURFACES[str(name)]}"
            for name, n in runs["sport"].value_counts().items()
        ),
    ]
    told = words.listed(part for part in measured if part)
    return " ".join(
        part for part in (f"The week had {told}." if told else "", _cadence(runs)) if part
    )


def _cadence(runs: pd.DataFrame) -> str:
    own = float(runs["usual_cadence_spm"].median())
    if not words.known(own):
        return ""
    return (
        f"Your own cadence at usual pace is {own:.0f} steps a minute; 5 and 10 % more would be "
        f"{1.05 * own:.0f} and {1.10 * own:.0f}. That lowers knee load in the laboratory; its "
        "effect on injury is unproven."
    )


def _sport(name: str) -> str:
    return _SPORT_WORDS.get(name, words.names(name))


def _noted_strength(scope: Scope) -> int:
    diary = scope.within(scope.analysis.diary)
    return int((diary["kind"] == "strength").sum())


def data_notes(scope: Scope) -> tuple[str, ...]:
    """Return what is missing, estimated or left out in the week's numbers, one sentence each."""
    runs, counted = scope.within(scope.analysis.runs), scope.within(scope.runs)
    notes = [
        _share(counted["avg_hr_bpm"].isna(), "without heart rate"),
        _share(counted["load_method"].str.startswith("~"), "with an estimated load"),
        _share(counted["sport_inferred"], "whose file names no sport; taken as running by speed"),
        _share(~counted["clock_known"], "without a clock time; noon stands in"),
        *(f"{words.weekday(row.date)}: {row.remark}" for row in run_rows(scope) if row.suspect),
    ]
    return tuple(words.sentence(note) for note in notes if note and not runs.empty)


def _share(which: pd.Series, what: str) -> str:
    n = int(which.sum())
    return f"{n} of {words.count(len(which), 'run')} {what}" if n else ""


def age(scope: Scope) -> str:
    """Return how old the week is where it lies back, else an empty text."""
    given = scope.analysis
    weeks = (given.today - scope.last).days // 7
    if weeks < 1:
        return ""
    end = pd.Timestamp(scope.last)
    later = any((frame["local_date"] > end).any() for frame in (given.activities, given.pain))
    since = "" if later else "; no run or score since"
    day = words.day_and_year(given.today)
    return f"As of {day} this week ended {words.count(weeks, 'week')} ago{since}."
