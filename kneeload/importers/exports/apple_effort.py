"""Apple's effort scores: records of their own in an export, which the workouts do not mention."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_MARK = b'IdentifierWorkoutEffortScore"'  # the estimated ones, which nobody entered, end otherwise
_RECORD = re.compile(rb'<Record [^<>]*IdentifierWorkoutEffortScore"[^<>]*>')
_ATTRIBUTE = re.compile(rb'\b(startDate|value)="([^"]*)"')
_SLACK = dt.timedelta(minutes=1)
_MOST = 10


@dataclass
class EffortScores:
    """The scores met so far, 1 to 10 by the instant that they are of."""

    scores: dict[dt.datetime, float] = field(default_factory=dict)

    def watching(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """Yield `chunks` as they are, and remember the scores in them."""
        rest = b""
        for chunk in chunks:
            text = rest + chunk
            if _MARK in text:
                for record in _RECORD.findall(text):
                    self._remember(record)
            rest = text[text.rfind(b"<") :] if text.rfind(b"<") >= 0 else b""
            yield chunk

    def of(self, start: dt.datetime, end: dt.datetime | None) -> float | None:
        """Return the score of a workout, the last one where it was corrected."""
        last = (end or start) + _SLACK
        scores = [score for at, score in self.scores.items() if start - _SLACK <= at <= last]
        return scores[-1] if scores else None

    def _remember(self, record: bytes) -> None:
        attributes = {
            name: value.decode("ascii", "replace") for name, value in _ATTRIBUTE.findall(record)
        }
        try:
            score = float(attributes[b"value"])
            at = dt.datetime.strptime(attributes[b"startDate"], "%Y-%m-%d %H:%M:%S %z")
        except (KeyError, ValueError):
            return
        if 0 < score <= _MOST:
            self.scores[at] = score
