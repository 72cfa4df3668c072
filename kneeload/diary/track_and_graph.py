"""The CSV that Track & Graph (Android) exports, as lines of the pain inbox.

One row is one tap: ``FeatureName,Timestamp,Value,Note`` and, in some versions, ``Label``; older
values carry the label behind a colon (``3.0:sharp``). Features named after a knee are read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from kneeload.diary.lines import Line, normalised
from kneeload.diary.note_parser import plain, tokens_of
from kneeload.importers import csv_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

_VALUE = re.compile(r"\s*(?P<whole>\d{1,2})(?:[.,]0+)?(?!:\d+:\d)(?::(?P<label>.*))?\s*", re.DOTALL)
_MOST = 10


class Table(NamedTuple):
    """The scores as lines; features without a knee in their name; rows without a score."""

    lines: tuple[Line, ...]
    others: tuple[str, ...]
    bad: tuple[tuple[int, str], ...]

    def left(self, name: str) -> Iterator[str]:
        """Yield what was left of the file of that name, in sentences."""
        if self.others:
            yield f"{name}: left out {', '.join(self.others)} (not named after a knee)"
        for number, value in self.bad:
            yield f"{name}, line {number}: {value!r} is not a score from 0 to 10; skipped"


def read(content: bytes) -> Table:
    """Return the rows of an export."""
    lines: list[Line] = []
    bad: list[tuple[int, str]] = []
    others: dict[str, None] = {}
    for number, row in csv_rows.records(content):
        feature, value = row.get("featurename", ""), row.get("value", "")
        if not is_knee(feature):
            others |= {feature: None} if feature else {}
        elif (score := _score(value)) is None:
            bad.append((number, value))
        else:
            lines.append(Line(number, _line(row, feature, *score), complete=True))
    return Table(tuple(lines), tuple(others), tuple(bad))


def is_knee(feature: str) -> bool:
    """Whether a feature is named after a knee, and after nothing else: no strength, no calf."""
    kinds = {token.kind for token in tokens_of(plain(feature))}
    return "knee" in kinds and "part" not in kinds


def _score(value: str) -> tuple[int, str] | None:
    match = _VALUE.fullmatch(value)
    if match is None or int(match["whole"]) > _MOST:
        return None
    return int(match["whole"]), match["label"] or ""


def _line(row: dict[str, str], feature: str, score: int, label: str) -> str:
    """Return a row as a line: digits in a feature's name are none of a score."""
    named = re.sub(r"[^\w\s]|\d", " ", feature.replace("_", " "))
    note = " ".join(f"{row.get('label', '') or label} {row.get('note', '')}".split())
    words = normalised(f"{row.get('timestamp', '')} {' '.join(named.split())} {score}")
    return f"{words}\t{note}" if note else words
