"""Invented diaries by the thousand: runs and knee scores with planted links, or with none.

One array per quantity, a row per runner and a column per day, so that a method can be tried on
thousands of runners in seconds. Nothing here is a model of knees; it is a test bed for statistics.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    import datetime as dt

    import pandas as pd
    from numpy.typing import NDArray

    from kneeload.arrays import Bools, Floats


Entry = Literal["any", "sore", "long", "sore_or_long", "mildly_sore_or_long", "long_and_sore"]

KINDS = 10
"""Kinds of runner in a cohort; runner i is of kind i modulo this."""

_SLOW_MEMORY = 0.97
_LOAD_MEMORY = 0.93
_ACUTE_MEMORY = 0.35
_FLARE_MEMORY = 0.9
_SORE = 1.5
_LONG_SHARE = 0.25
_LAPSE = 0.05
_ENTRY: dict[Entry, tuple[float, float]] = {
    "sore": (0.25, 0.9),
    "long": (0.3, 0.9),
    "sore_or_long": (0.15, 0.9),
    "mildly_sore_or_long": (0.4, 0.8),
    "long_and_sore": (0.35, 0.95),
}
"""Share of the runs that are scored, of the others and of those that the runner selects."""


@dataclass(frozen=True, kw_only=True)
class World:
    """What is true of the runners of one cohort.

    Parameters
    ----------
    weeks, pairs
        Length of the diary [weeks]; runs with both a "before" and a next-morning score.
    effect
        Rise of pain [NPRS] by the morning after a run one standard deviation longer than usual.
    backs_off
        Fall of log distance per point of pain felt before the run; runs are skipped as well.
    trending
        Whether load and pain drift over the diary, each in a direction of its own.
    flares_per_year
        How often pain sets in on one day for no reason.
    season
        Whether load and pain each have a yearly wave, their phases independent.
    entry
        Which runs are scored: ``any`` keeps `pairs` of them whatever they were; otherwise runs
        that hurt, long runs, either or both are scored more often, and `pairs` is of no account.
    """

    weeks: int
    pairs: int
    effect: float = 0.0
    backs_off: float = 0.0
    trending: bool = False
    flares_per_year: float = 0.0
    season: bool = False
    entry: Entry = "any"

    @property
    def days(self) -> int:
        """Length of the diary [d]."""
        return 7 * self.weeks


@dataclass(frozen=True, eq=False)
class Diaries:
    """A cohort's diaries; shape (runners, days).

    Parameters
    ----------
    distance_km
        0 on days without a run.
    before, morning
        Scores as written, NaN where none was; `morning` on the day it was written, the day after
        its run.
    """

    distance_km: Floats
    before: Floats
    morning: Floats

    @property
    def score(self) -> Floats:
        """The day's worst score, NaN where none was written."""
        return np.fmax(self.before, self.morning)

    def pairs(self, n: int) -> Pairs:
        """Return the first `n` runs with both scores of every runner who has so many."""
        after = np.roll(self.morning, -1, axis=1)
        previous = _previous(self.distance_km)
        full = (self.distance_km > 0) & ~np.isnan(self.before + after + previous)
        full[:, -1] = False
        rows = full.sum(axis=1) >= n
        days = np.argsort(~full[rows], axis=1, kind="stable")[:, :n]
        columns = (self.distance_km, self.before, after, previous)
        picked = (np.take_along_axis(column[rows], days, axis=1) for column in columns)
        return Pairs(np.flatnonzero(rows) % KINDS, days.astype(np.float64), *picked)

    def scored(self, runner: int) -> pd.DataFrame:
        """Return one runner's runs with their scores, as the questions of a diary take them."""
        import pandas as pd

        km, previous = self.distance_km[runner], _previous(self.distance_km[[runner]])[0]
        ran = km > 0
        return pd.DataFrame(
            {
                "local_date": pd.date_range("2025-01-06", periods=len(km), unit="us")[ran],
                "distance_km": km[ran],
                "previous_km": previous[ran],
                "before": self.before[runner][ran],
                "next_morning": np.append(self.morning[runner, 1:], np.nan)[ran],
            }
        )


@dataclass(frozen=True, eq=False)
class Pairs:
    """Runs with both scores, in time order; shape (runners, pairs), `kind` one per runner."""

    kind: NDArray[np.int64]
    day: Floats
    distance_km: Floats
    before: Floats
    morning: Floats
    previous_km: Floats


def diaries(world: World, *, runners: int, seed: int) -> Diaries:
    """Return the diaries of `runners` invented runners, the same for the same seed."""
    rng = np.random.default_rng(seed)
    km, felt, morning = _lived(world, _cohort(runners, rng), rng)
    return _written(world, km, felt, morning, rng)


@dataclass(frozen=True)
class _Cohort:
    """What differs between the kinds of runner; columns, to broadcast over days."""

    base_km: Floats
    run_share: Floats
    pain_level: Floats
    long_weekday: NDArray[np.int64]


def _cohort(runners: int, rng: np.random.Generator) -> _Cohort:
    kind = np.arange(runners, dtype=np.float64) % KINDS
    return _Cohort(
        base_km=6 + 0.6 * kind,
        run_share=0.55 + 0.03 * (kind % 4),
        pain_level=0.3 + 0.3 * (kind % 5),
        long_weekday=rng.integers(0, 7, runners),
    )


def _lived(world: World, who: _Cohort, rng: np.random.Generator) -> tuple[Floats, Floats, Floats]:
    """Distance run, pain felt before running and pain on waking, day by day."""
    shape = (len(who.base_km), world.days)
    slow, form = _background(world, who, shape, rng)
    noise = rng.normal(size=(4, *shape))
    km, felt, morning = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    acute = np.zeros(shape[0])
    for day in range(world.days):
        morning[:, day] = slow[:, day] + acute + 0.5 * noise[0, :, day]
        felt[:, day] = slow[:, day] + 0.7 * acute + 0.5 * noise[1, :, day]
        sore = world.backs_off * np.maximum(felt[:, day] - who.pain_level, -1)
        stretch = form[:, day] + 0.25 * noise[2, :, day] - sore
        runs = rng.random(shape[0]) < who.run_share - 0.3 * np.maximum(sore, 0)
        km[:, day] = np.where(runs, who.base_km * np.exp(stretch), 0)
        acute = _ACUTE_MEMORY * acute + world.effect * np.where(runs, stretch / 0.4, 0)
    return km, felt, morning


def _background(
    world: World, who: _Cohort, shape: tuple[int, int], rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Slow pain and the runner's form (log distance), each with a memory of weeks."""
    slow = who.pain_level[:, None] + 0.7 * _remembering(_SLOW_MEMORY, shape, rng)
    slow += _flares(world.flares_per_year, shape, rng)
    form = 0.22 * _remembering(_LOAD_MEMORY, shape, rng)
    weekday = (np.arange(shape[1]) + who.long_weekday[:, None]) % 7
    form += np.where(weekday == 6, 0.45, -0.075)
    if world.trending:
        drift = np.linspace(-1, 1, shape[1])
        slow += 0.8 * rng.choice([-1, 1], (shape[0], 1)) * drift
        form += 0.25 * rng.choice([-1, 1], (shape[0], 1)) * drift
    if world.season:
        slow += 0.8 * _yearly(shape, rng)
        form += 0.25 * _yearly(shape, rng)
    return slow, form


def _yearly(shape: tuple[int, int], rng: np.random.Generator) -> Floats:
    """Return a wave of one year for each runner, from -1 to 1, each of its own phase."""
    phase = rng.random((shape[0], 1))
    return np.asarray(np.sin(2 * np.pi * (np.arange(shape[1]) / 365 + phase)), dtype=np.float64)


def _flares(per_year: float, shape: tuple[int, int], rng: np.random.Generator) -> Floats:
    """Pain that sets in on one day for no reason and fades over weeks."""
    from scipy.signal import lfilter

    onset = rng.random(shape) < per_year / 365
    rise = np.where(onset, rng.uniform(2.5, 4.5, shape), 0)
    return np.asarray(lfilter([1.0], [1.0, -_FLARE_MEMORY], rise, axis=1), dtype=np.float64)


def _remembering(memory: float, shape: tuple[int, int], rng: np.random.Generator) -> Floats:
    """First-order autoregressive series of unit variance."""
    from scipy.signal import lfilter

    shocks = rng.normal(size=shape) * np.sqrt(1 - memory**2)
    shocks[:, 0] /= np.sqrt(1 - memory**2)
    return np.asarray(lfilter([1.0], [1.0, -memory], shocks, axis=1), dtype=np.float64)


def _written(
    world: World, km: Floats, felt: Floats, morning: Floats, rng: np.random.Generator
) -> Diaries:
    """Keep the scores that the runners of a world write down."""
    ran = (km > 0) & ~np.isnan(_previous(km))
    ran[:, -1] = False
    has_before, has_morning = (
        _paired(world.pairs, ran, rng)
        if world.entry == "any"
        else _selected(world.entry, ran, km, np.maximum(felt, np.roll(morning, -1, axis=1)), rng)
    )
    woken = np.zeros_like(ran)
    woken[:, 1:] = has_morning[:, :-1]
    return Diaries(km, _score(felt, has_before), _score(morning, woken))


def _paired(pairs: int, ran: Bools, rng: np.random.Generator) -> tuple[Bools, Bools]:
    """Keep both scores of so many runs; of the others one or both are missing."""
    forgetful = _remembering(0.9, ran.shape, rng) + rng.normal(size=ran.shape)
    place = np.argsort(np.argsort(np.where(ran, forgetful, np.inf), axis=1), axis=1)
    full, luck = ran & (place < pairs), rng.random(ran.shape)
    return full | (ran & (luck < 0.45)), full | (ran & (luck > 0.7))


def _selected(
    entry: Entry, ran: Bools, km: Floats, pain: Floats, rng: np.random.Generator
) -> tuple[Bools, Bools]:
    """Score the runs that the runner selects more often; a score in twenty is forgotten."""
    limit = np.nanquantile(np.where(ran, km, np.nan), 1 - _LONG_SHARE, axis=1, keepdims=True)
    long, sore = km > limit, pain >= _SORE
    chosen = {"sore": sore, "long": long, "long_and_sore": long & sore}.get(entry, long | sore)
    scored = ran & (rng.random(ran.shape) < np.where(chosen, *_ENTRY[entry][::-1]))
    lapses = rng.random((2, *ran.shape)) < _LAPSE
    return scored & ~lapses[0], scored & ~lapses[1]


def _score(pain: Floats, written: Bools) -> Floats:
    return np.where(written, np.clip(np.rint(pain), 0, 10), np.nan)


def _previous(km: Floats) -> Floats:
    """Return the distance of the last run before each day, NaN before the first."""
    ran = np.where(km > 0, np.arange(km.shape[1]), -1)
    before = np.concatenate([np.full((len(km), 1), -1), ran[:, :-1]], axis=1)
    last = np.maximum.accumulate(before, axis=1)
    return np.where(last < 0, np.nan, np.take_along_axis(km, np.maximum(last, 0), axis=1))


def as_frames(cohort: Diaries, runner: int, first: dt.date) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return one runner's runs and pain frames, the diary beginning on `first`.

    Scores name no run, so that they find theirs by date.
    """
    import pandas as pd

    from kneeload import frames

    dates = pd.date_range(first, periods=cohort.distance_km.shape[1], unit="us")
    km = pd.Series(cohort.distance_km[runner], index=dates)
    ran = km[km > 0]
    runs = pd.DataFrame({"local_date": ran.index, "distance_km": ran.to_numpy()}).assign(
        run_id=[f"run{number}" for number in range(len(ran))],
        started_at=pd.DatetimeIndex(ran.index).tz_localize("UTC") + pd.Timedelta(hours=7),
        sport="running",
    )
    moments = {"before": cohort.before[runner], "next_morning": cohort.morning[runner]}
    scores = pd.DataFrame(moments, index=dates).rename_axis("local_date").reset_index()
    pain = scores.melt("local_date", var_name="moment", value_name="score").dropna()
    return (
        frames.conform(runs, frames.RUNS),
        frames.conform(pain.assign(origin="entered"), frames.PAIN).reset_index(drop=True),
    )
