"""What the diary answers on load and pain: the findings of `kneeload.association` for a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kneeload import formatting
from kneeload.association.sentences import (
    FEW_WARNINGS,
    READING,
    backing_off_sentence,
    before_onsets_sentence,
    primary_sentence,
    question_sentences,
    questions_heading,
    rules_withheld_sentence,
    selective_sentence,
    why_sentence,
)
from kneeload.reports.drawings import drawing
from kneeload.reports.model import LoadAndPain, Warned
from kneeload.reports.sections.flags import title
from kneeload.rules import installed_rules

if TYPE_CHECKING:
    from kneeload.association import Backtest, Explanation
    from kneeload.formatting import Units
    from kneeload.reports.model import Drawing

NO_ONSET = (
    "kneeload cannot compare rules with your pain yet: there was no new spell of pain (a score "
    "of 3 or more after seven days with scores of 1 or less)."
)
ONSETS = (
    "There {spells} of pain (a score of 3 or more after seven days with scores of 1 or less). For "
    "each rule about load, the table shows how many spells of pain had a flag in the 7 days "
    "before, and how many you would expect by chance."
)


def load_and_pain(explanation: Explanation, units: Units, *, drawn: bool) -> LoadAndPain | None:
    """Return the section on load and pain; None where the diary holds no score."""
    if not explanation.checks.scored_days:
        return None
    return LoadAndPain(
        primary=primary_sentence(explanation.primary, units),
        reading=READING if explanation.primary.rho is not None else "",
        data=_data(explanation, units),
        others=tuple(filter(None, _others(explanation, units))),
        further_heading="".join(questions_heading(explanation.secondary)) or "More questions",
        further=tuple(question_sentences(explanation.secondary)),
        rules_intro=_intro(explanation, units),
        rules=tuple(_warned(r) for r in explanation.rules if _compared(r)),
        drawing=_lags(explanation) if drawn else None,
    )


def _others(explanation: Explanation, units: Units) -> tuple[str | None, ...]:
    return (
        backing_off_sentence(explanation.backing_off, units),
        why_sentence(explanation.why),
        before_onsets_sentence(explanation.before_onsets, units),
    )


def _data(explanation: Explanation, units: Units) -> str:
    checks = explanation.checks
    share = checks.morning_share or 0.0
    parts = (
        f"You logged scores on {formatting.count(checks.scored_days, 'day')}.",
        f"{round(share * checks.runs)} of your {formatting.count(checks.runs, 'run')} have a "
        "next-morning score."
        if checks.runs
        else None,
        selective_sentence(explanation.primary.selective, units),
    )
    return " ".join(filter(None, parts))


def _intro(explanation: Explanation, units: Units) -> str:
    onsets = len(explanation.before_onsets.onsets)
    if not onsets:
        return f"{NO_ONSET} {FEW_WARNINGS}"
    spells = "was one new spell" if onsets == 1 else f"were {onsets:,} new spells"
    compared = ONSETS.format(spells=spells)
    withheld = rules_withheld_sentence(explanation.before_onsets.selective, units)
    return f"{withheld or compared} {FEW_WARNINGS}"


def _compared(rule: Backtest) -> bool:
    """Return whether a rule of load can stand beside the onsets."""
    installed = installed_rules().get(rule.rule)
    of_load = installed is None or not installed.is_of_pain
    return bool(of_load and rule.flags and rule.onsets and not rule.withheld)


def _warned(rule: Backtest) -> Warned:
    return Warned(
        title=title(rule.rule),
        onsets=rule.onsets,
        warned=rule.warned,
        expected=rule.expected,
        flags=rule.flags,
        followed=rule.followed,
        followed_expected=rule.followed_expected,
        flags_per_4_weeks=rule.flags_per_4_weeks,
        lead_days=rule.lead_days,
        interval=None if rule.low is None or rule.high is None else (rule.low, rule.high),
    )


def _lags(explanation: Explanation) -> Drawing | None:
    from kneeload.charts import lags

    picture = lags.picture(explanation.lags)
    return drawing(picture) if picture else None
