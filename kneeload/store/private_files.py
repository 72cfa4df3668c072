"""Files for the runner's eyes alone: mode 0600 in folders of 0700, whatever the umask, and whole.

Windows knows no such modes; there the user profile's own protection stands in for them.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE_MODE = 0o600
FOLDER_MODE = 0o700


def make_folder(folder: Path) -> None:
    """Make a folder and those above it that are missing; existing ones stay as they are."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(FOLDER_MODE, exist_ok=True)
    folder.chmod(FOLDER_MODE)


def make_file(path: Path) -> None:
    """Make an empty file where there is none."""
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE_MODE)
    except FileExistsError:
        return
    os.close(handle)
    path.chmod(FILE_MODE)


def check_folder(folder: Path) -> None:
    """Raise what the system reports where no file can be made in a folder that may be missing."""
    existing = next(path for path in (folder, *folder.parents) if path.is_dir())
    with tempfile.TemporaryFile(dir=existing):
        pass


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give an empty file beside `path` that takes its place once the block has succeeded.

    Until then `path` is as it was; a failure leaves nothing behind.
    """
    make_folder(path.parent)
    handle, name = tempfile.mkstemp(prefix=f".{path.name[:64]}.", suffix=".part", dir=path.parent)
    os.close(handle)
    partial = Path(name)
    try:
        partial.chmod(FILE_MODE)
        yield partial
        _flush(partial)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _flush(path: Path) -> None:
    """See to it that a power cut after the rename finds the content, not an empty file."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
