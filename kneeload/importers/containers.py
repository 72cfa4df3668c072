"""Folders and archives as one thing: members with a name and bytes, read one at a time.

Nothing is ever unpacked under a name that an archive gives.
"""

from __future__ import annotations

import os
import stat
import struct
import tempfile
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple

from kneeload.errors import FileRefused, FileSkipped
from kneeload.importers import size_limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_SYSTEM_NAMES = frozenset(
    {"__macosx", "thumbs.db", "desktop.ini", "system volume information", "$recycle.bin"}
)
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, struct.error)


State = tuple[int, int]
"""Size [byte] and time of the last change [ns]."""

UNKNOWN: State = (-1, -1)


class Member(NamedTuple):
    """A file in a folder or archive.

    Parameters
    ----------
    path
        Where it is, as given by the user and safe to print; ``archive.zip!inner/name.fit``.
    name
        Its name within the folder or archive, with ``/`` between the parts.
    size, packed
        Bytes it unpacks to, as far as known, and bytes it takes [byte].
    chunks
        Gives its bytes, the first chunk at most `size_limits.HEAD_BYTES` long.
    disk, state
        The file itself where it is not in an archive, and what tells whether it has changed.
    budget
        What the archive it is in may still unpack to.
    trouble
        Why it cannot be read at all.
    """

    path: str
    name: str
    size: int
    packed: int
    chunks: Callable[[], Iterator[bytes]]
    disk: str | None = None
    state: State = UNKNOWN
    budget: size_limits.Budget | None = None
    trouble: FileRefused | FileSkipped | None = None


@dataclass(frozen=True)
class Container:
    """The visible files of a folder or an archive, in order of their names."""

    path: str
    members: Sequence[Member]


def printable(name: str) -> str:
    """Return `name` with control, bidirectional and undecodable characters escaped."""
    if name.isprintable():
        return name
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in name)


def is_visible(name: str) -> bool:
    """Whether no part of `name` is hidden or an operating system's own."""
    return not any(map(_is_hidden, with_slashes(name).split("/")))


def with_slashes(name: str) -> str:
    """Return a name with ``/`` between its parts, as some Windows programs do not write it."""
    return name.replace("\\", "/")


def _is_hidden(part: str) -> bool:
    return part.lower() in _SYSTEM_NAMES or (part.startswith(".") and part.strip(".") != "")


def read(member: Member) -> Iterator[bytes]:
    """Yield the bytes of a member in chunks.

    Raises
    ------
    FileRefused, FileSkipped
        If it cannot be read, is broken, or unpacks to more than it may.
    """
    if member.trouble:
        raise member.trouble
    budget = size_limits.Budget(size_limits.inflated(member.packed))
    try:
        for chunk in member.chunks():
            _spend(member, budget, len(chunk))
            yield chunk
    except OSError as error:
        raise FileRefused(f"cannot be read: {error.strerror or error}") from None
    except _BROKEN:
        raise FileRefused("is damaged: its archive does not unpack") from None


def whole(chunks: Iterator[bytes]) -> bytes:
    """Return all of `chunks` as one.

    Raises
    ------
    FileRefused
        If they are more than any activity file.
    """
    parts, size = [], 0
    for chunk in chunks:
        size += len(chunk)
        if size > size_limits.MAX_FILE_BYTES:
            raise too_large()
        parts.append(chunk)
    return b"".join(parts)


def streamed(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the chunks of a text of any length.

    Raises
    ------
    FileRefused
        If it holds zero bytes, which no text does: a damaged or sparse file.
    """
    for chunk in chunks:
        if b"\x00" in chunk:
            raise FileRefused("is damaged: zero bytes where text should be")
        yield chunk


def too_large() -> FileRefused:
    """Return the refusal of a file that no activity fills."""
    most = size_limits.MAX_FILE_BYTES // size_limits.MIB
    return FileRefused(f"is larger than {most} MB, more than any activity file; it was not read")


def opened(path: Path, is_wanted: Callable[[str], bool] = lambda _: True) -> Container:
    """Return a folder with all that is below it, or a single file as a container of one.

    Of a folder's files only those whose names are `is_wanted`.
    """
    if _is_folder(path):
        # Thousands of `Path`s would cost more than asking the disk for what they name.
        folder = str(path / "_").removesuffix("_")
        names = sorted(filter(is_wanted, _names(path)))
        members = [_on_disk(folder + name.replace("/", os.sep), name) for name in names]
        return Container(str(path), members)
    return Container(str(path), [_on_disk(str(path), path.name)])


def gunzipped(member: Member) -> Member:
    """Return what a gzip file holds, under the same name."""
    budget = member.budget or size_limits.Budget(size_limits.inflated(member.size))
    return member._replace(
        size=0,
        packed=member.size,
        chunks=partial(_gunzip, member),
        disk=None,
        budget=budget,
    )


@contextmanager
def unzipped(member: Member) -> Iterator[Container]:
    """Open a zip file, on disk or within another archive, for as long as the context lasts.

    Raises
    ------
    FileRefused
        If it is broken or its table of contents is too large.
    """
    budget = member.budget or size_limits.Budget(size_limits.inflated(member.size))
    with seekable(member) as file, _zip(file) as archive:
        files = (info for info in archive.infolist() if not info.filename.endswith(("/", "\\")))
        visible = (info for info in files if is_visible(info.filename))
        infos = sorted(visible, key=lambda info: info.filename)
        yield Container(member.path, [_zipped(member.path, archive, i, budget) for i in infos])


def _spend(member: Member, member_budget: size_limits.Budget, count: int) -> None:
    """Count what was unpacked against what the member and its archive may unpack to."""
    if not member.budget:
        return
    reason = f"unpacks to more than {size_limits.MAX_INFLATION} times its size"
    if not member.budget.covers(count):
        raise size_limits.ArchiveSpent(f"{reason}; the rest was not read")
    if not member_budget.covers(count):
        raise FileRefused(reason)


def _names(root: Path) -> Iterator[str]:
    """Yield the names of the visible files below `root`, and of folders that cannot be listed.

    A folder that several links lead to is read once, so that a loop of links ends.
    """
    visited: set[tuple[int, int]] = set()
    folders = [("", root)]
    while folders:
        prefix, folder = folders.pop()
        try:
            place = folder.stat()
            entries = _entries(folder)
        except OSError:
            yield prefix.rstrip("/") or "."
            continue
        if (place.st_dev, place.st_ino) not in visited:
            visited.add((place.st_dev, place.st_ino))
            within = []
            for entry in entries:
                if _is_folder(entry):
                    within.append(entry.name)
                else:
                    yield f"{prefix}{entry.name}"
            within.sort(reverse=True)  # the first is read first
            folders += [(f"{prefix}{name}/", folder / name) for name in within]


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return [entry for entry in entries if not _is_hidden(entry.name)]


def _is_folder(path: Path | os.DirEntry[str]) -> bool:
    """Whether it is a folder as far as one may ask: a name may be too long, a parent closed."""
    try:
        return path.is_dir()
    except OSError:
        return False


def _on_disk(path: str, name: str) -> Member:
    state, trouble = _status(path)
    size, chunks = state[0], partial(_disk_chunks, path)
    return Member(printable(path), name, size, size, chunks, path, state, trouble=trouble)


def _status(path: str) -> tuple[State, FileRefused | FileSkipped | None]:
    """State, and why it cannot be read: a pipe or device would wait for ever."""
    try:
        status = os.stat(path)  # noqa: PTH116 - see `opened`
    except OSError as error:
        return UNKNOWN, FileRefused(f"cannot be read: {error.strerror}")
    state = (status.st_size, status.st_mtime_ns)
    if stat.S_ISDIR(status.st_mode):
        return state, FileRefused("is a folder that cannot be opened")
    if not stat.S_ISREG(status.st_mode):
        return state, FileSkipped("is not a regular file")
    return state, None


def _disk_chunks(path: str) -> Iterator[bytes]:
    with Path(path).open("rb", buffering=0) as file:
        yield from pieces(file)


def pieces(file: IO[bytes]) -> Iterator[bytes]:
    """Yield an open file's bytes, first as much as tells what it is."""
    yield file.read(size_limits.HEAD_BYTES)
    while chunk := file.read(size_limits.MIB):
        yield chunk


def _gunzip(member: Member) -> Iterator[bytes]:
    """Unpack a gzip stream of any number of parts, a bounded piece at a time."""
    inflater = zlib.decompressobj(wbits=31)
    size = size_limits.HEAD_BYTES
    for chunk in read(member):
        rest = chunk
        while rest:
            if inflater.eof:
                if not rest.startswith(b"\x1f\x8b"):
                    return
                inflater = zlib.decompressobj(wbits=31)
            yield inflater.decompress(rest, size)
            rest = inflater.unconsumed_tail or inflater.unused_data
            size = size_limits.MIB
    if not inflater.eof:
        raise EOFError


def seekable(member: Member) -> IO[bytes]:
    """Return a zip file's bytes to seek in; an inner archive waits in an unnamed temporary file."""
    if member.disk:
        try:
            return Path(member.disk).open("rb")
        except OSError as error:
            raise FileRefused(f"cannot be read: {error.strerror}") from None
    spool = tempfile.SpooledTemporaryFile(size_limits.SPOOL_BYTES)  # noqa: SIM115 - the caller closes it
    try:
        spool.writelines(read(member))
    except BaseException:
        spool.close()
        raise
    return spool


def _zip(file: IO[bytes]) -> zipfile.ZipFile:
    if _directory_bytes(file) > size_limits.MAX_DIRECTORY_BYTES:
        raise FileRefused("has more files than kneeload can read at once; unpack it first")
    try:
        return zipfile.ZipFile(file)
    except (*_BROKEN, OSError, NotImplementedError):
        raise FileRefused("is a damaged zip file: copy or download it again") from None


def _directory_bytes(file: IO[bytes]) -> int:
    """Return the size of the table of contents as the end of a zip file states it [byte]."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - size_limits.HEAD_BYTES - 98))
    tail = file.read()
    end = tail.rfind(b"PK\x05\x06")
    large = tail.rfind(b"PK\x06\x06")
    stated = struct.unpack_from("<I", tail, end + 12)[0] if 0 <= end <= len(tail) - 22 else 0
    if stated == 0xFFFFFFFF and 0 <= large <= len(tail) - 56:
        stated = struct.unpack_from("<Q", tail, large + 40)[0]
    return int(stated)


def _zipped(
    outer: str, archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: size_limits.Budget
) -> Member:
    return Member(
        f"{outer}!{printable(info.filename)}",
        with_slashes(info.filename),
        info.file_size,
        info.compress_size,
        partial(_zip_chunks, archive, info),
        budget=budget,
        trouble=_zip_trouble(info),
    )


def _zip_chunks(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(info) as file:
        yield from pieces(file)


def _zip_trouble(info: zipfile.ZipInfo) -> FileRefused | None:
    if info.flag_bits & 1:
        return FileRefused("is encrypted; unpack it with its password first")
    if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        return FileRefused("is compressed with a method that cannot be read; unpack it first")
    if info.file_size > size_limits.inflated(info.compress_size):
        return FileRefused(f"unpacks to more than {size_limits.MAX_INFLATION} times its size")
    return None
