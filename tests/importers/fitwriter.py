"""A tiny writer of FIT, independent of every reader: definitions, data, envelopes."""

import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fitparse.records import Crc

_CHECKSUM: Callable[[bytes], int] = Crc.calculate

# name: base type number, struct code, raw value of "not measured"
BASES: dict[str, tuple[int, str, float | int]] = {
    "enum": (0x00, "B", 0xFF),
    "sint8": (0x01, "b", 0x7F),
    "uint8": (0x02, "B", 0xFF),
    "sint16": (0x83, "h", 0x7FFF),
    "uint16": (0x84, "H", 0xFFFF),
    "sint32": (0x85, "i", 0x7FFFFFFF),
    "uint32": (0x86, "I", 0xFFFFFFFF),
    "float32": (0x88, "f", float("nan")),
    "float64": (0x89, "d", float("nan")),
    "uint8z": (0x0A, "B", 0),
    "uint16z": (0x8B, "H", 0),
    "uint32z": (0x8C, "I", 0),
    "byte": (0x0D, "B", 0xFF),
    "sint64": (0x8E, "q", 0x7FFFFFFFFFFFFFFF),
    "uint64": (0x8F, "Q", 0xFFFFFFFFFFFFFFFF),
}
Value = float | int | None | tuple[float | int | None, ...]


@dataclass(frozen=True)
class Kind:
    """Messages of one definition: field numbers to base types (``uint8``, ``byte*3``)."""

    local: int
    message: int
    fields: Mapping[int, str]
    big: bool = False
    developer: tuple[tuple[int, int, int], ...] = ()

    @property
    def order(self) -> str:
        return ">" if self.big else "<"

    def definition(self) -> bytes:
        head = struct.pack("BBB", 0x40 | bool(self.developer) << 5 | self.local, 0, self.big)
        body = struct.pack(self.order + "HB", self.message, len(self.fields))
        for number, base in self.fields.items():
            name, count = _base(base)
            size = struct.calcsize(BASES[name][1]) * count
            body += struct.pack("BBB", number, size, BASES[name][0])
        if self.developer:
            body += struct.pack("B", len(self.developer))
            body += b"".join(struct.pack("BBB", *field) for field in self.developer)
        return head + body

    def data(self, *values: Value, head: int | None = None) -> bytes:
        """Return one message; ``None`` is written as the base type's invalid value."""
        parts = [bytes([self.local if head is None else head])]
        for base, value in zip(self.fields.values(), values, strict=True):
            name, count = _base(base)
            every = value if isinstance(value, tuple) else (value,) * count
            raw = [BASES[name][2] if v is None else v for v in every]
            parts.append(struct.pack(f"{self.order}{count}{BASES[name][1]}", *raw))
        parts += [b"\xaa" * size for _, size, _ in self.developer]
        return b"".join(parts)

    def compressed(self, offset: int, *values: Value) -> bytes:
        """Return one message whose header carries the low five bits of its time."""
        return self.data(*values, head=0x80 | self.local << 5 | offset)


def fit(*messages: bytes, size: int | None = None, crc: int | None = None) -> bytes:
    """Return a whole file around `messages`; the header's own checksum is 0, as is legal."""
    body = b"".join(messages)
    size = len(body) if size is None else size
    header = struct.pack("<BBHI4sH", 14, 0x20, 2140, size, b".FIT", 0)
    checksum = _CHECKSUM(header + body) if crc is None else crc
    return header + body + struct.pack("<H", checksum)


def _base(text: str) -> tuple[str, int]:
    name, _, count = text.partition("*")
    return name, int(count or 1)


FILE_ID = Kind(0, 0, {0: "enum", 1: "uint16", 2: "uint16", 4: "uint32"})
RECORD = Kind(
    1,
    20,
    {
        253: "uint32",
        0: "sint32",
        1: "sint32",
        5: "uint32",
        73: "uint32",
        78: "uint32",
        3: "uint8",
        4: "uint8",
    },
)
SESSION = Kind(
    2,
    18,
    {253: "uint32", 2: "uint32", 5: "enum", 6: "enum", 7: "uint32", 8: "uint32", 9: "uint32"},
)
LAP = Kind(3, 19, {253: "uint32", 2: "uint32", 9: "uint32"})
EVENT = Kind(4, 21, {253: "uint32", 0: "enum", 1: "enum"})
ACTIVITY = Kind(5, 34, {253: "uint32", 5: "uint32"})
SPORT = Kind(6, 12, {0: "enum", 1: "enum"})

T0 = 1_100_000_000  # 2024-11-08 11:33:20 UTC
"""A start in FIT's seconds since the end of 1989."""


def identity(kind: int = 4) -> bytes:
    return FILE_ID.definition() + FILE_ID.data(kind, 1, 3291, T0)


def records(count: int, start: int = T0, *, step_s: int = 1) -> bytes:
    """Return records of an even run at 3 m/s and 170 steps a minute, northwards."""
    rows = (
        RECORD.data(start + i * step_s, 560_000_000 + 321 * i, 99_000_000, 300 * i * step_s,
                    3000, 5 * (500 + 400), 150, 85)
        for i in range(count)
    )  # fmt: skip
    return RECORD.definition() + b"".join(rows)


def session(
    start: int = T0,
    elapsed_s: int = 60,
    metres: float | None = 180.0,
    *,
    sport: int | None = 1,
    sub_sport: int | None = 0,
) -> bytes:
    total = None if metres is None else round(metres * 100)
    return SESSION.definition() + SESSION.data(
        start + elapsed_s, start, sport, sub_sport, elapsed_s * 1000, elapsed_s * 1000, total
    )


def timer(*moments: tuple[int, int]) -> bytes:
    """Return timer events: pairs of time and type (0 start, 4 stop all)."""
    return EVENT.definition() + b"".join(EVENT.data(at, 0, kind) for at, kind in moments)
