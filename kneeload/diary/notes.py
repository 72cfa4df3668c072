"""What may be noted beside scores, checked on the way in."""

from __future__ import annotations

from math import nan
from typing import TYPE_CHECKING, Any, NamedTuple

from kneeload.diary.validation import parsed_date
from kneeload.errors import EntryError
from kneeload.store.journal import Change

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

_DAYS = ("local_date", "until")


class Bounds(NamedTuple):
    """From where to where a number may lie, in its unit."""

    low: float
    high: float
    unit: str


_KM = Bounds(0.1, 500, "kilometres")
_MINUTES = Bounds(0, 1440, "minutes")
_VALUES = {"sleep": Bounds(0, 24, "hours"), "goal": _KM}
_NUMBERS = {"run_km": _KM, "week_km": _KM, "week_percent": Bounds(0, 100, "percent")}

_Needs = tuple[tuple[tuple[str, ...], ...], str]
_NEEDS: dict[str, _Needs] = {
    **dict.fromkeys(("strength", "assessed", "why", "gap"), ((), "")),
    "symptom": ((("subject",),), "a name from the list"),
    "goal": ((("text",), ("value",), ("until",)), "a name, a distance and a day"),
    "limits": (
        ((*_NUMBERS, "no_downhill"),),
        "a number for a run, for a week or for its rise, or no downhill",
    ),
}
"""Of each group of fields a note needs one; and that in words."""


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
    note |= {name: parsed_date(name, note[name]).isoformat() for name in _DAYS if name in note}
    bounds = _NUMBERS | {"value": _VALUES.get(kind, _MINUTES)}
    for name in bounds.keys() & note.keys():
        what = kind if name == "value" else name.replace("_", " ")
        note[name] = _number(what, bounds[name], note[name])
    if not all(note.keys() & set(group) for group in needs(kind)):
        raise EntryError(f"a note of {kind} needs {_needed(kind)[1]}")
    _check_end(note)
    return note


def needs(kind: str) -> tuple[tuple[str, ...], ...]:
    """Return groups of fields; a note of that kind needs one of each."""
    return _needed(kind)[0]


def _needed(kind: str) -> _Needs:
    return _NEEDS.get(kind, ((("text", "value"),), "a number or some text"))


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
        raise EntryError(f"the last day is before the first; that is {first}")
