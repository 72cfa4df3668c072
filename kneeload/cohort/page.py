"""The results of a cohort as one self-contained page: no script, no request, all escaped."""

from __future__ import annotations

from dataclasses import replace
from math import isfinite
from typing import TYPE_CHECKING

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from kneeload.cohort.risk import STUDY
from kneeload.cohort.summary import FEW, summarise
from kneeload.rules.red_flags import NOT_A_DIAGNOSIS

if TYPE_CHECKING:
    import pandas as pd

    from kneeload.cohort.risk import Study
    from kneeload.cohort.summary import Number

DASH = "\N{EN DASH}"


def render(results: pd.DataFrame, study: Study = STUDY) -> str:
    """Return `results` as one HTML page that needs nothing beside it."""
    page = _environment().get_template("cohort.html")
    return page.render(
        cohort=summarise(results), study=study, not_a_diagnosis=NOT_A_DIAGNOSIS, few=FEW
    )


def _environment() -> Environment:
    environment = Environment(
        loader=ChoiceLoader([PackageLoader("kneeload.cohort"), PackageLoader("kneeload.reports")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "count": lambda n: _with_interval(n, ",.0f"),
        "two": lambda n: _with_interval(n, ".2f"),
        "three": lambda n: _with_interval(n, ".3f"),
        "percent": lambda n: _with_interval(n, ".1%"),
        "about": lambda n: _bare(n, ".1f"),
        "about_two": lambda n: _bare(n, ".2f"),
        "about_percent": lambda n: _bare(n, ".1%"),
        "thousands": lambda n: f"{n:,}",
    }
    return environment


def _with_interval(number: Number, style: str) -> str:
    """Return a number and its interval, if it has one."""
    if number.few or not number.known:
        return FEW if number.few else DASH
    value, low, high = (format(side, style) for side in (number.value, number.low, number.high))
    text = (
        value
        if not isfinite(number.low)
        else f"{value} ({low.rstrip('%')}{DASH}{high.rstrip('%')})"
    )
    return text.replace("%", "\u00a0%")


def _bare(number: Number, style: str) -> str:
    """Return a number without its interval."""
    return _with_interval(replace(number, low=float("nan"), high=float("nan")), style)
