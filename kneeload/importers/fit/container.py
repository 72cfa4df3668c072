"""The envelope of FIT: headers, checksums, and files chained one behind the other."""

from __future__ import annotations

from dataclasses import dataclass, replace

from fastcrc import crc16

from kneeload.errors import FileRefused
from kneeload.importers.size_limits import MAX_FILE_BYTES

MAX_PARTS = 100
CUT_SHORT = "the file is cut short, its end is missing"
_MAGIC = b".FIT"
_LEAST_HEADER = 12
_CRC_BYTES = 2


@dataclass(frozen=True)
class Part:
    """The messages of one of the chained files, and what was odd about its envelope."""

    body: bytes
    warnings: tuple[str, ...] = ()


def parts(content: bytes) -> list[Part]:
    """Return the parts of a FIT file: one, or more where several are chained.

    A header that gives no size (the watch never came to close the file) takes the rest.

    Raises
    ------
    FileRefused
        If it is not FIT, or larger or longer chained than any watch writes.
    """
    _check_size(content)
    chained: list[Part] = []
    position = 0
    while _starts_at(content, position):
        if len(chained) == MAX_PARTS:
            raise FileRefused(f"joins more than {MAX_PARTS} FIT files, more than any watch does")
        part, position = _part(content, position)
        chained.append(part)
    if not chained:
        raise FileRefused("is not a FIT file")
    if content[position:].strip(b"\0"):
        trailing = f"{len(content) - position} bytes after its end are not FIT"
        chained[-1] = replace(chained[-1], warnings=(*chained[-1].warnings, trailing))
    return chained


def _check_size(content: bytes) -> None:
    if not content:
        raise FileRefused("is empty")
    if len(content) > MAX_FILE_BYTES:
        raise FileRefused(f"is {len(content) >> 20} MB, larger than any watch writes")


def _starts_at(content: bytes, position: int) -> bool:
    return content[position + 8 : position + 12] == _MAGIC and content[position] >= _LEAST_HEADER


def _part(content: bytes, start: int) -> tuple[Part, int]:
    """Return the part whose header is at `start`, and where the next one would be."""
    first = start + content[start]
    size = int.from_bytes(content[start + 4 : start + 8], "little")
    if size == 0:
        return _unclosed(content, first), len(content)
    end = first + size
    body = content[first:end]
    if len(content) < end + _CRC_BYTES:
        return Part(body, (CUT_SHORT,)), len(content)
    return Part(body, _checked(content, start, end)), end + _CRC_BYTES


def _unclosed(content: bytes, first: int) -> Part:
    return Part(content[first:], ("the watch never closed the file, its end may be missing",))


def _checked(content: bytes, start: int, end: int) -> tuple[str, ...]:
    stored = int.from_bytes(content[end : end + _CRC_BYTES], "little")
    if crc16.arc(content[start:end]) == stored:
        return ()
    return ("the checksum does not match; some values may be wrong",)
