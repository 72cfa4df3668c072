"""Files for the runner's eyes alone, whole or not at all."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from kneeload.store.private_files import make_file, make_folder, replacing

pytestmark = pytest.mark.posix


@pytest.fixture(params=[0o000, 0o022, 0o777], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.usefixtures("umask")
def test_missing_folders_are_made_private(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    make_folder(tmp_path / "a" / "b")
    make_file(tmp_path / "a" / "b" / "log.db")
    modes = [mode(tmp_path / p) for p in (".", "a", "a/b", "a/b/log.db")]
    assert modes == [0o755, 0o700, 0o700, 0o600]


@pytest.mark.usefixtures("umask")
def test_a_file_is_private_from_its_first_byte(
    tmp_path: Path,
) -> None:
    target = tmp_path / "report.html"
    target.write_text("old")
    target.chmod(0o644)
    with replacing(target) as partial:
        assert mode(partial) == 0o600
        partial.write_text("new")
        assert target.read_text() == "old"
    assert (target.read_text(), mode(target)) == ("new", 0o600)
    assert list(tmp_path.iterdir()) == [target]


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    target.write_text("old")
    with pytest.raises(TypeError), replacing(target) as partial:
        partial.write_text(b"half")  # type: ignore[arg-type]
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_link_that_another_user_laid_is_not_written_through(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("mine")
    (tmp_path / "report.html").symlink_to(victim)
    with replacing(tmp_path / "report.html") as partial:
        partial.write_text("report")
    assert victim.read_text() == "mine"
    assert not (tmp_path / "report.html").is_symlink()


def test_an_existing_file_is_not_emptied(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    path.write_text("years")
    make_file(path)
    assert path.read_text() == "years"
