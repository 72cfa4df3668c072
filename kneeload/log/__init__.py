"""The training log: the runner's one file, opened; a facade of the rooms below."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def default_path() -> Path:
    """Return where the log lives unless it is named: in the user's data folder."""
    from platformdirs import user_data_path

    return user_data_path("kneeload", appauthor=False) / "training-log.db"
