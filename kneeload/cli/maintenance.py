"""Commands that keep the log: settings, undo, redo, backup, restore, export, verify."""

from __future__ import annotations

from pathlib import Path

import click

from kneeload import formatting
from kneeload.cli.app import App, pass_app
from kneeload.cli.output import as_csv, progress, strip_control
from kneeload.cli.usage_errors import Existing
from kneeload.errors import LogError

NO_HOME = (
    "No home is set, so only starts and ends are hidden. To hide your home wherever you pass it: "
    "kneeload settings set home 47.05,8.31"
)


@click.command(epilog="Example: kneeload backup /media/usb/kneeload-backup.db")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@pass_app
def backup(app: App, file: Path) -> None:
    """Copy the whole log to FILE and check the copy. An older backup of that name is replaced."""
    from kneeload.log.backup import back_up

    with progress("Copying") as reached:
        check = back_up(app.log_path, file, reached)
    click.echo(f"Backed up {check.summary} to {strip_control(str(file))}.")


@click.command(epilog="Example: kneeload restore /media/usb/kneeload-backup.db")
@click.argument("file", type=Existing(path_type=Path, exists=True, dir_okay=False))
@pass_app
def restore(app: App, file: Path) -> None:
    """Replace the log with the backup FILE. The old log is kept next to it."""
    from kneeload.log.backup import restore

    check, previous = restore(app.log_path, file)
    before = f" The previous log: {strip_control(str(previous))}" if previous else ""
    click.echo(f"Restored {check.summary}.{before}")


@click.command(epilog="Example: kneeload export kneeload.zip")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--private-positions",
    is_flag=True,
    help="Write a copy that you can share: it leaves out every position within 500 m of your "
    "home or of the start or end of a run.",
)
@pass_app
def export(app: App, file: Path, private_positions: bool) -> None:
    """Write everything to FILE.zip: tables and the original files.

    The tables are in CSV. Your original files are unchanged and still show where you ran. Importing
    FILE.zip into a new log gives the same log again. With --private-positions, FILE is a copy that
    you can share. It holds no original file and is no backup.
    """
    if file.suffix.lower() != ".zip":
        raise click.UsageError(f"FILE must end in .zip, such as {strip_control(file.name)}.zip")
    with app.open(create=False) as log:
        if private_positions and not log.settings.home:
            click.echo(NO_HOME, err=True)
        with progress("Exporting") as reached:
            count = log.export(file, as_csv, private_positions=private_positions, progress=reached)
    files = formatting.count(count, "activity file")
    click.echo(f"Exported {files} with your diary and settings to {strip_control(str(file))}.")


@click.command(epilog="Example: kneeload verify")
@pass_app
def verify(app: App) -> None:
    """Check the log for damage. This changes nothing."""
    from kneeload.log.backup import newest
    from kneeload.log.verify import examine
    from kneeload.store.database import shared_by

    with progress("Checking") as reached:
        check = examine(app.log_path, reached)
    click.echo(f"{strip_control(str(app.log_path))}: {check.summary}.")
    for problem in check.problems:
        click.echo(f"- {strip_control(problem)}")
    if shares := shared_by(app.log_path):
        click.echo(f"It is on {shares}: never use it from two machines at the same time.")
    if check.problems:
        last = newest(app.log_path) or "FILE, a backup of yours"
        raise LogError(
            f"the log is damaged; to repair: kneeload restore {strip_control(str(last))}"
        )
    click.echo("No problems found.")
