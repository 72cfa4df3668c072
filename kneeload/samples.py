"""Where the sample activities lie: beside the package in a wheel, beside the folder in a clone."""

from __future__ import annotations

from pathlib import Path

from kneeload.errors import KneeloadError


def samples_folder() -> Path:
    """Return the folder of sample activities: thirty weeks of an invented runner.

    Returns
    -------
    Path
        FIT, GPX and TCX files by year, and the runner's pain scores as ``knee_pain.csv``.

    Raises
    ------
    KneeloadError
        If this installation has none.

    Examples
    --------
    >>> import kneeload
    >>> (kneeload.samples_folder() / "knee_pain.csv").exists()
    True
    """
    package = Path(__file__).parent
    for folder in (package / "sample_activities", package.parent / "sample_activities"):
        if folder.is_dir():
            return folder
    raise KneeloadError("this installation has no sample activities; install kneeload again")
