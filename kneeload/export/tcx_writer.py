"""An activity as a TCX file, written from its samples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kneeload.importers.sport import FOOT_SPORTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from kneeload.model import Activity

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<TrainingCenterDatabase xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"\
 xmlns:ns3="http://www.garmin.com/xmlschemas/ActivityExtension/v2">
<Activities><Activity Sport="{sport}"><Id>{start}</Id><Lap StartTime="{start}">{totals}\
<Intensity>Active</Intensity><TriggerMethod>Manual</TriggerMethod>
"""
_TAIL = "</Lap></Activity></Activities></TrainingCenterDatabase>\n"
_CELLS = (
    ("time", "<Time>{}</Time>"),
    ("latitude", "<Position><LatitudeDegrees>{:.7f}</LatitudeDegrees>"),
    ("longitude", "<LongitudeDegrees>{:.7f}</LongitudeDegrees></Position>"),
    ("altitude_m", "<AltitudeMeters>{:.1f}</AltitudeMeters>"),
    ("distance_m", "<DistanceMeters>{:.2f}</DistanceMeters>"),
    ("hr_bpm", "<HeartRateBpm><Value>{:.0f}</Value></HeartRateBpm>"),
)
_EXTENDED = (
    ("speed_mps", "<ns3:Speed>{:.3f}</ns3:Speed>"),
    ("cadence_spm", "<ns3:RunCadence>{:.0f}</ns3:RunCadence>"),
)


def written(activity: Activity, samples: pd.DataFrame) -> bytes:
    """Return the activity with `samples` for its own; no text of the runner's is in it.

    Parameters
    ----------
    samples
        Columns of `kneeload.frames.SAMPLES`; a position has both coordinates or none.
    """
    told = {"TotalTimeSeconds": activity.timer_s, "DistanceMeters": activity.distance_m}
    totals = "".join(f"<{name}>{value:.3f}</{name}>" for name, value in told.items() if value)
    start = f"{activity.started_at:%Y-%m-%dT%H:%M:%S.%fZ}"
    head = _HEAD.format(sport=activity.sport, start=start, totals=totals)
    if activity.sport in FOOT_SPORTS:  # the format counts one foot
        samples = samples.assign(cadence_spm=samples["cadence_spm"] / 2)
    tracks = (_track(part) for _, part in samples.groupby("segment", sort=False))
    return (head + "".join(tracks) + _TAIL).encode()


def _track(samples: pd.DataFrame) -> str:
    columns = [_texts(samples[name], pattern) for name, pattern in (*_CELLS, *_EXTENDED)]
    cells = map("".join, zip(*columns[: len(_CELLS)], strict=True))
    extended = map("".join, zip(*columns[len(_CELLS) :], strict=True))
    return f"<Track>\n{''.join(_points(cells, extended))}</Track>\n"


def _points(cells: Iterator[str], extended: Iterator[str]) -> Iterator[str]:
    for cell, more in zip(cells, extended, strict=True):
        inner = f"<Extensions><ns3:TPX>{more}</ns3:TPX></Extensions>" if more else ""
        yield f"<Trackpoint>{cell}{inner}</Trackpoint>\n"


def _texts(values: pd.Series, pattern: str) -> list[str]:
    """Return each value in its element, nothing where there is none."""
    if values.name == "time":
        values = values.dt.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    known = values.notna()
    return [pattern.format(v) if k else "" for v, k in zip(values, known, strict=True)]
