"""How kneeload writes numbers, dates and units: one place, so that every surface agrees.

English, metric inside, kilometres or miles outside. What is missing is an en dash, never a zero.
"""

from __future__ import annotations

import math
import re
from difflib import get_close_matches
from math import isfinite
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence


KM_PER_MILE = 1.609344
FEET_PER_METRE = 3.280840
_ROUNDING = 1e-6  # what floating point takes from a tenth
EN_DASH = "\u2013"
MISSING = EN_DASH

UNIT_NAMES = {
    **dict.fromkeys(("km", "k", "kms"), "km"),
    **dict.fromkeys(("kilometre", "kilometres", "kilometer", "kilometers"), "km"),
    **dict.fromkeys(("mi", "mile", "miles"), "mi"),
}
"""What people type for a unit."""
UNIT_CAPTIONS = {"km": "Kilometres", "mi": "Miles"}

_KM = re.compile(r"\b([\d,]+(?:\.\d+)?)[ \u00a0]km\b")

# Spelt out because `strftime` follows the machine's locale and the page does not.
KNEES = {"left": "Left knee", "right": "Right knee", "both": "Both knees", "unsure": "Knee"}
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def is_finite(value: float | None) -> bool:
    """Return whether a number was measured: neither None nor NaN."""
    return value is not None and isfinite(value)


def in_units(km: float, units: Units) -> float:
    """Return a distance [km] in display units [km or mi]."""
    return km / KM_PER_MILE if units == "mi" else km


def distance(km: float | None, units: Units = "km") -> str:
    """Return a distance [km] as ``5.2 km`` or ``3.2 mi``."""
    if km is None or not isfinite(km):
        return MISSING
    return f"{in_units(km, units):.1f} {units}"


def base_distance(km: float, units: Units = "km") -> str:
    """Return the run [km] that a limit starts from, never rounded up: with two decimals if need be.

    The limit is rounded down: 8.8 km beside a run of 8.87 km explains itself, beside 8.9 it does
    not.
    """
    amount = in_units(km, units) + _ROUNDING
    if round(amount, 1) <= amount:
        return f"{amount:.1f} {units}"
    return f"{math.floor(amount * 100) / 100:.2f} {units}"


def shown_down(km: float, units: Units = "km") -> float:
    """Return a distance [km] rounded down to the tenth of a unit in which people read it."""
    if not isfinite(km):
        return math.nan
    return _tenths(math.floor(in_units(km, units) * 10 + _ROUNDING), units)


def shown_up(km: float, units: Units = "km") -> float:
    """Return a distance [km] rounded up to the tenth of a unit in which people read it."""
    return _tenths(math.ceil(in_units(km, units) * 10 - _ROUNDING), units)


def _tenths(tenths: int, units: Units) -> float:
    return tenths / 10 * (KM_PER_MILE if units == "mi" else 1)


def height(metres: float | None, units: Units = "km") -> str:
    """Return metres up or down [m] as ``310 m`` or ``1,017 ft``."""
    if metres is None or not isfinite(metres):
        return MISSING
    return f"{metres * FEET_PER_METRE:,.0f} ft" if units == "mi" else f"{metres:,.0f} m"


def duration(seconds: float | None) -> str:
    """Return a duration [s] as ``42:10`` or ``1:02:03``."""
    if seconds is None or not isfinite(seconds):
        return MISSING
    minutes, second = divmod(round(seconds), 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour}:{minute:02d}:{second:02d}" if hour else f"{minute}:{second:02d}"


def hours(value: float) -> str:
    """Return hours [h] as ``1.5 h``, or minutes where it is less than one."""
    return f"{value:.1f} h" if value >= 1 else f"{value * 60:.0f} min"


def pace(seconds: float | None, km: float | None, units: Units = "km") -> str:
    """Return moving time [s] over distance [km] as ``5:40/km`` or ``9:07/mi``."""
    if seconds is None or km is None or not (isfinite(seconds) and isfinite(km)) or km <= 0:
        return MISSING
    return f"{duration(seconds / in_units(km, units))}/{units}"


def number(value: float | None, digits: int = 0) -> str:
    """Return a bare number, or the dash where it was not measured."""
    if value is None or not isfinite(value):
        return MISSING
    return f"{value:,.{digits}f}"


def percent(ratio: float) -> str:
    """Return a share as ``110 %``."""
    return f"{100 * ratio:.0f} %"


def format_ratio(ratio: float) -> str:
    """Return a ratio to the usual as ``1.3 times``."""
    return f"{ratio:.1f} times"


def count(n: int, noun: str, nouns: str = "") -> str:
    """Return ``1 run`` or ``4 runs``."""
    return f"{n:,} {noun if n == 1 else nouns or noun + 's'}"


def how_often(n: int) -> str:
    """Return ``once``, ``twice`` or ``5 times``."""
    return {1: "once", 2: "twice"}.get(n, f"{n:,} times")


def number_name(n: int) -> str:
    """Return a small count as a word: ``four``."""
    names = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
    return names[n] if 0 <= n < len(names) else f"{n:,}"


def day(date: dt.date, today: dt.date | None = None) -> str:
    """Return ``14 March``, with the year where it is not that of `today`."""
    year = "" if today is None or date.year == today.year else f" {date.year}"
    return f"{date.day} {MONTHS[date.month - 1]}{year}"


def day_and_year(date: dt.date) -> str:
    """Return ``14 March 2026``."""
    return f"{day(date)} {date.year}"


def weekday(date: dt.date, today: dt.date | None = None) -> str:
    """Return ``Sat 14 March``, with the year where it is not that of `today`."""
    return f"{DAYS[date.weekday()][:3]} {day(date, today)}"


def date_range(first: dt.date, last: dt.date) -> str:
    """Return the days from `first` to `last`, both included: ``16-22 March 2026`` with a dash."""
    if first.year != last.year:
        return f"{day_and_year(first)} {EN_DASH} {day_and_year(last)}"
    if first.month != last.month:
        return f"{day(first)} {EN_DASH} {day_and_year(last)}"
    return f"{first.day}{EN_DASH}{day_and_year(last)}"


def without_year(text: str, year: int) -> str:
    """Return a text whose dates of `year` do not name it."""
    named = rf"\b(\d\d? (?:{'|'.join(MONTHS)})) {year}\b"
    return re.sub(named, r"\1", text) if f" {year}" in text else text


def join(parts: Iterable[str]) -> str:
    """Return ``a``, ``a and b`` or ``a, b and c``."""
    *most, last = [part for part in parts if part] or [""]
    return f"{', '.join(most)} and {last}" if most else last


def sentence(text: str) -> str:
    """Return `text` with a capital first and a full stop last."""
    text = text.strip()
    stop = "" if text.endswith((".", "?", "!")) or not text else "."
    return text[:1].upper() + text[1:] + stop


def humanise(value: str) -> str:
    """Return a stored name as words: ``next_morning`` becomes ``next morning``."""
    return value.replace("_", " ")


def matching(text: str, names: Iterable[str], others: Mapping[str, str] | None = None) -> list[str]:
    """Return the stored names that a typed one may mean; more than one where it is ambiguous.

    The very name or another word for it decides; else the names that begin with what was typed,
    else those that contain it. Case, blanks and hyphens make no difference.
    """
    typed = re.sub(r"[ _-]+", "_", text.strip().lower())
    lower = {name.lower(): name for name in names}
    stored = (others or {}).get(typed, typed)
    if stored in lower:
        return [lower[stored]]
    begin = [name for low, name in lower.items() if typed and low.startswith(typed)]
    return begin or [name for low, name in lower.items() if typed and typed in low]


def not_one_of(what: str, text: str, names: Sequence[str], matches: Sequence[str] = ()) -> str:
    """Return why a typed value is refused: ambiguous, or none of the names; the nearest one."""
    if len(matches) > 1:
        return f"{what} {text!r} could be {' or '.join(matches)}"
    near = get_close_matches(text.lower(), names, n=1)
    hint = f"; did you mean {near[0]}?" if near else ""
    return f"{what} is one of {', '.join(names)}, not {text!r}{hint}"


def none_if_nan(value: float | None) -> float | None:
    """Return a number, or None where it was not measured."""
    return float(value) if value is not None and isfinite(value) else None


def convert_km_in_text(text: str, units: Units) -> str:
    """Return a sentence that speaks of kilometres in display units."""
    if units == "km":
        return text
    return _KM.sub(lambda match: distance(float(match[1].replace(",", "")), units), text)


GRADES = {
    "cohort": "a study that followed many runners",
    "trial": "a trial",
    "laboratory": "laboratory measurements",
    "convention": "what coaches and clinicians commonly do",
    "assumption": "an assumption",
    "none stated": "its author names none",
}
SEVERITIES = {"note": "note", "warn": "warning", "alert": "alert"}


REFERENCE_WEEK = (
    "Reference week: the latest of the previous three weeks that was neither empty nor a cutback "
    "(an easier week). Rules compare each week with it."
)
RATINGS = (
    "Green, amber, red: how kneeload rates the scores of a run or day. Amber asks you to run less, "
    "red to rest."
)
TERMS = {"reference week": REFERENCE_WEEK, " rated ": RATINGS}
"""What needs a word of explanation where a text holds the key."""


def grade(value: str) -> str:
    """Return an evidence grade in words that need no glossary."""
    return GRADES.get(value, value)


def grades(values: Iterable[str]) -> list[str]:
    """Return what those evidence grades stand for that do not say so themselves, a line each."""
    used = set(values)
    return [f"{g}: {text}" for g, text in GRADES.items() if g in used and g not in text]


def severity(value: str) -> str:
    """Return a flag's severity as a word for a reader."""
    return SEVERITIES.get(value, value)


Units = Literal["km", "mi"]
Knee = Literal["left", "right", "both", "unsure"]
Site = Literal[
    "front", "below_kneecap", "above_kneecap", "outer", "inner", "back", "whole", "unsure"
]
