"""Every single run against the longest of the days before it, and where in it pain began."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import compress
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kneeload import formatting
from kneeload.charts import canvas as ground
from kneeload.charts.canvas import Canvas, Picture
from kneeload.charts.legend import Entry, key, key_room
from kneeload.rules.distance import longest_before

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from kneeload.arrays import Floats
    from kneeload.charts.shapes import Panel, Sheet
    from kneeload.settings import Settings

_PANEL_PX = 170.0
_EDGE_DAYS = 5
_LABELS_APART_DAYS = 16
_USED = ["run_id", "started_at", "local_date", "distance_km"]
_SPARE_DAYS = 2  # a run's own date may be a day from its start's in UTC


@dataclass(frozen=True, eq=False)
class RunsWithLimits:
    """Runs with what each is compared with.

    Parameters
    ----------
    runs
        Columns ``local_date``, ``km`` and ``limit`` and ``onset`` in display units, ``before``
        (the longest run of the window before [km]), ``over``.
    weeks
        The weeks of the report, the last one its own.
    """

    runs: pd.DataFrame
    weeks: pd.DataFrame
    settings: Settings

    @property
    def today(self) -> dt.date:
        """The first day of the report's week, whose year needs no naming."""
        today: pd.Timestamp = self.weeks["week_start"].iloc[-1]
        return today

    def last(self, weeks: int) -> RunsWithLimits:
        """Return the same for the last so many weeks only."""
        last_weeks = self.weeks.tail(weeks)
        runs = self.runs[self.runs["local_date"] >= last_weeks["week_start"].iloc[0]]
        return RunsWithLimits(runs, last_weeks, self.settings)


def with_limits(runs: pd.DataFrame, pain: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Return runs by start with the limit each has, as `long_run_spike` draws it.

    References
    ----------
    Schuster Brandt Frandsen et al. 2025, doi:10.1136/bjsports-2024-109380 (evidence grade
    *cohort*): a run longer than 110 % of the longest of the 30 days before.
    """
    measured = runs[_USED].dropna(subset=["distance_km"])
    ordered = measured.sort_values("started_at", kind="stable")
    before = longest_before(ordered, settings.threshold("long_run_spike.window_days"))
    limit = settings.threshold("long_run_spike.warn_ratio") * before
    km = ordered["distance_km"]
    judged_from = settings.threshold("long_run_spike.min_km")
    factor = formatting.in_units(1.0, settings.units)
    return pd.DataFrame(
        {
            "local_date": ordered["local_date"],
            "km": factor * km,
            "limit": factor * limit,
            "onset": factor * _onsets(ordered, pain),
            "share": km / before,
            "over": (km.round(2) > limit.round(2) + 1e-7) & (km >= judged_from),
        }
    )


def _onsets(runs: pd.DataFrame, pain: pd.DataFrame) -> Floats:
    """Return the kilometre at which pain began, of runs whose scores name it."""
    first = pain.loc[pain["run_id"] != ""].groupby("run_id")["onset_km"].min()
    onset = runs["run_id"].map(first).to_numpy(dtype=np.float64)
    return np.where(onset <= runs["distance_km"].to_numpy(), onset, np.nan)


def picture(
    weeks: pd.DataFrame, runs: pd.DataFrame, pain: pd.DataFrame, settings: Settings
) -> Picture:
    """Return single runs against their limits; `runs` must not be empty."""
    recent_weeks = weeks.tail(ground.WIDE.weeks)
    # The runs shown are held against those of the window before the first of them.
    window = settings.threshold("long_run_spike.window_days") + _SPARE_DAYS
    since = recent_weeks["week_start"].iloc[0] - pd.Timedelta(days=window)
    is_recent = runs["distance_km"].notna() & (runs["local_date"] >= since)
    scores = pain.loc[pain["local_date"] >= since, ["run_id", "onset_km"]]
    compared = with_limits(runs.loc[is_recent, _USED], scores, settings)
    data = RunsWithLimits(compared, recent_weeks, settings)
    return Picture(
        key="single-runs",
        title=_title(data),
        text=" ".join(_run_words(data.last(4))),
        note=_note(settings),
        draw=lambda canvas: _draw(data.last(canvas.weeks), canvas),
    )


def _title(data: RunsWithLimits) -> str:
    runs = data.last(1).runs
    days = data.settings.threshold("long_run_spike.window_days")
    window = f"the previous {days:.0f} days"
    if runs.empty:
        return "This week has no run that can be compared."
    if runs["share"].isna().all():
        return f"There was no run in {window} to compare with."
    longest = runs.nlargest(1, "share").iloc[0]
    day = formatting.day(longest["local_date"], data.today)
    run = f"{longest['km']:.1f} {data.settings.units} on {day}"
    share = formatting.percent(longest["share"])
    if longest["over"]:
        return f"The run of {run} was {share} of the longest in {window}."
    return f"The longest run, {run}, was {share} of the longest in {window}."


def _note(settings: Settings) -> str:
    ratio = formatting.percent(settings.threshold("long_run_spike.warn_ratio"))
    window = settings.threshold("long_run_spike.window_days")
    return (
        f"The line is {ratio} of the longest run in the {window:.0f} days before each run. In one "
        "observational study of 5,205 runners, overuse injuries were more common after runs above "
        "it."
    )


def _run_words(data: RunsWithLimits) -> list[str]:
    runs = data.runs.to_dict("records")
    return [formatting.sentence(_one(run, data.settings, data.today)) for run in runs]


def _one(run: Mapping[Any, Any], settings: Settings, today: dt.date) -> str:
    limit = (
        f", line at {run['limit']:.1f}"
        if formatting.is_finite(run["limit"])
        else ", nothing before it"
    )
    began = f", pain from {run['onset']:.1f} {settings.units}" if run["onset"] >= 0 else ""
    day = formatting.day(run["local_date"], today)
    return f"{day}: {run['km']:.1f} {settings.units}{limit}{began}"


def _draw(data: RunsWithLimits, canvas: Canvas) -> Sheet:
    entries = _key(data.runs)
    sheet, (panel,) = ground.stacked(canvas, [(_PANEL_PX, key_room(canvas, entries))])
    ground.time_axis(canvas, [panel], *ground.time_limits(data.weeks))
    highest = float(np.nanmax([*data.runs["km"], *data.runs["limit"], 1.0]))
    ground.scale(panel, ground.round_ticks(highest), highest * 1.12)
    ground.caption(panel, f"{formatting.UNIT_CAPTIONS[data.settings.units]} a run")
    _draw_runs(panel, data)
    key(panel, canvas, entries)
    return sheet


def _key(runs: pd.DataFrame) -> list[Entry]:
    entries = [
        Entry("run", "moderate", "o"),
        Entry("line", "limit_line", "_", size=12, line=1.5),
        Entry("run over the line", "over", "D"),
        Entry("pain began", "pain", "X", filled=False, size=7),
    ]
    is_drawn = [
        True,
        bool(runs["limit"].notna().any()),
        bool(runs["over"].any()),
        bool(runs["onset"].notna().any()),
    ]
    return [entry for entry, drawn in zip(entries, is_drawn, strict=True) if drawn]


def _draw_runs(panel: Panel, data: RunsWithLimits) -> None:
    runs = data.runs
    x = ground.days(runs["local_date"]) + 0.5
    km, onset = runs["km"].to_numpy(), runs["onset"].to_numpy()
    ground.lines(panel, x, 0, x, km, "easy", width=1.4, zorder=1)
    ground.line(panel, *_steps(x, runs["limit"].to_numpy()), "limit_line", width=1.3, zorder=2)
    texts, over, began = _run_words(data), runs["over"].to_numpy(), onset >= 0
    _dots(panel, "run", x, km, texts, ~over)
    _dots(panel, "over", x, km, texts, over)
    ground.marks(panel, x[began], onset[began], "X", "paper", "pain", size=6.32, line=1.3, zorder=5)
    _label(panel, x[over], km[over])


def _steps(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Return a line that holds each value from the place before to its own."""
    return np.repeat(x, 2)[:-1], np.repeat(y, 2)[1:]


def _dots(
    panel: Panel, kind: str, x: Floats, y: Floats, texts: list[str], chosen: NDArray[np.bool_]
) -> None:
    if not chosen.any():
        return
    marker, colour = {"run": ("o", "moderate"), "over": ("D", "over")}[kind]
    ground.marks(
        panel,
        x[chosen],
        y[chosen],
        marker,
        colour,
        colour,
        size=5.48,
        line=0,
        zorder=4,
        clip=False,
        tips=[*compress(texts, chosen)],
    )


def _label(panel: Panel, x: Floats, y: Floats) -> None:
    """Write the distance over the runs above the line, newest first, where there is room."""
    last_labelled, edge = np.inf, panel.x[1] - _EDGE_DAYS
    for at, km in reversed(list(zip(x, y, strict=True))):
        if last_labelled - at < _LABELS_APART_DAYS:
            continue
        last_labelled = at
        ground.write(
            panel, at, km, [f"{km:.1f}"], shift=(0, 7), align="right" if at > edge else "center",
            colour="over", bold=True, pad=1, zorder=6,
        )  # fmt: skip
