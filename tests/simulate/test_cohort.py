"""The invented cohort: the same for a seed, with the effects and losses that were planted."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kneeload.cohort import person_sessions
from kneeload.cohort.tables import read_injuries, read_runs
from kneeload.simulate.cohort import BLOCK, Cohort, Plan, cohort, write

SMALL = Plan(runners=40, weeks=40, per_1000=20)


def _rates(made: Cohort, name: str) -> pd.Series:
    sessions = person_sessions(made.runs, made.injuries)
    at_risk = sessions.loc[sessions["at_risk"]]
    return at_risk.groupby(name, observed=True)["event"].mean()


def test_a_seed_gives_the_same_cohort() -> None:
    one, two = cohort(SMALL, 7), cohort(SMALL, 7)
    pd.testing.assert_frame_equal(one.runs, two.runs)
    pd.testing.assert_frame_equal(one.injuries, two.injuries)
    assert not one.runs.equals(cohort(SMALL, 8).runs)


def test_a_larger_cohort_begins_with_the_smaller_one() -> None:
    alone = cohort(Plan(runners=BLOCK, weeks=8)).runs
    together = cohort(Plan(runners=BLOCK + 30, weeks=8)).runs
    pd.testing.assert_frame_equal(together.head(len(alone)), alone)
    assert together["runner"].iloc[-1] >= f"r{BLOCK:07d}"


def test_the_rate_is_the_one_asked_for() -> None:
    made = cohort(Plan(runners=400, weeks=52, per_1000=10, frailty=0.0), 1)
    sessions = person_sessions(made.runs, made.injuries)
    at_risk = sessions.loc[sessions["at_risk"]]
    expected = 1 - np.exp(-0.01)
    error = np.sqrt(expected / len(at_risk))
    assert at_risk["event"].mean() == pytest.approx(expected, abs=4 * error)


def test_an_effect_is_planted_where_it_was_asked_for() -> None:
    plan = Plan(runners=900, weeks=52, per_1000=10, frailty=0.0, effects={"acwr.large": 3.0})
    rates = _rates(cohort(plan, 1), "acwr")
    assert rates["large"] / rates["reference"] == pytest.approx(3, rel=0.2)
    assert rates["moderate"] / rates["reference"] == pytest.approx(1, rel=0.2)


def test_nobody_runs_while_the_injury_is_young() -> None:
    made = cohort(SMALL, 3)
    for runner, date in made.injuries[["runner", "date"]].itertuples(index=False):
        days = made.runs.loc[made.runs["runner"] == runner, "local_date"]
        ago = (days - date).dt.days
        assert not ((ago > 0) & (ago <= SMALL.rest_days)).any()


def test_backing_off_hides_a_rise() -> None:
    plans = [
        Plan(runners=400, weeks=52, per_1000=10, backs_off=share, cut_to=0.3) for share in (0, 1)
    ]
    honest, hidden = (_rates(cohort(plan, 4), "acwr") for plan in plans)
    assert hidden["large"] / hidden["reference"] < 0.8 * honest["large"] / honest["reference"]


def test_losses_are_shares() -> None:
    plan = Plan(runners=100, weeks=40, lost_times=0.3, lost_runs=0.2, lost_injuries=0.5, per_1000=9)
    whole = cohort(Plan(runners=100, weeks=40, per_1000=9), 5)
    made = cohort(plan, 5)
    assert len(made.runs) / len(whole.runs) == pytest.approx(0.8, abs=0.02)
    assert made.runs["moving_s"].isna().mean() == pytest.approx(0.3, abs=0.03)
    assert len(made.injuries) / len(whole.injuries) == pytest.approx(0.5, abs=0.15)


@pytest.mark.usefixtures("parquet")
def test_files_hold_what_was_made(tmp_path: Path) -> None:
    made = cohort(SMALL, 6)
    write(tmp_path / "csv", SMALL, 6)
    write(tmp_path / "parts", SMALL, 6, parquet=True)
    for folder, suffix in (("csv", ".csv"), ("parts", "")):
        runs = read_runs(tmp_path / folder / f"runs{suffix}")
        pd.testing.assert_frame_equal(runs[made.runs.columns.tolist()], made.runs)
        reports = read_injuries(tmp_path / folder / f"injuries{suffix}")
        assert reports["date"].tolist() == made.injuries["date"].tolist()
