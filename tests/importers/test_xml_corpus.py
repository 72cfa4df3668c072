"""GPX and TCX on real files: the manifest's distances, gpxpy's points, and bytes gone wrong."""

import csv
import datetime as dt
import math
import random
import re
import time
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import gpxpy
import gpxpy.gpx
import numpy as np
import pandas as pd
import pytest
from gpxpy.gpx import GPXTrackPoint
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kneeload.errors import FileRefused, FileSkipped
from kneeload.importers import gpx, tcx, xml
from kneeload.model import RUNNING_SPORTS, Activity, Sport

LAYOUTS = {"gpx": gpx.LAYOUT, "tcx": tcx.LAYOUT}


@lru_cache(maxsize=1)
def manifest(corpus: Path) -> list[dict[str, str]]:
    with (corpus / "manifest.tsv").open(encoding="utf-8", newline="") as table:
        return [row for row in csv.DictReader(table, delimiter="\t") if row["format"] in LAYOUTS]


def decode(content: bytes, kind: str) -> list[Activity]:
    return gpx.decode(content) if kind == "gpx" else tcx.decode(content)


def decoded(corpus: Path, row: dict[str, str]) -> list[Activity]:
    return decode((corpus / row["path"]).read_bytes(), row["format"])


def verdict(content: bytes, kind: str) -> str:
    """Return the reason why there is no activity, empty where there are some."""
    try:
        return "" if decode(content, kind) else "none"
    except FileRefused as error:
        return f"refused: {error}"
    except FileSkipped as error:
        return f"skipped: {error}"


def readable(corpus: Path, kind: str) -> Iterator[tuple[dict[str, str], list[Activity]]]:
    """Yield each file of a format that gives activities."""
    for row in manifest(corpus):
        if row["format"] == kind:
            try:
                yield row, decoded(corpus, row)
            except (FileRefused, FileSkipped):
                continue


def great_circle_m(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the haversine distance, written out independently of kneeload."""
    (a, b), (c, d) = (map(math.radians, one), map(math.radians, other))
    h = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return 2 * 6_371_008.8 * math.asin(math.sqrt(h))


def track_m(samples: pd.DataFrame) -> float:
    """Return the sum of great-circle steps inside each segment."""
    placed = samples.dropna(subset=["latitude", "longitude"])
    segments = placed.groupby("segment")[["latitude", "longitude"]]
    return sum(
        great_circle_m(one, other)
        for _, part in segments
        for one, other in pairwise(part.itertuples(index=False, name=None))
    )


def is_run(row: dict[str, str], activities: list[Activity]) -> bool:
    return any(activity.sport in RUNNING_SPORTS for activity in activities) or row[
        "sport"
    ].casefold() in {"run", "running"}


def test_every_file_is_read_skipped_or_refused_with_one_line(corpus: Path) -> None:
    verdicts = [verdict((corpus / r["path"]).read_bytes(), r["format"]) for r in manifest(corpus)]
    reasons = [reason for reason in verdicts if reason]
    assert all(reason.startswith(("refused: ", "skipped: ")) for reason in reasons)
    assert all("\n" not in reason for reason in reasons)
    refused = [reason for reason in reasons if reason.startswith("refused")]
    assert refused == ["refused: none of its 2 track points has a position"]
    assert len(reasons) == 31


def test_distances_of_gpx_runs_are_the_manifests(corpus: Path) -> None:
    checked = 0
    for row, activities in readable(corpus, "gpx"):
        if not is_run(row, activities):
            continue
        found = sum(activity.distance_m or track_m(activity.samples) for activity in activities)
        assert found == pytest.approx(float(row["total_distance_m"]), rel=0.01), row["path"]
        checked += 1
    assert checked >= 80


def test_distances_and_times_of_tcx_runs_are_the_manifests(corpus: Path) -> None:
    checked = 0
    for row, activities in readable(corpus, "tcx"):
        if not is_run(row, activities) or not row["total_distance_m"]:
            continue
        metres = sum(activity.distance_m or 0 for activity in activities)
        seconds = sum(activity.timer_s or 0 for activity in activities)
        assert metres == pytest.approx(float(row["total_distance_m"]), rel=0.005), row["path"]
        assert seconds == pytest.approx(float(row["total_timer_s"]), rel=0.005), row["path"]
        checked += 1
    assert checked >= 18


def test_starts_are_the_manifests(corpus: Path) -> None:
    """The manifest has the first record's time, a TCX session may begin seconds earlier."""
    for kind, seconds in (("gpx", 0.001), ("tcx", 10)):
        for row, activities in readable(corpus, kind):
            first = min(activity.started_at for activity in activities)
            if is_run(row, activities) and row["start_utc"]:
                start = dt.datetime.fromisoformat(f"{row['start_utc'][:26]}Z")
                assert abs((first - start).total_seconds()) <= seconds, row["path"]


def test_a_year_of_runs_that_names_no_sport_is_a_year_of_runs(corpus: Path) -> None:
    year = [
        (row, activities)
        for row, activities in readable(corpus, "gpx")
        if row["path"].startswith("corriporai__runpandas/") and "gpx.py" in row["creator"]
    ]
    assert len(year) >= 60
    for row, activities in year:
        assert [a.sport for a in activities] == [Sport.RUNNING], row["path"]
        assert all(a.sport_inferred for a in activities)


def test_a_malformed_tcx_with_an_undeclared_prefix_is_read(corpus: Path) -> None:
    (activity,) = tcx.decode((corpus / "corriporai__runpandas/malformed.tcx").read_bytes())
    assert activity.distance_m == pytest.approx(4689.24, abs=0.01)
    assert activity.device == "Forerunner 410 Software Version 2.20"


def heart_rate(point: GPXTrackPoint) -> float | None:
    for extension in point.extensions:
        for element in extension.iter():
            if element.tag.rpartition("}")[2] == "hr":
                return float(element.text)
    return None


def microseconds(point: GPXTrackPoint) -> float | None:
    if point.time is None:
        return None
    aware = point.time if point.time.tzinfo else point.time.replace(tzinfo=dt.UTC)
    return (aware - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) / dt.timedelta(microseconds=1)


def on_globe(point: GPXTrackPoint) -> bool:
    return abs(point.latitude) <= 90 and abs(point.longitude) <= 180


def as_columns(points: list[GPXTrackPoint]) -> dict[str, list[float | None]]:
    return {
        "latitude": [p.latitude if on_globe(p) else None for p in points],
        "longitude": [p.longitude if on_globe(p) else None for p in points],
        "altitude_m": [p.elevation for p in points],
        "hr_bpm": [heart_rate(p) for p in points],
        "time": [microseconds(p) for p in points],
    }


def test_points_are_gpxpys_field_by_field(corpus: Path) -> None:
    compared = 0
    for row in manifest(corpus):
        content = (corpus / row["path"]).read_bytes()
        try:
            reference = gpxpy.parse(content)
        except gpxpy.gpx.GPXException:
            continue
        reading = xml.read(content, gpx.LAYOUT)
        ours = reading.columns.records(reading.breaks).frame
        theirs = [p for t in reference.tracks for s in t.segments for p in s.points]
        assert len(ours) == len(theirs), row["path"]
        ours["time"] = ours["time"].astype("int64").where(ours["time"].notna())
        for name, values in as_columns(theirs).items():
            expected = np.array(values, dtype=float)
            np.testing.assert_array_equal(ours[name].to_numpy(dtype=float), expected, row["path"])
        compared += len(ours)
    assert compared > 60_000


@pytest.mark.parametrize("kind", list(LAYOUTS))
def test_the_short_cut_gives_what_the_parser_gives(corpus: Path, kind: str) -> None:
    layout = LAYOUTS[kind]
    taken = 0
    for row in manifest(corpus):
        content = (corpus / row["path"]).read_bytes()
        if row["format"] != kind or (lifted := xml._lifted(content, layout)) is None:
            continue
        parsed = xml._parsed(content, layout)
        assert (lifted.nodes, lifted.breaks) == (parsed.nodes, parsed.breaks), row["path"]
        one, other = lifted.columns.records([]).frame, parsed.columns.records([]).frame
        assert one.equals(other), row["path"]
        taken += 1
    assert taken >= {"gpx": 100, "tcx": 25}[kind]


def mutated(content: bytes, luck: random.Random) -> bytes:
    """Return bytes that went wrong in one of the ways in which bytes go wrong."""
    data = bytearray(content)
    for _ in range(luck.randint(1, 8)):
        start = luck.randrange(len(data) + 1)
        stop = min(len(data), start + luck.choice([1, 1, 4, 60, 2000]))
        piece = bytes(data[start:stop])
        data[start:stop] = luck.choice(
            [b"", piece * 2, luck.randbytes(len(piece)), b"<", b"</trkpt>", b"]]>", b"<!--", b"nan"]
        )
    return bytes(data[: luck.choice([len(data), luck.randrange(len(data) + 1)])])


ODD = ["", "nan", "-1", "1e999", "undefined", "0", "9" * 400, "1900-01-01T00:00:00Z", "2026-03-14Z"]
ODD += ["2026-03-14T12:00:00ZZ", "2026-03-14T12:00:00+14:00", "2026-03-14T12:00:00", "now", "Z\n"]


def garbled(content: bytes, luck: random.Random) -> bytes:
    """Return a document that is still well-formed but says odd things."""
    pieces = re.split(rb"(?<=>)([^<>]*)(?=</)|(?<=[a-z]=\")([^\"]*)(?=\")", content)
    share = luck.choice([0.001, 0.02, 0.5])
    return b"".join(
        luck.choice(ODD).encode()
        if piece and number % 3 and luck.random() < share
        else piece or b""
        for number, piece in enumerate(pieces)
    )


SMALL = 40_000


@settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(min_value=0), wrong=st.sampled_from([mutated, garbled]))
def test_bytes_gone_wrong_give_our_errors_or_a_valid_result(
    corpus: Path, seed: int, wrong: Callable[[bytes, random.Random], bytes]
) -> None:
    luck = random.Random(seed)
    rows = [row for row in manifest(corpus) if int(row["bytes"]) < SMALL]
    row = luck.choice(rows)
    content = wrong((corpus / row["path"]).read_bytes(), luck)
    begun = time.perf_counter()
    reason = verdict(content, row["format"])
    assert "\n" not in reason
    assert reason != "none"
    assert time.perf_counter() - begun < 5
    for activity in [] if reason else decode(content, row["format"]):
        assert activity.started_at.utcoffset() is not None
        assert activity.distance_m is None or activity.distance_m > 0
        assert activity.samples["latitude"].dropna().abs().le(90).all()
        assert activity.samples["segment"].is_monotonic_increasing
