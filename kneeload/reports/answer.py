"""What the diary answers on load and pain: the findings of `kneeload.association` for a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kneeload import words
from kneeload.association.words import (
    READING,
    backing_off_sentence,
    before_onsets_sentence,
    pain_free_sentence,
    primary_sentence,
    question_sentence,
    why_sentence,
)
from kneeload.reports.drawing import drawing
from kneeload.reports.episodes import title
from kneeload.reports.report import LoadAndPain, Warned
from kneeload.rules import installed_rules

if TYPE_CHECKING:
    from kneeload.association import Backtest, Explanation
    from kneeload.reports.report import Drawing
    from kneeload.settings import Units

NO_ONSET = (
    "No rule can be held against your knee yet: pain has not set in after seven scored days of at "
    "most 1."
)
ONSETS = (
    "Pain set in {often}: a score of 3 or more after seven scored days of at most 1. For each rule "
    "of load: how many of these had its flag in the 7 days before, and how many chance would give."
)


def load_and_pain(found: Explanation, units: Units, *, drawn: bool) -> LoadAndPain | None:
    """Return the section on load and pain; None where the diary holds no score."""
    if not found.checks.scored_days:
        return None
    tests = sum(question.p_holm is not None for question in found.secondary)
    return LoadAndPain(
        primary=primary_sentence(found.primary),
        reading=READING if found.primary.rho is not None else "",
        data=_data(found),
        others=tuple(filter(None, _others(found, units))),
        further=tuple(question_sentence(question, tests) for question in found.secondary),
        rules_intro=_intro(found),
        rules=tuple(_warned(r) for r in found.rules if r.flags and r.onsets and _of_load(r)),
        drawing=_lags(found) if drawn else None,
    )


def _others(found: Explanation, units: Units) -> tuple[str | None, ...]:
    return (
        backing_off_sentence(found.backing_off),
        why_sentence(found.why),
        before_onsets_sentence(found.before_onsets, units),
        pain_free_sentence(found.pain_free, units),
    )


def _data(found: Explanation) -> str:
    checks = found.checks
    days = f"{words.count(checks.runs, 'run')} and {words.count(checks.scored_days, 'day')} scored"
    if checks.morning_share is None:
        return f"{days}."
    return f"{days}; {words.percent(checks.morning_share)} of the runs have a next-morning score."


def _intro(found: Explanation) -> str:
    onsets = len(found.before_onsets.onsets)
    return ONSETS.format(often=words.how_often(onsets)) if onsets else NO_ONSET


def _of_load(rule: Backtest) -> bool:
    known = installed_rules().get(rule.rule)
    return known is None or not known.is_of_pain


def _warned(rule: Backtest) -> Warned:
    return Warned(
        title=title(rule.rule),
        onsets=rule.onsets,
        warned=rule.warned,
        expected=rule.expected,
        flags=rule.flags,
        followed=rule.followed,
        flags_per_4_weeks=rule.flags_per_4_weeks,
        lead_days=rule.lead_days,
        interval=None if rule.low is None or rule.high is None else (rule.low, rule.high),
    )


def _lags(found: Explanation) -> Drawing | None:
    from kneeload.charts import lags

    picture = lags.picture(found.lags)
    return drawing(picture) if picture else None
