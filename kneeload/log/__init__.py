"""The training log: the runner's one file, opened; a facade of the rooms below."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from kneeload.log.training_log import TrainingLog


def default_path() -> Path:
    """Return where the log lives unless it is named: in the user's data folder."""
    from platformdirs import user_data_path

    return user_data_path("kneeload", appauthor=False) / "training-log.db"


def open_log(path: Path | str | None = None) -> TrainingLog:
    """Open a training log, made where it is missing.

    Parameters
    ----------
    path
        The file; by default the one that the command line uses.

    Returns
    -------
    TrainingLog
        Closes itself as a context manager.

    Raises
    ------
    LogError
        If the file is no log, is newer than this program, or cannot be opened.

    Examples
    --------
    >>> import datetime as dt
    >>> import kneeload
    >>> folder = kneeload.samples_folder() / "platform"
    >>> with kneeload.open_log("running.db") as log:
    ...     log.ingest([folder], now=dt.datetime(2026, 4, 1, tzinfo=dt.UTC))
    ...     log.runs()[["local_date", "name", "distance_km"]]
    <ImportSummary 1 file read, 1 new activity>
      local_date      name  distance_km
    0 2025-11-02  Long run    12.206517
    """
    from pathlib import Path

    from kneeload.log.training_log import TrainingLog

    return TrainingLog(Path(path) if path else default_path())
