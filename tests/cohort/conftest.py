"""An invented cohort that several tests share."""

import pandas as pd
import pytest

from kneeload.cohort import evaluate, person_sessions
from kneeload.simulate.cohort import Cohort, Plan, cohort
from tests.cohort.building import Found

PLANTED = {"session_spike.small": 3.0, "session_spike.moderate": 3.0, "acwr.large": 1.5}


@pytest.fixture(scope="session")
def planted() -> Cohort:
    """Return 250 runners with effects of load, some times missing."""
    return cohort(Plan(runners=250, weeks=52, per_1000=20, effects=PLANTED, lost_times=0.2), seed=3)


@pytest.fixture(scope="session")
def sessions(planted: Cohort) -> pd.DataFrame:
    """Return the cohort's sessions at risk."""
    rows = person_sessions(planted.runs, planted.injuries)
    return rows.loc[rows["at_risk"]].reset_index(drop=True)


@pytest.fixture(scope="session")
def found(planted: Cohort) -> Found:
    """Return the cohort's results."""
    return Found(evaluate(planted.runs, planted.injuries))
