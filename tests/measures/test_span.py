"""When the runner moved: a watch that runs on covers no more than the run."""

import numpy as np
import pytest

from kneeload.measures.summary import summarise
from tests.measures.building import run, samples


def span(*stretches: tuple[int, float]) -> tuple[float, float | None]:
    """Return the span of a recording of so many seconds at each speed [m/s]."""
    speeds = np.concatenate([np.full(seconds, speed) for seconds, speed in stretches])
    frame = samples(speeds.size - 1).assign(distance_m=np.cumsum(speeds))
    summary = summarise(run(frame))
    return summary.moved_from_s, summary.moved_until_s


def test_two_hours_of_sitting_do_not_belong_to_the_run() -> None:
    began, ended = span((3600, 3.0), (7200, 0.0))
    assert began == pytest.approx(0, abs=10)
    assert ended == pytest.approx(3600, abs=10)


def test_drift_of_the_position_does_not_bring_the_run_back() -> None:
    drifting = [(240, 0.0), (20, 1.0)] * 20
    assert span((3600, 3.0), *drifting)[1] == pytest.approx(3600, abs=10)


def test_a_stop_within_the_run_belongs_to_it() -> None:
    began, ended = span((600, 0.0), (1800, 3.0), (1200, 0.0), (1800, 3.0))
    assert began == pytest.approx(600, abs=10)
    assert ended == pytest.approx(5400, abs=10)


def test_without_records_the_end_is_not_known() -> None:
    summary = summarise(run(distance_m=5000.0, timer_s=1800.0))
    assert (summary.moved_from_s, summary.moved_until_s) == (0.0, None)
