"""Against the runner's own last four weeks: exact windows, and words only where all forms agree."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kneeload.measures.knee_load import FORMS
from kneeload.measures.relative_load import to_usual_run, to_usual_week
from tests.measures.building import log


def to_run(days: list[int], loads: list[float]) -> list[float]:
    return [float(x) for x in to_usual_run(np.array(days), np.array(loads))]


def test_the_window_is_the_28_days_before() -> None:
    assert to_run([0, 28], [8.0, 4.0])[1] == 0.5
    assert np.isnan(to_run([0, 29], [8.0, 4.0])[1])
    assert np.isnan(to_run([5, 5], [8.0, 4.0])).all()


def test_runs_that_do_not_count_are_left_out() -> None:
    assert to_run([0, 1, 2, 3], [10.0, float("nan"), 20.0, 30.0])[3] == 2


@given(
    st.lists(st.tuples(st.integers(0, 60), st.floats(1, 30)), min_size=1, max_size=30),
)
def test_in_any_order_the_window_is_what_it_says(runs: list[tuple[int, float]]) -> None:
    days, loads = [day for day, _ in runs], [load for _, load in runs]
    for (day, load), ratio in zip(runs, to_run(days, loads), strict=True):
        before = [x for d, x in runs if day - 28 <= d < day]
        expected = load / np.mean(before) if before else float("nan")
        assert ratio == pytest.approx(expected, nan_ok=True)


MONDAYS = pd.Series(pd.date_range("2026-01-05", periods=6, freq="7D", unit="us"))


def weeks(*loads: tuple[float, float, float], **columns: list[bool] | list[str]) -> pd.DataFrame:
    forms = dict(zip(FORMS, np.array(loads).T, strict=True))
    frame = log(*({} for _ in loads)).assign(**forms)
    return to_usual_week(frame.assign(local_date=MONDAYS[: len(loads)], **columns), MONDAYS)


def test_weeks_against_the_four_before() -> None:
    result = weeks(*[(20.0, 20.0, 20.0)] * 4, (30.0, 40.0, 24.0))
    assert result["knee_load"].isna().tolist() == [True, True, False, False, False, False]
    assert result[list(FORMS)].iloc[4].tolist() == [1.5, 2.0, 1.2]
    assert result["says"].tolist() == ["", "", "", "", "more", "less"]


@pytest.mark.parametrize(
    ("last", "says"),
    [
        ((22.1, 30.0, 22.1), "more"),
        ((22.1, 30.0, 21.9), ""),
        ((17.9, 10.0, 17.9), "less"),
        ((17.9, 10.0, 25.0), ""),
    ],
)
def test_nothing_is_said_unless_all_forms_agree(
    last: tuple[float, float, float], says: str
) -> None:
    assert weeks(*[(20.0, 20.0, 20.0)] * 4, last)["says"].iloc[4] == says


def test_suspect_runs_and_other_sports_do_not_count() -> None:
    same = [(20.0, 20.0, 20.0)] * 5
    assert weeks(*same, suspect=[False] * 4 + [True])["knee_load"].iloc[4] == 0
    assert weeks(*same, sport=["running"] * 4 + ["cycling"])["knee_load"].iloc[4] == 0


def test_a_week_holds_its_first_day_and_not_the_next_weeks() -> None:
    frame = log({}, {}, {}).assign(**dict.fromkeys(FORMS, 10.0))
    frame["local_date"] = pd.to_datetime(["2026-01-05", "2026-01-11", "2026-01-19"])
    ratios = to_usual_week(frame, MONDAYS)["knee_load"]
    assert ratios.iloc[2] == 10 / ((20 + 0) / 2)


def test_runs_outside_the_weeks_do_not_count() -> None:
    frame = log({}, {}, {}, {}).assign(**dict.fromkeys(FORMS, 10.0))
    frame["local_date"] = pd.to_datetime(["2026-01-04", "2026-01-05", "2026-02-15", "2026-02-16"])
    last = to_usual_week(frame, MONDAYS)["knee_load"]
    assert last.iloc[1:].tolist() == pytest.approx([np.nan, 0, 0, 0, np.nan], nan_ok=True)


def test_a_conclusion_has_to_hold_whatever_slopes_count() -> None:
    """More in all three forms, but not where downhill counts for nothing."""
    loads = [(20.0, 20.0, 20.0)] * 4 + [(30.0, 30.0, 30.0)]
    frame = log(*({} for _ in loads)).assign(**dict(zip(FORMS, np.array(loads).T, strict=True)))
    frame = frame.assign(local_date=MONDAYS[:5], knee_load_level=[20.0] * 4 + [21.0])
    assert to_usual_week(frame, MONDAYS)["says"].iloc[4] == ""
    steeper = frame.assign(knee_load_level=[20.0] * 4 + [23.0])
    assert to_usual_week(steeper, MONDAYS)["says"].iloc[4] == "more"


@pytest.mark.parametrize("share", [0.8, 0.79])
def test_a_week_partly_measured_is_no_base(share: float) -> None:
    """Weeks of 20 and 30, the first of which the model saw in part."""
    frame = log(*({"distance_km": 10.0} for _ in range(4)))
    frame = frame.assign(**{form: [20.0, 30.0, 30.0, 30.0] for form in FORMS})
    frame = frame.assign(local_date=MONDAYS[:4], knee_share=[share, 1.0, 1.0, 1.0])
    ratios = to_usual_week(frame, MONDAYS)["knee_load"]
    expected = {0.8: 30 / ((20 + 30) / 2), 0.79: np.nan}[share]
    assert ratios.iloc[2] == pytest.approx(expected, nan_ok=True)
    assert ratios.iloc[3] == pytest.approx({0.8: 30 / (80 / 3), 0.79: 1.0}[share])
