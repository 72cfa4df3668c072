"""Commands that read watch files: demo, import, update, rebuild."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kneeload import formatting
from kneeload.cli.app import FLAGS_FOUND, App, pass_app, read_inbox
from kneeload.cli.output import as_json, shortened, strip_control, truncated
from kneeload.cli.report import write_report
from kneeload.cli.usage_errors import check_page
from kneeload.frames import records
from kneeload.model import SEVERITIES, Sport

if TYPE_CHECKING:
    import datetime as dt

    import pandas as pd

    from kneeload.formatting import Units
    from kneeload.ingest.measure import ImportSummary
    from kneeload.log.training_log import TrainingLog

OUTPUT_HELP = "File to write the report to. [named after the week, in the current folder]"
NOT_READ = (
    "As in any real folder, some sample files are damaged or are not activities; they were skipped."
)
_NOUNS = {
    "running": ("a run", "runs"),
    "walking": ("a walk", "walks"),
    "hiking": ("a hike", "hikes"),
    "cycling": ("a ride", "rides"),
    "swimming": ("a swim", "swims"),
    "other": ("another sport", "other sports"),
}
ESTIMATE_FROM = 0.05  # of the files: the first take the longest, while the others start


@click.command("import", epilog="Example: kneeload import ~/Downloads/export_1234567.zip ~/garmin")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json_", is_flag=True, help="Print the summary as JSON.")
@click.option("--strict", is_flag=True, help="End with exit code 1 if any file failed.")
@click.option(
    "--jobs",
    type=click.IntRange(1),
    help="How many files to read at the same time. [one per processor core]",
)
@click.option(
    "--sport",
    type=click.Choice([str(sport) for sport in Sport]),
    help="Sport to assume for files that do not name one.",
)
@pass_app
def import_(
    app: App,
    paths: tuple[Path, ...],
    as_json_: bool,
    strict: bool,
    jobs: int | None,
    sport: str | None,
) -> None:
    """Import activity files, folders, zip files and account exports.

    It reads FIT, GPX and TCX files (also gzipped), a diary in CSV, and the exports of Strava,
    Garmin, Apple Health, Polar and Runkeeper. It recognises each of them by its content. Importing
    twice adds nothing.
    """
    began = app.now
    with app.open() as log:
        summary = run_import(
            app, log, paths, jobs=jobs, sport=Sport(sport) if sport else None, quiet=as_json_
        )
        more = _outcome(log, summary, began) if not as_json_ else ""
        units = log.settings.units
    public = {name: value for name, value in asdict(summary).items() if name != "guessed"}
    click.echo(as_json(public) if as_json_ else summary_text(summary, paths, units) + more)
    if not (summary.read or summary.known):
        raise click.ClickException(_nothing_imported_reason(paths, summary))
    if strict and summary.failed:
        raise click.ClickException(
            f"{formatting.count(len(summary.failed), 'file')} failed; the others were imported"
        )


@click.command(epilog="Example: kneeload demo -o demo.html")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help=OUTPUT_HELP)
def demo(output: Path | None) -> None:
    """Try kneeload on sample data, in a temporary log, and write its report."""
    import tempfile

    from kneeload.samples import samples_folder

    check_page(output)
    with tempfile.TemporaryDirectory() as folder:
        app = App(Path(folder) / "demo.db")
        with app.open() as log:
            samples = samples_folder()
            summary = run_import(app, log, (samples,), jobs=None, sport=None, quiet=False)
            click.echo(_headline(summary))
            click.echo(NOT_READ)
            app.as_of = last_day(log)
            click.echo()
            write_report(app, log, output)


@click.command(epilog="Example: kneeload update -o ~/Desktop/knee.html")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help=OUTPUT_HELP)
@click.option(
    "--severity",
    type=click.Choice(SEVERITIES),
    default="warn",
    show_default=True,
    help="End with exit code 3 if this week has a flag of this severity or a higher one.",
)
@pass_app
def update(app: App, output: Path | None, severity: str) -> None:
    """Import your folders, write the report and print the week.

    Tell it the folders once, with `kneeload settings add import_folders ~/garmin`. It first reads
    the pain inbox (text files that your phone writes scores to). It also works if you have set up
    only the inbox and no folders.
    """
    check_page(output)
    with app.read() as log:
        folders = tuple(Path(folder).expanduser() for folder in log.settings.import_folders)
        if not folders and not log.settings.pain_inbox:
            raise click.UsageError(
                "no folders to import; name one: kneeload settings add import_folders FOLDER"
            )
        read_inbox(app, log)
        present = tuple(folder for folder in folders if folder.exists())
        for folder in set(folders) - set(present):
            click.echo(f"{strip_control(str(folder))} is not there now; skipped.", err=True)
        began = app.now
        summary = run_import(app, log, present, jobs=None, sport=None, quiet=False)
        more = _outcome(log, summary, began)
        click.echo(summary_text(summary, present, log.settings.units) + more)
        click.echo()
        worst = write_report(app, log, output)
    if worst and SEVERITIES.index(worst) >= SEVERITIES.index(severity):
        raise click.exceptions.Exit(FLAGS_FOUND)


@click.command(epilog="Example: kneeload rebuild")
@pass_app
def rebuild(app: App) -> None:
    """Recalculate every number from the files that the log keeps."""
    from kneeload.ingest.pipeline import cores

    with app.open(create=False) as log:
        rebuilt = log.rebuild(app.now, jobs=cores())
    click.echo(f"Rebuilt {formatting.count(rebuilt.activities, 'activity', 'activities')}.")
    click.echo("Edits, scores and settings are unchanged.")
    if rebuilt.changes is None:
        click.echo("The log was damaged, so kneeload cannot tell which runs changed.")
        return
    changes = _listed("Changed", list(rebuilt.changes), "duplicates; kneeload runs")
    click.echo("\n".join(changes or ["No run changed."]))


def run_import(
    app: App,
    log: TrainingLog,
    paths: tuple[Path, ...],
    *,
    jobs: int | None,
    sport: Sport | None,
    quiet: bool,
) -> ImportSummary:
    """Import `paths` with a progress bar on stderr."""
    from kneeload.importers.discover import count
    from kneeload.ingest.pipeline import cores

    hidden = quiet or not sys.stderr.isatty()
    with click.progressbar(
        length=count(paths), label="Importing", file=sys.stderr, hidden=hidden, show_eta=False
    ) as bar:

        def progress(files: int) -> None:
            bar.show_eta = bar.pos >= ESTIMATE_FROM * (bar.length or 0)
            bar.update(files)

        return log.ingest(paths, now=app.now, jobs=jobs or cores(), sport=sport, progress=progress)


def summary_text(summary: ImportSummary, roots: tuple[Path, ...], units: Units) -> str:
    """Return what became of the files found at the paths `roots`, for people."""
    outcomes = (*summary.skipped, *summary.failed, *summary.warnings, *summary.duplicates)
    paths = (entry[key] for entry in outcomes for key in ("path", "of") if key in entry)
    short = shortened(paths, roots, Path.cwd())
    skipped, failed, warnings = (
        [(short[e["path"]], formatting.convert_km_in_text(e["reason"], units)) for e in entries]
        for entries in (summary.skipped, summary.failed, summary.warnings)
    )
    once = [
        f"{short[e['path']]} duplicates {short[e['of']]}"
        f" ({formatting.convert_km_in_text(e['reason'], units)})"
        for e in summary.duplicates
    ]
    lines = [_headline(summary), *_guessed(summary.guessed)]
    lines += _listed("Skipped", _paths_with_reasons(skipped), "import --json with the same paths")
    lines += _listed("Failed", _paths_with_reasons(failed), "import --json with the same paths")
    lines += _listed("Duplicates", once, "duplicates")
    lines += _listed("Warnings", _by_reason(warnings), "runs --all-sports --warnings")
    return "\n".join(lines)


def _headline(summary: ImportSummary) -> str:
    activities = formatting.count(summary.new, "new activity", "new activities")
    parts = [f"{activities}, {summary.known} already in the log"]
    if summary.pain["new"]:
        parts.append(formatting.count(summary.pain["new"], "pain score"))
    headline = f"Read {formatting.count(summary.read, 'file')}: {', '.join(parts)}."
    if not summary.duplicates:
        return headline
    duplicates = formatting.count(len(summary.duplicates), "duplicate was", "duplicates were")
    return f"{headline} {duplicates} not counted."


def _guessed(guessed: dict[str, int]) -> list[str]:
    """Return what files that name no sport were taken for, and how to correct it."""
    if not guessed:
        return []
    total = sum(guessed.values())
    most_first = sorted(guessed.items(), key=lambda item: -item[1])
    guesses = formatting.join(f"{n} counted as {_taken_for(sport, n)}" for sport, n in most_first)
    verb = "names" if total == 1 else "name"
    how = "kneeload runs edit ID --sport running (IDs: kneeload runs --all-sports)"
    return [
        f"{formatting.count(total, 'file')} {verb} no sport: {guesses}.",
        f"To correct one: {how}",
    ]


def _taken_for(sport: str, n: int) -> str:
    one, many = _NOUNS.get(sport, (formatting.humanise(sport),) * 2)
    return many if n > 1 else one


def _paths_with_reasons(entries: list[tuple[str, str]]) -> list[str]:
    return [f"{path}: {reason}" for path, reason in entries]


def _by_reason(entries: list[tuple[str, str]]) -> list[str]:
    """Return a line for each reason: its file, or how many there are and the first of them."""
    by_reason: dict[str, list[str]] = {}
    for path, reason in entries:
        by_reason.setdefault(reason, []).append(path)
    return _paths_with_reasons(
        [
            (paths[0] if len(paths) == 1 else f"{len(paths)} files, such as {paths[0]}", reason)
            for reason, paths in by_reason.items()
        ]
    )


def scores_read_text(pain: pd.DataFrame, began: dt.datetime) -> str:
    """Return the scores that an import begun at that instant read from notes, for people."""
    new = pain["entered_at"] >= began.replace(microsecond=0)
    scores = records(pain.loc[new & (pain["origin"] == "parsed")])
    if not scores:
        return ""
    count = formatting.count(len(scores), "score")
    read = [f"{p['pain_id']}  {p['local_date']}  {p['score']}/10  {p['note']}" for p in scores]
    lines = truncated([*map(strip_control, read)], " (kneeload pain list)")
    head = f"{count} read from notes; reject one with `kneeload pain remove ID`:"
    return "\n".join(["", head, *(f"  {line}" for line in lines)])


def _outcome(log: TrainingLog, summary: ImportSummary, began: dt.datetime) -> str:
    """Return what the log holds after an import, and what it leaves to its runner."""
    runs = log.runs()
    countable, doubtful = runs[~runs["suspect"]], int(runs["suspect"].sum())
    lines = ["", _holding(countable, log.settings.units)] if len(countable) else []
    if doubtful:
        verbs = "looks {} is {} it" if doubtful == 1 else "look {} are {} them"
        looks = verbs.format("implausible and", "not counted until you review")
        lines.append(f"{formatting.count(doubtful, 'run')} {looks}: kneeload runs --review")
    elif len(countable) and summary.new:
        lines.append("Next: kneeload status, or kneeload report for the whole week")
    return "\n".join(lines) + (scores_read_text(log.pain(), began) if summary.new else "")


def _holding(runs: pd.DataFrame, units: Units) -> str:
    """Return how many runs there are, from when to when, and how far in all."""
    first, last = runs["local_date"].min().date(), runs["local_date"].max().date()
    from_to = (
        f"on {formatting.day_and_year(first)}"
        if first == last
        else (f"from {formatting.day_and_year(first)} to {formatting.day_and_year(last)}")
    )
    total = formatting.distance(float(runs["distance_km"].sum()), units)
    unmeasured = int(runs["distance_km"].isna().sum())
    without = f" ({unmeasured} without a distance)" if unmeasured else ""
    return f"Your log: {formatting.count(len(runs), 'run')} {from_to}, {total} in all{without}."


def last_day(log: TrainingLog) -> dt.date | None:
    """Return the day of the last run."""
    runs = log.runs()
    return None if runs.empty else runs["local_date"].max().date()


def _nothing_imported_reason(paths: tuple[Path, ...], summary: ImportSummary) -> str:
    if summary.skipped or summary.failed:
        return "no file could be read; the log is unchanged"
    verb = "holds" if len(paths) == 1 else "hold"
    return f"{formatting.join(strip_control(str(path)) for path in paths)} {verb} no files"


def _listed(title: str, entries: list[str], all_by: str) -> list[str]:
    """Return the first entries, and the command that lists all of them, then and later."""
    if not entries:
        return []
    lines = truncated([*map(strip_control, entries)], f": kneeload {all_by}")
    return [f"{title} {len(entries)}:", *(f"  {line}" for line in lines)]
