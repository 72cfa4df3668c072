"""GPX: tracks to activities. Waypoints and routes are no recordings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kneeload.errors import FileRefused, FileSkipped
from kneeload.importers.columns import numbering
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


def decode(content: bytes) -> list[Activity]:
    """Return the recordings of a GPX file.

    Tracks that follow each other by more than ten minutes are activities of their own; tracks that
    overlap or follow sooner are one (evidence: *assumption*).

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
    track = numbering([node.row for node in _tracks(reading)], len(samples)) - 1
    samples, repeats = first_seen(samples.assign(track=track))
    sessions, left_out = _sessions(samples)
    warnings += repeats + left_out
    return [_activity(reading, part, index, warnings) for index, part in enumerate(sessions)]


def _tracks(reading: Reading) -> list[Node]:
    return [node for node in reading.nodes if node.name == "trk"]


def _require_recording(reading: Reading, samples: pd.DataFrame) -> None:
    """Raise unless some point has a position and some point a time."""
    if samples.empty:
        raise FileSkipped(_instead_of_points(reading))
    if samples["latitude"].isna().all():
        raise FileRefused(f"none of its {len(samples)} track points has a position")
    if not timed(samples):
        raise FileSkipped("no track point has a time: a planned route, not a recording")


def _instead_of_points(reading: Reading) -> str:
    """Return what a file without track points is."""
    facts = reading.nodes[0].facts if reading.nodes else {}
    kinds = {"wpt": "waypoints", "rte": "routes"}
    found = [word for name, word in kinds.items() if any(f.startswith(name) for f in facts)]
    if found:
        return f"holds only {' and '.join(found)}, no recording"
    return "its tracks hold no points" if _tracks(reading) else "holds no track"


def _sessions(samples: pd.DataFrame) -> tuple[list[pd.DataFrame], tuple[str, ...]]:
    """Return the samples of each session in order, and a warning where tracks were left out."""
    spans = samples.groupby("track")["time"].agg(["min", "max"]).dropna().sort_values("min")
    waited = (spans["min"] - spans["max"].cummax().shift()).dt.total_seconds()
    session = (waited > SAME_SESSION_WITHIN_S).cumsum()
    ordered = samples[samples["track"].isin(spans.index)].sort_values(
        "track", key=lambda track: track.map(spans["min"]), kind="stable"
    )
    parts = [part for _, part in ordered.groupby(ordered["track"].map(session))]
    kept = [part for part in parts if _is_recording(part)]
    if not kept:
        raise FileSkipped("has a single point with time and position, not a recording")
    require_few(kept)
    lost = samples["track"].nunique() - sum(part["track"].nunique() for part in kept)
    return kept, (f"tracks left out, without times or of one point: {lost}",) if lost else ()


def _is_recording(samples: pd.DataFrame) -> bool:
    return int((samples["time"].notna() & samples["latitude"].notna()).sum()) >= 2


def _activity(
    reading: Reading, samples: pd.DataFrame, index: int, warnings: tuple[str, ...]
) -> Activity:
    """Return one session as an activity."""
    tracks = _tracks(reading)
    nodes = [tracks[number] for number in samples["track"].unique() if number >= 0]
    first = (nodes or reading.nodes)[0]
    named = next(filter(None, (from_name(node.text("type")) for node in nodes)), None)
    sport = named or infer(samples)
    distance_m = _stated(nodes, "Distance")
    return Activity(
        sport=sport,
        sport_inferred=named is None,
        started_at=samples["time"].dropna().iloc[0].to_pydatetime(),
        samples=finished(samples, sport),
        utc_offset_s=reading.columns.offset_s,
        distance_m=distance_m,
        distance_source="device" if distance_m else None,
        timer_s=_stated(nodes, "TimerTime"),
        ascent_m=_stated(nodes, "Ascent"),
        descent_m=_stated(nodes, "Descent"),
        name=first.text("name") or reading.nodes[0].text("metadata/name", "name"),
        description=first.text("desc"),
        device=reading.nodes[0].text("creator"),
        session_index=index,
        warnings=warnings,
    )


def _stated(nodes: list[Node], name: str) -> float | None:
    """Return a total that the recorder wrote (Garmin's TrackStatsExtension, OpenTracks)."""
    path = f"extensions/TrackStatsExtension/{name}"
    return nodes[0].number(path) if len(nodes) == 1 else None
