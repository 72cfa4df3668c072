"""Every real file through the front door: one fate each, and runs as long as they were."""

import csv
import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from kneeload.ingest.measure import ImportSummary
from kneeload.log.activities import recordings
from kneeload.log.training_log import TrainingLog
from kneeload.model import RUNNING_SPORTS

NOW = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
TOLERANCE = {"fit": 0.005, "tcx": 0.005, "gpx": 0.01}


@pytest.fixture(scope="module")
def manifest(corpus: Path) -> pd.DataFrame:
    with (corpus / "manifest.tsv").open(encoding="utf-8") as table:
        rows = list(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))
    return pd.DataFrame(rows).set_index("path")


@pytest.fixture(scope="module")
def result(
    corpus: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[ImportSummary, pd.DataFrame]:
    with TrainingLog(tmp_path_factory.mktemp("corpus") / "log.db") as log:
        summary = log.ingest([corpus], now=NOW)
        activities = recordings(log._database, {})
    relative = activities["source"].str.removeprefix(f"{corpus}/")
    return summary, activities.assign(source=relative)


def test_every_file_has_one_fate_and_one_line_of_reason(
    corpus: Path, manifest: pd.DataFrame, result: tuple[ImportSummary, pd.DataFrame]
) -> None:
    summary, activities = result
    refused = [*summary.skipped, *summary.failed]
    fates = [entry["path"].removeprefix(f"{corpus}/") for entry in refused]
    fates += list(activities["source"].unique())
    assert len(fates) == len(set(fates))
    assert set(manifest.index) <= set(fates)
    assert summary.read == activities["source"].nunique()
    for entry in [*refused, *summary.warnings]:
        assert entry["reason"].isprintable()
        assert 5 < len(entry["reason"]) < 200


def test_every_running_file_is_as_long_as_the_manifest_says(
    manifest: pd.DataFrame, result: tuple[ImportSummary, pd.DataFrame]
) -> None:
    running = [str(sport) for sport in RUNNING_SPORTS]
    files = (
        result[1]
        .groupby("source")
        .agg(km=("distance_km", "sum"), only_runs=("sport", lambda s: s.isin(running).all()))
    )
    known = files[files["only_runs"]].join(manifest[["format", "total_distance_m"]], how="inner")
    known = known[known["total_distance_m"] != ""]
    metres = known["total_distance_m"].astype("float64")
    off = (known["km"] * 1000 - metres).abs() / metres.where(metres > 0)
    wrong = off[off > known["format"].map(TOLERANCE)]
    assert wrong.empty, wrong.to_dict()
    assert known.groupby("format").size().ge([35, 75, 18]).all()


def test_a_year_of_files_that_name_no_sport_is_a_year_of_runs(
    manifest: pd.DataFrame, result: tuple[ImportSummary, pd.DataFrame]
) -> None:
    year = [
        path
        for path in manifest.index
        if path.startswith("corriporai__runpandas/") and len(path.rpartition("/")[2]) == 40
    ]
    activities = result[1].set_index("source")
    found = activities.loc[year]
    assert len(year) > 60
    assert set(found["sport"]) == {"running"}
    assert found["sport_inferred"].all()
