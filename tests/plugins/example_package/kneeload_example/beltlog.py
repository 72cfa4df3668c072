"""An importer: the text files of a treadmill that writes seconds and metres."""

import datetime as dt

import numpy as np
import pandas as pd

from kneeload.errors import FileRefused
from kneeload.model import Activity, Sport

FIRST_LINE = b"beltlog 1\n"


def reads(head: bytes) -> bool:
    """Return whether a file that begins like this is a belt log; its name does not matter."""
    return head.startswith(FIRST_LINE)


def decode(content: bytes) -> list[Activity]:
    """Return the one run in a belt log."""
    _, start, *rows = content.decode().splitlines()
    started_at = dt.datetime.fromisoformat(start.removeprefix("start "))
    try:
        seconds, metres = np.loadtxt(rows, ndmin=2, unpack=True)
    except ValueError as error:
        raise FileRefused(f"has a line that is not seconds and metres: {error}") from None
    run = Activity(
        sport=Sport.TREADMILL_RUNNING,
        started_at=started_at,
        utc_offset_s=round((started_at.utcoffset() or dt.timedelta()).total_seconds()),
        samples=pd.DataFrame(
            {
                "time": pd.Timestamp(started_at) + pd.to_timedelta(seconds, unit="s"),
                "distance_m": metres,
            }
        ),
        distance_m=float(metres[-1]),
        distance_source="device",
        timer_s=float(seconds[-1]),
    )
    return [run]
