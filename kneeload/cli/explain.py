"""The command that says whether load goes before pain in one diary, and what warned of it."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import click

from kneeload.cli.app import App, pass_app
from kneeload.cli.output import as_json, json_option, table, width

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kneeload.association import Explanation
    from kneeload.formatting import Units
    from kneeload.reports.model import LoadAndPain, Warned


_COLUMNS = """spells: new spells of pain
warned: spells of pain with a flag in the 7 days before them
hits: flags followed by a spell within 7 days
chance: how many you would expect by chance"""


@click.command(epilog="Example: kneeload pain explain")
@json_option
@pass_app
def explain(app: App, as_json_: bool) -> None:
    """Show what your diary says about load and later pain.

    The main question was chosen in advance: are longer runs followed by more pain the next morning,
    allowing for the pain before the run? All other questions need a clearer result: when you
    look for many links, some turn up by chance.
    """
    from kneeload.reports.api import explain_analysis

    with app.read() as log:
        analysis = app.analysis(log)
    explanation = explain_analysis(analysis)
    if as_json_:
        click.echo(as_json(explanation.as_json()))
    else:
        click.echo(explanation_text(explanation, analysis.settings.units))


def explanation_text(explanation: Explanation, units: Units) -> str:
    """Return what the report says of load and pain, every secondary question, and the rules."""
    from kneeload.association.sentences import progress_sentence
    from kneeload.reports.notices import ASSOCIATION
    from kneeload.reports.sections.association import load_and_pain
    from kneeload.rules.red_flags import NOT_A_DIAGNOSIS

    lacking = progress_sentence(explanation.primary)
    answer = load_and_pain(explanation, units, drawn=False)
    sentences = _sentences(answer, lacking) if answer else [lacking]
    texts = [*sentences, f"{NOT_A_DIAGNOSIS} {ASSOCIATION}"]
    paragraphs = [textwrap.fill(sentence, width()) for sentence in texts if sentence]
    if answer and answer.rules:
        paragraphs.insert(-1, _rules(answer.rules))
    return "\n\n".join(paragraphs)


def _sentences(answer: LoadAndPain, lacking: str | None) -> Iterator[str]:
    """Yield the sentences; of the questions that nothing can answer yet, how far it is to that."""
    yield answer.data
    yield lacking or answer.primary
    yield answer.reading
    if not lacking:
        yield f"{answer.further_heading}:"
        yield from answer.further
    yield from answer.others
    yield answer.rules_intro


def _rules(rules: tuple[Warned, ...]) -> str:
    numbers = ("onsets", "warned", "expected", "flags", "followed", "followed_expected")
    rows = [[r.title, *(f"{round(getattr(r, name), 1):g}" for name in numbers)] for r in rules]
    header = ("rule", "spells", "warned", "chance", "flags", "hits", "chance")
    return f"{table(rows, header, 'lrrrrrr')}\n\n{_COLUMNS}"
