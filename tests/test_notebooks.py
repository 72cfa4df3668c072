"""Every notebook runs from top to bottom, names what it needs, and is stored without outputs."""

import ast
import importlib.util
import os
import re
import tomllib
import zipfile
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from nbclient import NotebookClient

import kneeload
from tests.packaging.test_distributions import build

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
PUBLIC = {"kneeload", *(f"kneeload.{name}" for name in ("cohort", "frames", "model", "rules"))}
PUBLIC |= {"kneeload.settings", "kneeload.simulate.cohort"}
EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
    "optional-dependencies"
]

MODULES = {
    "notebooks": {"altair"},
    "frames": {"duckdb", "polars", "pyarrow"},
    "plugins": {"hatchling"},
    "cohort": {"pyarrow", "scipy", "statsmodels"},
    "others": {"acwr", "dask", "distributed", "fit_tool", "vl_convert"},
}
BLOCK = """
import sys

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Missing())
"""


def code(path: Path) -> list[str]:
    """Return the code cells, without the lines that only Jupyter understands."""
    cells = nbformat.read(path, as_version=4).cells
    sources = (cell.source for cell in cells if cell.cell_type == "code")
    return [re.sub(r"^%.*\n", "", source, flags=re.MULTILINE) for source in sources]


def extras_of(path: Path) -> list[str]:
    """Return the extras that the first cell names."""
    named = re.match(r"# This notebook needs: pip install '\.\[([\w,]+)\]'", code(path)[0])
    assert named
    return named[1].split(",")


def with_alone(extras: list[str], wheel: Path, folder: Path) -> dict[str, str]:
    """Return an environment with the wheel, in which modules of other extras are missing."""
    allowed = set().union(*(MODULES.get(extra, set()) for extra in extras))
    missing = set().union(*MODULES.values()) - allowed
    site = folder / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(BLOCK.format(sorted(missing)), encoding="utf-8")
    return os.environ | {"PYTHONPATH": f"{site}{os.pathsep}{wheel}"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with what a wheel of this source installs."""
    folder = tmp_path_factory.mktemp("wheel")
    with zipfile.ZipFile(build(ROOT, folder / "built", "--wheel")[".whl"]) as file:
        file.extractall(folder / "installed")
    return folder / "installed"


def test_there_are_notebooks() -> None:
    names = {path.name for path in NOTEBOOKS}
    assert {"01_first_look.ipynb", "07_return_to_running.ipynb"} <= names


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_stored_without_outputs(path: Path) -> None:
    cells = nbformat.read(path, as_version=4).cells
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in cells)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_uses_public_names_alone(path: Path) -> None:
    for source in code(path):
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.ImportFrom) and str(node.module).startswith("kneeload"):
                assert node.module in PUBLIC
            if isinstance(node, ast.Import):
                names = {alias.name for alias in node.names if alias.name.startswith("kneeload")}
                assert names <= PUBLIC
            if isinstance(node, ast.Attribute):
                assert not node.attr.startswith("_") or node.attr.startswith("__")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_says_first_and_in_one_line_what_is_missing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, extras = code(path)[0], extras_of(path)
    assert set(extras) <= set(EXTRAS)
    exec(first, {})
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(SystemExit) as stop:
        exec(first, {})
    assert f"missing: pip install '.[{','.join(extras)}]'" in str(stop.value)
    assert "\n" not in str(stop.value)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_from_the_wheel(path: Path, tmp_path: Path, wheel: Path) -> None:
    book = nbformat.read(path, as_version=4)
    extras = extras_of(path)
    for name in sorted(set().union(*(MODULES.get(extra, set()) for extra in extras))):
        pytest.importorskip(name)
    book.cells.append(nbformat.v4.new_code_cell("import kneeload\n\nkneeload.__file__"))
    client = NotebookClient(
        book, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    )
    client.execute(env=with_alone(extras, wheel, tmp_path))
    (origin,) = book.cells.pop()["outputs"]
    assert str(wheel) in origin["data"]["text/plain"]
    outputs = [each for cell in book.cells for each in cell.get("outputs", [])]
    assert outputs
    shown = [each["data"] for each in outputs if "data" in each]
    figures = [data for data in shown if data["text/plain"].endswith(("Axes>", "Axes>\n"))]
    assert not [data for data in figures if "image/png" not in data], "a figure shows as its name"
    charts = [data for data in shown if data["text/plain"].startswith("<Interactive")]
    assert len(charts) == str(book.cells).count("log.chart()")
    assert all("application/vnd.vegalite.v5+json" in data for data in charts)


def test_the_words_of_inside_a_run_are_true_of_the_samples(imported_samples: Path) -> None:
    """24 km on 25 January, half as far again; 5 of 10 the next morning; 1.10 times is 17.6 km."""
    with kneeload.open_log(imported_samples, "2026-03-29") as log:
        runs, pain = log.runs(), log.pain()
        longest = runs.iloc[int(runs["distance_km"].argmax())]
        inside = log.streams(longest["run_id"])
    day = longest["local_date"]
    month = runs["local_date"].between(day - pd.Timedelta(days=30), day, inclusive="left")
    before = runs.loc[month, "distance_km"].max()
    assert f"{day:%d %B}" == "25 January"
    assert longest["distance_km"] == pytest.approx(24, abs=0.05)
    assert longest["distance_km"] / before == pytest.approx(1.5, abs=0.01)
    assert 1.10 * before == pytest.approx(17.6, abs=0.05)
    assert longest["knee_load"] == pytest.approx(longest["distance_km"], rel=0.02)
    morning = pain[(pain["run_id"] == longest["run_id"]) & (pain["moment"] == "next_morning")]
    assert morning["score"].tolist() == [5]
    half = inside["distance_m"] < inside["distance_m"].max() / 2
    beats = inside["speed_mps"].groupby(half).mean() / inside["hr_bpm"].groupby(half).mean()
    assert 1 - beats[False] / beats[True] > 0.05
