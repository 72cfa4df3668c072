"""The story of `sample_activities/`: thirty weeks of Robin Sample, who does not exist."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np

from kneeload.simulate.runner import CENTRAL_PARK, FOREST, PACE, Kind, Runner, Session

ROBIN = Runner(name="Robin Sample")
SEED = 2026

STORY = """
2025-W36 gpx     mon 9.2 long, wed 6.0, sat 8.8
2025-W37 phone   tue 6.5, thu 6.0 tempo, sat 3.5, sun 10.0 long
2025-W38 tcx     tue 7.0, thu 8.0, sun 10.0 long
2025-W39 tcx     wed 5.5, fri 6.0, sun 8.5
2025-W40 fit     tue 7.0, thu 6.0 intervals, sat 2.8 manual, sun 10.2 long
2025-W41 fit     tue 7.5, thu 6.5 tempo, sat 5.2, sun 11.0 long
2025-W42 fit     tue 7.5, thu 7.0, sat 4.4, sun 11.6 long
2025-W43 fit     tue 7.0, thu 6.5 intervals, sat 24.0 ride, sun 10.0
2025-W44 fit     tue 8.0, thu 6.5 tempo, sat 4.3, sun 12.2 long
2025-W45 fit     tue 8.0, thu 7.5 treadmill, sat 4.8, sun 13.2 long
2025-W46 fit     tue 8.5, thu 7.5 intervals, sat 5.8, sun 14.2 long
2025-W47 zip     tue 7.0, thu 6.5, sat 4.0, sun 11.0
2025-W48 zip     tue 8.6, thu 7.6 tempo, sat 6.3, sun 14.0 long
2025-W49 newyork tue 7.0, thu 8.5, sat 6.5, sun 12.5 long
2025-W50 fit.gz  tue 8.5, thu 8.0 intervals, sat 6.0, sun 14.5 long
2025-W51 fit.gz  tue 9.0, thu 8.0 tempo, sat 6.3, sun 15.2 long
2025-W52 fit     mon 8.0, wed 8.0, fri 7.0, sun 13.0 long
2026-W01 fit     tue 9.0, thu 8.0, sat 6.5, sun 15.5 long
2026-W02 fit     tue 8.5, wed 6.5 treadmill, thu 9.0 intervals, sun 16.0 long
2026-W03 fit     tue 9.5, wed 6.5 manual, fri 10.0 tempo, sun 16.0 long
2026-W04 fit     tue 9.5, wed 7.0, thu 9.5 intervals, fri 5.5, sun 24.0 long
2026-W05 fit     tue 8.0, thu 7.0, fri 5.0
2026-W06 gpx     sat 20.0 ride
2026-W07 fit     mon 4.0 return, wed 4.5 return, sun 5.5 return
2026-W08 tcx     tue 6.0 return, thu 6.5 return, sun 7.0 return
2026-W09 fit     tue 6.5 return, thu 6.9, sun 7.6
2026-W10 gpx.gz  tue 7.0, thu 7.3, sun 8.2
2026-W11 fit     tue 5.5, thu 6.0 manual, fri 3.6, sun 8.9 long
2026-W12 fit     tue 6.5, thu 6.0, sun 7.5
2026-W13 fit     mon 5.0, wed 6.2, fri 4.4, sun 9.4 long
"""
"""Week, format or place, then each day's kilometres and, where it was no easy run, its kind."""

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NAMES = {
    Kind.LONG: "Long run",
    Kind.TEMPO: "Tempo run",
    Kind.INTERVALS: "Intervals",
    Kind.RETURN: "Slow and short",
    Kind.RIDE: "Ride",
}
_TITLES = {
    dt.date(2025, 9, 3): "<script>alert(1)</script>",
    dt.date(2025, 9, 9): "Feierabendrunde am großen See",
}
_INDOORS = {Kind.TREADMILL, Kind.MANUAL}
_PAUSES_S = {Kind.LONG: 150, Kind.RIDE: 600}
AWAY = {dt.date(2025, 12, day) for day in (2, 4, 6, 7)}
"""The runs in New York; the last is on a Sunday evening there and on a Monday in UTC."""


def sessions() -> list[tuple[str, Session]]:
    """Return every session of the story in order, each with the format its file is kept in."""
    planned = [plan for line in STORY.strip().splitlines() for plan in _week(line)]
    return [(plan[0], _session(k, *plan[1:])) for k, plan in enumerate(planned)]


def _week(line: str) -> list[tuple[str, dt.date, float, Kind]]:
    week, form, rest = line.split(maxsplit=2)
    return [(form, *_day(week, item.split())) for item in rest.split(", ")]


def _day(week: str, item: list[str]) -> tuple[dt.date, float, Kind]:
    day, distance_km, *kind = item
    year, number = week.split("-W")
    date = dt.date.fromisocalendar(int(year), int(number), _DAYS.index(day) + 1)
    return date, float(distance_km), Kind(kind[0]) if kind else Kind.EASY


def _session(index: int, date: dt.date, distance_km: float, kind: Kind) -> Session:
    """Give a planned day what plans leave open: metres, pace, minutes, a name."""
    rng = np.random.default_rng([SEED, index])
    away = date in AWAY
    place = CENTRAL_PARK if away else FOREST
    speed = ROBIN.easy_mps * PACE[kind] * rng.normal(1, 0.02)
    loose = 0 if kind is Kind.MANUAL else 10 * int(rng.integers(-3, 5))
    distance_m = round(distance_km * 1000) + loose
    start = _clock(date, rng) if not away else dt.time(20, 30)
    part_of_day = "Morning" if start.hour < 12 else "Evening"
    return Session(
        started_at=dt.datetime.combine(date, start, ZoneInfo(place.zone)),
        kind=kind,
        distance_m=distance_m,
        moving_s=round(distance_m / speed),
        place=None if kind in _INDOORS else place,
        pause_s=_PAUSES_S.get(kind, 0),
        name=_TITLES.get(date, _NAMES.get(kind, f"{part_of_day} run")),
        seed=int(rng.integers(2**32)),
    )


def _clock(date: dt.date, rng: np.random.Generator) -> dt.time:
    """Mornings at weekends and on odd days, evenings else, never to the minute."""
    weekday = date.isoweekday()
    hour = 9 if weekday > 5 else 6 if weekday % 2 else 18
    return dt.time(hour, int(rng.integers(60)), int(rng.integers(60)))
