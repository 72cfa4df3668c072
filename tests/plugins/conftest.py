"""What several tests of plugins share."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from tests.plugins.building import Offer, forget, write_package

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def offer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Offer]:
    """Return what offers a package to this test alone."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    forget()
    yield partial(write_package, folder)
    forget()
