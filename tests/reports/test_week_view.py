"""The week cut out of an analysis: whose day a score speaks of, which rows there are, plainly."""

from typing import Any

import numpy as np
import pandas as pd

from kneeload import frames
from kneeload.reports.week_view import Scope, rows, scope
from tests import story


def _scope(label: str | None = None, **changes: Any) -> Scope:
    found = scope(story.analysis(**changes), label)
    assert found is not None
    return found


def _score(date: str, **more: object) -> pd.DataFrame:
    entry = {"local_date": pd.Timestamp(date), "knee": "left", "moment": "after", "score": 2}
    return frames.conform(pd.DataFrame([entry | more]), frames.PAIN)


def test_rows_are_plain_values() -> None:
    until = pd.Series([pd.NaT, pd.Timestamp("2026-03-02")], dtype="datetime64[us]")
    frame = pd.DataFrame({"until": until, "n": [1, 2], "km": [np.nan, 2.5], "odd": [True, False]})
    first, second = rows(frame, ["until", "n", "km", "odd"], slice(None))
    assert first["until"] is None
    assert second == {"until": pd.Timestamp("2026-03-02"), "n": 2, "km": 2.5, "odd": False}
    assert [type(value) for value in first.values()] == [type(None), int, float, bool]


def test_rows_come_in_the_order_asked_for() -> None:
    frame = pd.DataFrame({"n": [1, 2, 3]})
    assert [row["n"] for row in rows(frame, ["n"], [2, 0])] == [3, 1]


def test_a_score_speaks_of_the_day_of_its_run() -> None:
    # 232 is the run of Friday 20 March
    pain = _score("2026-03-21", run_id="232")
    assert _scope(pain=pain).scores[0]["run_date"] == pd.Timestamp("2026-03-20")


def test_a_score_without_a_run_speaks_of_its_day() -> None:
    pain = pd.concat([_score("2026-03-18"), _score("2026-03-18", moment="next_morning")])
    days = [score["run_date"].day for score in _scope(pain=pain.reset_index(drop=True)).scores]
    assert days == [18, 17]


def test_a_suspect_run_is_recorded_but_did_not_count() -> None:
    runs = story.runs()
    runs.loc[runs.index[-1], "suspect"] = True
    found = _scope(runs=runs)
    assert [run["local_date"].day for run in found.all_runs] == [17, 19, 20]
    assert [run["local_date"].day for run in found.counted_runs] == [17, 19]
    assert len(found.runs) == len(runs) - 1


def test_runs_come_by_their_start() -> None:
    found = _scope(runs=story.runs().iloc[::-1].reset_index(drop=True))
    assert found.runs["started_at"].is_monotonic_increasing
    assert [run["local_date"].day for run in found.all_runs] == [17, 19, 20]


def test_nothing_after_the_week_is_in_it() -> None:
    found = _scope("2026-W11")
    end = pd.Timestamp("2026-03-15")
    assert found.weeks["week"].iloc[-1] == "2026-W11"
    assert found.runs["local_date"].max() <= end
    assert found.pain["local_date"].max() <= end
    assert all(flag["date"] <= end for flag in found.flags)


def test_a_week_that_the_frame_does_not_reach_has_no_row() -> None:
    assert _scope(runs=frames.empty(frames.RUNS), weeks=frames.empty(frames.WEEKS)).week is None
    assert _scope().week is not None
