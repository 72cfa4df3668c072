"""A week's bar in sessions: what is stacked on what."""

import pandas as pd
import pytest

from kneeload.charts.run_bars import sessions
from kneeload.weeks import weekly


def _runs(*runs: tuple[str, float]) -> pd.DataFrame:
    frame = pd.DataFrame(runs, columns=["local_date", "distance_km"])
    return frame.astype({"local_date": "datetime64[us]"})


RUNS = _runs(("2026-03-03", 8.0), ("2026-03-05", 14.0), ("2026-03-07", 5.0), ("2026-03-16", 6.0))


def test_the_longest_run_is_on_top() -> None:
    found = sessions(weekly(RUNS), RUNS)
    first = found[found["week_start"] == "2026-03-02"]
    assert first["km"].tolist() == [5, 8, 14]
    assert first["base"].tolist() == [0, 5, 13]
    assert first["longest"].tolist() == [False, False, True]


def test_pieces_add_up_to_the_weeks_and_empty_weeks_have_none() -> None:
    weeks = weekly(RUNS)
    pieces = sessions(weeks, RUNS).groupby("week_start")["km"].sum()
    ran = weeks.set_index("week_start")["distance_km"]
    assert pieces.to_dict() == pytest.approx(ran[ran > 0].to_dict())


def test_a_run_before_the_weeks_shown_is_in_none() -> None:
    assert sessions(weekly(RUNS).tail(1), RUNS)["km"].tolist() == [6]


def test_without_runs_the_longest_stands_on_all_others() -> None:
    found = sessions(weekly(RUNS), None)
    assert found["km"].tolist() == [13, 14, 6] or found["longest"].tolist()[-1]
    assert found.groupby("week_start")["km"].sum().tolist() == [27, 6]
