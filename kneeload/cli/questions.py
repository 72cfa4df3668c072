"""What the diary lacks today, as questions that one key answers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kneeload import words
from kneeload.log.entries import checked, payload
from kneeload.log.journal import Change

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

    from kneeload.analysis import Analysis
    from kneeload.settings import Settings

TEN = "t"
SCORES: dict[str, str] = {str(n): str(n) for n in range(11)} | {TEN: "10", "+": "10"}
WHY_WEEK = {"p": "planned", "k": "knee", "o": "other"}
WHY_GAP = {"h": "holiday", "i": "illness", "k": "knee", "o": "other"}

_MOMENTS = {"before": "before", "during": "worst during", "after": "an hour or two after"}
_RECALLED_DAYS = 7
_GAP_RECALLED_DAYS = 28
_SETTLED = dt.timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Question:
    """One thing to ask.

    Parameters
    ----------
    about, text
        The heading that questions may share, and the question itself; 36 columns at most.
    keys
        What each key answers.
    fields
        The entry, less the answer; a diary entry has a ``kind``.
    """

    about: str
    text: str
    keys: Mapping[str, str]
    fields: Mapping[str, Any]

    @property
    def is_score(self) -> bool:
        """Whether the answer is a score."""
        return "kind" not in self.fields

    @property
    def refusal(self) -> str:
        """What is said of an answer that is none."""
        return "no score from 0 to 10" if self.is_score else f"none of {', '.join(self.keys)}"

    def shown(self, key: str) -> str:
        """Return the key as it is echoed."""
        if key not in self.keys:
            return words.MISSING
        return self.keys[key] if self.is_score else key

    def answered(self, key: str) -> Change:
        """Return the entry that the answer makes."""
        if self.is_score:
            entry = checked(dict(self.fields) | {"score": self.keys[key]})
            return Change(verb="add", object="pain", payload=payload(entry))
        return Change(
            verb="add", object="diary", payload=dict(self.fields) | {"text": self.keys[key]}
        )


def missing(known: Analysis, now: dt.datetime | None = None) -> list[Question]:
    """Return what to ask on the analysis' day.

    This morning's score for yesterday's run, the other scores of the last run where it is not
    more than a week ago, the knee at rest on a day away from running; then why the last complete
    week was easier, or why there was a break.

    Parameters
    ----------
    now
        The present instant, if it is today's: a run that ended less than an hour ago has no score
        after it yet.
    """
    gap = _gap(known)
    return [
        *_morning(known),
        *_last_run(known, now),
        *_rest(known),
        *(gap if gap and not _told(known, "gap", gap[0].fields["subject"]) else []),
        *_easier_week(known, gap),
    ]


def why(week: str, reason: str, first_day: dt.date, today: dt.date) -> Change:
    """Return the entry that says why a week was easier."""
    day = min(first_day + dt.timedelta(days=6), today)
    said = {"kind": "why", "local_date": day.isoformat(), "subject": week, "text": reason}
    return Change(verb="add", object="diary", payload=said)


def _morning(known: Analysis) -> Iterator[Question]:
    runs = known.runs
    yesterday = _rows_on(runs, known.today - dt.timedelta(days=1))
    if len(yesterday):
        run = yesterday.iloc[-1].to_dict()
        if "next_morning" not in _moments_of(known, run["run_id"]):
            yield _score(known, run, "next_morning", "this morning", known.today)


def _last_run(known: Analysis, now: dt.datetime | None) -> Iterator[Question]:
    if known.runs.empty:
        return
    run = known.runs.sort_values("started_at").iloc[-1].to_dict()
    if (known.today - run["local_date"].date()).days > _RECALLED_DAYS:
        return
    had = _moments_of(known, run["run_id"])
    for moment, text in _MOMENTS.items():
        if moment not in had and not (moment == "after" and _too_early(run, now)):
            yield _score(known, run, moment, text, run["local_date"].date())


def _too_early(run: Mapping[Any, Any], now: dt.datetime | None) -> bool:
    if now is None or not run["clock_known"]:
        return False
    seconds = words.optional(run["elapsed_s"]) or words.optional(run["moving_s"]) or 0
    return bool(now < run["started_at"] + dt.timedelta(seconds=seconds) + _SETTLED)


def _rest(known: Analysis) -> Iterator[Question]:
    days = (known.today, known.today - dt.timedelta(days=1))
    if any(len(_rows_on(known.runs, day)) for day in days) or len(_rows_on(known.pain, days[0])):
        return
    fields = {
        "local_date": known.today,
        "moment": "rest",
        "knee": usual_knee(known.pain, known.settings),
    }
    yield Question(about=words.weekday(known.today), text="at rest", keys=SCORES, fields=fields)


def _gap(known: Analysis) -> list[Question]:
    """Return the question about the last break, answered or not, if it ended lately."""
    import pandas as pd

    from kneeload.rules.breaks import breaks
    from kneeload.weeks import counted

    found = breaks(counted(known.runs, known.today), known.settings)
    if found.empty:
        return []
    back = (pd.Timestamp(0) + pd.Timedelta(days=int(found["first_day"].iloc[-1]))).date()
    if (known.today - back).days > _GAP_RECALLED_DAYS:
        return []
    days = int(found["gap_days"].iloc[-1])
    first, last = back - dt.timedelta(days=days), back - dt.timedelta(days=1)
    fields = {"kind": "gap", "local_date": first.isoformat(), "until": last.isoformat()}
    return [
        Question(
            about=f"No run for {days} days, to {words.day(last)}",
            text="(h)oliday (i)llness (k)nee (o)ther",
            keys=WHY_GAP,
            fields=fields | {"subject": back.isoformat()},
        )
    ]


def _easier_week(known: Analysis, gap: list[Question]) -> Iterator[Question]:
    done = known.weeks.loc[known.weeks["complete"]]
    if done.empty:
        return
    week = done.iloc[-1].to_dict()
    if not week["cutback"] or _told(known, "why", week["week"]) or _in_gap(week, gap):
        return
    units = known.settings.units
    km, usual = (words.in_units(week[name], units) for name in ("distance_km", "reference_km"))
    change = why(week["week"], "", week["week_start"].date(), known.today)
    yield Question(
        about=f"{week['week']} was easier: {km:.0f} of {usual:.0f} {units}",
        text="(p)lanned (k)nee (o)ther",
        keys=WHY_WEEK,
        fields=change.payload,
    )


def _in_gap(week: Mapping[Any, Any], gap: list[Question]) -> bool:
    """Whether the break explains the week, so that nobody is asked twice."""
    if not gap:
        return False
    monday = week["week_start"].date()
    fields = gap[0].fields
    sunday = monday + dt.timedelta(days=6)
    return bool(
        fields["local_date"] <= sunday.isoformat() and monday.isoformat() <= fields["until"]
    )


def _score(
    known: Analysis, run: Mapping[Any, Any], moment: str, text: str, day: dt.date
) -> Question:
    about = f"Run of {words.weekday(run['local_date'])}"
    distance = words.distance(run["distance_km"], known.settings.units)
    fields = {"local_date": day, "moment": moment, "run_id": run["run_id"]}
    return Question(
        about=about if distance == words.MISSING else f"{about}, {distance}",
        text=text,
        keys=SCORES,
        fields=fields | {"knee": usual_knee(known.pain, known.settings)},
    )


def usual_knee(pain: pd.DataFrame, settings: Settings) -> str:
    """Return the knee of the settings, else that of the newest score that names one."""
    named = pain.loc[pain["knee"] != "unsure", "knee"]
    if settings.knee != "unsure" or named.empty:
        return settings.knee
    return str(named.iloc[-1])


def _moments_of(known: Analysis, run_id: str) -> set[str]:
    return set(known.pain.loc[known.pain["run_id"] == run_id, "moment"])


def _rows_on(frame: pd.DataFrame, day: dt.date) -> pd.DataFrame:
    rows: pd.DataFrame = frame.loc[frame["local_date"].dt.date == day]
    return rows


def _told(known: Analysis, kind: str, subject: str) -> bool:
    told = known.diary.loc[known.diary["kind"] == kind, "subject"]
    return bool((told == subject).any())
