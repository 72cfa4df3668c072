"""Commands that tell the week: report, status."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kneeload.cli.app import DAY, App, pass_app, read_inbox, write_private
from kneeload.cli.output import json_option, progress, width
from kneeload.cli.usage_errors import SUFFIXES, check_page, valid_week
from kneeload.model import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Collection

    from kneeload.analysis import Analysis
    from kneeload.log.training_log import TrainingLog
    from kneeload.reports import Report


@click.command(epilog="Example: kneeload report --week 2026-W12 -o week.html --open")
@click.option(
    "--week",
    metavar="YYYY-Www",
    help="Report on a past week (such as 2026-W05), using only the data available then.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="File to write; with --all, a folder. [named after the week, in the current folder]",
)
@click.option("--open", "open_", is_flag=True, help="Open the report in the browser.")
@click.option(
    "--all",
    "all_",
    is_flag=True,
    help="Write a page for every year, every week and every run to the folder given with -o.",
)
@click.option(
    "--for",
    "reader",
    type=click.Choice(["physio"]),
    help="Summarise the last twelve weeks on one sheet for a physiotherapist.",
)
@click.option("--name", default="", help="Your name, to be printed on the physio's sheet.")
@click.option(
    "--sections",
    metavar="NAME,...",
    help="Parts of the physio's sheet to print: story, pain, load, onset, rules, tried, shoes, "
    "questions, limits. [all]",
)
@click.option(
    "--since",
    type=DAY,
    help="Day of your last visit to the physio. The physio's sheet will compare the days since "
    "then with the same number of days before.",
)
@pass_app
def report(
    app: App,
    week: str | None,
    output: Path | None,
    open_: bool,
    all_: bool,
    reader: str | None,
    name: str,
    sections: str | None,
    since: dt.date | None,
) -> None:
    """Write the weekly report, one HTML file.

    It opens anywhere, even without the internet. The file name may end in .md or .json instead.
    --for physio writes a sheet to print for a professional. --all writes a folder with pages for
    years, weeks and runs, and rewrites only those that have changed.
    """
    for_physio = {"name": name, "sections": sections, "since": since}
    _only_together(week=week, all_=all_, reader=reader, for_physio=for_physio, output=output)
    chosen = valid_week(week) if week else None
    with app.read() as log:
        read_inbox(app, log)
        if all_:
            path = write_all(app, log, output or Path("kneeload-weeks"))
        elif reader:
            choices = {"name": name, "sections": _sections(sections), "visit": since}
            path = write_physio_file(app, log, chosen, output, choices)
        else:
            path = write_report_file(app, log, chosen, output)[0]
    click.echo(str(path))
    if open_:
        click.launch(path.resolve().as_uri())


def _only_together(
    *,
    week: str | None,
    all_: bool,
    reader: str | None,
    for_physio: dict[str, Any],
    output: Path | None,
) -> None:
    """Refuse options that say different things."""
    for option, value in for_physio.items():
        if value and not reader:
            raise click.UsageError(f"--{option} needs --for physio")
    if all_ and (week or reader):
        raise click.UsageError("--all writes every week; leave out --week and --for")
    if output and output.is_dir() and not all_:
        raise click.UsageError(f"{output} is a folder; name a file in it, or add --all")
    if not all_:
        check_page(output, SUFFIXES[:2] if reader else SUFFIXES)


def _sections(text: str | None) -> tuple[str, ...]:
    from kneeload.reports.physio_sheet import SECTIONS

    if text is None:
        return SECTIONS
    names = tuple(filter(None, (name.strip() for name in text.split(","))))
    unknown = [name for name in names if name not in SECTIONS]
    if unknown or not names:
        allowed = ", ".join(SECTIONS)
        raise click.UsageError(
            f"--sections does not know {', '.join(unknown)!r}; choose from {allowed}"
        )
    return names


@click.command(epilog="Example: kneeload status")
@json_option
@pass_app
def status(app: App, as_json_: bool) -> None:
    """Show this week at a glance."""
    from kneeload import reports

    with app.read() as log:
        read_inbox(app, log)
        built = reports.build(app.analysis(log), drawings=False)
    click.echo(
        reports.as_json(built) if as_json_ else "\n".join(reports.status_lines(built, width()))
    )


def write_report(app: App, log: TrainingLog, output: Path | None) -> str | None:
    """Write the newest report, print its path and the week; return the worst severity found."""
    from kneeload import reports

    path, built = write_report_file(app, log, None, output)
    click.echo("\n".join(reports.status_lines(built, width())))
    click.echo(f"\nReport: {path}")
    return max((e.severity for e in built.episodes), key=SEVERITIES.index, default=None)


def write_report_file(
    app: App, log: TrainingLog, week: str | None, output: Path | None
) -> tuple[Path, Report]:
    """Write a week's report, as the file's suffix says, and return where it is."""
    from kneeload import reports
    from kneeload.reports.api import explain_analysis

    analysis = analysis_of(app, log, week)
    built = reports.build(analysis, week, explanation=None if week else explain_analysis(analysis))
    path = output or Path(f"kneeload-{built.week or 'empty'}.html")
    write_private(path, _rendered(built, path.suffix.lower()))
    return path, built


def _rendered(built: Report, suffix: str) -> str:
    from kneeload import reports
    from kneeload.reports.render import html, markdown

    if suffix == ".json":
        return reports.as_json(built)
    return markdown.render(built) if suffix == ".md" else html.render(built)


def write_physio_file(
    app: App, log: TrainingLog, week: str | None, output: Path | None, choices: dict[str, Any]
) -> Path:
    """Write the sheet for a physiotherapist, with choices of `physio`; return where it is."""
    from kneeload.reports.api import explain_analysis
    from kneeload.reports.physio_sheet import physio
    from kneeload.reports.render import html

    analysis = analysis_of(app, log, week)
    visit = choices["visit"]
    if visit and visit > analysis.today:
        raise click.UsageError(f"--since {visit} is after today ({analysis.today})")
    sheet = physio(analysis, week, explanation=explain_analysis(analysis), **choices)
    if sheet is None:
        raise click.ClickException("the log has no runs and no scores yet")
    path = output or Path(f"kneeload-physio-{sheet.today}.html")
    write_private(path, html.render_physio(sheet))
    return path


def write_all(app: App, log: TrainingLog, to: Path) -> Path:
    """Write the pages that changed, years, weeks and runs, and return where the list is."""
    import os

    from kneeload.reports.all_weeks import Archive
    from kneeload.reports.folder import INDEX, folder

    pages = folder(Archive.of(log, app.today(log.settings)), log.path)
    if pages is None:
        raise click.ClickException("the log has no runs and no scores yet")
    stale = {file for file, digest in pages.digests.items() if _digest(to / file) != digest}
    with progress("Writing") as reached:
        for count, (file, page) in enumerate(pages.pages(stale, os.cpu_count() or 1), 1):
            write_private(to / file, page)
            reached(count, len(stale))
    _remove_runs(to, pages.digests)
    return to / INDEX


def _remove_runs(to: Path, files: Collection[str]) -> None:
    """Remove the pages of runs that the log no longer counts; nothing but pages of kneeload."""
    for path in (to / "runs").glob("*.html"):
        if f"runs/{path.name}" not in files and _digest(path):
            path.unlink()


def _digest(path: Path) -> str:
    """Return what a page written before rests on, empty where there is none."""
    if not path.is_file():
        return ""
    with path.open(encoding="utf-8", errors="replace") as file:
        match = re.search(r'name="kneeload-digest" content="(\w+)"', file.read(400))
    return match[1] if match else ""


def analysis_of(app: App, log: TrainingLog, week: str | None) -> Analysis:
    """Return the analysis as it stood when a past week was over, else today's."""
    from kneeload.reports.api import week_end

    if week:
        _refuse_before_log(log, week)
    return app.analysis(log, through=week_end(log, week, app.today(log.settings)))


def _refuse_before_log(log: TrainingLog, week: str) -> None:
    """Refuse a week before the first run and the first score."""
    import pandas as pd

    from kneeload.calendar import parse_week, week_of

    start = log.settings.week_start
    days = pd.concat([log.activities()["local_date"], log.pain()["local_date"]])
    if days.empty or parse_week(week, start) + dt.timedelta(days=6) >= days.min().date():
        return
    raise click.UsageError(
        f"there is no report before {week_of(days.min().date(), start)}, the log's first week"
    )
