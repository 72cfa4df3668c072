"""A picture drawn in the sizes that a page needs of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kneeload.charts import long_runs, overview, usual_load
from kneeload.charts.canvas import WIDE
from kneeload.reports.model import Drawing

if TYPE_CHECKING:
    import pandas as pd

    from kneeload.charts.canvas import Picture
    from kneeload.settings import Settings


def drawing(picture: Picture, *, half: bool = False) -> Drawing:
    """Return `picture` as SVG: as wide as a page and as a phone, or `half` a page, as a phone."""
    from kneeload.charts.canvas import NARROW, WIDE
    from kneeload.charts.svg import svg

    sizes = {"narrow": NARROW} if half else {"narrow": NARROW, "wide": WIDE}
    drawn = {
        name: svg(picture.draw(size), f"{picture.key}-{name}", picture.title, picture.text)
        for name, size in sizes.items()
    }
    return Drawing(
        key=picture.key,
        title=picture.title,
        text=picture.text,
        note=picture.note,
        **drawn,
    )


def pictures(
    weeks: pd.DataFrame,
    runs: pd.DataFrame,
    pain: pd.DataFrame,
    flags: pd.DataFrame,
    diary: pd.DataFrame,
    settings: Settings,
) -> list[Picture]:
    """Return every chart that has something in the weeks shown; `weeks` must not be empty."""
    first = weeks["week_start"].iloc[-WIDE.weeks :].iloc[0]
    measured = runs["distance_km"].notna() & (runs["local_date"] >= first)
    charts = [
        overview.picture(weeks, pain, flags, diary, settings, runs),
        long_runs.picture(weeks, runs, pain, settings) if measured.any() else None,
        usual_load.picture(weeks, runs),
    ]
    return [picture for picture in charts if picture is not None]
