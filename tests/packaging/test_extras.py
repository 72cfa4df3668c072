"""Extras are really optional: a runner's whole command line without one of them."""

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path

from kneeload.samples import samples_folder

ROOT = Path(__file__).parents[2]
SAMPLES = samples_folder()
OPTIONAL = (
    "altair duckdb polars pyarrow scipy statsmodels dask distributed fit_tool acwr IPython"
    " flask segno waitress werkzeug"
)

BLOCK = f"""
import sys

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {OPTIONAL.split()!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Missing())
"""
"""A ``sitecustomize`` module, so that worker processes lack them too."""

RUN_ALL = """
import json, sys
from click.testing import CliRunner
from kneeload.cli import program
from kneeload.ingest import pipeline
pipeline.POOL_FROM_BYTES = 0  # workers even for the few samples
done = [CliRunner().invoke(program, words) for words in json.load(open(sys.argv[1]))]
print(json.dumps([[one.exit_code, one.stdout, one.stderr] for one in done]))
"""

WORDS = (
    f"import {SAMPLES / '2026'} --jobs 2",
    f"pain import {SAMPLES / 'knee_pain.csv'}",
    "pain add 2 --knee left --moment after --date 2026-03-28",
    "status --json",
    "plan --run 12 --json",
    "runs --csv",
    "weeks --json",
    "flags --csv",
    "rules",
    "pain explain",
    "report -o r.html",
    "report --for physio -o p.html",
    "report --all -o all",
    "export e.zip",
    "export --private-positions shared.zip",
    "backup copy.db",
    "verify",
    "rebuild",
)
NEEDY = {
    "simulate cohort -o cohort --runners 20": "cohort",
    "simulate cohort -o cohort --effect session_spike.large=2": "cohort",
    "cohort evaluate runs.csv injuries.csv": "cohort",
    "cohort evaluate runs.csv injuries.csv --workers 2": "cluster",
    "cohort partition runs.csv injuries.csv -o parts": "cohort",
    "cohort lovdal runs.csv": "cohort",
    "serve": "serve",
}
FLAGS_FOUND = 3


def invoked(folder: Path, commands: Iterable[str]) -> list[tuple[int, str, str]]:
    """Run commands in one process without extras; their exit codes, output and complaints."""
    (folder / "sitecustomize.py").write_text(BLOCK)
    before = ["--log", "log.db", "--as-of", "2026-03-29"]
    (folder / "words.json").write_text(json.dumps([[*before, *c.split()] for c in commands]))
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", RUN_ALL, "words.json"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": f"{folder}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return [tuple(one) for one in json.loads(done.stdout)]


def test_everything_for_one_runner_works_without_extras(tmp_path: Path) -> None:
    done = invoked(tmp_path, WORDS)
    for words, (code, said, complained) in zip(WORDS, done, strict=True):
        assert code in {0, FLAGS_FOUND}, (words, said, complained)
    assert len(json.loads(done[WORDS.index("weeks --json")][1])) == 13
    assert {"r.html", "p.html", "e.zip", "shared.zip", "copy.db"} <= {
        path.name for path in tmp_path.iterdir()
    }


def test_a_command_that_needs_an_extra_names_it_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "runs.csv").write_text("runner,local_date,distance_km\na,2026-01-01,5\n")
    (tmp_path / "injuries.csv").write_text("runner,date\na,2026-01-02\n")
    known = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    done = invoked(tmp_path, NEEDY)
    for (words, extra), (code, _, complained) in zip(NEEDY.items(), done, strict=True):
        assert code == 1, words
        assert complained.startswith("Error: this needs "), words
        assert complained.endswith(f": pip install '.[{extra}]'\n"), words
        assert complained.count("\n") == 1
        assert extra in known["optional-dependencies"]
