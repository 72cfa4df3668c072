"""The note of a goal: a distance to run on a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from kneeload.cli.app import DAY, App, pass_app
from kneeload.cli.note import note

if TYPE_CHECKING:
    import datetime as dt

_GOAL_KM = click.FloatRange(0.1, 500)


@note.command(epilog="Example: kneeload note goal 'half marathon' --date 2026-10-04 --km 21.1")
@click.argument("text", nargs=-1, required=True)
@click.option("--date", "goal_date", type=DAY, required=True, help="The day you want to run it.")
@click.option("--km", type=_GOAL_KM, required=True, help="Its distance, in kilometres.")
@pass_app
def goal(app: App, text: tuple[str, ...], goal_date: dt.date, km: float) -> None:
    """Note a goal. The report shows whether your limits reach it by then, week by week."""
    from kneeload.planning.goal import KIND
    from kneeload.store.journal import Change

    with app.open() as log:
        today = app.today(log.settings)
        if goal_date <= today:
            raise click.UsageError(f"a goal lies ahead; {goal_date} does not")
        entry = {"kind": KIND, "local_date": today.isoformat(), "until": goal_date.isoformat()}
        payload = entry | {"value": km, "text": " ".join(text)}
        log.record([Change(verb="add", object="diary", payload=payload)], app.now)
    click.echo(
        f"Noted your goal: {' '.join(text)}, {km:g} km on {goal_date}. `kneeload report` shows "
        "whether your limits reach it."
    )
