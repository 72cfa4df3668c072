"""Charts of load and pain: frames in, sheets out, as SVG for pages and as matplotlib figures.

The figures are yours to change; no pyplot, no global state.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kneeload import frames
from kneeload.settings import DEFAULTS

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from kneeload.charts.canvas import Picture
    from kneeload.settings import Settings


def load_and_pain(
    weeks: pd.DataFrame,
    pain: pd.DataFrame | None = None,
    flags: pd.DataFrame | None = None,
    diary: pd.DataFrame | None = None,
    *,
    runs: pd.DataFrame | None = None,
    settings: Settings = DEFAULTS,
) -> Figure:
    """Return weekly distance and pain scores on one axis of time.

    Parameters
    ----------
    weeks
        As `kneeload.weekly` returns them, at least one.
    pain, flags, diary
        Columns of the frames of the same names in `kneeload.frames`.
    runs
        Stacks each week's bar of its runs, the longest on top; without them of the longest run and
        the others together.
    settings
        Display units and the guideline's share.

    Returns
    -------
    Figure
        Yours to change and to save; a notebook shows it.

    Examples
    --------
    >>> import pandas as pd
    >>> import kneeload
    >>> days = pd.date_range("2026-01-05", periods=30, freq="3D")
    >>> runs = pd.DataFrame({"local_date": days, "distance_km": 10.0})
    >>> figure = kneeload.charts.load_and_pain(kneeload.weekly(runs))
    >>> title = figure.axes[0].set_title("My winter", loc="right")
    >>> figure.savefig("winter.png")
    """
    from kneeload.charts import overview
    from kneeload.weeks import countable_runs

    log_frames = (
        _or_empty(pain, frames.PAIN),
        _or_empty(flags, frames.FLAGS),
        _or_empty(diary, frames.DIARY),
    )
    valid_runs = None if runs is None else countable_runs(runs)
    return _figure(overview.picture(weeks, *log_frames, settings, valid_runs))


def single_runs(
    weeks: pd.DataFrame,
    runs: pd.DataFrame,
    pain: pd.DataFrame | None = None,
    *,
    settings: Settings = DEFAULTS,
) -> Figure:
    """Return each run beside 110 % of the longest of the 30 days before, and where pain began.

    Parameters
    ----------
    weeks
        The weeks to show, as `kneeload.weekly` returns them.
    runs, pain
        Columns of the frames of the same names in `kneeload.frames`.
    settings
        Display units, the window and the ratio.

    Returns
    -------
    Figure
        Yours to change and to save; a notebook shows it.

    Examples
    --------
    >>> import pandas as pd
    >>> import kneeload
    >>> days = pd.date_range("2026-01-05", periods=30, freq="3D")
    >>> runs = pd.DataFrame({"local_date": days, "distance_km": 10.0})
    >>> figure = kneeload.charts.single_runs(kneeload.weekly(runs), runs)
    >>> figure.axes[0].set_ylim(0, 30)
    (0.0, 30.0)
    """
    from kneeload.charts import long_runs
    from kneeload.diary.attribution import assign_runs
    from kneeload.weeks import countable_runs

    counted_runs = countable_runs(runs)
    scores = assign_runs(_or_empty(pain, frames.PAIN), counted_runs)
    return _figure(long_runs.picture(weeks, counted_runs, scores, settings))


def beside_usual(weeks: pd.DataFrame, runs: pd.DataFrame | None = None) -> Figure | None:
    """Return each week's knee load and downhill metres over the mean of the four weeks before.

    None where neither was ever measured.

    Parameters
    ----------
    weeks
        As `kneeload.weekly` returns them.
    runs
        With the forms of knee load; without them the marks do not call any week more or less.

    Returns
    -------
    Figure or None
        Yours to change and to save; a notebook shows it.

    Examples
    --------
    >>> import pandas as pd
    >>> import kneeload
    >>> days = pd.date_range("2026-01-05", periods=30, freq="3D")
    >>> runs = pd.DataFrame({"local_date": days, "distance_km": 10.0, "descent_m": 120.0})
    >>> figure = kneeload.charts.beside_usual(kneeload.weekly(runs))
    >>> figure.savefig("usual.svg")
    """
    from kneeload.charts import usual_load

    picture = usual_load.picture(weeks, _or_empty(runs, frames.RUNS))
    return None if picture is None else _figure(picture)


def _figure(picture: Picture) -> Figure:
    from kneeload.charts.canvas import WIDE
    from kneeload.charts.figure import figure

    return figure(picture.draw(WIDE))


def _or_empty(frame: pd.DataFrame | None, spec: frames.Spec) -> pd.DataFrame:
    return frames.empty(spec) if frame is None else frame
