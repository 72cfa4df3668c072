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
    "Rho is 0 if there is no link, 1 if longer runs were always followed by more pain, and -1 if "
    "they were always followed by less. The 95 % interval is the range of values that fit your "
    "diary."
)
WHAT_HELPS = "Score every run for eight weeks, painless ones too, and this can be answered."
FEW_WARNINGS = (
    "Few injuries announce themselves. In the largest study that followed runners, only about one "
    "injury in nine came within four weeks after a complaint in the same part of the body (a "
    "second-hand figure). So a knee without pain says little about the coming weeks."
)

LEFT_OPEN = "The other questions are left open for the same reason."
_FOLLOWED = {
    "week_sum_km": "A higher 7-day distance was",
    "long_run_ratio": "Runs that were long by the standard of the previous 30 days were",
    "descent_m": "More metres downhill were",
    "hard_min": "More hard minutes were",
    "knee_load": "More knee load was",
    "days_in_row": "More consecutive running days were",
}
_MODERATE, _STRONG, _ABOUT_STRONG, _HARDLY_ANY = 0.3, 0.5, 0.45, 0.9
_FEW_MORNINGS = 20


def sentences(explanation: Explanation, units: Units) -> tuple[str, ...]:
    """Return every finding as a sentence, the primary one first; distances in km or mi."""
    onsets, silent = explanation.before_onsets, explanation.primary.verdict == "withheld"
    candidates = chain(
        [primary_sentence(explanation.primary, units)],
        [] if silent else [selective_sentence(explanation.primary.selective, units)],
        [f"{heading}:" for heading in questions_heading(explanation.secondary)],
        question_sentences(explanation.secondary),
        [
            backing_off_sentence(explanation.backing_off, units),
            why_sentence(explanation.why),
            before_onsets_sentence(onsets, units),
            pain_free_sentence(explanation.pain_free, units),
        ],
        [rules_withheld_sentence(onsets.selective, units)] if onsets.onsets else [],
        [FEW_WARNINGS] if onsets.onsets else [],
        (rule_sentence(rule) for rule in explanation.rules if rule.onsets and rule.flags),
    )
    return tuple(sentence for sentence in candidates if sentence)


def primary_sentence(answer: Answer, units: Units) -> str:
    """Say what the primary question came to."""
    if answer.verdict == "not_enough":
        return _not_enough(answer)
    if answer.verdict == "withheld":
        return f"No verdict: {_uneven(answer.selective, units)} {WHAT_HELPS}"
    evidence = f"{_numbers(answer)}, {answer.pairs} runs"
    if answer.verdict == "none":
        return (
            f"In your log, longer runs showed no clear link with next-morning pain ({evidence}). "
            f"{_mornings(answer)} {_could_have_shown(answer)}"
        )
    amount = "more" if answer.verdict == "positive" else "less"
    return (
        f"In your log, longer runs were followed by {amount} pain the next morning. The link is "
        f"{_strength(answer)} ({evidence}). {_mornings(answer)}"
    )


def selective_sentence(selective: Selective, units: Units) -> str | None:
    """Say how long runs with and without the scores were; ``None`` where either kind is lacking."""
    if selective.auc is None:
        return None
    with_scores, without = _medians(selective, units)
    return (
        f"{selective.runs_with:,} runs have a score before the run and one the next morning "
        f"(median length {with_scores}). In the same period, {selective.runs_without:,} runs lack "
        f"one or both (median length {without})."
    )


def progress_sentence(answer: Answer) -> str | None:
    """Say how far the diary has come towards a verdict; ``None`` where it is long enough."""
    if answer.pairs >= MIN_PAIRS and answer.weeks >= MIN_WEEKS:
        return None
    return (
        f"Not enough data yet. kneeload needs {MIN_PAIRS} runs with a score before the run and "
        f"one the next morning, over {MIN_WEEKS} weeks. So far there are {answer.pairs} such "
        f"runs over {answer.weeks} weeks. `kneeload pain` asks for both scores."
    )


def questions_heading(questions: Sequence[Question]) -> tuple[str, ...]:
    """Say how many secondary questions are answered; nothing where none is."""
    answered = len(_answered(questions))
    if answered < 2:
        return ("One more possible link",) * answered
    number = formatting.number_name(answered).capitalize()
    return (
        f"{number} more possible links. When you look for many links, some turn up by chance, so "
        "kneeload needs clearer results here",
    )


def _answered(questions: Sequence[Question]) -> list[Question]:
    if any(question.answer.verdict == "withheld" for question in questions):
        return []
    return [question for question in questions if question.answer.rho is not None]


def question_sentences(questions: Sequence[Question]) -> Iterator[str]:
    """Yield what each secondary question came to; those without an answer share one sentence."""
    if any(question.answer.verdict == "withheld" for question in questions):
        yield LEFT_OPEN
        return
    answered = _answered(questions)
    yield from map(_question_sentence, answered)
    dull = [q.meaning for q in questions if NO_VARIATION in q.answer.missing]
    short = [q.meaning for q in questions if q not in answered and q.meaning not in dull]
    if dull:
        yield f"Not answered, as all the values were the same: {formatting.join(dull)}."
    if short:
        yield f"Not answered, as too few runs have both scores: {formatting.join(short)}."


def _question_sentence(question: Question) -> str:
    amount = {"positive": "more", "negative": "less"}.get(question.answer.verdict)
    finding = (
        f"{_FOLLOWED[question.exposure]} followed by {amount}"
        if amount
        else f"{question.meaning.capitalize()} showed no clear link with"
    )
    return f"{finding} pain the next morning ({_numbers(question.answer)})."


def backing_off_sentence(answer: Answer, units: Units) -> str:
    """Say whether runs were shorter when it hurt before them."""
    if answer.verdict == "not_enough":
        return "Too few runs have a score before them to see whether you backed off when it hurt."
    if answer.verdict == "withheld":
        return (
            f"Whether you backed off when it hurt is left open: {_uneven(answer.selective, units)}"
        )
    evidence = f"({_numbers(answer)}, {answer.pairs} runs)"
    if answer.verdict == "negative":
        return (
            "Runs that you began with more pain tended to be shorter, so you may have backed "
            f"off when it hurt {evidence}."
        )
    return (
        f"Your runs do not show that you backed off when it hurt {evidence}. A check like this "
        "easily misses such a habit."
    )


def why_sentence(answers: dict[str, int]) -> str | None:
    """Say what the runner answered to "why was this week easier?"; ``None`` without an answer."""
    reasons = ", ".join(f"{n} {reason}" for reason, n in answers.items() if n)
    return f"Your reasons for lighter weeks: {reasons}." if reasons else None


def before_onsets_sentence(onsets: BeforeOnsets, units: Units) -> str | None:
    """Say what the weeks before onsets held; ``None`` where nothing can be compared."""
    if onsets.difference_km is None:
        return None
    more, spells = in_units(onsets.difference_km, units), len(onsets.onsets)
    changed = f"{abs(more):.1f} {units} {'more' if more >= 0 else 'less'}"
    if spells == 1:
        return (
            f"You had one new spell of pain. You ran {changed} in the 7 days before it than in "
            f"{_usual_week()}. One case proves nothing."
        )
    chance = "too few cases to conclude anything" if onsets.p is None else f"p = {onsets.p:.2g}"
    return (
        f"You had {_spells(spells)}. On average you ran {changed} in the 7 days before them than "
        f"in {_usual_week(chance)}."
    )


def _usual_week(*remarks: str) -> str:
    return f"a usual week without pain ({'; '.join(('no score above 1', *remarks))})"


def rules_withheld_sentence(selective: Selective, units: Units) -> str | None:
    """Say why no rule and no week is compared with new spells of pain; ``None`` where they are."""
    if not selective.withholds:
        return None
    return f"What came before your new spells of pain is left open: {_uneven(selective, units)}"


def rule_sentence(test: Backtest) -> str | None:
    """Say how often a rule had a flag in the week before pain set in, beside chance."""
    if test.expected is None or test.followed_expected is None:
        return None
    return (
        f"{test.rule}: {test.warned} of {_spells(test.onsets)} had a flag in the 7 days before "
        f"({test.expected:.1f} expected by chance). {test.followed} of "
        f"{formatting.count(test.flags, 'flag')} were followed by a new spell of pain "
        f"({test.followed_expected:.1f} expected by chance)."
    )


def _spells(number: int) -> str:
    return formatting.count(number, "new spell of pain", "new spells of pain")


def _uneven(selective: Selective, units: Units) -> str:
    """Say how the runs that were scored differ from the others."""
    longer = "longer" if selective.auc is not None and selective.auc >= 0.5 else "shorter"
    with_scores, without = _medians(selective, units)
    return (
        f"the runs you scored were {longer} than the others (median length {with_scores}, "
        f"without scores {without}). Choosing which runs to score can create what looks like a "
        "link."
    )


def _medians(selective: Selective, units: Units) -> tuple[str, str]:
    both = selective.median_with_km, selective.median_without_km
    with_scores, without = (formatting.distance(km, units) for km in both)
    return with_scores, without


def _mornings(answer: Answer) -> str:
    """Say how many of the mornings hurt: what a link rests on where most of them did not."""
    hurt = formatting.count(answer.painful or 0, "morning")
    if answer.painful is not None and answer.painful < _FEW_MORNINGS:
        return (
            f"The result rests on {hurt.replace('morning', 'painful morning')} (highest score "
            f"{answer.highest}/10), so few that one bad spell could explain it."
        )
    return f"It hurt on {hurt}, with scores up to {answer.highest}/10."


def _not_enough(answer: Answer) -> str:
    if NO_VARIATION in answer.missing:
        return "No verdict: your scores or distances were all the same."
    still = formatting.join(answer.missing)
    return (
        f"No verdict yet. Still missing: {still}. It needs runs with a score before and one the "
        "next morning."
    )


def _strength(answer: Answer) -> str:
    size = abs(answer.rho or 0.0)
    return "strong" if size >= _STRONG else "moderate" if size >= _MODERATE else "weak"


def _numbers(answer: Answer) -> str:
    interval = (
        "no interval"
        if answer.low is None or answer.high is None
        else f"95 % interval {answer.low:.2f} to {answer.high:.2f}"
    )
    return f"rho {answer.rho:.2f}, {interval}"


def _could_have_shown(answer: Answer) -> str:
    """Say how strong a link would have had to be, by the runs and by the mornings that hurt."""
    size = answer.detectable or 0.0
    if size >= _HARDLY_ANY:
        return "With so few painful mornings, hardly any link could have shown up."
    kind = (
        f"strong link (about {size:.1f})"
        if size >= _ABOUT_STRONG
        else f"link of about {size:.2f} or more"
    )
    return f"With the data so far, only a {kind} could have shown up."
