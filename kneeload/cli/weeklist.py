"""The list of weeks for people: a line a week, and one for a long stretch without runs."""

from __future__ import annotations

import datetime as dt
import re
from itertools import groupby
from typing import TYPE_CHECKING, Any

from kneeload import formatting
from kneeload.cli.excerpts import earlier
from kneeload.cli.output import notes, records, table

if TYPE_CHECKING:
    import pandas as pd

    from kneeload.settings import Settings

_GAP = 3  # empty weeks in a row that become one line


def weeks_text(frame: pd.DataFrame, shown: pd.DataFrame, settings: Settings) -> str:
    """Return the weeks shown and how many there are before; empty where there is none."""
    if frame.empty:
        return ""
    text = _table_text(shown, settings) + earlier(frame, shown, "week")
    return f"{text}\n{notes(reference=True)}"


def _table_text(frame: pd.DataFrame, settings: Settings) -> str:
    header = ("week", "from", "runs", "distance", "longest", "reference", "pain", "")
    rows: list[tuple[str, ...]] = []
    for is_empty, group in groupby(records(frame), _is_empty):
        weeks = list(group)
        if is_empty and len(weeks) >= _GAP:
            rows.append((*_week_of(weeks[0]), *("",) * 5, f"{len(weeks)} weeks without runs"))
        else:
            rows += [_week_row(week, settings) for week in weeks]
    return table(rows, header, "lrrrrrrl")


def _is_empty(week: dict[str, Any]) -> bool:
    """Return whether nothing happened in a week that is over."""
    return bool(week["complete"] and not (week["runs"] or week["pain_scores"] or week["flags"]))


def _week_of(week: dict[str, Any]) -> tuple[str, str]:
    """Return a week's label and its first day."""
    start = dt.date.fromisoformat(week["week_start"])
    return week["week"], f"{start.day} {formatting.MONTHS[start.month - 1][:3]}"


def _week_row(week: dict[str, Any], settings: Settings) -> tuple[str, ...]:
    return (
        *_week_of(week),
        str(week["runs"]),
        formatting.distance(week["distance_km"], settings.units),
        formatting.distance(week["longest_run_km"], settings.units),
        formatting.distance(week["reference_km"], settings.units),
        formatting.number(week["pain_max"]),
        _marks(week),
    )


def _marks(week: dict[str, Any]) -> str:
    marks = [
        "" if week["complete"] else "so far",
        "cutback" if week["cutback"] else "",
        "cutback so far" if week["provisional_cutback"] else "",
        *(name for name in _rule_ids() if name in re.split("[-;]", week["flags"])),
    ]
    return ", ".join(mark for mark in marks if mark)


def _rule_ids() -> list[str]:
    from kneeload.rules import installed_rules

    return list(installed_rules())
