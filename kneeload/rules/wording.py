"""Numbers and dates as the messages say them: a point, English months, no locale."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kneeload import formatting

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    import pandas as pd

    from kneeload.settings import Settings


def days_in_words(dates: pd.Series, today: dt.date | None = None) -> list[str]:
    """Return dates as ``14 March``, or with the year where it is another than that of `today`.

    A rule knows no `today`: its dates bear their year, and `kneeload.rules.check` takes the
    current one out of the messages.
    """
    return [formatting.day(day, today) if today else formatting.day_and_year(day) for day in dates]


def weeks_in_words(first_days: pd.Series) -> list[str]:
    """Return weeks by their first day as ``the week of 9 March``."""
    return [f"the week of {day}" for day in days_in_words(first_days)]


def distances(km: Iterable[float], settings: Settings) -> list[str]:
    """Return distances [km] in the runner's units."""
    return [formatting.distance(each, settings.units) for each in km]


def knee_in_words(knee: str) -> str:
    """Return how a sentence begins that speaks of `knee`."""
    return "The knee" if knee == "unsure" else f"The {knee} knee"


def messages(template: str, **columns: Iterable[object]) -> list[str]:
    """Return `template` filled in once for each row of `columns`."""
    rows = zip(*columns.values(), strict=True)
    return [template.format(**dict(zip(columns, row, strict=True))) for row in rows]
