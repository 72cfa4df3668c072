"""Kept originals come back whole, whichever program packed them."""

import importlib
import sys
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneeload.store import originals


@given(st.binary() | st.binary(min_size=1, max_size=8).map(lambda turn: 5000 * turn))
def test_what_is_packed_comes_back_by_any_zlib(content: bytes) -> None:
    assert originals.unpacked(originals.packed(content)) == content
    assert zlib.decompress(originals.packed(content)) == content


def test_without_a_wheel_zlib_packs_what_is_read_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    content = bytes(range(256)) * 500
    fast = originals.packed(content)
    monkeypatch.setitem(sys.modules, "isal", None)
    plain = importlib.reload(originals)
    assert plain.writer is zlib
    assert plain.unpacked(plain.packed(content)) == plain.unpacked(fast) == content
    monkeypatch.undo()
    importlib.reload(originals)
