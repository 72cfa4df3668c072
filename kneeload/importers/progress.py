"""A progress bar for notebooks, for whatever counts the files that it has dealt with."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from kneeload import notebook

if TYPE_CHECKING:
    from collections.abc import Callable
    from os import PathLike


class ProgressBar:
    """A bar that is called with how many more files are done; see `progress_bar`."""

    def __init__(self, total: int, show: Callable[[ProgressBar], None]) -> None:
        self.total = total
        self.done = 0
        self._show = show

    def __call__(self, files: int) -> None:
        """Count `files` more, and show the bar anew where a percent more is done."""
        before = self._percent
        self.done += files
        if self._percent != before or self.done == files:
            self._show(self)

    def __repr__(self) -> str:
        return f"{self.done:,} of {self.total:,} files"

    def _repr_html_(self) -> str:
        """Show the bar, in a notebook."""
        return notebook.bar(repr(self), self.done, self.total)

    @property
    def _percent(self) -> int:
        return 100 * self.done // max(self.total, 1)


def progress_bar(*paths: str | PathLike[str]) -> ProgressBar:
    """Return a progress bar for reading `paths`, which shows itself in Jupyter.

    Outside a notebook it shows nothing: the command line draws its own. Whatever else is called
    with a number of files serves as well, such as ``tqdm(total=...).update``.

    Parameters
    ----------
    paths
        What is to be read; its files are counted, archives opened for their lists.

    Returns
    -------
    ProgressBar
        For the `progress` of `kneeload.read_activities` or `TrainingLog.ingest`.

    Examples
    --------
    >>> import kneeload
    >>> samples = kneeload.samples_folder()
    >>> bar = kneeload.progress_bar(samples / "2026")
    >>> runs = kneeload.read_activities(samples / "2026", progress=bar)
    >>> bar
    41 of 41 files
    """
    from kneeload.importers.discover import count

    return ProgressBar(count(map(Path, paths)), _shower())


def _shower() -> Callable[[ProgressBar], None]:
    """Return what shows a bar: in a notebook in one place, elsewhere nowhere."""
    ipython = sys.modules.get("IPython")
    if ipython is None or not hasattr(ipython.get_ipython(), "kernel"):
        return lambda _: None
    handle = ipython.display.display(display_id=True)
    show: Callable[[ProgressBar], None] = handle.update
    return show
