"""The catalogue of rules."""

from __future__ import annotations

from typing import Any

import click

from kneeload.cli.app import App, pass_app
from kneeload.cli.output import as_json, glossary, json_option, strip_control


@click.command(epilog="Example: kneeload rules")
@json_option
@pass_app
def rules(app: App, as_json_: bool) -> None:
    """Show every rule: its check, its evidence, how often it fired."""
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
    return f"{rules}\n{glossary((rule['evidence'] for rule in catalogue), reference=True)}"


def _rule_text(rule: dict[str, Any]) -> str:
    from kneeload import formatting

    numbers = ", ".join(f"{name} {value:g}" for name, value in rule["thresholds"].items())
    lines = [
        f"{rule['rule']}  (fired in {formatting.count(rule['episodes'], 'episode')})",
        f"  checks:     {rule['checks']}",
        f"  thresholds: {numbers or 'none'}",
        f"  evidence:   {rule['evidence']}. {rule['summary']}",
        f"  sources:    {'; '.join(rule['sources']) or 'none'}",
        *([f"  package:    {rule['package']}"] if rule["package"] else []),
    ]
    return "\n".join(map(strip_control, lines))
