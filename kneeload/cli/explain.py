"""The command that says whether load goes before pain in one diary, and what warned of it."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import click

from kneeload import words
from kneeload.cli.app import App, pass_app
from kneeload.cli.output import as_json, table

if TYPE_CHECKING:
    from kneeload.association import Explanation

ASSOCIATION = (
    "That two things went together in one diary does not show that one made the other."
    " kneeload does not diagnose."
)


@click.command(epilog="Example: kneeload pain explain")
@click.option("--json", "as_json_", is_flag=True, help="Print JSON.")
@pass_app
def explain(app: App, as_json_: bool) -> None:
    """Say what your own diary shows of load before pain, and what it cannot show.

    One question is fixed in advance: do longer runs go with more pain the next morning, given the
    score before the run? Everything else is secondary, and corrected for its number.
    """
    from kneeload.reports.asked import explained

    with app.read() as log:
        found = explained(app.analysis(log))
    click.echo(as_json(found.as_json()) if as_json_ else explanation_text(found))


def explanation_text(found: Explanation) -> str:
    """Return the findings as wrapped sentences and one table of the rules."""
    sentences = [textwrap.fill(sentence, 80) for sentence in _beside_rules(found)]
    return "\n\n".join([_data(found), *sentences, _rules(found), textwrap.fill(ASSOCIATION, 80)])


def _beside_rules(found: Explanation) -> list[str]:
    """Return the sentences that the table of rules does not say again."""
    ids = tuple(f"{rule.rule}: " for rule in found.rules)
    return [sentence for sentence in found.sentences if not sentence.startswith(ids)]


def _data(found: Explanation) -> str:
    checks = found.checks
    scored = "none" if checks.morning_share is None else f"{100 * checks.morning_share:.0f} %"
    return (
        f"{words.count(checks.runs, 'run')},"
        f" {words.count(checks.scored_days, 'day')} with a score;"
        f" {scored} of the runs have a next-morning score."
    )


def _rules(found: Explanation) -> str:
    numbers = ("onsets", "warned", "expected", "flags", "followed")
    rows = [[r.rule, *(f"{round(getattr(r, name), 1):g}" for name in numbers)] for r in found.rules]
    header = ("rule", "onsets", "warned", "by chance", "flags", "followed")
    return table(rows, header, "lrrrrr")
