"""Strava's account export: ``activities.csv`` beside the files it names."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import TYPE_CHECKING

from kneeload.importers import containers, csv_rows, json_rows
from kneeload.importers.document import Document, Refusal
from kneeload.importers.exports import Item, joined
from kneeload.importers.exports import strava_columns as columns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kneeload.importers.containers import Container, Member
    from kneeload.importers.csv_rows import Cells

decode = json_rows.decode
is_header = columns.is_header

_MONTHS = (
    "jan ene gen", "feb fev", "mar maa mrt mrz", "apr abr avr", "may mai mei mag", "jun juin giu",
    "jul juil lug", "aug ago aou", "sep set", "oct okt out ott", "nov", "dec dez dic",
)  # fmt: skip
"""Beginnings of the months' names, without accents, in the languages of `strava_columns`."""
_MONTH = {name: at for at, names in enumerate(_MONTHS, 1) for name in names.split()}
_CLOCK = r"(?:,| \u00e0| \u00e0s| om| a las| a la| alle| alle ore| at| um| kl\.?)?,? "
_CLOCK += (
    r"(?P<hour>\d{1,2})[:.h](?P<minute>\d\d)(?:[:.](?P<second>\d\d))?(?: ?(?P<half>[AP])\.? ?M\.?)?"
)
_NAME = r"(?P<month>[^\W\d_]{3,10})\.?"
_DATES = tuple(
    re.compile(date + _CLOCK, re.IGNORECASE)
    for date in (
        rf"{_NAME} (?P<day>\d{{1,2}}), (?P<year>\d{{4}})",
        rf"(?P<day>\d{{1,2}})(?:\.|er|\u00ba)? (?:de )?{_NAME} (?:del? )?(?P<year>\d{{4}})",
        r"(?P<day>\d\d?)\.(?P<month>\d\d?)\.(?P<year>\d{4})",
        r"(?P<year>\d{4})[-/.\u5e74] ?(?P<month>\d\d?)[-/.\u6708] ?(?P<day>\d\d?)[.\u65e5]?",
    )
)
_DAY_FIRST = re.compile(
    r"(?P<day>\d\d?)[/-](?P<month>\d\d?)[/-](?P<year>\d{4})" + _CLOCK, re.IGNORECASE
)


def read(member: Member, chunks: Iterator[bytes], container: Container) -> Iterator[Item]:
    """Yield what the table says about each file, and a document for each run without one."""
    return joined(member, container, _records(containers.whole(chunks)), _companion, _document)


def instant(text: str, *, day_first: bool = False) -> dt.datetime | None:
    """Return Strava's ``Activity Date``, which is UTC whatever it looks like; None if unreadable.

    A date like ``09/12/2022`` is read where `day_first` holds, as in all languages but English;
    else nothing tells whether the month or the day comes first, unless the first is above 12.
    """
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    for pattern in _DATES:
        if match := pattern.fullmatch(plain):
            return _moment(match)
    match = _DAY_FIRST.fullmatch(plain)
    return _moment(match) if match and (day_first or int(match["day"]) > 12) else None


def _records(content: bytes) -> Iterator[tuple[int, Cells]]:
    table = csv_rows.rows(content)
    header = next(table, [])
    places = columns.places(header)
    order = "day first" if not columns.is_english(header) else ""
    for at, row in enumerate(table, 2):
        if any(row):
            cells = {key: row[place] for key, place in places.items() if place < len(row)}
            yield at, cells | {"order": order}


def _document(path: str, cells: Cells, at: int) -> Document | Refusal:
    started_at = instant(cells.get("date", ""), day_first=bool(cells.get("order")))
    if started_at is None:
        reason = f"row {at}: date {cells.get('date', '')!r} is in an unknown format; set Strava"
        return Refusal(path, "warning", f"{reason} to English and request the export again")
    fields = _totals(cells) | {"id": cells.get("id"), "started_at": json_rows.instant(started_at)}
    return Document(path, "strava_row", json_rows.packed(fields), path, _companion(cells))


def _totals(cells: Cells) -> json_rows.Fields:
    names = ("ascent_m", "descent_m", "avg_hr_bpm", "max_hr_bpm")
    return {name: json_rows.positive(cells.get(name)) for name in names} | _measured(cells)


def _measured(cells: Cells) -> json_rows.Fields:
    """Sport, distance and times; metres where there are any, since kilometres may be miles."""
    metres = json_rows.positive(cells.get("distance_m"))
    return {
        "sport": cells.get("type"),
        "distance_m": metres or json_rows.positive(cells.get("km"), 1000),
        "timer_s": json_rows.positive(cells.get("moving_s")),
        "elapsed_s": json_rows.positive(cells.get("elapsed_s")),
    }


def _companion(cells: Cells) -> bytes:
    texts = ("name", "description", "private_note", "gear")
    columns: json_rows.Fields = {name: cells.get(name) for name in texts}
    return json_rows.packed(
        columns | {"rpe": json_rows.positive(cells.get("rpe"))} | _measured(cells)
    )


def _moment(match: re.Match[str]) -> dt.datetime | None:
    hour, half = int(match["hour"]), (match["half"] or "").upper()
    if half:
        hour = hour % 12 + 12 * (half == "P")
    day, minute, second = (int(match[name] or 0) for name in ("day", "minute", "second"))
    try:
        return dt.datetime(
            int(match["year"]), _month(match["month"]), day, hour, minute, second, tzinfo=dt.UTC
        )
    except ValueError:
        return None


def _month(name: str) -> int:
    """Return the number of a month by its number or name, 0 where it is none."""
    if name.isdigit():
        return int(name)
    folded = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return _MONTH.get(folded[:4], _MONTH.get(folded[:3], 0))
