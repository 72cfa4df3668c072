"""GPX: tracks to activities. Waypoints and routes are no recordings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kneeload.errors import FileRefused, FileSkipped
from kneeload.importers.column_builder import numbering
from kneeload.importers.sport import from_name, infer
from kneeload.importers.trackpoints import (
    finished,
    first_seen,
    require_few,
    timed,
    warnings_of,
)
from kneeload.importers.xml import Layout, Node, Reading, read
from kneeload.model import Activity

if TYPE_CHECKING:
    import pandas as pd

SAME_SESSION_WITHIN_S = 600.0

# Garmin's TrackPointExtension 1 and 2, Cluetrust's gpxdata, GPX 1.0's own speed, Strava,
# OpenTracks; matched without prefix.
LAYOUT = Layout(
    point="trkpt",
    cells={
        "ele": "altitude_m",
        "time": "time",
        "speed": "speed_mps",
        "hr": "hr_bpm",
        "heartrate": "hr_bpm",
        "cad": "cadence_spm",
        "cadence": "cadence_spm",
    },
    break_="trkseg",
    nodes=frozenset({"gpx", "trk"}),
)
_NO_ROOT = Node("gpx", 0, 0, {})


def decode(content: bytes) -> list[Activity]:
    """Return the recordings of a GPX file.

    Tracks that follow each other by more than ten minutes, or are of another type, are activities
    of their own; tracks that overlap or follow sooner are one (evidence: *assumption*).

    Parameters
    ----------
    content
        The file's bytes, unpacked.

    Returns
    -------
    list of Activity
        In order of their start. Total distance is None unless the file states one.

    Raises
    ------
    FileRefused
        If it is not well-formed, declares a DOCTYPE, or holds no usable position.
    FileSkipped
        If it holds no recording: waypoints, routes, tracks without times or points.
    """
    reading = read(content, LAYOUT)
    samples = reading.columns.frame(reading.breaks)
    warnings = warnings_of(reading, samples)
    _require_recording(reading, samples)
    tracks = [node for node in reading.nodes if node.name == "trk"]
    track = numbering([node.row for node in tracks], len(samples)) - 1
    samples, repeats = first_seen(samples.assign(track=track))
    sessions, left_out = _sessions(samples, [node.text("type") for node in tracks])
    warnings += repeats + left_out
    return [
        _activity(reading, [tracks[n] for n in part["track"].unique() if n >= 0], part, n, warnings)
        for n, part in enumerate(sessions)
    ]


def _require_recording(reading: Reading, samples: pd.DataFrame) -> None:
    """Raise unless some point has a position and some point a time."""
    if samples.empty:
        raise FileSkipped(_instead_of_points(reading))
    if samples["latitude"].isna().all():
        unread = reading.columns.unread_position
        such = f" that can be read: the first latitude is {unread!r}" if unread else ""
        raise FileRefused(f"none of its {len(samples)} track points has a position{such}")
    if not timed(samples) and (reason := reading.columns.why_no_time()):
        raise FileRefused(reason)
    if not timed(samples):
        raise FileSkipped("no track point has a time: a planned route, not a recording")


def _instead_of_points(reading: Reading) -> str:
    """Return what a file without track points is."""
    kinds = {"wpt": "waypoints", "rte": "routes"}
    found = [word for name, word in kinds.items() if name in reading.seen]
    if "trk" in reading.seen:
        return "its tracks hold no points"
    return f"holds only {' and '.join(found)}, no recording" if found else "holds no track"


def _sessions(
    samples: pd.DataFrame, types: list[str]
) -> tuple[list[pd.DataFrame], tuple[str, ...]]:
    """Return the samples of each session in order, and a warning where tracks were left out."""
    parts = [samples] if len(types) < 2 else _parts(samples, types)
    kept = [part for part in parts if _is_recording(part)]
    if not kept:
        raise FileSkipped("has a single point with time and position, not a recording")
    lost = samples["track"].nunique() - sum(part["track"].nunique() for part in kept)
    return kept, (f"tracks left out, without times or of one point: {lost}",) if lost else ()


def _parts(samples: pd.DataFrame, types: list[str]) -> list[pd.DataFrame]:
    """Split tracks into sessions, in order of time; tracks without times are left out."""
    spans = samples.groupby("track")["time"].agg(["min", "max"]).dropna().sort_values("min")
    waited = (spans["min"] - spans["max"].cummax().shift()).dt.total_seconds()
    named = spans.index.to_series().map(dict(enumerate(types))).fillna("")
    changed = named.ne(named.shift(fill_value=named.iloc[0]))
    session = (changed | (waited > SAME_SESSION_WITHIN_S)).cumsum()
    require_few(int(session.iloc[-1]) + 1)
    ordered = samples[samples["track"].isin(spans.index)].sort_values(
        "track", key=lambda track: track.map(spans["min"]), kind="stable"
    )
    return [part for _, part in ordered.groupby(ordered["track"].map(session))]


def _is_recording(samples: pd.DataFrame) -> bool:
    return int((samples["time"].notna() & samples["latitude"].notna()).sum()) >= 2


def _activity(
    reading: Reading,
    tracks: list[Node],
    samples: pd.DataFrame,
    index: int,
    warnings: tuple[str, ...],
) -> Activity:
    """Return one session, recorded as `tracks`, as an activity."""
    root = next((node for node in reading.nodes if node.name == "gpx"), _NO_ROOT)
    first = tracks[0] if tracks else root
    named = next(filter(None, (from_name(node.text("type")) for node in tracks)), None)
    sport = named or infer(samples)
    distance_m = _stated(tracks, "Distance")
    return Activity(
        sport=sport,
        sport_inferred=named is None,
        started_at=samples["time"].dropna().iloc[0].to_pydatetime(),
        samples=finished(samples, sport),
        utc_offset_s=reading.columns.offset_s,
        distance_m=distance_m,
        distance_source="device" if distance_m else None,
        timer_s=_stated(tracks, "TimerTime"),
        ascent_m=_stated(tracks, "Ascent"),
        descent_m=_stated(tracks, "Descent"),
        name=first.text("name") or root.text("metadata/name", "name"),
        description=first.text("desc"),
        device=root.text("creator"),
        session_index=index,
        warnings=warnings,
    )


def _stated(tracks: list[Node], name: str) -> float | None:
    """Return a total that the recorder wrote (Garmin's TrackStatsExtension, OpenTracks)."""
    path = f"extensions/TrackStatsExtension/{name}"
    return tracks[0].number(path) if len(tracks) == 1 else None
