"""The lines of a text file: decoded, told apart, and dated by what they say themselves."""

from __future__ import annotations

import codecs
import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LINE_END = re.compile(r"\r\n|\n|\r")
_BYTES_LINE_END = re.compile(rb"\r\n|\n|\r")
_INVISIBLE = "\ufeff\u200b\u200e\u200f\u2060"
_STAMP = re.compile(
    r"(?P<date>\d{4}-\d{2}-\d{2})(?!\d)"
    r"(?:(?:[T_]|,?[ \t]+)(?P<clock>\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?)"
    r"(?:\s?(?P<half>[ap])\.?m\.?(?!\w))?"
    r"(?:\s?(?P<offset>Z(?!\w)|[+-]\d{2}:?\d{2}(?!\d)))?)?"
    r"(?P<glue>[\s,;:|]+|$)",
    re.IGNORECASE,
)
_NOON_H = 12


class Line(NamedTuple):
    """A line of a file: its number from 1, its normalised text, whether its end was written."""

    number: int
    text: str
    complete: bool


@dataclass(frozen=True)
class Stamp:
    """When a line was written, by its own words.

    Parameters
    ----------
    date
        The day on the writer's calendar.
    clock
        The time of day, ``None`` where there is only a date.
    offset
        Local time minus UTC as written, ``None`` where it was not.
    """

    date: dt.date
    clock: dt.time | None = None
    offset: dt.timedelta | None = None

    def instant(self, zone: str) -> dt.datetime | None:
        """Return the instant, read in `zone` where no offset is written; None without a clock."""
        if self.clock is None:
            return None
        local = dt.datetime.combine(self.date, self.clock)
        fixed = None if self.offset is None else dt.timezone(self.offset)
        return local.replace(tzinfo=fixed or ZoneInfo(zone))


def lines_of(content: bytes) -> list[Line]:
    """Return the lines of a file that are not blank, in its order.

    Parameters
    ----------
    content
        UTF-8, UTF-16 or UTF-32 by their byte-order mark; else UTF-8, and line by line Windows-1252
        where it is not.
    """
    texts = list(_texts(content))
    last = len(texts)
    lines = (
        Line(number, normalised(text), complete=number < last)
        for number, text in enumerate(texts, 1)
    )
    return [line for line in lines if line.text]


def normalised(text: str) -> str:
    """Return a line's text as it is compared: no byte-order mark, no outer space, NFC."""
    return unicodedata.normalize("NFC", text.strip().strip(_INVISIBLE).strip())


def stamp_of(text: str) -> tuple[Stamp, str] | None:
    """Return when a line was written and the words behind that; None where no date leads it."""
    match = _STAMP.match(text)
    if match is None:
        return None
    try:
        stamp = Stamp(
            dt.date.fromisoformat(match["date"]),
            _clock(match["clock"], match["half"]),
            _offset(match["offset"]),
        )
    except ValueError:
        return None
    return stamp, text[match.end() :].strip()


def is_ahead(stamp: Stamp, now: dt.datetime, zone: str) -> bool:
    """Return whether a line is dated more than a day after the clock."""
    instant = stamp.instant(zone)
    if instant is None:
        return stamp.date > now.astimezone(ZoneInfo(zone)).date() + dt.timedelta(days=1)
    return instant > now + dt.timedelta(days=1)


def _texts(content: bytes) -> Iterator[str]:
    """Yield the lines; the last one, perhaps empty, is the one whose end was not written."""
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            text = content.removeprefix(mark).decode(encoding, "ignore")
            yield from _LINE_END.split(text)
            return
    for raw in _BYTES_LINE_END.split(content):
        yield _decoded(raw)


def _decoded(raw: bytes) -> str:
    """Return one line; a letter of which the last bytes have not come yet is left out."""
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(raw)
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def _clock(text: str | None, half: str | None) -> dt.time | None:
    if text is None:
        return None
    hour, _, rest = text.replace(",", ".").partition(":")
    clock = dt.time.fromisoformat(f"{int(hour):02}:{rest}")
    if half is None:
        return clock
    if not 1 <= clock.hour <= _NOON_H:
        raise ValueError(text)
    return clock.replace(hour=clock.hour % _NOON_H + _NOON_H * (half.lower() == "p"))


def _offset(text: str | None) -> dt.timedelta | None:
    if text is None:
        return None
    if text in "Zz":
        return dt.timedelta(0)
    digits = text[1:].replace(":", "")
    offset = dt.timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    if offset >= dt.timedelta(hours=24):
        raise ValueError(text)
    return -offset if text[0] == "-" else offset
