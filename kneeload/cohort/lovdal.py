"""The public tables of Lövdal and others: what seven days or three weeks of history allow.

Each row is a day of an athlete with the days or weeks before it. Rows without injury follow each
other, rows with injury stand alone: the 30 days before them are not in the tables, so the session
spike and the references of `kneeload.rules` cannot be computed, and no site is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kneeload.cohort.blocks import block
from kneeload.cohort.evaluation import count_rows, exposure_rows
from kneeload.cohort.exposures import STATES, positive, states
from kneeload.cohort.risk import BANDS
from kneeload.frames import require
from kneeload.settings import DEFAULTS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from kneeload.arrays import Floats, Ints

DAY_EXPOSURES: Mapping[str, str] = MappingProxyType(
    {"monotony_7d": "Foster's monotony of the kilometres run in the previous 7 days"}
)
WEEK_EXPOSURES: Mapping[str, str] = MappingProxyType(
    {
        "week_to_week": "the last week compared with the week before it",
        "acwr_7_14": "the last week compared with the mean of the two before it (uncoupled)",
        "longest_day": "the longest day of the last week compared with that of the two weeks "
        "before it",
    }
)
_DAYS, _WEEKS = 7, 3
_FEWEST_DAYS = 4
_EPS = 1e-7


@dataclass(frozen=True)
class Lovdal:
    """One of the two tables.

    Parameters
    ----------
    athlete
        Number of each row's athlete, from 0.
    injury
        1 where an injury began on the row's day.
    state
        For each exposure the place in `STATES` of each row.
    """

    athlete: Ints
    injury: Floats
    state: Mapping[str, Ints]


def read_lovdal(path: Path) -> Lovdal:
    """Return a day file or a week file of the data set.

    Parameters
    ----------
    path
        ``day_approach_maskedID_timeseries.csv`` or ``week_approach_maskedID_timeseries.csv`` of
        DataverseNL, doi:10.34894/UWU9PV (CC0).

    Raises
    ------
    FrameError
        If it is neither.

    References
    ----------
    Lövdal SS, den Hartigh RJR, Azzopardi G. Int J Sports Physiol Perform 2021;16:1522-1531,
    doi:10.1123/ijspp.2020-0518. Suffixes as the data set's second README gives them: in the day
    file none is seven days before and ``.6`` the day before; in the week file none is the last
    week.
    """
    rows = pd.read_csv(path)
    require(rows, ("Athlete ID", "injury"), path.name)
    state = _by_day(rows) if "total km.6" in rows else _by_week(rows, path)
    athlete = np.asarray(pd.factorize(rows["Athlete ID"], sort=True)[0], dtype=np.int64)
    return Lovdal(athlete, rows["injury"].to_numpy(np.float64), state)


def evaluate_lovdal(table: Lovdal) -> pd.DataFrame:
    """Return the results of a table in the layout of `kneeload.cohort.results`.

    Rows, days of an athlete, stand in the place of sessions; intervals are clustered by athlete.
    """
    athletes = int(table.athlete.max(initial=-1)) + 1
    measures = [np.ones(len(table.injury)), table.injury, *[np.zeros(len(table.injury))] * 2]
    counts = {
        "runners": athletes,
        "sessions at risk": len(table.injury),
        "injuries events": int(table.injury.sum()),
    }
    rows = count_rows(counts)
    for name, state in table.state.items():
        cells = len(STATES) * BANDS
        cell_counts = block(table.athlete, state * BANDS, cells, measures, athletes)
        rows += exposure_rows(cell_counts, name)
    return pd.DataFrame(rows)


def _by_week(rows: pd.DataFrame, path: Path) -> dict[str, Ints]:
    names = ("total kms", "max km one day")
    require(rows, [_at(name, week) for name in names for week in range(_WEEKS)], path.name)
    total, longest = (_columns(rows, name, _WEEKS) for name in names)
    return {
        "week_to_week": states(total[0], positive(total[1])),
        "acwr_7_14": states(total[0], positive(total[1:].mean(axis=0))),
        "longest_day": states(longest[0], positive(longest[1:].max(axis=0))),
    }


def _by_day(rows: pd.DataFrame) -> dict[str, Ints]:
    """Tell weeks of four days of running and more whose days are much alike."""
    km = _columns(rows, "total km", _DAYS)
    mean, spread = km.mean(axis=0), km.std(axis=0, ddof=1)
    alike = mean > (DEFAULTS.threshold("monotony.limit") + _EPS) * spread
    enough = (km > 0).sum(axis=0) >= _FEWEST_DAYS
    return {"monotony_7d": np.where(enough, alike.astype(np.int64), len(STATES) - 1)}


def _columns(rows: pd.DataFrame, name: str, count: int) -> Floats:
    return rows[[_at(name, place) for place in range(count)]].to_numpy(np.float64).T


def _at(name: str, place: int) -> str:
    return f"{name}.{place}" if place else name
