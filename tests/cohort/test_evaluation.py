"""Results against plain pandas over the sessions; partitions; suppression; shuffles."""

import numpy as np
import pandas as pd
import pytest

from kneeload.cohort import Study, evaluate, person_sessions, results, tally
from kneeload.cohort.counting import rules_tested
from kneeload.cohort.evaluation import by_runners, total
from kneeload.cohort.exposures import EXPOSURES, STATES
from kneeload.rules import check
from kneeload.simulate.cohort import Cohort
from kneeload.weeks import weekly
from tests.cohort.building import Found, daily, injuries


@pytest.mark.parametrize("name", EXPOSURES)
def test_rates_are_counts(name: str, sessions: pd.DataFrame, found: Found) -> None:
    for state in STATES:
        rows = sessions.loc[sessions[name] == state]
        assert found("rates", name, state, "sessions").value == len(rows)
        hours = rows["moving_s"].sum() / 3600
        assert found("rates", name, state, "hours").value == pytest.approx(hours)
        if rows["event"].sum() < 5:
            continue
        per_session = 1000 * rows["event"].mean()
        assert found("rates", name, state, "per_1000_sessions").value == pytest.approx(per_session)
        timed = rows.loc[rows["moving_s"].notna()]
        per_hour = 3.6e6 * timed["event"].sum() / timed["moving_s"].sum()
        assert found("rates", name, state, "per_1000_hours").value == pytest.approx(per_hour)


def test_few_injuries_are_never_told(found: Found) -> None:
    hidden = found.results.loc[found.results["suppressed"]]
    assert len(hidden)
    assert hidden[["value", "low", "high", "p"]].isna().all(axis=None)
    told = found.results.loc[found.results["measure"] == "injuries", "value"].dropna()
    assert told.min() >= 5


@pytest.mark.parametrize("rule", ["ten_percent", "long_run_spike", "return_from_break"])
@pytest.mark.parametrize(("first", "when"), [(1, "before"), (0, "same_day")])
def test_skill_is_counts(
    rule: str, first: int, when: str, sessions: pd.DataFrame, found: Found
) -> None:
    warned, event = sessions[f"{rule}@{first}"] > 0, sessions["event"]

    def skill(measure: str) -> float:
        return found("skill", rule, when, measure).value

    assert skill("sensitivity") == pytest.approx(warned[event].mean())
    assert skill("specificity") == pytest.approx((~warned[~event]).mean())
    assert skill("positive_predictive_value") == pytest.approx(event[warned].mean())
    assert skill("negative_predictive_value") == pytest.approx((~event[~warned]).mean())
    assert skill("sessions_warned") == pytest.approx(warned.mean())


def test_sessions_are_warned_by_the_flags_of_one_runner(planted: Cohort) -> None:
    name = planted.runs["runner"].iloc[0]
    mine = planted.runs.loc[planted.runs["runner"] == name].drop(columns="runner")
    flags = check(weekly(mine), mine)
    rows = person_sessions(planted.runs, planted.injuries)
    rows = rows.loc[rows["runner"] == name]
    for rule in ("ten_percent", "long_run_spike"):
        days = flags.loc[flags["rule"] == rule, "date"]
        ago = (rows["local_date"].to_numpy()[:, None] - days.to_numpy()) / np.timedelta64(1, "D")
        expected = ((ago >= 1) & (ago <= 7)).any(axis=1)
        assert (rows[f"{rule}@1"] > 0).tolist() == expected.tolist()


def test_flags_per_month_are_flags_over_days_at_risk(found: Found) -> None:
    often = found("skill", "ten_percent", "", "flags_per_month")
    assert 0.3 < often.low < often.value < often.high < 3
    assert found("counts", "", "", "days at risk").value > 0


def test_every_rule_without_a_diary_is_tested(found: Found) -> None:
    subjects = set(found.results.loc[found.results["section"] == "skill", "subject"])
    assert subjects == {*rules_tested(), *EXPOSURES}
    assert not subjects & {"pain_zone", "red_flag"}


def test_the_order_of_rows_and_runners_does_not_matter(planted: Cohort) -> None:
    mixed = [frame.sample(frac=1, random_state=1) for frame in (planted.runs, planted.injuries)]
    one, two = evaluate(planted.runs, planted.injuries), evaluate(*mixed)
    pd.testing.assert_frame_equal(one, two, check_exact=True)


@pytest.mark.parametrize("at_once", [1000, 90])
def test_partitions_give_the_same_to_the_last_digit(planted: Cohort, at_once: int) -> None:
    reports = pd.concat([planted.injuries, injuries("zz 2026-01-01\n0 2026-01-01")])
    whole = results(tally(planted.runs, reports))
    parts = by_runners(planted.runs, reports, at_once)
    pd.testing.assert_frame_equal(whole, results(total(tally(*p) for p in parts)), check_exact=True)


def test_moved_denominators_are_the_runners_own(planted: Cohort, found: Found) -> None:
    counted = tally(planted.runs, planted.injuries, study=Study(shuffles=3))
    for name in EXPOSURES:
        blocks = [counted.blocks[key] for key in counted.blocks if key.split("~")[0] == name]
        assert len(blocks) == 4
        missing = [block.total[0, -4:].sum() for block in blocks]
        assert len(set(missing)) == 1
        assert len({block.total[0].sum() for block in blocks}) == 1
    moved = found("shuffled", "session_spike", "", "moved")
    assert moved.low < moved.value < moved.high


def test_without_injuries_nothing_is_told() -> None:
    none = evaluate(daily("a", "2026-01-01", 60), injuries())
    told = none.loc[none["section"].isin(["hazards", "shuffled"]), "value"]
    assert told.isna().all()
    assert none.loc[none["measure"] == "per_1000_sessions", "suppressed"].all()


def test_without_runners_at_risk_nothing_fails() -> None:
    short = evaluate(daily("a", "2026-01-01", 5), injuries("a 2026-01-03"))
    counts = short.loc[short["section"] == "counts"].set_index("measure")["value"]
    assert counts["sessions at risk"] == 0
    assert counts["injuries before the runner's entry"] == 1
