"""Tar archives: read as the others, and as safely."""

import gzip
import io
import tarfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneeload.errors import FileRefused
from kneeload.importers import containers, size_limits, tar
from kneeload.importers.discover import discover
from kneeload.importers.document import Document, Found, Refusal

GPX = b"<gpx/>"


def tarred(*entries: tuple[str, bytes | tarfile.TarInfo], form: int = tarfile.PAX_FORMAT) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=form) as archive:
        for name, content in entries:
            info = content if isinstance(content, tarfile.TarInfo) else tarfile.TarInfo(name)
            data = b"" if isinstance(content, tarfile.TarInfo) else content
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def special(name: str, kind: bytes, target: str = "") -> tuple[str, tarfile.TarInfo]:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return name, info


def found(folder: Path, content: bytes, name: str = "a.tar") -> list[Found]:
    (folder / name).write_bytes(content)
    return list(discover([folder / name]))


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
@pytest.mark.parametrize("packed", [False, True])
def test_files_are_read_in_order_of_their_names(tmp_path: Path, form: int, packed: bool) -> None:
    content = tarred(("./b/2.gpx", GPX), ("a/" + "x" * 90 + ".gpx", GPX), form=form)
    name = "a.tgz" if packed else "a.tar"
    seen = found(tmp_path, gzip.compress(content) if packed else content, name)
    paths = [each.path.removeprefix(f"{tmp_path}/{name}!") for each in seen]
    assert paths == ["a/" + "x" * 90 + ".gpx", "b/2.gpx"]
    assert all(isinstance(each, Document) and each.content == GPX for each in seen)


def test_links_and_devices_are_passed_over(tmp_path: Path) -> None:
    kinds = [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE]
    entries = [special(f"{at}.gpx", kind, "/etc/passwd") for at, kind in enumerate(kinds)]
    seen = found(tmp_path, tarred(*entries, special("folder", tarfile.DIRTYPE)))
    assert {each.reason for each in seen if isinstance(each, Refusal)} == {"is not a regular file"}
    assert len(seen) == 4


def test_names_are_never_paths(tmp_path: Path) -> None:
    seen = found(tmp_path, tarred(("../../etc/x.gpx", GPX), ("/etc/y.gpx", GPX)))
    assert sorted(each.path.split("!")[1] for each in seen) == ["../../etc/x.gpx", "etc/y.gpx"]
    assert [p.name for p in tmp_path.iterdir()] == ["a.tar"]


def test_what_unpacks_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(size_limits, "FREE_BYTES", 1000)
    content = tarred(("a.gpx", b"<gpx>" + b" " * 5_000_000))
    (only,) = found(tmp_path, gzip.compress(content), "a.tgz")
    assert isinstance(only, Refusal)
    assert "unpacks to more than" in only.reason


def test_too_many_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(size_limits, "MAX_TAR_MEMBERS", 3)
    (only,) = found(tmp_path, tarred(*((f"{n}.gpx", GPX) for n in range(4))))
    assert isinstance(only, Refusal)
    assert "more files than kneeload can read" in only.reason


def test_an_empty_archive_and_a_table_are_told_apart(tmp_path: Path) -> None:
    (only,) = found(tmp_path, tarred(special("folder", tarfile.DIRTYPE)))
    assert isinstance(only, Refusal)
    assert only.reason == "is an archive without files"
    assert not tar.is_tar(b"date,distance_km\n" * 50)


WHOLE = tarred(("a.gpx", GPX * 200), ("b.gpx", GPX), ("c" * 200, GPX))


@given(st.integers(0, len(WHOLE)), st.binary(max_size=40))
def test_any_damage_is_survived(at: int, junk: bytes) -> None:
    content = WHOLE[:at] + junk + WHOLE[at + len(junk) :]
    member = containers.Member("a", "a", len(content), len(content), lambda: iter([content]))
    try:
        with tar.untarred(member) as inner:
            for each in inner.members:
                containers.whole(containers.read(each))
    except FileRefused:
        pass
