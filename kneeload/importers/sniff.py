"""What a file is, by its first bytes; its name is never asked."""

from __future__ import annotations

import re

from kneeload.importers import csv_rows, size_limits, tar
from kneeload.importers.exports import garmin_table, runkeeper, strava

PAIN_COLUMNS = frozenset({"local_date", "score"})
TRACK_AND_GRAPH_COLUMNS = frozenset({"featurename", "timestamp", "value"})
DIARY_MEASURES = frozenset({"distance_km", "distance_mi", "duration_min"})
"""A diary has at least one of these columns beside ``date``."""

_ROOTS = {
    "gpx": "gpx",
    "TrainingCenterDatabase": "tcx",
    "Activities": "tcx",
    "HealthData": "apple_health",
}
_PROLOGUE = re.compile(rb"\s+|<\?.*?\?>|<!--.*?-->", re.DOTALL)
_ROOT = re.compile(rb"<(?:!DOCTYPE\s+)?(?:[\w.-]+:)?([\w.-]+)")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def kind(content: bytes) -> str | None:
    """Return what `content` holds, judged by its beginning, or None if nothing kneeload reads.

    Returns
    -------
    ``fit``, ``gpx``, ``tcx``, ``gzip``, ``zip``, ``tar``, ``apple_health``,
    ``garmin_summaries``, ``polar``, or a table: ``strava``, ``garmin_table``, ``runkeeper``,
    ``diary``, ``pain``, ``track_and_graph``.
    """
    head = content[: size_limits.HEAD_BYTES]
    if head[8:12] == b".FIT":
        return "fit"
    if head[:2] == b"\x1f\x8b":
        return "gzip"
    if head[:4] in {b"PK\x03\x04", b"PK\x05\x06"}:
        return "zip"
    if tar.is_tar(head):
        return "tar"
    return _text_kind(_as_utf8(head))


def _as_utf8(head: bytes) -> bytes:
    if head[:2] in _UTF16:
        return head.decode("utf-16", "ignore").encode("utf-8", "ignore")
    return head.removeprefix(b"\xef\xbb\xbf")


def _text_kind(head: bytes) -> str | None:
    text = head.lstrip()
    if text[:1] == b"<":
        return _ROOTS.get(_root(text))
    if text[:1] in {b"{", b"["}:
        return _json_kind(text)
    return None if b"\x00" in head else _table_kind(csv_rows.header(head))


def _root(text: bytes) -> str:
    """Name of the root element, or of the one a DOCTYPE promises."""
    at = 0
    while match := _PROLOGUE.match(text, at):
        at = match.end()
    root = _ROOT.match(text, at)
    return root[1].decode("ascii", "replace") if root else ""


def _json_kind(text: bytes) -> str | None:
    if b'"summarizedActivitiesExport"' in text:
        return "garmin_summaries"
    if b'"exercises"' in text and b'"startTime"' in text:
        return "polar"
    return None


def _table_kind(columns: list[str]) -> str | None:
    names = frozenset(name.casefold() for name in columns)
    if strava.is_header(columns):
        return "strava"
    if garmin_table.is_header(columns):
        return "garmin_table"
    if names >= runkeeper.COLUMNS:
        return "runkeeper"
    if names >= PAIN_COLUMNS:
        return "pain"
    if names >= TRACK_AND_GRAPH_COLUMNS:
        return "track_and_graph"
    return "diary" if "date" in names and names & DIARY_MEASURES else None
