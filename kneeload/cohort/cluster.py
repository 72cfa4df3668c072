"""The same counts by Dask: one task for each partition, added up; nothing is shuffled."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from operator import add
from typing import TYPE_CHECKING

from dask.bag import from_sequence
from distributed import Client, LocalCluster

from kneeload.cohort.counting import Tally, person_sessions, tally
from kneeload.cohort.evaluation import by_runners, results, total
from kneeload.cohort.partitions import partitions
from kneeload.cohort.risk import STUDY
from kneeload.cohort.tables import read_injuries, read_runs
from kneeload.settings import DEFAULTS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pandas as pd

    from kneeload.cohort.partitions import Partition
    from kneeload.cohort.risk import Study
    from kneeload.settings import Settings

ADDED_AT_ONCE = 16


def evaluate_partitions(
    runs: Path,
    injuries: Path,
    *,
    workers: int = 2,
    address: str | None = None,
    sessions: Path | None = None,
    study: Study = STUDY,
    settings: Settings = DEFAULTS,
    watch: Callable[[object], object] | None = None,
) -> pd.DataFrame:
    """Return what `kneeload.cohort.evaluate` would of a cohort larger than memory.

    Parameters
    ----------
    runs
        A folder of Parquet files of whole runners, as `kneeload.cohort.partitions.write` makes it.
    injuries
        A Parquet file or a folder of them, in any order.
    workers
        Processes on this machine, each with one partition in memory at a time.
    address
        Of a Dask scheduler whose workers see the same paths, in place of `workers`.
    sessions
        Folder into which each session goes, as `kneeload.cohort.person_sessions` returns it.
    watch
        Is given the future result while it is computed.
    """
    count = partial(_count, injuries=injuries, sessions=sessions, study=study, settings=settings)
    if sessions:
        sessions.mkdir(parents=True, exist_ok=True)
    parts = partitions(runs)
    sums = (
        from_sequence(parts, npartitions=len(parts)).map(count).fold(add, split_every=ADDED_AT_ONCE)
    )
    with _client(workers, address) as client:
        future = client.compute(sums)
        if watch:
            watch(future)
        counts: Tally = future.result()
    return results(counts)


def _client(workers: int, address: str | None) -> Client:
    if address:
        return Client(address)
    cluster = LocalCluster(
        n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None
    )
    return _Owning(cluster)


class _Owning(Client):  # type: ignore[misc]
    """A client that takes its cluster down with it."""

    def __exit__(self, *raised: object) -> None:
        cluster = self.cluster
        super().__exit__(*raised)
        with suppress(TimeoutError):  # on a busy machine: a worker that lingers goes with us
            cluster.close()


def _count(
    part: Partition, *, injuries: Path, sessions: Path | None, study: Study, settings: Settings
) -> Tally:
    """Count one partition, a thousand runners at a time; the work of a worker."""
    bounds = [("runner", ">=", part.first), ("runner", "<", part.until)]
    filters = [bound for bound in bounds if bound[2] is not None] or None
    tables = read_runs(part.runs), read_injuries(injuries, filters)
    if sessions:
        rows = person_sessions(*tables, study=study, settings=settings)
        rows.to_parquet(sessions / part.runs.name, index=False)
    return total(tally(*some, study=study, settings=settings) for some in by_runners(*tables))
