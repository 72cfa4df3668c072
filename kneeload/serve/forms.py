"""What a form says, as the fields of an entry; the checks are the diary's own."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kneeload import formatting
from kneeload.diary.attribution import RUN_MOMENTS
from kneeload.diary.frames import usual_knee
from kneeload.diary.notes import symptom
from kneeload.diary.validation import parsed_date, payload, validated_entry
from kneeload.errors import EntryError
from kneeload.frames import upto
from kneeload.store.journal import Change

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from werkzeug.datastructures import MultiDict

    from kneeload.formatting import Units
    from kneeload.log.training_log import TrainingLog

LAST_RUNS = 10
RECALLED_DAYS = 7
SITES = (*("above_kneecap", "front", "below_kneecap", "inner", "outer", "back", "whole", "unsure"),)
MOMENTS = {
    "before": "before the run",
    "during": "worst during it",
    "after": "an hour or two after",
    "next_morning": "the next morning",
    "rest": "at rest, no run",
}
DAY = dt.timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class RunChoice:
    """A run that a score may rate: its id, its day and how it is named."""

    run_id: str
    day: dt.date
    text: str
    km: float | None


@dataclass(frozen=True, kw_only=True)
class Prefilled:
    """What a form shows before anything is tapped.

    Parameters
    ----------
    runs
        The last runs, the newest first.
    run_id
        The one that is chosen; empty for none.
    """

    knee: str
    moment: str
    runs: tuple[RunChoice, ...]
    run_id: str

    @property
    def chosen(self) -> RunChoice | None:
        """The run that is chosen."""
        return next((run for run in self.runs if run.run_id == self.run_id), None)


def prefilled(log: TrainingLog, today: dt.date, run_id: str = "") -> Prefilled:
    """Return the form with the last run and the usual knee chosen already."""
    runs, units = upto(log.reading().runs, today), log.settings.units
    choices = tuple(_choices(runs, units, run_id))
    last = choices[0] if choices else None
    is_recent = last is not None and (today - last.day).days <= RECALLED_DAYS
    chosen = run_id or (last.run_id if last and is_recent else "")
    day = next((run.day for run in choices if run.run_id == chosen), None)
    return Prefilled(
        knee=usual_knee(log.pain(), log.settings),
        moment=_moment(day, today),
        runs=choices,
        run_id=chosen,
    )


def _choices(runs: pd.DataFrame, units: Units, chosen_id: str) -> Iterable[RunChoice]:
    newest = runs.sort_values("started_at", ascending=False)
    listed = newest[(newest["run_id"] == chosen_id) | newest["run_id"].isin(_last_ids(newest))]
    columns = (listed[name].tolist() for name in ("run_id", "local_date", "distance_km"))
    for run_id, date, km in zip(*columns, strict=True):
        text = f"{formatting.weekday(date)}, {formatting.distance(km, units)}"
        yield RunChoice(run_id=run_id, day=date.date(), text=text, km=formatting.none_if_nan(km))


def _last_ids(newest: pd.DataFrame) -> list[str]:
    ids: list[str] = newest["run_id"].head(LAST_RUNS).tolist()
    return ids


def _moment(run_day: dt.date | None, today: dt.date) -> str:
    """Return what is most likely scored today: the run, the morning after it, or the knee alone."""
    if run_day is None:
        return "rest"
    return "next_morning" if run_day < today else "during"


def entry_changes(form: MultiDict[str, str], log: TrainingLog, today: dt.date) -> list[Change]:
    """Return what a form logs: a score, symptoms, or both; the score last.

    Raises
    ------
    EntryError
        If it holds neither, or something that the diary does not take.
    """
    symptoms, score = form.getlist("symptom"), form.get("score", "")
    if not symptoms and not score:
        raise EntryError("choose a score from 0 to 10, or a symptom")
    fields = score_fields(form, log, today)
    day, knee = fields["local_date"], fields["knee"]
    changes = [symptom(name, day, knee) for name in known_symptoms(symptoms)]
    if score:
        entry = payload(log.completed(validated_entry(fields)))
        changes.append(Change(verb="add", object="pain", payload=entry))
    return changes


def known_symptoms(names: Iterable[str]) -> list[str]:
    """Return the symptoms, each once; an unknown one is refused."""
    from kneeload.rules.red_flags import SYMPTOMS

    symptoms = list(dict.fromkeys(names))
    if not set(symptoms) <= set(SYMPTOMS):
        raise EntryError("choose a symptom from the list")
    return symptoms


def score_fields(form: MultiDict[str, str], log: TrainingLog, today: dt.date) -> dict[str, Any]:
    """Return the fields of the score that a form describes; what is blank means the usual."""
    moment = form.get("moment", "") or "unsure"
    run = form.get("run", "") if moment in RUN_MOMENTS else ""
    run = log.run(run) if run else ""
    of_run = _day_of_run(log, run, moment)
    day = _named_day(form) or of_run or today
    if day > today:
        raise EntryError(
            "the morning after this run has not come yet, or the date is in the future"
        )
    return {
        "score": form.get("score", ""),
        "knee": form.get("knee", "") or usual_knee(log.pain(), log.settings),
        "moment": moment,
        "site": form.get("site", ""),
        "local_date": day,
        "run_id": run if day == of_run else "",  # a day that was named outweighs the chosen run
        "onset_km": km_of(form.get("onset_mi", ""), "mi") or km_of(form.get("onset_km", ""), "km"),
        "provoked_by": ";".join(filter(None, form.getlist("provoked_by"))),
        "note": form.get("note", ""),
    }


def _day_of_run(log: TrainingLog, run_id: str, moment: str) -> dt.date | None:
    """Return the day on which a moment of a run is scored."""
    runs = log.reading().once
    days = runs.loc[runs["run_id"] == run_id, "local_date"]
    return None if days.empty else days.iloc[0].date() + DAY * (moment == "next_morning")


def _named_day(form: MultiDict[str, str]) -> dt.date | None:
    return parsed_date("the day", form["date"]) if form.get("date") else None


def km_of(text: str, units: Units) -> float | str | None:
    """Return a distance in km, None where none was given; as it was typed where that is its unit.

    Raises
    ------
    EntryError
        If miles are no number.
    """
    typed = text.strip().replace(",", ".")
    if not typed or units == "km":
        return typed or None
    try:
        return float(typed) * formatting.KM_PER_MILE
    except ValueError:
        raise EntryError("give the distance in miles as a number") from None
