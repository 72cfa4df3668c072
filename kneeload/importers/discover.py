"""Files, folders and archives to documents: everything that is seen is either read or refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING

from kneeload.errors import FileRefused, FileSkipped
from kneeload.importers import (
    containers,
    plugin_importers,
    run_csv,
    size_limits,
    sniff,
    tar,
    unread,
)
from kneeload.importers.containers import Container, Member
from kneeload.importers.document import Document, Found, Refusal, Verdict
from kneeload.importers.exports import (
    Companion,
    Item,
    apple,
    garmin,
    garmin_table,
    own,
    plain_name,
    runkeeper,
    strava,
)

if TYPE_CHECKING:
    from pathlib import Path

Reader = Callable[[Member, Iterator[bytes], Container], Iterator[Item]]

TABLES: MappingProxyType[str, Reader] = MappingProxyType(
    {
        "diary": run_csv.read,
        "strava": strava.read,
        "runkeeper": runkeeper.read,
        "garmin_summaries": garmin.read,
        "garmin_table": garmin_table.read,
        "apple_health": apple.read,
    }
)
"""What reads a file that lists activities, by `sniff.kind`."""

DOCUMENTS = frozenset({"fit", "gpx", "tcx", "polar"})
"""Kinds of files that are themselves what is decoded."""

SCORES = frozenset({"pain", "track_and_graph"})
"""Kinds of tables of pain scores: they are the diary's, and hold no activity."""

_TABLE_NAMES = (".csv", ".json", ".xml", ".txt", ".tsv")
_ACTIVITY_NAMES = (".fit", ".gpx", ".tcx")


def discover(
    paths: Iterable[Path], unchanged: Callable[[Member], bool] = lambda _: False
) -> Iterator[Found]:
    """Yield a document for each activity, and for each file without one the reason.

    Folders and archives are read to any depth in order of their files' names, one member in memory
    at a time. Hidden files and an operating system's own are passed over in silence.

    Parameters
    ----------
    paths
        Files, folders, archives or account exports, in the form in which they are reported.
    unchanged
        Tells of a file on disk whether it is as it was when last read; such a file or archive is
        not opened. Tables always are: what they say about other files may have to be merged.
    """
    for path in paths:
        yield from _contents(containers.opened(path), 0, unchanged)


def count(paths: Iterable[Path]) -> int:
    """Return about how many files `discover` will report on; inner archives count as one."""
    return sum(_count(member) for path in paths for member in containers.opened(path).members)


def _count(member: Member) -> int:
    if not member.name.lower().endswith(".zip"):
        return 1
    try:
        with containers.unzipped(member) as inner:
            return len(inner.members)
    except FileRefused:
        return 1


def _contents(
    container: Container, depth: int, unchanged: Callable[[Member], bool]
) -> Iterator[Found]:
    """Tables first: what they say about the files beside them is handed on with those."""
    if own.is_export(container):
        yield from own.read(container)
        return
    companions: dict[str, bytes] = {}
    tables = [m for m in container.members if m.name.lower().endswith(_TABLE_NAMES)]
    others = [m for m in container.members if not m.name.lower().endswith(_TABLE_NAMES)]
    for member in tables:
        yield from _without_companions(_safely(member, container, companions, depth), companions)
    for member in others:
        if plain_name(member.name) not in companions and unchanged(member):
            yield Refusal(member.path, "unchanged", "is as it was when last read")
        else:
            yield from _without_companions(
                _safely(member, container, companions, depth), companions
            )


def _without_companions(items: Iterator[Item], companions: dict[str, bytes]) -> Iterator[Found]:
    """Keep what is said about files aside and pass the rest on."""
    for item in items:
        if isinstance(item, Companion):
            companions[item.name] = item.content
        else:
            yield item


def _safely(
    member: Member, container: Container, companions: dict[str, bytes], depth: int
) -> Iterator[Item]:
    """Yield what a member holds, or why it holds nothing; an overspent archive ends as a whole."""
    verdict: Verdict = "failed"
    try:
        for item in _items(member, container, companions, depth):
            if isinstance(item, Document) and item.file == member.path:
                verdict = "warning"
            yield item
    except FileSkipped as skipped:
        yield Refusal(member.path, "skipped", str(skipped))
    except FileRefused as refused:
        if isinstance(refused, size_limits.ArchiveSpent) and member.budget:
            raise
        yield Refusal(member.path, verdict, str(refused))


def _items(
    member: Member, container: Container, companions: dict[str, bytes], depth: int
) -> Iterator[Item]:
    chunks = containers.read(member)
    head = next(chunks, b"")
    kind = sniff.kind(head)
    if kind in {"gzip", "zip", "tar"}:
        yield from _unpacked(member, kind, container, companions, depth)
    elif kind and kind in TABLES and member.size <= size_limits.MAX_TABLE_BYTES:
        yield from TABLES[kind](member, chain([head], chunks), container)
    elif kind and kind in DOCUMENTS | SCORES:
        yield _document(member, kind, chain([head], chunks), companions)
    elif head and kind is None and (other := plugin_importers.plugin_kind(head)):
        yield _document(member, other, chain([head], chunks), companions)
    else:
        raise _refusal(member, head, partial(containers.whole, chain([head], chunks)))


def _unpacked(
    member: Member, kind: str, container: Container, companions: dict[str, bytes], depth: int
) -> Iterator[Item]:
    if depth >= size_limits.MAX_DEPTH:
        raise FileRefused(f"is in archives nested more than {size_limits.MAX_DEPTH} deep")
    if kind == "gzip":
        yield from _items(containers.gunzipped(member), container, companions, depth + 1)
        return
    opened = containers.unzipped if kind == "zip" else tar.untarred
    with opened(member) as inner:
        if not inner.members:
            raise FileSkipped("is an archive without files")
        yield from _contents(inner, depth + 1, lambda _: False)


def _document(
    member: Member, kind: str, chunks: Iterator[bytes], companions: dict[str, bytes]
) -> Document:
    if member.size > size_limits.MAX_FILE_BYTES:
        raise containers.too_large()
    companion = companions.get(plain_name(member.name), b"")
    return Document(member.path, kind, containers.whole(chunks), member.path, companion)


def _refusal(member: Member, head: bytes, whole: Callable[[], bytes]) -> FileRefused | FileSkipped:
    """Only here does a name count: a broken activity is a failure, a photograph is none."""
    if not head:
        return FileRefused("is empty")
    if member.size > size_limits.MAX_FILE_BYTES:
        return containers.too_large()
    if reason := unread.reason(head, whole, member.path):
        return FileSkipped(reason)
    if plain_name(member.name.lower()).endswith(_ACTIVITY_NAMES):
        return FileRefused("has the name of an activity file but no FIT, GPX or TCX inside")
    return FileSkipped("is not an activity file")
