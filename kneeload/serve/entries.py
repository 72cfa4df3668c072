"""One entry of the diary in words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from kneeload import formatting
from kneeload.diary.frames import run_in_words
from kneeload.diary.notes import amount
from kneeload.frames import records
from kneeload.rules.red_flags import SIGNS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kneeload.formatting import Units
    from kneeload.log.training_log import TrainingLog


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A score or a note as a page names it.

    Parameters
    ----------
    name
        What it is, as an undo says it: "the score of 3 for the left knee on 29 March".
    symptom
        Of a red flag, its id; else empty.
    """

    entry_id: str
    kind: Literal["pain", "diary"]
    name: str
    details: str
    symptom: str = ""


def find_entry(log: TrainingLog, entry_id: str) -> Entry | None:
    """Return an entry that stands in the diary, None where there is none of that id."""
    for row in score_rows(log, entry_id):
        return score_entry(row, log.reading().once, log.settings.units)
    diary = log.diary()
    for row in records(diary[diary["entry_id"] == entry_id]):
        return note_entry(row, log.settings.units)
    return None


def find_entries(log: TrainingLog, ids: Iterable[str]) -> list[Entry]:
    """Return those entries that stand in the diary."""
    return [entry for name in ids if (entry := find_entry(log, name))]


def score_rows(log: TrainingLog, entry_id: str) -> list[dict[Any, Any]]:
    """Return the row of a score, or of a marker that waits for one; empty where there is none."""
    frames = (log.pain(), log.markers())
    return [row for pain in frames for row in pain[pain["pain_id"] == entry_id].to_dict("records")]


def score_entry(row: dict[Any, Any], runs: pd.DataFrame, units: Units) -> Entry:
    """Return a score in words."""
    onset = formatting.none_if_nan(row["onset_km"])
    details = [
        "" if row["site"] == "unsure" else formatting.humanise(row["site"]),
        "" if row["moment"] == "unsure" else formatting.humanise(row["moment"]),
        run_in_words(runs, row["run_id"], units),
        f"pain began at {formatting.distance(onset, units)}" if onset is not None else "",
        formatting.humanise(row["provoked_by"].replace(";", ", ")),
        row["note"],
    ]
    knee = "" if row["knee"] == "unsure" else formatting.KNEES[row["knee"]].lower()
    of_knee = f" for the {knee}" if knee else ""
    what = f"the score of {row['score']}/10" if pd.notna(row["score"]) else "the missing score"
    return Entry(
        entry_id=row["pain_id"],
        kind="pain",
        name=f"{what}{of_knee} on {formatting.day_and_year(row['local_date'])}",
        details=", ".join(filter(None, details)),
    )


def note_entry(row: dict[str, Any], units: Units) -> Entry:
    """Return a note in words, from a row of plain values."""
    kind, day = row["kind"], dt.date.fromisoformat(row["local_date"])
    sign = SIGNS.get(row["subject"]) if kind == "symptom" else None
    what = "the note" if kind == "note" else f"the note “{formatting.humanise(kind)}”"
    words = (row["text"], "" if sign else row["subject"])
    amount_in_units = formatting.convert_km_in_text(amount(row), units)
    return Entry(
        entry_id=row["entry_id"],
        kind="diary",
        name=f"{f'the symptom “{sign.words}”' if sign else what} on {formatting.day_and_year(day)}",
        details=", ".join(filter(None, (*words, amount_in_units))),
        symptom=row["subject"] if sign else "",
    )
