"""The strip of marks between load and pain: one lane for each rule that fired, and for events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from kneeload import formatting
from kneeload.charts.canvas import caption, days, gridlines, marks
from kneeload.charts.legend import Entry
from kneeload.model import SEVERITIES
from kneeload.rules.catalogue import RULES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kneeload.charts.shapes import Panel

EVENTS = {"shoe": "shoes", "tried": "tried", "injury": "injury"}
LANE_PX = 19.0
LABEL = 10  # letters that the margin holds


class Mark(NamedTuple):
    """One mark: where it stands on the axis of time, how heavy it is, what it says."""

    day: float
    severity: str
    text: str


class Lane(NamedTuple):
    """One row of marks."""

    label: str
    marks: list[Mark]

    def since(self, first: float) -> Lane:
        """Return the same from a day on."""
        return Lane(self.label, [mark for mark in self.marks if mark.day >= first])


def lanes(weeks: pd.DataFrame, flags: pd.DataFrame, diary: pd.DataFrame) -> list[Lane]:
    """Return the lanes that have anything to show in these weeks, cutback weeks first.

    Parameters
    ----------
    weeks
        The weeks shown; marks of weeks stand in their middle.
    flags, diary
        What fired and what was noted, any date.
    """
    middle = dict(zip(weeks["week"], days(weeks["week_start"]) + 3.5, strict=True))
    first, last = weeks["week_start"].iloc[0], weeks["week_start"].iloc[-1]
    inside = diary["local_date"].between(first, last + pd.Timedelta(days=6))
    entries = diary.loc[inside, ["local_date", "kind", "subject", "text"]]
    fired = flags.loc[flags["week"].isin(weeks["week"]), ["rule", "week", "severity", "message"]]
    every = [
        _cutbacks(weeks, middle),
        *_fired(fired, middle),
        *_events(entries, last),
    ]
    return [lane for lane in every if lane.marks]


def _cutbacks(weeks: pd.DataFrame, middle: dict[str, float]) -> Lane:
    names = ["week", "week_start", "cutback", "complete"]
    cutbacks = weeks.loc[weeks["cutback"] | weeks["provisional_cutback"], names]
    records = cutbacks.to_dict("records")
    last = weeks["week_start"].iloc[-1]
    return Lane("cutback", [_cutback(week, middle[week["week"]], last) for week in records])


def _cutback(week: Mapping[Any, Any], day: float, last: pd.Timestamp) -> Mark:
    kind = "cutback week" if week["complete"] else "a cutback week so far"
    severity = "cutback" if week["cutback"] else "provisional"
    return Mark(day, severity, f"{kind}, {formatting.day(week['week_start'], last)}")


def _fired(flags: pd.DataFrame, middle: dict[str, float]) -> list[Lane]:
    """Return a lane for each rule, one mark a week: the heaviest severity, all that was said."""
    ordered = sorted(RULES.values(), key=lambda rule: not rule.is_of_pain)
    labels = {rule.id: rule.label for rule in ordered if rule.label} | _others(flags)
    flags_by_rule: dict[str, dict[str, list[tuple[int, str]]]] = {rule: {} for rule in labels}
    columns = (flags[name] for name in ("rule", "week", "severity", "message"))
    for rule, week, severity, message in zip(*columns, strict=True):
        weeks = flags_by_rule.get(rule, {})
        weeks.setdefault(week, []).append((SEVERITIES.index(severity), message))
    return [_rule(labels[rule], flags_by_rule[rule], middle) for rule in labels]


def _others(flags: pd.DataFrame) -> dict[str, str]:
    """Return the labels of rules that are not kneeload's own, cut where the margin ends."""
    others = sorted({*flags["rule"]} - {*RULES})
    named = ((rule, formatting.humanise(rule)) for rule in others)
    return {rule: f"{n[: LABEL - 1]}…" if len(n) > LABEL else n for rule, n in named}


def _rule(label: str, by_week: dict[str, list[tuple[int, str]]], middle: dict[str, float]) -> Lane:
    per_week = {middle[week]: sorted(by_week[week]) for week in sorted(by_week)}
    texts = {day: "; ".join(message for _, message in flags) for day, flags in per_week.items()}
    return Lane(
        label, [Mark(day, SEVERITIES[flags[-1][0]], texts[day]) for day, flags in per_week.items()]
    )


def _events(entries: pd.DataFrame, last: pd.Timestamp) -> list[Lane]:
    lanes_by_kind = {kind: Lane(label, []) for kind, label in EVENTS.items()}
    at = days(entries["local_date"]) + 0.5
    for day, entry in zip(at.tolist(), entries.to_dict("records"), strict=True):
        if lane := lanes_by_kind.get(entry["kind"]):
            text = " ".join(filter(None, [entry["subject"], entry["text"]])) or lane.label
            when = formatting.day(entry["local_date"], last)
            lane.marks.append(Mark(day, "event", f"{when}: {text}"))
    return list(lanes_by_kind.values())


# Pennants and a star: no shape here is one of a score's, which stand below on the same page.
_LOOKS = {
    "note": Entry("note", "over", ">", filled=False, size=6.2, line=1.4),
    "warn": Entry("warning", "over", ">", size=6.2, line=1.4),
    "alert": Entry("alert", "over", "*", size=8.2, line=1.4),
    "cutback": Entry("cutback week", "muted", "v", size=6.16, line=1.6),
    "provisional": Entry("cutback so far", "muted", "v", filled=False, size=6.16, line=1.6),
    "event": Entry("noted", "muted", "|", size=8.94, line=1.6),
}


def lane_key(rows: list[Lane]) -> list[Entry]:
    """Return the key of the marks that the lanes hold."""
    used = {mark.severity for row in rows for mark in row.marks}
    return [look for severity, look in _LOOKS.items() if severity in used]


def draw_lanes(panel: Panel, rows: list[Lane]) -> None:
    """Draw the lanes from top to bottom, each named at its left."""
    panel.y = (len(rows) - 0.5, -0.5)
    caption(panel, "Flags and notes")
    gridlines(panel, range(len(rows)), [row.label for row in rows])
    for number, row in enumerate(rows):
        for weight in sorted({mark.severity for mark in row.marks}):
            _draw_marks(panel, number, row, weight)


def _draw_marks(panel: Panel, number: int, row: Lane, weight: str) -> None:
    look = _LOOKS[weight]
    chosen = [mark for mark in row.marks if mark.severity == weight]
    marks(
        panel,
        [mark.day for mark in chosen],
        [number] * len(chosen),
        look.marker,
        look.colour if look.filled else "paper",
        look.colour,
        size=look.size,
        line=look.line,
        zorder=3,
        tips=[mark.text for mark in chosen],
    )
