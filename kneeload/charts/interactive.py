"""Load, pain and runs in one chart that answers back, for notebooks; drawn by Altair.

The numbers and the words are those of the page's charts.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pandas as pd

from kneeload import formatting, frames
from kneeload.charts import long_runs, overview
from kneeload.charts.canvas import COLOURS
from kneeload.charts.run_bars import LONGEST, OTHERS
from kneeload.diary.attribution import assign_runs
from kneeload.errors import KneeloadError, how_to_install
from kneeload.weeks import countable_runs

if TYPE_CHECKING:
    from types import ModuleType

    from kneeload.settings import Settings

Rows = list[dict[str, Any]]
_WIDTH = 720
_SHAPES = {
    "before": "triangle-down",
    "during": "circle",
    "after": "square",
    "next_morning": "triangle-up",
    "rest": "diamond",
    "unsure": "cross",
}
# JupyterLab and VS Code draw these themselves, without a network.
_MIMES = {version: f"application/vnd.vegalite.v{version}+json" for version in (5, 6)}


@dataclass(frozen=True, eq=False)
class Interactive:
    """A chart that answers back; the last expression of a cell shows it, without a network.

    Parameters
    ----------
    chart
        The Altair chart, yours to change.
    weeks, runs, scores
        The rows it draws.
    """

    chart: Any
    weeks: Rows
    runs: Rows
    scores: Rows

    def __repr__(self) -> str:
        weeks = {row["id"] for row in self.weeks}
        rows = {"week": weeks, "run": self.runs, "score": self.scores}
        counts = (formatting.count(len(rows[name]), name) for name in rows)
        return f"<Interactive: {', '.join(counts)}>"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        spec = self.chart.to_dict()
        schema = "https://vega.github.io/schema/vega-lite/v{}.json"
        specs = {mime: spec | {"$schema": schema.format(v)} for v, mime in _MIMES.items()}
        return {"text/plain": repr(self), **specs}


def interactive(
    weeks: pd.DataFrame,
    runs: pd.DataFrame,
    pain: pd.DataFrame,
    flags: pd.DataFrame,
    diary: pd.DataFrame,
    *,
    settings: Settings,
) -> Interactive:
    """Return weekly load, pain and single runs: brush weeks to see their runs, hover over a run.

    A run under the pointer marks its scores, and a score its run.

    Parameters
    ----------
    weeks, runs, pain, flags, diary
        Frames of the same names in `kneeload.frames`.
    settings
        Display units and thresholds.

    Raises
    ------
    KneeloadError
        If Altair is not installed.
    """
    altair = _altair()
    counted_runs = countable_runs(runs, also=frames.RUNS)
    scores = assign_runs(pain, counted_runs)
    rows: tuple[Rows, Rows, Rows] = ([], [], [])
    if len(weeks):
        data = overview.numbers(weeks, scores, flags, diary, settings, counted_runs)
        rows = (
            week_rows(data, flags),
            run_rows(counted_runs, scores, settings),
            score_rows(data, scores),
        )
    return Interactive(_chart(altair, *rows, settings), *rows)


def week_rows(data: overview.LoadAndPain, flags: pd.DataFrame) -> Rows:
    """Return a row per piece of a week's bar: its distance in display units, limit and words."""
    middle = data.weeks["week_start"] + pd.Timedelta(days=3.5)
    raised = flags.groupby("week")["rule"].agg(lambda rules: ", ".join(dict.fromkeys(rules)))
    table = data.weeks.assign(
        id=data.weeks["week"],
        day=_stamps(middle),
        words=data.week_texts,
        rules=data.weeks["week"].map(raised).astype("object").fillna(""),
    )
    pieces = data.sessions.rename(columns={"km": "distance"})
    runs = pieces["longest"].map({True: LONGEST.label, False: OTHERS.label})
    names = ["week_start", "id", "day", "words", "rules", "limit"]
    rows = pieces.assign(runs=runs).merge(table[names], on="week_start")
    return _plain(rows[[*names[1:], "runs", "base", "distance"]])


def run_rows(runs: pd.DataFrame, pain: pd.DataFrame, settings: Settings) -> Rows:
    """Return a row per run: its distance and limit in display units, and where pain began."""
    measured = runs.dropna(subset=["distance_km"]).sort_values("started_at", kind="stable")
    table = long_runs.with_limits(runs, pain, settings)
    units = settings.units
    table = table.assign(
        id=measured["run_id"],
        day=_stamps(table["local_date"] + pd.Timedelta(hours=12)),
        distance=table["km"],
        words=[
            f"{formatting.day_and_year(day)}: {formatting.distance(km, units)}"
            for day, km in zip(measured["local_date"], measured["distance_km"], strict=True)
        ],
        time=[*map(formatting.duration, measured["moving_s"])],
    )
    return _plain(
        table[["id", "day", "words", "time", "distance", "limit", "onset", "share", "over"]]
    )


def score_rows(data: overview.LoadAndPain, pain: pd.DataFrame) -> Rows:
    """Return a row per score: the run it rates, and its words."""
    recent = pain[pain["local_date"] >= data.weeks["week_start"].iloc[0]]
    table = pd.DataFrame(
        {
            "id": recent["run_id"],
            "day": _stamps(recent["local_date"] + pd.Timedelta(hours=12)),
            "score": recent["score"],
            "knee": recent["knee"].map(formatting.KNEES),
            "moment": recent["moment"].map(formatting.humanise),
            "words": [score.text for score in data.scores],
        }
    )
    return _plain(table)


def _stamps(days: pd.Series) -> pd.Series:
    """Return instants without a zone, which a browser takes for the reader's own."""
    stamps: pd.Series = days.dt.strftime("%Y-%m-%dT%H:%M:%S")
    return stamps


def _plain(table: pd.DataFrame) -> Rows:
    """Return rows of plain values, None where nothing was measured."""
    whole: pd.DataFrame = table.astype("object")
    plain = whole.where(table.notna(), None)
    return [dict(zip(plain.columns, row, strict=True)) for row in plain.to_numpy().tolist()]


def _altair() -> ModuleType:
    try:
        return import_module("altair")
    except ModuleNotFoundError:
        raise KneeloadError(
            f"interactive charts need altair; {how_to_install('notebooks')}"
        ) from None


def _chart(alt: ModuleType, weeks: Rows, runs: Rows, scores: Rows, settings: Settings) -> Any:
    """Stack the three panels, linked by the brush over days and the run under the pointer."""
    units = formatting.UNIT_CAPTIONS[settings.units]
    brush = alt.selection_interval(name="weeks", encodings=["x"])
    run = alt.selection_point(
        name="run", fields=["id"], on="pointerover", clear="pointerout", empty=False
    )
    panels = (
        _load(alt, weeks, brush, f"{units} a week"),
        _pain(alt, scores, brush, run),
        _runs(alt, runs, brush, run, settings, f"{units} a run"),
    )
    stacked = alt.vconcat(*panels).resolve_scale(color="independent", shape="independent")
    return stacked.configure_view(stroke=None).configure_axis(
        labelColor=COLOURS["muted"], titleColor=COLOURS["muted"], gridColor=COLOURS["line"]
    )


def _load(alt: ModuleType, weeks: Rows, brush: Any, title: str) -> Any:
    """Draw the weeks, run upon run, under their limits; drag over them to choose."""
    labels = [entry.label for entry in (OTHERS, LONGEST)]
    colours = [COLOURS[entry.colour] for entry in (OTHERS, LONGEST)]
    base = alt.Chart(alt.Data(values=weeks)).encode(x=_days(alt), tooltip=_tips("words", "rules"))
    bars = (
        base.transform_calculate(top="datum.base + datum.distance")
        .mark_bar(size=max(2, min(18, 5000 // (7 * len(weeks) + 1))))
        .encode(
            y=alt.Y("base:Q", title=title),
            y2="top:Q",
            color=alt.condition(
                brush,
                alt.Color("runs:N", title="", scale=alt.Scale(domain=labels, range=colours)),
                alt.value(COLOURS["line"]),
            ),
        )
    )
    limits = base.mark_tick(color=COLOURS["limit_line"], thickness=2, size=14).encode(y="limit:Q")
    hint = "Drag over the weeks to choose some; double-click to see all."
    return alt.layer(bars.add_params(brush), limits).properties(
        width=_WIDTH, height=190, title=_title(alt, "Load", hint)
    )


def _pain(alt: ModuleType, scores: Rows, brush: Any, run: Any) -> Any:
    """Draw the scores of the weeks chosen; those of the run under the pointer stand out."""
    moments = [formatting.humanise(name) for name in _SHAPES]
    return (
        alt.Chart(alt.Data(values=scores))
        .mark_point(filled=True, color=COLOURS["pain"], opacity=0.75)
        .encode(
            x=_days(alt),
            y=alt.Y("score:Q", title="pain", scale=alt.Scale(domain=[0, 10])),
            shape=alt.Shape(
                "moment:N", scale=alt.Scale(domain=moments, range=list(_SHAPES.values()))
            ),
            size=alt.condition(run, alt.value(240), alt.value(45)),
            tooltip=_tips("words", "knee"),
        )
        .transform_filter(brush)
        .add_params(run)
        .properties(width=_WIDTH, height=120, title=_title(alt, "Pain", "Scores of these weeks."))
    )


def _runs(alt: ModuleType, runs: Rows, brush: Any, run: Any, settings: Settings, title: str) -> Any:
    """Draw the runs of the weeks chosen, each under its limit, and where pain began."""
    base = (
        alt.Chart(alt.Data(values=runs))
        .encode(x=_days(alt), tooltip=_tips("words", "time", "limit"))
        .transform_filter(brush)
    )
    dots = base.mark_point(filled=True).encode(
        y=alt.Y("distance:Q", title=title),
        color=alt.condition(
            "datum.over", alt.value(COLOURS["over"]), alt.value(COLOURS["moderate"])
        ),
        shape=alt.condition("datum.over", alt.value("diamond"), alt.value("circle")),
        size=alt.condition(run, alt.value(300), alt.value(60)),
    )
    limits = base.mark_tick(color=COLOURS["limit_line"], size=9).encode(y="limit:Q")
    began = base.mark_point(shape="cross", color=COLOURS["pain"], size=70).encode(y="onset:Q")
    ratio = formatting.percent(settings.threshold("long_run_spike.warn_ratio"))
    window = settings.threshold("long_run_spike.window_days")
    hint = (
        f"Point at a run to highlight its scores. Line: {ratio} of the longest run in the "
        f"{window:.0f} days before each run."
    )
    return alt.layer(limits, dots, began).properties(
        width=_WIDTH, height=170, title=_title(alt, "Runs", hint)
    )


def _days(alt: ModuleType) -> Any:
    return alt.X("day:T", title=None, axis=alt.Axis(format="%d %b", labelOverlap=True))


def _tips(*names: str) -> list[str]:
    return [f"{name}:Q" if name == "limit" else f"{name}:N" for name in names]


def _title(alt: ModuleType, text: str, hint: str) -> Any:
    return alt.TitleParams(text, subtitle=hint, anchor="start", subtitleColor=COLOURS["muted"])
