"""Every notebook runs from top to bottom, and is stored without what it printed."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pandas as pd
import pytest
from nbclient import NotebookClient

import kneeload
from kneeload.log.training_log import TrainingLog

FOLDER = Path(__file__).parent.parent / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


def test_there_are_notebooks() -> None:
    assert "01_first_look.ipynb" in {path.name for path in NOTEBOOKS}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_stored_without_outputs(path: Path) -> None:
    cells = nbformat.read(path, as_version=4).cells
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in cells)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_from_top_to_bottom(path: Path, tmp_path: Path) -> None:
    book = nbformat.read(path, as_version=4)
    if "import polars" in str(book.cells):
        pytest.importorskip("pyarrow")  # by which Polars takes a frame
    client = NotebookClient(
        book, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    )
    client.execute()
    outputs = [each for cell in book.cells for each in cell.get("outputs", [])]
    assert outputs
    shown = [each["data"] for each in outputs if "data" in each]
    figures = [data for data in shown if data["text/plain"].endswith(("Axes>", "Axes>\n"))]
    assert not [data for data in figures if "image/png" not in data], "a figure shows as its name"


def test_the_words_of_inside_a_run_are_true_of_the_samples(imported_samples: Path) -> None:
    """24 km on 25 January, half as far again; 5 of 10 the next morning; 1.10 times is 17.6 km."""
    with TrainingLog(imported_samples) as log:
        runs, pain = log.runs(), log.pain()
        longest = runs.iloc[int(runs["distance_km"].argmax())]
        inside = kneeload.streams(log.activity(longest["run_id"]))
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
