"""A watch's archive of any size: FIT and GPX files of one runner's years, for benchmarks."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from kneeload.simulate import fit, gpx, history
from kneeload.simulate.folder import write_files
from kneeload.simulate.runner import Kind, Session
from kneeload.simulate.track import recorded

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator
    from pathlib import Path

RUNS_PER_YEAR = 120


def sessions(count: int, seed: int = 0) -> list[Session]:
    """Return the last `count` runs of a history, each run in a way of its own."""
    years = math.ceil(count / RUNS_PER_YEAR) + 1
    runs = history.runs(years=years, seed=seed).tail(count)
    rng = np.random.default_rng([seed, 1])
    kinds = rng.choice([Kind.EASY, Kind.TEMPO, Kind.INTERVALS, Kind.LONG], len(runs))
    seeds = rng.integers(2**32, size=len(runs))
    starts = runs["started_at"].dt.to_pydatetime()
    metres = (runs["distance_km"] * 1000).round().astype(int)
    rows = zip(starts, metres, runs["moving_s"].astype(int), kinds, seeds, strict=True)
    return [_session(*row) for row in rows]


def files(
    *, fit_files: int, gpx_files: int, seed: int = 0, every_s: int = 1
) -> Iterator[tuple[str, bytes]]:
    """Give the archive's files one by one: path within it and content; GPX files lie scattered."""
    planned = sessions(fit_files + gpx_files, seed)
    as_gpx = np.random.default_rng([seed, 2]).permutation(len(planned)) < gpx_files
    for session, is_gpx in zip(planned, as_gpx, strict=True):
        yield _file(session, every_s, is_gpx=bool(is_gpx))


def write(
    folder: Path, *, fit_files: int, gpx_files: int = 0, seed: int = 0, every_s: int = 1
) -> int:
    """Write the archive below `folder` and return how many files it has."""
    made = files(fit_files=fit_files, gpx_files=gpx_files, seed=seed, every_s=every_s)
    return write_files(folder, made)


def _session(
    started_at: dt.datetime, distance_m: int, moving_s: int, kind: str, seed: int
) -> Session:
    return Session(
        started_at=started_at,
        kind=Kind(kind),
        distance_m=distance_m,
        moving_s=moving_s,
        name="Run",
        seed=seed,
    )


def _file(session: Session, every_s: int, *, is_gpx: bool) -> tuple[str, bytes]:
    track = recorded(session, history.SOMEONE, every_s)
    stem = f"{session.started_at:%Y/%Y-%m-%d-%H%M%S}"
    if is_gpx:
        return f"{stem}.gpx", gpx.written(session, track)
    return f"{stem}.fit", fit.written(session, track)
