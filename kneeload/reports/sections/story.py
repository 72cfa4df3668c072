"""The story of the knee since the last pain began: one sentence from the data alone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kneeload import formatting
from kneeload.reports.model import Clause
from kneeload.reports.week_view import NEXT_MORNING, rows
from kneeload.rules.distance import longest_before
from kneeload.rules.setbacks import RESTED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kneeload.reports.week_view import Row, Scope

PAIN = 3
_APART_DAYS, _LATELY_DAYS = 28, 28
_TOLD_DAYS = 182
_SCORE = ("local_date", "run_date", "run_id", "knee", "moment", "score")
_MOMENTS = {
    "before": "before the run",
    "during": "during the run",
    "after": "after the run",
    NEXT_MORNING: "the morning after the run",
    "rest": "at rest",
}


@dataclass(frozen=True, kw_only=True)
class Story:
    """What the diary and the runs tell of the newest spell of pain.

    Parameters
    ----------
    knee
        As it is stored.
    began
        The day of the run that the spell's first score of 3 or more speaks of.
    run_km, ratio
        The longest run of that day [km], and over the longest of the days before it.
    worst, moment, worst_on
        The spell's highest score, when it was felt, and the day of the run it speaks of.
    last
        The day of the spell's last score of 3 or more.
    settled_days
        Days from the start to the first score at rest that lets the plan give a number again; None
        where there is none, or the last one of 3 or more is less than a week ago.
    is_unknown
        Whether that week has passed without any score at rest.
    green_km
        The longest run rated green since the spell began, of the last four weeks [km]; None where
        none is.
    """

    knee: str
    began: dt.date
    run_km: float | None
    ratio: float | None
    worst: int
    moment: str
    worst_on: dt.date
    last: dt.date
    settled_days: int | None
    is_unknown: bool
    green_km: float | None


def story(scope: Scope) -> Story | None:
    """Return the story of the newest spell of pain; None where none began in half a year.

    A spell is a run of scores of 3 or more of one knee, at most 28 days from one to the next; the
    knee is that of the newest. Evidence grade of these numbers: *assumption*.
    """
    scores = _scores_of_knee(scope)
    spell = _spell([row for row in scores if row["score"] >= PAIN])
    if not spell or (scope.today - spell[-1]["run_date"].date()).days > _TOLD_DAYS:
        return None
    worst = max(spell, key=lambda row: row["score"])
    began, last = spell[0]["run_date"].date(), spell[-1]["local_date"].date()
    rested, is_quiet = _at_rest_after(scores, last), _is_quiet_since(scope, last)
    run_km, ratio = _run_of(scope, began)
    return Story(
        knee=spell[0]["knee"],
        began=began,
        run_km=run_km,
        ratio=ratio,
        worst=worst["score"],
        moment=worst["moment"],
        worst_on=worst["run_date"].date(),
        last=last,
        settled_days=_settled(scope, rested, began) if is_quiet else None,
        is_unknown=is_quiet and not rested,
        green_km=_green_km(scope, spell[0]["knee"], began),
    )


def _scores_of_knee(scope: Scope) -> list[Row]:
    """Return the scores, by day, of the knee that hurt last."""
    pain = scope.pain[list(_SCORE)].sort_values("local_date", kind="stable")
    last = pain.loc[pain["score"] >= PAIN, "knee"].tail(1)
    return rows(pain, _SCORE, pain["knee"].isin(last).to_numpy())


def _spell(painful: Sequence[Row]) -> list[Row]:
    """Return the scores of the newest spell: back to the first gap of more than 28 days."""
    spell = list(painful[-1:])
    for row in reversed(painful[:-1]):
        if (spell[0]["local_date"] - row["local_date"]).days > _APART_DAYS:
            break
        spell.insert(0, row)
    return spell


def _run_of(scope: Scope, day: dt.date) -> tuple[float | None, float | None]:
    """Return the longest run of a day [km], and over the longest of the window before it."""
    km = scope.runs["distance_km"].to_numpy()
    there = (scope.runs["local_date"].to_numpy() == np.datetime64(day)) & ~np.isnan(km)
    if not there.any():
        return None, None
    run = int(np.nanargmax(np.where(there, km, np.nan)))
    before = longest_before(scope.runs, scope.settings.threshold("long_run_spike.window_days"))
    ratio = formatting.none_if_nan(km[run] / before[run])
    return float(km[run]), ratio


def _is_quiet_since(scope: Scope, last: dt.date) -> bool:
    """Return whether enough days have passed since the last score of 3 or more."""
    days = scope.settings.threshold("return_from_break.settled_days")
    return (scope.today - last).days >= days


def _at_rest_after(scores: Sequence[Row], day: dt.date) -> list[Row]:
    """Return the scores of later days that no run of theirs can raise: before one, or at rest."""
    later = (row for row in scores if row["local_date"].date() > day)
    return [row for row in later if row["moment"] in RESTED]


def _settled(scope: Scope, rested: Sequence[Row], began: dt.date) -> int | None:
    """Return the days until the first score at rest that lets the plan give a number again."""
    most = scope.settings.threshold("return_from_break.settled_score")
    days = (row["local_date"].date() for row in rested if row["score"] <= most)
    return next(((day - began).days for day in days), None)


def _green_km(scope: Scope, knee: str, began: dt.date) -> float | None:
    """Return the longest green run since `began`, of the last four weeks, by the knee's own zone.

    A score of both knees, or of one unsure, is rated under the names that zones bear.
    """
    zones = scope.analysis.zones
    knees = {"both": ("left", "right")}.get(knee, (knee, scope.settings.knee))
    rated = zones[zones["knee"].isin(knees)]
    since = np.datetime64(max(scope.today - dt.timedelta(days=_LATELY_DAYS), began))
    green = set(rated.loc[rated["zone"] == "green", "run_id"])
    green -= set(rated.loc[rated["zone"] != "green", "run_id"])
    runs = scope.runs[scope.runs["run_id"].isin(green)]
    return formatting.none_if_nan(
        runs.loc[runs["local_date"].to_numpy() > since, "distance_km"].max()
    )


def clauses(spell: Story, scope: Scope) -> tuple[Clause, ...]:
    """Return the story in sentences, each with the key of the picture that shows it."""
    sentences = (
        (_began_words(spell, scope), "single-runs"),
        (_worst_words(spell), "load-and-pain"),
        (_settled_words(spell), "load-and-pain"),
        (_now_words(spell, scope), "without-pain"),
    )
    return tuple(Clause(text=f"{text}.", target=target) for text, target in sentences)


def _began_words(spell: Story, scope: Scope) -> str:
    year = spell.began.year != scope.today.year
    day = formatting.day_and_year(spell.began) if year else formatting.day(spell.began)
    if spell.run_km is None:
        return f"Your last spell of pain began on {day}"
    began = "Your last spell of pain followed the run of"
    run = f"{began} {formatting.distance(spell.run_km, scope.units)} on {day}"
    if spell.ratio is None:
        return run
    window = scope.settings.threshold("long_run_spike.window_days")
    return (
        f"{run}, {formatting.format_ratio(spell.ratio)} the longest in the previous {window:.0f} "
        "days"
    )


def _worst_words(spell: Story) -> str:
    day = "" if spell.worst_on == spell.began else f"on {formatting.day(spell.worst_on)}"
    when = " ".join(filter(None, [_MOMENTS.get(spell.moment, ""), day]))
    return (
        f"It was worst {when} ({spell.worst}/10)"
        if when
        else f"Its worst score was {spell.worst}/10"
    )


def _settled_words(spell: Story) -> str:
    last = f"last score of {PAIN} or more on {formatting.day(spell.last)}"
    if spell.is_unknown:
        return f"You have not scored the knee at rest since the {last}"
    if spell.settled_days is None:
        return f"It has not settled yet ({last})"
    days = spell.settled_days
    return f"It settled within {formatting.number_name(days)} day{'' if days == 1 else 's'}"


def _now_words(spell: Story, scope: Scope) -> str:
    lately = (scope.today - spell.began).days > _LATELY_DAYS
    if spell.green_km is None:
        return f"No run {'of the last four weeks' if lately else 'since then'} is rated green"
    km = formatting.distance(spell.green_km, scope.units)
    when = "in the last four weeks" if lately else "since then"
    return f"The longest run rated green {when} is {km}"
