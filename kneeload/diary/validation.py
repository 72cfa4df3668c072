"""What may be said in the diary, checked on the way in."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any, get_args

from kneeload.errors import EntryError
from kneeload.formatting import Knee, Site
from kneeload.model import Moment, Origin, PainEntry

if TYPE_CHECKING:
    from collections.abc import Mapping

CHOICES: dict[str, tuple[str, ...]] = {
    "knee": get_args(Knee),
    "site": get_args(Site),
    "moment": get_args(Moment),
    "origin": get_args(Origin),
}
PAIN_FIELDS: tuple[str, ...] = tuple(f.name for f in fields(PainEntry))
PROVOKED_BY = (
    "stairs",
    "downhill",
    "uphill",
    "squatting",
    "sitting",
    "kneeling",
    "standing_up",
    "jumping",
    "speed",
    "long_run",
)
EASED_BY = (
    "rest",
    "ice",
    "heat",
    "warming_up",
    "walking",
    "stretching",
    "strength",
    "taping",
    "massage",
    "shorter_steps",
)
"""What the help offers; any other words will do."""

_FAR_ONSET = {"onset_km": 300.0, "onset_min": 6000.0}


def validated_entry(fields: Mapping[str, Any]) -> PainEntry:
    """Return the pain entry that `fields` describes; empty values mean the default.

    Raises
    ------
    EntryError
        If a field is unknown or its value impossible; the message says what is allowed.
    """
    filled = {key: value for key, value in fields.items() if value not in (None, "")}
    unknown = set(filled) - set(PAIN_FIELDS)
    if unknown:
        raise EntryError(f"a pain entry has no {', '.join(sorted(unknown))}")
    for name in ("local_date", "score"):
        if name not in filled:
            raise EntryError(f"a pain entry needs a {name}")
    return PainEntry(**{key: _READERS.get(key, _text)(key, value) for key, value in filled.items()})


def payload(entry: PainEntry) -> dict[str, Any]:
    """Return the entry's fields as JSON can keep them."""
    return asdict(entry) | {"local_date": entry.local_date.isoformat()}


def _text(key: str, value: object) -> str:
    text = str(value).strip()
    allowed = CHOICES.get(key)
    if allowed and text not in allowed:
        raise EntryError(f"{key} is one of {', '.join(allowed)}, not {text!r}")
    return text


def _score(key: str, value: object) -> int:
    try:
        score = float(str(value))
    except ValueError:
        raise EntryError(f"{key} is a whole number from 0 to 10, not {value!r}") from None
    if score not in range(11):
        raise EntryError(f"{key} is a whole number from 0 to 10, not {value!r}")
    return int(score)


def parsed_date(key: str, value: object) -> dt.date:
    """Return a date, also from its ISO form; refuse any other text."""
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(str(value).strip())
    except ValueError:
        raise EntryError(f"{key} is a date like 2026-03-14, not {value!r}") from None


def _onset(key: str, value: object) -> float:
    try:
        onset = float(str(value))
    except ValueError:
        raise EntryError(f"{key} is a number, not {value!r}") from None
    if not 0 <= onset <= _FAR_ONSET[key]:
        raise EntryError(f"{key} lies between 0 and {_FAR_ONSET[key]:g}, not {value!r}")
    return onset


def _listed(_: str, value: object) -> str:
    """Return several things joined by ``;``, offered ones by their names."""
    offered = {name.replace("_", " "): name for name in (*PROVOKED_BY, *EASED_BY)}
    things = (thing.strip() for thing in str(value).replace(",", ";").split(";"))
    named = (offered.get(t.lower().replace("_", " ").replace("-", " "), t) for t in things)
    return ";".join(dict.fromkeys(name for name in named if name))


_YES_NO = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def _yes_no(key: str, value: object) -> bool:
    answer = _YES_NO.get(str(value).strip().lower())
    if answer is None:
        raise EntryError(f"{key} is true or false, not {value!r}")
    return answer


_READERS: dict[str, Any] = {
    "local_date": parsed_date,
    "score": _score,
    "onset_km": _onset,
    "onset_min": _onset,
    "painkillers": _yes_no,
    "provoked_by": _listed,
    "eased_by": _listed,
}
