"""Where the sample activities lie: beside the package in a wheel, beside the folder in a clone."""

from __future__ import annotations

from pathlib import Path

from kneeload.errors import KneeloadError


def samples_folder() -> Path:
    """Return the folder of sample activities.

    Raises
    ------
    KneeloadError
        If this installation has none.
    """
    package = Path(__file__).parent
    for folder in (package / "sample_activities", package.parent / "sample_activities"):
        if folder.is_dir():
            return folder
    raise KneeloadError("this installation has no sample activities; install kneeload again")
