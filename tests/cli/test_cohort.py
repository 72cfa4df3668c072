"""kneeload cohort and kneeload simulate, as a club or a researcher would run them."""

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from kneeload.cohort import evaluate
from kneeload.cohort.tables import read_injuries, read_runs
from tests.cli.invoking import invoke


def _run(*words: object) -> tuple[int, str]:
    result = invoke(*words)
    return result.exit_code, result.output


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an invented cohort of four hundred runners, as CSV."""
    path = tmp_path_factory.mktemp("cohort") / "invented"
    code, output = _run("simulate", "cohort", "-o", path, "--runners", 400)
    assert (code, output) == (0, f"400 runners in {path}\n")
    return path


@pytest.mark.usefixtures("parquet")
def test_a_page_and_every_number(folder: Path, tmp_path: Path) -> None:
    page, numbers = tmp_path / "page.html", tmp_path / "numbers.parquet"
    tables = (folder / "runs.csv", folder / "injuries.csv")
    code, output = _run("cohort", "evaluate", *tables, "-o", page, "--results", numbers)
    assert (code, output) == (0, f"{page}\n")
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert page.stat().st_mode & 0o077 == 0
    expected = evaluate(read_runs(tables[0]), read_injuries(tables[1]))
    pd.testing.assert_frame_equal(pd.read_parquet(numbers), expected, check_dtype=False)


@pytest.mark.usefixtures("parquet")
def test_partitions(folder: Path, tmp_path: Path) -> None:
    tables = (folder / "runs.csv", folder / "injuries.csv")
    parts = tmp_path / "parts"
    code, output = _run("cohort", "partition", *tables, "-o", parts, "--runners", 150)
    assert (code, output) == (0, f"3 partitions in {parts}\n")
    code, output = _run("cohort", "partition", *tables, "-o", parts)
    assert code == 1
    assert "not empty" in output


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
@pytest.mark.usefixtures("parquet")
def test_workers_write_the_same_page_and_every_session(folder: Path, tmp_path: Path) -> None:
    tables = (folder / "runs.csv", folder / "injuries.csv")
    parts, sessions = tmp_path / "parts", tmp_path / "sessions"
    _run("cohort", "partition", *tables, "-o", parts, "--runners", 250)
    _run("cohort", "evaluate", *tables, "-o", tmp_path / "here.html")
    words = ("--workers", 1, "-o", tmp_path / "there.html", "--sessions", sessions)
    code, output = _run("cohort", "evaluate", parts / "runs", parts / "injuries", *words)
    assert code == 0
    assert "Completed" in output
    here, there = (path.read_text(encoding="utf-8") for path in sorted(tmp_path.glob("*.html")))
    assert here == there
    assert len(pd.read_parquet(sessions)) == len(read_runs(tables[0]))


def test_a_missing_extra_is_named(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "statsmodels.genmod.families", None)
    tables = (folder / "runs.csv", folder / "injuries.csv")
    code, output = _run("cohort", "evaluate", *tables, "-o", tmp_path / "page.html")
    assert not (tmp_path / "page.html").exists()
    assert code == 1
    assert "pip install '.[cohort]'" in output
    assert len(output.splitlines()) == 1


@pytest.mark.parametrize(
    "effect", ["session_spike.huge=2", "session_spike.large", "session_spike.large=0", "x"]
)
def test_an_effect_that_makes_no_sense_is_a_usage_error(effect: str, tmp_path: Path) -> None:
    code, output = _run("simulate", "cohort", "-o", tmp_path / "x", "--effect", effect)
    assert code == 2
    assert effect in output
    assert not (tmp_path / "x").exists()


@pytest.mark.usefixtures("parquet")
def test_an_effect_and_losses_are_taken(tmp_path: Path) -> None:
    words = ("--runners", 30, "--effect", "acwr.large=3", "--lost", 0.5, "--backs-off", 0.5)
    code, _ = _run("simulate", "cohort", "-o", tmp_path / "x", *words, "--parquet")
    assert code == 0
    assert read_runs(tmp_path / "x" / "runs")["runner"].nunique() <= 30


def test_a_wrong_table_is_one_line(folder: Path, tmp_path: Path) -> None:
    code, output = _run("cohort", "evaluate", folder / "injuries.csv", folder / "runs.csv")
    assert code == 1
    assert "lacks local_date" in output
    assert len(output.splitlines()) == 1


def test_sessions_go_with_workers(folder: Path, tmp_path: Path) -> None:
    tables = (folder / "runs.csv", folder / "injuries.csv")
    code, output = _run("cohort", "evaluate", *tables, "--sessions", tmp_path / "s")
    assert code == 2
    assert "--workers" in output


def test_lovdals_tables(tmp_path: Path) -> None:
    week = {"total kms": 40.0, "max km one day": 15.0, "Athlete ID": 1, "injury": 0}
    later = {f"{name}.{i}": week[name] for name in ("total kms", "max km one day") for i in (1, 2)}
    pd.DataFrame([week | later]).to_csv(tmp_path / "week.csv", index=False)
    code, _ = _run("cohort", "lovdal", tmp_path / "week.csv", "-o", tmp_path / "page.html")
    assert code == 0
    assert "Week to week" in (tmp_path / "page.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("words", ["--help", "cohort --help", "simulate --help", "rules --help"])
def test_help_loads_none_of_it(words: str) -> None:
    heavy = "statsmodels", "dask", "distributed", "kneeload.cohort", "pandas"
    code = (
        "import sys\nfrom kneeload.cli import program\n"
        f"program({words.split()!r}, standalone_mode=False)\n"
        f"assert not set({heavy!r}) & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
