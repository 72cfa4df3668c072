"""Entries that follow from the lines of the pain inbox; the log stores the lines alone.

What it stores beside them is the runner's answer: a removal or an edit under the entry's id.
Moment and run are derived each time, so that a run imported later still finds its scores.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from kneeload.diary.lines import Stamp, stamp_of
from kneeload.diary.moments import RunTime, placed
from kneeload.diary.validation import payload
from kneeload.measures.baselines import is_running
from kneeload.model import PainEntry
from kneeload.store.journal import active

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from kneeload.diary.note_parser import NotedScore
    from kneeload.diary.scores_in_notes import Entries
    from kneeload.store.journal import State

    RunsByDay = Mapping[dt.date, Sequence[RunTime]]

DERIVED = ("moment", "run_id")
"""What each import may change, until the runner sets it."""

_DAY = dt.timedelta(days=1)
_OF_THE_RUN = {"before", "during", "after"}


def line_entries(state: State, activities: pd.DataFrame, since: str = "") -> Entries:
    """Return the scores of the lines that count, by id, with the runner's edits; removed ones out.

    Parameters
    ----------
    activities
        All sports, each once: ``run_id, started_at, local_date, elapsed_s, clock_known, sport``.
    since
        The first day wanted, as it is written.
    """
    lines = {
        name: fields
        for name, fields in active(state, "line").items()
        if counts(fields) and fields["text"] >= since
    }
    if not lines:
        return {}
    runs = runs_by_day(activities)
    answers = state.get("pain", {})
    return {
        name: fields | answers.get(name, {})
        for line, row in lines.items()
        for name, fields in entries_of(line, row, runs).items()
        if not answers.get(name, {}).get("removed")
    }


def counts(line: Mapping[str, Any]) -> bool:
    """Whether a line that stands gives entries: not one held, nor one behind an edit of ours."""
    return not line.get("held") and not line.get("kept")


def entries_of(name: str, line: Mapping[str, Any], runs: RunsByDay) -> Entries:
    """Return the scores of one line by their ids, ``<line>.1`` and on; none if unreadable."""
    stamped = stamp_of(line["text"])
    if stamped is None:
        return {}
    stamp, text = stamped
    scores = scores_of_text(text)
    return {
        f"{name}.{nth}": payload(_entry(score, scores, stamp, line, runs))
        | {"entered_at": line["entered_at"]}
        for nth, score in enumerate(scores, 1)
    }


def scores_of_text(text: str) -> tuple[NotedScore, ...]:
    """Return the scores of a line behind its date; what follows a tab is a note as it is."""
    # Its patterns take 30 ms to compile, and most logs hold no line.
    from kneeload.diary.line_grammar import scores_in_line

    words, _, _ = text.partition("\t")
    return scores_in_line(words)


def unreadable(text: str) -> str:
    """Return why a line gives no score, empty where it does."""
    stamped = stamp_of(text)
    if stamped is None:
        return "does not begin with a date such as 2026-03-14"
    return "" if scores_of_text(stamped[1]) else "has no score from 0 to 10"


def runs_by_day(activities: pd.DataFrame) -> dict[dt.date, list[RunTime]]:
    """Return the runs of each local date in order of their start."""
    runs = activities.loc[is_running(activities)].sort_values("started_at", kind="stable")
    days: dict[dt.date, list[RunTime]] = {}
    names = ("run_id", "local_date", "started_at", "elapsed_s", "clock_known")
    for run_id, day, start, elapsed_s, clock_known in zip(
        *(runs[n].tolist() for n in names), strict=True
    ):
        lasted = dt.timedelta(seconds=elapsed_s if elapsed_s == elapsed_s else 0)
        times = (start, start + lasted) if clock_known else (None, None)
        days.setdefault(day.date(), []).append(RunTime(run_id, *times))
    return days


def _entry(
    score: NotedScore,
    scores: tuple[NotedScore, ...],
    stamp: Stamp,
    line: Mapping[str, Any],
    runs: RunsByDay,
) -> PainEntry:
    where = placed(score.moment, stamp, line["zone"], runs)
    # A whole run written at once, next morning included, bears the run's date.
    of_run = any(other.moment in _OF_THE_RUN for other in scores)
    later = _DAY if score.moment == "next_morning" and of_run else dt.timedelta(0)
    _, _, note = line["text"].partition("\t")
    return PainEntry(
        local_date=stamp.date + later,
        score=score.score,
        knee=line.get("knee", "unsure") if score.knee == "unsure" else score.knee,
        site=score.site,
        moment=where.moment,
        onset_km=score.onset_km,
        onset_min=score.onset_min,
        run_id=where.run_id,
        origin="phone",
        note=note or score.words,
    )
