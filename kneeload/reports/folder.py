"""The folder of all pages: years, weeks and runs, and what is stale of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING

from kneeload.reports import all_weeks, years
from kneeload.reports.run_pages import run_page, run_places

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from kneeload.analysis import Analysis
    from kneeload.charts.year_days import Year
    from kneeload.reports.all_weeks import Archive, WeekPage
    from kneeload.reports.run_pages import RunPlace
    from kneeload.reports.years import YearPlace

INDEX = "index.html"


@dataclass(frozen=True, kw_only=True, eq=False)
class Folder:
    """Every page that the log's frames make, each with what it rests on; none is made yet."""

    archive: Archive
    log_file: Path
    weeks: list[WeekPage]
    calendars: list[Year]
    years: list[YearPlace]
    runs: list[RunPlace]

    @cached_property
    def digests(self) -> dict[str, str]:
        """What each page rests on, by its name in the folder."""
        pages: list[YearPlace | WeekPage | RunPlace] = [*self.years, *self.weeks, *self.runs]
        return {place.file: place.digest for place in pages} | {INDEX: self.weeks[-1].digest}

    @cached_property
    def analysis(self) -> Analysis:
        """The analysis on the log's today; only lists and the newest week ask for it."""
        return self.archive.analysis()

    def pages(self, stale: Collection[str], jobs: int) -> Iterator[tuple[str, str]]:
        """Yield name and content of the pages named, the list of all last."""
        from kneeload.reports.render import html

        for week, page in self._week_pages([w for w in self.weeks if w.file in stale], jobs):
            yield week.file, page
        work = partial(run_page, self.log_file)
        for run, page in all_weeks.render_all(
            work, [r for r in self.runs if r.file in stale], jobs
        ):
            yield run.file, page
        old_years = [year for year in self.years if year.file in stale]
        lines = all_weeks.week_lines(self.analysis, self.weeks) if old_years else []
        for year in old_years:
            yield year.file, html.render_year(years.year_page(year, self.calendars, lines))
        if INDEX in stale:
            yield INDEX, html.render_index(years.index(self.calendars, self.digests[INDEX]))

    def _week_pages(self, stale: list[WeekPage], jobs: int) -> Iterator[tuple[WeekPage, str]]:
        from kneeload.reports.api import explain_analysis

        newest = bool(stale) and stale[-1] is self.weeks[-1]
        explanation = explain_analysis(self.analysis) if newest else None
        return all_weeks.pages(self.archive, stale, explanation, jobs)


def folder(archive: Archive, log_file: Path) -> Folder | None:
    """Return the folder of a log; None where the log holds no run and no score.

    Parameters
    ----------
    archive
        The log's frames.
    log_file
        The log itself, from which each run's inside is read.
    """
    weeks = all_weeks.week_pages(archive)
    if not weeks:
        return None
    calendars = years.calendars(archive.runs, archive.pain, archive.today, archive.settings.units)
    return Folder(
        archive=archive,
        log_file=log_file,
        weeks=weeks,
        calendars=calendars,
        years=years.year_places(calendars, weeks),
        runs=run_places(archive),
    )
