"""The command that tells what comes next: plan."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING, NamedTuple

import click

from kneeload import formatting
from kneeload.cli.app import App, pass_app
from kneeload.cli.output import as_json, glossary, json_option, named_terms, strip_control, width

if TYPE_CHECKING:
    from kneeload.formatting import Units
    from kneeload.planning import Plan

MOST_KM = 500
_LENGTH = re.compile(r"(\d+(?:[.,]\d+)?)\s*([a-z]*)")


class Length(NamedTuple):
    """A distance as it was typed, with its unit where it named one."""

    value: float
    unit: str

    def km(self, units: Units) -> float:
        """Return it in kilometres; without a unit it is in the runner's."""
        return self.value * (formatting.KM_PER_MILE if (self.unit or units) == "mi" else 1)


def typed_length(text: str) -> Length:
    """Return the distance that ``18``, ``18km`` or ``11mi`` is, or raise a usage error."""
    match = _LENGTH.fullmatch(text.strip().lower())
    unit = formatting.UNIT_NAMES.get(match[2]) if match and match[2] else ""
    if match is None or unit is None:
        raise click.BadParameter(f"{text!r} is not a distance like 18, 18km or 11mi")
    length = Length(float(match[1].replace(",", ".")), unit)
    if length.km("km") > MOST_KM:
        raise click.BadParameter(f"{text!r} is more than {MOST_KM} km")
    return length


@click.command(epilog="Example: kneeload plan --run 18")
@json_option
@click.option(
    "--run",
    "length",
    type=typed_length,
    metavar="DISTANCE",
    help="Length of the run to ask about, such as 18 (in your own units), 18km or 11mi.",
)
@pass_app
def plan(app: App, as_json_: bool, length: Length | None) -> None:
    """Show the limits for your next run, this week and next week, and the reasons.

    With --run, it first says whether a run of that distance today would go against a rule or limit.
    """
    from dataclasses import asdict

    from kneeload.analysis import plan_log

    with app.read() as log:
        units = log.settings.units
        run_km = length.km(units) if length else None
        planned = plan_log(
            log,
            today=app.today(log.settings),
            units="km" if as_json_ else units,
            run_km=run_km,
        )
    if as_json_:
        hidden = {"units"} if length else {"units", "would_flag"}
        public = {name: value for name, value in asdict(planned).items() if name not in hidden}
        click.echo(as_json(public))
        return
    if run_km is not None:
        click.echo(f"{outcome(planned, run_km)}\n")
    click.echo(_plan_text(planned))
    if terms := named_terms(planned.reasons):
        click.echo(glossary(terms=terms))


def _plan_text(planned: Plan) -> str:
    numbers = (f"{name + ':':11}{text}" for name, text in planned.limits.items())
    reasons = (strip_control(f"- {reason}") for reason in planned.reasons)
    wrapped = (textwrap.fill(reason, width(), subsequent_indent="  ") for reason in reasons)
    return "\n".join((*numbers, *wrapped))


def outcome(planned: Plan, run_km: float) -> str:
    """Return what a run of `run_km` [km] would break, in a sentence."""
    run = f"A run of {formatting.distance(run_km, planned.units)} today"
    if not planned.would_flag:
        return f"{run} stays within every limit (not a medical clearance)."
    broken = (_broken(name, planned) for name in planned.would_flag)
    return strip_control(f"{run} would be too much. It goes against {formatting.join(broken)}.")


def _broken(name: str, planned: Plan) -> str:
    from kneeload.rules import installed_rules

    rule = installed_rules().get(name)
    if rule is not None:
        return f"the rule \u201c{rule.title}\u201d [{name}]"
    limit = {"run": planned.next_run_km, "week": planned.this_week_km}.get(name)
    amount = "" if limit is None else f" of {formatting.distance(limit, planned.units)}"
    return {
        "run": "the limit of the next run",
        "week": f"this week's limit{amount}",
        "own_limits": "your physio's limits",
    }[name] + f" [{name}]"
