"""The pain inbox at the command line: read first, told on stderr, never in a command's way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from kneeload import formatting
from kneeload.cli.output import first, harmless

if TYPE_CHECKING:
    from kneeload.cli.app import App
    from kneeload.log.training_log import TrainingLog


def read_inbox(app: App, log: TrainingLog) -> None:
    """Read what is new in the inbox, and say what came and what needs a look."""
    reading = log.read_inbox(app.now)
    if reading.new:
        click.echo(f"Pain inbox: {formatting.count(reading.new, 'new score')}.", err=True)
    for note in first([*map(harmless, reading.notes)], ""):
        click.echo(note, err=True)
