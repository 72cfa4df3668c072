"""The findings as sentences: what went with what, how sure, and what could not have been seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kneeload.association.primary import MIN_PAIRS, MIN_WEEKS, NO_VARIATION
from kneeload.words import in_units

if TYPE_CHECKING:
    from kneeload.association.backtest import Backtest
    from kneeload.association.explanation import BeforeOnsets, Explanation
    from kneeload.association.painfree import PainFree
    from kneeload.association.primary import Answer
    from kneeload.association.secondary import Question
    from kneeload.settings import Units

READING = (
    "Rho is 0 where the two have nothing to do with each other, and 1 where every longer run was "
    "followed by more pain; the range after it is what the same diary is compatible with."
)
_STRONG = 0.45
_FEW_MORNINGS = 20


def sentences(found: Explanation, units: Units) -> tuple[str, ...]:
    """Return every finding as a sentence, the primary one first; distances in km or mi."""
    tests = sum(question.p_holm is not None for question in found.secondary)
    said = (
        primary_sentence(found.primary),
        *(question_sentence(question, tests) for question in found.secondary),
        backing_off_sentence(found.backing_off),
        why_sentence(found.why),
        before_onsets_sentence(found.before_onsets, units),
        pain_free_sentence(found.pain_free, units),
        *(rule_sentence(rule) for rule in found.rules if rule.onsets and rule.flags),
    )
    return tuple(sentence for sentence in said if sentence)


def primary_sentence(found: Answer) -> str:
    """Say what the primary question came to."""
    if found.verdict == "not_enough":
        return _not_enough(found)
    evidence = f"({_numbers(found)}, {found.pairs} runs with both scores)"
    if found.verdict == "none":
        return (
            "In your log, longer runs did not stand out by more or less pain the next morning "
            f"{evidence}. {_mornings(found)} {_could_have_shown(found)}"
        )
    amount = "more" if found.verdict == "positive" else "less"
    return (
        f"In your log, longer runs went with {amount} pain the next morning {evidence}. "
        f"{_mornings(found)}"
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


def _mornings(found: Answer) -> str:
    """Say how many of the mornings hurt: what a link rests on where most of them did not."""
    told = f"On {found.painful} of these mornings the score was above 0, at most {found.highest}"
    few = found.painful is not None and found.painful < _FEW_MORNINGS
    return f"{told}: so few that a single bad spell can decide this." if few else f"{told}."


def question_sentence(question: Question, tests: int) -> str:
    """Say what a secondary question came to, corrected for the number of `tests`."""
    found, subject = question.answer, question.meaning
    if found.verdict == "not_enough":
        lack = "all the same" if NO_VARIATION in found.missing else "too few runs that tell"
        return f"Not asked of {subject}: {lack}."
    seen = {"positive": "went with more", "negative": "went with less"}
    return (
        f"More {subject} {seen.get(found.verdict, 'did not stand out by more or less')} pain the "
        f"next morning ({_numbers(found)}; one of {tests} tests, corrected for their number)."
    )


def backing_off_sentence(found: Answer) -> str:
    """Say whether runs were shorter when it hurt before them."""
    if found.verdict == "not_enough":
        return "Too few runs with a score before them to see whether you backed off when it hurt."
    if found.verdict == "negative":
        return (
            "You backed off when it hurt: runs that began with more pain were shorter "
            f"({_numbers(found)}, {found.pairs} runs)."
        )
    return (
        "Your runs do not show that you backed off when it hurt "
        f"({_numbers(found)}, {found.pairs} runs); such a habit is easily missed."
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
    chance = "too few for more than a picture" if found.p is None else f"p = {found.p:.2g}"
    return (
        f"Onsets after quiet days: {len(found.onsets)}. The week before held {abs(more):.1f} "
        f"{units} {'more' if more >= 0 else 'less'} than around your own quiet days ({chance})."
    )


def pain_free_sentence(found: PainFree, units: Units) -> str | None:
    """Say where in the run pain began; ``None`` where no run says so."""
    if found.median_km is None:
        return None
    where = (
        f"Pain began at {in_units(found.median_km, units):.1f} {units} (median of "
        f"{_counted(len(found.onsets), 'run')}); {_counted(found.ended_before, 'run')} without "
        f"pain ended before that, {found.went_beyond} went at least as far."
    )
    if found.trend_km is None or found.low is None or found.high is None:
        return where
    trend, low, high = (
        f"{in_units(value, units):+.1f}".replace("-0.0", "0.0").replace("+0.0", "0.0")
        for value in (found.trend_km, found.low, found.high)
    )
    return f"{where} Over four weeks that moved by {trend} {units} ({low} to {high})."


def rule_sentence(found: Backtest) -> str:
    """Say how often a rule had a flag in the week before pain set in, beside chance."""
    return (
        f"{found.rule}: {found.warned} of {_counted(found.onsets, 'onset')} had its flag in the 7 "
        f"days before, {found.expected:.1f} by chance; {found.followed} of "
        f"{_counted(found.flags, 'flag')} followed by an onset."
    )


def _not_enough(found: Answer) -> str:
    if NO_VARIATION in found.missing:
        return "No verdict: your scores or distances were all the same."
    still = ", ".join(found.missing)
    return f"No verdict yet; still missing: {still}. A verdict rests on runs with both scores."


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _numbers(found: Answer) -> str:
    interval = (
        "no interval"
        if found.low is None or found.high is None
        else f"95% CI {found.low:.2f} to {found.high:.2f}"
    )
    return f"partial rho {found.rho:.2f}, {interval}"


def _could_have_shown(found: Answer) -> str:
    size = found.detectable or 0.0
    kind = (
        f"strong link (about {size:.1f})"
        if size >= _STRONG
        else f"link of about {size:.2f} or more"
    )
    return f"With this much data only a {kind} could have shown."
