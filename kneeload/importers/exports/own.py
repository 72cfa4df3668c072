"""kneeload's own export: a log's original files, and all that its runner said, in open formats."""

from __future__ import annotations

import csv
import io
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kneeload.errors import FileRefused
from kneeload.importers import containers
from kneeload.importers.csv_rows import unshielded
from kneeload.importers.document import Document, Origin, Refusal
from kneeload.importers.kinds import DECODERS
from kneeload.model import Sport

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from kneeload.importers.containers import Container, Member
    from kneeload.importers.csv_rows import Cells

MANIFEST = "kneeload-export.json"
FILES = "files.csv"
DECISIONS = "decisions.csv"
SETTINGS = "settings.csv"
FILE_COLUMNS = ("member", "kind", "path", "file", "sport", "companion")
DECISION_COLUMNS = (
    *("entry_id", "batch", "entered_at", "verb", "object", "subject", "payload", "undone"),
)
SETTING_COLUMNS = ("key", "value")
FOLDER = "files/"
_ROWS = DECODERS.keys() - {"fit", "gpx", "tcx"}


@dataclass(frozen=True)
class Words:
    """What the runner said to the log that was exported.

    Parameters
    ----------
    path
        Where the export lies.
    decisions
        Rows of `DECISION_COLUMNS`, as text.
    settings
        Keys and values of the settings that are not the default.
    """

    path: str
    decisions: tuple[tuple[str, ...], ...]
    settings: Mapping[str, str]


def member(digest: str, kind: str) -> str:
    """Return a file's name in an export: the run id of its first session."""
    return f"{FOLDER}{digest[:12]}.{'json' if kind in _ROWS else kind}"


def is_export(container: Container) -> bool:
    """Whether a folder or archive holds an export, packed or unpacked."""
    return any(member.name == MANIFEST for member in container.members)


def read(container: Container) -> Iterator[Document | Refusal]:
    """Yield the original files, each with the name under which it was first imported."""
    try:
        yield from _documents(container)
    except FileRefused as refused:
        yield Refusal(container.path, "failed", str(refused))


def _documents(container: Container) -> Iterator[Document | Refusal]:
    members = _members(container)
    for at, cells in enumerate(_rows(members, FILES, FILE_COLUMNS), 2):
        member = members.get(cells["member"])
        if member is None:
            reason = f"row {at} of {FILES}: there is no {containers.printable(cells['member'])}"
            yield Refusal(container.path, "failed", reason)
        else:
            yield _document(member, cells)


def words(path: Path) -> Iterator[Words]:
    """Yield what the exports at `path`, or right below it, say beside their files.

    Raises
    ------
    FileRefused
        If one is damaged.
    """
    for container in _exports(containers.opened(path, _may_tell)):
        members = _members(container)
        decisions = _rows(members, DECISIONS, DECISION_COLUMNS)
        settings = _rows(members, SETTINGS, SETTING_COLUMNS)
        yield Words(
            container.path,
            tuple(tuple(cells[name] for name in DECISION_COLUMNS) for cells in decisions),
            {cells["key"]: cells["value"] for cells in settings},
        )


def _may_tell(name: str) -> bool:
    return name in {MANIFEST, DECISIONS, SETTINGS} or name.lower().endswith(".zip")


def _exports(container: Container) -> Iterator[Container]:
    if is_export(container):
        yield container
        return
    for member in container.members:
        if member.name.lower().endswith(".zip") and not member.trouble:
            with suppress(FileRefused), containers.unzipped(member) as inner:
                if is_export(inner):
                    yield inner


def _members(container: Container) -> dict[str, Member]:
    return {member.name: member for member in container.members}


def _document(member: Member, cells: Cells) -> Document | Refusal:
    if not cells["kind"].isidentifier() or cells["sport"] not in {"", *Sport}:
        return Refusal(member.path, "failed", "has a kind or sport that never occurs in an export")
    origin = Origin(
        path=containers.printable(cells["path"]),
        file=containers.printable(cells["file"]),
        sport=cells["sport"],
    )
    try:
        content = containers.whole(containers.read(member))
    except FileRefused as refused:
        return Refusal(member.path, "failed", str(refused))
    companion = cells["companion"].encode()
    return Document(member.path, cells["kind"], content, member.path, companion, origin)


def _rows(members: dict[str, Member], name: str, columns: tuple[str, ...]) -> list[Cells]:
    """Return the rows of a table as it was before a spreadsheet was kept from reading formulas."""
    if name not in members:
        raise FileRefused(f"is an incomplete export: {name} is missing")
    text = containers.whole(containers.read(members[name])).decode("utf-8-sig", "replace")
    reader = csv.DictReader(io.StringIO(text, newline=""))
    if not set(columns) <= set(reader.fieldnames or ()):
        raise FileRefused(f"is an incomplete export: {name} lacks columns")
    try:
        return [{key: unshielded(row[key] or "") for key in columns} for row in reader]
    except csv.Error as error:
        raise FileRefused(f"is an incomplete export: {name}: {error}") from None
