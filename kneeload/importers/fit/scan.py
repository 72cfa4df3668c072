"""Where the messages are: one walk over the headers, in strides where they repeat.

Most of a file is one message again and again, or a few in turn (a record, its heart beats, a
record, ...). A header byte that stands where the last turn says it must is enough to step on.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import NamedTuple

from kneeload.errors import FileRefused
from kneeload.importers.fit.container import CUT_SHORT
from kneeload.importers.fit.layout import Shape, Slot, shape

MAX_STEPS = 2_000_000
MAX_MESSAGES = 7 * 24 * 3600
MAX_SESSIONS = 100
MAX_SHAPES = 2000
_STRIDE = 128
_LONGEST_TURN = 8
_FEWEST_TURNS = 2
_COMPRESSED = 0x80
_DEFINITION = 0x40
_DEVELOPER = 0x20
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
    """The messages of one shape in runs: the start, count and stride [bytes] of each in turn."""

    shape: Shape
    size: int
    stamped: bool
    runs: list[int] = field(default_factory=list)

    @property
    def count(self) -> int:
        """Number of messages."""
        return sum(self.runs[1::3])

    def last(self) -> int:
        """Return where the last message begins [bytes]."""
        start, count, stride = self.runs[-3:]
        return start + (count - 1) * stride


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
        self.by_head: list[Track | None] = [None] * 256
        self.tracks: dict[Shape, Track] = {}
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
        """Note where each message is; the loop that decides how fast FIT is read."""
        body, by_head, end = self.body, self.by_head, len(self.body)
        position = 0
        heads, starts = bytearray(), [0]  # of the single messages just before
        patience = _LONGEST_TURN  # so many of them before it is tried whether they come in turns
        for _ in range(MAX_STEPS):
            if position >= end:
                return position
            head = body[position]
            track = by_head[head]
            if track is None:
                position = self._define(position, head)
                heads, starts = bytearray(), [position]
                continue
            if patience < len(heads):
                after = self._turns(heads, starts)
                heads, starts = bytearray(), [after]
                if after > position:
                    position, patience = after, _LONGEST_TURN
                    continue
                patience = min(2 * patience, _STRIDE)
            size = track.size
            after = position + size
            count = 1
            if after > end:
                raise _Ended(position, CUT_SHORT)
            if head >= _COMPRESSED:
                self._stamp(position, head, track)
            elif after < end and body[after] == head:
                count = _repeats(body, position, size, min(_STRIDE, (end - position) // size), head)
                after = position + count * size
            track.runs += (position, count, size)
            position = after
            if count > 1 or head >= _COMPRESSED:
                heads, starts = bytearray(), [position]
            else:
                heads.append(head)
                starts.append(position)
        raise FileRefused(_ENDLESS)

    def _turns(self, heads: bytearray, starts: list[int]) -> int:
        """Step over single messages that come in turns again; return where they end.

        Parameters
        ----------
        heads, starts
            Header byte and start of each of the last messages, and where the next starts [bytes].
        """
        body, position, begun = self.body, starts[-1], len(heads)
        first = max(0, begun - _LONGEST_TURN)
        while (begun := heads.rfind(body[position], first, begun)) >= 0:
            length = position - starts[begun]
            count = min(_STRIDE, (len(body) - position) // length)
            # The second message first: it tells most wrong guesses.
            for head, start in zip(heads[begun + 1 :], starts[begun + 1 :], strict=False):
                count = _repeats(body, start + length, length, count, head)
                if count < _FEWEST_TURNS:
                    break
            else:
                count = _repeats(body, position, length, count, heads[begun])
                if count >= _FEWEST_TURNS:
                    self._take(heads[begun:], starts[begun:], count)
                    return position + count * length
        return position

    def _take(self, heads: bytearray, starts: list[int], count: int) -> None:
        """Note `count` more turns of these messages."""
        length = starts[-1] - starts[0]
        for head, start in zip(heads, starts, strict=False):
            track = self.by_head[head]
            if track is not None:
                track.runs += (start + length, count, length)

    def _define(self, position: int, head: int) -> int:
        """Take a definition message; from now on its local number means its shape."""
        if head >= _COMPRESSED or not head & _DEFINITION:
            raise _Ended(position, f"damaged at byte {position}, the rest is lost")
        after = _definition_end(self.body, position, head)
        track = self._track(shape(self.body[position + 1 : after]))
        self.recounted |= self.counting and track.shape.counting
        self.counting |= track.shape.counting
        local = head & 0x0F
        for flags in (0x00, 0x10, 0x20, 0x30):
            self.by_head[local | flags] = track
        if local < 4:  # compressed headers have two bits for the local number
            first = _COMPRESSED | local << 5
            self.by_head[first : first + 32] = [track] * 32
        return after

    def _track(self, form: Shape) -> Track:
        if form not in self.tracks:
            self.tracks[form] = Track(form, form.size, form.stamp is not None)
        if len(self.tracks) > MAX_SHAPES:
            raise FileRefused(_ENDLESS)
        return self.tracks[form]

    def _stamp(self, position: int, head: int, track: Track) -> None:
        """Count the clock on by the five bits of a compressed header."""
        if track.stamped:
            raise Uncertain
        timed = (other for other in self.tracks.values() if other.stamped and other.runs)
        newest = max(timed, key=Track.last, default=None)
        if newest and newest.last() > self.stamped_at:
            self.stamped_at = newest.last()
            self.clock = _time_at(self.body, newest.shape.stamp, self.stamped_at)
        if self.clock is None:
            raise Uncertain
        self.clock += ((head & 0x1F) - self.clock) % 32
        self.stamps[position] = self.clock


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
