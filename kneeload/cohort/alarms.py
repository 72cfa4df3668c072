"""Flags beside sessions: which session was warned, how long before, and what followed a flag."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kneeload.calendar import day_numbers, key_of
from kneeload.model import SEVERITIES
from kneeload.rules.findings import range_max

if TYPE_CHECKING:
    import pandas as pd

    from kneeload.arrays import Floats, Ints
    from kneeload.cohort.risk import RiskSet

GRADES = len(SEVERITIES) + 1
"""No flag, and the severities."""


@dataclass(frozen=True)
class Alarms:
    """The flags of one rule, in order of runner and day.

    Parameters
    ----------
    who, day
        The runner's number, and the day since 1970.
    grade
        From 1, note, to 3, alert.
    """

    who: Ints
    day: Ints
    grade: Ints

    @classmethod
    def of(cls, flags: pd.DataFrame, rule: str) -> Alarms:
        """Return the flags of `rule`; ``runner`` holds the runners' numbers."""
        mine = flags.loc[flags["rule"] == rule]
        who, day = mine["runner"].to_numpy(np.int64), day_numbers(mine["date"])
        grade = mine["severity"].map({name: i for i, name in enumerate(SEVERITIES, 1)})
        order = np.lexsort((day, who))
        grades = np.asarray(grade.to_numpy(), dtype=np.int64)
        return cls(who[order], day[order], grades[order])

    def before(self, who: Ints, day: Ints, first: int, last: int) -> tuple[Ints, Ints]:
        """Return the worst grade from `first` to `last` days before each day, 0 where none.

        With it how many days before the first of those flags was raised, -1 where none was.
        """
        keys, now = key_of(self.who, self.day), key_of(who, day)
        low = np.searchsorted(keys, now - first, side="left")
        high = np.searchsorted(keys, now - last, side="right")
        # Each session's flags are a stretch from `low` to `high` of the flags in order.
        worst = np.maximum(range_max(self.grade.astype(np.float64), low, high), 0)
        raised = np.append(self.day, 0)[low]
        return worst.astype(np.int64), np.where(high > low, day - raised, -1)


def flag_counts(alarms: Alarms, risk: RiskSet, horizon: int) -> tuple[Ints, list[Floats]]:
    """Return for each flag raised at risk its runner, and what it adds to three measures.

    One flag; one of which it is known whether an injury followed within the horizon, and one
    that an injury followed. The injury begins after the flag's day.
    """
    sessions = risk.sessions
    who, day = alarms.who, alarms.day
    injured = sessions.loc[sessions["event"], ["who", "day"]].to_numpy(np.int64)
    keys, now = key_of(*injured.T), key_of(who, day)
    came = np.searchsorted(keys, now + horizon, "right") > np.searchsorted(keys, now, "right")
    last = sessions.groupby("who")["day"].max().to_numpy()
    entry = sessions.loc[sessions["at_risk"]].groupby("who")["day"].min()
    begun = day >= entry.reindex(who).fillna(np.inf).to_numpy()
    at_risk = begun & ~risk.washouts.hold(who, day)
    settled = at_risk & (came | (day + horizon <= last[who]))
    return who, [at_risk.astype(float), settled.astype(float), (at_risk & came).astype(float)]
