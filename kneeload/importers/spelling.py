"""Numbers and times as other countries and calendars spell them, where there is one reading."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata

BUDDHIST_YEARS = 543
"""Years by which the Thai solar calendar is ahead; its months and days are the Gregorian ones."""

_YEARS = range(1900, 2200)
_BUDDHIST = range(1980 + BUDDHIST_YEARS, 2100 + BUDDHIST_YEARS)
_LONGEST = 64
_DAY = dt.timedelta(days=1)
_SIGNS = str.maketrans({"\u066b": ".", "\u2212": "-", "\u066c": None, "\u00a0": " ", "\u202f": " "})
_ZONES = re.compile(r"\s*(?:(?:Z|UTC|GMT|[+-]00:?00)\s*)+$", re.IGNORECASE)
# Latin, Greek, Arabic and East Asian spellings of before and after noon
_AFTERNOON = r"p\.?\s*m\.?|\u03bc\.?\u03bc\.?|\u0645|\u4e0b\u5348|\u5348\u5f8c|\uc624\ud6c4"
_MORNING = r"a\.?\s*m\.?|\u03c0\.?\u03bc\.?|\u0635|\u4e0a\u5348|\u5348\u524d|\uc624\uc804"
_HALF = re.compile(rf"\s*(?:(?P<pm>{_AFTERNOON})|(?P<am>{_MORNING}))\s*(?=Z?$)", re.IGNORECASE)
_CLOCK = re.compile(r"(?P<date>\d{4}-\d\d-\d\d)[T\s]+(?P<hour>\d{1,2})(?P<rest>:\d\d.*)")
_YEAR = re.compile(r"(\d{4})[-/]")


def number(text: str) -> float:
    """Return the number that a text spells, NaN where it spells none.

    A decimal comma, digits of other scripts and their signs are read. A comma and a point together
    are thousands and decimals, whichever comes last; one alone is the decimal sign.
    """
    try:
        return float(text)
    except ValueError:
        pass
    plain = text.translate(_SIGNS).strip()
    if "." in plain and "," in plain:
        thousands = min(",.", key=plain.rfind)
        plain = plain.replace(thousands, "")
    try:
        return float(plain.replace(",", "."))
    except ValueError:
        return math.nan


def time(text: str) -> dt.datetime | None:
    """Return the time that `text` tells, None where it tells none.

    ISO 8601 in all spellings of the standard library and, where that gives up, of gpxpy; in digits
    of other scripts, with the zone's letter doubled, on a clock of twelve hours, and in the
    Buddhist calendar. A time without zone stays naive. Other years than 1900 to 2199 are no times.
    """
    text = text.strip()
    if not text or len(text) > _LONGEST:
        return None
    moment = _iso(text) or _iso(_plain(text)) or _by_gpxpy(_plain(text))
    return _gregorian(moment) if moment else None


def year(text: str) -> int | None:
    """Return the year that a time begins with, in whatever calendar; None where it does not."""
    match = _YEAR.match(_plain(text[:_LONGEST].strip()))
    return int(match[1]) if match else None


def _gregorian(moment: dt.datetime) -> dt.datetime | None:
    if moment.year in _BUDDHIST:
        try:
            return moment.replace(year=moment.year - BUDDHIST_YEARS)
        except ValueError:  # 29 February of a year that has none
            return None
    return moment if moment.year in _YEARS else None


def _iso(text: str) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        return None


def _plain(text: str) -> str:
    """Return a time in ASCII digits, on a clock of 24 hours, its UTC mark as one Z."""
    text = "".join(
        str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text.translate(_SIGNS)
    )
    if text[4:5] == "/" == text[7:8]:
        text = text[:10].replace("/", "-") + text[10:]
    text = _ZONES.sub("Z", text)
    half = _HALF.search(text)
    clock = _CLOCK.fullmatch(text[: half.start()] + text[half.end() :] if half else text)
    if not clock:
        return text
    hour = int(clock["hour"])
    if half and not 1 <= hour <= 12:
        return text
    hour = hour % 12 + 12 * bool(half["pm"]) if half else hour
    return f"{clock['date']}T{hour:02}{clock['rest']}"


def _by_gpxpy(text: str) -> dt.datetime | None:
    from gpxpy.gpx import GPXException
    from gpxpy.gpxfield import parse_time as lenient

    try:
        moment = lenient(text)
        return moment if moment and abs(moment.utcoffset() or dt.timedelta()) < _DAY else None
    except (GPXException, ValueError):
        return None
