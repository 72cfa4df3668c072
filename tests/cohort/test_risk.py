"""The risk set: entry, attribution, ties, washout, re-entry, censoring."""

import numpy as np
import pandas as pd
import pytest

from kneeload.cohort.risk import BANDS, STUDY, RiskSet, Study, risk_set
from tests.cohort.building import daily, injuries, runs


def _days(risk: RiskSet, column: str) -> list[str]:
    rows = risk.sessions.loc[risk.sessions[column]]
    return [str(day) for day in rows["local_date"].dt.strftime("%Y-%m-%d")]


def test_a_runner_is_at_risk_from_run_in_to_last_session() -> None:
    risk = risk_set(daily("a", "2026-01-01", 60), injuries(), STUDY)
    days = _days(risk, "at_risk")
    assert (days[0], days[-1], len(days)) == ("2026-01-29", "2026-03-01", 32)
    assert risk.days_at_risk.tolist() == [32]


def test_an_injury_belongs_to_the_session_of_its_day() -> None:
    risk = risk_set(daily("a", "2026-01-01", 60), injuries("a 2026-02-10"), STUDY)
    assert _days(risk, "event") == ["2026-02-10"]
    assert risk.fates["events"] == 1


@pytest.mark.parametrize(("day", "events"), [("2026-02-07", 1), ("2026-02-08", 0)])
def test_or_to_the_last_one_up_to_seven_days_before(day: str, events: int) -> None:
    frame = pd.concat([daily("a", "2026-01-01", 31), daily("a", "2026-03-20", 9)])
    risk = risk_set(frame, injuries(f"a {day}"), STUDY)
    assert _days(risk, "event") == ["2026-01-31"] * events
    assert risk.fates["without a session in the days before"] == 1 - events


def test_of_two_sessions_of_a_day_the_last_bears_the_injury() -> None:
    frame = pd.concat([daily("a", "2026-01-01", 50), runs("a 2026-02-10 9")])
    risk = risk_set(frame, injuries("a 2026-02-10"), STUDY)
    assert risk.sessions.loc[risk.sessions["event"], "distance_km"].tolist() == [9]


def test_the_washout_begins_the_day_after_and_ends() -> None:
    risk = risk_set(daily("a", "2026-01-01", 90), injuries("a 2026-02-10"), STUDY)
    out = pd.date_range("2026-02-11", "2026-03-10").strftime("%Y-%m-%d")
    days = _days(risk, "at_risk")
    assert not set(days) & set(out)
    assert {"2026-02-10", "2026-03-11"} <= set(days)
    assert risk.days_at_risk.tolist() == [len(days)]


def test_a_report_within_the_washout_prolongs_it() -> None:
    reports = injuries("a 2026-02-10\na 2026-03-01\na 2026-03-20")
    risk = risk_set(daily("a", "2026-01-01", 120), reports, STUDY)
    assert _days(risk, "event") == ["2026-02-10"]
    assert risk.fates["within the washout of an earlier report"] == 2
    assert _days(risk, "at_risk")[14 - 1] == "2026-04-18"


def test_a_second_injury_after_the_washout_is_a_second_event() -> None:
    reports = injuries("a 2026-02-10\na 2026-03-11")
    risk = risk_set(daily("a", "2026-01-01", 90), reports, STUDY)
    assert _days(risk, "event") == ["2026-02-10", "2026-03-11"]


def test_the_washout_lasts_until_the_injury_was_over() -> None:
    reports = injuries("a 2026-02-10 2026-03-25\na 2026-03-20")
    risk = risk_set(daily("a", "2026-01-01", 120), reports, STUDY)
    assert _days(risk, "event") == ["2026-02-10"]
    assert "2026-04-17" not in _days(risk, "at_risk")
    assert "2026-04-18" in _days(risk, "at_risk")


def test_an_injury_before_entry_is_no_event_but_has_its_washout() -> None:
    risk = risk_set(daily("a", "2026-01-01", 60), injuries("a 2026-01-20"), STUDY)
    assert risk.fates["before the runner's entry"] == 1
    assert _days(risk, "at_risk")[0] == "2026-02-18"


def test_injuries_of_others_are_counted_and_left_out() -> None:
    risk = risk_set(daily("a", "2026-01-01", 60), injuries("z 2026-02-10"), STUDY)
    assert risk.fates["of runners without sessions"] == 1
    assert not risk.sessions["event"].any()


def test_every_injury_has_one_fate() -> None:
    rng = np.random.default_rng(4)
    names = [f"r{n}" for n in range(30)]
    frame = pd.concat([daily(name, "2026-01-01", 150) for name in names])
    frame = frame.loc[rng.random(len(frame)) < 0.3]
    days = pd.Timestamp("2026-01-01") + pd.to_timedelta(rng.integers(0, 170, 80), unit="D")
    reports = pd.DataFrame({"runner": rng.choice([*names, "z"], 80), "date": days})
    risk = risk_set(frame, reports, STUDY)
    assert sum(risk.fates.values()) == 80
    assert risk.fates["events"] == risk.sessions["event"].sum()
    assert not (risk.sessions["event"] & ~risk.sessions["at_risk"]).any()


def test_the_time_scale_counts_sessions_at_risk_of_each_runner() -> None:
    frame = pd.concat([daily("a", "2026-01-01", 140), daily("b", "2026-01-01", 60)])
    sessions = risk_set(frame, injuries(), STUDY).sessions
    at_risk = sessions.loc[sessions["at_risk"]]
    for runner, counts in (("a", [25, 25, 50, 12]), ("b", [25, 7])):
        bands = at_risk.loc[at_risk["runner"] == runner, "band"]
        assert np.bincount(bands).tolist() == counts


def test_after_an_injury_sessions_are_a_band_of_their_own() -> None:
    risk = risk_set(daily("a", "2026-01-01", 120), injuries("a 2026-02-10"), STUDY)
    after = risk.sessions["local_date"] > pd.Timestamp("2026-02-10")
    assert (risk.sessions["band"] == BANDS - 1).tolist() == after.tolist()


def test_the_choices_can_be_others() -> None:
    study = Study(run_in_days=0, washout_days=7)
    risk = risk_set(daily("a", "2026-01-01", 30), injuries("a 2026-01-10"), study)
    assert len(_days(risk, "at_risk")) == 23
