"""Where the pain began: kilometres and minutes, each through the run's own samples."""

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneeload.diary.onset_position import converted
from kneeload.diary.validation import validated_entry
from kneeload.frames import SAMPLES, conform, empty
from kneeload.log.training_log import TrainingLog

AT = dt.datetime(2026, 4, 1, 12, tzinfo=dt.UTC)


def run(
    seconds: list[float], metres: list[float], segment: list[int] | None = None
) -> pd.DataFrame:
    start = pd.Timestamp("2026-03-14T07:00:00Z")
    frame = {
        "time": start + pd.to_timedelta(seconds, unit="s"),
        "distance_m": metres,
        "segment": segment or [0] * len(seconds),
    }
    return conform(pd.DataFrame(frame), SAMPLES)


HALVES = run([0, 600, 1800], [0, 2000, 5000])  # 5:00/km for 2 km, 6:40/km for 3


@pytest.mark.parametrize(("km", "minutes"), [(1, 5), (2, 10), (3.5, 20), (5, 30), (0, 0)])
def test_each_is_read_off_the_other(km: float, minutes: float) -> None:
    assert converted(HALVES, km, None) == (km, minutes)
    assert converted(HALVES, None, minutes) == (km, minutes)


def test_a_pause_is_no_running_time() -> None:
    paused = run([0, 600, 1500, 2100], [0, 2000, 2000, 4000], [0, 0, 1, 1])
    assert converted(paused, 3, None) == (3, 15)


def test_standing_still_begins_where_it_was_reached() -> None:
    stood = run([0, 600, 900, 1500], [0, 2000, 2000, 4000])
    assert converted(stood, 2, None) == (2, 10)
    assert converted(stood, None, 12) == (2, 12)


@pytest.mark.parametrize("frame", [empty(SAMPLES), run([0, 60], [np.nan, np.nan])])
def test_where_nothing_was_recorded_nothing_is_made_up(frame: pd.DataFrame) -> None:
    assert converted(frame, 3, None) == (3, None)
    assert converted(frame, None, 20) == (None, 20)


def test_beyond_the_run_and_with_both_known_nothing_is_changed() -> None:
    assert converted(HALVES, 5.1, None) == (5.1, None)
    assert converted(HALVES, None, 31) == (None, 31)
    assert converted(HALVES, 1, 20) == (1, 20)


@given(st.floats(0, 5))
def test_there_and_back_is_the_same_place(km: float) -> None:
    _, minutes = converted(HALVES, km, None)
    again, _ = converted(HALVES, None, minutes)
    assert again == pytest.approx(km, abs=0.02)


def onset(log: TrainingLog, pain_id: str) -> dict[str, float]:
    """Return the onset that the log holds [km and min]."""
    (entry,) = (row for row in log.pain().to_dict("records") if row["pain_id"] == pain_id)
    return {name: entry[name] for name in ("onset_km", "onset_min")}


def test_an_edited_onset_forgets_the_other_value(sample_log: Path) -> None:
    with TrainingLog(sample_log) as log:
        runs = log.runs()
        long = runs.loc[runs["source"].str.endswith(".fit")].nlargest(1, "distance_km").iloc[0]
        day = long["local_date"].date()
        entry = validated_entry({"local_date": day, "score": 3, "moment": "during", "onset_km": 5})
        (name,) = log.add_pain([log.completed(entry)], AT)
        minutes = onset(log, name)["onset_min"]
        pace = long["moving_s"] / 60 / long["distance_km"]
        assert minutes == pytest.approx(5 * pace, rel=0.15)
        log.edit_pain(name, {"onset_min": minutes * 2}, AT)
        assert onset(log, name)["onset_km"] == pytest.approx(10, rel=0.1)
        log.edit_pain(name, {"score": 4}, AT)
        assert onset(log, name)["onset_km"] == pytest.approx(10, rel=0.1)


def test_what_provokes_and_eases_takes_offered_and_own_words() -> None:
    said = {"provoked_by": "Stairs, standing up;deep  snow, stairs", "eased_by": "ice"}
    entry = validated_entry({"local_date": "2026-03-14", "score": 3} | said)
    assert entry.provoked_by == "stairs;standing_up;deep  snow"
    cells = {"local_date": "2026-03-14", "score": 3, "provoked_by": entry.provoked_by}
    again = validated_entry(cells)
    assert again.provoked_by == entry.provoked_by
