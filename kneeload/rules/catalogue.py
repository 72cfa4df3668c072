"""The catalogue: every rule with what it checks, what that rests on, and the function."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from kneeload.model import Evidence
from kneeload.rules import distance

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule of the catalogue.

    Parameters
    ----------
    checks
        What it checks, in one line.
    evidence
        What it rests on; its grade goes with every flag.
    needs
        Names of the frames that `function` takes before the settings.
    """

    id: str
    title: str
    checks: str
    evidence: Evidence
    function: Callable[..., pd.DataFrame]
    needs: tuple[str, ...]


_CATALOGUE = (
    Rule(
        id="long_run_spike",
        title="Long run beyond the last 30 days",
        checks="a run of more than 1.10 times the longest of the 30 days before",
        evidence=Evidence(
            grade="cohort",
            summary="In 5,205 runners, sessions more than 10 % longer than the longest of the last "
            "30 days went with 1.5 to 2.3 times the rate of overuse injury. One observational "
            "study, not yet repeated.",
            sources=("doi:10.1136/bjsports-2024-109380",),
        ),
        function=distance.long_run_spike,
        needs=("runs",),
    ),
    Rule(
        id="ten_percent",
        title="Weekly 10 % guideline",
        checks="a week of more than 1.10 times its reference week, by 3 km or more",
        evidence=Evidence(
            grade="convention",
            summary="A widely used guideline of unclear origin: a trial found it does not prevent "
            "injury, and in 5,205 runners the change from week to week had no relationship with "
            "it. Rises above 30 % are a weak sign in novices.",
            sources=(
                "doi:10.1177/0363546507307505",
                "doi:10.1136/bjsports-2024-109380",
                "doi:10.2519/jospt.2014.5164",
                "doi:10.2519/jospt.2019.8541",
            ),
        ),
        function=distance.ten_percent,
        needs=("weeks", "runs"),
    ),
    Rule(
        id="cutback_missing",
        title="No easier week",
        checks="five weeks of running in a row without one of at most 85 % of its reference",
        evidence=Evidence(
            grade="convention",
            summary="Coaches plan an easier week every third to fifth week. No trial has tested "
            "whether that prevents injury.",
        ),
        function=distance.cutback_missing,
        needs=("weeks",),
    ),
)

RULES: Mapping[str, Rule] = MappingProxyType({rule.id: rule for rule in _CATALOGUE})
