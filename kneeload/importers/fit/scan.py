"""Where the messages are: one walk over the headers, in strides where they repeat.

Most of a file is one message again and again, or a few in turn (a record, its heart beats, a
record, ...). A header byte that stands where the last turn says it must is enough to step on.
"""

from __future__ import annotations

import struct
from array import array
from dataclasses import dataclass, field
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from kneeload.errors import FileRefused
from kneeload.importers.fit.container import CUT_SHORT
from kneeload.importers.fit.layout import Shape, Slot, shape

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_STEPS = 2_000_000
MAX_MESSAGES = 7 * 24 * 3600
MAX_SESSIONS = 100
MAX_SHAPES = 2000
_STRIDE = 128
_LONGEST_TURN = 8
_FEWEST_TURNS = 4
_COMPRESSED = 0x80
_DEFINITION = 0x40
_DEVELOPER = 0x20
_DESCRIPTION = "field_description"
_ENDLESS = "holds more messages than any watch writes"


class Uncertain(Exception):  # noqa: N818 - no fault, but a question handed on
    """The bytes have a form that only fitparse is trusted with."""


class _Ended(Exception):  # noqa: N818
    """The walk ends here, before the end."""

    def __init__(self, position: int, reason: str) -> None:
        super().__init__(reason)
        self.position = position


@dataclass(slots=True)
class Track:
    """The messages of one shape: where single ones are, and runs.

    Parameters
    ----------
    singles
        Starts [bytes].
    runs
        Start, count and stride [bytes] of each run in turn.
    """

    shape: Shape
    size: int
    stamped: bool
    singles: array[int] = field(default_factory=partial(array, "q"))
    runs: list[int] = field(default_factory=list)

    @property
    def count(self) -> int:
        """Number of messages."""
        return len(self.singles) + sum(self.runs[1::3])

    @property
    def starts(self) -> NDArray[np.int64]:
        """Where each message begins, in the file's order [bytes]."""
        singles = np.array(self.singles, dtype=np.int64)
        if not self.runs:
            return singles
        starts, counts, strides = np.array(self.runs, dtype=np.int64).reshape(-1, 3).T
        within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        in_runs = np.repeat(starts, counts) + within * np.repeat(strides, counts)
        return np.sort(np.concatenate((singles, in_runs)), kind="stable")

    @property
    def last(self) -> int:
        """Where the last message begins [bytes]; -1 without one."""
        start, count, stride = self.runs[-3:] or (-1, 1, 0)
        return max(start + (count - 1) * stride, *self.singles[-1:], -1)


class Scan(NamedTuple):
    """What the walk found.

    Parameters
    ----------
    tracks
        The messages of each wanted definition.
    stamps
        Timestamps of messages with compressed headers, by offset.
    recounted
        Whether a second definition has a counter of compressed distance, which begins it anew.
    end
        Up to here every message is whole.
    warnings
        Why the walk ended before the end.
    """

    tracks: list[Track]
    stamps: dict[int, int]
    recounted: bool
    end: int
    warnings: tuple[str, ...] = ()

    def descriptions(self, body: bytes) -> bytes:
        """Return the messages that name and describe the developer fields."""
        described = (track for track in self.tracks if track.shape.message == _DESCRIPTION)
        return b"".join(body[at : at + t.size] for t in described for at in t.starts.tolist())


def walk(body: bytes) -> Scan:
    """Walk over the messages of one FIT file without its envelope.

    Raises
    ------
    FileRefused
        If it holds more messages, records or definitions than any watch writes.
    Uncertain
        If only fitparse is trusted to tell the time of compressed headers.
    """
    walker = _Walker(body)
    end, warnings = walker.walk()
    tracks = [track for track in walker.tracks.values() if track.shape.message]
    _check(tracks)
    return Scan(tracks, walker.stamps, walker.recounted, end, warnings)


def _check(tracks: list[Track]) -> None:
    """Refuse what would cost minutes or gigabytes: more than a week of seconds, say."""
    sessions = sum(track.count for track in tracks if track.shape.message == "session")
    if sessions > MAX_SESSIONS or sum(track.count for track in tracks) > MAX_MESSAGES:
        raise FileRefused(_ENDLESS)


class _Walker:
    """The state of one walk."""

    def __init__(self, body: bytes) -> None:
        self.body = body
        self.by_head: list[Track | None] = [None] * 256  # of plain headers
        self.tracks: dict[bytes, Track] = {}  # by definition
        self.stamps: dict[int, int] = {}
        self.clock: int | None = None
        self.stamped_at = -1
        self.counting = False
        self.recounted = False

    def walk(self) -> tuple[int, tuple[str, ...]]:
        """Walk, and return where the walk ended and why, if not at the end."""
        try:
            return self._steps(), ()
        except _Ended as ended:
            return ended.position, (str(ended),)

    def _steps(self) -> int:
        """Note where each message is: one by one, and now and then all turns that follow."""
        position, patience, left = 0, _LONGEST_TURN, MAX_STEPS
        while position < len(self.body):
            left -= patience
            if left < 0:
                raise FileRefused(_ENDLESS)
            begun = self._singly(position, patience)
            position = self._turns(begun)
            patience = _LONGEST_TURN if position > begun else min(2 * patience, _STRIDE)
        return position

    def _singly(self, position: int, steps: int) -> int:
        """Note the next messages, at most so many and their repetitions; return where they end.

        This is the loop that decides how fast FIT is read.
        """
        body, by_head, end = self.body, self.by_head, len(self.body)
        for _ in range(steps):
            if position >= end:
                break
            head = body[position]
            track = by_head[head]
            if track is None:
                position = self._other(position, head)
                continue
            size = track.size
            after = position + size
            if after < end and body[after] == head:
                count = _repeats(body, position, size, min(_STRIDE, (end - position) // size), head)
                track.runs += (position, count, size)
                position += count * size
            elif after <= end:
                track.singles.append(position)
                position = after
            else:
                raise _Ended(position, CUT_SHORT)
        return position

    def _turns(self, position: int) -> int:
        """Note the messages that come in turns from here on; return where they end."""
        body, by_head, end = self.body, self.by_head, len(self.body)
        turn: list[tuple[int, int, Track]] = []
        after = position
        while after < end and len(turn) <= _LONGEST_TURN:
            head = body[after]
            if turn and head == turn[0][0]:
                length = after - position
                count = min(_STRIDE, (end - position) // length)
                for other, start, _ in turn[1:] + turn[:1]:
                    if count < _FEWEST_TURNS:
                        break
                    count = _repeats(body, start, length, count, other)
                if count >= _FEWEST_TURNS:
                    for _, start, track in turn:
                        track.runs += (start, count, length)
                    return position + count * length
            if (known := by_head[head]) is None:
                break
            turn.append((head, after, known))
            after += known.size
        return position

    def _other(self, position: int, head: int) -> int:
        """Take a definition, or a message whose header holds its time; return where it ends."""
        if head >= _COMPRESSED:
            return self._stamp(position, head)
        if head & _DEFINITION:
            return self._define(position, head)
        raise _Ended(position, f"damaged at byte {position}, the rest is lost")

    def _define(self, position: int, head: int) -> int:
        """Take a definition message; from now on its local number means its shape."""
        after = _definition_end(self.body, position, head)
        definition = self.body[position + 1 : after]
        track = self.tracks.get(definition) or self._track(definition)
        if track.shape.counting:
            self.recounted |= self.counting
            self.counting = True
        self.by_head[head & 0x0F : _DEFINITION : 0x10] = [track] * 4
        return after

    def _track(self, definition: bytes) -> Track:
        if len(self.tracks) == MAX_SHAPES:
            raise FileRefused(_ENDLESS)
        form = shape(definition)
        self.tracks[definition] = Track(form, form.size, form.stamp is not None)
        return self.tracks[definition]

    def _stamp(self, position: int, head: int) -> int:
        """Take a message with a compressed header, whose five bits count the clock on."""
        track = self.by_head[head >> 5 & 0x03]
        if track is None:
            raise _Ended(position, f"damaged at byte {position}, the rest is lost")
        if position + track.size > len(self.body):
            raise _Ended(position, CUT_SHORT)
        if track.stamped:
            raise Uncertain
        timed = (other for other in self.tracks.values() if other.stamped)
        newest = max(timed, key=attrgetter("last"), default=None)
        if newest and newest.last > self.stamped_at:
            self.stamped_at = newest.last
            self.clock = _time_at(self.body, newest.shape.stamp, self.stamped_at)
        if self.clock is None:
            raise Uncertain
        self.clock += ((head & 0x1F) - self.clock) % 32
        self.stamps[position] = self.clock
        track.singles.append(position)
        return position + track.size


def _repeats(body: bytes, position: int, stride: int, most: int, head: int) -> int:
    """Count the messages from `position`, a stride apart, that bear this header byte."""
    heads = body[position : position + stride * most : stride]
    return len(heads) - len(heads.lstrip(bytes((head,))))


def _definition_end(body: bytes, position: int, head: int) -> int:
    """Return where the definition at `position` ends."""
    after = position + 6
    if after <= len(body):
        after += 3 * body[after - 1]
    if head & _DEVELOPER:
        after += 1
        if after <= len(body):
            after += 3 * body[after - 1]
    if after > len(body):
        raise _Ended(position, CUT_SHORT)
    return after


def _time_at(body: bytes, slot: Slot | None, position: int) -> int:
    if slot is None or slot.dtype[1:] != "u4" or not slot.plain:
        raise Uncertain
    (value,) = struct.unpack_from(slot.dtype[0] + "I", body, position + slot.at)
    if value == slot.invalid:
        raise Uncertain
    return int(value)
