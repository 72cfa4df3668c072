"""Pain-free distance by month: what a run tells, what is missing, and the sentence."""

import numpy as np
import pandas as pd
import pytest

from kneeload.association.pain_free import pain_free, pain_free_sentence
from tests.association.building import TODAY, months

NONE = float("nan")


def test_the_half_of_a_month_and_of_the_one_before() -> None:
    now = [(9, 3, 6.2), (9, 3, 6.2), (8, 2, 5), (8, 0, NONE), (10, 0, NONE), (5, 0, NONE)]
    before = [(6, 3, 3.5), (6, 3, 3.5), (6, 3, 2), (6, 3, 3.5), (4, 0, NONE), (4, 0, NONE)]
    found = months(now, before)
    assert (found.months[0].runs, found.months[0].with_pain) == (6, 3)
    assert pain_free_sentence(found, "km") == (
        "Judging by the last 30 days, about half of your runs would hurt within 6.2 km. In the 30 "
        "days before that, about half of your runs would have hurt within 3.5 km (an estimate)."
    )
    miles = str(pain_free_sentence(found, "mi"))
    assert "about half of your runs would hurt within 3.9 mi. " in miles
    assert miles.endswith("about half of your runs would have hurt within 2.2 mi (an estimate).")


def test_what_each_run_tells() -> None:
    found = months([(9, 3, 6.2), (5, 0, NONE), (7, 4, NONE), (6, NONE, NONE), (4, NONE, 9)])
    told = {(run.km, run.ending) for run in found.runs}
    # a run without a score tells nothing; a kilometre beyond the run is the run's length
    assert told == {(6.2, "began"), (5, "painless"), (7, "somewhere"), (4, "began")}


def test_too_few_runs_say_what_is_missing() -> None:
    said = pain_free_sentence(months([(9, 3, 6.2)] + [(5, 0, NONE)] * 4), "km")
    assert str(said).startswith("Not enough data yet on how far you run without pain: ")
    assert "Score 1 more run" in str(said)
    assert months([(9, 3, 6.2)] + [(5, 0, NONE)] * 4).months[0].curve is None


def test_six_runs_are_enough() -> None:
    assert months([(9, 3, 6.2)] + [(5, 0, NONE)] * 5).months[0].curve is not None


def test_more_than_half_without_pain_have_no_median() -> None:
    found = months([(9, 3, 6.2)] + [(10, 0, NONE)] * 5)
    assert found.months[0].between is None
    assert pain_free_sentence(found, "km") == (
        "5 of your 6 scored runs of the last 30 days were free of pain. The longest was 10.0 km."
    )


def test_a_month_without_a_median_is_not_compared_with_one_that_has() -> None:
    before = [(6, 3, 3.5)] * 6
    assert pain_free_sentence(months([(10, 0, NONE)] * 6, before), "km") == (
        "All 6 scored runs of the last 30 days were free of pain. The longest was 10.0 km. In the "
        "30 days before that, about half of your runs would have hurt within 3.5 km (an estimate)."
    )


def test_a_median_that_no_kilometre_pins_down_is_a_stretch() -> None:
    found = months([(8, 3, NONE)] * 5 + [(3, 0, NONE)])
    assert list(found.months[0].between or ()) == [3, 8]
    assert "about half of your runs would hurt within 8.0 km. If you note the" in str(
        pain_free_sentence(found, "km")
    )


def test_runs_that_never_hurt_have_no_sentence() -> None:
    assert pain_free_sentence(months([(5, 0, NONE)] * 9), "km") is None
    assert pain_free_sentence(months(), "km") is None


@pytest.mark.parametrize(("back", "inside"), [(29, 1), (30, 0)])
def test_a_month_is_thirty_days(back: int, inside: int) -> None:
    day = pd.Timestamp(TODAY) - pd.Timedelta(days=back)
    row = {"local_date": [day], "distance_km": [5.0], "during": [0.0], "onset_km": [np.nan]}
    assert pain_free(pd.DataFrame(row), TODAY).months[0].runs == inside
