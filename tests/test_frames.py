"""Frames: one place for columns, dtypes and units, and one check."""

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kneeload import frames
from kneeload.analysis import analyse_log
from kneeload.errors import FrameError
from kneeload.frames import (
    FLAGS,
    PAIN,
    RUNS,
    SAMPLES,
    WEEKS,
    Spec,
    conform,
    describe,
    empty,
    require,
)
from kneeload.log.training_log import TrainingLog

FIXED = {
    "runs": "run_id started_at local_date sport distance_km moving_s elapsed_s ascent_m descent_m"
    " avg_hr_bpm avg_cadence_spm load load_method knee_load rpe suspect source",
    "weeks": "week week_start complete runs distance_km moving_h longest_run_km rest_days descent_m"
    " load easy_min moderate_min hard_min knee_load reference_km cutback pain_max pain_mean"
    " pain_scores",
    "flags": "flag_id rule week date severity value limit unit evidence message acknowledged",
    "pain": "pain_id local_date knee site moment score onset_km onset_min provoked_by eased_by"
    " painkillers run_id origin note entered_at",
}


@pytest.mark.parametrize(
    ("name", "spec"), [("runs", RUNS), ("weeks", WEEKS), ("flags", FLAGS), ("pain", PAIN)]
)
def test_fixed_columns_come_first_and_in_order(name: str, spec: Spec) -> None:
    fixed = FIXED[name].split()
    assert list(spec)[: len(fixed)] == fixed


@pytest.mark.parametrize("spec", [RUNS, WEEKS, FLAGS, PAIN, SAMPLES])
def test_an_empty_frame_has_every_column_of_its_type(spec: Spec) -> None:
    frame = empty(spec)
    assert {name: str(dtype) for name, dtype in frame.dtypes.items()} == {
        name: column.dtype for name, column in spec.items()
    }


def test_conform_orders_types_fills_and_keeps_what_is_beyond() -> None:
    frame = pd.DataFrame({"extra": [1], "score": ["3"], "note": [None], "onset_km": [5]})
    shaped = conform(frame, PAIN)
    assert list(shaped.columns) == [*PAIN, "extra"]
    assert shaped["score"].tolist() == [3]
    assert shaped["note"].tolist() == [""]
    assert shaped["onset_km"].dtype == np.float64
    assert shaped["onset_min"].isna().all()
    assert shaped["painkillers"].isna().all()


def test_what_cannot_be_read_names_its_column() -> None:
    with pytest.raises(FrameError, match="score cannot be read as int64"):
        conform(pd.DataFrame({"score": ["much"]}), PAIN)


def test_require_names_what_is_lacking() -> None:
    with pytest.raises(FrameError, match="the runs frame lacks distance_km, sport"):
        require(pd.DataFrame({"run_id": []}), {"run_id": 1, "distance_km": 1, "sport": 1}, "runs")


def test_describe_lists_every_column_with_unit_and_meaning() -> None:
    described = describe(WEEKS).set_index("column")
    assert list(described.index) == list(WEEKS)
    assert described.loc["moving_h", "unit"] == "h"
    assert described["meaning"].str.len().min() > 5


SPECS: dict[str, Spec] = {
    name: spec
    for name, spec in vars(frames).items()
    if name.isupper() and name[0] != "_" and isinstance(spec, dict)
}


@pytest.mark.parametrize("name", SPECS)
def test_every_column_has_a_meaning_and_a_known_unit(name: str) -> None:
    described = describe(SPECS[name])
    assert described.notna().all(axis=None)
    assert described["meaning"].str.len().min() > 5
    ends = {"_km": "km", "_m": "m", "_s": "s", "_min": "min", "_bpm": "1/min", "_mps": "m/s"}
    for row in described.itertuples():
        ending = next((end for end in ends if str(row.column).endswith(end)), "")
        assert not ending or row.unit == ends[ending], row.column


def test_everything_a_log_returns_is_described(imported_samples: Path) -> None:
    """No column that a notebook can meet is told nowhere."""
    with TrainingLog(imported_samples) as log:
        known = analyse_log(log, today=dt.date(2026, 3, 29))
        found = {
            "runs": (log.runs(), RUNS | frames.STORED | frames.MEASURED),
            "pain": (log.pain(), PAIN),
            "diary": (log.diary(), frames.DIARY),
            "weeks": (known.weeks, WEEKS | frames.CONTEXT),
            "flags": (known.flags, FLAGS),
            "samples": (log.activity(known.runs["run_id"].iloc[0]).samples, SAMPLES),
        }
    for name, (frame, spec) in found.items():
        told = {column: known.dtype for column, known in spec.items()}
        assert {str(c): str(t) for c, t in frame.dtypes.items()} == told, name
        assert list(frame.columns) == list(spec), name
