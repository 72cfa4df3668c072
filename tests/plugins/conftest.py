"""What several tests of plugins share."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.plugins.building import Offer, forget, write_package


@pytest.fixture
def offer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Offer]:
    """Return what offers a package to this test alone."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    forget()
    yield partial(write_package, folder)
    forget()
