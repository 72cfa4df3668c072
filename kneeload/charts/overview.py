"""Load and pain on one axis of time: the page's main chart."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import compress, pairwise
from math import nan
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kneeload import formatting
from kneeload.charts import canvas as ground
from kneeload.charts.canvas import Canvas, Picture
from kneeload.charts.event_lanes import LANE_PX, Lane, draw_lanes, lane_key, lanes
from kneeload.charts.legend import Entry, key, key_room
from kneeload.charts.run_bars import LONGEST, OTHERS, draw_sessions, sessions

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from kneeload.charts.shapes import Panel, Sheet
    from kneeload.formatting import Units
    from kneeload.settings import Settings

# Kneeload's own order of a run's four scores, each with a shape of its own.
MOMENTS = {
    "before": ("o", False),
    "during": ("o", True),
    "after": ("s", True),
    "next_morning": ("^", True),
    "rest": ("D", False),
    "unsure": ("X", True),
}
LOAD_PX, PAIN_PX = 190.0, 84.0
_LEAST_TOP = 3
_ROW_PX, _ROW_MIDDLE_PX = 18.0, 14.0  # room for a row of numbers, and where in it they stand
_COUNTS_PX = 6 + 2 * _ROW_PX
_DIGIT_PX = 6.4  # of a small number
_BELOW_PX = 5.0  # so that a mark at 0 stands clear of the edge
LINE_BREAKS_AFTER_DAYS = 10


@dataclass(frozen=True)
class Score:
    """One knee score: where it stands on the axis of time, how it looks, what it says."""

    day: float
    knee: str
    moment: str
    score: int
    text: str


@dataclass(frozen=True, eq=False)
class LoadAndPain:
    """The numbers of the chart: weeks in display units and in words, scores, and what fired."""

    weeks: pd.DataFrame
    week_texts: list[str]
    scores: list[Score]
    rows: list[Lane]
    sessions: pd.DataFrame
    settings: Settings

    def last(self, weeks: int) -> LoadAndPain:
        """Return the same for the last so many weeks only."""
        last_weeks = self.weeks.tail(weeks)
        first = ground.days(last_weeks["week_start"])[0]
        rows = (row.since(first) for row in self.rows)
        return replace(
            self,
            weeks=last_weeks,
            week_texts=self.week_texts[-weeks:],
            scores=[score for score in self.scores if score.day >= first],
            rows=[row for row in rows if row.marks],
            sessions=self.sessions[self.sessions["week_start"] >= last_weeks["week_start"].iloc[0]],
        )


def picture(
    weeks: pd.DataFrame,
    pain: pd.DataFrame,
    flags: pd.DataFrame,
    diary: pd.DataFrame,
    settings: Settings,
    runs: pd.DataFrame | None = None,
) -> Picture:
    """Return load and pain, from frames of `kneeload.frames`; `weeks` must not be empty.

    Parameters
    ----------
    runs
        The runs that count, for bars of single runs; see `kneeload.charts.run_bars`.
    """
    data = numbers(weeks.tail(ground.WIDE.weeks), pain, flags, diary, settings, runs)
    return Picture(
        key="load-and-pain",
        title=_title(data.weeks.iloc[-1].to_dict(), settings),
        text=" ".join(data.week_texts),
        note=_note(_guideline(settings), scored=bool(len(pain))),
        draw=lambda canvas: _draw(data.last(canvas.weeks), canvas),
    )


def numbers(
    weeks: pd.DataFrame,
    pain: pd.DataFrame,
    flags: pd.DataFrame,
    diary: pd.DataFrame,
    settings: Settings,
    runs: pd.DataFrame | None = None,
) -> LoadAndPain:
    """Return what the chart of these weeks shows, in display units and in words."""
    factor = formatting.in_units(1.0, settings.units)
    guided_weeks = weeks.assign(limit=factor * _limits(weeks, _guideline(settings)))
    pieces = sessions(weeks, runs)
    records = guided_weeks.to_dict("records")
    return LoadAndPain(
        weeks=guided_weeks,
        week_texts=[_week_words(week, settings, records[-1]["week_start"]) for week in records],
        scores=_scores(pain, guided_weeks["week_start"], settings.units),
        rows=lanes(guided_weeks, flags, diary),
        sessions=pieces.assign(base=factor * pieces["base"], km=factor * pieces["km"]),
        settings=settings,
    )


def _guideline(settings: Settings) -> float:
    return 1 + settings.threshold("ten_percent.note_pct") / 100


def _limits(weeks: pd.DataFrame, ratio: float) -> pd.Series:
    """Return each week's limit [km] where the frame has it, else the 10 % guideline."""
    return weeks["limit_km"] if "limit_km" in weeks else ratio * weeks["reference_km"]


def _is_guided(weeks: pd.DataFrame) -> pd.Series:
    """Whether the guideline sets a week's limit, rather than a return, pain or a professional."""
    everywhere = pd.Series(data=True, index=weeks.index)
    return weeks.get("by_guideline", everywhere).astype(bool)


def _title(week: Mapping[Any, Any], settings: Settings) -> str:
    so_far = "" if week["complete"] else " so far"
    load = f"{formatting.distance(week['distance_km'], settings.units)}{so_far}"
    ran = ", ".join(filter(None, [load, _against(week)]))
    return formatting.sentence(f"{ran}; {_scored(week)}")


def _against(week: Mapping[Any, Any]) -> str:
    if not week["reference_km"] > 0:
        return "with no reference week yet"
    change = week["distance_km"] / week["reference_km"] - 1
    if not week["complete"] and change < 0:
        return ""
    return f"{abs(change) * 100:.0f} % {'above' if change >= 0 else 'below'} the reference week"


def _scored(week: Mapping[Any, Any]) -> str:
    if not week["pain_scores"]:
        return "no knee scores"
    if week["pain_scores"] == 1:
        return f"the one pain score was {week['pain_max']:.0f}/10"
    return f"the highest of {week['pain_scores']} pain scores was {week['pain_max']:.0f}/10"


def _note(ratio: float, *, scored: bool) -> str:
    guideline = (
        f"The short line over a bar shows the 10 % guideline: {formatting.percent(ratio - 1)} more "
        "than in the reference week. The reference week is the latest of the previous three weeks "
        "that was neither empty nor a cutback. The guideline is widely used, but no study has "
        "shown that it prevents injury. Where the plan had a different limit, for example after "
        "pain, the line shows that limit."
    )
    return (
        f"{guideline} Days without a score stay empty."
        f"{'' if scored else ' There are no scores yet.'}"
    )


def _week_words(week: Mapping[Any, Any], settings: Settings, last: dt.date) -> str:
    first_day = formatting.day(week["week_start"], last)
    return formatting.sentence(f"Week of {first_day}: {_numbers(week, settings)}")


def _numbers(week: Mapping[Any, Any], settings: Settings) -> str:
    if not week["runs"]:
        return "no runs"
    parts = [
        formatting.distance(week["distance_km"], settings.units)
        + ("" if week["complete"] else " so far"),
        formatting.count(int(week["runs"]), "run"),
        f"{_line(week)} {week['limit']:.1f} {settings.units}" if week["limit"] > 0 else "",
        "cutback week" if week["cutback"] else "",
        _scored(week),
    ]
    return ", ".join(filter(None, parts))


def _line(week: Mapping[Any, Any]) -> str:
    return "10 % guideline" if week.get("by_guideline", True) else "limit"


def _scores(pain: pd.DataFrame, weeks: pd.Series, units: Units) -> list[Score]:
    """Return the scores from the first of the weeks shown on."""
    names = ["local_date", "knee", "moment", "score", "onset_km", "origin"]
    recent = pain.loc[pain["local_date"] >= weeks.iloc[0], names]
    days = ground.days(recent["local_date"]) + 0.5
    return [
        Score(day, entry["knee"], entry["moment"], entry["score"], text)
        for day, entry in zip(days.tolist(), recent.to_dict("records"), strict=True)
        for text in [_score_words(entry, units, weeks.iloc[-1])]
    ]


def _draw(data: LoadAndPain, canvas: Canvas) -> Sheet:
    rows = data.rows
    knees = [knee for knee in formatting.KNEES if any(score.knee == knee for score in data.scores)]
    runs_key, moments = _load_key(data.weeks), _moment_key(data.scores)
    flagged = lane_key(rows)
    sheet, (load, *below) = ground.stacked(
        canvas,
        [
            (LOAD_PX + _ROW_PX, key_room(canvas, runs_key)),
            *[(LANE_PX * len(rows), 12 + key_room(canvas, flagged))][: len(rows)],
            *_knee_panels(len(knees), 12 + key_room(canvas, moments)),
        ],
    )
    ground.time_axis(canvas, sheet.panels, *ground.time_limits(data.weeks))
    _draw_breaks(sheet.panels, data.weeks)
    _draw_load(load, data)
    key(load, canvas, runs_key)
    if rows:
        draw_lanes(below[0], rows)
        key(below.pop(0), canvas, flagged)
    if knees:
        _draw_knees(below, knees, data)
        key(below[0], canvas, moments)
    return sheet


def _knee_panels(knees: int, above: float) -> list[tuple[float, float]]:
    """Return each knee's height and the room above it [px]; the last has one for counts below.

    One knee is as tall as the kilometres; two share that, but neither is lower than `PAIN_PX`.
    """
    rooms = [above, *[ground.CAPTION_PX] * (knees - 1)][:knees]
    panels = [(_pain_px(knees), room) for room in rooms]
    return [*panels[:-1], *((height + _COUNTS_PX, room) for height, room in panels[-1:])]


def _pain_px(knees: int) -> float:
    return max(LOAD_PX / max(knees, 1), PAIN_PX)


def _top(scores: list[Score]) -> int:
    """Return the score at which the scale of pain ends: the highest shown, at least 3."""
    return max([_LEAST_TOP, *(score.score for score in scores)])


def _load_key(weeks: pd.DataFrame) -> list[Entry]:
    areas = [LONGEST, *([OTHERS] if (weeks["runs"] > 1).any() else [])]
    drawn = weeks["limit"].notna() & (weeks["runs"] > 0)
    name = "10 % guideline" if _is_guided(weeks[drawn]).all() else "10 % guideline or limit"
    return [*areas, *([Entry(name, "limit_line", "_", size=12, line=2)] if drawn.any() else [])]


def _moment_key(scores: list[Score]) -> list[Entry]:
    used = {score.moment for score in scores}
    return [
        Entry(formatting.humanise(moment), "pain", marker, filled=filled)
        for moment, (marker, filled) in MOMENTS.items()
        if moment in used
    ]


def _draw_breaks(panels: Sequence[Panel], weeks: pd.DataFrame) -> None:
    """Shade stretches of weeks without a run."""
    empty = ((weeks["runs"] == 0) & weeks["complete"]).to_numpy()
    lefts = ground.days(weeks["week_start"])
    begin = empty & ~np.append(False, empty[:-1])
    last = empty & ~np.append(empty[1:], False)
    for panel in panels if empty.any() else ():
        ground.bands(panel, lefts[begin], lefts[last] + 7)
    middles = (lefts[begin] + lefts[last] + 7) / 2
    ground.write(
        panels[0], middles, 0, ["no runs"] * len(middles), shift=(0, 6), upright=True,
        stand="center", colour="muted",
    )  # fmt: skip


def _draw_load(panel: Panel, data: LoadAndPain) -> None:
    weeks, lefts = data.weeks, ground.days(data.weeks["week_start"])
    draw_sessions(panel, data.sessions)
    km_run = formatting.in_units(1.0, data.settings.units) * weeks["distance_km"].to_numpy()
    has_limit = (weeks["limit"].notna() & (weeks["runs"] > 0)).to_numpy()
    x, km = lefts[has_limit], weeks["limit"].to_numpy()[has_limit]
    ground.lines(panel, x + 0.3, km, x + 6.7, km, "limit_line", width=1.8, zorder=3)
    highest = float(max([1.0, *km_run, *km]))
    top, units = highest * 1.06, data.settings.units
    ground.scale(panel, ground.round_ticks(highest), top)
    panel.y = (-_ROW_PX * top / LOAD_PX, top)
    numbers = [f"{km_label:.0f}" for km_label in km_run]
    _write_row(panel, -_ROW_MIDDLE_PX * top / LOAD_PX, units, weeks, numbers)
    ground.caption(panel, f"{formatting.UNIT_CAPTIONS[units]} a week")
    so_far = "" if weeks["complete"].iloc[-1] else " so far"
    ground.caption(panel, f"{km_run[-1]:.1f} {units}{so_far}", at=1)
    ground.hover_columns(panel, lefts, data.week_texts)


def _draw_knees(panels: list[Panel], knees: list[str], data: LoadAndPain) -> None:
    top = _top(data.scores)
    per_px = top / (_pain_px(len(knees)) - _BELOW_PX)
    for panel, knee in zip(panels, knees, strict=True):
        knee_scores = [score for score in data.scores if score.knee == knee]
        _draw_pain(panel, knee, knee_scores, top, -_BELOW_PX * per_px)
    _draw_counts(panels[-1], data.weeks, per_px)


def _draw_pain(panel: Panel, knee: str, scores: list[Score], top: int, lowest: float) -> None:
    ground.scale(panel, sorted({0, *(tick for tick in (2, 5, 10) if tick <= top), top}), top)
    panel.y = (lowest, top)
    ground.caption(panel, f"{formatting.KNEES[knee]}: pain score, from 0 to 10")
    ground.line(panel, *_worst(scores), "pain", width=1.1, opacity=0.55, zorder=2)
    for moment, (marker, filled) in MOMENTS.items():
        chosen = [score for score in scores if score.moment == moment]
        if chosen:
            _draw_scores(panel, chosen, marker, filled=filled)


def _worst(scores: list[Score]) -> tuple[list[float], list[float]]:
    """Return each day's highest score, with a hole where days went by without one."""
    worst: dict[float, float] = {}
    for score in scores:
        worst[score.day] = max(score.score, worst.get(score.day, 0))
    gaps = pairwise(sorted(worst))
    holes = {day - 0.5: nan for before, day in gaps if day - before > LINE_BREAKS_AFTER_DAYS}
    line = sorted((worst | holes).items())
    return [day for day, _ in line], [score for _, score in line]


def _draw_scores(panel: Panel, scores: list[Score], marker: str, *, filled: bool) -> None:
    ground.marks(
        panel,
        [score.day for score in scores],
        [score.score for score in scores],
        marker,
        *(("pain", "paper") if filled else ("paper", "pain")),
        size=5.48,
        line=0.7 if filled else 1.4,
        clip=False,
        zorder=3 + filled,
        tips=[score.text for score in scores],
    )


def _score_words(entry: Mapping[Any, Any], units: Units, last: dt.date) -> str:
    moment = "" if entry["moment"] == "unsure" else f" {formatting.humanise(entry['moment'])}"
    onset = entry["onset_km"]
    began = f", from {formatting.distance(onset, units)}" if formatting.is_finite(onset) else ""
    origin = ", read from a note" if entry["origin"] == "parsed" else ""
    return (
        f"{formatting.day(entry['local_date'], last)}: {entry['score']}/10{moment}{began}{origin}"
    )


def _draw_counts(panel: Panel, weeks: pd.DataFrame, per_px: float) -> None:
    """Write each week's worst score and the number of its scores below the panel."""
    panel.y = (-(_BELOW_PX + _COUNTS_PX) * per_px, panel.y[1])
    worst = [formatting.number(score) for score in weeks["pain_max"]]
    for number, (name, texts) in enumerate(
        (("worst", worst), ("scores", [f"{count}" for count in weeks["pain_scores"]]))
    ):
        height = -(_BELOW_PX + _ROW_MIDDLE_PX + number * _ROW_PX) * per_px
        _write_row(panel, height, name, weeks, texts)


def _write_row(
    panel: Panel, height: float, name: str, weeks: pd.DataFrame, texts: Sequence[str]
) -> None:
    """Write a number under each week that had a run or a score, as large as a week is wide."""
    ground.y_labels(panel, [height], [name])
    first, last = panel.x
    week_px = panel.width * 7 / (last - first)
    size = min(11.0, 11.0 * week_px / (_DIGIT_PX * max(map(len, texts), default=1)))
    happened = ((weeks["runs"] > 0) | (weeks["pain_scores"] > 0)).to_numpy()
    middles, shown = ground.days(weeks["week_start"])[happened] + 3.5, [*compress(texts, happened)]
    ground.write(panel, middles, height, shown, size=size, align="center", stand="center")
