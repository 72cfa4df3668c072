"""The risk set: which sessions could have been followed by a new injury, and which were.

- The unit is a session of running; the time scale counts a runner's sessions at risk, in bands.
  Once a runner has had an injury in the table, all later sessions are a band of their own: who was
  hurt before is hurt again more often, and comes back from a gap, which would confound the ratios.
- A runner enters `run_in_days` after the first session, with that much history behind every ratio,
  and is followed to the last session. Whoever stops is censored there; nothing is assumed to be
  told by stopping.
- An injury belongs to the last session on its date or before, if that lies no more than
  `attribution_days` back; of several sessions on one day to the last (ties), so that no session
  bears two injuries and no injury two sessions.
- After every report the runner is out of the risk set for `washout_days`, or longer if the table
  says that the injury was over later. A report within that time is the same injury: it prolongs the
  washout and is no new event.
- After the washout the runner is at risk again and can be injured again; sessions in the washout
  remain history for the ratios of later ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kneeload.calendar import day_numbers, key_of, runner_codes
from kneeload.errors import FrameError
from kneeload.weeks import countable_runs

if TYPE_CHECKING:
    from kneeload.arrays import Bools, Ints

_BAND_STARTS = (1, 26, 51, 101)
BANDS = len(_BAND_STARTS) + 1
"""Bands of the time scale: by the number of the session at risk, and after an earlier injury."""


@dataclass(frozen=True, kw_only=True)
class Study:
    """The choices that make a risk set; all of them are assumptions.

    Parameters
    ----------
    run_in_days
        Days of history before a runner is at risk [d].
    washout_days
        Days after an injury in which another is the same [d].
    attribution_days
        Days after a session in which an injury belongs to it [d].
    horizon_days
        Days before a session in which a flag is a warning [d].
    shuffles
        How many times denominators are moved among a runner's sessions.
    site
        Only injuries whose site holds this word are events; others still put a runner out of the
        risk set. Empty counts all.
    """

    run_in_days: int = 28
    washout_days: int = 28
    attribution_days: int = 7
    horizon_days: int = 7
    shuffles: int = 20
    site: str = ""


STUDY = Study()


@dataclass(frozen=True)
class RiskSet:
    """Every session with its place in the risk set, and what became of the injuries.

    Parameters
    ----------
    sessions
        As `kneeload.weeks.countable_runs` returns them, with ``who`` (the runner's number),
        ``day`` (since 1970), ``at_risk``, ``event`` and ``band``.
    fates
        How many injuries were events, and why the others were not.
    days_at_risk
        Days at risk of each runner, by number [d].
    washouts
        When runners were out of the risk set.
    """

    sessions: pd.DataFrame
    fates: dict[str, int]
    days_at_risk: Ints
    washouts: Washouts


def risk_set(runs: pd.DataFrame, injuries: pd.DataFrame, study: Study) -> RiskSet:
    """Return the risk set of `runs` and `injuries`; the module's text defines it.

    Parameters
    ----------
    runs
        ``runner, local_date, distance_km`` [km] and more of `kneeload.frames.RUNS`.
    injuries
        ``runner, date`` and, where known, ``until``: the day on which the injury was over.
    """
    sessions = countable_runs(runs)
    sessions = sessions.assign(who=runner_codes(sessions), day=day_numbers(sessions["local_date"]))
    reports = _reports(sessions, injuries, study)
    washouts = Washouts.of(reports)
    who, day = sessions["who"].to_numpy(), sessions["day"].to_numpy()
    first, last = _span(who, day)
    entry = first + study.run_in_days
    at_risk = (day >= entry[who]) & ~washouts.hold(who, day)
    event, fates = _events(sessions, at_risk, reports, study)
    return RiskSet(
        sessions.assign(
            at_risk=at_risk, event=event, band=_bands(who, at_risk, washouts.past(who, day))
        ),
        {**fates, "of runners without sessions": len(injuries) - len(reports)},
        np.maximum(last - entry + 1, 0) - washouts.days(entry, last),
        washouts,
    )


@dataclass(frozen=True)
class Washouts:
    """Spells in which runners are out of the risk set: from the day after a report, to its end."""

    who: Ints
    start: Ints
    end: Ints

    @classmethod
    def of(cls, reports: pd.DataFrame) -> Washouts:
        """Return the spells of `reports`; later reports prolong what an earlier one began."""
        fresh = reports["fresh"].to_numpy()
        spell = np.cumsum(fresh) - 1
        end = pd.Series(reports["end"].to_numpy()).groupby(spell).max().to_numpy(np.int64)
        return cls(reports["who"].to_numpy()[fresh], reports["day"].to_numpy()[fresh] + 1, end)

    def hold(self, who: Ints, day: Ints) -> Bools:
        """Return whether a spell holds each runner's day."""
        if not len(self.who):
            return np.zeros(len(who), dtype=np.bool_)
        keys = key_of(self.who, self.start)
        at = np.searchsorted(keys, key_of(who, day), side="right") - 1
        return np.asarray((at >= 0) & (self.who[at] == who) & (day <= self.end[at]))

    def past(self, who: Ints, day: Ints) -> Bools:
        """Return whether a spell of the runner has begun before each day or on it."""
        begun = pd.Series(self.start).groupby(self.who).min()
        first = begun.reindex(who).to_numpy()
        return np.asarray(first <= day)

    def days(self, entry: Ints, last: Ints) -> Ints:
        """Return how many days of each runner's time from `entry` to `last` the spells take."""
        low = np.maximum(self.start, entry[self.who])
        high = np.minimum(self.end, last[self.who])
        overlap = np.bincount(self.who, np.maximum(high - low + 1, 0), minlength=len(entry))
        return overlap.astype(np.int64)


def _span(who: Ints, day: Ints) -> tuple[Ints, Ints]:
    """Give the first and the last day of each runner."""
    heads = np.flatnonzero(np.diff(who, prepend=-1))
    return day[heads], day[np.append(heads[1:], len(who))[: len(heads)] - 1]


def _reports(sessions: pd.DataFrame, injuries: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Return the injuries of runners with sessions in order, each with the end of its washout."""
    runners = pd.Index(sessions["runner"].unique())
    who = runners.get_indexer(injuries["runner"])
    reports = pd.DataFrame({"who": who, "day": day_numbers(injuries["date"])})
    reports["end"] = reports["day"] + study.washout_days
    reports["meant"] = _at_site(injuries, study)
    if "until" in injuries:
        until = injuries["until"].fillna(injuries["date"])
        reports["end"] = np.maximum(reports["end"], day_numbers(until))
    reports = reports.loc[who >= 0].sort_values(["who", "day"], ignore_index=True)
    before = reports.groupby("who")["end"].cummax().groupby(reports["who"]).shift()
    fresh = ~(reports["day"] <= before)
    return pd.DataFrame(reports.assign(fresh=fresh))


def _at_site(injuries: pd.DataFrame, study: Study) -> Bools:
    """Mark the injuries at the site that is asked for."""
    if not study.site:
        return np.ones(len(injuries), dtype=np.bool_)
    if "site" not in injuries:
        raise FrameError(
            f"the injuries table has no column called site, so --site {study.site} cannot be used"
        )
    sites = injuries["site"].fillna("").str.lower()
    return sites.str.contains(study.site.lower(), regex=False).to_numpy(dtype=bool)


def _events(
    sessions: pd.DataFrame, at_risk: Bools, reports: pd.DataFrame, study: Study
) -> tuple[Bools, dict[str, int]]:
    """Give each new injury to its session."""
    event = np.zeros(len(sessions), dtype=np.bool_)
    fresh = reports.loc[reports["fresh"]]
    day, who = sessions["day"].to_numpy(), sessions["who"].to_numpy()
    hurt, hurt_on = (fresh[name].to_numpy(np.int64) for name in ("who", "day"))
    # The last session on the injury's day or before it, if it is of the same runner.
    at = np.searchsorted(key_of(who, day), key_of(hurt, hurt_on), side="right") - 1
    same_runner = (at >= 0) & (who[at] == hurt)
    near = same_runner & (hurt_on - day[at] <= study.attribution_days)
    at_site = fresh["meant"].to_numpy(dtype=bool)
    counted_ = near & at_risk[at] & at_site
    event[at[counted_]] = True
    fates = {
        "events": int(counted_.sum()),
        "within the washout of an earlier report": int(len(reports) - len(fresh)),
        "without a session in the days before": int((~near).sum()),
        "before the runner's entry": int((near & ~at_risk[at]).sum()),
        "at another site": int((near & at_risk[at] & ~at_site).sum()),
    }
    return event, fates


def _bands(who: Ints, at_risk: Bools, hurt: Bools) -> Ints:
    """Return the band of the time scale of each session."""
    # The session's number among the runner's own: all at risk so far, less those of runners before.
    so_far = np.cumsum(at_risk)
    heads = np.searchsorted(who, who, side="left")
    number = np.maximum(so_far - np.append(0, so_far)[heads], 1)
    band = np.searchsorted(_BAND_STARTS, number, side="right") - 1
    return np.where(hurt, BANDS - 1, band)
