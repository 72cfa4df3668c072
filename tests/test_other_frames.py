"""The frames in other people's hands: DuckDB reads them by name, Polars by way of Arrow."""

from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pytest

import kneeload
from kneeload import frames
from kneeload.log.training_log import TrainingLog

pa = pytest.importorskip("pyarrow")
SPECS = {
    "runs": frames.RUNS,
    "pain": frames.PAIN,
    "weeks": frames.WEEKS,
    "flags": frames.FLAGS,
    "diary": frames.DIARY,
    "samples": frames.SAMPLES,
    "streams": frames.STREAMS,
}
IN_DUCKDB = {
    frames.TEXT: "VARCHAR",
    frames.UTC: "TIMESTAMP WITH TIME ZONE",
    frames.DATE: "TIMESTAMP",
    frames.NUMBER: "DOUBLE",
    "int64": "BIGINT",
    "bool": "BOOLEAN",
    "boolean": "BOOLEAN",
}
IN_POLARS = {
    frames.TEXT: pl.String(),
    frames.UTC: pl.Datetime("us", "UTC"),
    frames.DATE: pl.Datetime("us"),
    frames.NUMBER: pl.Float64(),
    "int64": pl.Int64(),
    "bool": pl.Boolean(),
    "boolean": pl.Boolean(),
}


@pytest.fixture(scope="module")
def own(imported_samples: Path) -> dict[str, pd.DataFrame]:
    """Every frame, of a diary in which both kinds of missing values occur."""
    with TrainingLog(imported_samples) as log:
        runs, diary = log.runs(), log.diary()
        pain = log.pain()
        pain.loc[:1, "painkillers"] = pd.array([True, False], dtype="boolean")
        weeks = kneeload.weekly(runs, pain)
        flags = kneeload.check(weeks, runs, pain)
        activity = log.activity(runs["run_id"].iloc[-1])
    named = {"runs": runs, "pain": pain, "weeks": weeks, "flags": flags, "diary": diary}
    return named | {"samples": activity.samples, "streams": kneeload.streams(activity)}


@pytest.mark.parametrize("name", SPECS)
def test_duckdb_knows_every_type(own: dict[str, pd.DataFrame], name: str) -> None:
    with duckdb.connect() as database:
        database.register(name, own[name])
        described = database.execute(f"describe {name}").fetchall()
    types = {column: str(kind) for column, kind, *_ in described}
    assert {c: types[c] for c in SPECS[name]} == {
        c: IN_DUCKDB[spec.dtype] for c, spec in SPECS[name].items()
    }


@pytest.mark.parametrize("name", SPECS)
@pytest.mark.parametrize("by", ["pandas", "arrow"])
def test_polars_knows_every_type(own: dict[str, pd.DataFrame], name: str, by: str) -> None:
    table: Any = pa.Table.from_pandas(own[name], preserve_index=False)
    polars: Any = pl.from_pandas(own[name]) if by == "pandas" else pl.from_arrow(table)
    assert {c: polars.schema[c] for c in SPECS[name]} == {
        c: IN_POLARS[spec.dtype] for c, spec in SPECS[name].items()
    }


@pytest.mark.parametrize("name", SPECS)
def test_arrow_there_and_back_changes_nothing(own: dict[str, pd.DataFrame], name: str) -> None:
    columns = list(SPECS[name])
    back = pa.Table.from_pandas(own[name][columns], preserve_index=False).to_pandas()
    pd.testing.assert_frame_equal(back, own[name][columns].reset_index(drop=True))


def test_missing_is_null_and_never_zero(own: dict[str, pd.DataFrame]) -> None:
    runs, pain = own["runs"], own["pain"]
    unmeasured = int(runs["avg_hr_bpm"].isna().sum())
    assert 0 < unmeasured < len(runs)
    assert pl.from_pandas(runs)["avg_hr_bpm"].null_count() == unmeasured
    assert pl.from_pandas(pain)["painkillers"].value_counts().height == 3
    with duckdb.connect() as database:
        database.register("runs", runs)
        database.register("pain", pain)
        heart = "select count(*) - count(avg_hr_bpm), avg(avg_hr_bpm) from runs"
        nulls, mean = database.execute(heart).fetchall()[0]
        told = database.execute("select painkillers, count(*) from pain group by 1").fetchall()
    assert nulls == unmeasured
    assert mean == pytest.approx(runs["avg_hr_bpm"].mean())
    assert dict(told) == {True: 1, False: 1, None: len(pain) - 2}


def test_the_same_question_has_one_answer_in_all_three(own: dict[str, pd.DataFrame]) -> None:
    """Kilometres by month: pandas, SQL over the variable's name, Polars."""
    runs = own["runs"]
    by_pandas = runs.groupby(runs["local_date"].dt.month)["distance_km"].sum()
    by_duckdb: Any = duckdb.sql(
        "select month(local_date) as m, sum(distance_km) from runs group by m"
    )
    by_polars = (
        pl.from_pandas(runs)
        .group_by(pl.col("local_date").dt.month().cast(pl.Int64))
        .agg(pl.col("distance_km").sum())
        .rows()
    )
    expected = pytest.approx(by_pandas.to_dict())
    assert dict(by_duckdb.fetchall()) == expected
    assert dict(by_polars) == expected
