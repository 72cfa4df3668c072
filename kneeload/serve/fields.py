"""The fields of a form that adds or changes an entry: what they show, and what was changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kneeload import formatting
from kneeload.diary.notes import ANSWER, KINDS
from kneeload.diary.validation import CHOICES, parsed_date
from kneeload.errors import EntryError
from kneeload.rules.red_flags import SIGNS, SYMPTOMS
from kneeload.serve.forms import MOMENTS, SITES, km_of

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
SCORE = {
    "score": "Score",
    "knee": "Knee",
    "site": "Where it hurts",
    "moment": "When",
    "local_date": "Day",
    "note": "Note",
}
_CHOICES: dict[str, Choices] = {"subject": (("", "none in particular"), *named(CHOICES["knee"]))}
_SYMPTOM_CHOICES: dict[str, Choices] = {
    "subject": (("", "choose one"), *((name, SIGNS[name].words) for name in SYMPTOMS)),
    "text": _CHOICES["subject"],
}


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field of a form.

    Parameters
    ----------
    name
        The column of the diary that keeps it.
    type
        What is entered: text, number, km, date or flag.
    shown
        Its value as the form shows it, empty for none.
    choices
        What may be chosen, and how that is called; empty where anything may be entered.
    """

    name: str
    label: str
    type: str
    shown: str
    choices: Choices
    is_required: bool

    def read(self, text: str, units: Units, today: dt.date) -> Any:
        """Return what was sent as the diary checks it: None where it was emptied."""
        if self.choices and text not in dict(self.choices):
            raise EntryError("choose one from the list")
        if self.name == "local_date" and parsed_date("the day", text) > today:
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
    return {f.name: f.read(text, units, today) for f, text in sent if text != f.shown}


def note_form(note: Mapping[str, Any], units: Units) -> list[Field]:
    """Return the fields of a note, new or as the journal keeps it; none where it is an answer."""
    kind = KINDS.get(note["kind"], ANSWER)
    needed = [kind.labels.keys() & set(group) for group in kind.needs]
    choices = _SYMPTOM_CHOICES if note["kind"] == "symptom" else _CHOICES
    return [
        Field(
            name=name,
            label=f"{label} ({units})" if kind.type(name) == "km" else label,
            type=kind.type(name),
            shown=_shown(kind.type(name), note.get(name), units),
            choices=choices.get(name, ()),
            is_required={name} in [*needed, {"local_date"}],
        )
        for name, label in kind.labels.items()
    ]


def _shown(kind: str, value: Any, units: Units) -> str:
    if value is None or isinstance(value, bool):
        return "yes" if value else ""
    if kind == "km":
        value = formatting.in_units(value, units)
    return f"{value:.4g}" if isinstance(value, float) else one_line(str(value))


def score_form(row: Mapping[str, Any]) -> list[Field]:
    """Return the fields of a score, or of a place on the watch that waits for one."""
    score = formatting.none_if_nan(row["score"])
    shown = {**row, "score": "" if score is None else f"{score:.0f}"}
    shown["local_date"] = row["local_date"].date()
    choices = {"score": SCORES, "knee": named(CHOICES["knee"]), "site": named(SITES)}
    choices["moment"] = named((*MOMENTS, "unsure"))
    return [
        Field(
            name=name,
            label=label,
            type="date" if name == "local_date" else "text",
            shown=one_line(str(shown[name])),
            choices=choices.get(name, ()),
            is_required=name == "local_date",
        )
        for name, label in SCORE.items()
    ]


def one_line(text: str) -> str:
    """Return a text as a field holds it, which has no line breaks."""
    return " ".join(text.split())
