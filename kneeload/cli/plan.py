"""The command that tells what comes next: plan."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from kneeload import words
from kneeload.cli.app import App, pass_app
from kneeload.cli.output import WIDTH, as_json, harmless, notes

if TYPE_CHECKING:
    from kneeload.log.training_log import TrainingLog
    from kneeload.planning import Plan
    from kneeload.settings import Units

MOST_KM = 500
_LENGTH = re.compile(r"(\d+(?:[.,]\d+)?)\s*([a-z]*)")


class Length(NamedTuple):
    """A distance as it was typed, with its unit where it named one."""

    value: float
    unit: str

    def km(self, units: Units) -> float:
        """Return it in kilometres; without a unit it is in the runner's."""
        return self.value * (words.KM_PER_MILE if (self.unit or units) == "mi" else 1)


class LengthType(click.ParamType["Length"]):
    """A distance as ``18``, ``18km`` or ``11mi``."""

    name = "distance"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Length:
        """Return the distance, or fail with what it should look like."""
        found = _LENGTH.fullmatch(str(value).strip().lower())
        unit = words.UNIT_NAMES.get(found[2]) if found and found[2] else ""
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
    """Print the ceilings for the next run and the week, and why.

    With --run, which rules a run of that distance today would raise.
    """
    from dataclasses import asdict

    with app.read() as log:
        units = log.settings.units
        run_km = length.km(units) if length else None
        planned = _planned(app, log, run_km, metric=as_json_)
    if as_json_:
        hidden = {"units"} if length else {"units", "would_flag"}
        said = {name: value for name, value in asdict(planned).items() if name not in hidden}
        click.echo(as_json(said))
        return
    click.echo(_told(planned))
    if run_km is not None:
        click.echo(f"A run of {words.distance(run_km, units)} today: {_outcome(planned)}")
    if any("reference week" in reason for reason in planned.reasons):
        click.echo(notes(reference=True))


def _planned(app: App, log: TrainingLog, run_km: float | None, *, metric: bool) -> Plan:
    from dataclasses import replace

    from kneeload.planning import would_flag
    from kneeload.weeks import counted

    known = app.analysis(log, metric=metric)
    if run_km is None:
        return known.plan
    raised = would_flag(counted(known.runs), run_km, settings=known.settings, today=known.today)
    return replace(known.plan, would_flag=raised)


def _told(planned: Plan) -> str:
    numbers = (f"{name + ':':11}{text}" for name, text in planned.ceilings.items())
    reasons = (harmless(f"- {reason}") for reason in planned.reasons)
    wrapped = (textwrap.fill(reason, WIDTH, subsequent_indent="  ") for reason in reasons)
    return "\n".join((*numbers, *wrapped))


def _outcome(planned: Plan) -> str:
    from kneeload.rules import installed_rules

    rules = installed_rules()
    flagged = words.listed(f"{rules[rule].title} [{rule}]" for rule in planned.would_flag)
    return f"would flag {flagged}" if flagged else "no rule would fire; no safety check"
