"""All that a log holds as open formats in one zip file, and back: nobody is locked in."""

from __future__ import annotations

import json
import zipfile
import zlib
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from kneeload.errors import LogError
from kneeload.importers.exports import own
from kneeload.store.database import readable_errors
from kneeload.store.private_files import replacing

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    import pandas as pd


FORMAT = 1
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the same log gives the same bytes
READ_ME = """This is everything in a kneeload training log.

runs.csv       every activity as it counts, with its loads: for you and other programs
pain.csv       the pain scores
diary.csv      the rest of the diary
settings.csv   the settings that are not the default
decisions.csv  every entry, edit, removal, acknowledgement and choice, including those undone
files.csv      where each original file came from
files/         the original files; rows of tables as JSON

kneeload import FILE.zip into a new log gives the same log again. It reads the last four of these.
"""

_ZLIB_HEAD, _ZLIB_TAIL = 2, 4  # around the deflate stream, which a zip holds bare


class Packed(NamedTuple):
    """A file as the log keeps it, a zlib stream."""

    stream: bytes


Table = tuple[tuple[str, ...], list[tuple[Any, ...]]]  # the columns' names, and the rows


def tables(database: sqlite3.Connection) -> dict[str, Table]:
    """Return what `import` reads back, beside the files, by name in the zip."""
    decisions = f"SELECT {', '.join(own.DECISION_COLUMNS)} FROM journal ORDER BY entry_id"  # noqa: S608
    files = database.execute(
        "SELECT digest, kind, path, file, sport, CAST(companion AS TEXT) FROM source ORDER BY rowid"
    )
    named = [(own.member(digest, kind), kind, *rest) for digest, kind, *rest in files]
    return {
        own.SETTINGS: (
            own.SETTING_COLUMNS,
            database.execute("SELECT key, value FROM setting ORDER BY key").fetchall(),
        ),
        own.DECISIONS: (own.DECISION_COLUMNS, database.execute(decisions).fetchall()),
        own.FILES: (own.FILE_COLUMNS, named),
    }


def members(
    database: sqlite3.Connection,
    frames: Mapping[str, pd.DataFrame],
    as_csv: Callable[[pd.DataFrame], str],
) -> Iterator[tuple[str, bytes | Packed]]:
    """Yield what the zip holds, name and content: the tables, then the original files."""
    for name, frame in frames.items():
        yield name, as_csv(frame).encode()
    for digest, kind in database.execute("SELECT digest, kind FROM source ORDER BY rowid"):
        (content,) = database.execute(  # one at a time, so that memory stays bounded
            "SELECT content FROM source WHERE digest = ?", (digest,)
        ).fetchone()
        yield own.member(digest, kind), Packed(content)


def write(
    to: Path,
    read_me: str,
    members: Iterable[tuple[str, bytes | Packed]],
    progress: Callable[[int], None] = lambda _files: None,
) -> int:
    """Write a zip of `members`, name and content; return how many of them are activity files.

    `progress` is called with the number of activity files written so far.

    Raises
    ------
    LogError
        If another file than an export is there, or the zip cannot be written.
    """
    if to.exists() and not _is_export(to):
        raise LogError(f"{to} already exists and is not a kneeload export; choose another name")
    manifest = json.dumps({"program": "kneeload", "format": FORMAT})
    first = ((own.MANIFEST, manifest.encode()), ("README.txt", read_me.encode()))
    files = 0
    with readable_errors(to), replacing(to) as partial, zipfile.ZipFile(partial, "w") as archive:
        for name, content in chain(first, members):
            _put(archive, _info(name), content)
            files += name.startswith(own.FOLDER)
            progress(files)
    return files


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _LONG_AGO)
    info.external_attr, info.compress_type = 0o600 << 16, zipfile.ZIP_DEFLATED
    return info


def _put(archive: zipfile.ZipFile, info: zipfile.ZipInfo, content: bytes | Packed) -> None:
    """Write one member; a stream that is packed goes in as it is, which `zipfile` cannot do."""
    if not isinstance(content, Packed):
        archive.writestr(info, content)
        return
    whole = zlib.decompress(content.stream)
    deflated = content.stream[_ZLIB_HEAD:-_ZLIB_TAIL]
    info.CRC, info.file_size, info.compress_size = zlib.crc32(whole), len(whole), len(deflated)
    assert archive.fp  # noqa: S101 - for the type alone
    info.header_offset = archive.fp.tell()
    archive.fp.write(info.FileHeader())
    archive.fp.write(deflated)
    archive.start_dir = archive.fp.tell()
    archive.filelist.append(info)
    archive.NameToInfo[info.filename] = info


def _is_export(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return own.MANIFEST in archive.namelist()
    except (zipfile.BadZipFile, OSError):
        return False
