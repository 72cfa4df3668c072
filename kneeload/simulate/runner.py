"""Who runs, where, and one session as it was planned, before any sample of it exists."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from kneeload.model import Sport


@dataclass(frozen=True, kw_only=True)
class Runner:
    """An invented runner.

    Parameters
    ----------
    easy_mps
        Speed of an easy run on the flat [m/s].
    hr_rest, hr_max
        Resting and maximum heart rate [1/min].
    cadence_spm
        Steps per minute of both feet at the easy speed.
    """

    name: str
    easy_mps: float = 2.75
    hr_rest: float = 52.0
    hr_max: float = 188.0
    cadence_spm: float = 166.0


@dataclass(frozen=True, kw_only=True)
class Place:
    """A closed course.

    Parameters
    ----------
    latitude, longitude
        Its centre [deg].
    zone
        Its time zone, an IANA name.
    lap_m
        The longest lap [m]; longer runs take several.
    altitude_m, climb_per_km_m
        Mean altitude and metres climbed per kilometre [m].
    """

    latitude: float
    longitude: float
    zone: str
    lap_m: float
    altitude_m: float
    climb_per_km_m: float


FOREST = Place(
    latitude=53.43,
    longitude=12.83,
    zone="Europe/Berlin",
    lap_m=8000,
    altitude_m=75,
    climb_per_km_m=7,
)
CENTRAL_PARK = Place(
    latitude=40.7812,
    longitude=-73.9665,
    zone="America/New_York",
    lap_m=2500,
    altitude_m=28,
    climb_per_km_m=10,
)


class Kind(StrEnum):
    """How a session is run; each has a pace and a course of effort of its own."""

    EASY = "easy"
    LONG = "long"
    TEMPO = "tempo"
    INTERVALS = "intervals"
    RETURN = "return"
    TREADMILL = "treadmill"
    MANUAL = "manual"
    RIDE = "ride"


PACE = {
    Kind.EASY: 1.0,
    Kind.LONG: 0.96,
    Kind.TEMPO: 1.07,
    Kind.INTERVALS: 1.04,
    Kind.RETURN: 0.92,
    Kind.TREADMILL: 0.98,
    Kind.MANUAL: 0.95,
    Kind.RIDE: 2.3,
}

_SPORTS = {Kind.TREADMILL: Sport.TREADMILL_RUNNING, Kind.RIDE: Sport.CYCLING}


@dataclass(frozen=True, kw_only=True)
class Session:
    """One session as planned; its files, totals and samples all follow from it.

    Parameters
    ----------
    started_at
        Start, aware, in the local zone.
    distance_m
        Distance [m].
    moving_s, pause_s
        Time moving and time stopped half-way [s].
    place
        ``None`` indoors.
    name
        Title, where the format has one.
    seed
        Decides everything that is random about it.
    """

    started_at: dt.datetime
    kind: Kind
    distance_m: float
    moving_s: int
    place: Place | None = FOREST
    pause_s: int = 0
    name: str = ""
    seed: int = 0

    @property
    def sport(self) -> Sport:
        """What the session is to a watch."""
        return _SPORTS.get(self.kind, Sport.RUNNING)

    @property
    def utc(self) -> dt.datetime:
        """Start in UTC."""
        return self.started_at.astimezone(dt.UTC)

    @property
    def utc_offset_s(self) -> int:
        """Local time minus UTC [s]."""
        offset = self.started_at.utcoffset()
        return 0 if offset is None else int(offset.total_seconds())

    @property
    def elapsed_s(self) -> int:
        """Time from start to end [s]."""
        return self.moving_s + self.pause_s

    @property
    def ended_at(self) -> dt.datetime:
        """End in UTC."""
        return self.utc + dt.timedelta(seconds=self.elapsed_s)
