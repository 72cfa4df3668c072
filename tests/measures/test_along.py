"""One run along its way: means and splits worked by hand, and what was not measured."""

import numpy as np
import pandas as pd
import pytest

from kneeload import frames
from kneeload.measures.along import Usual, along, splits

USUAL = Usual(mps=3.0, spm=165.0)


def _streams(seconds: int = 1000, mps: float = 3.0, **more: object) -> pd.DataFrame:
    """Return a run of an even speed, second by second."""
    clock = np.arange(seconds + 1, dtype=float)
    columns = {"clock_s": clock, "distance_m": clock * mps, "speed_mps": mps, "moving": True}
    frame = pd.DataFrame(columns | more)
    return frames.conform(frame, frames.STREAMS)


def test_an_even_run_has_the_same_pace_everywhere() -> None:
    found = along(_streams(), None, None)
    assert found is not None
    assert found.pace_s[1:] == pytest.approx(1000 / 3, rel=0.02)
    assert found.km[-1] + found.km[0] == pytest.approx(3.0)


def test_whole_splits_and_the_rest() -> None:
    told = splits(_streams(1100), None, None, 1.0)
    assert [round(split.km, 2) for split in told] == [1, 1, 1, 0.3]
    assert [split.moving_s for split in told] == pytest.approx([1000 / 3] * 3 + [100], abs=1.5)
    assert {split.hr_bpm for split in told} == {None}


def test_the_last_fifty_metres_belong_to_the_last_split() -> None:
    assert [round(split.km, 2) for split in splits(_streams(1010), None, None, 1.0)] == [1, 1, 1.03]


def test_knee_load_adds_up_to_the_runs_own_number() -> None:
    told = splits(_streams(cadence_spm=165.0), USUAL, 3.3, 1.0)
    assert sum(split.knee_km or 0 for split in told) == pytest.approx(3.3)
    found = along(_streams(cadence_spm=165.0), USUAL, 3.3)
    assert found is not None
    assert found.knee.mean() == pytest.approx(1.1)


def test_downhill_carries_more_of_the_knee_load() -> None:
    grade = np.where(np.arange(1001) < 500, 0.0, -0.1)
    first, second = splits(_streams(grade=grade), USUAL, 3.0, 1.5)
    assert (second.knee_km or 0) > (first.knee_km or 0)
    assert (first.descent_m, second.ascent_m) == (0, 0)
    assert second.descent_m == pytest.approx(150, rel=0.01)


def test_nothing_recorded_is_nothing() -> None:
    blank = frames.empty(frames.STREAMS)
    assert along(blank, USUAL, 5.0) is None
    assert splits(blank, USUAL, 5.0, 1.0) == ()
    still = _streams(mps=0.0)
    assert along(still, USUAL, 5.0) is None


def test_without_a_usual_there_is_no_knee_load() -> None:
    found = along(_streams(), None, 3.0)
    assert found is not None
    assert np.isnan(found.knee).all()
