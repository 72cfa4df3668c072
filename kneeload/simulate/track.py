"""A session second by second: course, hills, effort, heart rate and cadence."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from kneeload.simulate.runner import Kind

if TYPE_CHECKING:
    from kneeload.arrays import Bools, Floats
    from kneeload.simulate.runner import Place, Runner, Session

EARTH_M_PER_DEG = np.pi * 6_371_000 / 180
HEART_LAG_S = 30.0
HILL_M = 1500.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Track:
    """The records of one session, one array per quantity; NaN where nothing was measured.

    ``time_s`` counts from the start and leaps over the pause, where ``segment`` rises by one.
    """

    time_s: Floats
    distance_m: Floats
    speed_mps: Floats
    altitude_m: Floats
    hr_bpm: Floats
    cadence_spm: Floats
    latitude: Floats
    longitude: Floats
    segment: Floats

    def __len__(self) -> int:
        """Return the number of records."""
        return len(self.time_s)

    def part(self, rows: Bools) -> Track:
        """Return the records for which `rows` is true."""
        return Track(**{f.name: getattr(self, f.name)[rows] for f in fields(self)})

    def segments(self) -> list[Track]:
        """Return the records before and after each pause."""
        return [self.part(self.segment == k) for k in np.unique(self.segment)]


def recorded(session: Session, runner: Runner, every_s: int = 1) -> Track:
    """Return what a watch would record of `session`, every `every_s` seconds [s] and at the end.

    Distance ends at the session's distance, and so does the length of the recorded positions.
    """
    rng = np.random.default_rng(session.seed)
    seconds = np.arange(session.moving_s + 1.0)
    distance = _distance(session, rng, seconds)
    speed = np.gradient(distance)
    sampled = (seconds % every_s == 0) | (seconds == seconds[-1])
    latitude, longitude = _positions(session, rng, distance, sampled)
    paused = (seconds > session.moving_s // 2) & (session.pause_s > 0)
    whole = Track(
        time_s=seconds + paused * session.pause_s,
        distance_m=distance,
        speed_mps=speed,
        altitude_m=_height(session, distance) + drifting(rng, len(distance), 60, 0.3),
        hr_bpm=_heart_rate(session, runner, rng, speed + 6 * _climb_rate(session, distance)),
        cadence_spm=_cadence(session, runner, rng, speed),
        latitude=latitude,
        longitude=longitude,
        segment=paused.astype(float),
    )
    return whole.part(sampled)


def climbed_m(session: Session) -> tuple[float, float]:
    """Return the metres climbed and descended [m] by the course itself, 0 indoors."""
    rise = np.diff(_height(session, np.linspace(0, session.distance_m, 2000)))
    return float(rise[rise > 0].sum()), float(-rise[rise < 0].sum())


def lagged(values: Floats, tau_s: float) -> Floats:
    """Return `values` as a first-order lag of time constant `tau_s` [s] lets them through."""
    kernel: Floats = np.exp(-np.arange(math.ceil(6 * tau_s)) / tau_s)
    padded = np.concatenate([np.full(len(kernel) - 1, values[0]), values])
    return np.convolve(padded, kernel / kernel.sum(), mode="valid")


def drifting(rng: np.random.Generator, size: int, tau_s: float, spread: float) -> Floats:
    """Return noise of standard deviation `spread` that forgets itself in `tau_s` seconds."""
    settled = math.ceil(6 * tau_s)
    noise = lagged(rng.normal(size=settled + size), tau_s)[settled:]
    return noise * spread * math.sqrt(2 * tau_s)


def _distance(session: Session, rng: np.random.Generator, seconds: Floats) -> Floats:
    """Effort first, then what the hills at the places so reached make of it."""
    effort = _effort(session.kind, seconds / seconds[-1])
    effort = lagged(effort, 8) * (1 + drifting(rng, len(seconds), 45, 0.02))
    flat = _travelled(effort, session.distance_m)
    slope = np.clip(_climb_rate(session, flat) / np.gradient(flat), -0.12, 0.12)
    return _travelled(effort * (1 - 2.5 * slope), session.distance_m)


def _effort(kind: Kind, progress: Floats) -> Floats:
    if kind is Kind.TEMPO:
        return np.where((progress > 0.25) & (progress < 0.75), 1.14, 0.92)
    if kind is Kind.INTERVALS:
        hard = (progress > 0.25) & (progress < 0.8) & (np.sin(progress * 70) > 0)
        return np.where(hard, 1.35, 0.9)
    return 1.02 - (0.06 if kind is Kind.LONG else 0.02) * progress


def _travelled(effort: Floats, total_m: float) -> Floats:
    steps: Floats = np.concatenate([[0.0], np.cumsum((effort[1:] + effort[:-1]) / 2)])
    scale = total_m / float(steps[-1])
    return steps * scale


def _lap_m(session: Session, place: Place) -> float:
    return session.distance_m / math.ceil(session.distance_m / place.lap_m)


def _height(session: Session, distance: Floats) -> Floats:
    """Altitude of the course [m]: hills that come round with every lap."""
    place = session.place
    if place is None:
        return np.full_like(distance, np.nan)
    lap = _lap_m(session, place)
    hills = max(1, round(lap / HILL_M))
    phase = 2 * np.pi * distance / lap * hills
    rise = place.climb_per_km_m * lap / hills / 2000
    return place.altitude_m + rise * (np.sin(phase) + 0.25 * np.sin(2 * phase + 1))


def _climb_rate(session: Session, distance: Floats) -> Floats:
    """Metres gained per second [m/s], none indoors."""
    return np.nan_to_num(np.gradient(_height(session, distance)))


def _heart_rate(
    session: Session, runner: Runner, rng: np.random.Generator, speed: Floats
) -> Floats:
    """Heart rate [1/min]: effort seen late, rising a little with time, noisy."""
    easy = runner.easy_mps * (2.45 if session.kind is Kind.RIDE else 1.0)
    share = np.clip(0.62 + 0.55 * (speed / easy - 1), 0.35, 0.97)
    share[0] = 0.15
    drift = 0.04 * np.arange(len(speed)) / 3600
    beat = lagged(share, HEART_LAG_S) + drift + drifting(rng, len(speed), 20, 0.008)
    return runner.hr_rest + (runner.hr_max - runner.hr_rest) * np.clip(beat, 0.1, 0.99)


def _cadence(session: Session, runner: Runner, rng: np.random.Generator, speed: Floats) -> Floats:
    """Return steps per minute of both feet, quicker with speed; none on wheels."""
    if session.kind is Kind.RIDE:
        return np.full_like(speed, np.nan)
    steps = runner.cadence_spm + 14 * (speed - runner.easy_mps)
    return np.clip(steps + drifting(rng, len(speed), 4, 1.5), 140, 210)


def _positions(
    session: Session, rng: np.random.Generator, distance: Floats, sampled: Bools
) -> tuple[Floats, Floats]:
    """Latitude and longitude [deg]; the kept ones lie as far apart as the session is long."""
    place = session.place
    if place is None:
        nowhere = np.full_like(distance, np.nan)
        return nowhere, nowhere
    plane = _loop(distance / _lap_m(session, place), rng) * _lap_m(session, place)
    plane = plane + np.stack([drifting(rng, len(distance), 30, 1.2) for _ in range(2)])
    plane *= session.distance_m / np.hypot(*np.diff(plane[:, sampled])).sum()
    shrink = np.cos(np.radians(place.latitude))
    return (
        place.latitude + plane[1] / EARTH_M_PER_DEG,
        place.longitude + plane[0] / EARTH_M_PER_DEG / shrink,
    )


def _loop(laps: Floats, rng: np.random.Generator) -> Floats:
    """Points [laps] of a lopsided closed loop, once round being one, turned and run either way."""
    angle = np.linspace(0, 2 * np.pi, 2001)
    radius = 1 + 0.25 * np.cos(2 * angle + 1) + 0.12 * np.sin(3 * angle)
    outline = radius * np.stack([np.cos(angle), np.sin(angle)])
    along: Floats = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(outline)))])
    where = np.mod(rng.choice([-1, 1]) * laps + rng.random(), 1) * along[-1]
    points: Floats = np.stack([np.interp(where, along, axis) for axis in outline])
    return points / float(along[-1])
