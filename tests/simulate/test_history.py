"""Ten invented years: as restless as the six real histories that evidence was counted on."""

import datetime as dt
from statistics import mean

import numpy as np
import pandas as pd
import pytest

from kneeload.frames import RUNS
from kneeload.simulate import history

SEEDS = range(6)


def weeks_of(runs: pd.DataFrame) -> list[float]:
    """Weekly distances from the first run's week to the last's, empty ones as 0."""
    date = runs["local_date"]
    monday = date - pd.to_timedelta(date.dt.day_of_week, unit="D")
    sums = runs["distance_km"].groupby(monday).sum()
    return [float(km) for km in sums.resample("7D").sum()]


def walk(weeks: list[float]) -> tuple[list[float | None], list[bool]]:
    """Reference and cutback of every week by the definitions, one week after the other."""
    references: list[float | None] = []
    cutbacks: list[bool] = []
    for t, km in enumerate(weeks):
        nearest = [k for k in (t - 1, t - 2, t - 3) if k >= 0]
        usable = [weeks[k] for k in nearest if weeks[k] and not cutbacks[k]]
        four = weeks[max(0, t - 4) : t]
        fallback = mean(four) if t >= 4 and any(four) else None
        reference = usable[0] if usable else fallback
        references.append(reference)
        eased = reference is not None and len(four) >= 2 and km <= 0.85 * reference
        cutbacks.append(eased and 0 < km < mean(four))
    return references, cutbacks


def rates(runs: pd.DataFrame) -> dict[str, float]:
    """Count what the rules would say, per 52 active weeks."""
    weeks = weeks_of(runs)
    references, cutbacks = walk(weeks)
    known = [(km, b) for km, b in zip(weeks, references, strict=True) if b and km - b >= 3]
    streak, missing = 0, 0
    for km, cut in zip(weeks, cutbacks, strict=True):
        streak = 0 if cut or not km else streak + 1
        missing += streak == 5
    pairs = zip(weeks[1:], weeks[:-1], strict=True)
    counts = {
        "strict": sum(km > 1.1 * last for km, last in pairs if last),
        "over_10": sum(km > 1.1 * b for km, b in known),
        "over_30": sum(km > 1.3 * b for km, b in known),
        "over_60": sum(km > 1.6 * b for km, b in known),
        "cutbacks": cutbacks.count(True),
        "cutback_missing": missing,
        "long_run_spike": spikes(runs),
    }
    active = sum(km > 0 for km in weeks)
    return {name: count * 52 / active for name, count in counts.items()}


def spikes(runs: pd.DataFrame) -> int:
    dates = [date.date() for date in runs["local_date"]]
    km = runs["distance_km"].tolist()
    month = dt.timedelta(30)
    longest = [
        max((km[j] for j in range(i) if dates[i] - month <= dates[j] < dates[i]), default=None)
        for i in range(len(km))
    ]
    return sum(
        d >= 3 and best is not None and d > 1.1 * best for d, best in zip(km, longest, strict=True)
    )


@pytest.fixture(scope="module")
def years() -> list[pd.DataFrame]:
    return [history.runs(years=10, seed=seed) for seed in SEEDS]


@pytest.mark.parametrize(
    ("rule", "low", "high"),
    [
        ("strict", 15, 23),
        ("over_10", 7, 15),
        ("over_30", 3, 12),
        ("over_60", 0, 8),
        ("cutbacks", 14, 23),
        ("cutback_missing", 0.9, 4),
        ("long_run_spike", 5, 13),
    ],
)
def test_every_rule_would_fire_as_often_as_on_real_years(
    years: list[pd.DataFrame], rule: str, low: float, high: float
) -> None:
    found = [rates(runs)[rule] for runs in years]
    assert low <= min(found), found
    assert max(found) <= high, found


def test_the_table_is_a_runs_frame(years: list[pd.DataFrame]) -> None:
    for runs in years:
        assert list(runs.columns) == list(RUNS)
        assert {name: str(t) for name, t in runs.dtypes.items()} == {
            name: column.dtype for name, column in RUNS.items()
        }
        assert runs["run_id"].is_unique
        assert runs["local_date"].is_monotonic_increasing
        assert (runs["distance_km"] > 0).all()
        assert not runs["local_date"].duplicated().any()


def test_the_start_falls_on_the_local_date(years: list[pd.DataFrame]) -> None:
    for runs in years:
        assert (runs["started_at"].dt.tz_localize(None).dt.normalize() == runs["local_date"]).all()


def test_ten_years_end_on_the_day_asked_for() -> None:
    runs = history.runs(years=10, end=dt.date(2026, 3, 29), seed=1)
    assert runs["local_date"].iloc[-1] <= pd.Timestamp("2026-03-29")
    assert runs["local_date"].iloc[-1] > pd.Timestamp("2026-03-01")
    assert runs["local_date"].iloc[0] < pd.Timestamp("2016-06-01")
    assert 1500 < len(runs) < 2300


def test_the_same_seed_gives_the_same_years_and_another_others() -> None:
    again = [history.runs(years=2, seed=seed) for seed in (5, 5, 6)]
    pd.testing.assert_frame_equal(again[0], again[1])
    assert len(again[0]) != len(again[2]) or not again[0].equals(again[2])


def test_a_week_is_split_without_loss() -> None:
    rng = np.random.default_rng(3)
    weeks = np.array([0.0, 10.0, 32.0, 80.0])
    days = history.split(history.Habits(), weeks, rng)
    assert days.shape == (4, 7)
    np.testing.assert_allclose(days.sum(axis=1), weeks)
    assert (days > 0).sum(axis=1)[0] == 0


def test_skipping_every_week_leaves_an_empty_table() -> None:
    runs = history.runs(years=1, habits=history.Habits(skipped=2.0))
    assert runs.empty
    assert list(runs.columns) == list(RUNS)
