"""Documents to activities: one registry, companions merged, nothing loaded before it is needed."""

from pathlib import Path

import pytest

from kneeload.errors import FileRefused
from kneeload.importers import json_rows, read_activities
from kneeload.importers.decode import decode
from kneeload.importers.discover import DOCUMENTS
from kneeload.importers.document import Document
from kneeload.importers.kinds import DECODERS
from kneeload.model import Sport
from tests.fresh import printed

POINT = '<trkpt lat="{lat}" lon="8.0"><time>2026-03-14T07:{minute:02}:00Z</time></trkpt>'
TRACK = (
    '<gpx xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>'
    + "".join(POINT.format(lat=47 + at * 0.0016, minute=at) for at in range(9))
    + "</trkseg></trk></gpx>"
).encode()


def track(**told: object) -> Document:
    return Document("run.gpx", "gpx", TRACK, "run.gpx", json_rows.packed(told) if told else b"")


def test_every_kind_of_document_has_a_decoder() -> None:
    assert set(DECODERS) >= DOCUMENTS


def test_speeds_name_the_sport_and_the_runner_may_overrule_them() -> None:
    (run,) = decode(track())
    assert (run.sport, run.sport_inferred, run.distance_m) == (Sport.RUNNING, True, None)
    (trail,) = decode(track(), Sport.TRAIL_RUNNING)
    assert (trail.sport, trail.sport_inferred) == (Sport.TRAIL_RUNNING, False)


def test_an_exports_sport_wins_over_speeds_and_over_the_option() -> None:
    (ride,) = decode(track(sport="Ride"), Sport.RUNNING)
    assert (ride.sport, ride.sport_inferred) == (Sport.CYCLING, False)
    (unknown,) = decode(track(sport="Quidditch"), Sport.HIKING)
    assert (unknown.sport, unknown.sport_inferred) == (Sport.HIKING, False)


def test_totals_fill_only_what_the_file_lacks() -> None:
    row = json_rows.packed(
        {"started_at": "2026-03-14T07:00:00Z", "distance_m": 5000, "timer_s": 1500}
    )
    told = json_rows.packed(
        {"distance_m": 9, "timer_s": 9, "elapsed_s": 1600, "rpe": 4, "name": "A"}
    )
    (run,) = decode(Document("a.csv", "strava_row", row, "a.csv", told))
    assert (run.distance_m, run.timer_s, run.elapsed_s, run.rpe, run.name) == (
        5000, 1500, 1600, 4, "A",
    )  # fmt: skip


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"started_at":"2026-03-14T07:00:00"}'])
def test_a_row_without_a_start_is_refused(content: bytes) -> None:
    with pytest.raises(FileRefused):
        decode(Document("a.csv", "diary", content))


def test_packed_rows_are_canonical() -> None:
    assert json_rows.packed({"b": 1, "a": "ü", "c": None, "d": ""}) == '{"a":"ü","b":1}'.encode()
    assert json_rows.unpacked(json_rows.packed({"a": [1.5, {"x": 0}]})) == {"a": [1.5, {"x": 0}]}


def test_reading_a_folder_leaves_out_what_holds_no_activity(tmp_path: Path) -> None:
    (tmp_path / "run.gpx").write_bytes(TRACK)
    (tmp_path / "broken.fit").write_bytes(b"no")
    assert len(read_activities(tmp_path)) == 1
    assert len(read_activities(str(tmp_path / "run.gpx"), Sport.HIKING)) == 1


def test_reading_nothing_says_why(tmp_path: Path) -> None:
    (tmp_path / "broken.fit").write_bytes(b"no")
    with pytest.raises(FileRefused, match=r"broken\.fit has the name of an activity file"):
        read_activities(tmp_path / "broken.fit")
    with pytest.raises(FileRefused, match="No such file"):
        read_activities(tmp_path / "gone.fit")


def test_discovery_loads_neither_pandas_nor_a_parser() -> None:
    code = (
        "import sys, kneeload.importers.discover, kneeload.importers.decode as d;"
        "print(sorted({'pandas','matplotlib','fitparse','gpxpy'} & set(sys.modules)))"
    )
    assert printed(code) == ["[]"]


def slow(name: str, file: str = "1.gpx") -> Document:
    """Return 1.7 m/s, which speeds alone take for a walk."""
    body = "".join(POINT.format(lat=47 + at * 0.00092, minute=at) for at in range(9))
    content = f"<gpx><trk><name>{name}</name><trkseg>{body}</trkseg></trk></gpx>".encode()
    return Document(file, "gpx", content, file)


@pytest.mark.parametrize(
    ("document", "sport"),
    [
        (slow("Morning Run"), Sport.RUNNING),
        (slow("run-walk"), Sport.RUNNING),
        (slow("", "runs/2026-03-03 jog.gpx"), Sport.RUNNING),
        (slow("Around the lake"), Sport.WALKING),
        (slow("", "run/7.gpx"), Sport.WALKING),
    ],
)
def test_a_slow_jog_named_as_a_run_is_a_run(document: Document, sport: Sport) -> None:
    (activity,) = decode(document)
    assert (activity.sport, activity.sport_inferred) == (sport, True)
