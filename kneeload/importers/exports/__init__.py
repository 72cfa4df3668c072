"""Account exports: what a platform says about runs, beside their files or instead of them."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kneeload.importers.document import Document, Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from kneeload.importers.containers import Container, Member
    from kneeload.importers.csv_rows import Cells


@dataclass(frozen=True)
class Companion:
    """What an export says about a file that lies in the same folder or archive.

    Parameters
    ----------
    name
        The file's name within the folder or archive, without ``.gz``.
    content
        JSON of `kneeload.model.Activity` fields; ``sport`` as the export names it.
    """

    name: str
    content: bytes


Item = Document | Refusal | Companion


def joined(
    member: Member,
    container: Container,
    records: Iterable[tuple[int, Cells]],
    companion: Callable[[Cells], bytes],
    document: Callable[[str, Cells, int], Document | Refusal],
) -> Iterator[Item]:
    """Yield what a table says about each file that is there, and its other rows for themselves.

    Parameters
    ----------
    records
        Row number and cells; the cell ``file`` names a file relative to the table's folder.
    companion, document
        Turn the cells of a row with a file, and of one without, into what is yielded.
    """
    files = {plain_name(other.name) for other in container.members}
    alone, at = False, 0
    for at, cells in records:
        file = sibling_name(member.name, cells.get("file", ""))
        if file in files and cells.get("file"):
            yield Companion(file, companion(cells))
        else:
            alone = True
            yield document(member.path, cells, at)
    if not alone:
        what = "only activities that have files of their own" if at else "no activity"
        yield Refusal(member.path, "skipped", f"lists {what}")


def plain_name(name: str) -> str:
    """Return a file's name without ``.gz``, which unpacking by hand takes off, and in one form.

    Accented letters are one character or two, by the system that packed the archive.
    """
    return unicodedata.normalize("NFC", name.removesuffix(".gz"))


def sibling_name(name: str, other: str) -> str:
    """Return `other`, a name relative to the folder of `name`, as the container counts it."""
    folder, _, _ = name.rpartition("/")
    other = other.replace("\\", "/").strip("/")
    return plain_name("/".join(part for part in (folder, other) if part))
