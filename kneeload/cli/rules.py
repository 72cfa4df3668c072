"""The catalogue of rules."""

from __future__ import annotations

from typing import Any

import click

from kneeload import formatting
from kneeload.cli.app import App, pass_app
from kneeload.cli.output import as_json, glossary, json_option, strip_control

_THRESHOLDS = "Thresholds: `kneeload settings` says what each one means."


@click.command(epilog="Example: kneeload rules")
@json_option
@pass_app
def rules(app: App, as_json_: bool) -> None:
    """Show every rule: what it checks, its evidence, and how often it raised a flag."""
    from kneeload.rules import installed_rules
    from kneeload.thresholds import THRESHOLDS

    with app.read() as log:
        analysis = app.analysis(log)
    fired = analysis.flags.groupby("rule")["episode"].nunique()
    catalogue = [
        {
            "rule": rule.id,
            "checks": rule.checks,
            "thresholds": {
                name.partition(".")[2]: analysis.settings.threshold(name)
                for name in THRESHOLDS
                if name.startswith(f"{rule.id}.")
            },
            "episodes": int(fired.get(rule.id, 0)),
            "evidence": rule.evidence.grade,
            "summary": rule.evidence.summary,
            "sources": list(rule.evidence.sources),
            "package": rule.package,
        }
        for rule in installed_rules().values()
    ]
    click.echo(as_json(catalogue) if as_json_ else _catalogue_text(catalogue))


def _catalogue_text(catalogue: list[dict[str, Any]]) -> str:
    rules = "\n\n".join(map(_rule_text, catalogue))
    grades = (rule["evidence"] for rule in catalogue)
    return f"{rules}\n{glossary(grades, terms=[*formatting.TERMS.values(), _THRESHOLDS])}"


def _came_up(episodes: int) -> str:
    return f"came up {formatting.how_often(episodes)}" if episodes else "never came up"


def _rule_text(rule: dict[str, Any]) -> str:
    numbers = ", ".join(f"{name} {value:g}" for name, value in rule["thresholds"].items())
    lines = [
        f"{rule['rule']}  ({_came_up(rule['episodes'])})",
        f"  checks:     {rule['checks']}",
        f"  thresholds: {numbers or 'none'}",
        f"  evidence:   {rule['evidence']}. {rule['summary']}",
        f"  sources:    {'; '.join(rule['sources']) or 'none'}",
        *([f"  package:    {rule['package']}"] if rule["package"] else []),
    ]
    return "\n".join(map(strip_control, lines))
