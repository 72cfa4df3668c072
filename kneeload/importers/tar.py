"""Tar archives as containers: plain files alone, no link is followed and no device opened."""

from __future__ import annotations

import tarfile
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from kneeload.errors import FileRefused, FileSkipped
from kneeload.importers import containers, size_limits

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAGIC, _MAGIC_AT = b"ustar", 257
_BROKEN = (tarfile.TarError, EOFError, OSError, ValueError, OverflowError, MemoryError)


def is_tar(head: bytes) -> bool:
    """Return whether a file that begins with `head` is a tar archive."""
    return head[_MAGIC_AT : _MAGIC_AT + len(_MAGIC)] == _MAGIC


@contextmanager
def untarred(member: containers.Member) -> Iterator[containers.Container]:
    """Open a tar archive, on disk or within another one, for as long as the context lasts.

    Raises
    ------
    FileRefused
        If it cannot be opened or holds too many files.
    """
    budget = member.budget or size_limits.Budget(size_limits.inflated(member.size))
    with containers.seekable(member) as file:
        file.seek(0)
        try:
            archive = tarfile.open(fileobj=file, mode="r:")  # noqa: SIM115 - `file` is closed above
        except _BROKEN:
            raise FileRefused("is a damaged tar archive: copy or download it again") from None
        members = [_member(member.path, archive, info, budget) for info in _infos(archive)]
        visible = (inner for inner in members if containers.is_visible(inner.name))
        yield containers.Container(member.path, sorted(visible, key=lambda inner: inner.name))


def _infos(archive: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    """Yield what is not a folder; an archive that breaks off is listed up to there."""
    count = 0
    while True:
        try:
            info = archive.next()
        except _BROKEN:
            return
        if info is None:
            return
        count += 1
        if count > size_limits.MAX_TAR_MEMBERS:
            raise FileRefused("has more files than kneeload can read at once; unpack it first")
        if not info.isdir():
            yield info


def _member(
    outer: str, archive: tarfile.TarFile, info: tarfile.TarInfo, budget: size_limits.Budget
) -> containers.Member:
    name = containers.with_slashes(info.name).removeprefix("./").lstrip("/")
    return containers.Member(
        f"{outer}!{containers.printable(name)}",
        name,
        info.size,
        info.size,
        partial(_chunks, archive, info),
        budget=budget,
        trouble=_trouble(info),
    )


def _chunks(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Iterator[bytes]:
    try:
        file = archive.extractfile(info)
        yield from containers.pieces(file) if file else ()
    except tarfile.TarError:
        raise EOFError from None


def _trouble(info: tarfile.TarInfo) -> FileRefused | FileSkipped | None:
    if not info.isfile():
        return FileSkipped("is not a regular file")
    return (
        FileRefused("holds a sparse file, which kneeload cannot read") if info.issparse() else None
    )
