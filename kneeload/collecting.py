"""Garbage collection for a process that ends soon: most of what it makes lasts as long as it does.

Imports alone leave a hundred thousand objects. To look them all through, again and again and once
more at the end, took a fifth of the time until the first word.
"""

from __future__ import annotations

import atexit
import gc

MANY_OBJECTS = 200_000  # more than `status` makes; of many reports it costs a worker 25 MB


def collect_seldom() -> None:
    """Let Python look for garbage once in many objects, and not as it ends."""
    gc.set_threshold(MANY_OBJECTS)
    atexit.register(gc.freeze)
