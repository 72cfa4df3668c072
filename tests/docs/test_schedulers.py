"""The examples that let a scheduler carry the Sunday routine: each tried as far as it can be."""

import plistlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kneeload.samples import samples_folder

PAGE = Path(__file__).parents[2] / "docs" / "update.md"


def _fenced(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.posix
def test_crons_line_writes_the_report_in_an_empty_environment(tmp_path: Path) -> None:
    programs, desktop = tmp_path / ".local" / "bin", tmp_path / "Desktop"
    programs.mkdir(parents=True)
    desktop.mkdir()
    program = programs / "kneeload"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m kneeload "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    folder = tmp_path / "watch"
    folder.mkdir()
    for run in sorted(samples_folder().rglob("*.gpx"))[:2]:
        shutil.copy(run, folder)
    empty = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    setting = [str(program), "settings", "set", "import_folders", str(folder)]
    subprocess.run(setting, env=empty, cwd=tmp_path, check=True, capture_output=True)
    (line,) = re.findall(
        r"^    0 20 \* \* 0  (.+)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE
    )
    done = subprocess.run(["/bin/sh", "-c", line], env=empty, cwd="/", check=False)
    assert done.returncode in {0, 3}
    assert "<h1>" in (desktop / "knee.html").read_text(encoding="utf-8")


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    verifier = shutil.which("systemd-analyze")
    if not verifier:
        pytest.skip("no systemd-analyze on this machine")
    service, timer = _fenced("ini")
    # What is verified is that a unit is understood; the program it names is on no test machine.
    service = service.replace("%h/.local/bin/kneeload", "/bin/true")
    (tmp_path / "kneeload.service").write_text(service, encoding="utf-8")
    (tmp_path / "kneeload.timer").write_text(timer, encoding="utf-8")
    found = subprocess.run(
        [verifier, "verify", "kneeload.service", "kneeload.timer"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "kneeload" not in found.stderr
    assert found.returncode == 0


def test_launchds_list_runs_the_routine_on_sunday_evening() -> None:
    (listed,) = _fenced("xml")
    told = plistlib.loads(listed.encode())
    assert told["ProgramArguments"][1:3] == ["update", "-o"]
    assert told["StartCalendarInterval"] == {"Weekday": 0, "Hour": 20}
