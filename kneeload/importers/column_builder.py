"""Rows of text to columns of numbers and instants, a block at a time."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import numpy as np

from kneeload.errors import FileRefused
from kneeload.importers import spelling
from kneeload.records import Records

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from kneeload.arrays import Floats
    from kneeload.records import Instants

BLOCK = 8192
MOST_POINTS = 3_000_000  # five weeks at one a second
LARGEST = 1e9  # beyond it a number is a fault, and its square may overflow

_NUMBERS = {
    "latitude": "lat",
    "longitude": "lon",
    "distance_m": "distance_m",
    "speed_mps": "speed_mps",
    "altitude_m": "altitude_m",
    "hr_bpm": "hr_bpm",
    "cadence_spm": "cadence_spm",
}
_STAMP = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z"
_STAMPS = re.compile(rf"(?:{_STAMP}\n)*+{_STAMP}", re.ASCII)
_NO_OFFSET = dt.timedelta()
_SHOWN = 40
_NOTHING = frozenset({"nan", "undefined", "null", "none"})  # how programs write "not measured"
_NEVER = np.datetime64("NaT", "us")


class Columns:
    """Collects rows of cells and turns every full block into arrays, so that memory is bounded.

    ``offset_s`` is the first explicit offset from UTC [s] among the times; ``zoneless`` tells
    that some time had no zone and was taken as UTC; ``unread_time`` is the first time, and
    ``unread_position`` the first latitude, that cannot be read; ``other_year`` is the year of the
    first time in another calendar.
    """

    def __init__(self) -> None:
        self.offset_s: int | None = None
        self.zoneless = False
        self.unread_time = ""
        self.unread_position = ""
        self.other_year: int | None = None
        self._stored = 0
        self._rows: list[dict[str, str]] = []
        self._times: list[Instants] = []
        self._numbers: list[Floats] = []

    @property
    def count(self) -> int:
        """Number of rows so far."""
        return self._stored + len(self._rows)

    def add(self, row: dict[str, str]) -> None:
        """Add a row; its keys are names of columns, what is not there is missing."""
        self._rows.append(row)
        if len(self._rows) == BLOCK:
            self._flush()

    def extend(self, cells: Mapping[str, Sequence[str | None]], count: int) -> None:
        """Add `count` rows at once, given by columns; None is missing."""
        self._stored += count
        if self._stored > MOST_POINTS:
            raise FileRefused(f"holds more than {MOST_POINTS} track points")
        numbers = np.full((len(_NUMBERS), count), np.nan)
        for number, name in enumerate(_NUMBERS.values()):
            if name in cells:
                numbers[number] = _numbers(cells[name])
        self._note_position(cells.get("lat", ()), numbers[0])
        self._numbers.append(numbers)
        self._times.append(self._instants(cells.get("time", [None] * count)))

    def records(self, breaks: Sequence[int]) -> Records:
        """Return all rows; a segment begins at each row number of `breaks`."""
        self._flush()
        numbers = np.concatenate(self._numbers, axis=1)
        _without_impossible_positions(numbers)
        return Records(
            time=np.concatenate(self._times),
            **dict(zip(_NUMBERS, numbers, strict=True)),
            segment=numbering(breaks, numbers.shape[1]),
        )

    def _note_position(self, texts: Sequence[str | None], latitude: Floats) -> None:
        if not self.unread_position and np.isnan(latitude).all():
            self.unread_position = next(
                (text[:_SHOWN] for text in texts if text and text.casefold() not in _NOTHING), ""
            )

    def oddities(self) -> list[str]:
        """Return what was odd about the spelling of times, a sentence each."""
        odd = []
        if self.other_year is not None:
            western = self.other_year - spelling.BUDDHIST_YEARS
            odd.append(f"the clock says {self.other_year}, in the Buddhist calendar: {western}")
        if self.unread_time:
            odd.append(f"some times cannot be read, such as {self.unread_time!r}")
        return odd

    def why_no_time(self) -> str:
        """Return why no time could be read, empty where there is none to read."""
        if not self.unread_time:
            return ""
        year = spelling.year(self.unread_time)
        calendar = f": the clock says the year {year}, of another calendar" if year else ""
        return f"none of its times can be read, such as {self.unread_time!r}{calendar}"

    def _flush(self) -> None:
        rows, self._rows = self._rows, []
        present = set[str]().union(*rows)
        self.extend({name: [row.get(name) for row in rows] for name in present}, len(rows))

    def _instants(self, texts: Sequence[str | None]) -> Instants:
        """Return times in UTC, NaT where there is none."""
        present = [text for text in texts if text]
        times = np.full(len(texts), _NEVER)
        try:
            times[[bool(text) for text in texts]] = _plain_instants(present)
        except ValueError:
            times[[bool(text) for text in texts]] = [self._instant(text) for text in present]
        return times

    def _instant(self, text: str) -> np.datetime64:
        time = spelling.time(text)
        if time is None:
            self.unread_time = self.unread_time or text.strip()[:_SHOWN]
            return _NEVER
        if self.other_year is None and (year := spelling.year(text)) != time.year:
            self.other_year = year
        offset = time.utcoffset()
        if offset is None:
            self.zoneless = True
        elif offset and self.offset_s is None:
            self.offset_s = int(offset.total_seconds())
        return np.datetime64(time.replace(tzinfo=None) - (offset or _NO_OFFSET), "us")


def numbering(starts: Sequence[int], count: int) -> NDArray[np.int64]:
    """Return for each of `count` rows how many of the `starts` lie at it or before it."""
    rows = np.arange(count)
    return np.searchsorted(np.asarray(starts, dtype=np.int64), rows, side="right")


def _plain_instants(texts: list[str]) -> Instants:
    """Read times as nearly every file has them: all in UTC, marked with Z.

    Raises
    ------
    ValueError
        If one of them is not.
    """
    if not _STAMPS.fullmatch("\n".join(texts)):
        raise ValueError("other spellings")
    times = np.array([text[:-1] for text in texts], dtype="datetime64[us]")
    first, last = times.min(), times.max()
    if np.isnat(first) or not np.datetime64("1900") <= first <= last < np.datetime64("2200"):
        raise ValueError("no dates from this era")
    return times


def _numbers(texts: Sequence[str | None]) -> Floats:
    """Return numbers, NaN where a text is missing, is none or is absurd."""
    try:
        values = np.array(texts, dtype=np.float64)
    except ValueError:
        values = np.array([spelling.number(text or "") for text in texts], dtype=np.float64)
    values[~(np.abs(values) < LARGEST)] = np.nan
    return values


def _without_impossible_positions(numbers: Floats) -> None:
    """Blank positions off the globe, and the 0, 0 that devices write without a fix."""
    latitude, longitude = numbers[0], numbers[1]
    on_globe = (np.abs(latitude) <= 90) & (np.abs(longitude) <= 180)
    numbers[:2, ~on_globe | ((latitude == 0) & (longitude == 0))] = np.nan
