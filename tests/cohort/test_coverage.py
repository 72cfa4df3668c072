"""The method on cohorts whose truth is known; `benchmarks/cohort.py coverage` does it at length."""

import numpy as np
import pytest

from kneeload.cohort import Study
from kneeload.cohort.counting import exposure_blocks
from kneeload.cohort.estimates import Estimate
from kneeload.cohort.exposures import STATES
from kneeload.cohort.models import hazard_ratios
from kneeload.cohort.risk import BANDS, risk_set
from kneeload.simulate.cohort import Plan, cohort

TIMES = 30
STUDY = Study(shuffles=0)
LARGE = STATES.index("large")


def _ratios(ratio: float) -> list[Estimate]:
    """Return what small cohorts say of a planted ratio of weeks above twice the usual."""
    plan = Plan(runners=80, weeks=52, per_1000=25, effects={"acwr.large": ratio})
    cell = np.arange(len(STATES) * BANDS)
    found = []
    for seed in range(TIMES):
        made = cohort(plan, seed)
        blocks = dict(exposure_blocks(risk_set(made.runs, made.injuries, STUDY), STUDY))
        estimates = hazard_ratios(blocks["acwr"], cell // BANDS, cell % BANDS)
        found.append(estimates[LARGE])
    return found


@pytest.mark.parametrize("planted", [1.0, 2.0])
def test_intervals_hold_what_was_planted(planted: float) -> None:
    found = _ratios(planted)
    covered = sum(ratio.low <= planted <= ratio.high for ratio in found)
    assert covered >= 25  # of 30 at 95 %: fewer once in three hundred
    assert abs(np.mean([np.log(ratio.value) for ratio in found]) - np.log(planted)) < 0.1
    called = sum(ratio.p <= 0.05 for ratio in found)
    assert called == TIMES - covered if planted == 1 else called > TIMES / 2
