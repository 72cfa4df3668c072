"""The fast reader: all messages of one definition are one numpy array, read in one step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kneeload.importers.fit.profile import COMPRESSED
from kneeload.importers.fit.scan import Scan, Track, Uncertain
from kneeload.importers.fit.tables import LARGEST, Numbers, Table, Tables, merged

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kneeload.importers.fit.layout import Shape

_EMPTY = 0xFF
_LITTLE_ENDIAN = np.array([1, 1 << 8, 1 << 16])
_LOW_BITS = 0xFFF
_SPEED_SCALE, _DISTANCE_SCALE = 100.0, 16.0


def read(body: bytes, scan: Scan) -> Tables:
    """Return the tables of the messages that `scan` has located in `body`.

    Raises
    ------
    Uncertain
        If a wanted field has a form that only fitparse is trusted with.
    """
    tracks: dict[str, list[Track]] = {}
    for track in scan.tracks:
        if track.count:
            tracks.setdefault(track.shape.message, []).append(track)
    return merged({name: _table(body, same, scan) for name, same in tracks.items()})


def _table(body: bytes, tracks: list[Track], scan: Scan) -> Table:
    """Gather the messages of one kind from all their definitions, in the file's order."""
    starts = [track.starts for track in tracks]
    pieces = [_columns(body, track, at, scan) for track, at in zip(tracks, starts, strict=True)]
    if len(pieces) == 1:
        return pieces[0]
    order = np.argsort(np.concatenate(starts), kind="stable")
    names = dict.fromkeys(name for piece in pieces for name in piece)
    return {name: _joined(name, pieces, starts)[order] for name in names}


def _joined(name: str, pieces: list[Table], starts: list[NDArray[np.int64]]) -> Numbers:
    return np.concatenate(
        [
            piece[name] if name in piece else np.full(len(at), np.nan)
            for piece, at in zip(pieces, starts, strict=True)
        ]
    )


def _columns(body: bytes, track: Track, starts: NDArray[np.int64], scan: Scan) -> Table:
    if not track.shape.certain:
        raise Uncertain
    packed = _packed(body, track, starts)
    columns = _measured(packed, track.shape)
    if track.shape.counting:
        columns |= _expanded(columns, packed[COMPRESSED], scan)
    if scan.stamps and not track.stamped:
        columns["timestamp"] = np.array([scan.stamps.get(at, np.nan) for at in starts.tolist()])
    return columns


def _expanded(columns: Table, packed: NDArray[np.uint8], scan: Scan) -> Table:
    """Return what compressed speed and distance hold; an empty one must not erase a real field."""
    measured = (packed != _EMPTY).any(axis=1)
    if not measured.any():
        return {}
    if scan.recounted:
        raise Uncertain
    bits = packed[measured].astype(np.int64) @ _LITTLE_ENDIAN
    speed, distance = np.full((2, len(packed)), np.nan)
    speed[measured] = (bits & _LOW_BITS) / _SPEED_SCALE
    distance[measured] = _unwrapped(bits >> 12) / _DISTANCE_SCALE
    return {
        "speed": _preferred(columns.get("speed"), speed),
        "distance": _preferred(columns.get("distance"), distance),
    }


def _unwrapped(counter: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return a counter of 12 bits as a number that never falls."""
    return np.cumsum(np.diff(counter, prepend=0) & _LOW_BITS)


def _preferred(real: Numbers | None, derived: Numbers) -> Numbers:
    return derived if real is None else np.where(np.isnan(real), derived, real)


def _packed(body: bytes, track: Track, starts: NDArray[np.int64]) -> NDArray[np.void]:
    """Copy the messages out; as plain bytes, because numpy copies records field by field."""
    count = len(body) - track.size + 1
    windows = np.ndarray((count,), f"V{track.size}", buffer=body, strides=(1,))
    return windows[starts].view(track.shape.dtype)


def _measured(packed: NDArray[np.void], form: Shape) -> Table:
    """Return the fields that are one number each, scaled; NaN where nothing was measured."""
    values = np.empty((len(form.numbers), len(packed)))
    with np.errstate(invalid="ignore"):
        for row, slot in zip(values, form.numbers, strict=True):
            raw = packed[slot.field.name]
            row[:] = raw
            if slot.invalid is None:
                row[~(np.abs(row) < LARGEST)] = np.nan
            elif not slot.narrow:
                row[raw == slot.invalid] = np.nan
    values[values == form.invalid] = np.nan
    values /= form.scale
    values -= form.offset
    return dict(zip((slot.field.name for slot in form.numbers), values, strict=True))
