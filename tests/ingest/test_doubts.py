"""Runs that only the runner's others make doubtful."""

from typing import Any

import pandas as pd
import pytest

from kneeload.ingest.doubts import with_doubts
from tests.measures.building import log

EASY = [{"distance_km": 8.0, "moving_s": 8.0 * 330} for _ in range(10)]


def doubts(*rows: dict[str, Any], **edits: dict[str, Any]) -> list[str]:
    frame = log(*rows)
    names = [f"r{n}" for n in range(len(frame))]
    started = frame["local_date"].dt.tz_localize("UTC")
    reviewed = with_doubts(frame.assign(run_id=names, started_at=started), edits)
    assert (reviewed["suspect"] == (reviewed["suspect_reason"] != "")).all()
    return reviewed["suspect_reason"].tolist()


def test_a_ride_recorded_as_a_run_is_doubtful() -> None:
    ride = {"distance_km": 29.0, "moving_s": 29 * 161.0}
    *easy, reason = doubts(*EASY, ride)
    assert set(easy) == {""}
    assert reason == "29.0 km at 2:41/km; your best over that length so far is about 5:57/km"
    assert doubts(*EASY[:9], ride) == [""] * 10  # too few runs to know the runner by
    assert doubts(*EASY, ride, ride)[-1] != ""  # one ride is no best for the next
    assert doubts(*EASY, ride, r10={"accepted": True})[-1] == ""
    assert doubts(*EASY, ride, r10={"distance_km": 29.0})[-1] == ""


@pytest.mark.parametrize(
    ("km", "pace_s", "doubtful"),
    [
        (10.0, 240, False),  # 40 % faster than 5:35: whoever jogs may race so
        (10.0, 220, True),
        (3.0, 210, False),
        (3.0, 200, True),
        (2.9, 200, False),  # repeats are short and fast
        (21.1, 236, False),
        (21.1, 230, True),
    ],
)
def test_a_race_is_not_doubtful(km: float, pace_s: float, *, doubtful: bool) -> None:
    reason = doubts(*EASY, {"distance_km": km, "moving_s": km * pace_s})[-1]
    assert bool(reason) is doubtful


def test_a_later_run_changes_no_earlier_one() -> None:
    fast = {"distance_km": 10.0, "moving_s": 2000.0}
    assert doubts(*EASY, fast, *EASY)[:11] == doubts(*EASY, fast)


def test_a_clock_1024_weeks_early_is_doubtful_among_runs() -> None:
    early = {"local_date": pd.Timestamp("2026-01-08") - pd.Timedelta(weeks=1024)}
    said = doubts(*EASY, early | EASY[0])
    assert said[-1].startswith("the clock says 2006-05-25, 1,024 weeks before your other runs")
    year_after = early["local_date"] + pd.Timedelta(days=365)
    assert doubts(*EASY, early | EASY[0], {"local_date": year_after} | EASY[0])[-2] == ""
    elsewhere = {"local_date": early["local_date"] - pd.Timedelta(days=60)}
    assert doubts(*EASY, elsewhere | EASY[0])[-1] == ""
