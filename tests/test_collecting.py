"""Garbage is looked for seldom, in the program as in its workers, and not as they end."""

from __future__ import annotations

import gc

from kneeload.collecting import MANY_OBJECTS
from kneeload.log.ingest import pool
from tests.fresh import printed


def test_what_will_end_with_the_process_is_not_looked_through_before() -> None:
    code = (
        "import atexit, gc, sys\n"
        "atexit.register(lambda: print(gc.get_threshold()[0], gc.get_freeze_count() > 0))\n"
        "from kneeload.cli import main\nsys.argv = ['kneeload', '--version']\nmain()"
    )
    assert printed(code)[1:] == [f"{MANY_OBJECTS} True"]


def test_workers_look_as_seldom() -> None:
    with pool(1) as workers:
        assert workers.submit(gc.get_threshold).result()[0] == MANY_OBJECTS
