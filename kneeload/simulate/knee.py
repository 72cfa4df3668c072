"""One knee and its diary: load irritates it, it calms down again, most of that is written down."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kneeload.model import PainEntry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kneeload.formatting import Knee as Side
    from kneeload.formatting import Site
    from kneeload.model import Moment


@dataclass(frozen=True, kw_only=True)
class Knee:
    """How a knee answers to load; all is in points of the 0 to 10 scale.

    A run leaves soreness, gone in days, and, where it was far too long, an injury, gone in weeks.

    Parameters
    ----------
    used_to_km, per_km
        Distance without consequence [km], and soreness left by each kilometre beyond [1/km].
    spike
        Injury left by a run that exceeds 110 % of the longest of the 30 days before by that
        longest run once more, in proportion for less.
    aggravation
        Share of what an injury exceeds 2 by that any run adds again.
    soreness_left, injury_left
        Shares of them that a day leaves.
    felt_at_once
        Share of what a run adds that is felt while it lasts and an hour later; the rest waits for
        the next morning.
    noise, unnoticed
        Standard deviation of a score before it is cut to a whole number, and how much of the next
        point goes unnoticed.
    reported, asked_after, asked_next_morning
        Shares of runs that are scored at all; of those, shares scored an hour and a night later.
    """

    side: Side = "left"
    site: Site = "front"
    used_to_km: float = 8.0
    per_km: float = 0.25
    spike: float = 9.5
    aggravation: float = 0.5
    soreness_left: float = 0.45
    injury_left: float = 0.92
    felt_at_once: float = 0.12
    noise: float = 0.2
    unnoticed: float = 0.65
    reported: float = 0.8
    asked_after: float = 0.3
    asked_next_morning: float = 0.85


@dataclass(frozen=True, kw_only=True)
class Stress:
    """One run as the knee meets it: soreness and injury before it, and what it adds to them."""

    date: dt.date
    distance_km: float
    soreness: float = 0.0
    injury: float = 0.0
    added_soreness: float = 0.0
    added_injury: float = 0.0

    def later(self, knee: Knee, days: int) -> tuple[float, float]:
        """Return the soreness and the injury that `days` days leave of this run and before."""
        return (
            (self.soreness + self.added_soreness) * knee.soreness_left**days,
            (self.injury + self.added_injury) * knee.injury_left**days,
        )


def stresses(knee: Knee, dates: Sequence[dt.date], distances_km: Sequence[float]) -> list[Stress]:
    """Return what each run, in order of date, meets and adds; the knee begins well."""
    met: list[Stress] = []
    for date, distance_km in zip(dates, distances_km, strict=True):
        met.append(_stress(knee, met, date, distance_km))
    return met


def scored(knee: Knee, met: Sequence[Stress], seed: int) -> list[PainEntry]:
    """Return the diary of someone who logs most runs, and every run that hurts."""
    rng = np.random.default_rng(seed)
    return [
        entry
        for stress in met
        if rng.random() < knee.reported or stress.injury > 1
        for entry in _entries(knee, stress, rng)
    ]


def _stress(knee: Knee, met: Sequence[Stress], date: dt.date, distance_km: float) -> Stress:
    soreness, injury = met[-1].later(knee, (date - met[-1].date).days) if met else (0.0, 0.0)
    window = [s.distance_km for s in met if dt.timedelta(0) < date - s.date <= dt.timedelta(30)]
    excess = distance_km / max(window) - 1.1 if window else 0.0
    again = knee.aggravation * max(0.0, injury - 2)
    return Stress(
        date=date,
        distance_km=distance_km,
        soreness=soreness,
        injury=injury,
        added_soreness=knee.per_km * max(0.0, distance_km - knee.used_to_km),
        added_injury=knee.spike * max(0.0, excess) + again,
    )


def _entries(knee: Knee, stress: Stress, rng: np.random.Generator) -> list[PainEntry]:
    """Score one run: before, during, sometimes an hour after, mostly the next morning."""
    before = stress.soreness + stress.injury
    warm = before + knee.felt_at_once * (stress.added_soreness + stress.added_injury)
    levels: dict[Moment, float] = {"before": before, "during": warm}
    if rng.random() < knee.asked_after:
        levels["after"] = warm
    if rng.random() < knee.asked_next_morning:
        levels["next_morning"] = sum(stress.later(knee, 1))
    return [_entry(knee, stress, m, _score(level, knee, rng)) for m, level in levels.items()]


def _score(level: float, knee: Knee, rng: np.random.Generator) -> int:
    felt = level + knee.noise * rng.normal() + 1 - knee.unnoticed
    return int(np.clip(np.floor(felt), 0, 10))


def _entry(knee: Knee, stress: Stress, moment: Moment, score: int) -> PainEntry:
    """Return one entry; a next-morning score speaks of the day after the run."""
    day = stress.date + dt.timedelta(days=moment == "next_morning")
    onset = round(stress.distance_km / (score - 1), 1) if moment == "during" and score > 2 else None
    return PainEntry(
        local_date=day,
        score=score,
        knee=knee.side,
        site=knee.site,
        moment=moment,
        onset_km=onset,
        provoked_by="downhill" if onset is not None else "",
        note="stairs hurt" if moment == "next_morning" and score > 3 else "",
        origin="imported",
    )
