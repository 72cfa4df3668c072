"""The weekly report as a notebook or a program asks for it: from a log, in one call."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from kneeload.analysis import analyse_log
from kneeload.calendar import parse_week
from kneeload.reports.builder import build

if TYPE_CHECKING:
    from kneeload.analysis import Analysis
    from kneeload.association import Explanation
    from kneeload.log.training_log import TrainingLog
    from kneeload.reports.model import Report


def report(log: TrainingLog, week: str | None = None, *, today: dt.date | None = None) -> Report:
    """Return the weekly report of a training log.

    A notebook shows it as the page it is; `kneeload.reports.render.html.render` returns that page.

    Parameters
    ----------
    log
        An open training log.
    week
        Label YYYY-Www of a past week, reported as it stood when it was over; by default the
        newest that has a run or a score.
    today
        Nothing after it is in the report. By default the last run's local date.

    Returns
    -------
    Report
        Frozen, free of paths and positions.

    Raises
    ------
    EntryError
        If `week` is not a week, or has not begun.

    Examples
    --------
    >>> import kneeload
    >>> with kneeload.open_log("running.db", as_of="2025-11-02") as log:
    ...     read = log.ingest(kneeload.samples_folder() / "platform")
    ...     log.report()
    <Report 2025-W44: 12.2 km so far, no knee scores>
    """
    last = today or _last_day(log)
    analysis = analyse_log(log, today=last, through=week_end(log, week, last))
    return build(analysis, week, explanation=None if week else explain_analysis(analysis))


def explain_analysis(analysis: Analysis) -> Explanation:
    """Return what the whole diary says of load and pain."""
    from kneeload.association import explain

    return explain(
        analysis.runs,
        analysis.pain,
        analysis.flags,
        analysis.weeks,
        analysis.diary,
        settings=analysis.settings,
        today=analysis.today,
    )


def week_end(log: TrainingLog, week: str | None, today: dt.date) -> dt.date | None:
    """Return the day on which a past week was over, None where the newest is meant."""
    if week is None:
        return None
    return min(parse_week(week, log.settings.week_start) + dt.timedelta(days=6), today)


def _last_day(log: TrainingLog) -> dt.date:
    """Return the day of the last run, else of the last score; of an empty log any day will do."""
    runs, pain = log.runs()["local_date"], log.pain()["local_date"]
    days = pain if runs.empty else runs
    return dt.date.min if days.empty else days.max().date()
