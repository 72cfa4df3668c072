"""The command shoes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from kneeload.cli.app import App, pass_app
from kneeload.cli.output import Format, emit, formats, table
from kneeload.frames import records, upto

if TYPE_CHECKING:
    import pandas as pd

    from kneeload.formatting import Units

NO_SHOES_YET = (
    "No shoes yet. Exports from Strava and Garmin include them, or you can name them yourself:\n"
    "  kneeload note shoe Pegasus\n"
    "  kneeload runs edit ID --shoe Pegasus"
)
CONVENTION = (
    "Makers commonly suggest new shoes after 500 to 800 km or about six months; no study has "
    "shown a limit.\nThe first day of a pair is the day you switched to it."
)


@click.command(epilog="Example: kneeload shoes --csv")
@formats
@pass_app
def shoes(app: App, form: Format) -> None:
    """List your shoes with their distance, age, and first and last day of use.

    Runs without a named shoe count towards the shoe that you last named with `kneeload note shoe`.
    """
    from kneeload.diary.shoes import shoes as worn

    with app.read() as log:
        settings = log.settings
        today = app.today(settings)
        frame = worn(upto(log.runs(), today), upto(log.diary(), today), today)
    emit(frame, form, lambda: _text(frame, settings.units))


def _text(frame: pd.DataFrame, units: Units) -> str:
    from kneeload import formatting

    if frame.empty:
        return NO_SHOES_YET
    rows = [
        (
            shoe["shoe"],
            str(shoe["runs"]),
            formatting.distance(shoe["distance_km"], units),
            f"{shoe['age_days'] / 30.4:.0f} months",
            shoe["first_day"],
            shoe["last_day"],
            _reminder(shoe["reminder_km"], units),
        )
        for shoe in records(frame)
    ]
    header = ("shoe", "runs", "distance", "age", "first day", "last day", "")
    return f"{table(rows, header, 'lrrrll').rstrip()}\n\n{CONVENTION}"


def _reminder(km: float | None, units: Units) -> str:
    from kneeload import formatting

    return "" if km is None else f"past {formatting.in_units(km, units):.0f} {units}"
