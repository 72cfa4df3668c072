"""No command but `serve` opens a socket: the whole command line, with sockets forbidden."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kneeload.cli import program
from kneeload.samples import samples_folder
from tests.cli.invoking import every_command

SAMPLES = samples_folder()

FORBIDDEN = """
import os, sys

def forbid(event, _):
    if event.startswith("socket.") or event == "urllib.Request":
        with open(os.environ["SOCKETS"], "a") as told:
            told.write(event + "\\n")
        raise RuntimeError(event)

sys.addaudithook(forbid)
"""
"""A ``sitecustomize`` module, so that worker processes are watched too."""

RUN_ALL = """
import json, sys
from click.testing import CliRunner
from kneeload.cli import program
from kneeload.ingest import pipeline
pipeline.POOL_FROM_BYTES = 0  # workers even for the few samples
done = [CliRunner().invoke(program, words).exit_code for words in json.load(open(sys.argv[1]))]
print(json.dumps(done))
"""

WITH: dict[str, tuple[str, ...]] = {
    "import": (str(SAMPLES / "2026"), "--jobs", "2"),
    "pain add": ("3", "--knee", "left", "--moment", "after"),
    "pain import": (str(SAMPLES / "knee_pain.csv"),),
    "note": ("tried", "taping"),
    "settings set": ("units", "mi"),
    "backup": ("copy.db",),
    "restore": ("copy.db",),
    "export": ("e.zip",),
    "report": ("-o", "r.html"),
    "demo": ("-o", "d.html"),
    "plan": ("--run", "12"),
}
"""Words that let a command do its work; the others need none, or stop at saying so."""
LISTENS = "serve"
"""The one command that opens sockets: to listen, see `tests/cli/test_serve.py`."""
FIRST = ("import", "pain import", "pain add", "backup", "export")


def run_forbidden(folder: Path, *words: str) -> tuple[subprocess.CompletedProcess[str], list[str]]:
    """Run Python without sockets; return what it did and which it asked for."""
    (folder / "sitecustomize.py").write_text(FORBIDDEN)
    told = folder / "sockets.txt"
    told.touch()
    here = str(Path(__file__).parents[2])
    environment = os.environ | {"PYTHONPATH": f"{folder}{os.pathsep}{here}", "SOCKETS": str(told)}
    done = subprocess.run(
        [sys.executable, *words],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    return done, told.read_text().splitlines()


def test_no_command_opens_a_socket(tmp_path: Path) -> None:
    every = [" ".join(path) for path in every_command(program) if path != (LISTENS,)]
    ordered = [*FIRST, *sorted(set(every) - set(FIRST))]
    options = ["--log", "log.db", "--as-of", "2026-03-29"]
    lines = [[*options, *name.split(), *WITH.get(name, ())] for name in ordered]
    (tmp_path / "commands.json").write_text(json.dumps(lines))
    done, sockets = run_forbidden(tmp_path, "-c", RUN_ALL, "commands.json")
    codes = dict(zip(ordered, json.loads(done.stdout.splitlines()[-1]), strict=True))
    assert sockets == []
    assert {name: codes[name] for name in WITH} == dict.fromkeys(WITH, 0)
    assert set(codes.values()) <= {0, 1, 2, 3}


@pytest.mark.parametrize(
    "code", ["import socket; socket.socket()", "import urllib.request as u; u.urlopen('http://x')"]
)
def test_the_watch_would_see_one(tmp_path: Path, code: str) -> None:
    done, sockets = run_forbidden(tmp_path, "-c", code)
    assert done.returncode != 0
    assert sockets
