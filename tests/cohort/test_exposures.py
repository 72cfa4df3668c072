"""The three ratios and their states, against a slow reading of their definitions."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneeload.cohort.exposures import EXPOSURES, STATES, exposures, states
from kneeload.weeks import countable_runs
from tests.cohort.building import daily, runs


@pytest.mark.parametrize(
    ("now", "state"),
    [
        (5.0, "reference"),
        (11.0, "reference"),
        (11.01, "small"),
        (13.0, "small"),
        (13.01, "moderate"),
        (20.0, "moderate"),
        (20.01, "large"),
    ],
)
def test_the_cuts_belong_to_the_state_below(now: float, state: str) -> None:
    assert STATES[states(np.array([now]), np.array([10.0]))[0]] == state


def test_nothing_to_compare_with_is_a_state_of_its_own() -> None:
    assert STATES[states(np.array([5.0]), np.array([np.nan]))[0]] == "no_reference"


def test_the_session_spike_looks_back_thirty_days() -> None:
    frame = runs(
        """
        a 2026-01-01 20
        a 2026-01-31 10
        a 2026-02-01 15
        """
    )
    ratios = exposures(countable_runs(frame))
    assert ratios["session_spike_before"].tolist()[1:] == [20.0, 10.0]
    assert np.isnan(ratios["session_spike_before"][0])


def test_weeks_are_of_days_and_end_with_the_session() -> None:
    frame = daily("a", "2026-01-01", 40)
    ratios = exposures(countable_runs(frame))
    assert ratios["week_to_week_now"].tolist()[:8] == [5, 10, 15, 20, 25, 30, 35, 35]
    assert ratios["week_to_week_before"].first_valid_index() == 13
    assert ratios["acwr_before"].first_valid_index() == 27
    assert ratios["acwr_before"][27] == 35


def test_a_week_without_running_is_nothing_to_compare_with() -> None:
    frame = pd.concat([daily("a", "2026-01-01", 7), daily("a", "2026-01-25", 2)])
    assert np.isnan(exposures(countable_runs(frame))["week_to_week_before"].iloc[-1])


def test_only_earlier_sessions_of_the_day_are_in_it() -> None:
    at = pd.to_datetime(["2026-01-01T08:00Z", "2026-01-01T18:00Z"], format="ISO8601")
    frame = runs("a 2026-01-01 4\na 2026-01-01 6").assign(started_at=at)
    ratios = exposures(countable_runs(frame))
    assert ratios["acwr_now"].tolist() == [4, 10]
    assert ratios["session_spike_before"][1] == 4


def _slowly(frame: pd.DataFrame, place: int) -> list[float]:
    """Return the six columns of one session, from the definitions."""
    own = frame.loc[frame["runner"] == frame["runner"][place]]
    day = own["local_date"]
    today = frame["local_date"][place]
    since = (today - day.min()).days

    def between(first: int, last: int) -> float:
        ago = (today - day).dt.days
        return float(own["distance_km"][(ago >= last) & (ago <= first)].sum())

    ago = (today - day).dt.days
    window = own["distance_km"][(ago > 0) & (ago <= 30)]
    week = between(6, 0)
    one = between(13, 7) if since >= 13 else 0
    three = between(27, 7) / 3 if since >= 27 else 0
    before = [window.max() if len(window) else np.nan, one or np.nan, three or np.nan]
    return [frame["distance_km"][place], before[0], week, before[1], week, before[2]]


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.integers(0, 70), st.integers(1, 300)),
        min_size=1,
        max_size=40,
        unique_by=lambda row: row[:2],
    )
)
def test_as_the_definitions_say(rows: list[tuple[str, int, int]]) -> None:
    dates = pd.Timestamp("2026-01-01") + pd.to_timedelta([day for _, day, _ in rows], unit="D")
    frame = pd.DataFrame(
        {
            "runner": [name for name, _, _ in rows],
            "local_date": dates,
            "distance_km": [tenths / 10 for _, _, tenths in rows],
        }
    )
    sessions = countable_runs(frame)
    expected = [_slowly(sessions, place) for place in range(len(sessions))]
    np.testing.assert_allclose(exposures(sessions).to_numpy(), np.array(expected))


def test_runners_do_not_meet() -> None:
    both = pd.concat([daily("a", "2026-01-01", 40, 20.0), daily("b", "2026-01-20", 40)])
    alone = exposures(countable_runs(daily("b", "2026-01-20", 40)))
    together = exposures(countable_runs(both)).tail(40).reset_index(drop=True)
    pd.testing.assert_frame_equal(together, alone)


def test_every_exposure_has_its_two_sides() -> None:
    columns = exposures(countable_runs(daily("a", "2026-01-01", 2))).columns
    assert list(columns) == [f"{name}_{side}" for name in EXPOSURES for side in ("now", "before")]
