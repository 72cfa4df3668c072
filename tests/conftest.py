"""Fixtures that every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def corpus() -> Path:
    """Return the folder of real activity files; the test skips visibly where there is none."""
    folder = os.environ.get("KNEELOAD_CORPUS")
    if not folder:
        pytest.skip("KNEELOAD_CORPUS names no folder of real activity files")
    return Path(folder)
