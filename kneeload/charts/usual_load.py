"""Knee load and downhill metres of each week against what was usual before it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.lib.stride_tricks import sliding_window_view

from kneeload import formatting
from kneeload.charts import canvas as ground
from kneeload.charts.canvas import Canvas, Picture
from kneeload.measures.baselines import is_running
from kneeload.measures.knee_load import FORMS, SENSITIVITIES
from kneeload.measures.relative_load import to_usual_week

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from kneeload.arrays import Floats
    from kneeload.charts.shapes import Panel, Sheet

USUAL_WEEKS, _LEAST_WEEKS = 4, 2
MEASURES = {"knee_load": "Knee load", "descent_m": "Downhill"}
_SUBJECTS = {"knee_load": "knee load", "descent_m": "downhill metres"}
_VERBS = {"knee_load": ("is", "was"), "descent_m": ("are", "were")}
_PANEL_PX, _HIGHEST = 78.0, 3.0

KEY = "to-usual"
NOTE = (
    "“Usual” is the average of the previous four weeks. Knee load is estimated with a model based "
    "on average laboratory measurements. No limit for it is known, and no study has looked at "
    "whether it is related to injury. kneeload says “more” or “less” only if every version of the "
    "model agrees. Weeks with a run whose descent is unknown are left out."
)


def to_usual(weeks: pd.DataFrame) -> pd.DataFrame:
    """Return each week's knee load and descent over the mean of the four weeks before [ratio].

    Weeks without running count as zero in that mean, weeks that were not measured do not count.
    """
    idle = (weeks["runs"] == 0).to_numpy()[:, None]
    values = np.where(idle, 0.0, weeks[list(MEASURES)].to_numpy(np.float64))
    padded = np.vstack([np.full((USUAL_WEEKS, len(MEASURES)), np.nan), values[:-1]])
    before = sliding_window_view(padded, USUAL_WEEKS, axis=0)
    weeks_measured = np.isfinite(before).sum(axis=2)
    usual = np.nansum(before, axis=2) / np.where(
        weeks_measured >= _LEAST_WEEKS, weeks_measured, np.nan
    )
    ratios = np.where(idle, np.nan, values / np.where(usual > 0, usual, np.nan))
    return pd.DataFrame(ratios, index=weeks.index, columns=list(MEASURES)).assign(
        week_start=weeks["week_start"], complete=weeks["complete"]
    )


def picture(weeks: pd.DataFrame, runs: pd.DataFrame) -> Picture | None:
    """Return the two measures beside the usual; None where neither was measured lately.

    Parameters
    ----------
    weeks
        As `kneeload.weekly` returns them.
    runs
        The runs of these weeks, with the forms of knee load that `with_loads` adds; nothing is
        said of knee load where they disagree or are missing.
    """
    compared = weeks.tail(ground.WIDE.weeks + USUAL_WEEKS)
    recent_runs = runs[runs["local_date"] >= compared["week_start"].iloc[0]]
    ratios = to_usual(_whole_descent(compared, recent_runs)).tail(ground.WIDE.weeks)
    names = [name for name in MEASURES if ratios[name].notna().any()]
    if not names:
        return None
    described = ratios.join(_in_every_form(compared, recent_runs))
    return Picture(
        key=KEY,
        title=_title(described.iloc[-1].to_dict(), names),
        text=" ".join(_week_texts(described.tail(8), names)),
        note=NOTE,
        draw=lambda canvas: _draw(described.tail(canvas.weeks), names, canvas),
    )


def _whole_descent(weeks: pd.DataFrame, runs: pd.DataFrame) -> pd.DataFrame:
    """Blank the descent of weeks that hold a run without it; a part would make a low base."""
    if not {"local_date", "descent_m"} <= set(runs):
        return weeks
    unknown = runs.loc[runs["descent_m"].isna() & is_running(runs), "local_date"].to_numpy()
    first = weeks["week_start"].to_numpy()
    place = np.searchsorted(first, unknown, side="right") - 1
    partly = np.isin(np.arange(len(weeks)), place[place >= 0])
    return weeks.assign(descent_m=weeks["descent_m"].mask(partly))


def _in_every_form(weeks: pd.DataFrame, runs: pd.DataFrame) -> pd.DataFrame:
    """Return the lowest and highest ratio of the model's forms, and whether all agree."""
    missing = [form for form in FORMS if form not in runs]
    forms = to_usual_week(runs.assign(**dict.fromkeys(missing, np.nan)), weeks["week_start"])
    ratios = forms[[name for name in SENSITIVITIES if name in forms]]
    return forms[["says"]].assign(low=ratios.min(axis=1), high=ratios.max(axis=1))


def _title(week: Mapping[Any, Any], names: list[str]) -> str:
    known = [name for name in names if week[name] >= 0]
    if not known:
        return "Knee load and downhill metres compared with usual."
    tense = 1 if week["complete"] else 0
    parts = [f"{_SUBJECTS[name]} {_VERBS[name][tense]} {_ratio(week, name)}" for name in known]
    return formatting.sentence(f"{'' if tense else 'so far this week, '}{', and '.join(parts)}")


def _week_texts(weeks: pd.DataFrame, names: list[str]) -> list[str]:
    records = weeks.to_dict("records")
    return [_week_words(week, names, records[-1]["week_start"]) for week in records]


def _week_words(week: Mapping[Any, Any], names: list[str], last: dt.date) -> str:
    parts = [
        f"{_SUBJECTS[name]} {_ratio(week, name) if week[name] >= 0 else 'not known'}"
        for name in names
    ]
    return formatting.sentence(
        f"week of {formatting.day(week['week_start'], last)}: {', '.join(parts)}"
    )


def _ratio(week: Mapping[Any, Any], name: str) -> str:
    """Return a measure against the usual; of knee load only what every form of the model says."""
    if name != "knee_load":
        return f"{formatting.format_ratio(week[name])} your usual level"
    if not week["says"]:
        return "about as usual"
    low, high = f"{week['low']:.1f}", f"{week['high']:.1f}"
    return f"{low if low == high else f'{low} to {high}'} times your usual level"


def _draw(ratios: pd.DataFrame, names: list[str], canvas: Canvas) -> Sheet:
    sheet, panels = ground.stacked(canvas, [(_PANEL_PX, ground.CAPTION_PX) for _ in names])
    ground.time_axis(canvas, panels, *ground.time_limits(ratios))
    for panel, name in zip(panels, names, strict=True):
        _draw_measure(panel, ratios, name)
    return sheet


def _draw_measure(panel: Panel, ratios: pd.DataFrame, name: str) -> None:
    lefts, values = ground.days(ratios["week_start"]), ratios[name].to_numpy()
    ground.scale(panel, [0, 1, 2, 3], _HIGHEST, ["0", "usual", "2 times", "3 times"])
    complete, heights = ratios["complete"].to_numpy(), np.minimum(values, _HIGHEST)
    for chosen, colour in ((complete, "moderate"), (~complete, "easy")):
        ground.bars(panel, lefts[chosen], np.zeros(chosen.sum()), heights[chosen], colour)
    ground.hlines(panel, [1], "limit_line", width=1.4, zorder=3)
    ground.caption(panel, MEASURES[name])
    _label_beyond(panel, lefts + 3.5, values)
    ground.hover_columns(panel, lefts, _week_texts(ratios, [name]))


def _label_beyond(panel: Panel, x: Floats, values: Floats) -> None:
    """Write the ratio over bars that the panel cuts off; of neighbours over the highest."""
    beyond = np.flatnonzero(values > _HIGHEST)
    for stretch in np.split(beyond, np.flatnonzero(np.diff(beyond) > 1) + 1) if len(beyond) else ():
        top = stretch[values[stretch].argmax()]
        text = f"{values[top]:.1f}"
        ground.write(panel, x[top], _HIGHEST, [text], shift=(0, 3), align="center", bold=True)
