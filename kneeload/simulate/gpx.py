"""GPX files of invented sessions, as watches and platforms write them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from kneeload.model import Sport

if TYPE_CHECKING:
    from kneeload.simulate.runner import Session
    from kneeload.simulate.track import Track

_TYPES = {Sport.RUNNING: "running", Sport.CYCLING: "cycling"}

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="kneeload.simulate" xmlns="http://www.topografix.com/GPX/1/1"\
 xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v1">
<trk><name>{name}</name>{sport}
"""


def written(
    session: Session, track: Track, *, heart_rate: bool = True, sport: bool = True
) -> bytes:
    """Return `session` as GPX 1.1; platforms may leave heart rate or sport out."""
    kind = f"<type>{_TYPES[session.sport]}</type>" if sport else ""
    segments = [_segment(session, part, heart_rate=heart_rate) for part in track.segments()]
    head = _HEAD.format(name=escape(session.name), sport=kind)
    return (head + "".join(segments) + "</trk></gpx>\n").encode()


def timestamps(session: Session, track: Track) -> list[str]:
    """Return the records' instants as XML writes them, in UTC."""
    times = (session.utc + dt.timedelta(seconds=float(second)) for second in track.time_s)
    return [f"{time:%Y-%m-%dT%H:%M:%SZ}" for time in times]


def _segment(session: Session, track: Track, *, heart_rate: bool) -> str:
    rows = zip(
        timestamps(session, track),
        track.latitude,
        track.longitude,
        track.altitude_m,
        track.hr_bpm,
        track.cadence_spm / 2,
        strict=True,
    )
    points = (
        f'<trkpt lat="{lat:.7f}" lon="{lon:.7f}"><ele>{height:.1f}</ele><time>{time}</time>'
        f"{_extension(hr, cadence) if heart_rate else ''}</trkpt>\n"
        for time, lat, lon, height, hr, cadence in rows
    )
    return "<trkseg>\n" + "".join(points) + "</trkseg>\n"


def _extension(hr: float, cadence: float) -> str:
    steps = "" if cadence != cadence else f"<gpxtpx:cad>{cadence:.0f}</gpxtpx:cad>"
    return (
        f"<extensions><gpxtpx:TrackPointExtension><gpxtpx:hr>{hr:.0f}</gpxtpx:hr>{steps}"
        "</gpxtpx:TrackPointExtension></extensions>"
    )
