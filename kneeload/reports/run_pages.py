"""A page for each run: what it was inside, where pain began, its scores; no position, no path."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import pandas as pd

from kneeload import calendar, formatting
from kneeload.measures.along import Usual, along, splits
from kneeload.reports.all_weeks import digest
from kneeload.reports.week_view import rows

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable
    from pathlib import Path

    from kneeload.formatting import Units
    from kneeload.log.training_log import TrainingLog
    from kneeload.measures.along import Split
    from kneeload.reports.all_weeks import Archive
    from kneeload.reports.model import Drawing
    from kneeload.reports.week_view import Row

_RUN = (
    *("run_id", "local_date", "name", "sport", "distance_km", "moving_s", "avg_hr_bpm"),
    *("avg_cadence_spm", "ascent_m", "descent_m", "load", "knee_load", "rpe", "shoe"),
    *("suspect_reason", "usual_mps", "usual_cadence_spm"),
)
_SCORE = ("local_date", "knee", "moment", "score", "onset_km", "note")


@dataclass(frozen=True, kw_only=True, eq=False)
class RunPlace:
    """A run's page among the others: its row, its scores, its week, and the runs beside it.

    Parameters
    ----------
    week
        Label of its week, which its page links to.
    before, after
        Ids of the runs beside it by start, empty at an end.
    digest
        What the page rests on.
    """

    run: Row
    scores: tuple[Row, ...]
    week: str
    before: str
    after: str
    units: Units
    digest: str

    @property
    def file(self) -> str:
        """The page's name in the folder of all."""
        return f"runs/{self.run['run_id']}.html"


@dataclass(frozen=True, kw_only=True)
class RunPage:
    """One run as its page shows it; missing is None or empty.

    Parameters
    ----------
    facts
        Names and values of its totals.
    scores
        Its scores in words.
    split_km
        Length of a whole split [km].
    """

    date: dt.date
    title: str
    units: Units
    facts: tuple[tuple[str, str], ...]
    drawing: Drawing | None
    splits: tuple[Split, ...]
    split_km: float
    scores: tuple[str, ...]
    remark: str


def run_places(archive: Archive) -> list[RunPlace]:
    """Return the running sessions up to today by start, each with what its page rests on."""
    runs = archive.runs.sort_values("started_at", kind="stable")
    scores = _by_run(archive.pain)
    hashes = pd.util.hash_pandas_object(runs.drop(columns="source"), index=False).tolist()
    ids = ["", *runs["run_id"].tolist(), ""]
    run_rows = rows(runs, [name for name in _RUN if name in runs], slice(None))
    first_days = calendar.first_days(
        calendar.day_numbers(runs["local_date"]), archive.settings.week_start
    )
    weeks, units = calendar.week_labels(first_days), archive.settings.units
    neighbours = zip(run_rows, hashes, weeks, ids, ids[2:], strict=False)
    return [
        RunPlace(
            run=run,
            scores=scores.get(run["run_id"], ()),
            week=week,
            before=before,
            after=after,
            units=units,
            digest=digest(units, mark, week, before, after, scores.get(run["run_id"], ())),
        )
        for run, mark, week, before, after in neighbours
    ]


def _by_run(pain: pd.DataFrame) -> dict[str, tuple[Row, ...]]:
    """Return the scores of each run, in order."""
    by_run: dict[str, list[Row]] = {}
    score_rows = rows(pain, _SCORE, slice(None))
    for run_id, score in zip(pain["run_id"].tolist(), score_rows, strict=True):
        by_run.setdefault(run_id, []).append(score)
    return {run_id: tuple(scores) for run_id, scores in by_run.items()}


def run_page(path: Path, place: RunPlace) -> str:
    """Return a run's page as HTML, its inside read from the log at `path`."""
    from kneeload.reports.render import html

    return html.render_run(build_run_page(_opened(path), place), place)


@cache
def _opened(path: Path) -> TrainingLog:
    """Return the log, open for as long as the process that draws its runs lives."""
    from kneeload.log.training_log import TrainingLog

    return TrainingLog(path, create=False)


def build_run_page(log: TrainingLog, place: RunPlace) -> RunPage:
    """Return what a run's page shows."""
    from kneeload.measures.streams import streams

    run, units = place.run, place.units
    inside = streams(log.activity(run["run_id"]))
    usual, knee_km = _usual(run), formatting.none_if_nan(run["knee_load"])
    unit_km = formatting.KM_PER_MILE if units == "mi" else 1.0
    return RunPage(
        date=run["local_date"].date(),
        title=_title(run, units),
        units=units,
        facts=tuple(_facts(run, units)),
        drawing=_drawing(inside, usual, knee_km, place),
        splits=splits(inside, usual, knee_km, unit_km) if len(inside) else (),
        split_km=unit_km,
        scores=tuple(_score_words(score, units) for score in place.scores),
        remark=run["suspect_reason"],
    )


def _usual(run: Row) -> Usual | None:
    mps, spm = (
        formatting.none_if_nan(run.get(name)) for name in ("usual_mps", "usual_cadence_spm")
    )
    return None if mps is None or spm is None else Usual(mps=mps, spm=spm)


def _title(run: Row, units: Units) -> str:
    km = formatting.distance(run["distance_km"], units)
    return ", ".join(filter(None, [run["name"], "" if km == formatting.MISSING else km])) or "A run"


def _facts(run: Row, units: Units) -> Iterable[tuple[str, str]]:
    named = {
        "Time": formatting.duration(run["moving_s"]),
        "Pace": formatting.pace(run["moving_s"], run["distance_km"], units),
        "Heart rate": formatting.number(run["avg_hr_bpm"]),
        "Cadence": formatting.number(run["avg_cadence_spm"]),
        "Up": formatting.height(run["ascent_m"], units),
        "Down": formatting.height(run["descent_m"], units),
        "Knee load": formatting.distance(run["knee_load"], units),
        "Effort": f"{run['rpe']:.0f}/10"
        if formatting.is_finite(run["rpe"])
        else formatting.MISSING,
        "Shoes": run["shoe"] or formatting.MISSING,
    }
    return ((name, value) for name, value in named.items() if value != formatting.MISSING)


def _drawing(
    inside: pd.DataFrame, usual: Usual | None, knee_km: float | None, place: RunPlace
) -> Drawing | None:
    from kneeload.charts import along_run as chart
    from kneeload.reports.drawings import drawing

    profile = along(inside, usual, knee_km) if len(inside) else None
    picture = chart.picture(profile, _onset_km(place), place.units) if profile else None
    return drawing(picture) if picture else None


def _onset_km(place: RunPlace) -> float | None:
    onsets = [s["onset_km"] for s in place.scores if formatting.is_finite(s["onset_km"])]
    return min(onsets, default=None)


def _score_words(score: Row, units: Units) -> str:
    moment = "" if score["moment"] == "unsure" else f" {formatting.humanise(score['moment'])}"
    knee = "" if score["knee"] == "unsure" else formatting.KNEES[score["knee"]]
    onset = score["onset_km"]
    began = (
        f", pain began at {formatting.distance(onset, units)}"
        if formatting.is_finite(onset)
        else ""
    )
    note = f" ({score['note']})" if score["note"] else ""
    return f"{knee}{moment}: {score['score']}/10{began}{note}".strip()
