"""What the last seven days lack: run by run, the newest first, from a glance at the log."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from kneeload import formatting
from kneeload.cli.missing_entries import KNEES, SCORES, SITES, YES_NO, Question
from kneeload.diary.frames import usual_knee
from kneeload.frames import upto

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd

    from kneeload.log.snapshot import Reading
    from kneeload.settings import Settings

RECALLED_DAYS = 7
MOST_NOTES = 20
"""Scores read from notes that one sitting asks about; years of notes are not one evening's work."""

_DAY = dt.timedelta(days=1)
_SETTLED = dt.timedelta(hours=1)
_MOMENTS = {"before": "before", "during": "worst during", "after": "an hour or two after"}
_QUIET_FROM = 2


@dataclass(frozen=True)
class LastDays:
    """The frames that the questions rest on, as they stand on `today`.

    Parameters
    ----------
    runs, pain, markers
        The runs of the last days, every score, and where the watch marked that pain began.
    now
        The present instant, if `today` is today: a run that ended less than an hour ago has no
        score after it yet.
    """

    runs: pd.DataFrame
    pain: pd.DataFrame
    markers: Mapping[str, Mapping[str, Any]]
    settings: Settings
    today: dt.date
    now: dt.datetime | None = None

    @classmethod
    def of(cls, read: Reading, today: dt.date, now: dt.datetime | None) -> LastDays:
        """Return what a reading of the last days holds, later ones left out."""
        runs, pain = upto(read.runs, today), upto(read.pain, today)
        return cls(runs, pain, read.markers, read.settings, today, now)

    def lacking(self) -> list[tuple[Mapping[Any, Any], list[Question]]]:
        """Return the runs of the last seven days with their open questions, newest first."""
        import pandas as pd

        first = pd.Timestamp(self.today - RECALLED_DAYS * _DAY)
        runs = self.runs.loc[self.runs["local_date"] >= first].sort_values("started_at")
        open_questions = [(run, list(self._open(run))) for run in runs.to_dict("records")[::-1]]
        return [(run, questions) for run, questions in open_questions if questions]

    def usual_knee(self) -> str:
        """Return the knee that scores mean unless they say another."""
        return usual_knee(self.pain, self.settings)

    def _open(self, run: Mapping[Any, Any]) -> Iterator[Question]:
        had = set(self.pain.loc[self.pain["run_id"] == run["run_id"], "moment"])
        day, marks = run["local_date"].date(), self._marks_of(run)
        morning = [] if "next_morning" in had else list(self._morning(run, day))
        if day == self.today - _DAY:
            yield from morning
        for moment, text in _MOMENTS.items():
            if moment == "during" and marks:
                yield from (self._marked(run, *mark) for mark in marks.items())
            elif moment not in had and not (moment == "after" and self._is_too_early(run)):
                yield self._score(run, moment, text, day)
        if day != self.today - _DAY:
            yield from morning

    def _morning(self, run: Mapping[Any, Any], day: dt.date) -> Iterator[Question]:
        last = self.runs.loc[self.runs["local_date"] == run["local_date"], "run_id"].iloc[-1]
        if day < self.today and run["run_id"] == last:  # the morning looks back on the day's last
            text = "this morning" if day == self.today - _DAY else "the next morning"
            yield self._score(run, "next_morning", text, day + _DAY)

    def _marks_of(self, run: Mapping[Any, Any]) -> dict[str, Mapping[str, Any]]:
        return {name: m for name, m in self.markers.items() if m["run_id"] == run["run_id"]}

    def _marked(self, run: Mapping[Any, Any], name: str, mark: Mapping[str, Any]) -> Question:
        """Return the question for the score of a place that the watch marked."""
        began = formatting.distance(mark["onset_km"], self.settings.units)
        at = f"minute {mark['onset_min']:.0f}" if began == formatting.MISSING else began
        day = run["local_date"].date()
        question = self._score(run, "during", f"worst during, marked at {at}", day)
        onset = {key: mark[key] for key in ("onset_km", "onset_min", "origin")}
        return replace(question, fields=dict(question.fields) | onset, subject=name)

    def _score(self, run: Mapping[Any, Any], moment: str, text: str, day: dt.date) -> Question:
        fields = {"local_date": day, "moment": moment, "run_id": run["run_id"]}
        return Question(about=self._named(run), text=text, keys=SCORES, fields=fields)

    def _named(self, run: Mapping[Any, Any]) -> str:
        """Return a run by its day, by its number where the day has two, and its distance."""
        same_day = self.runs.loc[self.runs["local_date"] == run["local_date"], "run_id"].tolist()
        nth = f", {same_day.index(run['run_id']) + 1} of {len(same_day)}"
        which = nth if len(same_day) > 1 else ""
        distance = formatting.distance(run["distance_km"], self.settings.units)
        named = f"Run of {formatting.weekday(run['local_date'])}{which}"
        return named if distance == formatting.MISSING else f"{named}, {distance}"

    def _is_too_early(self, run: Mapping[Any, Any]) -> bool:
        if self.now is None or not run["clock_known"]:
            return False
        seconds = (
            formatting.none_if_nan(run["elapsed_s"]) or formatting.none_if_nan(run["moving_s"]) or 0
        )
        return bool(self.now < run["started_at"] + dt.timedelta(seconds=seconds) + _SETTLED)


def which_knee() -> Question:
    """Return the question for the knee, asked once."""
    text = "(l)eft (r)ight (b)oth"
    return Question(about="Which knee?", text=text, keys=KNEES, fields={}, kind="knee")


def where() -> Question:
    """Return the question for the site, asked once, with the first score above 0."""
    about = "Where? (f)ront (b)elow or (a)bove kneecap\n(o)uter (i)nner be(h)ind (w)hole (u)nsure"
    return Question(about=about, text="where", keys=SITES, fields={}, kind="site")


def quiet_week(
    days: LastDays, lacking: Sequence[tuple[Any, Sequence[Question]]]
) -> Question | None:
    """Return the offer to call the week free of pain; None where it hurt or few runs are open."""
    import pandas as pd

    bare = [
        (run, questions)
        for run, questions in lacking
        if not (days.pain["run_id"] == run["run_id"]).any()
    ]
    recent = days.pain["local_date"] >= pd.Timestamp(days.today - RECALLED_DAYS * _DAY)
    hurt = (days.pain.loc[recent, "score"] > 0).any()
    marked = any(question.subject for _, questions in lacking for question in questions)
    if len(bare) < _QUIET_FROM or hurt or marked:
        return None
    names = "\n".join(f"  {questions[0].about}" for _, questions in bare)
    entries = tuple(question.fields for _, questions in lacking for question in questions)
    return Question(
        about=f"No score yet:\n{names}",
        text="no pain all (w)eek, or Enter",
        keys={"w": "no pain"},
        fields={},
        kind="quiet",
        entries=entries,
    )


def notes_to_review(pain: pd.DataFrame) -> Iterator[Question]:
    """Yield the newest scores read from notes that name knee and moment."""
    named = (pain["knee"] != "unsure") & (pain["moment"] != "unsure")
    parsed = pain.loc[named & (pain["origin"] == "parsed")].iloc[::-1].head(MOST_NOTES)
    for entry in parsed.to_dict("records"):
        day = formatting.day_and_year(entry["local_date"])
        fields = {key: entry[key] for key in _KEPT} | {"local_date": entry["local_date"].date()}
        yield Question(
            about=f"Read from a note of {day}:\n  {entry['note'][:36]}",
            text=f"{entry['score']} {entry['knee']}, "
            f"{formatting.humanise(entry['moment'])}: (y)es (n)o",
            keys=YES_NO,
            fields=fields,
            kind="note",
            subject=entry["pain_id"],
        )


_KEPT = ("score", "knee", "site", "moment", "run_id", "note")
