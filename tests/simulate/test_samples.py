"""`sample_activities/`: the folder in the repository is the generator's, and tells its story."""

import csv
import datetime as dt
import gzip
import io
import zipfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args
from xml.etree import ElementTree as ET

import fitparse
import gpxpy
import pytest
from click.testing import CliRunner

from kneeload.formatting import Knee, Site
from kneeload.model import Moment
from kneeload.simulate import folder
from kneeload.simulate.__main__ import main
from kneeload.simulate.sample_story import sessions

SAMPLES = Path(__file__).parents[2] / "sample_activities"
Files = dict[str, bytes]
Row = dict[str, str]
Found = tuple[str, dt.datetime, float]
TCX = "{http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2}"


def unpacked(files: Files) -> Files:
    """Contents without their wrapping: how zlib packs differs from build to build."""
    plain: Files = {}
    for name, content in files.items():
        if name.endswith(".gz"):
            plain[name.removesuffix(".gz")] = gzip.decompress(content)
        elif name.endswith(".zip"):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                plain |= {f"{name}!{inner}": archive.read(inner) for inner in archive.namelist()}
        else:
            plain[name] = content
    return plain


def table(content: bytes) -> list[Row]:
    return list(csv.DictReader(io.StringIO(content.decode())))


@pytest.fixture(scope="module")
def kept() -> Files:
    paths = (path for path in SAMPLES.rglob("*") if path.is_file() and path.name != "README.md")
    return {path.relative_to(SAMPLES).as_posix(): path.read_bytes() for path in paths}


@pytest.fixture(scope="module")
def found(kept: Files) -> list[Found]:
    return list(measured(kept))


@pytest.fixture(scope="module")
def weeks(kept: Files) -> dict[str, Row]:
    return {row["week"]: row for row in table(kept["expected_weeks.csv"])}


@pytest.fixture(scope="module")
def pain(kept: Files) -> list[Row]:
    return table(kept["knee_pain.csv"])


def test_the_folder_is_what_the_generator_writes(kept: Files, tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["samples", str(tmp_path)])
    assert done.output == f"{len(kept)} files in {tmp_path}\n"
    written = {p.relative_to(tmp_path).as_posix(): p for p in tmp_path.rglob("*") if p.is_file()}
    again = unpacked({name: path.read_bytes() for name, path in written.items()})
    assert again.keys() == unpacked(kept).keys()
    assert [name for name, content in unpacked(kept).items() if again[name] != content] == []


def test_writing_twice_gives_the_same_bytes() -> None:
    assert folder.files() == folder.files()


def test_it_is_small_and_has_every_format(kept: Files) -> None:
    assert sum(map(len, kept.values())) < 8_000_000
    count = {
        suffix: sum(name.endswith(suffix) for name in kept)
        for suffix in (".fit", ".fit.gz", ".gpx", ".gpx.gz", ".tcx", ".zip", ".csv")
    }
    assert all(count.values()), count
    assert len(sessions()) == pytest.approx(110, abs=5)
    assert len([name for name in unpacked(kept) if ".fit" in name]) > 70


def test_no_run_is_lost_between_plan_and_files(kept: Files, found: list[Found]) -> None:
    """Each planned session is in exactly one file or row; one is in two files."""
    starts = [start for _, start, _ in found]
    manual = table(kept["treadmill_and_manual.csv"])
    assert len(starts) + len(manual) == len(sessions()) + 1
    assert len(starts) - len(set(starts)) == 1
    assert set(starts) <= {s.utc for _, s in sessions()}


def test_every_file_measures_its_planned_distance(found: list[Found]) -> None:
    planned = {s.utc: float(s.distance_m) for _, s in sessions()}
    for name, start, distance_m in found:
        assert distance_m == pytest.approx(planned[start], rel=0.005), name
        if ".fit" in name or name.endswith(".tcx"):
            assert distance_m == planned[start], name


def measured(kept: Files) -> Iterator[Found]:
    """Name, start and distance [m] of each activity by other people's readers."""
    readers = {"fit": fit_total, "gpx": gpx_length, "tcx": tcx_total}
    for name, content in unpacked(kept).items():
        reader = readers.get(name.rsplit(".", 1)[-1])
        if reader and name not in {"2025/broken.fit", "2025/workout.fit"}:
            yield name, *reader(content)


def fit_total(content: bytes) -> tuple[dt.datetime, float]:
    reader: Any = fitparse.FitFile
    (session,) = reader(content, check_crc=True).get_messages("session")
    start: dt.datetime = session.get_value("start_time")
    return start.replace(tzinfo=dt.UTC), float(session.get_value("total_distance"))


def gpx_length(content: bytes) -> tuple[dt.datetime, float]:
    parsed = gpxpy.parse(content.decode())
    start = parsed.get_time_bounds().start_time
    assert start is not None
    return start.astimezone(dt.UTC), parsed.length_2d()


def tcx_total(content: bytes) -> tuple[dt.datetime, float]:
    (lap,) = ET.fromstring(content.lstrip()).iter(f"{TCX}Lap")
    start = dt.datetime.fromisoformat(lap.attrib["StartTime"])
    return start, float(lap.findtext(f"{TCX}DistanceMeters") or "nan")


def test_thirty_weeks_end_on_the_last_sunday_of_march(weeks: dict[str, Row], kept: Files) -> None:
    assert (len(weeks), *(list(weeks)[k] for k in (0, -1))) == (30, "2025-W36", "2026-W13")
    assert table(kept["expected_runs.csv"])[-1]["local_date"] == "2026-03-29"


def test_weeks_and_runs_expected_agree(weeks: dict[str, Row], kept: Files) -> None:
    runs = [r for r in table(kept["expected_runs.csv"]) if r["sport"] != "cycling"]
    assert sum(int(w["runs"]) for w in weeks.values()) == len(runs) == 107
    total = sum(float(w["distance_km"]) for w in weeks.values())
    assert total == pytest.approx(sum(float(r["distance_km"]) for r in runs), abs=0.001)
    active = [w for w in weeks.values() if int(w["runs"])]
    pace = [float(w["moving_h"]) * 60 / float(w["distance_km"]) for w in active]
    assert 5.5 < min(pace) < max(pace) < 7


def km(weeks: dict[str, Row], label: str) -> float:
    return float(weeks[label]["distance_km"])


@pytest.mark.parametrize(
    ("cutback", "reference"),
    [
        ("2025-W39", "2025-W38"),
        ("2025-W43", "2025-W42"),
        ("2025-W47", "2025-W46"),
        ("2026-W05", "2026-W04"),
        ("2026-W12", "2026-W11"),
    ],
)
def test_the_cutbacks_of_the_story(weeks: dict[str, Row], cutback: str, reference: str) -> None:
    assert km(weeks, cutback) <= 0.85 * km(weeks, reference)


def test_nine_weeks_build_without_a_cutback(weeks: dict[str, Row]) -> None:
    labels = list(weeks)
    streak = labels[labels.index("2025-W48") : labels.index("2026-W05")]
    volumes = [km(weeks, label) for label in streak]
    assert len(volumes) == 9
    assert all(b > 0.85 * a for a, b in pairwise(volumes))
    assert sum(volumes[6:8]) > 1.05 * sum(volumes[:2])


def test_one_week_and_its_long_run_are_too_much(
    weeks: dict[str, Row],
) -> None:
    assert km(weeks, "2026-W04") > 1.3 * km(weeks, "2026-W03")
    before = ["2025-W52", "2026-W01", "2026-W02", "2026-W03"]
    longest = max(float(weeks[label]["longest_run_km"]) for label in before)
    assert float(weeks["2026-W04"]["longest_run_km"]) / longest == pytest.approx(1.5, abs=0.02)


def test_no_other_run_of_the_story_is_a_spike() -> None:
    runs = [(s.started_at.date(), s.distance_m) for _, s in sessions() if s.sport.is_running]
    spikes = []
    for i, (day, metres) in enumerate(runs):
        month = [m for d, m in runs[:i] if dt.timedelta(0) < day - d <= dt.timedelta(30)]
        spikes += [day] if month and metres > 1.1 * max(month) else []
    assert spikes == [dt.date(2026, 1, 25)]


def test_a_week_is_empty_and_nine_days_pass_without_a_run(weeks: dict[str, Row]) -> None:
    empty = weeks["2026-W06"]
    assert (empty["runs"], empty["distance_km"], empty["longest_run_km"]) == ("0", "0.00", "")
    days = sorted(s.started_at.date() for _, s in sessions() if s.sport.is_running)
    gaps = [(b - a).days - 1 for a, b in pairwise(days)]
    assert max(gaps) == 9
    assert days[gaps.index(9)] == dt.date(2026, 1, 30)


def test_the_return_is_careful(weeks: dict[str, Row]) -> None:
    back = [km(weeks, f"2026-W{k:02d}") for k in (8, 9, 10, 11)]
    assert all(1 < b / a < 1.1 for a, b in pairwise(back))
    assert km(weeks, "2026-W13") < 1.1 * back[-1]


def test_the_pain_file_has_columns_and_values_the_log_knows(pain: list[Row]) -> None:
    assert tuple(pain[0]) == folder.PAIN_COLUMNS
    assert {row["knee"] for row in pain} <= set(get_args(Knee))
    assert {row["site"] for row in pain} <= set(get_args(Site))
    assert {row["moment"] for row in pain} < set(get_args(Moment))
    assert all(0 <= int(row["score"]) <= 10 for row in pain)
    assert 200 < len(pain) < 300


def test_pain_follows_the_long_run_and_settles(pain: list[Row]) -> None:
    def scores(first: str, last: str) -> list[int]:
        return [int(row["score"]) for row in pain if first <= row["local_date"] <= last]

    assert max(scores("2025-09-15", "2026-01-25")) == 1
    assert scores_at(pain, "2026-01-26", "next_morning") >= 4
    assert min(scores_at(pain, f"2026-01-{d}", "during") for d in (27, 29)) >= 3
    assert max(scores("2026-01-26", "2026-01-31")) in {4, 5}
    assert max(scores("2026-02-09", "2026-02-22")) in {2, 3}
    assert max(scores("2026-03-02", "2026-03-30")) <= 2


def scores_at(pain: list[Row], day: str, moment: str) -> int:
    (row,) = (r for r in pain if (r["local_date"], r["moment"]) == (day, moment))
    return int(row["score"])


def test_there_are_enough_pairs_for_a_verdict(pain: list[Row]) -> None:
    """Forty runs with a score before and the morning after, over eighteen weeks, are the gate."""
    day = dt.timedelta(1)
    scored = {(dt.date.fromisoformat(row["local_date"]), row["moment"]) for row in pain}
    pairs = [d for d, m in scored if m == "before" and (d + day, "next_morning") in scored]
    assert 45 < len(pairs) < 100
    assert max(pairs) - min(pairs) > 18 * 7 * day


def test_the_sunday_in_new_york_is_a_monday_in_utc() -> None:
    (run,) = (s for _, s in sessions() if s.started_at.date() == dt.date(2025, 12, 7))
    assert (run.started_at.isoweekday(), run.utc.isoweekday()) == (7, 1)
    assert run.utc_offset_s == -5 * 3600


def test_elsewhere_the_date_is_the_same_for_hours_around() -> None:
    """So that a file without an offset cannot be put on another day by a near guess."""
    for how, session in sessions():
        if how != "newyork":
            assert 5 <= session.started_at.hour <= 19


def test_the_oddities_are_odd(kept: Files) -> None:
    assert b"<script>" not in kept["2025/2025-09-03-0654-run.gpx"]
    tracks = gpxpy.parse(kept["2025/2025-09-03-0654-run.gpx"].decode()).tracks
    assert tracks[0].name == "<script>alert(1)</script>"
    assert "Feierabendrunde am großen See" in kept["2025/2025-09-09-1800-run.gpx"].decode()
    reader: Any = fitparse.FitFile
    with pytest.raises(fitparse.FitParseError):
        list(reader(kept["2025/broken.fit"]).get_messages())
    assert b"<type>" not in kept["2025/2025-09-09-1800-run.gpx"]
    assert b"TrackPointExtension>" not in kept["platform/Long_run.gpx"]


def test_treadmill_runs_have_no_positions(kept: Files) -> None:
    reader: Any = fitparse.FitFile
    fields = {}
    for day in ("2025/2025-11-06", "2026/2026-01-07"):
        (name,) = (name for name in kept if name.startswith(day))
        records = list(reader(kept[name]).get_messages("record"))
        fields[day] = {f.name for record in records for f in record}
    assert "heart_rate" in fields["2025/2025-11-06"]
    assert "position_lat" not in fields["2025/2025-11-06"]
    assert fields["2026/2026-01-07"] == set()


def test_manual_rows_have_what_a_diary_has(kept: Files) -> None:
    rows = table(kept["treadmill_and_manual.csv"])
    assert list(rows[0]) == ["date", "time", "distance_km", "duration_min", "rpe", "note"]
    assert [bool(row["time"]) for row in rows] == [True, True, False]
    manual = [s for _, s in sessions() if s.kind.value == "manual"]
    assert [float(row["distance_km"]) * 1000 for row in rows] == [s.distance_m for s in manual]
    assert [float(row["duration_min"]) * 60 for row in rows] == pytest.approx(
        [s.moving_s for s in manual], abs=0.5
    )


def test_the_readme_names_what_is_there(kept: Files) -> None:
    text = (SAMPLES / "README.md").read_text()
    unusual = ("2025/november.zip", "2025/broken.fit", "2025/workout.fit", "platform/Long_run.gpx")
    for name in (*unusual, *(name for name in kept if "/" not in name)):
        assert name in kept
        assert name in text
