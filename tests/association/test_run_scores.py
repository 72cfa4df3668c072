"""Which score belongs to which run, and what a run had behind it."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from kneeload.association.run_scores import (
    counted_runs,
    counted_scores,
    scored_runs,
    with_history,
)
from kneeload.diary.attribution import assign_runs
from tests.association.building import day, pain, runs

TODAY = day(60).date()


def scored(all_runs: pd.DataFrame, all_pain: pd.DataFrame, today: dt.date = TODAY) -> pd.DataFrame:
    counted = counted_runs(all_runs, today)
    scores = assign_runs(counted_scores(all_pain, today), counted)
    return scored_runs(counted, scores).set_index("run_id")


def test_scores_without_a_run_find_it_by_date() -> None:
    found = scored(
        runs((0, 5.0), (3, 8.0)),
        pain((0, "before", 1), (0, "during", 2), (0, "after", 3), (1, "next_morning", 4)),
    )
    moments = found[["before", "during", "after", "next_morning"]]
    assert moments.iloc[:1].to_numpy().tolist() == [[1, 2, 3, 4]]
    assert moments.iloc[1:].isna().all(axis=None)


def test_of_two_runs_on_a_day_the_last_has_the_scores() -> None:
    found = scored(runs((0, 5.0), (0, 8.0)), pain((0, "before", 1), (1, "next_morning", 4)))
    assert found["next_morning"].isna().tolist() == [True, False]
    assert found["before"].isna().tolist() == [True, False]


def test_a_score_that_names_its_run_goes_there() -> None:
    found = scored(runs((0, 5.0), (0, 8.0)), pain((5, "next_morning", 4), run_id="r0"))
    assert found["next_morning"].tolist() == [4, pytest.approx(np.nan, nan_ok=True)]


def test_a_next_morning_score_speaks_of_yesterday() -> None:
    found = scored(runs((0, 5.0), (1, 8.0)), pain((1, "next_morning", 4)))
    assert found["next_morning"].isna().tolist() == [False, True]


def test_several_scores_for_one_moment_the_worst_counts() -> None:
    found = scored(runs((0, 5.0)), pain((0, "before", 1), (0, "before", 6), (0, "before", 2)))
    assert found.loc["r0", "before"] == 6


def test_parsed_scores_stay_out_and_imported_ones_do_not() -> None:
    parsed = pain((0, "before", 1), origin="parsed")
    imported = pain((1, "next_morning", 2), origin="imported")
    found = scored(runs((0, 5.0)), pd.concat([parsed, imported]))
    assert found["before"].isna().all()
    assert found["next_morning"].tolist() == [2]


def test_nothing_after_today_is_seen() -> None:
    found = scored(
        runs((0, 5.0), (2, 5.0)), pain((0, "before", 1), (1, "next_morning", 2)), day(0).date()
    )
    assert found.index.tolist() == ["r0"]
    assert found["next_morning"].isna().all()


@pytest.mark.parametrize(
    ("column", "value"),
    [("suspect", True), ("sport", "cycling"), ("distance_km", np.nan), ("distance_km", 0.0)],
)
def test_only_measured_unsuspicious_runs_count(column: str, value: str | float) -> None:
    odd = runs((0, 5.0)).assign(**{column: value})
    both = pd.concat([odd, runs((2, 5.0)).assign(run_id="fine")])
    assert counted_runs(both, TODAY)["run_id"].tolist() == ["fine"]


def test_of_several_onsets_the_first_counts() -> None:
    late, early = pain((0, "during", 3), onset_km=6.0), pain((0, "during", 2), onset_km=4.0)
    assert scored(runs((0, 9.0)), pd.concat([late, early])).loc["r0", "onset_km"] == 4.0


def test_what_a_run_had_behind_it() -> None:
    found = with_history(
        counted_runs(runs((0, 4.0), (1, 5.0), (2, 6.0), (7, 8.0), (8, 10.0), (40, 3.0)), TODAY)
    )
    # day 7 reaches back to day 1: 5 + 6 + 8; day 8 to day 2: 6 + 8 + 10
    assert found["week_sum_km"].tolist()[3:] == [19.0, 24.0, 3.0]
    assert found["week_sum_km"].isna().tolist()[:3] == [True, True, True]
    assert found["days_in_row"].tolist() == [1, 2, 3, 1, 2, 1]
    assert found["previous_km"].tolist()[1:] == [4, 5, 6, 8, 10]
    assert found["long_run_ratio"].tolist()[1:5] == [5 / 4, 6 / 5, 8 / 6, 10 / 8]
    assert np.isnan(found["long_run_ratio"].iloc[5]), "no run in the 30 days before"


def test_the_longest_run_is_of_thirty_days_without_today() -> None:
    found = with_history(counted_runs(runs((0, 10.0), (30, 4.0), (30, 5.0), (31, 5.0)), TODAY))
    assert found["long_run_ratio"].tolist()[1:] == [0.4, 0.5, 1.0]


def test_without_runs_there_is_no_history() -> None:
    assert with_history(counted_runs(runs(), TODAY)).empty
