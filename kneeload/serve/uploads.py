"""Files that are dropped on the page: one import at a time, from private files beside the log."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from threading import Lock, Thread
from typing import IO, TYPE_CHECKING
from weakref import ref

from kneeload.errors import KneeloadError
from kneeload.store.private_files import make_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kneeload.ingest.measure import ImportSummary

SPARE_BYTES = 256 << 20
"""What an upload leaves free on the disk [byte]. [convention]"""
_COPIES = 2  # the body as it comes, then its files


class StoppedError(KneeloadError):
    """The server ends; everything imported so far has been saved."""


@dataclass(eq=False)
class Job:
    """One import: its files, the names they came with, and how far it is.

    Parameters
    ----------
    names
        The given name of each file, by the path it was stored at. A name is shown, never opened.
    """

    names: dict[str, str]
    total: int = 0
    done: int = 0
    summary: ImportSummary | None = None
    problem: str = ""

    @property
    def is_running(self) -> bool:
        """Whether it has neither ended nor failed."""
        return self.summary is None and not self.problem


@dataclass(eq=False)
class Uploads:
    """The folder for files that come in, and the import that is under way."""

    log_path: Path
    job: Job | None = None
    _number: int = 0
    _sender: ref[object] | None = None
    _thread: Thread | None = None
    _stopped: bool = False
    _lock: Lock = field(default_factory=Lock)

    @property
    def folder(self) -> Path:
        """Where files wait for their import, readable by the runner alone."""
        return self.log_path.with_name(f".{self.log_path.name}.uploads")

    @property
    def is_importing(self) -> bool:
        """Whether an import is running."""
        return self.job is not None and self.job.is_running

    @property
    def is_busy(self) -> bool:
        """Whether an import is running or its files are coming in."""
        is_coming = self._sender is not None and self._sender() is not None
        return is_coming or self.is_importing

    def reserve(self, sender: object, length: int, free: Callable[[Path], int]) -> str:
        """Hold the one place for `sender`, while that lives; return why not, else "".

        Parameters
        ----------
        length
            Of all that will come [byte].
        free
            Returns what is free on the disk of a folder [byte].
        """
        with self._lock:
            if self.is_busy:
                return "Another import is running. Try again when it is done."
            make_folder(self.folder)
            if free(self.folder) < _COPIES * length + SPARE_BYTES:
                return "There is not enough free space next to the log for these files."
            self._sender = ref(sender)
            return ""

    def new_file(self) -> IO[bytes]:
        """Open a new file for what comes in, under a number."""
        make_folder(self.folder)
        with self._lock:
            self._number += 1
            path = self.folder / f"upload-{self._number}"
        file = path.open("w+b")
        path.chmod(0o600)
        return file

    def start(self, names: dict[str, str], work: Callable[[Job], None]) -> None:
        """Import the files in a thread of its own; `work` does it and fills the job."""
        with self._lock:
            self._sender = None
            job = self.job = Job(names)
            self._thread = Thread(target=self._run, args=(job, work), name="import")
        self._thread.start()

    def _run(self, job: Job, work: Callable[[Job], None]) -> None:
        try:
            work(job)
        finally:
            if job.is_running:
                job.problem = "The import stopped. Everything imported so far has been saved."
            self.clear(job.names)

    def advance(self, job: Job, files: int) -> None:
        """Count files that are done; raise where the server ends."""
        job.done += files
        if self._stopped:
            raise StoppedError("the server was stopped; everything imported so far has been saved")

    def clear(self, paths: dict[str, str]) -> None:
        """Remove stored files."""
        for path in paths:
            (self.folder / path.rpartition("/")[2]).unlink(missing_ok=True)

    def sweep(self) -> None:
        """Remove what came in and is not being imported."""
        importing = self.job.names if self.job and self.job.is_running else {}
        names = {path.rpartition("/")[2] for path in importing}
        for path in self.folder.glob("upload-*"):
            if path.name not in names:
                path.unlink(missing_ok=True)

    def wait(self) -> None:
        """Wait for the import, to its end."""
        if self._thread:
            self._thread.join()

    def stop(self) -> None:
        """End the import between two files, and remove all that came in."""
        self._stopped = True
        self.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def free_bytes(folder: Path) -> int:
    """Return what is free on the disk of a folder [byte]."""
    return shutil.disk_usage(folder).free
