"""What people type for a value, and what it means; the ambiguous is refused with the choice."""

from __future__ import annotations

import datetime as dt
import re
from contextlib import suppress
from typing import Any

import click

from kneeload import formatting
from kneeload.diary.validation import CHOICES

OTHER_WORDS: dict[str, dict[str, str]] = {
    "knee": {"l": "left", "r": "right", "unknown": "unsure"},
    "moment": {
        "pre": "before",
        "run": "during",
        "running": "during",
        "afterwards": "after",
        "post": "after",
        "next_day": "next_morning",
        "resting": "rest",
    },
    "site": {
        "outside": "outer",
        "lateral": "outer",
        "inside": "inner",
        "medial": "inner",
        "behind": "back",
        "everywhere": "whole",
    },
    "symptom": {
        "swollen": "swelling",
        "swollen_knee": "swelling",
        "swollen_calf": "calf_swelling",
        "locking": "locked",
        "gave_way": "giving_way",
        "give_way": "giving_way",
        "gives_way": "giving_way",
        "unstable": "giving_way",
        "limping": "limp",
        "warm_joint": "hot_joint",
        "red_joint": "hot_joint",
        "feverish": "fever",
        "short_of_breath": "breathless",
        "chest_pain": "breathless",
        "deformed": "deformity",
        "bone_pain": "bone_spot",
        "cannot_walk": "cannot_bear_weight",
    },
}
"""What else people call a stored name, by what is named."""

LIKE = "2026-03-14, 14.3.2026 or yesterday"
_NUMBERS = re.compile(r"(\d{1,4})\s*([./-])\s*(\d{1,2})(?:\s*[./-]\s*(\d{2}|\d{4})?)?")
_MONTH_WORD = re.compile(
    r"(?:(\d{1,2})\.?\s+([a-z]{3,9})|([a-z]{3,9})\s+(\d{1,2}))(?:,?\s+(\d{4}))?"
)
_CENTURY = 2000
_LEAP_YEARS_APART = 8  # around 1900 and 2100; four as a rule
_DAYS_AGO = {"today": 0, "yesterday": 1}


class OneOf(click.Choice[str]):
    """A stored name, its beginning, or another word for it."""

    def __init__(self, what: str, names: tuple[str, ...] = ()) -> None:
        self.what = what
        super().__init__(names or CHOICES[what], case_sensitive=False)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the stored name, or fail with the nearest."""
        try:
            return stored_name(self.what, str(value), tuple(self.choices))
        except ValueError as error:
            self.fail(str(error), param, ctx)


def symptom_name(text: str) -> str:
    """Return the stored name of a red-flag symptom, or raise a usage error with the nearest."""
    from kneeload.rules.red_flags import SYMPTOMS

    try:
        return stored_name("symptom", text, SYMPTOMS)
    except ValueError as error:
        raise click.UsageError(f"a {error}") from None


def stored_name(what: str, text: str, names: tuple[str, ...]) -> str:
    """Return the one of `names` that was typed as `text`; `ValueError` says why there is none."""
    matches = formatting.matching(text, names, OTHER_WORDS.get(what))
    if len(matches) != 1:
        raise ValueError(formatting.not_one_of(what, text, names, matches))
    return matches[0]


def typed_day(text: str, today: dt.date) -> dt.date:
    """Return the date that was typed; without a year, the last one until `today`.

    Raises
    ------
    ValueError
        If it is no date, or day and month could be either way round.
    """
    typed = text.strip().lower()
    if typed in _DAYS_AGO:
        return today - dt.timedelta(days=_DAYS_AGO[typed])
    with suppress(ValueError):
        return dt.date.fromisoformat(typed)
    numbers, worded = _NUMBERS.fullmatch(typed), _MONTH_WORD.fullmatch(typed)
    possible = _from_numbers(numbers, today) if numbers else _from_words(worded, today)
    if len(possible) > 1:
        raise ValueError(f"{text!r} could be {' or '.join(map(str, sorted(possible)))}")
    for day in possible:
        return day
    raise ValueError(f"{text!r} is not a date like {LIKE}")


def _from_numbers(match: re.Match[str], today: dt.date) -> set[dt.date]:
    """Return the dates that three numbers can mean; with dots the day stands first."""
    first, between, second, last = match.groups()
    if len(first) > 2:
        return _dates([(first, second, last or "")], today)
    readings = [(last or "", second, first)]
    if between != ".":
        readings.append((last or "", first, second))
    return _dates(readings, today)


def _from_words(match: re.Match[str] | None, today: dt.date) -> set[dt.date]:
    """Return the date of ``20 July``, ``July 20`` or either with a year."""
    if not match:
        return set()
    name = match[2] or match[3]
    months = [str(i) for i, m in enumerate(formatting.MONTHS, 1) if m.lower().startswith(name)]
    return _dates([(match[5] or "", month, match[1] or match[4]) for month in months], today)


def _dates(readings: list[tuple[str, str, str]], today: dt.date) -> set[dt.date]:
    """Return those of year, month and day that are in the calendar."""
    possible: set[dt.date] = set()
    for year, month, day in readings:
        with suppress(ValueError):
            possible.add(_date(year, int(month), int(day), today))
    return possible


def _date(year: str, month: int, day: int, today: dt.date) -> dt.date:
    if year:
        return dt.date(int(year) + (_CENTURY if len(year) == 2 else 0), month, day)
    for back in range(_LEAP_YEARS_APART + 1):
        with suppress(ValueError):
            date = dt.date(today.year - back, month, day)
            if date <= today:
                return date
    raise ValueError


def symptoms() -> list[tuple[str, str]]:
    """Return the red-flag symptoms and what they are called."""
    from kneeload.rules.red_flags import SIGNS, SYMPTOMS

    return [(name, SIGNS[name].words) for name in SYMPTOMS]


class WithSymptoms(click.Command):
    """A command whose help describes the symptoms."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, then the symptoms."""
        super().format_options(ctx, formatter)
        with formatter.section("Symptoms"):
            formatter.write_dl(symptoms())


class WithSettings(click.Group):
    """A group whose help describes the settings."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write options and commands, then the settings."""
        from kneeload.settings import setting_meanings

        super().format_options(ctx, formatter)
        with formatter.section("Settings"):
            formatter.write_dl([*setting_meanings().items()])
