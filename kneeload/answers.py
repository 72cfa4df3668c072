"""A training log that answers by itself: for notebooks and scripts.

Each answer uses the log's settings, diary and today, by the functions that the command line calls.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from kneeload import clock
from kneeload.analysis import Analysis, analyse_log, weeks_with_flags
from kneeload.errors import EntryError
from kneeload.log import default_path
from kneeload.log.training_log import TrainingLog

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from kneeload.association import Explanation
    from kneeload.charts.interactive import Interactive
    from kneeload.formatting import Units
    from kneeload.ingest.measure import ImportSummary
    from kneeload.log.score_tables import Taken
    from kneeload.model import Sport
    from kneeload.planning import Plan
    from kneeload.reports.model import Report


class Log(TrainingLog):
    """A training log that answers by itself; made by `kneeload.open_log`.

    Nothing after `today` is in any frame or answer. A frame is yours to change: the log does not
    see it.

    Parameters
    ----------
    path
        The file; made, with its folder, where it is missing.
    as_of
        The day that stands in for today; by default today, in the runner's time zone.
    """

    def __init__(self, path: Path, as_of: dt.date | None = None) -> None:
        super().__init__(path, machine_zone=clock.machine_zone())
        self.as_of = as_of
        self._analyses: dict[Units, Analysis] = {}
        self._analysed_from: tuple[object, dt.date] | None = None

    @property
    def today(self) -> dt.date:
        """The day on which the log is asked."""
        return self.as_of or clock.today(self.settings.time_zone or self.machine_zone)

    def activities(self) -> pd.DataFrame:
        """Return all activities of every sport, without duplicates; see `kneeload.frames.RUNS`."""
        return self._until_today(super().activities())

    def runs(self, *, scores: bool = False) -> pd.DataFrame:
        """Return the runs: columns of `kneeload.frames.RUNS`.

        Parameters
        ----------
        scores
            Add the scores by moment [0-10]: ``before, during, after, next_morning``, the worst of
            several, and ``onset_km``, where pain began [km]; NaN where none was noted.
        """
        runs = self._until_today(super().runs())
        if not scores:
            return runs
        from kneeload.association.run_scores import scored_runs
        from kneeload.diary.attribution import assign_runs

        return scored_runs(runs, assign_runs(self.pain(), self.activities()))

    def pain(self) -> pd.DataFrame:
        """Return the pain scores: columns of `kneeload.frames.PAIN`."""
        return self._until_today(super().pain())

    def diary(self) -> pd.DataFrame:
        """Return the rest of the diary: columns of `kneeload.frames.DIARY`."""
        return self._until_today(super().diary())

    def markers(self) -> pd.DataFrame:
        """Return where the watch marked the beginning of pain: as `pain`, scores empty."""
        return self._until_today(super().markers())

    def weeks(self) -> pd.DataFrame:
        """Return the weeks, empty ones too, with their flags: the columns of ``weeks --csv``."""
        return weeks_with_flags(self._analysis())

    def flags(self, units: Units = "km") -> pd.DataFrame:
        """Return what the rules flagged: the columns of ``flags --csv``.

        Parameters
        ----------
        units
            Of the messages, for `kneeload.show`; the other columns are metric.
        """
        return self._analysis(units).flags.copy(deep=False)

    def plan(self, run_km: float | None = None) -> Plan:
        """Return the limits of the next run, this week and the next, with the reasons.

        Parameters
        ----------
        run_km
            Length of a run today [km]; the plan's ``would_flag`` then names all that it breaks.
        """
        analysis = self._analysis(self.settings.units)
        if run_km is None:
            return analysis.plan
        if not run_km >= 0:
            raise EntryError(f"a run of {run_km} km is not possible; give kilometres, such as 18")
        return analysis.asked(run_km)

    def explain(self) -> Explanation:
        """Return what the diary says about load and later pain; `pain explain` prints it."""
        from kneeload.reports.api import explain_analysis

        return explain_analysis(self._analysis(self.settings.units))

    def report(self, week: str | None = None) -> Report:
        """Return the weekly report; a notebook shows it as the page that ``report`` writes.

        Parameters
        ----------
        week
            A past week, YYYY-Www, with only the data available then; by default the newest week
            with a run or a score.
        """
        from kneeload.reports.api import report

        return report(self, week, today=self.today)

    def chart(self) -> Interactive:
        """Return load, pain and runs in one chart: brush weeks, hover over a run.

        It needs Altair, which the extra ``kneeload[notebooks]`` brings.
        """
        from kneeload.analysis import weeks_with_limits
        from kneeload.charts.interactive import interactive

        analysis = self._analysis(self.settings.units)
        return interactive(
            weeks_with_limits(analysis),
            analysis.activities,
            analysis.pain,
            analysis.flags,
            analysis.diary,
            settings=analysis.settings,
        )

    def streams(
        self, run_ids: str | Iterable[str] | None = None, *, since: dt.date | str | None = None
    ) -> pd.DataFrame:
        """Return runs second by second, one after the other, ``run_id`` first.

        Parameters
        ----------
        run_ids
            One id or several; the beginning of an id is enough.
        since
            In place of ids: every run from this day on.

        Returns
        -------
        DataFrame
            ``run_id`` and the columns of `kneeload.frames.STREAMS`.
        """
        from kneeload import frames
        from kneeload.measures.streams import streams

        names = [self.run(name) for name in self._chosen(run_ids, since)]
        tables = [streams(self.activity(name)) for name in names] or [frames.empty(frames.STREAMS)]
        return pd.concat(
            [table.assign(run_id=name) for table, name in zip(tables, names or [""], strict=True)],
            ignore_index=True,
        )[["run_id", *tables[0].columns]]

    def import_pain(self, path: Path | str) -> Taken:
        """Import scores from a CSV, ours or Track & Graph's: how many are new, how many known.

        Parameters
        ----------
        path
            The file; one with a row that is not valid is refused whole.
        """
        from kneeload.log.score_tables import take_file

        return take_file(self, Path(path), clock.now())

    def ingest(
        self,
        paths: Path | str | Iterable[Path],
        *,
        now: dt.datetime | None = None,
        jobs: int | None = None,
        sport: Sport | None = None,
        progress: Callable[[int], None] = lambda _: None,
    ) -> ImportSummary:
        """Import files, folders, archives and account exports; see `TrainingLog.ingest`.

        Parameters
        ----------
        paths
            One path or several.
        now
            The present instant; by default the clock's.
        jobs, sport, progress
            As there.
        """
        several = [Path(paths)] if isinstance(paths, (str, Path)) else paths
        at = now or clock.now()
        return super().ingest(several, now=at, jobs=jobs, sport=sport, progress=progress)

    def _analysis(self, units: Units = "km") -> Analysis:
        """Return what the log adds up to, computed once until the log or the day changes."""
        now = (self._reading(), self.today)
        if self._analysed_from != now:
            self._analyses, self._analysed_from = {}, now
        if units not in self._analyses:
            self._analyses[units] = analyse_log(self, today=now[1], units=units)
        return self._analyses[units]

    def _chosen(
        self, run_ids: str | Iterable[str] | None, since: dt.date | str | None
    ) -> Iterable[str]:
        if (run_ids is None) == (since is None):
            raise EntryError("name runs or a day: log.streams(run_ids) or log.streams(since=DATE)")
        if run_ids is not None:
            return [run_ids] if isinstance(run_ids, str) else run_ids
        runs = self.runs()
        chosen: list[str] = runs.loc[runs["local_date"] >= str(since), "run_id"].tolist()
        return chosen

    def _until_today(self, frame: pd.DataFrame) -> pd.DataFrame:
        past = frame["local_date"] <= pd.Timestamp(self.today)
        return frame if past.all() else frame.loc[past].reset_index(drop=True)


def open_log(path: Path | str | None = None, as_of: dt.date | str | None = None) -> Log:
    """Open a training log, made where it is missing.

    Parameters
    ----------
    path
        The file; by default the one that the command line uses.
    as_of
        Pretend today is this date (a date, or text as 2026-03-29); later runs and scores are
        ignored. By default today, in the runner's time zone.

    Returns
    -------
    Log
        Closes itself as a context manager.

    Raises
    ------
    LogError
        If the file is no log, is newer than this program, or cannot be opened.
    EntryError
        If `as_of` is not a date.

    Examples
    --------
    >>> import kneeload
    >>> folder = kneeload.samples_folder() / "platform"
    >>> with kneeload.open_log("running.db", as_of="2025-11-02") as log:
    ...     log.ingest(folder)
    ...     log.runs()[["local_date", "name", "distance_km"]]
    ...     log.weeks()[["week", "runs", "distance_km", "flags"]]
    <ImportSummary 1 file read, 1 new activity>
      local_date      name  distance_km
    0 2025-11-02  Long run    12.206517
           week  runs  distance_km flags
    0  2025-W44     1    12.206517
    """
    return Log(Path(path) if path else default_path(), _date(as_of))


def _date(day: dt.date | str | None) -> dt.date | None:
    if isinstance(day, str):
        try:
            return dt.date.fromisoformat(day)
        except ValueError:
            raise EntryError(f"{day!r} is not a date like 2026-03-29") from None
    return day.date() if isinstance(day, dt.datetime) else day
