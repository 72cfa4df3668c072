"""Twelve weeks on one sheet for a physiotherapist with two minutes: counts, dates, no verdicts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kneeload import formatting, frames, notebook
from kneeload.association.sentences import rules_withheld_sentence
from kneeload.diary.habits import habits
from kneeload.diary.shoes import shoes
from kneeload.frames import upto
from kneeload.reports.drawings import drawing
from kneeload.reports.sections import flags, knee
from kneeload.reports.sections.story import clauses, story
from kneeload.reports.sections.visits import kept_rows, visit_rows
from kneeload.reports.week_view import rows, scope
from kneeload.rules.red_flags import nothing_found

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterator

    from kneeload.analysis import Analysis
    from kneeload.association import Explanation, Onset
    from kneeload.formatting import Units
    from kneeload.reports.model import Clause, Drawing, Earlier
    from kneeload.reports.sections.visits import KeptRow, VisitRow
    from kneeload.reports.week_view import Row, Scope

WEEKS = 12
SECTIONS = ("story", "pain", "load", "onset", "rules", "tried", "shoes", "questions", "limits")
_MOST, _RUNS = 6, 4
_SCORE = (
    *("local_date", "run_date", "run_id", "knee", "site", "moment", "score"),
    *("onset_km", "onset_min"),
    *("provoked_by", "eased_by", "painkillers"),
)
_ASKED = {
    "Provoked by": "what provoked it",
    "Eased by": "what eased it",
    "Strength": "strength training",
}
_MOMENTS = ("before", "during", "after", "next_morning", "rest", "unsure")


@dataclass(frozen=True, kw_only=True)
class MomentRow:
    """The scores of one knee at one moment."""

    knee: str
    moment: str
    scores: int
    median: float
    worst: int
    latest: int


@dataclass(frozen=True, kw_only=True)
class BeganRow:
    """One run on which pain began: how far into it [km], and how far the run went [km]."""

    date: dt.date
    onset: str
    run_km: float | None


@dataclass(frozen=True, kw_only=True)
class OnsetRow:
    """One day on which pain set in, with the week before it and the usual [km, m, min]."""

    date: dt.date
    score: int
    week_km: float | None
    usual_km: float | None
    descent_m: float | None
    usual_descent_m: float | None
    hard_min: float | None
    usual_hard_min: float | None


@dataclass(frozen=True, kw_only=True)
class Dated:
    """Something noted on a day."""

    date: dt.date
    text: str


@dataclass(frozen=True, kw_only=True)
class PhysioReport:
    """Twelve weeks of load and pain for a professional.

    Parameters
    ----------
    name
        Only where the runner asks for it.
    summary
        Load and scoring in two sentences.
    sites, provoked_by, eased_by
        What was said, with how often.
    nothing_fired
        What stands in place of the flags where there is none.
    onsets_note
        Why the weeks before onsets are not compared, empty where they are.
    besides
        Strength, sleep and other sports, each with what was noted of it; empty for nothing.
    sections
        Which of `SECTIONS` the sheet shows.
    story
        The opening sentence, clause by clause.
    visit, visits
        The day of the last visit in words, and what changed since; empty without one.
    kept
        Limits, and how well they were kept.
    """

    sections: tuple[str, ...]
    story: tuple[Clause, ...]
    visit: str
    visits: tuple[VisitRow, ...]
    kept: tuple[KeptRow, ...]
    days: str
    today: dt.date
    units: Units
    name: str
    red_flags: tuple[str, ...]
    summary: tuple[str, ...]
    drawing: Drawing | None
    moments: tuple[MomentRow, ...]
    sites: str
    provoked_by: str
    eased_by: str
    painkillers: str
    besides: tuple[tuple[str, str], ...]
    began: tuple[BeganRow, ...]
    onsets: tuple[OnsetRow, ...]
    injuries: tuple[Dated, ...]
    tried: tuple[Dated, ...]
    shoes: tuple[str, ...]
    flags: tuple[Earlier, ...]
    nothing_fired: str
    questions: tuple[str, ...]
    onsets_note: str

    @property
    def said(self) -> tuple[tuple[str, str], ...]:
        """What was noted of the pain and besides it, name and words; nothing that was not."""
        return tuple((name, text) for name, text in self._descriptions() if text)

    @property
    def not_noted(self) -> str:
        """What was not noted, in one line; empty where all was."""
        return "; ".join(_ASKED.get(n, n.lower()) for n, text in self._descriptions() if not text)

    def _descriptions(self) -> tuple[tuple[str, str], ...]:
        return (
            ("Site", self.sites),
            ("Provoked by", self.provoked_by),
            ("Eased by", self.eased_by),
            ("Painkillers", self.painkillers),
            *self.besides,
        )

    def __repr__(self) -> str:
        return f"<PhysioReport {self.days}>"

    def _repr_html_(self) -> str:
        """Show the sheet itself, in a notebook, in a frame of its own."""
        from kneeload.reports.render.html import render_physio

        return notebook.page(f"For the physio, {self.days}", render_physio(self))


def physio(
    analysis: Analysis,
    week: str | None = None,
    *,
    explanation: Explanation | None = None,
    name: str = "",
    sections: Collection[str] = SECTIONS,
    visit: dt.date | None = None,
) -> PhysioReport | None:
    """Return the sheet of the twelve weeks up to `week`; None where the log holds nothing.

    Parameters
    ----------
    analysis
        Everything the log's frames add up to.
    week
        Label YYYY-Www; by default the newest week that has a run or a score.
    explanation
        For the training before each onset.
    name
        Whose sheet it is, where the runner wants that on it.
    sections
        Some of `SECTIONS`.
    visit
        The day of the last visit, to compare what came since with as many days before.
    """
    chosen = scope(analysis, week)
    if chosen is None:
        return None
    in_order = tuple(section for section in SECTIONS if section in sections)
    return _sheet(chosen, explanation, name, in_order, visit)


def _sheet(
    week: Scope,
    explanation: Explanation | None,
    name: str,
    sections: tuple[str, ...],
    visit: dt.date | None,
) -> PhysioReport:
    since = pd.Timestamp(week.first) - pd.Timedelta(weeks=WEEKS - 1)
    spell = story(week)
    pain = rows(week.pain, _SCORE, (week.pain["local_date"] >= since).to_numpy())
    diary = upto(week.analysis.diary, week.last)
    entries = rows(diary, ("local_date", "until", "kind", "subject", "text"), slice(None))
    recent = [entry for entry in entries if _lasts_until(entry) >= since]
    return PhysioReport(
        sections=sections,
        story=clauses(spell, week) if spell else (),
        visit=formatting.day_and_year(visit) if visit else "",
        visits=visit_rows(week, visit) if visit else (),
        kept=kept_rows(week, since),
        days=formatting.date_range(since.date(), week.last),
        today=week.analysis.today,
        units=week.units,
        name=name,
        red_flags=flags.open_signs(week),
        summary=tuple(_summary(week, pain, since)),
        drawing=_drawing(week),
        moments=_moments(pain),
        sites=_with_counts(pain, "site"),
        provoked_by=_with_counts(pain, "provoked_by"),
        eased_by=_with_counts(pain, "eased_by"),
        painkillers=_painkillers(pain),
        besides=tuple(_besides(week, diary)),
        began=_onset_positions(week, pain),
        onsets=_onsets(explanation, since, week),
        injuries=_dated_entries(recent, "injury", week.analysis.today),
        tried=_dated_entries(recent, "tried", week.analysis.today),
        shoes=_shoes(week),
        flags=flags.recent(week, WEEKS),
        nothing_fired=nothing_found(week.settings),
        questions=_questions(entries),
        onsets_note=_onsets_note(explanation, week.units),
    )


def _summary(week: Scope, pain: list[Row], since: pd.Timestamp) -> list[str]:
    ran = (week.runs["local_date"] >= since).to_numpy()
    runs = rows(week.runs, ("run_id", "distance_km"), ran)
    if not runs:
        return ["No runs in these weeks."]
    mean = formatting.distance(week.weeks["distance_km"].tail(WEEKS).mean(), week.units)
    longest = formatting.distance(week.runs["distance_km"][ran].max(), week.units)
    scored_runs = {score["run_id"] for score in pain}
    scored = sum(run["run_id"] in scored_runs for run in runs)
    return [
        f"{formatting.count(len(runs), 'run')}, {mean} a week on average, longest run {longest}.",
        f"{scored} of {formatting.count(len(runs), 'run')} {'has' if len(runs) == 1 else 'have'} "
        "a score. A day without a score does not count as 0.",
    ]


def _drawing(week: Scope) -> Drawing | None:
    """Return load and pain without lanes: what fired and what was noted stands in words below."""
    from kneeload.charts import overview

    if week.weeks.empty:
        return None
    weeks = week.weeks.tail(WEEKS).assign(cutback=False, provisional_cutback=False)
    lanes = (frames.empty(frames.FLAGS), frames.empty(frames.DIARY))
    pain = week.pain[week.pain["local_date"] >= weeks["week_start"].iloc[0]]
    picture = overview.picture(weeks, pain, *lanes, week.settings, week.runs)
    return drawing(replace(picture, title=_title(week, weeks, pain)))


def _title(week: Scope, weeks: pd.DataFrame, pain: pd.DataFrame) -> str:
    """Return what the chart of all the weeks shows, in a sentence."""
    mean = formatting.distance(weeks["distance_km"].mean(), week.units)
    scores = formatting.count(len(pain), "pain score")
    worst = f"the highest of {scores} was {pain['score'].max()}/10"
    return f"{mean} a week on average; {worst if len(pain) else 'no knee scores'}."


def _moments(pain: list[Row]) -> tuple[MomentRow, ...]:
    """Return a row for each knee and moment scored, in the order of a run."""
    groups: dict[tuple[str, str], list[int]] = {}
    for row in pain:
        groups.setdefault((row["knee"], row["moment"]), []).append(row["score"])
    ordered = [(k, m) for k in formatting.KNEES for m in _MOMENTS if (k, m) in groups]
    return tuple(_moment(k, m, groups[k, m]) for k, m in ordered)


def _moment(which: str, moment: str, scores: list[int]) -> MomentRow:
    return MomentRow(
        knee=formatting.KNEES[which],
        moment=formatting.humanise(moment),
        scores=len(scores),
        median=float(np.median(scores)),
        worst=max(scores),
        latest=scores[-1],
    )


def _with_counts(pain: list[Row], column: str) -> str:
    """Return what was said and how often, the most frequent first."""
    mentions = Counter(text.strip() for row in pain for text in row[column].split(";"))
    specific = Counter({text: n for text, n in mentions.items() if text not in {"", "unsure"}})
    ordered = sorted(specific.most_common(_MOST), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{formatting.humanise(text)} ({count})" for text, count in ordered)


def _painkillers(pain: list[Row]) -> str:
    answers = [row["painkillers"] for row in pain if row["painkillers"] is not pd.NA]
    if not answers:
        return ""
    return f"taken before the run in {sum(answers)} of {formatting.count(len(answers), 'answer')}"


def _besides(week: Scope, diary: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """Yield strength, sleep and other sports of the weeks; a night not noted is not a short one."""
    by_week = habits(
        week.analysis.activities,
        diary,
        today=week.last,
        week_start=week.settings.week_start,
        weeks=WEEKS,
    )
    days, weeks_with = int(by_week["strength"].sum()), int((by_week["strength"] > 0).sum())
    yield (
        "Strength",
        f"{formatting.count(days, 'day')}, in {weeks_with} of {WEEKS} weeks" if days else "",
    )
    slept = by_week["sleep_h"].dropna()
    nights = f"{slept.mean():.1f} h a night, noted in {len(slept)} of {WEEKS} weeks"
    yield "Sleep", nights if len(slept) else ""
    other = float(by_week["other_sports_h"].mean())
    yield "Other sports", f"{formatting.hours(other)} a week" if other else ""


def _onset_positions(week: Scope, pain: list[Row]) -> tuple[BeganRow, ...]:
    """Return the last runs on which pain began, the newest first."""
    with_onset = [row for row in pain if knee.onset(week, row)]
    length = dict(zip(week.runs["run_id"], week.runs["distance_km"], strict=True))
    newest = sorted(with_onset, key=itemgetter("run_date"))[: -_RUNS - 1 : -1]
    return tuple(
        BeganRow(
            date=row["run_date"].date(),
            onset=knee.onset(week, row),
            run_km=formatting.none_if_nan(length.get(row["run_id"])),
        )
        for row in newest
    )


def _onsets(
    explanation: Explanation | None, since: pd.Timestamp, week: Scope
) -> tuple[OnsetRow, ...]:
    every = explanation.before_onsets.onsets if explanation else ()
    inside = (o for o in every if since.date() <= o.date <= week.last)
    return tuple(_onset(onset) for onset in inside)


def _onsets_note(explanation: Explanation | None, units: Units) -> str:
    """Say why no usual week stands beside the onsets, where that is so."""
    if explanation is None:
        return ""
    return rules_withheld_sentence(explanation.before_onsets.selective, units) or ""


def _onset(onset: Onset) -> OnsetRow:
    return OnsetRow(
        date=onset.date,
        score=onset.score,
        week_km=onset.week["distance_km"],
        usual_km=onset.usual["distance_km"],
        descent_m=onset.week["descent_m"],
        usual_descent_m=onset.usual["descent_m"],
        hard_min=onset.week["hard_min"],
        usual_hard_min=onset.usual["hard_min"],
    )


def _dated_entries(entries: list[Row], kind: str, today: dt.date) -> tuple[Dated, ...]:
    return tuple(_dated(entry, today) for entry in entries if entry["kind"] == kind)


def _lasts_until(entry: Row) -> pd.Timestamp:
    """Return an entry's last day; an injury without one is open."""
    is_open = entry["kind"] == "injury" and not entry["until"]
    return pd.Timestamp.max if is_open else entry["until"] or entry["local_date"]


def _dated(entry: Row, today: dt.date) -> Dated:
    lasting = f"until {formatting.day(entry['until'], today)}" if entry["until"] else ""
    parts = [entry["text"], formatting.humanise(entry["subject"]), lasting]
    return Dated(date=entry["local_date"].date(), text=", ".join(filter(None, parts)))


def _shoes(week: Scope) -> tuple[str, ...]:
    newest = shoes(week.runs, week.analysis.diary, week.last).head(3)
    return tuple(
        f"{shoe}: {formatting.distance(km, week.units)} since {formatting.day_and_year(first)}"
        for shoe, km, first in zip(
            newest["shoe"], newest["distance_km"], newest["first_day"], strict=True
        )
    )


def _questions(entries: list[Row]) -> tuple[str, ...]:
    """Return the runner's questions that no assessment has followed."""
    assessed = [entry["local_date"] for entry in entries if entry["kind"] == "assessed"]
    return tuple(
        " ".join(filter(None, [entry["text"], entry["subject"]]))
        for entry in entries
        if entry["kind"] == "question" and all(entry["local_date"] >= day for day in assessed)
    )
