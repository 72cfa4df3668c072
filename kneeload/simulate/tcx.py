"""TCX files of invented sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from kneeload.model import Sport
from kneeload.simulate.gpx import timestamps

if TYPE_CHECKING:
    from kneeload.simulate.runner import Session
    from kneeload.simulate.track import Track

_SPORTS = {Sport.RUNNING: "Running", Sport.CYCLING: "Biking"}

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<TrainingCenterDatabase xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"\
 xmlns:ns3="http://www.garmin.com/xmlschemas/ActivityExtension/v2">
<Activities><Activity Sport="{sport}"><Id>{start}</Id>
<Lap StartTime="{start}"><TotalTimeSeconds>{moving_s}</TotalTimeSeconds>\
<DistanceMeters>{distance_m:.2f}</DistanceMeters><Calories>0</Calories>\
<Intensity>Active</Intensity><TriggerMethod>Manual</TriggerMethod>
"""
_TAIL = "</Lap><Notes>{name}</Notes></Activity></Activities></TrainingCenterDatabase>\n"


def written(session: Session, track: Track, *, indent: int = 0) -> bytes:
    """Return `session` as TCX; one platform puts ten blanks (`indent`) before the declaration."""
    head = _HEAD.format(
        sport=_SPORTS[session.sport],
        start=f"{session.utc:%Y-%m-%dT%H:%M:%SZ}",
        moving_s=session.moving_s,
        distance_m=session.distance_m,
    )
    segments = "".join(_segment(session, part) for part in track.segments())
    return (" " * indent + head + segments + _TAIL.format(name=escape(session.name))).encode()


def _segment(session: Session, track: Track) -> str:
    rows = zip(
        timestamps(session, track),
        track.latitude,
        track.longitude,
        track.altitude_m,
        track.distance_m,
        track.hr_bpm,
        track.speed_mps,
        track.cadence_spm / 2,
        strict=True,
    )
    points = (
        f"<Trackpoint><Time>{time}</Time><Position><LatitudeDegrees>{lat:.7f}</LatitudeDegrees>"
        f"<LongitudeDegrees>{lon:.7f}</LongitudeDegrees></Position>"
        f"<AltitudeMeters>{height:.1f}</AltitudeMeters>"
        f"<DistanceMeters>{metres:.2f}</DistanceMeters>"
        f"<HeartRateBpm><Value>{hr:.0f}</Value></HeartRateBpm>"
        f"<Extensions><ns3:TPX><ns3:Speed>{speed:.3f}</ns3:Speed>"
        f"<ns3:RunCadence>{cadence:.0f}</ns3:RunCadence></ns3:TPX></Extensions></Trackpoint>\n"
        for time, lat, lon, height, metres, hr, speed, cadence in rows
    )
    return "<Track>\n" + "".join(points) + "</Track>\n"
