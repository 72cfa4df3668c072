"""A copy of the log to share: no position near home, nor near a run's first and last.

The original files stay out, since nobody can vouch for every field of theirs. Each activity is
written anew from its samples, so its id changes, and with it every mention of the id.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kneeload.errors import FileRefused, FileSkipped
from kneeload.export import tcx_writer
from kneeload.importers import json_rows
from kneeload.importers.decode import decode
from kneeload.importers.document import Document
from kneeload.importers.exports import own
from kneeload.ingest.measure import run_id, unpacked
from kneeload.ingest.pipeline import sources
from kneeload.measures.tracks import EARTH_RADIUS_M, as_track
from kneeload.model import Sport
from kneeload.records import Records

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from kneeload.arrays import Bools
    from kneeload.ingest.measure import Source
    from kneeload.model import Activity

Place = tuple[float, ...]  # latitude and longitude [deg]

HIDDEN_M = 500.0
CELL_M = 500.0
# Around a cell's middle: 500 m around all of it, and a hundredth for the earth not being flat.
_RADIUS_M = (HIDDEN_M + CELL_M / math.sqrt(2)) * 1.01
_M_PER_DEG = math.radians(EARTH_RADIUS_M)
_RUN_ID = re.compile(r"\b[0-9a-f]{12}(?:-\d+)?\b")
_PRIVATE = ("home", "import_folders", "pain_inbox")

READ_ME = """This is a copy of a kneeload training log to share. It is not a backup.

runs.csv       every activity as it counts, with its loads
pain.csv       the pain scores
diary.csv      the rest of the diary
settings.csv   the settings that are not the default, except your home and your folders
decisions.csv  every entry, edit, removal, acknowledgement and choice, including those undone
files.csv      which activity each of the files below holds
files/         the activities as TCX, those without records as JSON; no original file

Every position within 500 m of where an activity began or ended is left out, and so is every
position within 500 m of your home, if the log knows it. The centres of these circles are moved to
a grid, so that they do not give away the house. Distances, heights, times, names and notes are all
there. Read them before you share them. Somebody with a street map may still narrow down where a
route began.

kneeload import FILE.zip into a new log gives the same distances. The IDs differ from those in the
original, and scores that were read from notes are read again.
"""


def members(
    database: sqlite3.Connection,
    frames: Mapping[str, pd.DataFrame],
    as_csv: Callable[[pd.DataFrame], str],
    home: str | None,
) -> Iterator[tuple[str, bytes]]:
    """Yield what the copy holds, name and content: the activities, then the tables.

    Parameters
    ----------
    frames
        The tables of a whole export, by name.
    home
        A further place around which positions are left out, as the settings have it.
    """
    places = [tuple(map(float, home.split(",")))] if home else []
    ids: dict[str, str] = {}
    written: dict[str, list[str]] = {}
    for old, document in _documents(database, places, frames["runs.csv"]):
        ids[old] = run_id(document.digest, 0)
        name = own.member(document.digest, document.kind)
        if name not in written:
            written[name] = [name, document.kind, name, name, "", document.companion.decode()]
            yield name, document.content
    files = pd.DataFrame(written.values(), columns=list(own.FILE_COLUMNS))
    kept = {name: _without_places(frame) for name, frame in frames.items()}
    for name, frame in (kept | {own.FILES: files}).items():
        yield name, _RUN_ID.sub(lambda id_: ids.get(id_[0], id_[0]), as_csv(frame)).encode()


def _without_places(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table without paths and without the settings that tell places."""
    if "key" in frame:
        return frame[~frame["key"].isin(_PRIVATE)]
    return frame.drop(columns="source", errors="ignore")


def _documents(
    database: sqlite3.Connection, places: Sequence[Place], counted: pd.DataFrame
) -> Iterator[tuple[str, Document]]:
    """Yield each activity, by its id in this log; files that no longer decode are left out.

    What an account corrected of the `counted` runs goes along, as the copy does not know accounts.
    """
    corrected = _corrections(counted)
    stored = database.execute("SELECT run_id, utc_offset_s, distance_km FROM activity").fetchall()
    known = {name: told for name, *told in stored}
    for source in sources(database):
        for activity in _decoded(source):
            name = run_id(source.digest, activity.session_index)
            if name in known:
                offset_s, km = known[name]
                distance_m = None if km is None else km * 1000
                told = replace(activity, utc_offset_s=offset_s, distance_m=distance_m)
                yield name, document(replace(told, **corrected.get(name, {})), places)


def _corrections(counted: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Return the fields that an account corrected, by run."""
    known = (counted["distance_source"] == "export") & counted["device_distance_km"].notna()
    names = ["run_id", "distance_km", "sport", "moving_s", "elapsed_s"]
    return {
        name: {
            "distance_m": 1000 * km,
            "sport": Sport(sport),
            "timer_s": moving_s,
            "elapsed_s": elapsed_s,
        }
        for name, km, sport, moving_s, elapsed_s in counted.loc[known, names].to_numpy().tolist()
    }


def _decoded(source: Source) -> list[Activity]:
    try:
        return decode(unpacked(source), Sport(source.sport) if source.sport else None)
    except (FileRefused, FileSkipped):
        return []


def document(activity: Activity, places: Sequence[Place]) -> Document:
    """Return one activity as a document of its own, near positions left out."""
    totals = {name: getattr(activity, name) for name in json_rows.TOTALS}
    if activity.samples.empty:
        start = {"started_at": json_rows.instant(activity.started_at), "sport": str(activity.sport)}
        source = {"distance_source": activity.distance_source}
        return Document("", "diary", json_rows.packed(totals | start | source))
    content = tcx_writer.written(activity, blanked(activity.samples, places))
    return Document("", "tcx", content, companion=json_rows.packed(totals))


def blanked(samples: pd.DataFrame, places: Sequence[Place] = ()) -> pd.DataFrame:
    """Return samples without positions near `places`, the first and the last one; way kept.

    Each place is moved to the middle of its cell of 500 m first: the rims of many exact circles
    would have the place in their middle.

    References
    ----------
    Hassan WU, Hussain S, Bates A. Analysis of privacy protections in fitness tracking social
    networks. USENIX Security 2018, 497-512.
    """
    if not samples["time"].dropna().is_monotonic_increasing:
        samples = samples.sort_values("time", kind="stable", ignore_index=True)
    known = samples[["latitude", "longitude"]].dropna()
    hidden = ~samples.index.isin(known.index)
    for place in (*places, *known.iloc[:1].to_numpy(), *known.iloc[-1:].to_numpy()):
        hidden |= _near(samples, *_middle(*place))
    seen = {name: samples[name].mask(hidden) for name in ("latitude", "longitude")}
    return samples.assign(**seen, distance_m=as_track(Records.of_frame(samples)).way_m)


def _middle(latitude: float, longitude: float) -> tuple[float, float]:
    """Return the middle of the cell that a place lies in."""
    middle = _snapped(latitude, CELL_M / _M_PER_DEG)
    return middle, _snapped(longitude, CELL_M / (_M_PER_DEG * math.cos(math.radians(middle))))


def _snapped(degrees: float, step: float) -> float:
    return (math.floor(degrees / step) + 0.5) * step


def _near(samples: pd.DataFrame, latitude: float, longitude: float) -> Bools:
    north_m = (samples["latitude"].to_numpy() - latitude) * _M_PER_DEG
    east = (samples["longitude"].to_numpy() - longitude + 180) % 360 - 180
    east_m = east * _M_PER_DEG * math.cos(math.radians(latitude))
    return np.asarray(np.hypot(north_m, east_m) <= _RADIUS_M)
