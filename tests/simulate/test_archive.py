"""Archives of any size for benchmarks."""

from pathlib import Path
from typing import Any

import fitparse
import gpxpy
from click.testing import CliRunner

from kneeload.simulate import archive
from kneeload.simulate.__main__ import main


def test_an_archive_has_the_files_asked_for(tmp_path: Path) -> None:
    assert archive.write(tmp_path, fit_files=5, gpx_files=3, every_s=10) == 8
    assert len(list(tmp_path.rglob("*.fit"))) == 5
    assert len(list(tmp_path.rglob("*.gpx"))) == 3


def test_an_archive_is_the_same_for_the_same_seed() -> None:
    def made(seed: int) -> dict[str, bytes]:
        return dict(archive.files(fit_files=3, gpx_files=2, seed=seed, every_s=10))

    assert made(1) == made(1)
    assert made(1).keys() != made(2).keys()


def test_every_file_holds_its_own_run() -> None:
    sessions = {f"{s.started_at:%Y/%Y-%m-%d-%H%M%S}": s for s in archive.sessions(8, seed=3)}
    reader: Any = fitparse.FitFile
    for name, content in archive.files(fit_files=5, gpx_files=3, seed=3, every_s=10):
        session = sessions[name.rsplit(".", 1)[0]]
        if name.endswith(".fit"):
            (totals,) = reader(content).get_messages("session")
            assert totals.get_value("total_distance") == session.distance_m
        else:
            length = gpxpy.parse(content.decode()).length_2d()
            assert abs(length / session.distance_m - 1) < 0.005


def test_a_large_archive_is_planned_without_gaps() -> None:
    sessions = archive.sessions(2637, seed=0)
    assert len(sessions) == 2637
    assert len({s.started_at for s in sessions}) == 2637


def test_the_command_writes_an_archive(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    done = CliRunner().invoke(main, ["archive", str(folder), "--fit", "2", "--every", "20"])
    assert (done.exit_code, done.output) == (0, f"2 files in {folder}\n")
    assert len(list(folder.rglob("*.fit"))) == 2
