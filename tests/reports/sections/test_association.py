"""The section on load and pain: what is missing below the gate, counts beside chance."""

import json
from dataclasses import replace
from functools import cache

import pandas as pd
import pytest

from kneeload import frames, reports
from kneeload.association import Explanation
from kneeload.association.backtest import wilson
from kneeload.association.sentences import FEW_WARNINGS
from kneeload.reports.api import explain_analysis
from kneeload.reports.model import Warned
from kneeload.reports.render import html, markdown
from kneeload.reports.sections.association import NO_ONSET
from kneeload.rules import RULES
from tests import story
from tests.surfaces import faults, seen


@cache
def _explained() -> Explanation:
    return explain_analysis(story.analysis())


def _report(*, drawings: bool = False) -> reports.Report:
    return reports.build(story.analysis(), drawings=drawings, explanation=_explained())


def test_below_the_gate_it_says_what_is_missing() -> None:
    answer = _report().load_and_pain
    assert answer is not None
    assert answer.primary.startswith("No verdict yet. Still missing: ")
    assert "more next-morning scores" in answer.primary
    assert f" of your {len(story.runs())} runs have a next-morning score." in answer.data


def test_without_an_explanation_there_is_no_section() -> None:
    assert reports.build(story.analysis(), drawings=False).load_and_pain is None


def test_without_scores_there_is_no_section() -> None:
    known = story.analysis(pain=frames.empty(frames.PAIN))
    assert (
        reports.build(known, drawings=False, explanation=explain_analysis(known)).load_and_pain
        is None
    )


def test_before_the_first_onset_no_rule_is_judged() -> None:
    answer = _report().load_and_pain
    assert answer is not None
    # the diary begins two scored days before the first 4
    assert _explained().before_onsets.onsets == ()
    assert (answer.rules_intro, answer.rules) == (f"{NO_ONSET} {FEW_WARNINGS}", ())


def test_every_surface_tells_it() -> None:
    report = _report(drawings=True)
    page = html.render(report)
    assert faults(page) == []
    assert "Load and pain in your diary" in seen(page)
    assert "## Load and pain in your diary" in markdown.render(report)
    told = json.loads(reports.as_json(report))["load_and_pain"]
    assert told["primary"] == report.load_and_pain.primary if report.load_and_pain else False


@pytest.fixture(scope="module")
def samples_answer(imported_samples: object) -> reports.Report:
    """Return the sample log's newest report, with an answer above the gate and one onset."""
    import datetime as dt
    from pathlib import Path

    from kneeload.analysis import analyse
    from kneeload.log.training_log import TrainingLog

    with TrainingLog(Path(str(imported_samples))) as log:
        known = analyse(
            log.activities(), log.pain(), log.diary(),
            settings=log.settings, today=dt.date(2026, 3, 29),
        )  # fmt: skip
    sign = known.flags.tail(1).assign(rule="red_flag")
    found = explain_analysis(replace(known, flags=pd.concat([known.flags, sign])))
    return reports.build(known, explanation=found)


def test_rules_stand_beside_chance(samples_answer: reports.Report) -> None:
    answer = samples_answer.load_and_pain
    assert answer is not None
    assert answer.rules_intro.startswith("There was one new spell of pain (")
    spike = next(rule for rule in answer.rules if rule.title.startswith("Jump"))
    assert (spike.onsets, spike.warned, spike.flags, spike.followed) == (1, 1, 1, 1)
    assert spike.expected is not None
    assert 0 < spike.expected < 0.5


def test_rules_of_pain_are_not_tested_against_pain(
    samples_answer: reports.Report,
) -> None:
    answer = samples_answer.load_and_pain
    assert answer is not None
    assert {"Knee pain", "Red flag"}.isdisjoint(rule.title for rule in answer.rules)
    assert {rule.id for rule in RULES.values() if rule.is_of_pain} == {"pain_zone", "red_flag"}


def test_a_share_has_its_interval_from_ten_onsets_on() -> None:
    few = Warned(
        title="Rule", onsets=9, warned=3, expected=1.2, flags=8, followed=3, followed_expected=2.1,
        flags_per_4_weeks=0.5, lead_days=3.0, interval=None,
    )  # fmt: skip
    assert few.hits == "3 of 9"
    # Wilson's interval of 5 in 12, as tables have it: 19.3 to 68.0 %.
    enough = replace(few, onsets=12, warned=5, interval=wilson(5, 12))
    assert enough.hits == "5 of 12 (19 to 68 %)"


def test_few_mornings_of_pain_are_called_few(samples_answer: reports.Report) -> None:
    answer = samples_answer.load_and_pain
    assert answer is not None
    assert answer.primary.endswith(
        "The result rests on 9 painful mornings (highest score 5/10), so few that one bad "
        "spell could explain it."
    )


def test_rho_is_explained_where_it_is_named(samples_answer: reports.Report) -> None:
    answer, unasked = samples_answer.load_and_pain, _report().load_and_pain
    assert answer is not None
    assert unasked is not None
    assert "rho" in answer.primary
    assert answer.reading.startswith("Rho is 0 if")
    assert "rho" not in unasked.primary
    assert unasked.reading == ""


def test_both_directions_are_drawn(samples_answer: reports.Report) -> None:
    answer = samples_answer.load_and_pain
    assert answer is not None
    assert answer.drawing is not None
    page = html.render(samples_answer)
    assert faults(page) == []
    assert 'aria-labelledby="lags-wide-title lags-wide-desc"' in page


def test_load_as_other_systems_show_it(samples_answer: reports.Report) -> None:
    shown = samples_answer.context
    assert shown is not None
    names = " ".join(figure.name for figure in shown.figures)
    for name in ("Acute", "Chronic", "ACWR", "Monotony", "Strain", "Fitness"):
        assert name in names
    assert "context only" in html.render(samples_answer)
    assert "The maximum heart rate is" in shown.rests
