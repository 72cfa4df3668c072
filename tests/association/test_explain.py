"""The whole explanation, from frames to JSON and sentences."""

import datetime as dt
import json
import re
import time
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from kneeload import frames
from kneeload.association import Explanation, explain
from kneeload.association.backtest import Backtest, withheld
from kneeload.association.questions import Answer
from kneeload.association.rank_correlation import link
from kneeload.association.result import BeforeOnsets
from kneeload.association.selection import Selective
from kneeload.association.sentences import (
    LEFT_OPEN,
    backing_off_sentence,
    before_onsets_sentence,
    primary_sentence,
    rule_sentence,
    why_sentence,
)
from kneeload.rules import RULES
from kneeload.settings import DEFAULTS
from kneeload.simulate.diaries import World, as_frames, diaries
from tests.association.building import day, diary, flags, pain, runs

FIRST = dt.date(2024, 1, 1)
YEAR = World(weeks=52, pairs=116, effect=0.5)


@cache
def told(world: World = YEAR, runner: int = 0) -> Explanation:
    """Return the explanation of a simulated runner at the end of the diary."""
    own_runs, own_pain = as_frames(diaries(world, runners=2, seed=4), runner, FIRST)
    return explained(own_runs, own_pain, today=FIRST + dt.timedelta(days=world.days))


def explained(
    own_runs: pd.DataFrame,
    own_pain: pd.DataFrame,
    *,
    today: dt.date,
    own_flags: pd.DataFrame | None = None,
    own_weeks: pd.DataFrame | None = None,
    own_diary: pd.DataFrame | None = None,
) -> Explanation:
    """Call `explain` with empty frames where none are given."""
    return explain(
        own_runs,
        own_pain,
        frames.empty(frames.FLAGS) if own_flags is None else own_flags,
        frames.empty(frames.WEEKS) if own_weeks is None else own_weeks,
        frames.empty(frames.DIARY) if own_diary is None else own_diary,
        settings=DEFAULTS,
        today=today,
    )


def test_the_frames_give_what_the_arrays_of_the_simulation_give() -> None:
    pairs = diaries(YEAR, runners=2, seed=4).pairs(116)
    found = link(pairs.distance_km, pairs.morning, [pairs.before], pairs.day)
    for runner in range(2):
        answer = told(runner=runner).primary
        assert answer.pairs == 116
        assert answer.rho == pytest.approx(found.rho[runner])
        assert answer.low == pytest.approx(found.low[runner])
        assert answer.p == pytest.approx(found.p[runner])


def test_a_planted_link_is_told_in_the_words_agreed() -> None:
    answer, said = told().primary, told().sentences[0]
    assert answer.verdict == "positive"
    pattern = (
        r"In your log, longer runs were followed by more pain the next morning\. "
        r"The link is moderate \(rho 0\.\d\d, 95 % interval 0\.\d\d to 0\.\d\d, 116 runs\)\. "
        r"It hurt on 76 mornings, with scores up to 3/10\."
    )
    assert re.fullmatch(pattern, said)
    assert f"rho {answer.rho:.2f}" in said


def test_the_json_has_what_was_promised_and_only_json() -> None:
    printed = json.loads(json.dumps(told().as_json(), allow_nan=False))
    assert set(printed["primary"]) >= {
        "verdict", "rho", "low", "high", "p", "pairs", "detectable",
    }  # fmt: skip
    assert printed["backed_off"] is False
    assert [rule["rule"] for rule in printed["rules"]] == list(RULES)
    for rule in printed["rules"]:
        assert set(rule) >= {"rule", "onsets", "warned", "expected", "flags", "followed"}
    assert printed["today"] == "2024-12-30"


def test_an_empty_log_is_told_what_is_missing() -> None:
    found = explained(runs(), pain(), today=FIRST)
    assert found.primary.verdict == "not_enough"
    assert found.backed_off is None
    assert "40 more next-morning scores and 18 more weeks" in found.sentences[0]
    json.dumps(found.as_json(), allow_nan=False)


def test_runs_without_scores_and_scores_without_runs() -> None:
    alone = explained(runs((0, 5.0), (2, 6.0)), pain(), today=day(9).date())
    assert (alone.checks.runs, alone.checks.scored_days) == (2, 0)
    assert alone.checks.morning_share == 0
    assert alone.checks.zero_share is None
    rest = explained(runs(), pain((0, "rest", 0), (4, "rest", 2)), today=day(9).date())
    assert (rest.checks.zero_share, rest.checks.longest_gap_days) == (0.5, 3)


def test_nothing_after_today_changes_the_answer() -> None:
    own_runs, own_pain = as_frames(diaries(YEAR, runners=2, seed=4), 0, FIRST)
    today = FIRST + dt.timedelta(days=250)
    later = pd.Timestamp(today) + pd.Timedelta(days=1)
    all_flags = flags(ten_percent=(3, 90)).assign(date=[pd.Timestamp(today), later])
    full = explained(own_runs, own_pain, today=today, own_flags=all_flags)
    cut = explained(
        own_runs[own_runs["local_date"] < later],
        own_pain[own_pain["local_date"] < later],
        today=today,
        own_flags=all_flags[:1],
    )
    assert full == cut


def test_it_gives_the_same_answer_twice_and_in_any_order() -> None:
    own_runs, own_pain = as_frames(diaries(YEAR, runners=2, seed=4), 0, FIRST)
    shuffled = explained(
        own_runs.sample(frac=1, random_state=1),
        own_pain.sample(frac=1, random_state=1),
        today=FIRST + dt.timedelta(days=YEAR.days),
    )
    assert shuffled == told()


def test_two_years_are_explained_in_under_five_seconds() -> None:
    world = World(weeks=104, pairs=230)
    own_runs, own_pain = as_frames(diaries(world, runners=1, seed=1), 0, FIRST)
    began = time.perf_counter()
    explained(own_runs, own_pain, today=FIRST + dt.timedelta(days=world.days))
    assert time.perf_counter() - began < 5


def test_an_onset_stands_beside_quiet_days_and_under_its_flag() -> None:
    daily = [(number, "rest", 0) for number in range(70)]
    daily[50] = (50, "rest", 4)
    some = runs(*((number, 5.0) for number in range(0, 70, 2)), (49, 20.0))
    found = explained(
        some, pain(*daily), today=day(69).date(), own_flags=flags(long_run_spike=(49,))
    )
    onset = found.before_onsets.onsets[0]
    assert (onset.date, onset.score) == (day(50).date(), 4)
    # days 43 to 49: 5 km on 44, 46 and 48, and 20; the quiet weeks hold 15 or 20, and 35 or 40
    assert onset.week["distance_km"] == 35
    assert onset.usual["distance_km"] is not None
    assert 15 < onset.usual["distance_km"] < 20
    assert found.before_onsets.p is None
    spike = next(rule for rule in found.rules if rule.rule == "long_run_spike")
    assert (spike.onsets, spike.warned, spike.flags, spike.followed) == (1, 1, 1, 1)
    assert spike.lead_days == 1
    # at risk: days 7 to 50 and 58 to 69; warned: days 50 to 56
    assert spike.expected == pytest.approx(1 / 56)


def test_injuries_are_events_of_their_own() -> None:
    entries = diary({"kind": "injury", "local_date": day(40), "until": day(60)})
    found = explained(
        runs(*((number, 5.0) for number in range(0, 80, 2))),
        pain((0, "rest", 0)),
        today=day(79).date(),
        own_flags=flags(ten_percent=(35,)),
        own_diary=entries,
    )
    rule = next(r for r in found.time_loss if r.rule == "ten_percent")
    assert (rule.onsets, rule.warned, rule.followed) == (1, 1, 1)
    # 80 days less the 20 of the injury after its first; warned: days 36 to 42, of those 36 to 40
    assert rule.expected == pytest.approx(5 / 60)


def test_reasons_for_easier_weeks_are_counted_once_a_week() -> None:
    weeks = frames.conform(pd.DataFrame({"week": ["2026-W02", "2026-W03"]}), frames.WEEKS)
    answers = [("2026-W02", "planned"), ("2026-W02", "knee"), ("2026-W03", "knee"), ("x", "other")]
    entries = diary(
        *({"kind": "why", "subject": w, "text": t, "local_date": day(20)} for w, t in answers)
    )
    found = explained(
        runs((0, 5.0)), pain(), today=day(30).date(), own_weeks=weeks, own_diary=entries
    )
    assert found.why == {"planned": 0, "knee": 2, "other": 0}
    assert "2 knee" in " ".join(found.sentences)


ANSWER = Answer(
    verdict="none", pairs=58, weeks=26, rho=0.111, low=-0.15, high=0.36, p=0.4, detectable=0.38
)


@pytest.mark.parametrize(
    ("found", "part"),
    [
        (ANSWER, "only a link of about 0.38 or more could have shown up"),
        (replace(ANSWER, detectable=0.5), "only a strong link (about 0.5) could have shown up"),
        (
            replace(ANSWER, verdict="negative"),
            "longer runs were followed by less pain the next morning",
        ),
        (replace(ANSWER, low=None), "rho 0.11, no interval"),
        (replace(ANSWER, verdict="not_enough", missing=("scores that differ",)), "all the same"),
    ],
)
def test_the_primary_answer_in_words(found: Answer, part: str) -> None:
    assert part in primary_sentence(found, "km")


def test_backing_off_in_words() -> None:
    hurt = replace(ANSWER, verdict="negative", rho=-0.4)
    assert backing_off_sentence(hurt, "km").startswith(
        "Runs that you began with more pain tended to be shorter"
    )
    assert "do not show that you backed off" in backing_off_sentence(ANSWER, "km")
    assert "Too few" in backing_off_sentence(replace(ANSWER, verdict="not_enough"), "km")


def test_distances_are_told_in_the_runners_units() -> None:
    weeks = BeforeOnsets(onsets=(), difference_km=-3.218688, p=None, selective=Selective())
    assert "2.0 mi less" in str(before_onsets_sentence(weeks, "mi"))


def test_what_is_not_known_is_not_said() -> None:
    assert why_sentence({"planned": 0, "knee": 0, "other": 0}) is None
    nothing = BeforeOnsets(onsets=(), difference_km=None, p=None, selective=Selective())
    assert before_onsets_sentence(nothing, "km") is None


def test_a_rule_is_told_beside_chance() -> None:
    rule = Backtest(
        rule="ten_percent", onsets=6, warned=4, expected=3.1, flags=20, followed=4, open=1,
        flags_per_4_weeks=1.2, followed_expected=3.6,
    )  # fmt: skip
    said = str(rule_sentence(rule))
    assert "4 of 6 new spells of pain had a flag in the 7 days before (3.1 expected by chance)" in (
        said
    )
    assert "4 of 20 flags were followed by a new spell of pain (3.6 expected by chance)" in said
    assert rule_sentence(withheld(rule)) is None


def choosy() -> Explanation:
    """Return the explanation of a runner who scores what hurts and what was long."""
    cohort = diaries(World(weeks=52, pairs=0, entry="sore_or_long"), runners=4, seed=4)
    own_runs, own_pain = as_frames(cohort, 3, FIRST)
    marks = flags(long_run_spike=tuple(range(0, 300, 9)))
    return explained(own_runs, own_pain, today=FIRST + dt.timedelta(days=364), own_flags=marks)


def test_a_withheld_verdict_is_withheld_everywhere() -> None:
    found = choosy()
    printed = json.loads(json.dumps(found.as_json(), allow_nan=False))
    assert printed["primary"]["verdict"] == "withheld"
    assert [printed["primary"][n] for n in ("rho", "low", "high", "p", "detectable")] == [None] * 5
    look = printed["primary"]["selective"]
    assert printed["selective"] == look
    assert look["p"] < 0.05
    assert look["auc"] > 0.58
    assert look["median_with_km"] > look["median_without_km"]
    assert printed["backed_off"] is None
    assert printed["backing_off"]["verdict"] == "withheld"
    assert {q["answer"]["verdict"] for q in printed["secondary"]} <= {"withheld", "not_enough"}
    assert (printed["lags"], printed["before_onsets"]["difference_km"]) == ([], None)
    assert all(rule["withheld"] and rule["expected"] is None for rule in printed["rules"])
    text = " ".join(found.sentences)
    assert "No verdict: the runs you scored were longer than the others" in text
    assert "Score every run for eight weeks" in text
    assert LEFT_OPEN in text
    assert "rho" not in text
    assert "by chance" not in text


BANNED = ("cause", "predict", "risk", "no link", "safe")
WORLDS = [
    YEAR,
    World(weeks=26, pairs=58),
    World(weeks=18, pairs=40, backs_off=0.3),
    World(weeks=6, pairs=10),
    World(weeks=104, pairs=200, flares_per_year=15),
]


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("runner", [0, 1])
def test_no_sentence_says_more_than_a_diary_can(world: World, runner: int) -> None:
    found = told(world, runner)
    text = " ".join(found.sentences).lower()
    assert not [word for word in BANNED if word in text]
    assert "nan" not in text.split()
    numbers = [value for value in (found.primary.rho, found.primary.p) if value is not None]
    assert np.isfinite(numbers).all()
