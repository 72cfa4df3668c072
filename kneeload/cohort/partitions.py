"""Cohorts on disk as Parquet files of whole runners: nothing needs to be shuffled to be counted."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from kneeload.cohort.evaluation import by_runners
from kneeload.errors import FrameError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import pandas as pd

    Tables = tuple[pd.DataFrame, pd.DataFrame]

RUNS, INJURIES = "runs", "injuries"


@dataclass(frozen=True)
class Partition:
    """One file of runs, and the runners whose injuries go with it.

    Parameters
    ----------
    first, until
        The injuries of runners from `first` to before `until`, by name; None: without end.
    """

    runs: Path
    first: str | None
    until: str | None


def write(runs: pd.DataFrame, injuries: pd.DataFrame, folder: Path, *, at_once: int) -> int:
    """Write both tables below `folder`, `at_once` runners to a file; return how many files."""
    return write_parts(by_runners(runs, injuries, at_once), folder)


def write_parts(parts: Iterable[Tables], folder: Path) -> int:
    """Write tables of whole runners, in order of their names, below `folder`.

    Raises
    ------
    FrameError
        If `folder` already holds files: what is left of another cohort must not mix in.
    """
    if folder.exists() and any(folder.iterdir()):
        raise FrameError(f"{folder} is not empty; choose a new folder")
    for name in (RUNS, INJURIES):
        (folder / name).mkdir(parents=True)
    count = 0
    for count, tables in enumerate(parts, 1):
        for name, table in zip((RUNS, INJURIES), tables, strict=True):
            table.to_parquet(folder / name / f"part-{count:05d}.parquet", index=False)
    return count


def partitions(runs: Path) -> list[Partition]:
    """Return the partitions of a folder of runs.

    Raises
    ------
    FrameError
        If the folder holds none, or a runner could be in two of them.
    """
    files = sorted(runs.glob("*.parquet")) if runs.is_dir() else [runs]
    spans = sorted((*_span(file), file) for file in files)
    for (_, last, file), (first, _, other) in pairwise(spans):
        if first <= last:
            raise FrameError(
                f"{file.name} and {other.name} may share runners;"
                " `kneeload cohort partition` writes files that never split a runner's data"
            )
    if not spans:
        raise FrameError(f"{runs} holds no Parquet files")
    edges = [None, *(first for first, _, _ in spans[1:]), None]
    return [
        Partition(file, first, until)
        for (_, _, file), first, until in zip(spans, edges[:-1], edges[1:], strict=True)
    ]


def _span(file: Path) -> tuple[str, str]:
    """Return the first and the last runner of a file, from its statistics alone."""
    from pyarrow import ArrowInvalid
    from pyarrow.parquet import ParquetFile

    try:
        meta = ParquetFile(file).metadata
    except ArrowInvalid:
        raise FrameError(
            f"{file} is not a Parquet file; write one with `kneeload cohort partition`"
        ) from None
    names = [meta.schema.column(i).name for i in range(meta.num_columns)]
    if "runner" not in names:
        raise FrameError(f"{file} has no column named runner")
    place = names.index("runner")
    groups = [meta.row_group(i).column(place).statistics for i in range(meta.num_row_groups)]
    if not groups or any(g is None or not g.has_min_max for g in groups):
        raise FrameError(
            f"{file} has no statistics of its runner column; write it with `kneeload cohort "
            "partition`"
        )
    return str(min(g.min for g in groups)), str(max(g.max for g in groups))
