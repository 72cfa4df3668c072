"""The kinds of note: what they hold, checked on the way in, and in words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from math import nan
from typing import TYPE_CHECKING, Any, NamedTuple

from kneeload import formatting
from kneeload.diary.validation import parsed_date
from kneeload.errors import EntryError
from kneeload.frames import DATE, DIARY
from kneeload.store.journal import Change

if TYPE_CHECKING:
    from collections.abc import Mapping


class Bounds(NamedTuple):
    """From where to where a number may lie, in its unit."""

    low: float
    high: float
    unit: str
    symbol: str


_KM = Bounds(0.1, 500, "kilometres", "km")
_MINUTES = Bounds(0, 1440, "minutes", "min")
_NUMBERS = {"run_km": _KM, "week_km": _KM, "week_percent": Bounds(0, 100, "percent", "%")}
_DATES = ("local_date", "until")
_TYPES = {DATE: "date", "bool": "flag", "boolean": "flag"}


@dataclass(frozen=True)
class NoteKind:
    """One kind of note.

    Parameters
    ----------
    help, example
        What it is for, in its first line alone; and what follows ``kneeload note KIND``.
    labels
        What a form calls its fields, by their columns in `kneeload.frames.DIARY`.
    value
        What its number may be.
    needs, needed
        Groups of fields, of each of which it needs one; and that in words.
    """

    help: str
    example: str
    labels: Mapping[str, str]
    value: Bounds = _MINUTES
    needs: tuple[tuple[str, ...], ...] = (("text", "value"),)
    needed: str = "a number or some text"

    @property
    def bounds(self) -> dict[str, Bounds]:
        """The bounds of numbers, by column."""
        return _NUMBERS | {"value": self.value}

    @property
    def unit(self) -> str:
        """The symbol of its number's unit, empty where it holds none."""
        return self.value.symbol if "value" in self.labels else ""

    def type(self, field: str) -> str:
        """Return what a field holds: text, number, km, date or flag."""
        if field in self.bounds:
            return "km" if self.bounds[field] is _KM else "number"
        return _TYPES.get(DIARY[field].dtype, "text")


_DAY = {"local_date": "Day"}
_DAY_UNTIL = _DAY | {"until": "Last day, if it went on for more than one day"}
KINDS = {
    "strength": NoteKind(
        "Note a strength session, with its minutes if you like.",
        "30 squats",
        {"value": "Minutes, if you like", "text": "What you did, if you like"} | _DAY,
        needs=(),
    ),
    "sleep": NoteKind(
        "Note last night's hours of sleep.",
        "7.5",
        {"value": "Hours of sleep", "text": "Anything else about the night"} | _DAY,
        value=Bounds(0, 24, "hours", "h"),
    ),
    "tried": NoteKind(
        "Note something tried: taping, new insoles, shorter steps.",
        "taping",
        {"text": "What you tried", "subject": "Knee"} | _DAY_UNTIL,
    ),
    "shoe": NoteKind(
        "Record a change of shoes. Later runs without a named shoe count towards this pair.",
        "Pegasus",
        {"text": "Shoe"} | _DAY,
    ),
    "injury": NoteKind(
        "Note an injury, as a professional described it.\n\nIt stays open until the day that you "
        "give with --until. If you do not know it yet, add it later with the ID of the note.",
        "'patellofemoral pain' --knee left --date 2026-02-01",
        {
            "text": "What it is, as a professional described it",
            "subject": "Knee",
            "trauma": "The injury came from a fall, a blow or a twist",
            "local_date": "First day",
            "until": "Last day, once it is over",
        },
    ),
    "symptom": NoteKind(
        "Note a red-flag symptom, such as swelling or fever.\n\nA red flag is a symptom that a "
        "professional should check.",
        "swelling",
        {"subject": "Symptom", "text": "Knee"} | _DAY,
        needs=(("subject",),),
        needed="a name from the list",
    ),
    "assessed": NoteKind(
        "Record that a professional has seen the knee. This closes the red flags (symptoms that a "
        "professional should check) up to that day.",
        "physio --date 2026-03-14",
        {"text": "Who examined the knee, if you like"} | _DAY,
        needs=(),
    ),
    "question": NoteKind(
        "Note a question for the physio.",
        "'Is downhill all right again?'",
        {"text": "Your question"} | _DAY,
    ),
    "note": NoteKind("Note anything else.", "'new desk chair'", {"text": "Your note"} | _DAY_UNTIL),
    "limits": NoteKind(
        "Note the limits that your physio set. They take precedence over kneeload's.\n\nNew limits "
        "replace old ones. --end ends the current limits.",
        "--run-km 6 --week-km 18 --until 2026-05-01",
        {
            "run_km": "Longest run",
            "week_km": "Most in a week",
            "week_percent": "The largest rise allowed from one week to the next, in %",
            "no_downhill": "No running downhill",
            "local_date": "First day",
            "until": "Last day, if it is known",
        },
        needs=((*_NUMBERS, "no_downhill"),),
        needed="a limit for a run, for a week or for the weekly rise, or no downhill",
    ),
    "goal": NoteKind(
        "Note a goal. The report shows, week by week, whether your limits grow fast enough for it.",
        "'half marathon' --date 2026-10-04 --km 21.1",
        {"text": "What you want to run", "value": "Its distance", "until": "The day of the run"},
        value=_KM,
        needs=(("text",), ("value",), ("until",)),
        needed="a name, a distance and a day",
    ),
}
ANSWER = NoteKind("", "", {}, needs=())
"""What answers a question of `kneeload pain`: why a week was easier, or a break."""


def addition(fields: Mapping[str, Any]) -> Change:
    """Return the change that adds a note; `validated_note` says what it raises."""
    return Change(verb="add", object="diary", payload=validated_note(fields))


def symptom(name: str, day: dt.date, knee: str) -> Change:
    """Return the change that notes a red-flag symptom of that stored name."""
    return addition({"kind": "symptom", "subject": name, "local_date": day, "text": knee})


def validated_note(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return a note as the journal keeps it; what is empty is left out.

    Parameters
    ----------
    fields
        Columns of `kneeload.frames.DIARY`, ``kind`` and ``local_date`` among them; numbers and days
        also as text.

    Raises
    ------
    EntryError
        If a number or a day cannot be, or what its kind needs is missing; says what is allowed.
    """
    kind = fields["kind"]
    note = {name: value for name, value in fields.items() if value not in (None, "")}
    note |= {name: parsed_date(name, note[name]).isoformat() for name in _DATES if name in note}
    holds = KINDS.get(kind, ANSWER)
    for name in holds.bounds.keys() & note.keys():
        what = kind if name == "value" else name.replace("_", " ")
        note[name] = _number(what, holds.bounds[name], note[name])
    if not all(note.keys() & set(group) for group in holds.needs):
        raise EntryError(f"a note of {kind} needs {holds.needed}")
    _check_end(note)
    return note


def amount(entry: Mapping[str, Any]) -> str:
    """Return the days a note lasted, as far as it is over, or its number."""
    if entry["kind"] == "limits":
        return _limits_text(entry)
    if entry["kind"] == "goal":
        return f"{entry['value']:g} km on {_day(entry['until'])}"
    if entry["until"]:
        first, last = (dt.date.fromisoformat(entry[name]) for name in _DATES)
        return f"{(last - first).days + 1} days"
    unit = KINDS.get(entry["kind"], ANSWER).unit
    return "" if entry["value"] is None else f"{entry['value']:g} {unit}".rstrip()


def _limits_text(entry: Mapping[str, Any]) -> str:
    """Return what a professional allows, in words."""
    parts = [
        f"{entry['run_km']:g} km a run" if entry["run_km"] is not None else "",
        f"{entry['week_km']:g} km a week" if entry["week_km"] is not None else "",
        f"+{entry['week_percent']:g} % a week" if entry["week_percent"] is not None else "",
        "no downhill" if entry["no_downhill"] else "",
        f"until {_day(entry['until'])}" if entry["until"] else "",
    ]
    return ", ".join(filter(None, parts))


def _day(iso: str) -> str:
    return formatting.day_and_year(dt.date.fromisoformat(iso))


def _number(what: str, bounds: Bounds, value: object) -> float:
    try:
        number = float(str(value).replace(",", "."))
    except ValueError:
        number = nan
    if not bounds.low <= number <= bounds.high:
        allowed = f"a number of {bounds.unit} from {bounds.low:g} to {bounds.high:g}"
        raise EntryError(f"{what} is {allowed}, not {value}")
    return number


def _check_end(note: dict[str, Any]) -> None:
    first, until = note["local_date"], note.get("until", "9")
    if note["kind"] == "goal" and until <= first:
        raise EntryError(f"a goal needs a date in the future, not {until}")
    if until < first:
        raise EntryError(f"the last day is before the first day; that is {first}")
