"""A copy to share: nobody learns from it where its runner lives."""

import csv
import datetime as dt
import io
import math
import re
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from kneeload.cli.output import as_csv
from kneeload.diary.validation import validated_entry
from kneeload.export.anonymise import blanked
from kneeload.frames import SAMPLES as COLUMNS
from kneeload.frames import conform
from kneeload.importers.decode import decode
from kneeload.importers.document import Document
from kneeload.log.training_log import TrainingLog
from kneeload.samples import samples_folder
from tests.cli.invoking import invoke

NOW = dt.datetime(2026, 4, 1, 12, tzinfo=dt.UTC)
SAMPLES = samples_folder()
NUMBER = re.compile(r"-?\d+\.\d{3,}")
Place = tuple[float, float]


def metres(latitude: NDArray[np.float64], longitude: NDArray[np.float64], place: Place) -> float:
    """Return the distance of the nearest of some positions from a place, by the cosine law."""
    phi, at = np.radians(latitude), math.radians(place[0])
    east = np.radians(longitude - place[1])
    cosine = np.sin(phi) * math.sin(at) + np.cos(phi) * math.cos(at) * np.cos(east)
    return float(6_371_008.8 * np.arccos(np.clip(cosine, -1, 1)).min(initial=math.pi))


def positions(zipped: Path) -> list[pd.DataFrame]:
    """Return the positions in each activity file of a zip."""
    with zipfile.ZipFile(zipped) as archive:
        names = [name for name in archive.namelist() if name.startswith("files/")]
        kinds = {"json": "diary"}
        read = [
            decode(Document(name, kinds.get(end, end), archive.read(name)))
            for name, end in ((name, name.rpartition(".")[2]) for name in names)
        ]
    return [
        activity.samples[["latitude", "longitude"]].dropna()
        for activities in read
        for activity in activities
    ]


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a log of files of every format whose runner lives where a run passes at half way."""
    path = tmp_path_factory.mktemp("sharing") / "log.db"
    files = sorted((SAMPLES / "2026").iterdir())[:12]
    with TrainingLog(path) as opened:
        opened.ingest([*files, SAMPLES / "treadmill_and_manual.csv"], now=NOW)
        runs = opened.runs()
        first, second = runs.loc[runs["kind"] != "diary", "run_id"].head(2)
        track = opened.activity(first).samples[["latitude", "longitude"]].dropna()
        home = track.iloc[len(track) // 2]
        opened.set("home", f"{home['latitude']},{home['longitude']}")
        opened.set("units", "mi")
        opened.edit_run(second, {"distance_km": 7.5}, NOW)
        score = {"local_date": "2026-03-14", "score": 3, "moment": "during", "run_id": first}
        opened.add_pain([validated_entry(score)], NOW)
    return path


@pytest.fixture(scope="module")
def shared(log: Path) -> Path:
    with TrainingLog(log) as opened:
        opened.export(log.with_name("whole.zip"), as_csv)
        opened.export(log.with_name("shared.zip"), as_csv, private_positions=True)
    return log.with_name("shared.zip")


def home_of(log: Path) -> Place:
    with TrainingLog(log) as opened:
        latitude, longitude = map(float, str(opened.settings.home).split(","))
    return latitude, longitude


def table(zipped: Path, name: str) -> list[dict[str, str]]:
    with zipfile.ZipFile(zipped) as archive:
        return list(csv.DictReader(io.StringIO(archive.read(name).decode())))


def nearest(tracks: list[pd.DataFrame], place: Place) -> float:
    both = pd.concat(tracks)
    return metres(both["latitude"].to_numpy(), both["longitude"].to_numpy(), place)


def test_no_position_lies_near_home(log: Path, shared: Path) -> None:
    home = home_of(log)
    before, after = (positions(path) for path in (log.with_name("whole.zip"), shared))
    assert nearest(before, home) < 1
    assert 500 < nearest(after, home) < 20_000
    assert len(after) == len(before) > 10


def test_no_position_lies_near_a_start_or_an_end(log: Path) -> None:
    with TrainingLog(log) as opened:
        each = [opened.activity(name).samples for name in opened.activities()["run_id"]]
    outdoors = [samples for samples in each if samples["latitude"].notna().any()]
    assert len(outdoors) > 10
    for samples in outdoors:
        known = samples[["latitude", "longitude"]].dropna()
        for latitude, longitude in known.iloc[[0, -1]].to_numpy():
            assert (
                nearest([blanked(samples).dropna(subset="latitude")], (latitude, longitude)) > 500
            )


def test_the_home_is_told_nowhere(log: Path, shared: Path) -> None:
    """No number in any text of the zip is its latitude to within 500 m beside its longitude."""
    latitude, longitude = home_of(log)
    with zipfile.ZipFile(shared) as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    for name, text in texts.items():
        assert str(latitude) not in text, name
        numbers = np.array([float(number) for number in NUMBER.findall(text)] or [0.0])
        near = np.abs(numbers[:-1] - latitude) < 0.0045
        beside = np.abs(numbers[1:] - longitude) < 0.0045 / math.cos(math.radians(latitude))
        assert not (near & beside).any(), name
    assert "home" not in texts["settings.csv"]
    assert "units" in texts["settings.csv"]
    assert str(SAMPLES) not in "".join(texts.values())


def test_the_numbers_of_the_runs_are_those_of_the_log(log: Path, shared: Path) -> None:
    whole = table(log.with_name("whole.zip"), "runs.csv")
    copy = table(shared, "runs.csv")
    for column in ("started_at", "distance_km", "moving_s", "load", "local_date", "sport"):
        assert [row[column] for row in copy] == [row[column] for row in whole]
    (entry,) = table(shared, "pain.csv")
    at = [row["run_id"] for row in copy].index(entry["run_id"])
    (before,) = table(log.with_name("whole.zip"), "pain.csv")
    assert whole[at]["run_id"] == before["run_id"] != entry["run_id"]


def test_it_imports_into_an_empty_log(log: Path, shared: Path, tmp_path: Path) -> None:
    with TrainingLog(log) as old, TrainingLog(tmp_path / "new.db") as new:
        summary = new.ingest([shared], now=NOW, jobs=1)
        before, after = old.activities(), new.activities()
        assert not summary.failed
        assert not summary.skipped
        assert len(new.pain()) == len(old.pain())
        assert new.settings.units == "mi"
        assert new.settings.home is None
    np.testing.assert_allclose(after["distance_km"], before["distance_km"], atol=0.001)
    np.testing.assert_allclose(after["moving_s"], before["moving_s"], atol=30)
    np.testing.assert_allclose(after["avg_hr_bpm"], before["avg_hr_bpm"], atol=1)
    np.testing.assert_allclose(after["avg_cadence_spm"], before["avg_cadence_spm"], atol=1)
    for column in ("local_date", "sport", "name", "rpe", "shoe", "suspect"):
        pd.testing.assert_series_equal(after[column], before[column])


def track(latitude: list[float], longitude: list[float]) -> pd.DataFrame:
    start = pd.Timestamp("2026-03-01T08:00:00Z")
    times = start + pd.to_timedelta(np.arange(len(latitude)), unit="s")
    frame = pd.DataFrame({"time": times, "latitude": latitude, "longitude": longitude})
    return conform(frame.assign(segment=0), COLUMNS)


@given(st.floats(-80, 80), st.floats(-180, 180), st.floats(0, 500), st.floats(0, 2 * math.pi))
def test_wherever_home_lies_500_m_around_it_are_hidden(
    latitude: float, longitude: float, far_m: float, bearing: float
) -> None:
    north = far_m * math.cos(bearing) / 111_195
    east = far_m * math.sin(bearing) / 111_195 / math.cos(math.radians(latitude))
    passed = [latitude + 0.1, latitude + north, latitude + 0.2]
    beside = [longitude, (longitude + east + 180) % 360 - 180, longitude]
    assert blanked(track(passed, beside), [(latitude, longitude)])["latitude"].isna().all()


def test_what_lies_a_kilometre_away_stays_and_the_way_counts_on() -> None:
    latitude = list(47 + np.arange(0, 400) * 10 / 111_195)
    samples = track(latitude, [8.0] * 400)
    left = blanked(samples)
    assert left["latitude"].iloc[100:300].notna().all()
    assert left["latitude"].iloc[[*range(50), *range(350, 400)]].isna().all()
    assert left["distance_m"].iloc[-1] == pytest.approx(3990, abs=1)
    assert left["distance_m"].is_monotonic_increasing


def test_the_circle_does_not_tell_the_house() -> None:
    """Two homes 100 m apart in one cell are hidden by one circle."""
    latitude = list(47 + np.arange(0, 800) * 10 / 111_195)
    hidden = [
        blanked(track(latitude, [8.0] * 800), [(47.0371, 8.0 + east)])["latitude"].isna()
        for east in (0.0005, 0.0018)
    ]
    assert hidden[0].sum() > 200
    assert hidden[0].tolist() == hidden[1].tolist()


def test_the_command_says_what_it_hides(log: Path, tmp_path: Path) -> None:
    words = ["--log", str(log), "export", "--private-positions", str(tmp_path / "e.zip")]
    done = invoke(*words)
    assert (done.exit_code, done.stderr) == (0, "")
    with TrainingLog(log.with_name("homeless.db")) as opened:
        opened.ingest([SAMPLES / "treadmill_and_manual.csv"], now=NOW)
    words[1] = str(log.with_name("homeless.db"))
    done = invoke(*words)
    assert done.exit_code == 0
    assert "only starts and ends are hidden" in done.stderr
