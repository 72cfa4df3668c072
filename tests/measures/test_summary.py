"""Whatever a file holds, a summary comes out; and on real files it agrees with the devices."""

import contextlib
import csv
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kneeload.errors import KneeloadError
from kneeload.frames import SAMPLES, empty
from kneeload.importers import fit
from kneeload.measures.profile import unpack
from kneeload.measures.summary import Summary, summarise
from kneeload.model import Activity, Sport
from tests.measures.building import START, run, samples
from tests.strategies import odd_samples, odd_totals


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    frame=odd_samples(),
    sport=st.sampled_from(Sport),
    fields=st.fixed_dictionaries(
        dict.fromkeys(("distance_m", "timer_s", "elapsed_s", "ascent_m", "avg_hr_bpm"), odd_totals)
    ),
)
def test_nothing_in_the_samples_makes_it_raise(
    frame: pd.DataFrame, sport: Sport, fields: dict[str, Any]
) -> None:
    summary = summarise(run(frame, sport=sport, **fields))
    assert sound(summary)
    assert unpack([summary.profile]).runs == 1


def sound(summary: Summary) -> bool:
    """Return whether every number is missing or finite, and none of them negative."""
    numbers = [
        *(summary.distance_km, summary.moving_s, summary.elapsed_s),
        *(summary.avg_hr_bpm, summary.max_hr_bpm, summary.avg_cadence_spm),
    ]
    return all(value is None or (math.isfinite(value) and value >= 0) for value in numbers)


def test_an_activity_without_anything() -> None:
    summary = summarise(run())
    assert sound(summary)
    assert (summary.distance_km, summary.moving_s, summary.suspect_reason) == (None, None, "")


def test_columns_that_a_frame_lacks_are_missing() -> None:
    frame = samples(600)[["time", "distance_m"]]
    assert summarise(run(frame)).distance_km == pytest.approx(1.8)


def test_the_order_of_the_records_does_not_matter() -> None:
    frame = samples(600, northward=True, hr_bpm=150.0, cadence_spm=170.0)
    shuffled = frame.sample(frac=1, random_state=1).reset_index(drop=True)
    straight, sorted_again = summarise(run(frame)), summarise(run(shuffled))
    assert sorted_again.profile == straight.profile
    assert sorted_again.warnings == ("records out of order were sorted by time",)


def test_a_week_of_records_is_cut_into_coarser_steps() -> None:
    frame = samples(7 * 86_400, every=60, speed=0.6)
    assert summarise(run(frame)).moving_s == pytest.approx(7 * 86_400, rel=0.001)


def sessions(corpus: Path) -> list[tuple[dict[str, str], Activity]]:
    """Return the running sessions of the corpus's FIT files with one session, and what they say."""
    table = (corpus / "manifest.tsv").read_text(encoding="utf-8").splitlines()
    rows = list(csv.DictReader(table, delimiter="\t"))
    found = []
    for row in rows:
        if (row["format"], row["sport"], row["sessions"]) != ("fit", "running", "1"):
            continue
        with contextlib.suppress(KneeloadError):
            found += [(row, a) for a in fit.decode((corpus / row["path"]).read_bytes())]
    return [(row, a) for row, a in found if len(a.samples) > 300 and float(row["records"]) > 300]


def test_real_devices_agree(corpus: Path) -> None:
    """Distance by the manifest; heart rate and climb, from the records alone, by the devices."""
    climbs = []
    for row, activity in sessions(corpus):
        summary = summarise(activity)
        bare = summarise(Activity(sport=activity.sport, started_at=START, samples=activity.samples))
        if row["total_distance_m"]:
            assert summary.distance_km == pytest.approx(float(row["total_distance_m"]) / 1e3, 0.005)
        if activity.timer_s:
            assert 0.8 * activity.timer_s < (summary.moving_s or 0) <= activity.timer_s
        if activity.avg_hr_bpm:
            assert bare.avg_hr_bpm == pytest.approx(activity.avg_hr_bpm, abs=2)
        if activity.ascent_m and bare.ascent_m:
            climbs.append(bare.ascent_m / activity.ascent_m)
    assert len(climbs) >= 10
    assert 0.85 < float(np.median(climbs)) < 1.15


def test_an_empty_frame_of_another_sport() -> None:
    assert summarise(run(empty(SAMPLES), sport=Sport.STRENGTH, timer_s=1800.0)).moving_s == 1800
