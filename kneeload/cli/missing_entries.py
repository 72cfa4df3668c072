"""What the diary lacks, as questions that one key answers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from kneeload import formatting
from kneeload.diary.frames import usual_knee
from kneeload.diary.validation import payload, validated_entry
from kneeload.store.journal import Change

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

    from kneeload.analysis import Analysis

TEN = "t"
SCORES: dict[str, str] = {str(n): str(n) for n in range(11)} | {TEN: "10", "+": "10"}
WHY_WEEK = {"p": "planned", "k": "knee", "o": "other"}
WHY_GAP = {"h": "holiday", "i": "illness", "k": "knee", "o": "other"}
KNEES = {"l": "left", "r": "right", "b": "both"}
SITES = {
    "f": "front",
    "b": "below_kneecap",
    "a": "above_kneecap",
    "o": "outer",
    "i": "inner",
    "h": "back",
    "w": "whole",
    "u": "unsure",
}
YES_NO = {"y": "yes", "n": "no"}

_GAP_RECALLED_DAYS = 28

Kind = Literal["score", "reason", "knee", "site", "quiet", "note"]


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
    kind
        What the answer is: a score, why there was little running, which knee and where on it are
        meant from now on, that a week was without pain, or whether a note's score is right.
    subject
        The id of the entry that the answer completes, empty for a new one.
    entries
        The scores that a quiet week stores.
    """

    about: str
    text: str
    keys: Mapping[str, str]
    fields: Mapping[str, Any]
    kind: Kind = "score"
    subject: str = ""
    entries: tuple[Mapping[str, Any], ...] = ()

    @property
    def is_score(self) -> bool:
        """Whether the answer is a score."""
        return self.kind == "score"

    @property
    def invalid_answer_message(self) -> str:
        """Why an answer is invalid."""
        return "not a score from 0 to 10" if self.is_score else f"not one of {', '.join(self.keys)}"

    def echoed(self, key: str) -> str:
        """Return the key as it is echoed."""
        if key not in self.keys:
            return formatting.MISSING
        return self.keys[key] if self.is_score else key

    def answered(self, key: str) -> list[Change]:
        """Return the changes of the diary that the answer makes."""
        answer = self.keys[key]
        if self.is_score:
            return [_pain("add", dict(self.fields) | {"score": answer}, self.subject)]
        if self.kind == "reason":
            fields = dict(self.fields) | {"text": answer}
            return [Change(verb="add", object="diary", payload=fields)]
        if self.kind == "note":
            return [self._reviewed(right=answer == "yes")]
        return [_pain("add", dict(entry) | {"score": 0}) for entry in self.entries]

    def _reviewed(self, *, right: bool) -> Change:
        """Return that a score read from a note is the runner's own, or that it is none."""
        if right:
            return _pain("edit", dict(self.fields) | {"origin": "entered"}, self.subject)
        return Change(verb="remove", object="pain", subject=self.subject, payload={})


def _pain(verb: Literal["add", "edit"], fields: Mapping[str, Any], subject: str = "") -> Change:
    return Change(
        verb=verb, object="pain", subject=subject, payload=payload(validated_entry(fields))
    )


def day_questions(analysis: Analysis) -> Iterator[Question]:
    """Yield what is no run's: the knee at rest on a day away from running, easier weeks, breaks."""
    gap = _gap(analysis)
    yield from _rest(analysis)
    if gap and not _is_answered(analysis, "gap", gap[0].fields["subject"]):
        yield from gap
    yield from _easier_week(analysis, gap)


def why(week: str, reason: str, first_day: dt.date, today: dt.date) -> Change:
    """Return the entry that says why a week was easier."""
    day = min(first_day + dt.timedelta(days=6), today)
    fields = {"kind": "why", "local_date": day.isoformat(), "subject": week, "text": reason}
    return Change(verb="add", object="diary", payload=fields)


def _rest(analysis: Analysis) -> Iterator[Question]:
    days = (analysis.today, analysis.today - dt.timedelta(days=1))
    ran = any(len(_rows_on(analysis.runs, day)) for day in days)
    if ran or len(_rows_on(analysis.pain, analysis.today)):
        return
    fields = {
        "local_date": analysis.today,
        "moment": "rest",
        "knee": usual_knee(analysis.pain, analysis.settings),
    }
    yield Question(
        about=formatting.weekday(analysis.today), text="at rest", keys=SCORES, fields=fields
    )


def _gap(analysis: Analysis) -> list[Question]:
    """Return the question about the last break, answered or not, if it ended lately."""
    import pandas as pd

    from kneeload.rules.breaks import breaks
    from kneeload.weeks import countable_runs

    spells = breaks(countable_runs(analysis.runs, analysis.today), analysis.settings)
    if spells.empty:
        return []
    back = (pd.Timestamp(0) + pd.Timedelta(days=int(spells["first_day"].iloc[-1]))).date()
    if (analysis.today - back).days > _GAP_RECALLED_DAYS:
        return []
    days = int(spells["gap_days"].iloc[-1])
    first, last = back - dt.timedelta(days=days), back - dt.timedelta(days=1)
    fields = {"kind": "gap", "local_date": first.isoformat(), "until": last.isoformat()}
    return [
        Question(
            about=f"No run for {days} days, up to {formatting.day(last)}",
            text="(h)oliday (i)llness (k)nee (o)ther",
            keys=WHY_GAP,
            fields=fields | {"subject": back.isoformat()},
            kind="reason",
        )
    ]


def _easier_week(analysis: Analysis, gap: list[Question]) -> Iterator[Question]:
    done = analysis.weeks.loc[analysis.weeks["complete"]]
    if done.empty:
        return
    week = done.iloc[-1].to_dict()
    if not week["cutback"] or _is_answered(analysis, "why", week["week"]) or _in_gap(week, gap):
        return
    units = analysis.settings.units
    km, usual = (formatting.in_units(week[name], units) for name in ("distance_km", "reference_km"))
    change = why(week["week"], "", week["week_start"].date(), analysis.today)
    compared = f"{km:.0f} {units}, reference {usual:.0f} {units}"
    yield Question(
        about=f"{week['week']} was lighter than usual:\n{compared}",
        text="why: (p)lanned (k)nee (o)ther",
        keys=WHY_WEEK,
        fields=change.payload,
        kind="reason",
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


def _rows_on(frame: pd.DataFrame, day: dt.date) -> pd.DataFrame:
    rows: pd.DataFrame = frame.loc[frame["local_date"].dt.date == day]
    return rows


def _is_answered(analysis: Analysis, kind: str, subject: str) -> bool:
    subjects = analysis.diary.loc[analysis.diary["kind"] == kind, "subject"]
    return bool((subjects == subject).any())
