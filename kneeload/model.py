"""The things kneeload speaks of, as frozen values: an activity, a pain entry, a flag."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from kneeload import formatting

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    import pandas as pd

    from kneeload.formatting import Knee, Site
    from kneeload.records import Records


class Sport(StrEnum):
    """What was done. The running sports count as mileage; the rest is kept as cross-training."""

    RUNNING = "running"
    TRAIL_RUNNING = "trail_running"
    TRACK_RUNNING = "track_running"
    TREADMILL_RUNNING = "treadmill_running"
    VIRTUAL_RUNNING = "virtual_running"
    WALKING = "walking"
    HIKING = "hiking"
    CYCLING = "cycling"
    SWIMMING = "swimming"
    SKIING = "skiing"
    ROWING = "rowing"
    STRENGTH = "strength"
    TRANSITION = "transition"
    OTHER = "other"

    @property
    def is_running(self) -> bool:
        """Whether the sport counts as running mileage."""
        return self in RUNNING_SPORTS


RUNNING_SPORTS = frozenset(
    {
        Sport.RUNNING,
        Sport.TRAIL_RUNNING,
        Sport.TRACK_RUNNING,
        Sport.TREADMILL_RUNNING,
        Sport.VIRTUAL_RUNNING,
    }
)

DistanceSource = Literal["device", "laps", "export", "track", "manual", "edited"]
Severity = Literal["note", "warn", "alert"]
SEVERITIES: tuple[Severity, ...] = ("note", "warn", "alert")

_RECORDED: Mapping[str, str] = MappingProxyType(
    {
        "latitude": "position",
        "distance_m": "distance",
        "speed_mps": "speed",
        "altitude_m": "altitude",
        "hr_bpm": "heart rate",
        "cadence_spm": "cadence",
    }
)


@dataclass(frozen=True)
class WatchPain:
    """What a watch tells of pain in a run.

    Parameters
    ----------
    score
        0 to 10 where a field of an app held one; ``None`` where two quick laps mark a place.
    onset_km, onset_min
        Where it began [km], [min on the running clock].
    """

    score: int | None = None
    onset_km: float | None = None
    onset_min: float | None = None


class _Samples:
    """The field `Activity.samples`: set as a frame or as `Records`, always read as a frame."""

    def __get__(self, activity: Activity | None, _: type[Activity]) -> pd.DataFrame:
        if activity is None:
            raise AttributeError("samples has no default")
        return activity.records.frame

    def __set__(self, activity: Activity, samples: Records | pd.DataFrame) -> None:
        from kneeload.records import Records

        records = samples if isinstance(samples, Records) else Records.of_frame(samples)
        activity.__dict__["records"] = records


@dataclass(frozen=True, kw_only=True, eq=False)
class Activity:
    """One session as its file tells it, before anything is derived.

    Totals are what the device or platform wrote; ``None`` is "not measured", never zero.

    Parameters
    ----------
    sport
        What was done; ``sport_inferred`` says whether the file named it or its speeds did.
    started_at
        Start of the session, aware, in UTC.
    samples
        One row per record, columns and units as in `kneeload.frames.SAMPLES`; empty where the file
        has totals only (treadmill, manual entries).
    records
        The same as arrays, as kneeload measures them; ``samples`` is made from it when first read.
    utc_offset_s
        Local time minus UTC [s] where the file tells it.
    distance_m, distance_source
        Total distance [m] and who measured it; ``None`` leaves it to the track.
    laps_distance_m
        Sum of the laps' distances [m] where the file has a total beside it.
    timer_s, elapsed_s
        Time with the timer running, and from start to end [s].
    avg_cadence_spm
        Steps per minute of both feet, whatever the device counts.
    rpe
        Perceived exertion, 0 to 10 (CR-10).
    account_distance_m, account_moving_s, account_elapsed_s
        What the runner's account says of a file that it exports: corrected there, it counts.
    workout_feel
        How the workout felt, 0 (very weak) to 100 (very strong) as the watch writes it.
    watch_pain
        What a watch tells of pain, as it was marked or measured; see `WatchPain`.
    clock_known
        False where only the date is known and noon stands in for the time.
    session_index
        Position among the sessions of the same content, from 0; part of the run's id.
    doubt
        Why it should not be counted before somebody has looked at it, as far as the file tells.
    warnings
        What was odd but could be read; each a sentence without the file's name.
    """

    sport: Sport
    started_at: dt.datetime
    samples: _Samples = _Samples()
    records: Records = field(init=False)
    sport_inferred: bool = False
    clock_known: bool = True
    utc_offset_s: int | None = None
    distance_m: float | None = None
    distance_source: DistanceSource | None = None
    laps_distance_m: float | None = None
    timer_s: float | None = None
    elapsed_s: float | None = None
    ascent_m: float | None = None
    descent_m: float | None = None
    avg_hr_bpm: float | None = None
    max_hr_bpm: float | None = None
    avg_cadence_spm: float | None = None
    account_distance_m: float | None = None
    account_moving_s: float | None = None
    account_elapsed_s: float | None = None
    rpe: float | None = None
    workout_feel: float | None = None
    watch_pain: tuple[WatchPain, ...] = ()
    name: str = ""
    description: str = ""
    private_note: str = ""
    gear: str = ""
    device: str = ""
    session_index: int = 0
    doubt: str = ""
    warnings: tuple[str, ...] = ()

    def replaced(self, **changes: Any) -> Activity:
        """Return the activity with some fields changed, and no frame made on the way."""
        return dataclasses.replace(self, **{"samples": self.records, **changes})

    def __repr__(self) -> str:
        held = (self._totals.get(name, "") for name in ("Distance", "Time"))
        parts = (f"{self._kind} {self.started_at:%Y-%m-%d %H:%M} UTC", *filter(None, held))
        return f"<Activity {', '.join(parts)}, {len(self.records):,} records>"

    def _repr_html_(self) -> str:
        """Show what its file tells, in a notebook; no position and no private note."""
        from kneeload import notebook

        title = f"{self._kind.capitalize()}, {self._start}"
        facts = {"Name": self.name, **self._totals, "Recorded": self._recorded}
        facts |= {"Shoe": self.gear, "Device": self.device}
        return notebook.card(title, facts, body=notebook.bullets("Odd in it", self.warnings))

    @property
    def _kind(self) -> str:
        return formatting.humanise(self.sport)

    @property
    def _start(self) -> str:
        """The start on the runner's own clock where that is known."""
        offset = self.utc_offset_s
        local = self.started_at + timedelta(seconds=offset or 0)
        clock = f", {local:%H:%M}" + ("" if offset is not None else " UTC")
        return formatting.day_and_year(local) + (clock if self.clock_known else "")

    @property
    def _totals(self) -> dict[str, str]:
        """What was written down of it, in words; the records' own where there is no total."""
        km = (self._highest("distance_m") if self.distance_m is None else self.distance_m) / 1000
        time_s = self.elapsed_s if self.timer_s is None else self.timer_s
        time_s = self._span_s if time_s is None else time_s
        said = {
            "Distance": formatting.distance(km),
            "Time": formatting.duration(time_s),
            "Pace": formatting.pace(time_s, km) if self.sport.is_running else formatting.MISSING,
            "Climbed": formatting.height(self.ascent_m),
            "Descended": formatting.height(self.descent_m),
            "Heart rate": f"{formatting.number(self.avg_hr_bpm)}/min",
            "Cadence": f"{formatting.number(self.avg_cadence_spm)} steps/min",
            "Effort": f"{formatting.number(self.rpe)} of 10",
        }
        return {name: text for name, text in said.items() if formatting.MISSING not in text}

    def _highest(self, name: str) -> float:
        """Return the highest value of a column, NaN where it has none."""
        return float(self.samples[name].max()) if name in self.samples else float("nan")

    @property
    def _span_s(self) -> float:
        times = self.samples.get("time")
        return float("nan") if times is None else (times.max() - times.min()).total_seconds()

    @property
    def _recorded(self) -> str:
        """How many records there are, and what they hold."""
        if self.samples.empty:
            return "totals only"
        held = (n for n in _RECORDED if n in self.samples and self.samples[n].notna().any())
        return f"{len(self.samples):,} records of {formatting.join(_RECORDED[n] for n in held)}"


Moment = Literal["before", "during", "after", "next_morning", "rest", "unsure"]
Origin = Literal["entered", "parsed", "imported", "phone", "marker", "watch"]


@dataclass(frozen=True, kw_only=True)
class PainEntry:
    """One score of knee pain on the 0 to 10 numeric pain rating scale (NPRS).

    Parameters
    ----------
    score
        0 none to 10 worst imaginable, an integer.
    moment
        ``before``, worst ``during``, one to two hours ``after``, ``next_morning``, or at ``rest``.
    onset_km, onset_min
        Where in the run the pain began [km], [min].
    run_id
        The run the score belongs to, empty where there is none.
    """

    local_date: dt.date
    score: int
    knee: Knee = "unsure"
    site: Site = "unsure"
    moment: Moment = "unsure"
    onset_km: float | None = None
    onset_min: float | None = None
    provoked_by: str = ""
    eased_by: str = ""
    painkillers: bool | None = None
    run_id: str = ""
    origin: Origin = "entered"
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What a rule or formula rests on.

    Parameters
    ----------
    grade
        *cohort*, *trial*, *laboratory*, *convention* or *assumption*; *none stated* where another
        package brings a rule and says nothing of it.
    summary
        Two sentences at most, for a runner.
    sources
        DOIs or citations.
    """

    grade: Literal["cohort", "trial", "laboratory", "convention", "assumption", "none stated"]
    summary: str
    sources: tuple[str, ...] = field(default=())
