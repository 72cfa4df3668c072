"""What a definition message says about the data messages that follow it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from kneeload.importers.fit.profile import COMPRESSED, TIMESTAMP, Field, wanted_messages

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

_BASE_TYPES: dict[int, tuple[str, int | None]] = {
    0x00: ("u1", 0xFF),
    0x01: ("i1", 0x7F),
    0x02: ("u1", 0xFF),
    0x83: ("i2", 0x7FFF),
    0x84: ("u2", 0xFFFF),
    0x85: ("i4", 0x7FFFFFFF),
    0x86: ("u4", 0xFFFFFFFF),
    0x88: ("f4", None),
    0x89: ("f8", None),
    0x0A: ("u1", 0),
    0x8B: ("u2", 0),
    0x8C: ("u4", 0),
    0x8E: ("i8", 0x7FFFFFFFFFFFFFFF),
    0x8F: ("u8", 0xFFFFFFFFFFFFFFFF),
    0x90: ("u8", 0),
}
_COMPRESSED_BYTES = 3
_CLOCK = Field("timestamp")


class Slot(NamedTuple):
    """A wanted field where one definition puts it; `invalid` is the raw value of "not measured"."""

    field: Field
    at: int
    dtype: str
    invalid: int | None
    plain: bool

    @property
    def narrow(self) -> bool:
        """Whether it is an integer that a double holds exactly."""
        return self.dtype[1:] in {"u1", "i1", "u2", "i2", "u4", "i4"}


@dataclass(frozen=True, eq=False)
class Shape:
    """Data messages of one definition.

    Parameters
    ----------
    message
        Name of the message, empty where nothing of it is wanted.
    size
        Length of each message [bytes], header included.
    slots
        The wanted fields.
    stamp
        The timestamp, which compressed headers count on from; ``None`` without one.
    """

    message: str
    size: int
    slots: tuple[Slot, ...]
    stamp: Slot | None

    @cached_property
    def certain(self) -> bool:
        """Whether every wanted field is one plain number, and there once."""
        names = {slot.field.name for slot in self.slots}
        return len(names) == len(self.slots) and all(slot.plain for slot in self.slots)

    @cached_property
    def counting(self) -> bool:
        """Whether it has a compressed speed and distance, whose distance counts round."""
        return any(slot.field.name == COMPRESSED for slot in self.slots)

    @cached_property
    def numbers(self) -> tuple[Slot, ...]:
        """The fields that are numbers of their own."""
        return tuple(slot for slot in self.slots if slot.field.name != COMPRESSED)

    @cached_property
    def invalid(self) -> NDArray[np.float64]:
        """The raw value of "not measured", a row for each of `numbers`; NaN if not narrow."""
        return _rows(slot.invalid if slot.narrow else None for slot in self.numbers)

    @cached_property
    def scale(self) -> NDArray[np.float64]:
        """What the raw values are divided by, a row for each of `numbers`."""
        return _rows(slot.field.scale for slot in self.numbers)

    @cached_property
    def offset(self) -> NDArray[np.float64]:
        """What is then taken off, a row for each of `numbers`."""
        return _rows(slot.field.offset for slot in self.numbers)

    @cached_property
    def dtype(self) -> np.dtype[np.void]:
        """One message as a numpy record of its wanted fields."""
        return np.dtype(
            {
                "names": [slot.field.name for slot in self.slots],
                "formats": [slot.dtype for slot in self.slots],
                "offsets": [slot.at for slot in self.slots],
                "itemsize": self.size,
            }
        )


def _rows(values: Iterable[float | None]) -> NDArray[np.float64]:
    return np.array(list(values), dtype=np.float64).reshape(-1, 1)


@lru_cache(maxsize=2048)
def shape(definition: bytes) -> Shape:
    """Return what a definition message, without its header byte, says.

    A watch repeats the same few definitions in every file, so the answers are remembered.
    """
    big = definition[1] != 0
    message = wanted_messages().get(int.from_bytes(definition[2:4], "big" if big else "little"))
    end = 5 + 3 * definition[4]
    fields = list(zip(*(definition[start:end:3] for start in (5, 6, 7)), strict=True))
    starts = list(accumulate((size for _, size, _ in fields), initial=1))
    slots = _slots(message.fields if message else {}, fields, starts, big=big)
    clock = _slots({TIMESTAMP: _CLOCK}, fields, starts, big=big)
    size = starts[-1] + sum(definition[end + 2 :: 3])
    return Shape(message.name if message else "", size, slots, clock[-1] if clock else None)


def _slots(
    by_number: dict[int, Field], fields: list[tuple[int, int, int]], starts: list[int], *, big: bool
) -> tuple[Slot, ...]:
    """Place the known fields; what is no number is left out, as if it had not been measured."""
    order = ">" if big else "<"
    slots = (
        _slot(by_number[number], at, size, base, order)
        for (number, size, base), at in zip(fields, starts, strict=False)
        if number in by_number
    )
    return tuple(slot for slot in slots if slot)


def _slot(field: Field, at: int, size: int, base: int, order: str) -> Slot | None:
    if field.name == COMPRESSED:
        return Slot(field, at, f"({_COMPRESSED_BYTES},)u1", None, plain=size == _COMPRESSED_BYTES)
    if base not in _BASE_TYPES:
        return None
    dtype, invalid = _BASE_TYPES[base]
    width = int(dtype[1])
    if not size or size % width:
        return None
    return Slot(field, at, order + dtype, invalid, plain=size == width)
