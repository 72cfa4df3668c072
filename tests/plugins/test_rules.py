"""Rules of other packages: checked with the rest, and never in their way."""

import datetime as dt
from typing import get_args, get_type_hints

import pandas as pd
import pytest

from kneeload import formatting
from kneeload.cohort import evaluate
from kneeload.cohort.counting import rules_tested
from kneeload.model import Evidence
from kneeload.planning import plan
from kneeload.plugins import PluginWarning
from kneeload.rules import RULES, Rule, check, installed_rules, week_flags
from kneeload.settings import Settings
from kneeload.weeks import weekly
from tests.cohort.building import daily, injuries
from tests.diaries import diary
from tests.plugins.building import Offer

GROUP = "kneeload.rules"
STORY = """
2026-W02 20 km
2026-W03 31 km
2026-W05 9 km
"""
RULE = """
from kneeload.rules import Rule, week_flags
def found(weeks, settings):
    much = weeks[weeks["distance_km"] > 30]
    {body}
    return week_flags("much", much, severity="note", value=much["distance_km"], limit=30.0,
                      unit="km", message="more than 30 km")
much = Rule(id="much", title="Much", checks="weeks of more than 30 km", function=found,
            needs=("weeks",){more})
"""


def rule(body: str = "", more: str = "") -> str:
    return RULE.format(body=body, more=more)


def flags(story: str = STORY) -> pd.DataFrame:
    book = diary(story)
    return check(weekly(book.runs, book.pain), book.runs, book.pain, book.diary)


def test_every_grade_has_its_words() -> None:
    assert set(formatting.GRADES) == set(get_args(get_type_hints(Evidence)["grade"]))


def test_without_plugins_the_rules_are_kneeloads_own(offer: Offer) -> None:
    assert installed_rules() == RULES


def test_a_rule_is_checked_after_kneeloads_own(offer: Offer) -> None:
    offer(rule(), GROUP, "much")
    found = installed_rules()
    assert list(found) == [*RULES, "much"]
    assert found["much"].package == "brought 1.2"


def test_its_flags_join_the_others(offer: Offer) -> None:
    offer(rule(), GROUP, "much")
    found = flags()
    (own,) = found[found["rule"] == "much"].to_dict("records")
    assert own["flag_id"] == "2026-W03-much"
    assert (own["value"], own["limit"], own["unit"]) == (31, 30, "km")
    assert (own["evidence"], own["episode"], own["acknowledged"]) == ("none stated", 1, False)
    pd.testing.assert_frame_equal(found[found["rule"] != "much"].reset_index(drop=True), alone())


def alone() -> pd.DataFrame:
    """Return the flags of kneeload's own rules."""
    book = diary(STORY)
    return check(weekly(book.runs), book.runs, rules=RULES.values())


def test_its_evidence_is_what_its_author_states(offer: Offer) -> None:
    stated = "Evidence(grade='trial', summary='Tried.', sources=('doi:10.1/x',))"
    source = "from kneeload.model import Evidence\n" + rule(more=f", evidence={stated}")
    offer(source, GROUP, "much")
    found = flags()
    assert found.loc[found["rule"] == "much", "evidence"].tolist() == ["trial"]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("raise ImportError('no hills')", "ImportError: no hills"),
        ("much = {'id': 'much'}", "it is a dict, not a kneeload.rules.Rule"),
        (rule().replace('id="much"', 'id="many"'), "its id is 'many', its entry point has another"),
        (
            rule().replace('("weeks",)', '("sleep",)'),
            "`needs` must name some of weeks, runs, pain, diary",
        ),
        (rule().replace('("weeks",)', "()"), "`needs` must name some of weeks, runs, pain, diary"),
        (rule(more=", evidence='a trial'"), "AttributeError: 'str' object has no attribute 'grade"),
        (rule(more=", severity=3"), "TypeError: "),
    ],
)
def test_what_is_no_rule_is_left_out(offer: Offer, source: str, reason: str) -> None:
    offer(source, GROUP, "much")
    with pytest.warns(PluginWarning) as told:
        found = flags()
    (line,) = (str(warning.message) for warning in told)
    assert line.startswith(f"rule much of brought 1.2: {reason}")
    pd.testing.assert_frame_equal(found, alone())


def test_a_grade_that_nobody_knows_is_no_grade(offer: Offer) -> None:
    evidence = "__import__('kneeload.model').model.Evidence(grade='proof', summary='')"
    offer(rule(more=f", evidence={evidence}"), GROUP, "much")
    with pytest.warns(PluginWarning, match="its evidence grade is not one of cohort, trial"):
        assert "much" not in installed_rules()


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("weeks['no such column']", "KeyError: 'no such column'"),
        ("return None", "it gave a NoneType, not a frame of flags"),
        ("return weeks", "the flags frame lacks flag_id, rule, date, severity, message"),
        (
            "return week_flags('ten_percent', much, severity='note', message='')",
            "its flags belong to another rule",
        ),
        (
            "return week_flags('much', much, severity='bad', message='')",
            "the severity of its flags is not note, warn or alert",
        ),
        ("return week_flags('much', much, severity='note', message='', value='x')", "column value"),
        (
            "return week_flags('much', much, severity='note', message='').assign(week='2026-W01')",
            "its flags lie outside their weeks",
        ),
        (
            "return week_flags('much', much, severity='note', message='').assign(flag_id='x')",
            "the ids of its flags do not contain the rule's own id",
        ),
        (
            "return week_flags('much', much, severity='note', message='', date=None)",
            "",
        ),
    ],
)
def test_a_rule_that_fails_flags_nothing(offer: Offer, body: str, reason: str) -> None:
    offer(rule(body), GROUP, "much")
    with pytest.warns(PluginWarning) as told:
        found = flags()
    (line,) = (str(warning.message) for warning in told)
    assert line.startswith("rule much of brought 1.2: ")
    assert reason in line
    pd.testing.assert_frame_equal(found, alone())


def test_a_rule_cannot_change_what_others_see(offer: Offer) -> None:
    offer(rule("weeks['distance_km'] = 0.0"), GROUP, "much")
    found = flags()
    pd.testing.assert_frame_equal(found[found["rule"] != "much"].reset_index(drop=True), alone())


def test_it_sees_every_column_of_the_frames(offer: Offer) -> None:
    source = """
        from kneeload.frames import DIARY, PAIN, RUNS, WEEKS
        from kneeload.rules import Rule, run_flags
        def found(diary, pain, runs, weeks, settings):
            specs = (DIARY, PAIN, RUNS, WEEKS)
            frames = (diary, pain, runs, weeks)
            assert all({*spec} <= {*frame} for spec, frame in zip(specs, frames))
            hard = runs[runs["rpe"] >= 8]
            return run_flags("hard", hard, settings, severity="note", value=hard["rpe"],
                             message=hard["shoe"])
        hard = Rule(id="hard", title="Hard", checks="", function=found,
                    needs=("diary", "pain", "runs", "weeks"))
    """
    offer(source, GROUP, "hard")
    runs = diary(STORY).runs.assign(rpe=[3.0, 9.0, 8.0], shoe="old", suspect=[False, False, True])
    found = check(weekly(runs), runs)
    (flag,) = found[found["rule"] == "hard"].to_dict("records")
    assert (flag["value"], flag["message"]) == (9, "old")


def test_columns_of_its_own_stay_with_it(offer: Offer) -> None:
    offer(rule("much = much.assign(secret=1)"), GROUP, "much")
    assert "secret" not in flags().columns


def test_of_many_runners_it_sees_one_at_a_time(offer: Offer) -> None:
    """Ann runs more than 30 km once, Bob twice.

    ann: 2026-W02 20 km
    bob: 2026-W02 31 km
    ann: 2026-W03 31 km
    bob: 2026-W03 32 km
    """
    offer(rule("assert 'runner' not in weeks and weeks['week'].is_unique"), GROUP, "much")
    book = diary(test_of_many_runners_it_sees_one_at_a_time.__doc__ or "")
    found = check(weekly(book.runs), book.runs)
    much = found[found["rule"] == "much"]
    assert much[["runner", "week", "value", "episode"]].to_numpy().tolist() == [
        ["ann", "2026-W03", 31, 1],
        ["bob", "2026-W02", 31, 1],
        ["bob", "2026-W03", 32, 1],
    ]


def test_a_cohort_tests_it(offer: Offer) -> None:
    runs = pd.concat([daily(name, "2026-01-05", 90, km=5.0) for name in ("ann", "bob")])
    offer(rule(), GROUP, "much")
    assert rules_tested()[-1] == "much"
    results = evaluate(runs, injuries("ann 2026-03-20"))
    skill = results[(results["section"] == "skill") & (results["subject"] == "much")]
    assert not skill.empty


def test_one_that_fails_leaves_many_runners_as_they_are(offer: Offer) -> None:
    offer(rule("1 / 0"), GROUP, "much")
    book = diary("ann: 2026-W02 20 km\nbob: 2026-W02 31 km\nbob: 2026-W03 62.5 km")
    with pytest.warns(PluginWarning, match="ZeroDivisionError"):
        found = check(weekly(book.runs), book.runs)
    own = check(weekly(book.runs), book.runs, rules=RULES.values())
    pd.testing.assert_frame_equal(found, own)
    assert set(found["runner"]) == {"bob"}


def test_the_plan_tells_that_a_run_would_flag_it(offer: Offer) -> None:
    offer(rule(), GROUP, "much")
    book = diary("2026-W02 3x9 km\n2026-03-02 29 km")
    asked = plan(weekly(book.runs), book.runs, today=dt.date(2026, 3, 3), run_km=2)
    assert asked.would_flag == ("much",)


def test_a_rule_at_hand_can_be_tried_without_a_package() -> None:
    def fails(weeks: pd.DataFrame, settings: Settings) -> pd.DataFrame:
        raise LookupError("seen by its author")

    def much(weeks: pd.DataFrame, settings: Settings) -> pd.DataFrame:
        return week_flags("mine", weeks.tail(1), severity="note", message="the last week")

    book = diary(STORY)
    weeks = weekly(book.runs)
    mine = Rule(id="mine", title="Mine", checks="", function=much, needs=("weeks",))
    assert check(weeks, book.runs, rules=[mine])["flag_id"].tolist() == ["2026-W05-mine"]
    broken = Rule(id="mine", title="Mine", checks="", function=fails, needs=("weeks",))
    with pytest.raises(LookupError, match="seen by its author"):
        check(weeks, book.runs, rules=[broken])
