"""A log with the samples in it and one that is not there yet, for the command line's tests."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from tests.cli.invoking import LAST_DAY, invoke


@pytest.fixture
def kneeload(sample_log: Path) -> Callable[..., Result]:
    """Run a command on a log of the samples, as of their last day unless another is named."""
    return lambda *words: invoke("--log", sample_log, "--as-of", LAST_DAY, *words)


@pytest.fixture
def empty(tmp_path: Path) -> Callable[..., Result]:
    """Run a command on a log that is not there yet."""
    return lambda *words: invoke("--log", tmp_path / "new.db", "--as-of", LAST_DAY, *words)
