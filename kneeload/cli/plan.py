"""The command that tells what comes next: plan."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from kneeload import formatting
from kneeload.cli.app import App, pass_app
from kneeload.cli.output import WIDTH, as_json, harmless, notes

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


class LengthType(click.ParamType["Length"]):
    """A distance as ``18``, ``18km`` or ``11mi``."""

    name = "distance"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Length:
        """Return the distance, or fail with what it should look like."""
        found = _LENGTH.fullmatch(str(value).strip().lower())
        unit = formatting.UNIT_NAMES.get(found[2]) if found and found[2] else ""
        if found is None or unit is None:
            self.fail(f"{value!r} is not a distance like 18, 18km or 11mi", param, ctx)
        length = Length(float(found[1].replace(",", ".")), unit)
        if length.km("km") > MOST_KM:
            self.fail(f"{value!r} is further than {MOST_KM} km", param, ctx)
        return length


@click.command(epilog="Example: kneeload plan --run 18")
@click.option("--json", "as_json_", is_flag=True, help="Print JSON.")
@click.option(
    "--run",
    "length",
    type=LengthType(),
    metavar="DISTANCE",
    help="A run to ask about: 18 in your units, else 18km or 11mi.",
)
@pass_app
def plan(app: App, as_json_: bool, length: Length | None) -> None:
    """Print the limits of the next run and the week, and why.

    With --run, first what a run of that distance today would break.
    """
    from dataclasses import asdict

    with app.read() as log:
        units = log.settings.units
        run_km = length.km(units) if length else None
        analysis = app.analysis(log, metric=as_json_)
    planned = analysis.plan if run_km is None else analysis.asked(run_km)
    if as_json_:
        hidden = {"units"} if length else {"units", "would_flag"}
        said = {name: value for name, value in asdict(planned).items() if name not in hidden}
        click.echo(as_json(said))
        return
    if run_km is not None:
        click.echo(f"{outcome(planned, run_km)}\n")
    click.echo(_told(planned))
    if any("reference week" in reason for reason in planned.reasons):
        click.echo(notes(reference=True))


def _told(planned: Plan) -> str:
    numbers = (f"{name + ':':11}{text}" for name, text in planned.limits.items())
    reasons = (harmless(f"- {reason}") for reason in planned.reasons)
    wrapped = (textwrap.fill(reason, WIDTH, subsequent_indent="  ") for reason in reasons)
    return "\n".join((*numbers, *wrapped))


def outcome(planned: Plan, run_km: float) -> str:
    """Return what a run of `run_km` [km] would break, in a sentence."""
    run = f"A run of {formatting.distance(run_km, planned.units)} today"
    if not planned.would_flag:
        return f"{run} stays within every limit (not a medical clearance)."
    broken = (_broken(name, planned) for name in planned.would_flag)
    return harmless(f"{run} is too much: it would break {formatting.listed(broken)}.")


def _broken(name: str, planned: Plan) -> str:
    from kneeload.rules import installed_rules

    rule = installed_rules().get(name)
    if rule is not None:
        return f"{rule.title} [{name}]"
    limit = {"run": planned.next_run_km, "week": planned.this_week_km}.get(name)
    amount = "" if limit is None else f" of {formatting.distance(limit, planned.units)}"
    return {
        "run": "the limit of the next run",
        "week": f"this week's limit{amount}",
        "own_limits": "your physio's limits",
    }[name] + f" [{name}]"
