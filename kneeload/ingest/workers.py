"""Processes that work beside this one."""

from __future__ import annotations

import os
import signal
import warnings
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context
from typing import TYPE_CHECKING

from kneeload.errors import KneeloadError
from kneeload.plugins import PluginWarning

if TYPE_CHECKING:
    from collections.abc import Iterator

_STOPPED = (
    "a worker process was stopped, possibly because memory ran out; what was written stays. Run "
    "the command again; if it was an import, with --jobs 1"
)


@contextmanager
def pool(jobs: int) -> Iterator[ProcessPoolExecutor]:
    """Spawned workers: the same on every system, and free of the parent's open database.

    Raises
    ------
    KneeloadError
        If one of them is killed, as a system does that runs out of memory.
    """
    workers = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_prepare)
    try:
        yield workers
    except BrokenProcessPool as error:
        raise KneeloadError(_STOPPED) from error
    finally:
        workers.shutdown(wait=True, cancel_futures=True)


def _prepare() -> None:
    """Leave Ctrl-C to the parent, which stops the workers in good order, and warnings as well.

    This module loads no numpy, whose threads would spin in wait of work that never comes.
    """
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warnings.simplefilter("ignore", PluginWarning)
