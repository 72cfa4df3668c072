"""Parquet files of whole runners, and the refusal of any other layout."""

from pathlib import Path

import pandas as pd
import pytest

from kneeload.cohort.partitions import partitions, write
from kneeload.cohort.tables import read_injuries, read_runs
from kneeload.errors import FrameError
from tests.cohort.building import daily, injuries

pytestmark = pytest.mark.usefixtures("parquet")
RUNS = pd.concat([daily(name, "2026-01-01", 3) for name in "dacb"], ignore_index=True)
REPORTS = injuries("a 2026-01-02\nc 2026-01-03\nzz 2026-01-04")


def test_each_file_holds_whole_runners_in_order(tmp_path: Path) -> None:
    assert write(RUNS, REPORTS, tmp_path / "parts", at_once=3) == 2
    files = sorted((tmp_path / "parts/runs").iterdir())
    names = [read_runs(file)["runner"].drop_duplicates().tolist() for file in files]
    assert names == [["a", "b", "c"], ["d"]]
    assert len(read_injuries(tmp_path / "parts/injuries")) == 3


def test_every_injury_goes_with_one_partition(tmp_path: Path) -> None:
    write(RUNS, REPORTS, tmp_path / "parts", at_once=2)
    parts = partitions(tmp_path / "parts/runs")
    assert [(part.first, part.until) for part in parts] == [(None, "c"), ("c", None)]


def test_a_single_file_is_one_partition(tmp_path: Path) -> None:
    RUNS.to_parquet(tmp_path / "runs.parquet")
    (part,) = partitions(tmp_path / "runs.parquet")
    assert (part.first, part.until) == (None, None)


def test_files_that_share_a_runner_are_refused(tmp_path: Path) -> None:
    RUNS.iloc[:7].to_parquet(tmp_path / "1.parquet")
    RUNS.iloc[7:].to_parquet(tmp_path / "2.parquet")
    with pytest.raises(FrameError, match="may share runners"):
        partitions(tmp_path)


def test_nothing_is_mixed_into_a_folder_that_holds_files(tmp_path: Path) -> None:
    (tmp_path / "old").touch()
    with pytest.raises(FrameError, match="not empty"):
        write(RUNS, REPORTS, tmp_path, at_once=2)


def test_other_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FrameError, match="holds no Parquet files"):
        partitions(tmp_path)
    (tmp_path / "x.parquet").write_text("runner,date")
    with pytest.raises(FrameError, match="not a Parquet file"):
        partitions(tmp_path)
    pd.DataFrame({"athlete": ["a"]}).to_parquet(tmp_path / "x.parquet")
    with pytest.raises(FrameError, match="no column named runner"):
        partitions(tmp_path)
