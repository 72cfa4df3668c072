"""Visit against visit, and how well limits were kept: counts for a professional."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kneeload import formatting
from kneeload.calendar import EPS
from kneeload.rules.own_limits import in_force, own_run_km, own_week_km
from kneeload.weeks import countable_runs

if TYPE_CHECKING:
    import datetime as dt

    from kneeload.arrays import Bools, Floats
    from kneeload.formatting import Units
    from kneeload.reports.week_view import Scope
    from kneeload.rules.own_limits import OwnLimits


@dataclass(frozen=True, kw_only=True)
class VisitRow:
    """One quantity before the last visit and since it, in words."""

    name: str
    before: str
    since: str


@dataclass(frozen=True, kw_only=True)
class KeptRow:
    """Limits, whose they are and how many runs and complete weeks stayed within them."""

    whose: str
    text: str
    kept: str


def visit_rows(week: Scope, since: dt.date) -> tuple[VisitRow, ...]:
    """Return what changed since a visit, beside as many days before it.

    Parameters
    ----------
    since
        The day of the visit; it counts as since.
    """
    days = (week.today - since).days + 1
    middle, end = pd.Timestamp(since), pd.Timestamp(week.today)
    spans = ((middle - pd.Timedelta(days=days), middle - pd.Timedelta(days=1)), (middle, end))
    before, after = (_period(week, first, last) for first, last in spans)
    return tuple(VisitRow(name=name, before=before[name], since=after[name]) for name in after)


def _period(week: Scope, first: pd.Timestamp, last: pd.Timestamp) -> dict[str, str]:
    """Return the quantities of the days from `first` to `last`, in words."""
    runs, pain, zones = (
        frame[(frame["local_date"] >= first) & (frame["local_date"] <= last)]
        for frame in (week.runs, week.pain, week.analysis.zones)
    )
    weeks = ((last - first).days + 1) / 7
    mornings = pain.loc[pain["moment"] == "next_morning", "score"]
    rated = zones[zones["run_id"] != ""]
    onset = pain["onset_km"].median()
    return {
        "Runs": str(len(runs)),
        "Distance a week": formatting.distance(runs["distance_km"].sum() / weeks, week.units),
        "Longest run": formatting.distance(
            formatting.none_if_nan(runs["distance_km"].max()), week.units
        ),
        "Scores": str(len(pain)),
        "Worst score": formatting.number(formatting.none_if_nan(pain["score"].max())),
        "Mean next morning": formatting.number(formatting.none_if_nan(mornings.mean()), 1),
        "Runs rated green": f"{int((rated['zone'] == 'green').sum())} of {len(rated)}",
        "Pain began (median)": formatting.distance(formatting.none_if_nan(onset), week.units),
    }


def kept_rows(week: Scope, since: pd.Timestamp) -> tuple[KeptRow, ...]:
    """Return kneeload's limits and the professional's, and how well they were kept from `since`."""
    analysis = week.analysis
    runs = countable_runs(analysis.runs)
    own_limits = in_force(analysis.diary, week.today)
    plan = KeptRow(
        whose="The plan",
        text=_plan_words(week),
        kept=_kept_words(week, runs, since, *_plan_limits(week, runs)),
    )
    theirs = (own_run_km(runs, analysis.diary), own_week_km(analysis.weeks, analysis.diary))
    if not any(np.isfinite(km).any() for km in theirs) and own_limits is None:
        return (plan,)
    text = _own_limits_words(own_limits, week.units) if own_limits else "none now"
    return (
        KeptRow(whose="The physio", text=text, kept=_kept_words(week, runs, since, *theirs)),
        plan,
    )


def _plan_words(week: Scope) -> str:
    plan = week.analysis.plan
    limits = {
        "next run": plan.next_run_km,
        "this week": plan.this_week_km,
        "next week": plan.next_week_km,
    }
    parts = (
        f"{name} up to {formatting.distance(km, week.units)}" for name, km in limits.items() if km
    )
    return ", ".join(parts) or "no number today"


def _plan_limits(week: Scope, runs: pd.DataFrame) -> tuple[Floats, Floats]:
    """Return the limits of runs and weeks that the rules go by [km], a return's before the rest."""
    single, whole = week.analysis.run_limits, week.analysis.week_limits
    km = single["return_km"].fillna(single["usual_km"]).to_numpy(np.float64)
    if len(km) != len(runs):
        km = np.full(len(runs), np.nan)
    back = whole["return_km"].where(whole["replaces"])
    return km, back.fillna(whole["usual_km"]).to_numpy(np.float64)


def _own_limits_words(limits: OwnLimits, units: Units) -> str:
    parts = [
        f"{formatting.distance(limits.run_km, units)} a run" if limits.run_km > 0 else "",
        f"{formatting.distance(limits.week_km, units)} a week" if limits.week_km > 0 else "",
        f"+{limits.week_percent:g} % a week" if limits.week_percent > 0 else "",
        "no downhill" if limits.no_downhill else "",
        f"from {formatting.day(limits.since)}",
        f"until {formatting.day(limits.until)}" if limits.until else "",
    ]
    return ", ".join(filter(None, parts))


def _kept_words(
    week: Scope, runs: pd.DataFrame, since: pd.Timestamp, run_km: Floats, week_km: Floats
) -> str:
    """Return how many runs and complete weeks from `since` stayed within their limits."""
    weeks = week.analysis.weeks
    complete = weeks["complete"].to_numpy(bool) & (weeks["week_start"] >= since).to_numpy()
    recent = (runs["local_date"] >= since).to_numpy()
    parts = (
        _share(runs["distance_km"].to_numpy(), run_km, recent, "run"),
        _share(weeks["distance_km"].to_numpy(), week_km, complete, "complete week"),
    )
    counts = formatting.join(filter(None, parts))
    return f"within the limit: {counts}" if counts else "nothing to compare yet"


def _share(km: Floats, limit: Floats, which: Bools, what: str) -> str:
    counts = which & np.isfinite(limit) & np.isfinite(km)
    total = int(counts.sum())
    within = int((km[counts].round(2) <= limit[counts] + EPS).sum())
    return f"{within} of {formatting.count(total, what)}" if total else ""
