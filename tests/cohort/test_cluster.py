"""Dask over partitions: equal to one process, also when a worker is killed midway."""

import os
import signal
import time
from pathlib import Path

import pandas as pd
import pytest
from distributed import LocalCluster, get_client

from kneeload.cohort import Study, evaluate, person_sessions
from kneeload.cohort.cluster import evaluate_partitions
from kneeload.cohort.partitions import write
from kneeload.simulate.cohort import Cohort

STUDY = Study(shuffles=2)

# Workers that start and die leave sockets and event loops to the garbage collector.
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning"),
    pytest.mark.usefixtures("parquet"),
]


@pytest.fixture(scope="module")
def parts(planted: Cohort, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the cohort in partitions of fifty runners."""
    folder = tmp_path_factory.mktemp("cohort") / "parts"
    write(planted.runs, planted.injuries, folder, at_once=50)
    return folder


def _kill_one(_future: object) -> None:
    """Kill a worker once it has begun."""
    client = get_client()
    while not any(client.processing().values()):
        time.sleep(0.05)
    time.sleep(0.5)
    os.kill(next(iter(client.run(os.getpid).values())), signal.SIGKILL)


@pytest.mark.posix
def test_a_killed_worker_changes_nothing(planted: Cohort, parts: Path, tmp_path: Path) -> None:
    alone = evaluate(planted.runs, planted.injuries, study=STUDY)
    together = evaluate_partitions(
        parts / "runs",
        parts / "injuries",
        workers=2,
        sessions=tmp_path / "sessions",
        study=STUDY,
        watch=_kill_one,
    )
    pd.testing.assert_frame_equal(alone, together, check_exact=True)
    written = pd.read_parquet(tmp_path / "sessions").reset_index(drop=True)
    expected = person_sessions(planted.runs, planted.injuries, study=STUDY)
    pd.testing.assert_frame_equal(written, expected, check_categorical=False)


def test_a_cluster_by_its_address_gives_the_same_and_goes_on(planted: Cohort, parts: Path) -> None:
    alone = evaluate(planted.runs, planted.injuries, study=STUDY)
    with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster:
        address = cluster.scheduler_address
        there = evaluate_partitions(
            parts / "runs", parts / "injuries", address=address, study=STUDY
        )
        assert len(cluster.scheduler.workers) == 1
    assert address.startswith("tcp://")
    pd.testing.assert_frame_equal(alone, there, check_exact=True)
