"""The findings as sentences: what they mean first, then the numbers, then what they rest on."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from kneeload import formatting
from kneeload.association.pain_free import pain_free_sentence
from kneeload.association.questions import MIN_PAIRS, MIN_WEEKS, NO_VARIATION
from kneeload.formatting import in_units

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kneeload.association.backtest import Backtest
    from kneeload.association.questions import Answer, Question
    from kneeload.association.result import BeforeOnsets, Explanation
    from kneeload.association.selection import Selective
    from kneeload.formatting import Units

READING = (
    "Rho is 0 where there is no link and 1 where every longer run was followed by more pain; the "
    "interval shows the values your diary is compatible with."
)
WHAT_HELPS = "Score every run for eight weeks, the dull ones too, and this can be answered."
FEW_WARNINGS = (
    "Few injuries have a warning ache: in the largest cohort of runners about one in nine had a "
    "complaint at the same place in the four weeks before (second-hand figure). A quiet knee says "
    "little about the next weeks."
)
LEFT_OPEN = "The further questions are left open for the same reason."
_MODERATE, _STRONG, _ABOUT_STRONG, _HARDLY_ANY = 0.3, 0.5, 0.45, 0.9
_FEW_MORNINGS = 20


def sentences(found: Explanation, units: Units) -> tuple[str, ...]:
    """Return every finding as a sentence, the primary one first; distances in km or mi."""
    onsets, silent = found.before_onsets, found.primary.verdict == "withheld"
    said = chain(
        [primary_sentence(found.primary, units)],
        [] if silent else [selective_sentence(found.primary.selective, units)],
        question_sentences(found.secondary),
        [
            backing_off_sentence(found.backing_off, units),
            why_sentence(found.why),
            before_onsets_sentence(onsets, units),
            pain_free_sentence(found.pain_free, units),
        ],
        [rules_withheld_sentence(onsets.selective, units)] if onsets.onsets else [],
        [FEW_WARNINGS] if onsets.onsets else [],
        (rule_sentence(rule) for rule in found.rules if rule.onsets and rule.flags),
    )
    return tuple(sentence for sentence in said if sentence)


def primary_sentence(found: Answer, units: Units) -> str:
    """Say what the primary question came to."""
    if found.verdict == "not_enough":
        return _not_enough(found)
    if found.verdict == "withheld":
        return f"No verdict: {_uneven(found.selective, units)} {WHAT_HELPS}"
    evidence = f"{_numbers(found)}, {found.pairs} runs"
    if found.verdict == "none":
        return (
            "In your log longer runs showed no clear link with next-morning pain "
            f"({evidence}). {_mornings(found)} {_could_have_shown(found)}"
        )
    amount = "more" if found.verdict == "positive" else "less"
    return (
        f"In your log longer runs were followed by {amount} pain the next morning. "
        f"The link is {_strength(found)} ({evidence}). {_mornings(found)}"
    )


def selective_sentence(found: Selective, units: Units) -> str | None:
    """Say how long runs with and without the scores were; ``None`` where either kind is lacking."""
    if found.auc is None:
        return None
    with_scores, without = _medians(found, units)
    return (
        f"Runs with both scores had a median of {with_scores}, "
        f"{formatting.count(found.runs_without, 'run')} without them {without}."
    )


def progress_sentence(found: Answer) -> str | None:
    """Say how far the diary has come towards a verdict; ``None`` where it is long enough."""
    if found.pairs >= MIN_PAIRS and found.weeks >= MIN_WEEKS:
        return None
    return (
        f"Not enough data yet: {found.pairs} of at least {MIN_PAIRS} runs have a score before "
        f"them and one the next morning, from {found.weeks} of at least {MIN_WEEKS} weeks. "
        "`kneeload pain` asks for both."
    )


def question_sentences(questions: Sequence[Question]) -> Iterator[str]:
    """Yield what each secondary question came to; those without an answer share one sentence."""
    if any(question.answer.verdict == "withheld" for question in questions):
        yield LEFT_OPEN
        return
    asked = [question for question in questions if question.answer.rho is not None]
    for question in asked:
        yield _question_sentence(question, len(asked))
    dull = [q.meaning for q in questions if NO_VARIATION in q.answer.missing]
    short = [q.meaning for q in questions if q not in asked and q.meaning not in dull]
    if dull:
        yield f"Not answered, since the values were all the same: {formatting.listed(dull)}."
    if short:
        yield f"Not answered, since too few runs have both scores: {formatting.listed(short)}."


def _question_sentence(question: Question, tests: int) -> str:
    seen = {"positive": "was followed by more", "negative": "was followed by less"}
    verb = seen.get(question.answer.verdict, "showed no clear link with")
    return (
        f"More {question.meaning} {verb} pain the next morning ({_numbers(question.answer)}; one "
        f"of {tests} tests, corrected for their number)."
    )


def backing_off_sentence(found: Answer, units: Units) -> str:
    """Say whether runs were shorter when it hurt before them."""
    if found.verdict == "not_enough":
        return "Too few runs with a score before them to see whether you backed off when it hurt."
    if found.verdict == "withheld":
        return (
            f"Whether you backed off when it hurt is left open: {_uneven(found.selective, units)}"
        )
    evidence = f"({_numbers(found)}, {found.pairs} runs)"
    if found.verdict == "negative":
        return f"You backed off when it hurt: runs begun with more pain were shorter {evidence}."
    return (
        f"Your runs do not show that you backed off when it hurt {evidence}; such a habit is "
        "easily missed."
    )


def why_sentence(answers: dict[str, int]) -> str | None:
    """Say what the runner answered to "why was this week easier?"; ``None`` without an answer."""
    given = ", ".join(f"{n} {reason}" for reason, n in answers.items() if n)
    return f"Why your easier weeks were easier, in your own words: {given}." if given else None


def before_onsets_sentence(found: BeforeOnsets, units: Units) -> str | None:
    """Say what the weeks before onsets held; ``None`` where nothing can be compared."""
    if found.difference_km is None:
        return None
    more = in_units(found.difference_km, units)
    chance = "too few cases to conclude anything" if found.p is None else f"p = {found.p:.2g}"
    return (
        f"{_spells(len(found.onsets)).capitalize()}. You had run {abs(more):.1f} {units} "
        f"{'more' if more >= 0 else 'less'} in the week before than around your own quiet days "
        f"({chance})."
    )


def rules_withheld_sentence(found: Selective, units: Units) -> str | None:
    """Say why no rule and no week is compared with new spells of pain; ``None`` where they are."""
    if not found.withholds:
        return None
    return f"What came before your new spells of pain is left open: {_uneven(found, units)}"


def rule_sentence(found: Backtest) -> str | None:
    """Say how often a rule had a flag in the week before pain set in, beside chance."""
    if found.expected is None or found.followed_expected is None:
        return None
    return (
        f"{found.rule}: {found.warned} of {_spells(found.onsets)} had a flag in the 7 days before "
        f"({found.expected:.1f} by chance); {found.followed} of "
        f"{formatting.count(found.flags, 'flag')} were followed by one "
        f"({found.followed_expected:.1f} by chance)."
    )


def _spells(number: int) -> str:
    return formatting.count(number, "new spell of pain", "new spells of pain")


def _uneven(found: Selective, units: Units) -> str:
    """Say how the runs that were scored differ from the others."""
    longer = "longer" if found.auc is not None and found.auc >= 0.5 else "shorter"
    with_scores, without = _medians(found, units)
    return (
        f"the runs you scored were {longer} than the others (median {with_scores}, without scores "
        f"{without}), and choosing which runs to score can look like a link."
    )


def _medians(found: Selective, units: Units) -> tuple[str, str]:
    both = found.median_with_km, found.median_without_km
    with_scores, without = (formatting.distance(km, units) for km in both)
    return with_scores, without


def _mornings(found: Answer) -> str:
    """Say how many of the mornings hurt: what a link rests on where most of them did not."""
    hurt = formatting.count(found.painful or 0, "morning")
    if found.painful is not None and found.painful < _FEW_MORNINGS:
        verb = "decides" if found.painful == 1 else "decide"
        return (
            f"{hurt.replace('morning', 'painful morning')} (up to {found.highest}/10) {verb} it: "
            "so few that one bad spell could explain the result."
        )
    return f"It hurt on {hurt}, up to {found.highest}/10."


def _not_enough(found: Answer) -> str:
    if NO_VARIATION in found.missing:
        return "No verdict: your scores or distances were all the same."
    still = ", ".join(found.missing)
    return f"No verdict yet; still missing: {still}. A verdict rests on runs with both scores."


def _strength(found: Answer) -> str:
    size = abs(found.rho or 0.0)
    return "strong" if size >= _STRONG else "moderate" if size >= _MODERATE else "weak"


def _numbers(found: Answer) -> str:
    interval = (
        "no interval"
        if found.low is None or found.high is None
        else f"95 % interval {found.low:.2f} to {found.high:.2f}"
    )
    return f"rho {found.rho:.2f}, {interval}"


def _could_have_shown(found: Answer) -> str:
    """Say how strong a link would have had to be, by the runs and by the mornings that hurt."""
    size = found.detectable or 0.0
    if size >= _HARDLY_ANY:
        return "With so few painful mornings hardly any link could have shown."
    kind = (
        f"strong link (about {size:.1f})"
        if size >= _ABOUT_STRONG
        else f"link of about {size:.2f} or more"
    )
    return f"With this much data only a {kind} could have shown."
