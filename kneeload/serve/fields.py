"""The fields of a form that adds or changes an entry: what they show, and what was changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kneeload import formatting
from kneeload.diary.notes import needs
from kneeload.diary.validation import parsed_date
from kneeload.errors import EntryError
from kneeload.rules.red_flags import SIGNS, SYMPTOMS
from kneeload.serve.forms import KNEES, MOMENTS, SITES, km_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from kneeload.formatting import Units

Choices = tuple[tuple[str, str], ...]


def named(values: Iterable[object]) -> Choices:
    """Return stored names, each with what a form calls it."""
    names = map(str, values)
    return tuple((n, "not sure" if n == "unsure" else formatting.humanise(n)) for n in names)


SCORES = named(range(11))


_LAST = "Last day, if it went on for more than one day"
NOTES = {
    "strength": {"minutes": "Minutes, if you like", "text": "What you did, if you like"},
    "sleep": {"hours": "Hours of sleep", "text": "Anything else about the night"},
    "tried": {"text": "What you tried", "knee": "Knee", "local_date": "Day", "until": _LAST},
    "shoe": {"text": "Shoe"},
    "injury": {
        "text": "What it is, as a professional described it",
        "knee": "Knee",
        "trauma": "The injury came from a fall, a blow or a twist",
        "local_date": "First day",
        "until": "Last day, once it is over",
    },
    "symptom": {"symptom": "Symptom", "knee": "Knee"},
    "assessed": {"text": "Who saw the knee, if you like"},
    "question": {"text": "Your question"},
    "note": {"text": "Your note", "local_date": "Day", "until": _LAST},
    "limits": {
        "run_km": "Longest run",
        "week_km": "Most in a week",
        "week_percent": "The most, in %, by which a week may exceed the last week in which you ran",
        "no_downhill": "No running downhill",
        "local_date": "First day",
        "until": "Last day, if it is known",
    },
    "goal": {
        "text": "What you want to run",
        "km": "Its distance",
        "race_day": "The day of the run",
    },
}
"""The fields of each kind of note, by their labels; where no day is among them, it comes last."""
_COLUMNS = {
    **dict.fromkeys(("minutes", "hours", "km"), "value"),
    **dict.fromkeys(("knee", "symptom"), "subject"),
    "race_day": "until",
}
_TYPES = {
    **dict.fromkeys(("local_date", "until", "race_day"), "date"),
    **dict.fromkeys(("run_km", "week_km", "km"), "km"),
    **dict.fromkeys(("minutes", "hours", "week_percent"), "number"),
    **dict.fromkeys(("trauma", "no_downhill"), "flag"),
}
SCORE = {
    "score": "Score",
    "knee": "Knee",
    "site": "Where it hurts",
    "moment": "When",
    "local_date": "Day",
    "note": "Note",
}
_CHOICES: dict[str, Choices] = {
    "knee": (("", "none in particular"), *named(KNEES)),
    "symptom": (("", "choose one"), *((name, SIGNS[name].words) for name in SYMPTOMS)),
}


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field of a form.

    Parameters
    ----------
    column
        Where the diary keeps it.
    shown
        Its value as the form shows it, empty for none.
    choices
        What may be chosen, and how that is called; empty where anything may be entered.
    """

    name: str
    label: str
    column: str
    shown: str = ""
    choices: Choices = ()
    is_required: bool = False

    @property
    def type(self) -> str:
        """What is entered: text, number, km, date or flag."""
        return _TYPES.get(self.name, "text")

    def read(self, text: str, units: Units, today: dt.date) -> Any:
        """Return what was sent as the diary checks it: None where it was emptied."""
        if self.choices and text not in dict(self.choices):
            raise EntryError("choose one of the list")
        if self.column == "local_date" and parsed_date("the day", text) > today:
            raise EntryError("the date is in the future")
        if self.type == "flag":
            return bool(text) or None
        return km_of(text, units) if self.type == "km" else text or None


def changes(
    fields: Iterable[Field], form: Mapping[str, str], units: Units, today: dt.date
) -> dict[str, Any]:
    """Return by column what a form says otherwise than it was shown: what stays is not set."""
    named = (f for f in fields if f.name in form or f.type == "flag")
    sent = [(f, one_line(form.get(f.name, ""))) for f in named]
    return {f.column: f.read(text, units, today) for f, text in sent if text != f.shown}


def note_form(note: Mapping[str, Any], units: Units) -> list[Field]:
    """Return the fields of a note, new or as the journal keeps it; none where it is an answer."""
    kind = note["kind"]
    labels = NOTES.get(kind, {})
    if labels and kind != "goal":  # a goal's day is the one on which it was entered
        labels = {**labels, "local_date": labels.get("local_date", "Day")}
    columns = {name: _column(kind, name) for name in labels}
    needed = [set(group) & set(columns.values()) for group in needs(kind)]
    return [
        Field(
            name=name,
            label=f"{label} ({units})" if _TYPES.get(name) == "km" else label,
            column=columns[name],
            shown=_shown(name, note.get(columns[name]), units),
            choices=_CHOICES.get(name, ()),
            is_required={columns[name]} in [*needed, {"local_date"}],
        )
        for name, label in labels.items()
    ]


def _column(kind: str, name: str) -> str:
    return "text" if (kind, name) == ("symptom", "knee") else _COLUMNS.get(name, name)


def _shown(name: str, value: Any, units: Units) -> str:
    if value is None or isinstance(value, bool):
        return "yes" if value else ""
    if _TYPES.get(name) == "km":
        value = formatting.in_units(value, units)
    return f"{value:.4g}" if isinstance(value, float) else one_line(str(value))


def score_form(row: Mapping[str, Any]) -> list[Field]:
    """Return the fields of a score, or of a place on the watch that waits for one."""
    score = formatting.none_if_nan(row["score"])
    shown = {**row, "score": "" if score is None else f"{score:.0f}"}
    shown["local_date"] = row["local_date"].date()
    choices = {"score": SCORES, "knee": named(KNEES), "site": named(SITES)}
    choices["moment"] = named((*MOMENTS, "unsure"))
    return [
        Field(
            name=name,
            label=label,
            column=name,
            shown=one_line(str(shown[name])),
            choices=choices.get(name, ()),
            is_required=name == "local_date",
        )
        for name, label in SCORE.items()
    ]


def one_line(text: str) -> str:
    """Return a text as a field holds it, which has no line breaks."""
    return " ".join(text.split())
