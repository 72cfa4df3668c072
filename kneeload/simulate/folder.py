"""The files of `sample_activities/`: what a watch, a phone, a platform and a diary leave behind."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import gzip
import io
import zipfile
from itertools import groupby
from typing import TYPE_CHECKING

from kneeload.simulate import fit, gpx, tcx
from kneeload.simulate.knee import Knee, scored, stresses
from kneeload.simulate.runner import Kind
from kneeload.simulate.sample_story import ROBIN, sessions
from kneeload.simulate.track import recorded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from kneeload.model import PainEntry
    from kneeload.simulate.runner import Session

EVERY_S = 4
TOTALS_ONLY = dt.date(2026, 1, 7)
TWICE = dt.date(2025, 11, 2)
FIRST_SCORE = dt.date(2025, 9, 15)
DIARY_SEED = 2028
ARCHIVE = "2025/november.zip"
PAIN_COLUMNS = (
    "local_date",
    "knee",
    "site",
    "moment",
    "score",
    "onset_km",
    "onset_min",
    "provoked_by",
    "eased_by",
    "painkillers",
    "note",
)


def files() -> dict[str, bytes]:
    """Return the whole folder, the README apart: path within it -> content."""
    story = sessions()
    return {
        **_watch_files(story),
        **_oddities(story),
        "treadmill_and_manual.csv": _manual(story),
        "knee_pain.csv": _pain(story),
        "expected_runs.csv": _expected_runs(story),
        "expected_weeks.csv": _expected_weeks(story),
    }


def write(folder: Path) -> int:
    """Write the files below `folder` and return how many there are."""
    return write_files(folder, files().items())


def write_files(folder: Path, contents: Iterable[tuple[str, bytes]]) -> int:
    """Write files by their path below `folder` and return how many there are."""
    count = 0
    for name, content in contents:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        count += 1
    return count


Story = list[tuple[str, "Session"]]


def _watch_files(story: Story) -> dict[str, bytes]:
    from_watch = [(how, s) for how, s in story if s.kind is not Kind.MANUAL]
    loose = {_path(s, _SUFFIX[how]): _FORMATS[how](s) for how, s in from_watch if how != "zip"}
    packed = {_path(s, ".fit"): _fit(s) for how, s in from_watch if how == "zip"}
    return loose | {ARCHIVE: _zipped(packed)}


def _path(session: Session, suffix: str) -> str:
    what = "ride" if session.kind is Kind.RIDE else "run"
    return f"{session.started_at:%Y/%Y-%m-%d-%H%M}-{what}{suffix}"


def _fit(session: Session) -> bytes:
    if session.started_at.date() == TOTALS_ONLY:
        return fit.written(session, None)
    return fit.written(session, recorded(session, ROBIN, EVERY_S))


def _gpx(session: Session) -> bytes:
    return gpx.written(session, recorded(session, ROBIN, EVERY_S))


def _phone(session: Session) -> bytes:
    track = recorded(session, ROBIN, EVERY_S)
    return gpx.written(session, track, heart_rate=False, sport=False)


def _tcx(session: Session) -> bytes:
    return tcx.written(session, recorded(session, ROBIN, EVERY_S), indent=10)


def _gzipped(write: Callable[[Session], bytes]) -> Callable[[Session], bytes]:
    return lambda session: gzip.compress(write(session), mtime=0)


_FORMATS: dict[str, Callable[[Session], bytes]] = {
    "fit": _fit,
    "newyork": _fit,
    "fit.gz": _gzipped(_fit),
    "gpx": _gpx,
    "gpx.gz": _gzipped(_gpx),
    "phone": _phone,
    "tcx": _tcx,
}
_SUFFIX = {how: f".{how}" for how in _FORMATS} | {"newyork": ".fit", "phone": ".gpx"}


def _zipped(contents: dict[str, bytes]) -> bytes:
    """Return a zip file whose entries bear one fixed date."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(_entry(name), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, date_time=(2025, 12, 1, 0, 0, 0))
    entry.create_system, entry.external_attr = 3, 0o644 << 16
    return entry


def _oddities(story: Story) -> dict[str, bytes]:
    """Return a run's second source, a file cut off at its start, and a workout."""
    twice = next(s for _, s in story if s.started_at.date() == TWICE)
    track = recorded(twice, ROBIN, 5)
    return {
        "platform/Long_run.gpx": gpx.written(twice, track, heart_rate=False),
        "2025/broken.fit": _fit(twice)[:40],
        "2025/workout.fit": fit.workout(twice.utc, "Six fast minutes"),
    }


def _manual(story: Story) -> bytes:
    """Return what no watch recorded; the last row does not know its time."""
    runs = [s for _, s in story if s.kind is Kind.MANUAL]
    notes = ("phone left at home", "treadmill at the gym", "watch not charged")
    rows = [
        (
            s.started_at.date(),
            f"{s.started_at:%H:%M}" if s is not runs[-1] else "",
            f"{s.distance_m / 1000:g}",
            f"{s.moving_s / 60:.2f}",
            4,
            note,
        )
        for s, note in zip(runs, notes, strict=True)
    ]
    return _csv(("date", "time", "distance_km", "duration_min", "rpe", "note"), rows)


def _pain(story: Story) -> bytes:
    runs = [s for _, s in story if s.sport.is_running]
    dates = [s.started_at.date() for s in runs]
    met = stresses(Knee(), dates, [s.distance_m / 1000 for s in runs])
    entries = scored(Knee(), [m for m in met if m.date >= FIRST_SCORE], DIARY_SEED)
    return _csv(PAIN_COLUMNS, [_pain_row(entry) for entry in entries])


def _pain_row(entry: PainEntry) -> list[object]:
    values = dataclasses.asdict(entry)
    return ["" if values[name] is None else values[name] for name in PAIN_COLUMNS]


def _expected_runs(story: Story) -> bytes:
    rows = [(s.started_at.date(), s.sport, f"{s.distance_m / 1000:.2f}") for _, s in story]
    return _csv(("local_date", "sport", "distance_km"), rows)


def _expected_weeks(story: Story) -> bytes:
    """Return the weekly sums of the plan itself, empty weeks included, rides left out."""
    weeks = groupby(story, key=lambda item: f"{item[1].started_at:%G-W%V}")
    rows = [_week_row(week, [s for _, s in items if s.sport.is_running]) for week, items in weeks]
    return _csv(("week", "runs", "distance_km", "longest_run_km", "moving_h"), rows)


def _week_row(week: str, runs: Sequence[Session]) -> list[object]:
    km = [s.distance_m / 1000 for s in runs]
    hours = sum(s.moving_s for s in runs) / 3600
    longest = f"{max(km):.2f}" if km else ""
    return [week, len(runs), f"{sum(km):.2f}", longest, f"{hours:.3f}"]


def _csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([header, *rows])
    return text.getvalue().encode()
