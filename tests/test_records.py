"""Records as arrays, and the frame that people read."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pandas as pd

from kneeload import samples_folder
from kneeload.frames import SAMPLES, conform
from kneeload.records import COLUMNS, Records
from tests.measures.building import run, samples


def test_the_columns_are_those_of_the_frame() -> None:
    assert tuple(SAMPLES) == COLUMNS


def test_a_frame_comes_back_as_it_was_given() -> None:
    frame = samples(60, northward=True, hr_bpm=150.0).assign(beyond=1)
    assert run(frame).samples is frame


def test_arrays_give_the_frame_that_they_were_taken_from() -> None:
    frame = samples(60, northward=True, hr_bpm=150.0)
    frame.loc[3, "latitude"] = np.nan
    frame.loc[3, "time"] = pd.NaT
    records = Records.of_frame(frame)
    again = Records(**{name: getattr(records, name) for name in COLUMNS}).frame
    pd.testing.assert_frame_equal(again, frame)
    pd.testing.assert_frame_equal(conform(again, SAMPLES), again)


def test_what_a_frame_lacks_was_not_measured() -> None:
    records = Records.of_frame(samples(5)[["distance_m"]])
    assert not records.timed.any()
    assert not records.placed.any()
    assert np.isnan(records.seconds).all()
    assert records.segment.tolist() == [0] * 6


def test_chosen_records_keep_their_order() -> None:
    records = Records.of_frame(samples(9))
    assert records[2:4].distance_m.tolist() == [6, 9]
    assert records[np.array([4, 1])].distance_m.tolist() == [12, 3]
    assert len(records[records.distance_m < 0]) == 0


def test_an_import_reads_and_measures_without_pandas() -> None:
    """Which takes half a second and 80 MB in every worker."""
    script = """
import datetime as dt, sys
from pathlib import Path
from kneeload.importers.discover import discover
from kneeload.ingest.measure import Context, measure
files = [path for path in sorted(Path(sys.argv[1]).glob("2026/*")) if path.suffix != ".csv"]
measured = [measure(found, Context(dt.datetime.now(dt.UTC))) for found in discover(files)]
assert len({each.source.kind for each in measured if each.rows}) == 3, measured
assert "pandas" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", script, str(samples_folder())], check=True)
