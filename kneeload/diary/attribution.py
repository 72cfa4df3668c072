"""Which run a score rates: decided here, once; everything else reads the columns."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from kneeload.calendar import day_numbers
from kneeload.frames import DATE, PAIN, RUNS, TEXT, conform
from kneeload.measures.baselines import is_running

RUN_MOMENTS = frozenset({"before", "during", "after", "next_morning"})
"""Moments that rate a run; a score of any other rates the knee on its day."""

_RUN = {name: RUNS[name] for name in ("run_id", "local_date", "started_at", "suspect")}


class _Runs(NamedTuple):
    """The day of each run, and the last run of each day, by runner."""

    days: dict[tuple[Any, str], int]
    last: dict[tuple[Any, int], str]


def assign_runs(scores: pd.DataFrame, runs: pd.DataFrame) -> pd.DataFrame:
    """Return `scores` with the run that each rates, and the day of that run.

    A score that names a run rates it; one before, during or after a run rates the last run of its
    day; one of the next morning the last run of the day before. Without such a run, at rest, or
    of unsure moment, a score rates no run but the knee on its own day. A doubtful run is rated
    only where its day has no other.

    Parameters
    ----------
    scores
        Columns ``run_id``, ``local_date`` and ``moment`` of `kneeload.frames.PAIN`, of one runner
        or of many told apart by ``runner``. Assigning them again changes nothing.
    runs
        Columns of `kneeload.frames.RUNS`, other sports passed over; with ``runner`` as `scores`.

    Returns
    -------
    DataFrame
        `scores` with ``run_id``, empty where they rate no run, and ``run_date``: the day of the
        run, else the day of the score.
    """
    scores = conform(scores, PAIN)
    indexed = _by_runner(runs)
    names, moments = scores["run_id"].tolist(), scores["moment"].tolist()
    entries = zip(
        _runners(scores), names, moments, day_numbers(scores["local_date"]).tolist(), strict=True
    )
    rated = [_rated(*entry, indexed) for entry in entries]
    dates = np.array([day for _, day in rated], dtype="datetime64[D]")
    return scores.assign(
        run_id=pd.Series([name for name, _ in rated], index=scores.index, dtype=TEXT),
        run_date=dates.astype(DATE),
    )


def _rated(runner: Any, named: str, moment: str, day: int, indexed: _Runs) -> tuple[str, int]:
    """Return the run that a score rates, and its day; "" and the score's day where there is none.

    A named run that is no longer among the runs keeps its score, on the day it looks back on.
    Where runs have no names, the day alone tells.
    """
    if moment not in RUN_MOMENTS:
        return "", day
    run_day = day - (moment == "next_morning")
    name = named or indexed.last.get((runner, run_day))
    return ("", day) if name is None else (name, indexed.days.get((runner, name), run_day))


def _by_runner(runs: pd.DataFrame) -> _Runs:
    runs = runs[is_running(runs)] if "sport" in runs else runs
    runs = conform(runs, _RUN)
    # The last of a day wins: runs that count come after doubtful ones, each by their start.
    start = runs["started_at"].to_numpy("datetime64[us]")
    ordered = runs.iloc[np.lexsort((start, ~runs["suspect"].to_numpy()))]
    who, names, days = (
        _runners(ordered),
        ordered["run_id"].tolist(),
        day_numbers(ordered["local_date"]).tolist(),
    )
    return _Runs(
        days={(r, name): day for r, name, day in zip(who, names, days, strict=True) if name},
        last=dict(zip(zip(who, days, strict=True), names, strict=True)),
    )


def _runners(frame: pd.DataFrame) -> list[Any]:
    return frame["runner"].tolist() if "runner" in frame else [None] * len(frame)
